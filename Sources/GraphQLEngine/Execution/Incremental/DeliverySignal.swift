import Synchronization

/// Wakes the run of an incremental response: a level is complete, items have arrived, or nobody waits for it
/// any more. Shared by threads; one task waits at a time.
final class DeliverySignal: Sendable {
  /// What one reading of a sequence brought.
  struct Arrival: Sendable {
    /// The id of the stream.
    var stream: Int
    /// nil at the end of the sequence.
    var result: Result<Column?, any Error>
  }

  private struct State: ~Copyable {
    var isRung = false
    var arrivals: [Arrival] = []
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Wakes who waits, or who waits next.
  func ring() {
    let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
      state.isRung = true
      let waiter = state.waiter
      state.waiter = nil
      return waiter
    }
    waiter?.resume()
  }

  func post(_ arrival: Arrival) {
    state.withLock { $0.arrivals.append(arrival) }
    ring()
  }

  /// What has arrived. Its number is bounded by that of the open streams.
  func takeArrivals() -> [Arrival] {
    state.withLock { state in
      let taken = state.arrivals
      state.arrivals = []
      return taken
    }
  }

  /// Returns when it was rung since the last wait ended.
  func wait() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isFree = state.withLock { state in
        if state.isRung { return true }
        state.waiter = continuation
        return false
      }
      if isFree { continuation.resume() }
    }
    state.withLock { $0.isRung = false }
  }
}
