import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Resolvers
import Rest

/// What every response passes on its way out: headers that keep browsers from guessing, a plain answer for
/// what no route knows, no word about what went wrong inside, and a line in the log.
struct Edge: RouterMiddleware {
  let logger: Logger
  var crossSite = CrossSite()
  var addresses = ClientAddresses()

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Hummingbird.Response
  ) async throws -> Hummingbird.Response {
    let start = ContinuousClock.now
    let preflight = crossSite.preflight(request)
    let origin = origin(of: request, context)
    var response =
      if let preflight {
        preflight
      } else {
        try await RequestOrigin.$current.withValue(origin) { try await answer(request, context, next) }
      }
    response.headers[Edge.requestID] = origin.requestID
    crossSite.mark(&response, request)
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[Edge.referrerPolicy] = "no-referrer"
    if request.method == .head { response = response.createHeadResponse() }
    // GraphQL requests have a line of their own that names the operation.
    if request.uri.path != "/graphql" {
      logger.debug(
        "HTTP request",
        metadata: [
          "method": "\(request.method)", "path": "\(Edge.shownPath(request))",
          "status": "\(response.status.code)", "duration": "\(ContinuousClock.now - start)",
        ])
    }
    return response
  }

  private func answer(
    _ request: Request, _ context: ClientContext,
    _ next: (Request, ClientContext) async throws -> Hummingbird.Response
  ) async throws -> Hummingbird.Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError {
      return Edge.refusal(error.status)
    } catch let error as HTTPParserError {
      // The rest of the request is not HTTP: the connection answers 400 and closes.
      throw error
    } catch is CancellationError {
      return Edge.refusal(.serviceUnavailable)
    } catch {
      logger.error(
        "A request failed", metadata: ["error": "\(error)", "path": "\(Edge.shownPath(request))"])
      return Edge.refusal(.internalServerError)
    }
  }

  /// For the log: the path of an incoming webhook is its secret.
  private static func shownPath(_ request: Request) -> String {
    let path = request.uri.path
    return path.hasPrefix(HookEndpoint.prefix) ? HookEndpoint.prefix + "…" : String(path.prefix(200))
  }

  /// A status that says all, as problem details.
  static func refusal(_ status: HTTPResponse.Status) -> Hummingbird.Response {
    let (code, detail) =
      switch status {
      case .forbidden:
        ("FORBIDDEN", "This comes from a page of another site, which http.corsOrigins does not allow.")
      case .notFound:
        ("NOT_FOUND", "There is nothing at this path; /playground and /api/docs show what there is.")
      case .serviceUnavailable: ("UNAVAILABLE", "This cannot be answered now; ask again.")
      case _ where status.kind == .clientError: ("BAD_USER_INPUT", "The request cannot be read.")
      default: ("INTERNAL", "Internal error.")
      }
    return RestRefusal(Problem(status.code, code: code, detail)).response
  }

  /// Who asks from where; the client may name the request.
  private func origin(of request: Request, _ context: ClientContext) -> RequestOrigin {
    let address = addresses.address(of: request, context)
    return RequestOrigin(
      address: address == context.peer.address ? context.peer.text : address?.description,
      userAgent: request.headers.text(.userAgent),
      requestID: request.headers.text(Edge.requestID).flatMap(RequestIdentifier.init)?.text
        ?? RequestIdentifier().text)
  }

  private static let requestID = HTTPField.Name("x-request-id") ?? .from
  private static let referrerPolicy = HTTPField.Name(parsed: "referrer-policy") ?? .xContentTypeOptions
}
