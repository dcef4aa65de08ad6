/// One header field.
public struct OutboundHeader: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A request to the world.
public struct OutboundRequest: Sendable {
  /// A token of letters, such as GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS; CONNECT and TRACE are
  /// refused.
  public var method: String
  /// Absolute, http or https.
  public var url: String
  /// `Host`, framing and hop-by-hop headers are refused: the client sets them.
  public var headers: [OutboundHeader]
  public var body: [UInt8]?
  /// For everything together: name, connection, redirects, body.
  public var timeout: Duration = .seconds(30)
  /// Longest response body, in bytes.
  public var maximumResponseBytes = 1 << 20
  /// Whether a longer body is cut off there, and the connection closed, rather than an error: for callers to
  /// whom the status says all.
  public var cutsLongBody = false
  /// How many redirects are followed; with 0 the redirect itself is the response.
  public var followRedirects = 3

  public init(
    method: String = "GET", url: String, headers: [OutboundHeader] = [], body: [UInt8]? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// What came back, of whatever status.
public struct OutboundResponse: Sendable {
  public let status: Int
  public let headers: [OutboundHeader]
  public let body: [UInt8]
  /// From the call of `send` until the last byte.
  public let durationMilliseconds: Int
  /// The URL that answered, after redirects.
  public let url: String
  public let redirects: Int

  /// The first header of that name, whatever its case.
  public func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }
}

/// Why there is no response. Messages name the host at most: never the path, the query, a header or a body.
public enum OutboundError: Error, Equatable, Sendable, CustomStringConvertible {
  case invalidURL(reason: String)
  case invalidMethod
  case invalidHeader(reason: String)
  /// The address guard refuses the host.
  case forbiddenAddress(host: String, reason: String)
  case nameNotFound(host: String)
  case connectFailed(host: String, reason: String)
  case tlsFailed(host: String)
  case timedOut
  case requestTooLarge(limitBytes: Int)
  case responseTooLarge(limitBytes: Int)
  case responseHeadersTooLarge
  case tooManyRedirects(limit: Int)
  case redirectRefused(reason: String)
  /// The peer closed or broke the protocol before the response was complete.
  case brokenResponse(host: String)
  /// Too many requests are under way.
  case overloaded
  case cancelled
  case closed

  public var description: String {
    switch self {
    case .invalidURL(let reason): "The URL is not usable: \(reason)."
    case .invalidMethod: "The HTTP method is not usable."
    case .invalidHeader(let reason): "A header is not usable: \(reason)."
    case .forbiddenAddress(let host, let reason): "\(host) is not allowed: it is \(reason)."
    case .nameNotFound(let host): "The name \(host) has no address."
    case .connectFailed(let host, let reason): "No connection to \(host): \(reason)."
    case .tlsFailed(let host):
      "No secure connection to \(host): its certificate or TLS version was not accepted."
    case .timedOut: "The request took too long."
    case .requestTooLarge(let limit): "The request body is larger than \(limit) bytes."
    case .responseTooLarge(let limit): "The response body is larger than \(limit) bytes."
    case .responseHeadersTooLarge: "The response headers are too large."
    case .tooManyRedirects(let limit): "More than \(limit) redirects."
    case .redirectRefused(let reason): "A redirect was not followed: \(reason)."
    case .brokenResponse(let host): "\(host) closed the connection or sent no valid HTTP response."
    case .overloaded: "Too many outgoing requests at this moment."
    case .cancelled: "The request was cancelled."
    case .closed: "The HTTP client is shut down."
    }
  }
}
