/// How much of other transactions' work a transaction sees (manual § 13.2).
public enum TransactionIsolation: String, Sendable {
  case readCommitted = "READ COMMITTED"
  case repeatableRead = "REPEATABLE READ"
  case serializable = "SERIALIZABLE"
}

/// A transaction in progress: its statements have a connection to themselves. Given to the body of
/// `Database.transaction` and of no use after it; every call then fails with `.closed`.
public struct Transaction: Sendable {
  let database: Database
  let lease: UInt64

  /// Sends a statement and waits for its rows. After the first failure only a rollback is left (25P02).
  @discardableResult
  public func execute(
    _ statement: Statement, _ parameters: Parameters = .none, deadline: Duration? = nil
  ) async throws(PostgresError) -> RowBatch {
    try await database.run(.leased, database.call(statement, parameters, deadline), lease: lease)
  }

  /// The same as `execute`, for statements that only read.
  public func query(
    _ statement: Statement, _ parameters: Parameters = .none, deadline: Duration? = nil
  ) async throws(PostgresError) -> RowBatch {
    try await execute(statement, parameters, deadline: deadline)
  }

  /// Sends a statement without waiting: several can be under way, in order. A failure shows at `value` and at
  /// COMMIT, which then rolls back.
  public func send(
    _ statement: Statement, _ parameters: Parameters = .none, deadline: Duration? = nil
  ) -> PendingRows {
    let pending = PendingRows()
    database.submit(.leased, database.call(statement, parameters, deadline), lease: lease) {
      pending.finish($0)
    }
    return pending
  }

  /// Runs several statements in one text, without parameters, by the simple protocol: for migrations and
  /// fixtures. Nothing sent before may still be under way.
  public func script(_ sql: String, deadline: Duration? = nil) async throws(PostgresError) {
    _ = try await database.run(
      .script, database.call(Statement("script", sql), .none, deadline), lease: lease)
  }
}

extension Database {
  /// Runs the body in a transaction on a connection of its own and commits when it returns.
  ///
  /// Inside `joined` it is a part of that transaction. Rolls back when the body throws or the task is
  /// cancelled. The body must not call `transaction` of the
  /// same database (it could wait for its own connection) and should hold no lock that the loop's thread
  /// needs.
  /// - Returns: what the body returned, once the server has acknowledged the commit.
  /// - Throws: what the body threw; `.transactionAborted` if a statement failed and the body went on;
  ///   `.outcomeUnknown` if the connection broke during COMMIT; `CancellationError`; what `query` throws.
  @discardableResult
  nonisolated(nonsending) public func transaction<Value>(
    _ isolation: TransactionIsolation = .readCommitted, readOnly: Bool = false,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    try await transaction(
      isolation, readOnly: readOnly, with: readOnly ? nil : TransactionCompanions.waiting, body)
  }

  /// The same with a companion that is not the task's, or with none.
  nonisolated(nonsending) func transaction<Value>(
    _ isolation: TransactionIsolation = .readCommitted, readOnly: Bool = false,
    with companion: (any TransactionCompanion)?,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    if let joined = JoinedTransaction.open(of: self) {
      return try await nested(in: joined.transaction, with: companion, body)
    }
    let lease = try await begin(isolation, readOnly: readOnly)
    defer { release(lease: lease) }
    let value: Value
    do {
      let transaction = Transaction(database: self, lease: lease)
      companion?.begin(transaction)
      value = try await body(transaction)
      try await companion?.end(transaction)
      try Task.checkCancellation()
    } catch {
      // If the ROLLBACK fails too, the pool finds the connection inside a transaction and closes it.
      _ = try? await runUncancelled(.rollback, control(Database.rollback), lease: lease)
      throw error
    }
    let tag = try await runUncancelled(.commit, control(Database.commit), lease: lease).commandTag
    // Manual, COMMIT: in a failed transaction COMMIT rolls back, and its tag says so.
    if tag == "ROLLBACK" { throw PostgresError(.transactionAborted) }
    companion?.commit()
    return value
  }

  private func begin(_ isolation: TransactionIsolation, readOnly: Bool) async throws(PostgresError) -> UInt64
  {
    let access = readOnly ? " READ ONLY" : ""
    let statement = Statement("begin", "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(access)")
    let lease = nextIdentifier()
    do {
      _ = try await run(.begin, control(statement), lease: lease)
    } catch {
      release(lease: lease)
      throw error
    }
    return lease
  }

  private func control(_ statement: Statement) -> StatementCall { call(statement, .none, nil) }

  private static let commit = Statement("commit", "COMMIT")
  private static let rollback = Statement("rollback", "ROLLBACK")
}
