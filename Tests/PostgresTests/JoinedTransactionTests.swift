import Postgres
import Synchronization
import Testing

/// Work that knows nothing of one another, stored together or not at all.
@Suite struct JoinedTransactionTests {
  private static let insert = Statement("insert", "INSERT INTO item VALUES ($1)", [.int4])
  private static let count = Statement("count", "SELECT count(*) FROM item")

  private struct Refusal: Error {}

  private func withItems(_ body: (Database) async throws -> Void) async throws {
    try await withDatabase { database in
      try await database.script("CREATE TABLE item (id int PRIMARY KEY)")
      try await body(database)
    }
  }

  private func number(_ value: Int32) -> Parameters { Parameters { $0.int4(value) } }

  /// What another connection sees, or the task's own when it has joined.
  private func seen(_ database: Database) async throws -> Int? {
    try await database.query(Self.count).int(0, 0)
  }

  @Test func `everything inside is one transaction that sees itself`() async throws {
    try await withItems { database in
      let inside = try await database.joined { transaction in
        try await transaction.execute(Self.insert, number(1))
        try await database.execute(Self.insert, number(2))
        try await database.transaction { try await $0.execute(Self.insert, number(3)) }
        let outside = try await Task.detached { try await self.seen(database) }.value
        #expect(outside == 0, "another task has not joined")
        return try await seen(database)
      }
      #expect(inside == 3)
      #expect(try await seen(database) == 3)
    }
  }

  @Test func `a failure undoes everything`() async throws {
    try await withItems { database in
      await #expect(throws: Refusal.self) {
        try await database.joined { _ in
          try await database.execute(Self.insert, number(1))
          try await database.transaction { try await $0.execute(Self.insert, number(2)) }
          throw Refusal()
        }
      }
      #expect(try await seen(database) == 0)
      try await database.execute(Self.insert, number(1))
      #expect(try await seen(database) == 1)
    }
  }

  @Test func `a transaction inside that fails undoes its own work alone`() async throws {
    try await withItems { database in
      try await database.joined { _ in
        try await database.execute(Self.insert, number(1))
        await #expect(throws: Refusal.self) {
          try await database.transaction { transaction in
            try await transaction.execute(Self.insert, number(2))
            throw Refusal()
          }
        }
        await #expect(throws: PostgresError.self) {
          try await database.transaction { try await $0.execute(Self.insert, number(1)) }
        }
        try await database.transaction { try await $0.execute(Self.insert, number(3)) }
      }
      let rows = try await database.query(
        Statement("ids", "SELECT string_agg(id::text, ' ' ORDER BY id) FROM item"))
      #expect(rows.string(0, 0) == "1 3")
    }
  }

  @Test func `what waits for the commit is done after it, or never`() async throws {
    try await withItems { database in
      let done = Mutex<[Int]>([])
      database.afterCommit { done.withLock { $0.append(0) } }
      #expect(done.withLock { $0 } == [0], "without a transaction at once")
      try await database.joined { _ in
        database.afterCommit { done.withLock { $0.append(1) } }
        try await database.execute(Self.insert, number(1))
        #expect(done.withLock { $0 } == [0])
      }
      #expect(done.withLock { $0 } == [0, 1])
      await #expect(throws: Refusal.self) {
        try await database.joined { _ in
          database.afterCommit { done.withLock { $0.append(2) } }
          throw Refusal()
        }
      }
      #expect(done.withLock { $0 } == [0, 1])
    }
  }

  @Test func `a task that outlives the transaction is on its own`() async throws {
    try await withItems { database in
      let (gate, opener) = AsyncStream.makeStream(of: Void.self)
      let late = try await database.joined { _ in
        Task {
          for await _ in gate { break }
          return try await database.execute(Self.insert, number(5)).rowCount
        }
      }
      opener.yield()
      _ = try await late.value
      #expect(try await seen(database) == 1)
    }
  }
}
