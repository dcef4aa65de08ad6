/// What becomes of a node that fails or takes too long: the part of a config that all kinds share.
struct NodePolicy: Sendable, Equatable {
  enum OnError: String, Sendable, CaseIterable {
    /// The node fails, and with it the loop around it, or the run.
    case fail
    /// Its ordinary connections deliver `{error}`.
    case `continue`
    /// Its connections with `on: "error"` deliver `{error}`.
    case branch
  }

  /// What becomes of an effect that was begun and whose outcome was lost with its worker.
  enum OnUnknownOutcome: String, Sendable, CaseIterable {
    /// It is made again with the same idempotency key.
    case retry
    /// The node fails as `UNKNOWN_OUTCOME`.
    case fail
  }

  var retry: RetryPolicy?
  /// From the beginning of an attempt to its outcome.
  var timeoutMilliseconds: Int64?
  var onError = OnError.fail
  /// Nil leaves it to what is called: a connector knows which of its operations may be repeated.
  var onUnknownOutcome: OnUnknownOutcome?

  /// 366 days.
  static let maximumTimeoutMilliseconds: Int64 = 366 * 86_400_000

  /// The policy of a node's config; what cannot be read is as if it were not there.
  static func read(_ node: FlowNode) -> NodePolicy {
    var reader = ConfigReader(node.config)
    return reader.readPolicy(node.kind)
  }
}

/// `{"maxAttempts", "backoff", "delayMilliseconds", "maximumDelayMilliseconds", "jitter", "on", "limits"}`
struct RetryPolicy: Sendable, Equatable {
  enum Backoff: String, Sendable, CaseIterable {
    case fixed
    /// Twice as long before each further attempt.
    case exponential
  }

  /// A day.
  static let longestDelayMilliseconds: Int64 = 86_400_000
  static let attempts = 1...20

  /// The first attempt included.
  var maximumAttempts: Int
  var backoff = Backoff.exponential
  var delayMilliseconds: Int64 = 1_000
  /// Also of what an answer's `Retry-After` asks for.
  var maximumDelayMilliseconds: Int64 = 300_000
  /// The part of a delay that is left to chance, 0 to 1.
  var jitter = 0.5
  var classes = ErrorClass.passing
  /// Retries after errors of a class, at most.
  var limits: [ErrorClass: Int] = [:]

  /// Whether there is another attempt after `attempt` failed.
  /// - Parameter retries: those that were made after errors of this class.
  func allows(_ errorClass: ErrorClass, attempt: Int, retries: Int) -> Bool {
    attempt < maximumAttempts && classes.contains(errorClass) && retries < limits[errorClass] ?? .max
  }

  /// The pause after `attempt`: what the policy says, shortened by chance, or what the other side asked for
  /// when that is longer; never more than the bound.
  /// - Parameter chance: 0 up to 1, not included.
  func delayMilliseconds(after attempt: Int, chance: Double, asked: Int64?) -> Int64 {
    var delay = delayMilliseconds
    if backoff == .exponential {
      for _ in 1..<max(attempt, 1) where delay < maximumDelayMilliseconds { delay *= 2 }
    }
    delay = min(delay, maximumDelayMilliseconds)
    delay -= Int64(Double(delay) * jitter * chance)
    return min(max(delay, asked ?? 0), maximumDelayMilliseconds)
  }
}

extension ConfigReader {
  mutating func readPolicy(_ kind: NodeKind) -> NodePolicy {
    var policy = NodePolicy()
    if let onError = choice("onError", NodePolicy.OnError.self) { policy.onError = onError }
    if let onUnknown = choice("onUnknownOutcome", NodePolicy.OnUnknownOutcome.self) {
      policy.onUnknownOutcome = onUnknown
    }
    // Calls and e-mails read theirs themselves, within bounds of their own.
    if !["http", "email"].contains(present("type")?.string ?? "") {
      policy.timeoutMilliseconds = number(
        "timeoutMilliseconds", in: present("timeoutMilliseconds"), 1...NodePolicy.maximumTimeoutMilliseconds)
    }
    if let retry = present("retry") {
      if kind == .loop || kind == .trigger {
        report("config.retry", "A \(kind.rawValue) is not retried; give its nodes a retry policy")
      } else {
        policy.retry = readRetry(retry)
      }
    }
    return policy
  }

