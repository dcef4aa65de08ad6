import Flows
import Glibc

/// The system's clocks.
struct SystemRunClock: RunClock {
  func now() -> Instant {
    let now = Instant(microseconds: SystemRunClock.microseconds(CLOCK_REALTIME))
    #if DEBUG
      return now.advanced(byMilliseconds: SystemRunClock.injectedMilliseconds)
    #else
      return now
    #endif
  }

  #if DEBUG
    /// How wrong a test wants the clock to be: the number in the file that `STUDIO_CLOCK_FILE` names.
    private static var injectedMilliseconds: Int64 {
      guard let name = getenv("STUDIO_CLOCK_FILE"), let file = fopen(name, "r") else { return 0 }
      defer { fclose(file) }
      var text = [CChar](repeating: 0, count: 32)
      guard fgets(&text, 31, file) != nil else { return 0 }
      return Int64(atoll(text))
    }
  #endif

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
