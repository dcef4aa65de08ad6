import Flows

/// What kind of failure it is, the same for all services.
public enum FailureClass: String, Sendable, CaseIterable {
  /// The credentials are refused, expired or withdrawn.
  case authentication = "AUTHENTICATION"
  /// The account may not do that.
  case forbidden = "FORBIDDEN"
  case notFound = "NOT_FOUND"
  /// The service does not take the input.
  case invalid = "INVALID"
  /// It contradicts what is there already.
  case conflict = "CONFLICT"
  case rateLimited = "RATE_LIMITED"
  /// The service is out of order or cannot be reached.
  case unavailable = "UNAVAILABLE"
  /// There was no answer to something that must not be done twice.
  case unknownOutcome = "UNKNOWN_OUTCOME"
  /// Anything else.
  case failed = "FAILED"

  /// Of an answer whose service says no more.
  static func of(status: Int) -> FailureClass {
    switch status {
    case 401, 407: .authentication
    case 402, 403, 451: .forbidden
    case 404, 410: .notFound
    case 408, 425, 500...599: .unavailable
    case 409, 412, 423: .conflict
    case 429: .rateLimited
    case 400...499: .invalid
    default: .failed
    }
  }

  /// Whether trying again later can help.
  var isRetryable: Bool { self == .rateLimited || self == .unavailable }
}

/// Where a service's answers say that, and why, something failed.
public struct ErrorMapping: Sendable {
  /// A failure that comes with a status of success.
  public struct Sign: Sendable {
    let path: ValuePath
    /// The value that means failure; nil means any but null, false and an empty list.
    let equals: JSONValue?

    func isThere(in scope: ValueScope) -> Bool {
      guard let value = scope.value(at: path) else { return false }
      if let equals { return value == equals }
      return value != .null && value != .bool(false) && value.array?.isEmpty != true
    }
  }

  /// Tried in this order; the first that is a text counts.
  public let message: [ValuePath]
  public let code: [ValuePath]
  public let sign: Sign?
  /// The service's codes.
  public let codes: [String: FailureClass]
  public let statuses: [Int: FailureClass]
  /// Statuses after which the same request may be sent again, beside those of the classes.
  public let retryable: Set<Int>
}

/// What a service says about how often it may be asked.
public struct RateLimits: Sendable {
  /// How a header tells an instant.
  public enum ResetKind: String, Sendable, CaseIterable {
    /// Seconds from now.
    case seconds
    /// Milliseconds from now.
    case milliseconds
    /// Seconds since 1970.
    case epoch
    /// Milliseconds since 1970.
    case epochMilliseconds
    /// `Wed, 21 Oct 2026 07:28:00 GMT`
    case httpDate
    /// `2026-10-21T07:28:00Z`
    case dateTime
    /// `1h2m3s`, `6m0s`, `120ms`
    case duration
  }

  /// Where answers say what remains, in names of headers in lower case; a service may have several, such as
  /// for requests and for tokens.
  public enum Headers: Sendable {
    /// A header for each number.
    case numbers(limit: String?, remaining: String, reset: String?, resetKind: ResetKind)
    /// One with a list of limits, `"api";r=489;t=189`: what remains, and seconds until it begins anew
    /// (draft-ietf-httpapi-ratelimit-headers).
    case list(String)
    /// One with JSON that has percentages, `{"call_count": 28, …}`, and minutes in
    /// `estimated_time_to_regain_access` (Meta's Graph API).
    case usage(String)
    /// One that names what is used and what there is, `api-usage=18/5000` (Salesforce).
    case used(String)
  }

  /// At most `requests` in `seconds`, as the service documents it.
  public struct Static: Sendable, Equatable {
    public let requests: Int
    public let seconds: Int
  }

  public let headers: [Headers]
  /// Besides `Retry-After`, which is always understood.
  public let retryAfter: String?
  public let retryAfterKind: ResetKind
  /// Where the answer's body says how long to wait; the first that is there counts.
  public let retryIn: [ValuePath]
  public let retryInKind: ResetKind
  public let limits: [Static]
}
