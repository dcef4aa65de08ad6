import Flows
import Storage
import Synchronization
import Testing

@testable import Connectors
@testable import Integrations

/// Limits of services: those that answers tell and those that are documented.
@Suite struct CallPacesTests {
  private let account = AccountReference(Identifier(high: 1, low: 1), in: Identifier(high: 2, low: 2))

  private func reading(_ remaining: Int, resetsIn: Int64?, of limit: Int? = nil) -> RateReading {
    RateReading(limit: limit, remaining: remaining, resetInMilliseconds: resetsIn)
  }

  /// Milliseconds that a call waits; 0 when it is made.
  private func call(_ told: inout ToldLimits, _ now: Int64) -> Int64 {
    if let wait = told.wait(now) { return wait }
    told.count(now)
    return 0
  }

  @Test func `what remains is counted down until it begins anew`() {
    var told = ToldLimits()
    _ = told.note([reading(9, resetsIn: 50), reading(1, resetsIn: 5_000)], retryAfter: nil, now: 0)
    // The last finds nothing known of the new time.
    let waits = [1, 2, 5_000, 5_001].map { call(&told, $0) }
    #expect(waits == [0, 4_998, 0, 0])
  }

  @Test func `nothing is sent before a service's own time`() {
    var told = ToldLimits()
    let news = told.note([reading(100, resetsIn: 1)], retryAfter: 30_000, now: 0)
    #expect(news == ToldPace(blockedUntil: Instant(milliseconds: 30_000)))
    let first = call(&told, 10)
    #expect(first == 29_990)
    let shorter = told.note([], retryAfter: 5, now: 20)
    #expect(shorter == nil)
    // A shorter time does not take it back.
    let waits = [25, 30_000].map { call(&told, $0) }
    #expect(waits == [29_975, 0])
  }

  @Test func `others are told when little remains, and when that is over`() {
    var told = ToldLimits()
    func news(_ remaining: Int, of limit: Int?) -> ToldPace? {
      told.note([reading(remaining, resetsIn: 9_000, of: limit)], retryAfter: nil, now: 1)
    }
    #expect(news(63, of: 1_000) == nil)
    let scarce = news(62, of: 1_000)
    #expect(scarce?.remaining == 62 && scarce?.resetsAt == Instant(milliseconds: 9_001))
    #expect(news(400, of: 1_000)?.remaining == 400)
    #expect(news(399, of: 1_000) == nil)
    #expect(news(5, of: nil) == nil)
    #expect(news(4, of: nil) != nil)
  }

  @Test func `what another process was told counts when it was told later`() throws {
    var one = ToldLimits()
    var other = ToldLimits()
    _ = other.note([reading(50, resetsIn: 9_000)], retryAfter: nil, now: 100)
    let told = one.note([reading(0, resetsIn: 5_000)], retryAfter: nil, now: 200)
    let news = try #require(told)
    other.learn(news)
    #expect(other.wait(201) == 4_999)
    _ = other.note([reading(50, resetsIn: 9_000)], retryAfter: nil, now: 300)
    other.learn(news)
    #expect(other.wait(301) == nil, "its own answer is newer")
  }

  @Test func `a short wait is waited for, a long one is told`() async throws {
    let clock = SleepingClock()
    let pace = CallPaces(clock: clock, shares: TestShares(clock)).pace(account, [])
    await pace.note([], retryAfterMilliseconds: 1_500)
    try await pace.admit()
    #expect(clock.slept == [1_500_000])
    await pace.note([], retryAfterMilliseconds: 60_000)
    let failure = await #expect(throws: ConnectorFailure.self) { try await pace.admit() }
    #expect(failure?.failureClass == .rateLimited && failure?.retryAfterMilliseconds == 60_000)
    #expect(failure?.isRetryable == true && clock.slept.count == 1)
  }

