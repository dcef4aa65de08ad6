import Synchronization

/// Whether this process may still act for the runs it holds, by its own monotonic clock.
///
/// Shared by a worker and its drivers; the mutex protects it. The store's lease begins after the heartbeat
/// was sent, so a process that counts from the sending stops before the store gives its runs to another.
final class LeaseFence: Sendable {
  private struct State {
    var heldUntil: Int64 = .min
    var isClosed = false
  }

  private let clock: any RunClock
  private let state = Mutex(State())

  init(clock: any RunClock) {
    self.clock = clock
  }

  var isHeld: Bool {
    let now = clock.monotonicMicroseconds()
    return state.withLock { !$0.isClosed && now < $0.heldUntil }
  }

  /// A heartbeat that was sent at `sentAt` by the monotonic clock has been answered.
  func renewed(sentAt: Int64, leaseMilliseconds: Int64) {
    // A tenth less than the lease, because two clocks never run quite alike.
    state.withLock { $0.heldUntil = sentAt + leaseMilliseconds * 900 }
  }

  /// Nothing may be committed any more: the process stops.
  func close() {
    state.withLock { $0.isClosed = true }
  }
}
