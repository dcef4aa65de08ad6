import Synchronization

/// The answer to a statement that was sent without waiting. Its lock protects the one value and the one
/// waiter.
public final class PendingRows: Sendable {
  private typealias Outcome = Result<RowBatch, PostgresError>
  private enum State {
    case underway
    case awaited([UnsafeContinuation<Outcome, Never>])
    case done(Outcome)
  }

  private let state = Mutex(State.underway)

  /// Waits for the answer; may be asked again.
  public var value: RowBatch {
    get async throws(PostgresError) {
      let outcome = await withUnsafeContinuation { (continuation: UnsafeContinuation<Outcome, Never>) in
        let present: Outcome? = state.withLock { state in
          switch state {
          case .underway: state = .awaited([continuation])
          case .awaited(let others): state = .awaited(others + [continuation])
          case .done(let outcome): return outcome
          }
          return nil
        }
        if let present { continuation.resume(returning: present) }
      }
      return try outcome.get()
    }
  }

  func finish(_ outcome: Result<RowBatch, PostgresError>) {
    let waiters = state.withLock { state in
      defer { state = .done(outcome) }
      if case .awaited(let waiters) = state { return waiters }
      return []
    }
    for waiter in waiters { waiter.resume(returning: outcome) }
  }
}
