import Dates
import Flows
import Postgres

/// The monthly partitions of runs, node logs, events and the organizations' streams: ranges of a UUIDv7,
/// whose first 48 bits are milliseconds. Called at the start of a server and daily; any number of processes
/// may call it at once.
public enum Partitions {
  /// In the order in which a commit writes them.
  static let tables = [
    Table(name: "execution_logs", key: "id", unsearched: ["input", "result", "end_events"]),
    Table(
      name: "node_execution_logs", key: "execution_id",
      unsearched: ["input", "output", "memo", "iterations", "delivered"]),
    Table(name: "execution_events", key: "execution_id", unsearched: ["data"]),
    Table(
      name: "organization_events", key: "id", unsearched: ["data", "subjects", "lasts", "counts", "flows"]),
    Table(name: "audit_events", key: "id"),
  ]

  struct Table: Sendable {
    let name: String
    /// The column that holds the UUIDv7: the run's id, or the row's.
    let key: String
    /// Columns of which no statement asks anything: ANALYZE would read, unpack and sort them for nobody.
    /// `LIKE` copies all of a column but this.
    var unsearched: [String] = []
  }

  /// Makes the partitions of the instant's month and of the next one where they are missing. Rows that came
  /// into the default partition meanwhile move to where they belong.
  ///
  /// Each partition is a transaction of its own that waits five seconds at most for others, so that nobody
  /// waits long behind it; what failed is made by the next call, and the default partition takes the rows
  /// until then.
  /// - Returns: how many partitions were made.
  @discardableResult
  public static func ensure(_ database: Database, at instant: Instant) async throws -> Int {
    let month = Month(containing: instant)
    var count = 0
    for month in [month, month.next] {
      for table in tables where try await make(month, of: table, database) { count += 1 }
    }
    return count
  }

  /// Whether this call made it.
  private static func make(_ month: Month, of table: Table, _ database: Database) async throws -> Bool {
    let partition = month.partition(of: table.name)
    let name = Parameters { $0.text(partition) }
    guard try await database.query(isMissing, name).bool(0, 0) ?? false else { return false }
    return try await database.transaction { transaction in
      try await transaction.execute(lock)
      guard try await transaction.query(isMissing, name).bool(0, 0) ?? false else { return false }
      try await transaction.script(script(month, of: table))
      return true
    }
  }

  /// Names and bounds are made of numbers and of the names above, never of text from elsewhere.
  ///
  /// Manual, ALTER TABLE: ATTACH PARTITION takes a weaker lock on the parent than CREATE TABLE … PARTITION
  /// OF, and an ACCESS EXCLUSIVE lock on the default partition, which must hold no row of the new range.
  static func script(_ month: Month, of table: Table) -> String {
    let partition = month.partition(of: table.name)
    let (first, end) = (month.bound, month.next.bound)
    let unsearched = table.unsearched.map {
      "ALTER TABLE \(partition) ALTER COLUMN \($0) SET STATISTICS 0;"
    }
    return """
      SET LOCAL lock_timeout = '5s';
      CREATE TABLE \(partition) (LIKE \(table.name) INCLUDING ALL);
      \(unsearched.joined(separator: " "))
      LOCK TABLE \(table.name)_default IN ACCESS EXCLUSIVE MODE;
      WITH moved AS (
        DELETE FROM \(table.name)_default WHERE \(table.key) >= '\(first)' AND \(table.key) < '\(end)' \
      RETURNING *
      )
      INSERT INTO \(partition) SELECT * FROM moved;
      ALTER TABLE \(table.name) ATTACH PARTITION \(partition) FOR VALUES FROM ('\(first)') TO ('\(end)');
      """
  }

  /// `to_regclass` would be shorter, but it may answer from the session's cache, which is older than the
  /// lock.
  private static let isMissing = Statement(
    "partition_is_missing",
    """
    SELECT NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = $1 AND relnamespace = \
    current_schema()::regnamespace)
    """,
    [.text])

  /// Released by the end of the transaction. The key is arbitrary and ours alone.
  private static let lock = Statement("partitions_lock", "SELECT pg_advisory_xact_lock(7234610985527032)")
}

/// A month of the UTC calendar.
struct Month: Equatable, Sendable {
  let year: Int
  /// 1 to 12.
  let number: Int

  init(year: Int, number: Int) {
    self.year = year
    self.number = number
  }

  init(containing instant: Instant) {
    let date = instant.dayAndTime.day.parts
    self.init(year: date.year, number: date.month)
  }

  var next: Month { number == 12 ? Month(year: year + 1, number: 1) : Month(year: year, number: number + 1) }

  /// Such as `execution_logs_2026_11`.
  func partition(of table: String) -> String { "\(table)_\(year)_\(number < 10 ? "0" : "")\(number)" }

  /// The least UUID of the month.
  var bound: String { Identifier(high: UInt64(clamping: milliseconds) << 16, low: 0).description }

  /// The first instant, in milliseconds since 1970.
  var milliseconds: Int64 {
    CivilDay(year: year, month: number, day: 1).firstSecond * 1000
  }
}
