import Postgres
import Storage
import Synchronization

/// Stores what webhooks receive, many requests in one commit: those that arrive while commits are under way
/// share the next one, and each is answered after its own. The next one waits for nobody: while Postgres
/// works for those who were there, the server does for those who come. Requests whose runs have been driven
/// share none with others. The lock protects the state.
final class HookInbox: Sendable {
  typealias Outcome = ReceivedStore.Outcome

  /// More would wait than a sender has patience for.
  struct Full: Error {}

  private struct Waiting {
    var arrival: ReceivedStore.Arrival
    var continuation: CheckedContinuation<Outcome, any Error>
  }

  /// What becomes of a request that arrives: too much waits already, it waits, or the next commit goes.
  private enum Place { case full, waits, commits }

  private struct State {
    var waiting: [Waiting] = []
    var bytes = 0
    var commits = 0

    mutating func take(_ new: Waiting) -> Place {
      let size = new.arrival.input.utf8.count
      guard waiting.count < HookInbox.maximumWaiting, bytes + size <= HookInbox.maximumWaitingBytes else {
        return .full
      }
      waiting.append(new)
      bytes += size
      guard
        commits == 0 || (commits < HookInbox.maximumCommits && waiting.count >= HookInbox.secondCommitFill)
      else { return .waits }
      commits += 1
      return .commits
    }

    /// Those of the next commit; nil when none waits, and one commit less is under way.
    mutating func next() -> [Waiting]? {
      guard !waiting.isEmpty else {
        commits -= 1
        return nil
      }
      let batch = takeBatch()
      bytes -= batch.reduce(0) { $0 + $1.arrival.input.utf8.count }
      return batch
    }

    /// The first that wait, without those that another statement stores.
    private mutating func takeBatch() -> [Waiting] {
      let isDriven = waiting.first?.arrival.isDriven
      var (batch, passed): ([Waiting], [Waiting]) = ([], [])
      for each in waiting {
        guard batch.count < HookInbox.maximumBatch else { break }
        each.arrival.isDriven == isDriven ? batch.append(each) : passed.append(each)
      }
      waiting.replaceSubrange(..<(batch.count + passed.count), with: passed)
      return batch
    }
  }

  /// Commits under way at once: while the disk works for one, Postgres does for the other. The second one
  /// begins when so many wait: a few are better stored together.
  static let maximumCommits = 2
  static let secondCommitFill = 24
  /// Requests in one commit.
  static let maximumBatch = 200
  static let maximumWaiting = 10_000
  static let maximumWaitingBytes = 64 << 20

  private let store: Store
  private let state = Mutex(State())

  /// Stores arrivals in one commit and calls back once: outcomes in their order.
  typealias Store =
    @Sendable ([ReceivedStore.Arrival], @escaping @Sendable (Result<[Outcome], PostgresError>) -> Void) ->
    Void

  init(store: @escaping Store) { self.store = store }

  /// Those that wait for a commit.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Returns when the commit is acknowledged.
  /// - Throws: `Full`; `PostgresError` when nothing was stored, or nobody knows.
  func accept(_ arrival: ReceivedStore.Arrival) async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
      switch state.withLock({ $0.take(Waiting(arrival: arrival, continuation: continuation)) }) {
      case .full: continuation.resume(throwing: Full())
      case .waits: break
      case .commits: commitNext()
      }
    }
  }

  /// Commits what waits; else one commit less is under way.
  private func commitNext() {
    guard let batch = state.withLock({ $0.next() }) else { return }
    store(batch.map(\.arrival)) { [self] result in
      if case .failure(let error) = result, batch.count > 1, error.code == .server {
        // Postgres refused the statement, be it for one row of it: the others must not suffer.
        return commitEach(batch[...])
      }
      // The next commit first: the disk is not to wait for those who are answered.
      commitNext()
      HookInbox.answer(batch[...], result)
    }
  }

  /// One after the other.
  private func commitEach(_ batch: ArraySlice<Waiting>) {
    guard let first = batch.first else { return commitNext() }
    store([first.arrival]) { [self] result in
      HookInbox.answer([first], result)
      commitEach(batch.dropFirst())
    }
  }

  private static func answer(
    _ batch: ArraySlice<Waiting>, _ result: Result<[Outcome], PostgresError>
  ) {
    switch result {
    case .success(let outcomes):
      for (waiting, outcome) in zip(batch, outcomes) { waiting.continuation.resume(returning: outcome) }
    case .failure(let error): for waiting in batch { waiting.continuation.resume(throwing: error) }
    }
  }
}
