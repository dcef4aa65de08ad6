import Synchronization

/// What a batch gives back at once: its column, or a promise of it.
public enum Resolution: Sendable {
  case ready(Column)
  case pending(Ticket)

  /// Runs an async closure as one task for the whole batch. The task is cancelled with the execution.
  ///
  /// With an executor, which must be the caller's, the closure begins at once and goes on there: no other
  /// thread has to be woken.
  public static func async(
    on executor: (any ImmediateTaskExecutor)? = nil, _ body: @escaping @Sendable () async throws -> Column
  ) -> Resolution {
    let slot = TaskSlot()
    let ticket = Ticket { slot.cancel() }
    let settle: @Sendable () async -> Void = {
      do {
        let column = try await body()
        slot.finish()
        ticket.fulfill(column)
      } catch {
        slot.finish()
        ticket.fail(error)
      }
    }
    slot.set(executor.map { $0.begin(settle) } ?? Task(operation: settle))
    return .pending(ticket)
  }
}

/// A promise of a column: fulfilled once, from any thread, in any order with others.
///
/// The last ticket of a level goes on with the execution, on the thread that settles it. A cancelled
/// execution calls `onCancel` and ignores what comes.
public final class Ticket: Sendable {
  private struct State: ~Copyable {
    var result: Result<Column, any Error>?
    var gate: LevelGate?
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let onCancel: (@Sendable () -> Void)?

  /// `onCancel` is called at most once, and never after the ticket was fulfilled.
  public init(onCancel: (@Sendable () -> Void)? = nil) { self.onCancel = onCancel }

  /// Delivers the column. Later calls have no effect.
  public func fulfill(_ column: Column) { settle(.success(column)) }

  /// Fails the whole batch: every parent's field has this error. Later calls have no effect.
  public func fail(_ error: any Error) { settle(.failure(error)) }

  private func settle(_ result: Result<Column, any Error>) {
    let gate: LevelGate? = state.withLock { state in
      guard state.result == nil, !state.isCancelled else { return nil }
      state.result = result
      let gate = state.gate
      state.gate = nil
      return gate
    }
    gate?.arrive()
  }

  /// Counts this ticket into a gate; false when it is fulfilled already.
  func wait(for gate: LevelGate) -> Bool {
    state.withLock { state in
      guard state.result == nil else { return false }
      gate.expect()
      state.gate = gate
      return true
    }
  }

  /// The result, once there is one.
  var result: Result<Column, any Error>? { state.withLock { $0.result } }

  /// Gives the ticket up.
  func cancel() {
    let isOpen = state.withLock { state in
      guard state.result == nil, !state.isCancelled else { return false }
      state.isCancelled = true
      state.gate = nil
      return true
    }
    if isOpen { onCancel?() }
  }
}

/// Counts the tickets of one level and lets the one waiting execution go on when all are settled, or it is
/// cancelled.
final class LevelGate: Sendable {
  private struct State: ~Copyable {
    var outstanding = 0
    var isOpen = false
    var observer: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Whether waiting would end at once.
  var isPassable: Bool { state.withLock { $0.isOpen || $0.outstanding == 0 } }

  /// Calls `body` once, as soon as the gate can be passed.
  func whenPassable(_ body: @escaping @Sendable () -> Void) {
    let isPassable = state.withLock { state in
      if state.isOpen || state.outstanding == 0 { return true }
      state.observer = body
      return false
    }
    if isPassable { body() }
  }

  /// One more ticket. Called before the execution waits.
  func expect() { state.withLock { $0.outstanding += 1 } }

  /// A ticket is settled.
  func arrive() {
    release { state in
      state.outstanding -= 1
      return state.outstanding == 0
    }
  }

  /// Lets the execution go on although tickets are open; every later wait returns at once.
  func open() {
    release { state in
      state.isOpen = true
      return true
    }
  }

  private func release(_ change: (inout State) -> Bool) {
    let observer: (@Sendable () -> Void)? = state.withLock { state in
      guard change(&state) else { return nil }
      return state.observer.take()
    }
    observer?()
  }
}

/// Holds the task of `Resolution.async` for its cancellation, as long as it works for it.
final class TaskSlot: Sendable {
  private struct State: ~Copyable {
    var task: Task<Void, Never>?
    var isCancelled = false
    var isFinished = false
  }

  private let state = Mutex(State())

  func set(_ task: Task<Void, Never>) {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.task = task
      if state.isCancelled { task.cancel() }
    }
  }

  /// Cancels under the lock: afterwards the task may have other work.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.task?.cancel()
    }
  }

  /// The work is over, whether its outcome is told or not.
  func finish() {
    state.withLock { state in
      state.isFinished = true
      state.task = nil
    }
  }
}
