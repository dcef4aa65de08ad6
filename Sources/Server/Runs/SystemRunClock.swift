import Flows
import Glibc

/// The system's clocks.
struct SystemRunClock: RunClock {
  func now() -> Instant { Instant(microseconds: SystemRunClock.microseconds(CLOCK_REALTIME)) }

  /// CLOCK_BOOTTIME goes on while the machine sleeps (clock_gettime(2)), so a lease that ran out meanwhile is
  /// seen.
  func monotonicMicroseconds() -> Int64 { SystemRunClock.microseconds(CLOCK_BOOTTIME) }

  func sleep(microseconds: Int64) async throws {
    try await Task.sleep(for: .microseconds(max(0, microseconds)))
  }

  private static func microseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
