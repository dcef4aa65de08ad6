import CPostgres

/// The rows of one statement, still in libpq's own result; cells are decoded where they lie, when asked for.
///
/// Held by whoever still reads its bytes; freed with the last reference. Results are binary.
/// An accessor gives nil for NULL, and for a cell whose width is not that of the type that was asked for.
///
/// `@unchecked Sendable` without a lock: the result is never changed after creation. Manual § 34.20:
/// "PGresult objects are normally read-only after creation, and so can be passed around freely between
/// threads."
public final class RowBatch: @unchecked Sendable {
  private let result: OpaquePointer

  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int

  /// Takes the result over and frees it in the end.
  init(owning result: OpaquePointer) {
    self.result = result
    rowCount = Int(PQntuples(result))
    columnCount = Int(PQnfields(result))
  }

  deinit { PQclear(result) }

  /// Rows that an INSERT, UPDATE, DELETE or MERGE touched, or a SELECT returned; 0 for other commands.
  public var affectedRows: Int {
    // § 34.3.3 `PQcmdTuples`: "Returns the number of rows affected by the SQL command", as text, maybe empty.
    Int(String(cString: PQcmdTuples(result))) ?? 0
  }

  /// The command's name with its counts, such as `INSERT 0 1` or `ROLLBACK` (`PQcmdStatus`).
  public var commandTag: String { String(cString: PQcmdStatus(result)) }

  /// The name of a column, empty if there is no such column.
  public func columnName(_ column: Int) -> String {
    PQfname(result, Int32(column)).map { String(cString: $0) } ?? ""
  }

  /// The type of a column.
  public func columnType(_ column: Int) -> PostgresType {
    PostgresType(rawValue: PQftype(result, Int32(column)))
  }

  /// Whether the cell is NULL.
  public func isNull(_ row: Int, _ column: Int) -> Bool {
    PQgetisnull(result, Int32(row), Int32(column)) == 1
  }

  /// The cell's bytes as they came; nil for NULL. Valid as long as the batch lives.
  public func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    // libpq checks both numbers, and says 0 or nil where there is no such cell.
    let (row32, column32) = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
    let length = PQgetlength(result, row32, column32)
    if length == 0 && isNull(row, column) { return nil }
    return UnsafeRawBufferPointer(start: PQgetvalue(result, row32, column32), count: Int(length))
  }
}
