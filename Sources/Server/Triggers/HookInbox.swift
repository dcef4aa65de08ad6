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

  private struct State {
    var waiting: [Waiting] = []
    var bytes = 0
    var commits = 0
    /// For whom the next commit waits.
    var company = Company(limit: HookInbox.secondCommitFill)
    /// Who commits when they are there.
    var host: UnsafeContinuation<Void, Never>?

    /// The first that wait, without those that another statement stores.
    mutating func takeBatch() -> [Waiting] {
      let isDriven = waiting.first?.arrival.isDriven
      var (batch, rest): ([Waiting], [Waiting]) = ([], [])
      for each in waiting {
        let fits = batch.count < HookInbox.maximumBatch && each.arrival.isDriven == isDriven
        fits ? batch.append(each) : rest.append(each)
      }
      waiting = rest
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

  /// So long a commit waits for company.
  private let companyPause: Duration
  private let store: @Sendable ([ReceivedStore.Arrival]) async throws -> [Outcome]
  private let state = Mutex(State())

  /// - Parameter store: stores arrivals in one commit; outcomes in their order.
  init(
    companyPause: Duration = Company.pause,
    store: @escaping @Sendable ([ReceivedStore.Arrival]) async throws -> [Outcome]
  ) {
    self.companyPause = companyPause
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
      let verdict = state.withLock { state -> Verdict in
        let size = arrival.input.utf8.count
        guard state.waiting.count < HookInbox.maximumWaiting,
          state.bytes + size <= HookInbox.maximumWaitingBytes
        else { return .full }
        state.waiting.append(Waiting(arrival: arrival, continuation: continuation))
        state.bytes += size
        if state.company.expected != nil {
          return .waits(state.company.isMet(by: state.waiting.count) ? state.host : nil)
        }
        guard
          state.commits == 0
            || (state.commits < HookInbox.maximumCommits && state.waiting.count >= HookInbox.secondCommitFill)
        else { return .waits(nil) }
        state.commits += 1
        return .commits
      }
      switch verdict {
      case .full: continuation.resume(throwing: Full())
      case .waits(let host): host?.resume()
      case .commits: Task { await commitAll() }
      }
    }
  }

  /// What becomes of a request that arrives.
  private enum Verdict {
    case full
    /// For a commit; whoever waited for company goes on when this was the last of it.
    case waits(UnsafeContinuation<Void, Never>?)
    case commits
  }

  /// Commits until nothing waits.
  private func commitAll() async {
    while let batch = next() {
      do {
        let outcomes = try await store(batch.map(\.arrival))
        for (waiting, outcome) in zip(batch, outcomes) { waiting.continuation.resume(returning: outcome) }
      } catch let error where batch.count > 1 && HookInbox.concernsOne(error) {
        for waiting in batch { await commit(waiting) }
      } catch {
        for waiting in batch { waiting.continuation.resume(throwing: error) }
      }
      await waitForCompany(batch.count)
    }
  }

  /// After a commit of so many: waits for as many as there were with those who came meanwhile, a moment at
  /// most.
  private func waitForCompany(_ count: Int) async {
    await withUnsafeContinuation { continuation in
      let wait = state.withLock { state -> Company.Wait? in
        let waiting = state.waiting.count
        guard let wait = state.company.expect(count + waiting, waiting: waiting) else { return nil }
        state.host = continuation
        return wait
      }
      guard let wait else { return continuation.resume() }
      Task {
        try? await Task.sleep(for: companyPause)
        if state.withLock({ $0.company.end(wait) }) { continuation.resume() }
      }
    }
  }

  private func next() -> [Waiting]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.commits -= 1
        return nil
      }
      let batch = state.takeBatch()
      state.bytes -= batch.reduce(0) { $0 + $1.arrival.input.utf8.count }
      return batch
    }
  }

  private func commit(_ waiting: Waiting) async {
    do {
      let outcome = try await store([waiting.arrival])[0]
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
