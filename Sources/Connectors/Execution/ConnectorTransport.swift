/// Why there is no answer.
public enum TransportFailure: Error, Sendable, Equatable {
  /// The request was certainly not received; the message names the host at most.
  case notSent(String)
  /// The service may have received and done it.
  case unknown(String)
  /// The service answered, with what is not taken: it may have done it, and would answer the same again.
  case unreadable(String)
  /// The address guard or the URL's check refuses it.
  case refused(String)
  case cancelled
}

/// Sends requests: behind the address guard in the server, to a service of their own in tests.
public protocol ConnectorTransport: Sendable {
  func send(_ request: ConnectorRequest) async throws(TransportFailure) -> ConnectorAnswer
}

/// What keeps calls within a service's limits.
public protocol CallPacing: Sendable {
  /// Returns when a call may be made; throws how long it would have to wait if that is too long.
  func admit() async throws(ConnectorFailure)
  /// Takes notice of what an answer says.
  func note(_ readings: [RateReading], retryAfterMilliseconds: Int64?) async
}

/// No limits, for tests and single calls.
public struct NoPacing: CallPacing {
  public init() {}
  public func admit() async throws(ConnectorFailure) {}
  public func note(_ readings: [RateReading], retryAfterMilliseconds: Int64?) async {}
}
