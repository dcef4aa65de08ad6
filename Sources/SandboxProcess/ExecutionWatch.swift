import CJavaScriptCore
import Glibc

/// Ends a script that has used its processor time. The machine calls back on the process's one thread; the
/// interpreter owns this for as long as the machine lives.
final class ExecutionWatch {
  /// How often the machine asks, in seconds of processor time.
  private static let interval = 0.01
  private let group: JSContextGroupRef
  private var deadlineNanoseconds: UInt64 = .max
  /// Whether the present script was ended.
  private(set) var hasExpired = false

  init(group: JSContextGroupRef) { self.group = group }

  /// Starts the time of one script.
  func arm(microseconds: UInt64) {
    hasExpired = false
    deadlineNanoseconds = Self.now() + min(microseconds, 3_600_000_000) * 1000
    schedule()
  }

  /// Asks the machine to call back once; a limit is used up by its callback.
  private func schedule() {
    JSContextGroupSetExecutionTimeLimit(
      group, Self.interval,
      { _, data in
        guard let data else { return true }
        return Unmanaged<ExecutionWatch>.fromOpaque(data).takeUnretainedValue().mustEnd()
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether the script must end; otherwise asks to be called again.
  private func mustEnd() -> Bool {
    hasExpired = hasExpired || Self.now() >= deadlineNanoseconds
    if !hasExpired { schedule() }
    return hasExpired
  }

  /// Processor time of this thread.
  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
