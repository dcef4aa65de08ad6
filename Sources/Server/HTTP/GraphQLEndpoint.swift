import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Resolvers
import Secrets

/// `/graphql` over HTTP: POST and QUERY with a JSON body, or GET with parameters (GraphQL over HTTP); event
/// streams too, for which PUT and DELETE have a meaning.
///
/// Each step either goes on or throws the refusal that answers the request.
struct GraphQLEndpoint: Sendable {
  /// What the configuration decides.
  struct Settings: Sendable {
    var profile: StatusProfile
    var maximumBody: Int
    /// The executions of a batch; 0 refuses batches.
    var maximumBatch: Int
    /// Whether large answers are compressed.
    var isCompressing: Bool
  }

  let service: GraphQLService
  let settings: Settings
  let streams: EventStreams
  let crossSite: CrossSite
  var addresses = ClientAddresses()
  /// Nil where files cannot be stored.
  var files: KeptFiles?

  /// Safe like GET, with a body like POST (RFC 10008).
  static let query = HTTPRequest.Method("QUERY") ?? .get
  static let methods = "GET, POST, QUERY, PUT, DELETE"

  /// Whether a POST with such fields holds one request in JSON and is answered in one piece, for
  /// `DirectExchange`.
  static func isPlain(_ fields: HTTPFields) -> Bool {
    guard fields.text(.contentType) == "application/json", fields.text(EventStreamEndpoint.token) == nil
    else { return false }
    guard let accept = fields.text(.accept), accept != "*/*" else { return true }
    return accept.split(separator: ",").allSatisfy { range in
      let type = range.drop { $0 == " " }
      return type.hasPrefix("application/json") || type.hasPrefix("application/graphql-response+json")
    }
  }

  /// Answers a request of any method, with one line in the log: what was asked by name, what came of it, how
  /// long it took.
  nonisolated(nonsending) func answer(
    _ request: Request, _ context: ClientContext
  ) async -> Hummingbird.Response {
    let start = ContinuousClock.now
    var verdict: RateLimiter.Verdict?
    var answer = await served(request, context, &verdict)
    verdict?.write(to: &answer.response.headers, unixSeconds: SystemClock.unixSeconds())
    service.logger.debug(
      "GraphQL request",
      metadata: [
        "method": "\(request.method)", "operation": "\((answer.operation ?? "").prefix(100))",
        "status": "\(answer.response.status.code)", "errors": "\(answer.errorCount)",
        "duration": "\(ContinuousClock.now - start)",
      ])
    return answer.response
  }

  /// A response, and what the log says about it.
  private struct Answer {
    var response: Hummingbird.Response
    var operation: String?
    var errorCount = 1
  }

  private nonisolated(nonsending) func served(
    _ request: Request, _ context: ClientContext, _ verdict: inout RateLimiter.Verdict?
  ) async -> Answer {
    let reply = Reply(
      accept: request.headers.text(.accept),
      acceptEncoding: settings.isCompressing ? request.headers.text(.acceptEncoding) : nil,
      profile: settings.profile)
    do throws(RequestRefusal) {
      try crossSite.check(request)
      if let response = try await streamControl(request, context, reply, &verdict) {
        return Answer(response: response, operation: "event stream", errorCount: 0)
      }
      guard reply.isPossible || reply.batchType != nil else { throw GraphQLEndpoint.notAcceptable }
      let (body, counted) = try await countedBody(request, context, &verdict)
      switch body {
      case .single(let parsed):
        guard reply.isPossible else { throw GraphQLEndpoint.notAcceptable }
        let client = try await client(request, context, count: 1 - counted, &verdict)
        var asked = parsed
        if request.headers.text(GraphQLEndpoint.explain) == "true", !asked.isExplained {
          asked.extensions.append(GraphQLRequest.explainExtension, true)
        }
        return try await single(asked, client, request, reply)
      case .batch(let entries):
        guard let type = reply.batchType else { throw GraphQLEndpoint.notAcceptable }
        let client = try await client(request, context, count: entries.count - counted, &verdict)
        let batch = BatchExecution(service: service, entries: entries, viewer: client.viewer)
        let response = await batch.response(type, reply, isReadOnly: request.method != .post)
        return Answer(response: response, operation: "batch of \(entries.count)", errorCount: 0)
      }
    } catch {
      return Answer(response: reply.refusal(error), errorCount: error.errors.count)
    }
  }

