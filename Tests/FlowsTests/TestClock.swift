import Flows
import Synchronization

/// A clock that stands still until a test moves it. The mutex protects all of it.
final class TestClock: RunClock {
  private struct Sleeper {
    let id: Int
    let until: Int64
    let length: Int64
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var microseconds: Int64 = 1_700_000_000_000_000
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
    var lastID = 0
    var waiters: [(length: Int64, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  func now() -> Instant { Instant(microseconds: monotonicMicroseconds()) }

  func monotonicMicroseconds() -> Int64 { state.withLock { $0.microseconds } }

  func sleep(microseconds: Int64) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (isCancelled, waiters) = state.withLock { state in
          if state.cancelled.remove(id) != nil { return (true, [CheckedContinuation<Void, Never>]()) }
          state.sleepers.append(
            Sleeper(
              id: id, until: state.microseconds + microseconds, length: microseconds,
              continuation: continuation))
          let woken = state.waiters.filter { $0.length == microseconds }.map(\.continuation)
          state.waiters.removeAll { $0.length == microseconds }
          return (false, woken)
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        for waiter in waiters { waiter.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: place)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves the time forward to an instant.
  func advance(to instant: Instant) {
    let microseconds = instant.microseconds(since: now())
    advance(milliseconds: (microseconds + 999) / 1000)
  }

  /// Moves the time and wakes whoever has slept long enough.
  func advance(milliseconds: Int64) {
    let due = state.withLock { state in
      state.microseconds += milliseconds * 1000
      let due = state.sleepers.filter { $0.until <= state.microseconds }
      state.sleepers.removeAll { $0.until <= state.microseconds }
      return due
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  /// Returns when somebody sleeps for exactly so long.
  func waitForSleeper(milliseconds: Int64) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.sleepers.contains(where: { $0.length == milliseconds * 1000 }) { return true }
        state.waiters.append((milliseconds * 1000, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}
