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
/// Any number of processes may start at once: each step takes an advisory lock and looks again at what is applied.
public struct Migrator: Sendable {
  private let database: Database
  private let migrations: [Migration]

  /// - Parameter migrations: in any order; `run` checks that the numbers are 1, 2, 3, …
  public init(_ database: Database, migrations: [Migration]) {
    self.database = database
    self.migrations = migrations.sorted { $0.number < $1.number }
  }
}