  /// What is asked for, and how many executions of it are counted already. A form counts as one before it is
  /// received, and so does a body that turns out to be no request: neither is a way around the limits.
  private nonisolated(nonsending) func countedBody(
    _ request: Request, _ context: ClientContext, _ verdict: inout RateLimiter.Verdict?
  ) async throws(RequestRefusal) -> (GraphQLBody, counted: Int) {
    let isForm = request.method == .post && FormReader.isForm(request.headers.text(.contentType))
    if isForm {
      try crossSite.requirePreflight(request)
      do throws(RequestRefusal) {
        _ = try await count(1, request, context, &verdict)
      } catch {
        throw error.with(.connection, "close")
      }
    }
    do throws(RequestRefusal) {
      return (try await body(request, isForm: isForm), isForm ? 1 : 0)
    } catch {
      if !isForm { _ = try await count(1, request, context, &verdict) }
      throw error
    }
  }

  /// What is asked for, by method.
  private nonisolated(nonsending) func body(
    _ request: Request, isForm: Bool
  ) async throws(RequestRefusal) -> GraphQLBody {
    do {
      switch request.method {
      case .get, .head: return .single(try GraphQLRequest(urlQuery: request.uri.query ?? ""))
      case .post where isForm: return try await form(request)
      case .post, GraphQLEndpoint.query:
        let json = try await BodyReader(maximumBytes: settings.maximumBody).json(request)
        return try GraphQLBody(json, maximum: settings.maximumBatch)
      default:
        throw RequestRefusal(.methodNotAllowed, "Use GET, POST or QUERY; PUT and DELETE for event streams.")
          .with(.allow, GraphQLEndpoint.methods)
      }
    } catch let fault as GraphQLRequest.Malformed {
      throw RequestRefusal(.malformed, fault.message)
    } catch let refusal as RequestRefusal {
      throw refusal
    } catch {
      throw RequestRefusal(.unreadable, "The request cannot be read.")
    }
  }

  /// A form with files: from a client that no page of another site can be, and that is signed in, for what it
  /// sends is written down before anything is known of it.
  private func form(_ request: Request) async throws -> GraphQLBody {
    let credentials = Credentials(
      authorization: request.headers.text(.authorization),
      apiKey: request.headers.text(Authenticator.apiKeyHeader))
    guard case .success(.some) = await service.viewer(credentials) else {
      throw RequestRefusal(.unauthenticated, "Sign in first: files need it.", code: "UNAUTHENTICATED")
        .with(.wwwAuthenticate, "Bearer").with(.connection, "close")
    }
    guard let files else {
      throw RequestRefusal(.unavailable, "Files cannot be stored now.", code: "UNAVAILABLE")
    }
    let form = try await FormReader(
      reception: files.reception, maximumJSONBytes: settings.maximumBody,
      maximumFileBytes: files.maximumBytes, maximumDocumentBytes: FlowDocument.maximumBytes
    ).read(request)
    return try GraphQLBody(form.operations, maximum: settings.maximumBatch).with(form.files)
  }

  /// Who asks, if they have not asked too much; who brings a token that is not accepted is counted by
  /// address.
  nonisolated(nonsending) func viewer(
    _ request: Request, _ context: ClientContext, count: Int, _ verdict: inout RateLimiter.Verdict?
  ) async throws(RequestRefusal) -> Viewer? {
    try await client(request, context, count: count, &verdict).viewer
  }

  /// As above, with what event streams need to know of the client.
  nonisolated(nonsending) func client(
    _ request: Request, _ context: ClientContext, count: Int, _ verdict: inout RateLimiter.Verdict?
  ) async throws(RequestRefusal) -> EventStreamEndpoint.Client {
    let asker = try await self.count(count, request, context, &verdict)
    switch asker.result {
    case .success(let signedIn):
      return EventStreamEndpoint.Client(
        credentials: asker.credentials, viewer: signedIn?.viewer, expiresAt: signedIn?.expiresAt,
        subject: asker.subject, lastEventID: request.headers.text(EventStreamEndpoint.lastEventID))
    case .failure(let refused):
      let error = [refused.error.graphQLError]
      guard refused.error.code == .unauthenticated else { throw RequestRefusal(.unavailable, error) }
      throw RequestRefusal(.unauthenticated, error).with(.wwwAuthenticate, "Bearer")
    }
  }

  /// Who asks, known or not.
  private struct Asker {
    var credentials: Credentials
    var result: Result<SignedIn?, GraphQLService.Refused>
    var subject: RateLimiter.Subject?
  }

