import NIOHTTP1

/// One request of a chain of redirects, validated.
struct Hop: Sendable {
  let url: OutboundURL
  let method: String
  let headers: [OutboundHeader]
  let body: [UInt8]?

  /// Headers that describe the message's framing or the connection are the client's own business (RFC 9110 §
  /// 7.6.1).
  private static let reserved: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade",
    "expect", "proxy-authorization", "proxy-connection", "http2-settings",
  ]
  /// What another origin gets to see after a redirect; anything else may hold a secret.
  private static let harmless: Set<String> = ["accept", "accept-language", "content-type", "user-agent"]
  private static let maximumHeaders = 100
  private static let maximumHeaderBytes = 32 << 10

  init(_ request: OutboundRequest, _ configuration: OutboundConfiguration) throws(OutboundError) {
    url = try OutboundURL(request.url)
    method = request.method.uppercased()
    guard (1...20).contains(method.utf8.count), method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
      method != "CONNECT", method != "TRACE"
    else { throw .invalidMethod }
    body = request.body
    if let body, body.count > configuration.maximumRequestBytes {
      throw .requestTooLarge(limitBytes: configuration.maximumRequestBytes)
    }
    try Self.check(request.headers)
    let hasAgent = request.headers.contains { $0.name.lowercased() == "user-agent" }
    headers = request.headers + (hasAgent ? [] : [OutboundHeader("User-Agent", configuration.userAgent)])
  }

  private init(url: OutboundURL, method: String, headers: [OutboundHeader], body: [UInt8]?) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
  }

  /// The next request (RFC 9110 § 15.4): 303, and 301/302 after POST, become GET without the body; another
  /// origin gets harmless headers only; https never becomes http.
  func redirected(status: Int, to location: String) throws(OutboundError) -> Hop {
    let next = try url.resolving(location)
    if url.isSecure && !next.isSecure { throw .redirectRefused(reason: "it leads from https to http") }
    var headers = headers
    if !next.hasSameOrigin(as: url) { headers.removeAll { !Self.harmless.contains($0.name.lowercased()) } }
    let becomesGet =
      (status == 303 && method != "HEAD") || ((status == 301 || status == 302) && method == "POST")
    guard becomesGet else { return Hop(url: next, method: method, headers: headers, body: body) }
    headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
    return Hop(url: next, method: "GET", headers: headers, body: nil)
  }

  /// RFC 9110 § 5: a name is a token; a value has no control characters but tab, so no line can be smuggled
  /// in.
  private static func check(_ headers: [OutboundHeader]) throws(OutboundError) {
    guard headers.count <= maximumHeaders else {
      throw .invalidHeader(reason: "there are more than \(maximumHeaders)")
    }
    var bytes = 0
    for header in headers {
      guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
        throw .invalidHeader(reason: "a name is empty or has characters that are not allowed")
      }
      guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw .invalidHeader(reason: "the value of \(header.name) contains a control character")
      }
      guard !reserved.contains(header.name.lowercased()) else {
        throw .invalidHeader(reason: "\(header.name) cannot be set")
      }
      bytes += header.name.utf8.count + header.value.utf8.count
    }
    guard bytes <= maximumHeaderBytes else {
      throw .invalidHeader(reason: "together they are longer than \(maximumHeaderBytes) bytes")
    }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
