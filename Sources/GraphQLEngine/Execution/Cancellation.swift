import Synchronization

/// Tells an execution, from any thread, that nobody waits for it any more.
public final class Cancellation: Sendable {
  private struct State: ~Copyable {
    var isCancelled = false
    var gate: LevelGate?
    var followers: [Int: @Sendable () -> Void] = [:]
    var nextFollower = 0
  }

  private let state = Mutex(State())

  public init() {}

  /// Whether it was told to end.
  public var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Gives up what is under way; the response says so. Later calls have no effect.
  public func cancel() {
    let (gate, followers) = state.withLock { state in
      state.isCancelled = true
      defer {
        state.gate = nil
        state.followers = [:]
      }
      return (state.gate, Array(state.followers.values))
    }
    gate?.open()
    for follow in followers { follow() }
  }

  /// The gate to open when it is cancelled: that of one execution.
  func watch(_ gate: LevelGate) {
    let isCancelled = state.withLock { state in
      state.gate = gate
      return state.isCancelled
    }
    if isCancelled { gate.open() }
  }

  /// Calls `body` once it is cancelled, at once where it is already; until then `forget` takes it back.
  func follow(_ body: @escaping @Sendable () -> Void) -> Int {
    let (number, isCancelled) = state.withLock { state in
      state.nextFollower += 1
      if !state.isCancelled { state.followers[state.nextFollower] = body }
      return (state.nextFollower, state.isCancelled)
    }
    if isCancelled { body() }
    return number
  }

  func forget(_ follower: Int) {
    state.withLock { $0.followers[follower] = nil }
  }

  /// Runs `body` as a task that is cancelled with this, and with the calling task.
  func running<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await body() }
    let follower = follow { task.cancel() }
    defer { forget(follower) }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}
