import Flows

/// Why an operation has no output. Messages hold no secret: they are the service's own or the Studio's.
public struct ConnectorFailure: Error, Sendable, Equatable {
  public var failureClass: FailureClass
  /// For people.
  public var message: String
  /// The service's own code.
  public var code: String?
  /// The answer's; nil when there was none.
  public var status: Int?
  /// Whether the same call may be made again.
  public var isRetryable: Bool
  /// How long the service wants to be left alone.
  public var retryAfterMilliseconds: Int64?

  public init(
    _ failureClass: FailureClass, _ message: String, status: Int? = nil, isRetryable: Bool? = nil
  ) {
    self.failureClass = failureClass
    self.message = message
    self.status = status
    self.isRetryable = isRetryable ?? failureClass.isRetryable
  }

  static func invalid(_ message: String) -> ConnectorFailure { ConnectorFailure(.invalid, message) }
}
