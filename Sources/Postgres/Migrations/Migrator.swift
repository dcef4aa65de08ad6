/// One numbered step of the schema. The text never changes once it has been applied anywhere.
public struct Migration: Sendable {
  /// 1, 2, 3, … without a gap.
  public let number: Int
  /// For people.
  public let name: String
  /// One or more statements; they run in one transaction.
  public let sql: String

  public init(_ number: Int, _ name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }
}

/// Brings a database's schema up to date, one migration and one transaction after the other.
///
/// Any number of processes may start at once: each step takes an advisory lock and looks again at what is
/// applied. A value; its own table `schema_migrations` is the only SQL of this module.
public struct Migrator: Sendable {
  private let database: Database
  private let migrations: [Migration]

  /// - Parameter migrations: in any order; `run` checks that the numbers are 1, 2, 3, …
  public init(_ database: Database, migrations: [Migration]) {
    self.database = database
    self.migrations = migrations.sorted { $0.number < $1.number }
  }

  /// Told of each migration that this process has applied.
  public typealias Report = @Sendable (_ migration: Migration, _ duration: Duration) -> Void

  /// Applies what is missing. A migration that fails leaves no trace; those before it stay.
  /// - Parameter deadline: how long one migration may take, waiting for other processes included.
  /// - Returns: how many this process has applied.
  /// - Throws: `.migration` for a gap, a changed text or a database that is newer than the program; what the
  ///   server says about a migration's own statements.
  @discardableResult
  public func run(deadline: Duration = .seconds(600), report: Report = { _, _ in }) async throws -> Int {
    for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
      throw PostgresError(
        .migration,
        message: "migration \(migration.number) (\(migration.name)) stands where \(index + 1) should")
    }
    try await step(deadline: deadline) { transaction in
      try await transaction.script(Migrator.createTable)
    }
    var count = 0
    while let (migration, duration) = try await applyNext(deadline: deadline) {
      count += 1
      report(migration, duration)
    }
    return count
  }

  /// Applies the first migration that is missing.
  /// - Returns: nil if none is.
  private func applyNext(deadline: Duration) async throws -> (Migration, Duration)? {
    try await step(deadline: deadline) { transaction in
      let applied = try await transaction.query(Migrator.selectApplied)
      try await check(applied, transaction)
      guard applied.rowCount < migrations.count else { return nil }
      let migration = migrations[applied.rowCount]
      let start = ContinuousClock.now
      try await transaction.script(migration.sql, deadline: deadline)
      try await transaction.execute(Migrator.insertApplied, parameters(of: migration))
      return (migration, start.duration(to: .now))
    }
  }

  /// A transaction that holds the lock until its end.
  private func step<Value>(
    deadline: Duration, _ body: (Transaction) async throws -> Value
  ) async throws -> Value {
    try await database.transaction { transaction in
      // The session's `statement_timeout` is meant for requests.
      try await transaction.script("SET LOCAL statement_timeout = \(deadline.wholeMilliseconds)")
      try await transaction.execute(Migrator.lock, deadline: deadline)
      return try await body(transaction)
    }
  }

  /// What is applied must be the first of what we have, word for word.
  private func check(_ applied: RowBatch, _ transaction: Transaction) async throws {
    let checksums = try await transaction.query(
      Migrator.selectChecksums, Parameters { $0.texts(migrations.map(\.sql)) })
    for row in 0..<applied.rowCount {
      guard let number = applied.int(row, 0), number == row + 1 else {
        throw PostgresError(
          .migration, message: "the database lacks migration \(row + 1), but has later ones")
      }
      guard row < migrations.count else {
        throw PostgresError(
          .migration,
          message: "the database has migration \(number), this program ends at \(migrations.count)")
      }
      guard checksums.string(row, 0) == applied.string(row, 1) else {
        throw PostgresError(
          .migration,
          message: "migration \(number) (\(migrations[row].name)) was changed after it was applied")
      }
    }
  }

  private func parameters(of migration: Migration) -> Parameters {
    Parameters {
      $0.int4(Int32(truncatingIfNeeded: migration.number))
      $0.text(migration.name)
      $0.text(migration.sql)
    }
  }
}

// MARK: - The table

extension Migrator {
  private static let createTable = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
      number integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )
    """

  /// Released by the end of the transaction, however it ends. The key is arbitrary and ours alone.
  private static let lock = Statement("migrations_lock", "SELECT pg_advisory_xact_lock(7234610985527031)")

  private static let selectApplied = Statement(
    "migrations_applied", "SELECT number, checksum FROM schema_migrations ORDER BY number")

  private static let selectChecksums = Statement(
    "migrations_checksums",
    """
    SELECT encode(sha256(convert_to(sql, 'UTF8')), 'hex')
    FROM unnest($1) WITH ORDINALITY AS given (sql, position) ORDER BY position
    """, [.textArray])

  private static let insertApplied = Statement(
    "migrations_insert",
    """
    INSERT INTO schema_migrations (number, name, checksum)
    VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))
    """, [.int4, .text, .text])
}
