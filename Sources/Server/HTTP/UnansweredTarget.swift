import HTTPTypes
import Hummingbird
import NIOCore
import Rest

/// Answers what no route does: a path that nobody knows with 404, a method that its path does not know with
/// 405 and those that it does (RFC 9110 § 15.5.6), OPTIONS with these alone.
///
/// Added behind all routes, so it costs those nothing. `/graphql` and `/api/…` tell in their own forms.
struct UnansweredTarget: RouterMiddleware {
  /// A path that tells of itself what it does not know.
  struct Own: Sendable {
    let path: RouterPath
    let answer: @Sendable (Request, ClientContext) async -> Hummingbird.Response
  }

  /// A path of the router, and its methods.
  private struct Known: Sendable {
    let path: RouterPath
    var methods: Set<String>
  }

  private let known: [Known]
  private let own: [Own]

  init(_ router: Router<ClientContext>, own: [Own]) {
    var known: [Known] = []
    for route in router.routes {
      var methods: Set = [route.method.rawValue, HTTPRequest.Method.options.rawValue]
      if route.method == .get { methods.insert(HTTPRequest.Method.head.rawValue) }
      if let place = known.firstIndex(where: { $0.path == route.path }) {
        known[place].methods.formUnion(methods)
      } else {
        known.append(Known(path: route.path, methods: methods))
      }
    }
    // A path means the pattern that names it, not one that has all below another.
    self.known =
      known.filter { !$0.path.contains(.recursiveWildcard) }
      + known.filter { $0.path.contains(.recursiveWildcard) }
    self.own = own
  }

  func handle(
    _ request: Request, context: ClientContext,
    next: (Request, ClientContext) async throws -> Hummingbird.Response
  ) async throws -> Hummingbird.Response {
    let parts = request.uri.path.split(separator: "/")
    guard let found = known.first(where: { UnansweredTarget.matches($0.path, parts) }) else {
      return Edge.refusal(.notFound)
    }
    if let own = own.first(where: { $0.path == found.path }) { return await own.answer(request, context) }
    let allowed = found.methods.sorted().joined(separator: ", ")
    if request.method == .options {
      return Hummingbird.Response(status: .noContent, headers: [.allow: allowed])
    }
    var refusal = RestRefusal(
      Problem(405, code: "BAD_USER_INPUT", "This path knows the methods \(allowed)."))
    refusal.headers[.allow] = allowed
    return refusal.response
  }

  /// Whether the router would have found the path.
  private static func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
    for (place, element) in path.enumerated() {
      if element == .recursiveWildcard { return place < parts.count }
      guard place < parts.count, element ~= parts[place] else { return false }
    }
    return path.count == parts.count
  }
}
