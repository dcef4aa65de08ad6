/// Asks the services of integrations: what resolvers need of the world. The server's keeps to public
/// addresses and to bounds.
public protocol ServiceCaller: Sendable {
  /// The answer, of whatever status, or one sentence why there is none, without secrets.
  func call(_ request: ServiceRequest) async -> ServiceOutcome
}

/// A request to a service.
public struct ServiceRequest: Sendable {
  public var method: String
  public var url: String
  public var headers: [(name: String, value: String)] = []
  /// For HTTP Basic authentication.
  public var basic: (user: String, password: String)?
  /// JSON.
  public var body: String?
}

/// What a service answered.
public struct ServiceAnswer: Sendable {
  public var status: Int
  public var body: [UInt8]

  public init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }
}

/// What came of a call.
public enum ServiceOutcome: Sendable {
  case answer(ServiceAnswer)
  case failure(String)
}
