import Connectors
import Flows
import Synchronization

/// Keeps the calls of each account within its service's limits: those that its answers tell and those that it
/// documents. Shared by all calls of a process, which counts for itself; the mutex protects the counts.
final class CallPaces: Sendable {
  /// Longer waits are answered with `RATE_LIMITED` and the time.
  static let maximumWaitMilliseconds: Int64 = 2_000
  /// Accounts that are remembered; beyond it those without a wait are forgotten.
  static let maximumAccounts = 10_000

  struct State: Equatable {
    /// Nothing is sent before.
    var blockedUntil: Int64 = 0
    /// What an answer said that remains, until an instant.
    var remaining: Int?
    var resetsAt: Int64 = 0
    /// Of each documented limit: when its time began, and how many calls have been made in it.
    var windows: [(start: Int64, count: Int)] = []

    static func == (left: State, right: State) -> Bool {
      left.blockedUntil == right.blockedUntil && left.remaining == right.remaining
        && left.resetsAt == right.resetsAt && left.windows.map(\.count) == right.windows.map(\.count)
    }

    /// Milliseconds until a call may be made; a call that may be made at once is counted.
    mutating func admit(_ limits: [RateLimits.Static], now: Int64) -> Int64 {
      while windows.count < limits.count { windows.append((now, 0)) }
      var wait = max(0, blockedUntil - now)
      if let remaining, remaining <= 0 { wait = max(wait, resetsAt - now) }
      for (place, limit) in limits.enumerated() {
        let end = windows[place].start + Int64(limit.seconds) * 1000
        if now >= end { windows[place] = (now, 0) }
        if windows[place].count >= limit.requests { wait = max(wait, end - now) }
      }
      guard wait <= 0 else { return wait }
      if let left = remaining { remaining = now < resetsAt ? left - 1 : nil }
      for place in limits.indices { windows[place].count += 1 }
      return 0
    }

    mutating func note(_ readings: [RateReading], retryAfter: Int64?, now: Int64) {
      if let retryAfter { blockedUntil = max(blockedUntil, now + retryAfter) }
      let scarcest = readings.filter { $0.resetInMilliseconds != nil }.min { $0.remaining < $1.remaining }
      guard let scarcest, let reset = scarcest.resetInMilliseconds else { return }
      remaining = scarcest.remaining
      resetsAt = now + reset
    }
  }

  private let clock: any RunClock
  private let states = Mutex<[AccountReference: State]>([:])

  init(clock: any RunClock) { self.clock = clock }

  func pace(_ account: AccountReference, _ limits: [RateLimits.Static]) -> AccountPace {
    AccountPace(paces: self, account: account, limits: limits)
  }

  fileprivate func admit(
    _ account: AccountReference, _ limits: [RateLimits.Static]
  ) async throws(ConnectorFailure) {
    let giveUpAt = clock.nowMilliseconds + CallPaces.maximumWaitMilliseconds
    while true {
      let now = clock.nowMilliseconds
      let wait = states.withLock { states in
        if states.count > CallPaces.maximumAccounts { states = states.filter { $0.value.blockedUntil > now } }
        return states[account, default: State()].admit(limits, now: now)
      }
      if wait == 0 { return }
      guard now + wait <= giveUpAt else {
        var failure = ConnectorFailure(.rateLimited, "The service's limit is used up; it was not asked.")
        failure.retryAfterMilliseconds = wait
        throw failure
      }
      do {
        try await clock.sleep(microseconds: wait * 1000)
      } catch {
        throw ConnectorFailure(.unavailable, "The call was cancelled before it was made.")
      }
    }
  }

  fileprivate func note(_ account: AccountReference, _ readings: [RateReading], _ retryAfter: Int64?) {
    guard !readings.isEmpty || retryAfter != nil else { return }
    let now = clock.nowMilliseconds
    states.withLock { $0[account, default: State()].note(readings, retryAfter: retryAfter, now: now) }
  }
}

/// The pace of one account.
struct AccountPace: CallPacing {
  let paces: CallPaces
  let account: AccountReference
  let limits: [RateLimits.Static]

  func admit() async throws(ConnectorFailure) { try await paces.admit(account, limits) }

  func note(_ readings: [RateReading], retryAfterMilliseconds: Int64?) async {
    paces.note(account, readings, retryAfterMilliseconds)
  }
}
