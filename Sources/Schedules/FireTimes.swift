/// How far a zone's clocks are before UTC, and when that changes.
public protocol ZoneOffsets: Sendable {
  /// Seconds before UTC at an instant (seconds since 1970).
  func offset(at instant: Int64) -> Int64
}

/// What happens to times of a wall clock that do not exist, or exist twice, because the clock is changed.
///
/// | policy | does not exist | exists twice |
/// |---|---|---|
/// | `vixie` | at the change; with a star in minute or hour: not | the first; with a star both |
/// | `skip` | not | the first |
/// | `first` | at the change | the first |
/// | `second` | at the change | the second |
/// | `both` | at the change | both |
///
/// `vixie` is what Vixie cron does: "jobs that run at a fixed time" run once, others follow the passing of
/// time. Several times that do not exist are one, at the change.
public enum DaylightSavingPolicy: String, CaseIterable, Sendable {
  case vixie, skip, first, second, both
}

/// When an expression is due in a zone.
public struct FireTimes: Sendable {
  public let expression: CronExpression
  public let policy: DaylightSavingPolicy
  private let zone: any ZoneOffsets

  /// No gap between two due times is longer: a February 29th that must be a Sunday as well comes every 28
  /// years, and after a century without one in 40.
  private static let horizon: Int64 = 41 * 366 * 86_400
  /// A zone's offset is looked at so often; no two changes of a zone are nearer to each other.
  private static let sample: Int64 = 3 * day
  private static let day: Int64 = 86_400

  public init(_ expression: CronExpression, zone: any ZoneOffsets, policy: DaylightSavingPolicy = .vixie) {
    self.expression = expression
    self.zone = zone
    self.policy = policy
  }

  /// The first due instant after another; seconds since 1970. Nil when there is none within 41 years.
  public func next(after instant: Int64) -> Int64? {
    var start = instant + 1
    let end = instant + Self.horizon
    while start <= end {
      if let change = nextChange(from: start - Self.day, until: start) {
        if change == start, isDue(at: change) { return change }
        start = max(start, change + ignored(after: change))
      }
      let found = match(from: start, until: end, offset: zone.offset(at: start))
      // The times before a change may be those that wait for their second coming.
      guard let change = nextChange(from: start + 1, until: found.map { $0 + Self.day } ?? end) else {
        return found
      }
      let last = change - 1 - (policy == .second ? repeated(by: change) : 0)
      if let due = match(from: start, until: last, offset: zone.offset(at: change - 1)) { return due }
      start = change
    }
    return nil
  }

  /// The first match in a stretch of time without a change of the clock.
  private func match(from start: Int64, until end: Int64, offset: Int64) -> Int64? {
    guard start <= end else { return nil }
    return expression.firstMatch(
      from: WallTime(seconds: start + offset), until: WallTime(seconds: end + offset)
    ).map { $0.seconds - offset }
  }

  /// The next due instants, in order.
  public func next(_ count: Int, after instant: Int64) -> [Int64] {
    var found: [Int64] = []
    var last = instant
    while found.count < count, let next = next(after: last) {
      found.append(next)
      last = next
    }
    return found
  }

  // MARK: Changes of the clock

  /// The first instant in the range at which the zone has another offset than just before.
  private func nextChange(from start: Int64, until end: Int64) -> Int64? {
    let before = zone.offset(at: start - 1)
    if zone.offset(at: start) != before { return start }
    var low = start
    while low < end {
      let high = min(low + Self.sample, end)
      if zone.offset(at: high) != before { return change(after: low, until: high, from: before) }
      low = high
    }
    return nil
  }

  private func change(after start: Int64, until end: Int64, from offset: Int64) -> Int64 {
    var (low, high) = (start, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if zone.offset(at: middle) == offset { low = middle } else { high = middle }
    }
    return high
  }

  /// Whether times were left out by a change that are due at it.
  private func isDue(at change: Int64) -> Bool {
    let (before, after) = (zone.offset(at: change - 1), zone.offset(at: change))
    guard after > before, firesInGap else { return false }
    let end = WallTime(seconds: change + after - 1)
    return expression.firstMatch(from: WallTime(seconds: change + before), until: end) != nil
  }

  /// Seconds of the wall clock that a change makes come again.
  private func repeated(by change: Int64) -> Int64 {
    max(0, zone.offset(at: change - 1) - zone.offset(at: change))
  }

  /// Seconds behind a change in which times exist for the second time, and do not count.
  private func ignored(after change: Int64) -> Int64 { firesTwice ? 0 : repeated(by: change) }

  private var firesInGap: Bool {
    switch policy {
    case .vixie: !expression.isWildcard
    case .skip: false
    case .first, .second, .both: true
    }
  }

  /// Whether times count that exist for the second time.
  private var firesTwice: Bool {
    switch policy {
    case .vixie: expression.isWildcard
    case .skip, .first: false
    case .second, .both: true
    }
  }
}
