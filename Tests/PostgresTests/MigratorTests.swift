import Postgres
import Synchronization
import TestPostgres
import Testing

@Suite struct MigratorTests {
  private static let first = Migration(
    1, "items", sql: "CREATE TABLE item (id int); CREATE INDEX item_id ON item (id);")
  private static let second = Migration(2, "fill", sql: "INSERT INTO item VALUES (1)")

  @Test func `migrations are applied once, in order, and reported`() async throws {
    try await withDatabase { database in
      let reported = Mutex<[Int]>([])
      let migrator = Migrator(database, migrations: [Self.second, Self.first])
      let applied = try await migrator.run { migration, _ in reported.withLock { $0.append(migration.number) }
      }
      #expect(applied == 2)
      #expect(reported.withLock { $0 } == [1, 2])
      let again = try await migrator.run()
      #expect(again == 0)
      let names = try await database.text(
        "SELECT string_agg(number || name, ',' ORDER BY number) FROM schema_migrations")
      #expect(names == "1items,2fill")
      let rows = try await database.int("SELECT count(*) FROM item")
      #expect(rows == 1)
    }
  }

  @Test func `a gap in the numbers is refused before anything is done`() async throws {
    try await withDatabase { database in
      let error = await failure {
        try await Migrator(database, migrations: [Self.first, Migration(3, "late", sql: "SELECT 1")]).run()
      }
      #expect(error?.code == .migration)
      #expect(database.statistics.statements == 0)
    }
  }

  @Test func `a text that was changed after it was applied is refused`() async throws {
    try await withDatabase { database in
      try await Migrator(database, migrations: [Self.first]).run()
      let changed = Migration(1, "items", sql: Self.first.sql + " ")
      let error = await failure { try await Migrator(database, migrations: [changed, Self.second]).run() }
      #expect(error?.code == .migration)
      #expect(error?.message.contains("changed") == true)
      let rows = try await database.int("SELECT count(*) FROM item")
      #expect(rows == 0)
    }
  }

  @Test func `a database that is newer than the program is refused`() async throws {
    try await withDatabase { database in
      try await Migrator(database, migrations: [Self.first, Self.second]).run()
      let error = await failure { try await Migrator(database, migrations: [Self.first]).run() }
      #expect(error?.code == .migration)
    }
  }

  @Test func `a database that lacks one in the middle is refused`() async throws {
    try await withDatabase { database in
      try await Migrator(database, migrations: [Self.first, Self.second]).run()
      try await database.script("DELETE FROM schema_migrations WHERE number = 1")
      let error = await failure { try await Migrator(database, migrations: [Self.first, Self.second]).run() }
      #expect(error?.message.contains("lacks migration 1") == true)
    }
  }

  @Test func `a migration that fails leaves no trace and those before it stay`() async throws {
    try await withDatabase { database in
      let broken = Migration(2, "broken", sql: "INSERT INTO item VALUES (1); SELECT 1 / 0")
      let error = await failure { try await Migrator(database, migrations: [Self.first, broken]).run() }
      #expect(error?.sqlState == "22012")
      let numbers = try await database.text("SELECT string_agg(number::text, ',') FROM schema_migrations")
      #expect(numbers == "1")
      let rows = try await database.int("SELECT count(*) FROM item")
      #expect(rows == 0)
    }
  }

  @Test func `several processes that start at once apply each migration once`() async throws {
    let connectionInfo = try await TestPostgres.shared.freshDatabase()
    let migrations = (1...5).map { Migration($0, "table \($0)", sql: "CREATE TABLE t\($0) (id int)") }
    let applied = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var configuration = try PostgresConfiguration(connectionInfo: connectionInfo)
          configuration.poolSize = 1
          let database = try Database(configuration)
          database.start()
          let count = try await Migrator(database, migrations: migrations).run()
          await database.shutdown()
          return count
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(applied == 5)
  }
}
