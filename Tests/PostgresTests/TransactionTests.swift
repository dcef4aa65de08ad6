import Postgres
import Testing

@Suite struct TransactionTests {
  private static let insert = Statement("insert", "INSERT INTO item VALUES ($1)", [.int4])

  private func number(_ value: Int32) -> Parameters { Parameters { $0.int4(value) } }

  private func withItems(
    _ configure: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (Database) async throws -> Void
  ) async throws {
    try await withDatabase(configure) { database in
      try await database.script("CREATE TABLE item (id int PRIMARY KEY)")
      try await body(database)
    }
  }

  private func count(_ database: Database) async throws -> Int? {
    try await database.int("SELECT count(*) FROM item")
  }

  private struct Refusal: Error {}

  @Test func `what the body wrote is there after the commit`() async throws {
    try await withItems { database in
      let answer = try await database.transaction { transaction in
        try await transaction.execute(Self.insert, number(1))
        let found = try await count(database)
        #expect(found == 0)
        return try await transaction.query(Statement("count", "SELECT count(*) FROM item")).int(0, 0)
      }
      #expect(answer == 1)
      let found2 = try await count(database)
      #expect(found2 == 1)
    }
  }

  @Test func `a body that throws leaves nothing behind`() async throws {
    try await withItems { database in
      await #expect(throws: Refusal.self) {
        try await database.transaction { transaction in
          try await transaction.execute(Self.insert, number(1))
          throw Refusal()
        }
      }
      let found = try await count(database)
      #expect(found == 0)
    }
  }

  @Test func `statements can be sent together and awaited later`() async throws {
    try await withItems { database in
      try await database.transaction { transaction in
        let pending = (1...20).map { transaction.send(Self.insert, number($0)) }
        for rows in pending {
          let touched = try await rows.value.affectedRows
          #expect(touched == 1)
        }
        let found = try await pending[0].value.affectedRows
        #expect(found == 1)
      }
      let found2 = try await count(database)
      #expect(found2 == 20)
    }
  }

  @Test func `a commit after a failure that nobody looked at is an error`() async throws {
    try await withItems { database in
      let error = await failure {
        try await database.transaction { transaction in
          _ = transaction.send(Self.insert, number(1))
          _ = transaction.send(Self.insert, number(1))
        }
      }
      #expect(error?.code == .transactionAborted)
      let found = try await count(database)
      #expect(found == 0)
    }
  }

  @Test func `after a failure the transaction takes nothing more`() async throws {
    try await withItems { database in
      let error = await failure {
        try await database.transaction { transaction in
          _ = await failure { try await transaction.execute(Statement("zero", "SELECT 1 / 0")) }
          try await transaction.execute(Self.insert, number(1))
        }
      }
      #expect(error?.sqlState == "25P02")
    }
  }

  @Test func `a cancelled task rolls back`() async throws {
    try await withItems { database in
      let task = Task {
        try await database.transaction { transaction in
          try await transaction.execute(Self.insert, number(1))
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      let found = try await count(database)
      #expect(found == 0)
    }
  }

  @Test func `a statement that is cancelled inside rolls back and the connection goes on`() async throws {
    try await withItems({ $0.poolSize = 1 }) { database in
      let (started, starter) = AsyncStream<Void>.makeStream()
      let task = Task {
        try await database.transaction { transaction in
          try await transaction.execute(Self.insert, number(1))
          starter.yield()
          try await transaction.execute(Statement("sleep", "SELECT pg_sleep(600)"))
        }
      }
      for await _ in started { break }
      task.cancel()
      let error = await failure { try await task.value }
      #expect(error?.isCancelled == true)
      let found = try await count(database)
      #expect(found == 0)
      #expect(database.statistics.reconnects == 0)
    }
  }

  @Test func `a transaction that was cancelled while it waited never begins`() async throws {
    try await withItems({ $0.poolSize = 1 }) { database in
      try await database.transaction { _ in
        let waiting = Task { try await database.transaction { _ in } }
        try await until { database.statistics.waiting != 0 }
        waiting.cancel()
        let error = await failure { try await waiting.value }
        #expect(error?.isCancelled == true)
      }
    }
  }

  @Test func `two serializable transactions in each other's way end in a serialization failure`() async throws
  {
    try await withItems({ $0.poolSize = 4 }) { database in
      try await database.execute(Self.insert, number(1))
      let read = Statement("sum", "SELECT sum(id) FROM item")
      let error = await failure {
        try await database.transaction(.serializable) { first in
          _ = try await first.query(read)
          try await database.transaction(.serializable) { second in
            _ = try await second.query(read)
            try await second.execute(Self.insert, number(2))
          }
          try await first.execute(Self.insert, number(3))
        }
      }
      #expect(error?.isSerializationFailure == true)
      #expect(database.statistics.reconnects == 0)
    }
  }

  @Test func `a read-only transaction refuses writes and a snapshot stays`() async throws {
    try await withItems { database in
      let error = await failure {
        try await database.transaction(.repeatableRead, readOnly: true) { transaction in
          _ = try await transaction.query(Statement("count", "SELECT count(*) FROM item"))
          try await database.execute(Self.insert, number(5))
          #expect(
            try await transaction.query(Statement("count", "SELECT count(*) FROM item")).int(0, 0) == 0)
          try await transaction.execute(Self.insert, number(6))
        }
      }
      #expect(error?.sqlState == "25006")
    }
  }

  @Test func `a transaction cannot be used after its end`() async throws {
    try await withItems { database in
      let escaped = try await database.transaction { $0 }
      let error = await failure { try await escaped.execute(Self.insert, number(1)) }
      #expect(error?.code == .closed)
    }
  }

  @Test func `a script stops at its first error and leaves the connection in order`() async throws {
    try await withItems({ $0.poolSize = 1 }) { database in
      let error = await failure {
        try await database.script("INSERT INTO item VALUES (1); SELECT 1 / 0; SELECT 2")
      }
      #expect(error?.sqlState == "22012")
      let found = try await count(database)
      #expect(found == 0)
      try await database.transaction { transaction in
        let first = transaction.send(Self.insert, number(1))
        try await transaction.script("INSERT INTO item VALUES (2); INSERT INTO item VALUES (3)")
        try await transaction.execute(Self.insert, number(4))
        let found2 = try await first.value.affectedRows
        #expect(found2 == 1)
      }
      let found3 = try await count(database)
      #expect(found3 == 4)
    }
  }

  @Test func `many transactions take turns on few connections while reads go on`() async throws {
    try await withItems({ $0.poolSize = 3 }) { database in
      try await database.execute(Self.insert, number(0))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<40 {
          group.addTask { () async throws -> Void in
            try await database.transaction { transaction in
              _ = try await transaction.execute(Statement("raise", "UPDATE item SET id = id + 1"))
            }
          }
          group.addTask { _ = try await database.int("SELECT count(*) FROM item") }
        }
        try await group.waitForAll()
      }
      let found = try await database.int("SELECT id FROM item")
      #expect(found == 40)
      let statistics = database.statistics
      #expect(statistics.inFlight == 0)
      #expect(statistics.waiting == 0)
    }
  }
}
