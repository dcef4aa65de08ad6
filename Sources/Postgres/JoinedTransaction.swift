import Synchronization

/// A transaction that the reads, writes and transactions of a task join, so that work which knows nothing of
/// one another is stored together or not at all.
///
/// Set for a task and its children by `Database.joined`; over when that returns, also for tasks that outlive
/// it. The lock protects what waits for the commit.
final class JoinedTransaction: Sendable {
  private struct State {
    var isOpen = true
    var afterCommit: [@Sendable () -> Void] = []
  }

  @TaskLocal static var current: JoinedTransaction?

  let transaction: Transaction
  private let state = Mutex(State())

  init(_ transaction: Transaction) { self.transaction = transaction }

  /// The open one of this task, if it belongs to `database`.
  static func open(of database: Database) -> JoinedTransaction? {
    guard let current, current.transaction.database === database, current.state.withLock({ $0.isOpen })
    else { return nil }
    return current
  }

  /// Keeps what is to be done after the commit; false when it is over.
  func add(_ body: @escaping @Sendable () -> Void) -> Bool {
    state.withLock { state in
      if state.isOpen { state.afterCommit.append(body) }
      return state.isOpen
    }
  }

  /// Nothing joins any more.
  func close() -> [@Sendable () -> Void] {
    state.withLock { state in
      defer { state = State(isOpen: false) }
      return state.afterCommit
    }
  }
}

extension Database {
  /// Runs the body in a transaction that everything joins which the task asks of this database inside:
  /// `query`, `execute` and `transaction`. What they do is seen by one another and committed when the body
  /// returns. A transaction inside becomes a savepoint: when it fails, what it did is undone and the rest
  /// stays; its own isolation is that of the whole, READ COMMITTED.
  ///
  /// The statements of the body go one after the other; children of the task must not have transactions of
  /// their own at the same time.
  nonisolated(nonsending) public func joined<Value>(
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    var joined: JoinedTransaction?
    defer { _ = joined?.close() }
    // A companion belongs to the change inside.
    let value = try await transaction(with: nil) { transaction in
      let mine = JoinedTransaction(transaction)
      joined = mine
      return try await JoinedTransaction.$current.withValue(mine) { try await body(transaction) }
    }
    for work in joined?.close() ?? [] { work() }
    return value
  }

  /// Whether what the task asks for now becomes a part of a joined transaction.
  public var isJoined: Bool { JoinedTransaction.open(of: self) != nil }

  /// Does something once what the task has asked for is committed: at once, or when the joined transaction
  /// is; never when that is rolled back.
  public func afterCommit(_ body: @escaping @Sendable () -> Void) {
    guard let joined = JoinedTransaction.open(of: self), joined.add(body) else { return body() }
  }

  /// Runs the body as a part of a joined transaction.
  nonisolated(nonsending) func nested<Value>(
    in transaction: Transaction, with companion: (any TransactionCompanion)?,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    try await transaction.execute(Database.savepoint)
    do {
      companion?.begin(transaction)
      let value = try await body(transaction)
      try await companion?.end(transaction)
      try Task.checkCancellation()
      try await transaction.execute(Database.releaseSavepoint)
      companion?.commit()
      return value
    } catch {
      // Manual, ROLLBACK TO SAVEPOINT: a failed transaction becomes usable again. If this fails, the whole is
      // rolled back at its end.
      _ = try? await runUncancelled(
        .leased, call(Database.rollbackToSavepoint, .none, nil), lease: transaction.lease)
      throw error
    }
  }

  private static let savepoint = Statement("savepoint", "SAVEPOINT joined")
  private static let releaseSavepoint = Statement("release_savepoint", "RELEASE SAVEPOINT joined")
  private static let rollbackToSavepoint = Statement("rollback_to", "ROLLBACK TO SAVEPOINT joined")
}