  private mutating func readRetry(_ value: JSONValue) -> RetryPolicy? {
    guard value.object != nil else {
      report("config.retry", "The retry policy must be an object, not \(value.kindName)")
      return nil
    }
    let bounds = Int64(RetryPolicy.attempts.lowerBound)...Int64(RetryPolicy.attempts.upperBound)
    let attempts = number("retry.maxAttempts", in: value["maxAttempts"] ?? 3, bounds) ?? 1
    var policy = RetryPolicy(maximumAttempts: Int(attempts))
    let delays = 0...RetryPolicy.longestDelayMilliseconds
    if let backoff = value["backoff"], backoff != .null {
      guard let known = backoff.string.flatMap(RetryPolicy.Backoff.init(rawValue:)) else {
        report("config.retry.backoff", "The backoff must be 'fixed' or 'exponential'")
        return policy
      }
      policy.backoff = known
    }
    if policy.backoff == .fixed { policy.jitter = 0 }
    if let delay = number("retry.delayMilliseconds", in: value["delayMilliseconds"], delays) {
      policy.delayMilliseconds = delay
      policy.maximumDelayMilliseconds = max(delay, policy.maximumDelayMilliseconds)
    }
    if let bound = number("retry.maximumDelayMilliseconds", in: value["maximumDelayMilliseconds"], delays) {
      policy.maximumDelayMilliseconds = bound
    }
    readJitter(value["jitter"], &policy)
    readClasses(value, &policy)
    return policy
  }

  private mutating func readJitter(_ value: JSONValue?, _ policy: inout RetryPolicy) {
    switch value {
    case nil, .null: break
    case .bool(let isOn): policy.jitter = isOn ? 0.5 : 0
    case .integer(let part) where part == 0 || part == 1: policy.jitter = Double(part)
    case .number(let part) where (0...1).contains(part): policy.jitter = part
    default: report("config.retry.jitter", "The jitter must be true, false, or a number from 0 to 1")
    }
  }

  private mutating func readClasses(_ value: JSONValue, _ policy: inout RetryPolicy) {
    let known = ErrorClass.allCases.map(\.rawValue).joined(separator: ", ")
    if let list = value["on"], list != .null {
      let classes = list.array?.map { $0.string.flatMap(ErrorClass.init(rawValue:)) }
      if list.string == "any" {
        policy.classes = Set(ErrorClass.allCases)
      } else if let classes, !classes.isEmpty, classes.allSatisfy({ $0 != nil }) {
        policy.classes = Set(classes.compactMap { $0 })
      } else {
        report("config.retry.on", "A list of error classes is needed here, or 'any'; known are \(known)")
      }
    }
    guard let limits = value["limits"], limits != .null else { return }
    guard let members = limits.object?.members else {
      return report("config.retry.limits", "The limits must be an object, not \(limits.kindName)")
    }
    for member in members {
      let field = "retry.limits.\(member.key)"
      guard let errorClass = ErrorClass(rawValue: member.key) else {
        report("config.\(field)", "Unknown error class; known are \(known)")
        continue
      }
      if let limit = number(field, in: member.value, 0...20) { policy.limits[errorClass] = Int(limit) }
    }
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ field: String, _ type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let value = present(field) else { return nil }
    guard let choice = value.string.flatMap(Choice.init(rawValue:)) else {
      let known = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      report("config.\(field)", "The \(field) must be one of \(known)")
      return nil
    }
    return choice
  }

  /// An integer within bounds; nil when it is absent, null or wrong.
  mutating func number(_ field: String, in value: JSONValue?, _ bounds: ClosedRange<Int64>) -> Int64? {
    guard let value, value != .null else { return nil }
    guard let number = value.integer, bounds.contains(number) else {
      report("config.\(field)", "A whole number from \(bounds.lowerBound) to \(bounds.upperBound) is needed")
      return nil
    }
    return number
  }
}
