import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Postgres
import Secrets

/// All paths of the server.
struct Routes: Sendable {
  let graphQL: GraphQLEndpoint
  let rest: RestDocuments
  let playground: StaticFiles
  let files: FileEndpoint
  let hooks: HookEndpoint
  let resumption: ResumeEndpoint
  let signIn: SignInEndpoint
  let tokens: AccessTokens
  let database: Database

  let logger: Logger

  func router() -> Router<ClientContext> {
    let router = Router(context: ClientContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: edge)
    let graphQL = graphQL
    for method in Routes.graphQLMethods {
      router.on(Routes.graphQLPath, method: method) { request, context in
        await graphQL.answer(request, context)
      }
    }
    addRest(router)
    let playground = playground
    router.get("/playground") { request, _ in playground.response("index.html", request) }
    router.get("/playground/**") { request, _ in
      playground.response(String(request.uri.path.dropFirst("/playground/".count)), request)
    }
    let hooks = hooks
    for method in Routes.hookMethods {
      router.on("/hooks/:token", method: method) { request, context in await hooks.answer(request, context) }
    }
    let resumption = resumption
    router.post("/resume/:token") { request, _ in await resumption.answer(request) }
    let signIn = signIn
    router.get("/oauth/callback") { request, _ in await signIn.ask(request) }
    router.post("/oauth/callback") { request, _ in await signIn.finish(request) }
    let files = files
    router.get("/files/**") { request, _ in await files.response(request) }
    router.get("/") { _, _ in
      Hummingbird.Response(status: .seeOther, headers: [.location: "/playground"])
    }
    addOperations(router)
    // Behind all routes: it sees what they do not answer, and nothing else.
    let rest = RestEndpoint(table: rest.table, graphQL: graphQL)
    router.add(
      middleware: UnansweredTarget(
        router,
        own: [
          .init(path: Routes.graphQLPath) { await graphQL.answer($0, $1) },
          .init(path: Routes.restPath) { await rest.answer($0, $1) },
        ]))
    return router
  }

  private var edge: Edge {
    Edge(logger: logger, crossSite: graphQL.crossSite, addresses: graphQL.addresses)
  }

  private static let graphQLPath: RouterPath = "/graphql"
  private static let restPath: RouterPath = "/api/**"

  /// The way that plain requests go, with the same outcome.
  var direct: [DirectExchange.Form] {
    let (graphQL, hooks) = (graphQL, hooks)
    let path = Routes.graphQLPath.description
    return [
      DirectExchange.Form(
        isTarget: { $0 == path }, maximumBody: graphQL.settings.maximumBody,
        isPlain: GraphQLEndpoint.isPlain, answer: direct { await graphQL.answer($0, $1) }),
      DirectExchange.Form(
        isTarget: HookEndpoint.isTarget, maximumBody: HookEndpoint.maximumBody,
        answer: direct { await hooks.answer($0, $1) }),
    ]
  }

  private func direct(_ answer: @escaping DirectExchange.Answer) -> DirectExchange.Answer {
    let edge = edge
    return { request, client in
      do {
        return try await edge.handle(request, context: client) { await answer($0, $1) }
      } catch {
        return Edge.refusal(.internalServerError)
      }
    }
  }

  /// The endpoints of `rest/`, their description for programs and for people.
  private func addRest(_ router: Router<ClientContext>) {
    let endpoint = RestEndpoint(table: rest.table, graphQL: graphQL)
    for method in Routes.restMethods {
      router.on(Routes.restPath, method: method) { request, context in await endpoint.answer(request, context)
      }
    }
    let rest = rest
    router.get("/openapi.json") { request, _ in rest.openAPI(request) }
    let playground = playground
    router.get("/api/docs") { request, _ in playground.response("rest.html", request) }
  }

  /// What those who run the server look at.
  private func addOperations(_ router: Router<ClientContext>) {
    let tokens = tokens
    router.get("/.well-known/jwks.json") { _, _ in
      Hummingbird.Response(
        status: .ok,
        headers: [.contentType: "application/jwk-set+json", .cacheControl: "public, max-age=300"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: tokens.jwks())))
    }
    router.get("/health/live") { _, _ in Routes.text(.ok, "live\n") }
    let database = database
    router.get("/health/ready") { _, _ in
      do {
        _ = try await database.query(Routes.ping, deadline: .seconds(2))
        return Routes.text(.ok, "ready\n")
      } catch {
        return Routes.text(.serviceUnavailable, "The database cannot be reached.\n")
      }
    }
  }

  /// All that the endpoint answers, if only to say that it does not know them; HEAD comes with GET.
  private static let graphQLMethods: [HTTPRequest.Method] = [
    .get, .post, GraphQLEndpoint.query, .put, .delete, .patch, .options, .trace,
  ]

  private static let restMethods: [HTTPRequest.Method] = [
    .get, .post, .put, .delete, .patch, .options, .trace, GraphQLEndpoint.query,
  ]

  /// HEAD comes with GET.
  private static let hookMethods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

  private static let ping = Statement("ping", "/* health */ VALUES (1)")

  private static func text(_ status: HTTPResponse.Status, _ text: String) -> Hummingbird.Response {
    Hummingbird.Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
