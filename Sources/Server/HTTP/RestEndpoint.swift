import Compression
import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Resolvers
import Rest
import Secrets

/// `/api/…`: finds the endpoint of a path, runs its operation and answers with a part of the result, or with
/// problem details. Origins, tokens, rates and times are those of `/graphql`.
struct RestEndpoint: Sendable {
  let table: RouteTable
  let graphQL: GraphQLEndpoint

  /// Answers a request of any method.
  func answer(_ request: Request, _ context: ClientContext) async -> Hummingbird.Response {
    var verdict: RateLimiter.Verdict?
    var response: Hummingbird.Response
    do throws(RestRefusal) {
      response = try await served(request, context, &verdict)
    } catch {
      response = error.response
    }
    verdict?.write(to: &response.headers, unixSeconds: SystemClock.unixSeconds())
    return response
  }

  private func served(
    _ request: Request, _ context: ClientContext, _ verdict: inout RateLimiter.Verdict?
  ) async throws(RestRefusal) -> Hummingbird.Response {
    let (route, values) = try route(request)
    guard let route else { return RestEndpoint.options(values[RestEndpoint.allowed] ?? "") }
    let viewer: Viewer?
    var input = RouteInput(
      path: values, query: request.uri.query, body: nil, headers: RestEndpoint.headers(request))
    do throws(RequestRefusal) {
      try graphQL.crossSite.check(request)
      guard AcceptedTypes(request.headers[.accept]).best(of: [.json]) != nil else {
        throw RequestRefusal(.notAcceptable, "Accept must allow application/json.")
      }
      viewer = try await graphQL.viewer(request, context, count: 1, &verdict)
      guard viewer != nil || route.isPublic else {
        throw RequestRefusal(
          .unauthenticated, "Sign in first: this needs a valid access token.", code: "UNAUTHENTICATED"
        ).with(.wwwAuthenticate, "Bearer")
      }
      if route.takesBody, RestEndpoint.hasBody(request) {
        input.body = try await BodyReader(maximumBytes: graphQL.settings.maximumBody).json(request)
      }
    } catch {
      throw RestRefusal(error)
    }
    return try await execute(route, input, viewer, request)
  }

  private func execute(
    _ route: Route, _ input: RouteInput, _ viewer: Viewer?, _ request: Request
  ) async throws(RestRefusal) -> Hummingbird.Response {
    do throws(Problem) {
      var candidates = try route.variables(input)[...]
      while true {
        let asked = GraphQLRequest(query: route.document, variables: candidates.removeFirst())
        let result = await graphQL.service.executeOwn(asked, viewer: viewer)
        do throws(Problem) {
          return response(try route.answer(result, input), request)
        } catch {
          // Nothing was changed: the next revision that the client named may be the one. Where the request is
          // a repetition, the revision that it went with is a part of what its key stands for.
          let isOfAnother = error.status == 412 || error.detail == IdempotencyKeyFault.usedElsewhere
          guard isOfAnother, !candidates.isEmpty else { throw error }
        }
      }
    } catch {
      throw RestRefusal(error)
    }
  }

  // MARK: Requests

  /// Stands for the methods of a path that OPTIONS asks for.
  private static let allowed = "allow"

  /// The endpoint and the values in its path; without an endpoint the methods that OPTIONS is told.
  private func route(_ request: Request) throws(RestRefusal) -> (Route?, [String: String]) {
    switch table.match(request.method.rawValue, request.uri.path) {
    case .route(let route, let values): return (route, values)
    case .method(let methods):
      let allowed = methods.joined(separator: ", ")
      if request.method == .options { return (nil, [RestEndpoint.allowed: allowed]) }
      var refusal = RestRefusal(
        Problem(405, code: "BAD_USER_INPUT", "This path knows the methods \(allowed)."))
      refusal.headers[.allow] = allowed
      throw refusal
    case .unknown:
      throw RestRefusal(Problem(404, code: "NOT_FOUND", "There is no such path; /api/docs lists them all."))
    }
  }

  private static func headers(_ request: Request) -> [RouteParameter.Header: String] {
    var found: [RouteParameter.Header: String] = [:]
    for header in RouteParameter.Header.allCases {
      found[header] = HTTPField.Name(header.rawValue).flatMap { request.headers[$0] }
    }
    return found
  }

  /// Whether anything is sent (RFC 9112 § 6.3).
  private static func hasBody(_ request: Request) -> Bool {
    if request.headers[.transferEncoding] != nil { return true }
    return (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
  }

  // MARK: Responses

  private static func options(_ allowed: String) -> Hummingbird.Response {
    Hummingbird.Response(status: .noContent, headers: [.allow: allowed])
  }

  private func response(_ answer: RouteAnswer, _ request: Request) -> Hummingbird.Response {
    let isRead = request.method == .get || request.method == .head
    var headers: HTTPFields = [
      .cacheControl: isRead ? "private, no-cache" : "no-store",
      .vary: "Accept, Accept-Encoding, Authorization",
    ]
    headers[.location] = answer.location
    headers[RestEndpoint.link] = answer.link
    let status = HTTPResponse.Status(code: answer.status)
    guard let bytes = answer.body else { return Hummingbird.Response(status: status, headers: headers) }
    let isCompressing = isCompressing(request, bytes.count)
    headers[.eTag] = answer.tag?.text(isCompressed: isCompressing)
    if isRead, let tag = answer.tag, tag.isNamed(by: request.headers[.ifNoneMatch]) {
      return Hummingbird.Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = MediaType.json.rawValue
    var body = ByteBuffer()
    if isCompressing, let compressed = bytes.withUnsafeBytes({ Gzip.compress($0) }) {
      headers[.contentEncoding] = "gzip"
      body = ByteBuffer(bytes: compressed)
    } else {
      body = ByteBuffer(bytes: bytes)
    }
    return Hummingbird.Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
  }

  private func isCompressing(_ request: Request, _ count: Int) -> Bool {
    graphQL.settings.isCompressing && count >= Reply.leastCompressedBytes
      && Reply.allowsGzip(request.headers[.acceptEncoding])
  }

  private static let link = HTTPField.Name("link") ?? .location
}

/// A request that is answered with problem details.
struct RestRefusal: Error {
  let problem: Problem
  var headers = HTTPFields()

  init(_ problem: Problem) {
    self.problem = problem
    if problem.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
  }

  /// What any endpoint refuses before it looks at what is asked.
  init(_ refusal: RequestRefusal) {
    let error = refusal.errors.first
    let code = error?.extensions.first { $0.key == "code" }.flatMap { try? JSONReader.read($0.json) }?.string
    let status = StatusProfile.audit.status(of: refusal.reason).code
    problem = Problem(status, code: code ?? "BAD_USER_INPUT", error?.message ?? "")
    headers = refusal.headers
  }

  var response: Hummingbird.Response {
    var headers = headers
    headers[.contentType] = Problem.mediaType
    headers[.cacheControl] = "no-store"
    return Hummingbird.Response(
      status: HTTPResponse.Status(code: problem.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.bytes)))
  }
}

extension GraphQLRequest {
  /// A request of the program's own.
  init(query: String, variables: InputObject) {
    self.query = query
    self.variables = variables
    extensions = InputObject()
  }
}