  /// Counts executions for who asks.
  ///
  /// - Throws: `tooMany`, and nothing else.
  private nonisolated(nonsending) func count(
    _ count: Int, _ request: Request, _ context: ClientContext, _ verdict: inout RateLimiter.Verdict?
  ) async throws(RequestRefusal) -> Asker {
    let credentials = Credentials(
      authorization: request.headers.text(.authorization),
      apiKey: request.headers.text(Authenticator.apiKeyHeader))
    let result = await service.viewer(credentials)
    let known = (try? result.get()).flatMap { $0 }
    let subject = RateLimiter.Subject.of(known?.viewer, addresses.address(of: request, context))
    verdict = await service.rates.take(subject, count: count)
    if let wait = verdict?.retrySeconds {
      throw RequestRefusal(.tooMany, [GraphQLService.tooManyError(wait)])
    }
    return Asker(credentials: credentials, result: result, subject: subject)
  }

  private nonisolated(nonsending) func single(
    _ parsed: GraphQLRequest, _ client: EventStreamEndpoint.Client, _ request: Request, _ reply: Reply
  ) async throws(RequestRefusal) -> Answer {
    let operation: PreparedOperation
    do {
      operation = try service.prepare(parsed)
    } catch {
      // Who reads events reads there what is wrong with his operation.
      if reply.prefersEvents {
        return Answer(response: try events.distinct(parsed, client, .events), operation: parsed.operationName)
      }
      let result = GraphQLService.coded(error.response)
      let isOfStream = EventStreamEndpoint.token(of: request) != nil
      return Answer(
        response: isOfStream ? reply.notBegun(result) : reply.response(result),
        operation: parsed.operationName, errorCount: result.errors.count)
    }
    let isQuery = operation.operationType == .query
    // A browser's EventSource subscribes by GET; QUERY is for queries alone.
    if operation.operationType == .mutation || (!isQuery && request.method == GraphQLEndpoint.query) {
      try GraphQLEndpoint.refuseChange(by: request.method)
    }
    if let token = EventStreamEndpoint.token(of: request) {
      let response = try events.execute(parsed, token, client)
      return Answer(response: response, operation: operation.name, errorCount: 0)
    }
    let format = operation.operationType == .subscription ? reply.streamFormat : nil
    if reply.prefersEvents || format != nil {
      let response = try events.distinct(parsed, client, format ?? .events)
      return Answer(response: response, operation: operation.name, errorCount: 0)
    }
    if reply.acceptsParts, operation.operationType != .subscription,
      let response = await parts(operation, parsed, client, reply)
    {
      return Answer(response: response, operation: operation.name, errorCount: 0)
    }
    guard reply.type != nil else { throw GraphQLEndpoint.notAcceptable }
    return await whole(operation, parsed, client, request, reply)
  }

  private static let cost = HTTPField.Name("graphql-cost") ?? .from
  private static let explain = HTTPField.Name("studio-explain") ?? .from

  /// Executes an operation and answers with its one response.
  private nonisolated(nonsending) func whole(
    _ operation: PreparedOperation, _ parsed: GraphQLRequest, _ client: EventStreamEndpoint.Client,
    _ request: Request, _ reply: Reply
  ) async -> Answer {
    let result = await service.execute(operation, parsed, viewer: client.viewer)
    var response = reply.response(result)
    let facts = service.facts(operation)
    if !result.hasErrors, operation.operationType == .query, !parsed.isExplained,
      let caching = facts.caching.header(isSignedIn: client.viewer != nil)
    {
      response.headers[.cacheControl] = caching
    }
    // Only for who asks: it costs a little itself.
    if request.headers.text(GraphQLEndpoint.cost) == "report" {
      response.headers[GraphQLEndpoint.cost] = facts.cost(parsed.variables).header
    }
    return Answer(response: response, operation: operation.name, errorCount: result.errors.count)
  }

  /// Only POST may change something (RFC 9110 § 9.2.1).
  private static func refuseChange(by method: HTTPRequest.Method) throws(RequestRefusal) {
    switch method {
    case .post: return
    case GraphQLEndpoint.query:
      throw RequestRefusal(.unsafe, "Only queries may be sent with QUERY; use POST.")
    default:
      throw RequestRefusal(.methodNotAllowed, "Only queries may be sent with GET; use POST.")
        .with(.allow, "POST")
    }
  }

  private static let notAcceptable = RequestRefusal(
    .notAcceptable,
    "Accept must allow application/graphql-response+json, application/json, text/event-stream or multipart/mixed (for subscriptions with subscriptionSpec=1.0); for a batch application/jsonl or application/json."
  )
}
