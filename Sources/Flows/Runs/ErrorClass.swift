/// What kind of failure an error is, so that a retry policy can tell those that pass from those that stay.
public enum ErrorClass: String, Sendable, CaseIterable, Hashable {
  /// Not in time.
  case timeout
  /// The other side could not be reached, or broke off.
  case network
  /// Too many requests: status 429.
  case rateLimited
  /// The other side failed: statuses of 500 and above, and 408 and 425, which ask for another try.
  case server
  /// The other side refused the request: the other unexpected statuses.
  case client
  /// It is not known whether the effect happened.
  case unknown
  /// An expression or a template failed.
  case expression
  /// A run that the node started failed.
  case child
  case other

  /// Those that are worth another try when a policy does not say.
  public static let passing: Set<ErrorClass> = [.timeout, .network, .rateLimited, .server]

  /// Whether the other side may have done what it was asked for and could not say so.
  var isWithoutAnswer: Bool { self == .timeout || self == .network || self == .unknown }

  /// The class of an answer with an unexpected status.
  public init(status: Int) {
    switch status {
    case 429: self = .rateLimited
    case 408, 425, 500...: self = .server
    default: self = .client
    }
  }

  /// The class of an error of which nothing but its code is known.
  public init(_ code: RunError.Code) {
    switch code {
    case .requestTimeout, .nodeTimeout, .waitTimeout: self = .timeout
    case .requestFailed: self = .network
    case .unexpectedStatus: self = .client
    case .unknownOutcome: self = .unknown
    case .expressionFailed, .expressionTimeout, .expressionTooLarge, .configInvalid: self = .expression
    case .childFailed, .flowUnavailable: self = .child
    default: self = .other
    }
  }
}