  @Test func `a process that uses its shares up asks for larger ones`() async throws {
    let clock = SleepingClock()
    let shares = TestShares(clock, calls: 100)
    let pace = CallPaces(clock: clock, shares: shares)
      .pace(account, [RateLimits.Static(requests: 100, seconds: 60)])
    for _ in 0..<100 { try await pace.admit() }
    #expect(shares.asked.map(\.calls) == [1, 2, 4, 8, 16, 32, 64])
    let failure = await #expect(throws: ConnectorFailure.self) { try await pace.admit() }
    #expect(failure?.failureClass == .rateLimited)
    // For a second nobody asks again; then somebody may have given something back.
    let count = shares.asked.count
    _ = await #expect(throws: ConnectorFailure.self) { try await pace.admit() }
    #expect(shares.asked.count == count)
    try await clock.sleep(microseconds: 1_000_000)
    _ = await #expect(throws: ConnectorFailure.self) { try await pace.admit() }
    #expect(shares.asked.count == count + 1)
  }

  @Test func `what is left of a share is given back when its time is over`() async throws {
    let clock = SleepingClock()
    let shares = TestShares(clock, calls: 100)
    let pace = CallPaces(clock: clock, shares: shares)
      .pace(account, [RateLimits.Static(requests: 100, seconds: 60)])
    for _ in 0..<4 { try await pace.admit() }
    try await clock.sleep(microseconds: 60_000_000)
    try await pace.admit()
    #expect(shares.asked.map(\.calls) == [1, 2, 4, 1])
    #expect(shares.asked.last?.unspent == 3)
    #expect(shares.asked.last?.starts == [7])
  }

  @Test func `calls at once ask once, and wait for the answer together`() async throws {
    let clock = SleepingClock()
    let shares = TestShares(clock, calls: 64, atLeast: 64)
    let pace = CallPaces(clock: clock, shares: shares)
      .pace(account, [RateLimits.Static(requests: 64, seconds: 60)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<64 { group.addTask { try await pace.admit() } }
      try await group.waitForAll()
    }
    #expect(shares.asked.count == 1)
  }

  @Test func `an unreadable limit is told, and asked for again`() async throws {
    let clock = SleepingClock()
    let shares = TestShares(clock, calls: 1)
    let pace = CallPaces(clock: clock, shares: shares)
      .pace(account, [RateLimits.Static(requests: 1, seconds: 60)])
    shares.fails.withLock { $0 = true }
    let failure = await #expect(throws: ConnectorFailure.self) { try await pace.admit() }
    #expect(failure?.failureClass == .unavailable)
    shares.fails.withLock { $0 = false }
    try await pace.admit()
  }
}

/// Gives so many calls in all, for a minute each time.
private final class TestShares: CallShares {
  struct Broken: Error {}

  let fails = Mutex(false)
  private let clock: SleepingClock
  private let atLeast: Int
  private let state: Mutex<(left: Int, asked: [CallShare.Request])>

  init(_ clock: SleepingClock, calls: Int = 0, atLeast: Int = 0) {
    self.clock = clock
    self.atLeast = atLeast
    state = Mutex((calls, []))
  }

  var asked: [CallShare.Request] { state.withLock { $0.asked } }

  func takeCalls(_ request: CallShare.Request, of account: AccountReference) async throws -> CallShare? {
    if fails.withLock({ $0 }) { throw Broken() }
    let end = clock.now().advanced(byMilliseconds: 60_000)
    return state.withLock { state in
      state.asked.append(request)
      let calls = min(state.left, max(atLeast, request.calls))
      state.left -= calls
      return CallShare(calls: calls, starts: [7], endsAt: end, fullUntil: calls == 0 ? end : nil)
    }
  }

  func tell(_ told: ToldPace, of account: AccountReference) async throws {}
}

/// A clock that goes on when one sleeps.
private final class SleepingClock: RunClock {
  private let state = Mutex((now: Int64(0), slept: [Int64]()))

  var slept: [Int64] { state.withLock { $0.slept } }

  func now() -> Instant { Instant(microseconds: state.withLock { $0.now }) }
  func monotonicMicroseconds() -> Int64 { now().microseconds }
  func sleep(microseconds: Int64) async throws {
    state.withLock {
      $0.now += microseconds
      $0.slept.append(microseconds)
    }
  }
}
