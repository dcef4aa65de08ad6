import Synchronization

/// Bounds what requests with several events hold while they are stored. Each is a commit of its own: it is
/// a batch already. The lock protects the state.
final class EventGroups: Sendable {
  /// Requests at once; more wait at their senders.
  static let maximumRequests = 16
  static let maximumBytes = 64 << 20

  private struct State {
    var requests = 0
    var bytes = 0
  }

  private let state = Mutex(State())

  /// False when there are too many; else the caller leaves when they are stored.
  func enter(bytes: Int) -> Bool {
    state.withLock { state in
      guard state.requests < EventGroups.maximumRequests,
        state.bytes + bytes <= EventGroups.maximumBytes
      else { return false }
      state.requests += 1
      state.bytes += bytes
      return true
    }
  }

  func leave(bytes: Int) {
    state.withLock { state in
      state.requests -= 1
      state.bytes -= bytes
    }
  }
}
