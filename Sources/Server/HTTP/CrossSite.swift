import HTTPTypes
import Hummingbird
import NIOHTTP1

/// What pages of other sites may do: the origins that may call the API from a browser (the Fetch standard's
/// CORS), and the refusal of requests that a page makes without having been asked.
///
/// There are no cookies, so a forged request is anonymous at worst; it is refused all the same.
struct CrossSite: Sendable {
  /// `scheme://host[:port]` in lower case.
  var allowedOrigins: Set<String> = []
  /// `*`: every origin.
  var allowsEveryOrigin = false
  /// The Studio's own.
  var ownOrigin = ""
  /// Whether requests that a browser sends without asking first need a header that makes it ask.
  var requiresPreflight = false

  /// Headers that a browser sends to another site only after a preflight; any of them will do.
  static let preflightHeaders = [
    "graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name",
  ]
  .compactMap { HTTPField.Name($0) }

  /// How long a browser may remember a preflight, in seconds.
  private static let maximumAge = "600"
  /// What scripts may read beside the body.
  private static let exposed =
    "Retry-After, RateLimit, RateLimit-Policy, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
    + "GraphQL-Cost, ETag, Location, Link, X-Request-Id"

  // MARK: Origins

  /// Reads `http.corsOrigins`.
  ///
  /// - Throws: `SettingError` for an entry that is no origin.
  init(origins: [String], publicURL: String, requiresPreflight: Bool) throws {
    for origin in origins.map({ $0.lowercased() }) {
      if origin == "*" {
        allowsEveryOrigin = true
      } else if CrossSite.origin(of: origin) == origin {
        allowedOrigins.insert(origin)
      } else {
        throw SettingError(
          description:
            "\(Settings.corsOrigins.environmentName): \"\(origin)\" is not an origin such as https://example.com."
        )
      }
    }
    ownOrigin = CrossSite.origin(of: publicURL.lowercased()) ?? ""
    self.requiresPreflight = requiresPreflight
  }

  init() {}

  /// `scheme://host[:port]` of an address.
  private static func origin(of address: String) -> String? {
    guard let match = address.prefixMatch(of: /[a-z][a-z0-9+.-]*:\/\/[^\/?#\s]+/) else { return nil }
    return String(match.0)
  }

  private func isAllowed(_ origin: String) -> Bool {
    allowsEveryOrigin || allowedOrigins.contains(origin.lowercased())
  }

  /// The page's own server: by the configured address, or as the client calls it.
  private func isOwn(_ origin: String, _ authority: String?) -> Bool {
    let origin = origin.lowercased()
    if origin == ownOrigin { return true }
    guard let authority = authority?.lowercased(), !authority.isEmpty else { return false }
    return origin == "http://" + authority || origin == "https://" + authority
  }

  // MARK: Requests

  /// Refuses what a page of another site sends, unless its origin is allowed; a request that only such a page
  /// could not have sent unasked, if the configuration demands that.
  ///
  /// A browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` alone in old ones); who says
  /// nothing is no browser, and may ask by a plain GET.
  func check(_ request: Request) throws(RequestRefusal) {
    let origin = request.headers.text(.origin)
    if let origin, isAllowed(origin) { return }
    if isForeign(request.headers.text(CrossSite.fetchSite), origin, request.head.authority) {
      throw RequestRefusal(
        .crossSite, "This request comes from a page of another site, which http.corsOrigins does not allow.",
        code: "FORBIDDEN")
    }
    guard requiresPreflight, request.method == .get || request.method == .head else { return }
    guard CrossSite.preflightHeaders.contains(where: { request.headers.text($0)?.isEmpty == false }) else {
      throw RequestRefusal(
        .crossSite, "GET needs the header GraphQL-Require-Preflight with any value.", code: "FORBIDDEN")
    }
  }

  /// Demands a header that makes a browser ask first, whatever the configuration says: a form is the one body
  /// that a page may send to another site unasked (the Fetch standard's CORS-safelisted content types).
  func requirePreflight(_ request: Request) throws(RequestRefusal) {
    guard CrossSite.preflightHeaders.contains(where: { request.headers.text($0)?.isEmpty == false }) else {
      throw RequestRefusal(
        .crossSite, "A form needs the header GraphQL-Require-Preflight with any value.", code: "FORBIDDEN")
    }
  }

  /// Whether a page that asks for a socket may have it. A browser asks nobody before it opens one and shows
  /// every page what comes over it, so the server is the only one to refuse (RFC 6455 § 10.2).
  func allowsSocket(_ head: HTTPRequestHead) -> Bool {
    let origin = head.headers.first(name: "origin")
    if let origin, isAllowed(origin) { return true }
    let site = head.headers.first(name: "sec-fetch-site")
    return !isForeign(site, origin, head.headers.first(name: "host"))
  }

  private func isForeign(_ fetchSite: String?, _ origin: String?, _ authority: String?) -> Bool {
    switch fetchSite?.lowercased() {
    case "same-origin", "none": return false
    case "cross-site", "same-site": return true
    default: return origin.map { !isOwn($0, authority) } ?? false
    }
  }

  /// The answer to a browser that asks whether a script may send a request; nil for anything else.
  func preflight(_ request: Request) -> Hummingbird.Response? {
    guard request.method == .options, let origin = request.headers.text(.origin),
      let method = request.headers.text(.accessControlRequestMethod)
    else { return nil }
    guard isAllowed(origin) || isOwn(origin, request.head.authority) else { return Edge.refusal(.forbidden) }
    var headers: HTTPFields = [
      .accessControlAllowMethods: method, .accessControlMaxAge: CrossSite.maximumAge,
    ]
    headers[.accessControlAllowHeaders] = request.headers.text(.accessControlRequestHeaders)
    return Hummingbird.Response(status: .noContent, headers: headers)
  }

  /// Lets scripts of an allowed origin read the response.
  func mark(_ response: inout Hummingbird.Response, _ request: Request) {
    guard allowsEveryOrigin || !allowedOrigins.isEmpty else { return }
    if !allowsEveryOrigin { response.headers.append(HTTPField(name: .vary, value: "Origin")) }
    guard let origin = request.headers.text(.origin), isAllowed(origin) else { return }
    response.headers[.accessControlAllowOrigin] = allowsEveryOrigin ? "*" : origin
    response.headers[.accessControlExposeHeaders] = CrossSite.exposed
  }

  private static let fetchSite = HTTPField.Name("sec-fetch-site") ?? .origin
}
