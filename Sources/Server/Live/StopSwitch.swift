import Synchronization

/// Ends work from outside: a deadline or the end of a connection cancels the task that does it.
final class StopSwitch: Sendable {
  private struct State {
    var isStopped = false
    var wasTold = false
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Whether this was asked before: the one who hears false tells the client.
  func wasTold() -> Bool {
    state.withLock { state in
      defer { state.wasTold = true }
      return state.wasTold
    }
  }

  func stop() {
    let cancel = state.withLock { state in
      state.isStopped = true
      return state.cancel
    }
    cancel?()
  }

  /// What `work` gives, in a task that is cancelled with the caller's and when the switch is thrown; nil
  /// then, or when it was thrown before. One piece of work at a time.
  ///
  /// - Parameter isFinished: whether work that has begun goes on when the caller's task is cancelled, and
  ///   ends by the switch alone.
  func value<Value: Sendable>(
    isFinished: Bool = false, _ work: @escaping @Sendable () async -> Value?
  ) async -> Value? {
    let isWanted = !Task.isCancelled
    let task = Task { await work() }
    let isStopped = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.isStopped
    }
    if isStopped || !isWanted { task.cancel() }
    let value = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      if !isFinished { task.cancel() }
    }
    return state.withLock { state in
      state.cancel = nil
      return state.isStopped ? nil : value
    }
  }
}
