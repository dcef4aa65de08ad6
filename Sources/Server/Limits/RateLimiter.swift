import Flows
import Outbound
import Resolvers
import Synchronization

/// Counts the executions that each client asks for, and says when it has had enough.
///
/// A sliding window: the last window's count fades out as the current one fills, so that no moment lets twice
/// the limit through. Counts live in Redis where there is one, else in this process, where the lock protects
/// them.
final class RateLimiter: Sendable {
  /// Who is counted.
  enum Subject: Hashable, Sendable {
    /// Without signing in: an address, of IPv6 its first half, which is one household or machine.
    case address(IPAddress)
    case user(Identifier)
    case apiKey(Identifier)
    /// What is sent to an incoming webhook, whoever sends it.
    case trigger(Identifier)

    /// The API key or the user; without one the address, if it is known.
    static func of(_ viewer: Viewer?, _ address: IPAddress?) -> Subject? {
      guard let viewer else { return address.map { .address($0) } }
      return viewer.apiKey.map { .apiKey($0.id) } ?? .user(viewer.userID)
    }
  }

  /// So many in so much time.
  struct Preset: Sendable, Equatable {
    var name: String
    var limit: Int
    var window: Duration
  }

  struct Settings: Sendable {
    var isEnabled: Bool
    var address: Preset
    var user: Preset
    var apiKey: Preset
    var trigger = Preset(name: "webhook", limit: 60_000, window: .seconds(60))

    fileprivate func preset(of subject: Subject) -> Preset {
      switch subject {
      case .address: address
      case .user: user
      case .apiKey: apiKey
      case .trigger: trigger
      }
    }
  }

  /// What a client is told, whether it may go on or not.
  struct Verdict: Sendable, Equatable {
    var preset: Preset
    var remaining: Int
    /// Until the current window ends, in whole seconds.
    var resetSeconds: Int
    /// How long to wait; nil when the request may go on.
    var retrySeconds: Int?
  }

  /// Further subjects make the stale ones go; when none is stale all counts begin anew.
  static let maximumSubjects = 100_000

  /// What was found when a request was counted, or not.
  struct State: Sendable, Equatable {
    var isAllowed: Bool
    /// Executions of the current window, with those of this request if it is allowed, and of the last one.
    var current: Double
    var previous: Double
    /// How much of the current window has passed, from 0 to 1.
    var passed: Double
  }

  private struct Count {
    var window: Int
    var current = 0.0
    var previous = 0.0

    mutating func advance(to window: Int) {
      guard window > self.window else { return }
      previous = window == self.window + 1 ? current : 0
      current = 0
      self.window = window
    }
  }

  private let settings: Settings
  private let start: ContinuousClock.Instant
  private let counts = Mutex<[Subject: Count]>([:])
  private let shared: RedisRateCounts?

  init(_ settings: Settings, shared: RedisRateCounts? = nil, start: ContinuousClock.Instant = .now) {
    self.settings = settings
    self.shared = shared
    self.start = start
  }

  /// Counts a request with so many executions, unless that would be too many: then nothing is counted. Nil
  /// when limits are off, or nobody is known who could be counted.
  nonisolated(nonsending) func take(
    _ subject: Subject?, count: Int, now: ContinuousClock.Instant = .now
  ) async -> Verdict? {
    guard settings.isEnabled, let subject = subject.map(RateLimiter.counted) else { return nil }
    let preset = settings.preset(of: subject)
    if let state = await shared?.take(subject, preset, count: count) { return state.verdict(preset, count) }
    return takeHere(subject, preset, count: count, now: now).verdict(preset, count)
  }

  /// In this process's memory.
  private func takeHere(
    _ subject: Subject, _ preset: Preset, count: Int, now: ContinuousClock.Instant
  ) -> State {
    let elapsed = (now - start) / preset.window
    let window = Int(elapsed)
    let passed = elapsed - Double(window)
    return counts.withLock { counts in
      var entry = counts[subject] ?? Count(window: window)
      entry.advance(to: window)
      let used = entry.current + entry.previous * (1 - passed)
      // What has faded is a fraction: who waited as long as told must not fail by its last bit.
      let isAllowed = used + Double(count) <= Double(preset.limit) + 1e-6
      if isAllowed { entry.current += Double(count) }
      if counts[subject] == nil, counts.count >= RateLimiter.maximumSubjects { makeRoom(&counts, now) }
      counts[subject] = entry
      return State(isAllowed: isAllowed, current: entry.current, previous: entry.previous, passed: passed)
    }
  }

  private static func counted(_ subject: Subject) -> Subject {
    guard case .address(.v6(let high, _)) = subject else { return subject }
    return .address(.v6(high: high, low: 0))
  }

  private func makeRoom(_ counts: inout [Subject: Count], _ now: ContinuousClock.Instant) {
    counts = counts.filter { subject, count in
      count.window >= Int((now - start) / settings.preset(of: subject).window) - 1
    }
    if counts.count >= RateLimiter.maximumSubjects { counts.removeAll() }
  }
}

extension RateLimiter.State {
  /// What the client is told of it.
  fileprivate func verdict(_ preset: RateLimiter.Preset, _ count: Int) -> RateLimiter.Verdict {
    let seconds = preset.window / .seconds(1)
    let left = Double(preset.limit) - current - previous * (1 - passed)
    return RateLimiter.Verdict(
      preset: preset, remaining: max(0, Int(left)), resetSeconds: Int(((1 - passed) * seconds).rounded(.up)),
      retrySeconds: isAllowed ? nil : wait(for: count, preset.limit, seconds))
  }

  /// Whole seconds until so many are allowed: when enough of the last window has faded, or of this one in the
  /// next. More than the limit at once is never allowed; then it is the time until nothing is left.
  private func wait(for count: Int, _ limit: Int, _ windowSeconds: Double) -> Int {
    let room = max(0, Double(limit - count))
    var share = 2 - passed
    if current <= room, previous > 0 {
      share = 1 - (room - current) / previous - passed
    } else if current > 0 {
      share = 1 - passed + max(0, 1 - room / current)
    }
    return max(1, Int((share * windowSeconds).rounded(.up)))
  }
}
