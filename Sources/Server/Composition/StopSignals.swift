import Glibc
import ServiceLifecycle
import UnixSignals

/// Ctrl-C and SIGTERM: the first asks the group to stop, the second ends the process at once.
enum StopSignals {
  /// Returns when the signals are caught; the watch lasts as long as the process.
  static func watch(_ signals: [UnixSignal], group: ServiceGroup) async {
    let arriving = await UnixSignalsSequence(trapping: signals)
    Task {
      var isStopping = false
      for await signal in arriving {
        if isStopping { _exit(128 + signal.rawValue) }
        isStopping = true
        await group.triggerGracefulShutdown()
      }
    }
  }
}
