/// What becomes of due instants of a schedule: fired in time, made up for, or missed. Pure; time comes in.
public struct SchedulePlan: Sendable {
  /// What happens to instants that nobody fired in time, because no server was there.
  public enum CatchUp: String, CaseIterable, Sendable {
    /// They are missed.
    case none
    /// The last of them is fired.
    case last
    /// All of them are fired that are not older than the window.
    case all
  }

  /// An instant that is fired no later than this, after the latest that its jitter allows, is in time.
  public static let graceSeconds: Int64 = 60
  /// Seconds that instants may be moved by.
  public static let jitters = 0...3600
  /// Seconds for which instants may be made up for: a week.
  public static let windows = 60...604_800

  public let times: FireTimes
  public var catchUp = CatchUp.none
  public var windowSeconds: Int64 = 86_400
  public var jitterSeconds: Int64 = 0
  /// Makes the jitter of one schedule differ from that of others.
  public var seed: UInt64 = 0

  public init(_ times: FireTimes) { self.times = times }

  /// What to do with an instant, and the one that is next.
  public struct Decision: Equatable, Sendable {
    public var isFired: Bool
    /// Seconds since 1970; nil when there is none any more.
    public var next: Int64?
  }

  /// - Parameters:
  ///   - instant: of the schedule, seconds since 1970; it is due.
  ///   - now: microseconds since 1970.
  public func decide(_ instant: Int64, now: Int64) -> Decision {
    // An instant that waits for the one before it, which its own jitter has moved further, is not late.
    let seconds = now / 1_000_000 - jitterSeconds
    let late = seconds - instant
    if late <= Self.graceSeconds { return Decision(isFired: true, next: times.next(after: instant)) }
    switch catchUp {
    case .none:
      return Decision(isFired: false, next: times.next(after: max(instant, seconds - Self.graceSeconds - 1)))
    case .last:
      let last = last(from: instant, until: seconds)
      if last == instant { return Decision(isFired: true, next: times.next(after: instant)) }
      return Decision(isFired: false, next: last)
    case .all:
      let window = max(windowSeconds, Self.graceSeconds)
      if late <= window { return Decision(isFired: true, next: times.next(after: instant)) }
      return Decision(isFired: false, next: times.next(after: max(instant, seconds - window - 1)))
    }
  }

  /// When an instant is fired: itself, moved by its jitter, which is always the same. Microseconds since
  /// 1970.
  public func due(_ instant: Int64) -> Int64 {
    guard jitterSeconds > 0 else { return instant * 1_000_000 }
    let milliseconds = Self.mixed(seed ^ UInt64(bitPattern: instant)) % UInt64(jitterSeconds * 1000)
    return instant * 1_000_000 + Int64(milliseconds) * 1000
  }

  /// The last instant of the schedule in a range that begins with one.
  private func last(from instant: Int64, until now: Int64) -> Int64 {
    // Whether another follows within the range is true up to the last but one, and false from there on.
    var low = instant - 1
    var high = now
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if let next = times.next(after: middle), next <= now { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The finalizer of SplitMix64: every input bit changes about half of the output bits.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
