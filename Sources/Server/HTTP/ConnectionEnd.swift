import NIOCore
import Synchronization

/// The end of an HTTP connection, for those who work for its request: a client that hangs up needs no answer.
///
/// Told on the connection's event loop, asked from the tasks of its requests; the lock protects who wants to
/// know.
final class ConnectionEnd: Sendable {
  /// Of the connection whose request the current task serves.
  @TaskLocal static var current: ConnectionEnd?

  enum Reason: Sendable {
    case hungUp
    /// The server is about to stop: what would go on for long ends.
    case stopping
  }

  private struct State {
    var reason: Reason?
    var actions: [UInt64: @Sendable (Reason) -> Void] = [:]
    var nextID: UInt64 = 0
  }

  /// Runs the tasks of the connection's requests.
  let executor: EventLoopExecutor
  private let channel: any Channel
  private let state = Mutex(State())

  init(channel: any Channel) {
    self.channel = channel
    executor = EventLoopExecutor.of(channel.eventLoop)
  }

  /// Calls `action` when the end comes, or at once when it has come; what it gives is for `forget`.
  func whenOver(_ action: @escaping @Sendable (Reason) -> Void) -> UInt64 {
    let (id, reason) = state.withLock { state in
      state.nextID += 1
      state.actions[state.nextID] = action
      return (state.nextID, state.reason)
    }
    if let reason { action(reason) }
    return id
  }

  func forget(_ id: UInt64) { state.withLock { _ = $0.actions.removeValue(forKey: id) } }

  /// Cuts the connection off.
  func close() { channel.close(promise: nil) }

  /// `DirectExchange` hears it.
  func tell(_ reason: Reason) {
    let actions = state.withLock { state in
      state.reason = reason
      return Array(state.actions.values)
    }
    for action in actions { action(reason) }
  }
}
