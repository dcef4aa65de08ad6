import Flows
import Postgres
import Storage
import TestPostgres
import Testing

@Suite struct MigrationTests {
  @Test func `migrations run from nothing, and a second time do nothing`() async throws {
    let connectionInfo = try await TestPostgres.shared.freshDatabase()
    try await withDatabase(connectionInfo) { database in
      let first = try await Migrator(database, migrations: migrations).run()
      let second = try await Migrator(database, migrations: migrations).run()
      #expect(first == migrations.count)
      #expect(second == 0)
    }
  }

  @Test func `two processes that start at once migrate once`() async throws {
    let connectionInfo = try await TestPostgres.shared.freshDatabase()
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<2 {
        group.addTask {
          try await withDatabase(connectionInfo) { try await Migrator($0, migrations: migrations).run() }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.reduce(0, +) == migrations.count)
  }
}
