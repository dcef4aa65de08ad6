import Flows
import Synchronization
import Testing

@testable import Connectors
@testable import Integrations

/// Limits of services: those that answers tell and those that are documented.
@Suite struct CallPacesTests {
  private let perMinute = [RateLimits.Static(requests: 2, seconds: 60)]

  private func reading(_ remaining: Int, resetsIn: Int64?) -> RateReading {
    RateReading(limit: nil, remaining: remaining, resetInMilliseconds: resetsIn)
  }

  @Test func `a documented limit lets so many calls through in its time`() {
    var state = CallPaces.State()
    #expect((0..<4).map { state.admit(perMinute, now: 1_000_000 + $0) } == [0, 0, 59_998, 59_997])
    #expect(state.admit(perMinute, now: 1_060_000) == 0)
  }

  @Test func `what remains is counted down until it begins anew`() {
    var state = CallPaces.State()
    state.note([reading(9, resetsIn: 50), reading(1, resetsIn: 5_000)], retryAfter: nil, now: 0)
    #expect(state.admit([], now: 1) == 0)
    #expect(state.admit([], now: 2) == 4_998)
    #expect(state.admit([], now: 5_000) == 0)
    #expect(state.admit([], now: 5_001) == 0, "nothing is known of the new time")
  }

  @Test func `nothing is sent before a service's own time`() {
    var state = CallPaces.State()
    state.note([reading(100, resetsIn: 1)], retryAfter: 30_000, now: 0)
    #expect(state.admit([], now: 10) == 29_990)
    state.note([], retryAfter: 5, now: 20)
    #expect(state.admit([], now: 25) == 29_975, "a shorter time does not take it back")
    #expect(state.admit([], now: 30_000) == 0)
  }

  @Test func `a short wait is waited for, a long one is told`() async throws {
    let clock = SleepingClock()
    let account = AccountReference(Identifier(high: 1, low: 1), in: Identifier(high: 2, low: 2))
    let pace = CallPaces(clock: clock).pace(account, [])
    await pace.note([], retryAfterMilliseconds: 1_500)
    try await pace.admit()
    #expect(clock.slept == [1_500_000])
    await pace.note([], retryAfterMilliseconds: 60_000)
    let failure = await #expect(throws: ConnectorFailure.self) { try await pace.admit() }
    #expect(failure?.failureClass == .rateLimited && failure?.retryAfterMilliseconds == 60_000)
    #expect(failure?.isRetryable == true && clock.slept.count == 1)
  }
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
