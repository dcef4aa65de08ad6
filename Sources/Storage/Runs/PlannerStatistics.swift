import Postgres

/// What Postgres's planner knows of tables that grow fast.
///
/// Of a table that was empty when it was looked at last every index seems as good as another, and statements
/// are prepared once: a run was looked up by walking all runs of its organization until autovacuum came, a
/// minute after a new month's partition had got its first rows. So whoever writes looks more often.
public enum PlannerStatistics {
  /// Tables of one look at most.
  private static let maximumTables = 8

  /// Analyzes the tables of the schema that have four times as many rows as when they were analyzed last, and
  /// not just a few, unless somebody has them locked. (Manual, ANALYZE.)
  /// - Returns: how many.
  @discardableResult
  public static func refresh(_ database: Database) async throws -> Int {
    let rows = try await database.query(grown)
    let names = (0..<rows.rowCount).compactMap { rows.string($0, 0) }
    // Names of the catalogue, quoted by Postgres.
    for name in names {
      try await database.transaction { try await $0.script("ANALYZE (SKIP_LOCKED) \(name)") }
    }
    return names.count
  }

  /// Rows by the counts of the cumulative statistics: a table's size would wait for its lock.
  private static let grown = Statement(
    "grown_tables",
    """
    SELECT quote_ident(c.relname) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace \
    AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE') \
    AND pg_stat_get_live_tuples(c.oid) >= greatest(500, 4 * c.reltuples::bigint) \
    ORDER BY c.relname LIMIT \(maximumTables)
    """)
}
