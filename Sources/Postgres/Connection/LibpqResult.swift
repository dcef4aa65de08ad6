import CPostgres

/// Reads libpq's results and errors. Functions on the loop's thread.
extension PostgresError {
  /// The error fields of a failed result (manual § 34.3.1, `PQresultErrorField`). Without an SQLSTATE it was
  /// libpq that failed, which means that the connection did.
  init(result: OpaquePointer) {
    let sqlState = PostgresError.field("C", of: result)
    let severity = PostgresError.field("V", of: result)
    let words = PostgresError.field("M", of: result) ?? String(cString: PQresultErrorMessage(result))
    let isFatal = sqlState == nil || severity == "FATAL" || severity == "PANIC"
    self.init(
      isFatal ? .connectionLost : .server,
      details: Details(
        message: words, sqlState: sqlState, constraint: PostgresError.field("n", of: result),
        table: PostgresError.field("t", of: result), sourceFunction: PostgresError.field("R", of: result),
        isFatal: isFatal))
  }

  /// What libpq says about a connection that broke.
  init(connection: OpaquePointer?) {
    let words = PQerrorMessage(connection).map { String(cString: $0) } ?? "no connection"
    self.init(.connectionLost, message: words)
  }

  /// The codes are letters: `PG_DIAG_SQLSTATE` 'C', `PG_DIAG_SEVERITY_NONLOCALIZED` 'V',
  /// `PG_DIAG_MESSAGE_PRIMARY` 'M', `PG_DIAG_CONSTRAINT_NAME` 'n', `PG_DIAG_TABLE_NAME` 't',
  /// `PG_DIAG_SOURCE_FUNCTION` 'R'.
  private static func field(_ code: Unicode.Scalar, of result: OpaquePointer) -> String? {
    PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
  }
}

extension PipelineStateMachine<RowBatch>.Event {
  /// Takes the result over; a null pointer is the end of one item's results.
  init(taking result: OpaquePointer?) {
    guard let result else {
      self = .terminator
      return
    }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      self = .rows(RowBatch(owning: result))
      return
    case PGRES_PIPELINE_SYNC: self = .sync
    case PGRES_PIPELINE_ABORTED: self = .aborted
    default: self = .failure(PostgresError(result: result))
    }
    PQclear(result)
  }
}
