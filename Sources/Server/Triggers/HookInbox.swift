import Postgres
import Storage
import Synchronization

/// Stores what webhooks receive, many requests in one commit: those that arrive while commits are under way
/// share the next one, and each is answered after its own. Requests whose runs have been driven share none
/// with others. The lock protects the state.
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
    /// For whom the next commit waits; it counts among those under way.
    var company = Company(limit: HookInbox.secondCommitFill)

    mutating func take(_ new: Waiting) -> Place {
      let size = new.arrival.input.utf8.count
      guard waiting.count < HookInbox.maximumWaiting, bytes + size <= HookInbox.maximumWaitingBytes else {
        return .full
      }
      waiting.append(new)
      bytes += size
      if company.expected != nil { return company.isMet(by: waiting.count) ? .commits : .waits }
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

  private let pause: Pause
  private let store: Store
  private let state = Mutex(State())

  /// Calls back when a commit has waited for company for long enough.
  typealias Pause = @Sendable (@escaping @Sendable () -> Void) -> Void

  /// Stores arrivals in one commit and calls back once: outcomes in their order.
  typealias Store =
    @Sendable ([ReceivedStore.Arrival], @escaping @Sendable (Result<[Outcome], PostgresError>) -> Void) ->
    Void

  init(pause: @escaping Pause, store: @escaping Store) {
    self.pause = pause
    self.store = store
  }

  /// Those that wait for a commit.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// For how many the next commit waits; 0 when it waits for nobody.
  var companyCount: Int { state.withLock { $0.company.expected ?? 0 } }

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
      goOn(after: batch.count)
      HookInbox.answer(batch[...], result)
    }
  }

  /// One after the other.
  private func commitEach(_ batch: ArraySlice<Waiting>) {
    guard let first = batch.first else { return goOn(after: 1) }
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

  /// After a commit of so many: the next one goes, or waits for as many as there were with those who came
  /// meanwhile, a moment at most.
  private func goOn(after count: Int) {
    let wait = state.withLock { $0.company.expect(count + $0.waiting.count, waiting: $0.waiting.count) }
    guard let wait else { return commitNext() }
    pause { [self] in
      if state.withLock({ $0.company.end(wait) }) { commitNext() }
    }
  }
}
