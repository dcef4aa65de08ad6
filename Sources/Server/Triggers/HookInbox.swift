import Postgres
import Storage
import Synchronization

/// Stores what webhooks receive, many requests in one commit: those that arrive while commits are under way
/// share the next one, and each is answered after its own. The lock protects the state.
final class HookInbox: Sendable {
  typealias Outcome = ReceivedStore.Outcome

  /// More would wait than a sender has patience for.
  struct Full: Error {}

  private struct Waiting {
    var arrival: ReceivedStore.Arrival
    var continuation: CheckedContinuation<Outcome, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var bytes = 0
    var commits = 0
  }

  /// Commits under way at once: while the disk works for one, Postgres does for the other. The second one
  /// begins when so many wait: a few are better stored together.
  static let maximumCommits = 2
  static let secondCommitFill = 24
  /// Requests in one commit.
  static let maximumBatch = 200
  static let maximumWaiting = 10_000
  static let maximumWaitingBytes = 64 << 20

  private let store: ReceivedStore
  private let state = Mutex(State())

  init(store: ReceivedStore) { self.store = store }

  /// Returns when the commit is acknowledged.
  /// - Throws: `Full`; `PostgresError` when nothing was stored, or nobody knows.
  func accept(_ arrival: ReceivedStore.Arrival) async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
      let verdict = state.withLock { state -> (isFull: Bool, mustCommit: Bool) in
        let size = arrival.input.utf8.count
        guard state.waiting.count < HookInbox.maximumWaiting,
          state.bytes + size <= HookInbox.maximumWaitingBytes
        else { return (true, false) }
        state.waiting.append(Waiting(arrival: arrival, continuation: continuation))
        state.bytes += size
        guard
          state.commits == 0
            || (state.commits < HookInbox.maximumCommits && state.waiting.count >= HookInbox.secondCommitFill)
        else { return (false, false) }
        state.commits += 1
        return (false, true)
      }
      if verdict.isFull { continuation.resume(throwing: Full()) }
      if verdict.mustCommit { Task { await commitAll() } }
    }
  }

  /// Commits until nothing waits.
  private func commitAll() async {
    while let batch = next() {
      do {
        let outcomes = try await store.accept(batch.map(\.arrival))
        for (waiting, outcome) in zip(batch, outcomes) { waiting.continuation.resume(returning: outcome) }
      } catch let error where batch.count > 1 && HookInbox.concernsOne(error) {
        for waiting in batch { await commit(waiting) }
      } catch {
        for waiting in batch { waiting.continuation.resume(throwing: error) }
      }
    }
  }

  private func next() -> [Waiting]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.commits -= 1
        return nil
      }
      let batch = Array(state.waiting.prefix(HookInbox.maximumBatch))
      state.waiting.removeFirst(batch.count)
      state.bytes -= batch.reduce(0) { $0 + $1.arrival.input.utf8.count }
      return batch
    }
  }

  private func commit(_ waiting: Waiting) async {
    do {
      let outcome = try await store.accept([waiting.arrival])[0]
      waiting.continuation.resume(returning: outcome)
    } catch {
      waiting.continuation.resume(throwing: error)
    }
  }

  /// Whether Postgres refused the statement, be it for one row of it: the others must not suffer.
  private static func concernsOne(_ error: any Error) -> Bool {
    (error as? PostgresError)?.code == .server
  }
}
