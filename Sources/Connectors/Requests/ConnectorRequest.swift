import Flows

/// A header of a request or an answer.
public struct ConnectorHeader: Sendable, Equatable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A request to a service, complete but for the address guard's checks.
public struct ConnectorRequest: Sendable, Equatable {
  public var method: String
  /// Absolute, with its query.
  public var url: String
  public var headers: [ConnectorHeader]
  public var body: [UInt8]?

  public init(method: String, url: String, headers: [ConnectorHeader] = [], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// Scheme and authority, to which credentials may be sent.
  var origin: Substring { ConnectorRequest.origin(of: url) }

  static func origin(of url: String) -> Substring {
    guard let scheme = url.firstRange(of: "://") else { return "" }
    let end = url[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
    return url[..<end]
  }
}

/// What a service answered, of whatever status.
public struct ConnectorAnswer: Sendable, Equatable {
  public let status: Int
  public let headers: [ConnectorHeader]
  public let body: [UInt8]

  public init(status: Int, headers: [ConnectorHeader], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name in lower case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }

  /// By lower-case name; repeated headers joined with ", ".
  var headerObject: JSONValue {
    var object = JSONObject()
    for header in headers {
      let name = header.name.lowercased()
      object[name] = .string((object[name]?.string.map { $0 + ", " } ?? "") + header.value)
    }
    return .object(object)
  }
}
