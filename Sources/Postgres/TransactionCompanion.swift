/// What goes into the next write that a task commits: statements before the change and behind it, in the same
/// transaction. So the audit log's row is there exactly when the change is.
///
/// Bound to a task by `TransactionCompanions.$current.withValue`; used once.
public protocol TransactionCompanion: Sendable {
  /// Whether the next transaction takes it; not, when one has committed it.
  var isWaiting: Bool { get }
  /// The transaction has begun: sends what must be read before the change, without waiting.
  func begin(_ transaction: Transaction)
  /// The change is made: sends what is written with it. What it throws undoes the change.
  nonisolated(nonsending) func end(_ transaction: Transaction) async throws
  /// The commit was acknowledged.
  func commit()
}

/// The companion of the current task.
public enum TransactionCompanions {
  @TaskLocal public static var current: (any TransactionCompanion)?

  /// The one that waits for a transaction.
  static var waiting: (any TransactionCompanion)? {
    guard let current, current.isWaiting else { return nil }
    return current
  }
}

extension Database {
  /// One statement that commits by itself, with a companion: in a transaction of both, if the statement
  /// changes something.
  func execute(
    _ statement: Statement, _ parameters: Parameters, deadline: Duration?,
    with companion: any TransactionCompanion
  ) async throws(PostgresError) -> RowBatch {
    do {
      let (rows, isChanged) = try await transaction(with: nil) { transaction in
        companion.begin(transaction)
        let rows = try await transaction.execute(statement, parameters, deadline: deadline)
        guard rows.affectedRows > 0 else { return (rows, false) }
        try await companion.end(transaction)
        return (rows, true)
      }
      if isChanged { companion.commit() }
      return rows
    } catch let error as PostgresError {
      throw error
    } catch {
      // A transaction throws else only that its task was cancelled.
      throw PostgresError(.cancelled)
    }
  }
}
