import Postgres
import Testing

@Suite struct WriteTests {
  private static let insert = Statement("insert", "INSERT INTO item VALUES ($1, $2)", [.int4, .text])

  private func item(_ number: Int32, _ name: String) -> Parameters {
    Parameters {
      $0.int4(number)
      $0.text(name)
    }
  }

  private func withItems(_ body: (Database) async throws -> Void) async throws {
    try await withDatabase { database in
      try await database.script(
        """
        CREATE TABLE item (id int PRIMARY KEY, name text CONSTRAINT named CHECK (name <> ''));
        CREATE TABLE part (item int CONSTRAINT of_item REFERENCES item DEFERRABLE INITIALLY DEFERRED);
        """)
      try await body(database)
    }
  }

  @Test func `a write tells how many rows it touched`() async throws {
    try await withItems { database in
      let found = try await database.execute(Self.insert, item(1, "a")).affectedRows
      #expect(found == 1)
      let update = Statement("rename", "UPDATE item SET name = 'b' WHERE id > 9")
      let found2 = try await database.execute(update).affectedRows
      #expect(found2 == 0)
      let found3 = try await database.execute(Self.insert, item(2, "a")).commandTag
      #expect(found3 == "INSERT 0 1")
    }
  }

  @Test func `a violated constraint is named`() async throws {
    try await withItems { database in
      try await database.execute(Self.insert, item(1, "a"))
      let twice = await failure { try await database.execute(Self.insert, item(1, "b")) }
      #expect(twice?.isUniqueViolation == true)
      #expect(twice?.constraint == "item_pkey")
      #expect(twice?.table == "item")
      let unnamed = await failure { try await database.execute(Self.insert, item(2, "")) }
      #expect(unnamed?.isCheckViolation == true)
      #expect(unnamed?.description == "PostgresError(server, 23514, named)")
      #expect(unnamed?.message.contains("violates") == true)
    }
  }

  @Test func `a constraint that is checked at the commit fails the write`() async throws {
    try await withItems { database in
      let orphan = Statement("orphan", "INSERT INTO part VALUES (99)")
      let error = await failure { try await database.execute(orphan) }
      #expect(error?.isForeignKeyViolation == true)
      #expect(error?.constraint == "of_item")
      let found = try await database.int("SELECT count(*) FROM part")
      #expect(found == 0)
    }
  }

  @Test func `a failing write does not touch its neighbours on the same connection`() async throws {
    try await withDatabase({ $0.poolSize = 1 }) { database in
      try await database.script("CREATE TABLE item (id int PRIMARY KEY, name text)")
      let failures = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          group.addTask {
            await failure { try await database.execute(Self.insert, item(Int32(number / 2), "x")) } != nil
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(failures == 50)
      let found = try await database.int("SELECT count(*) FROM item")
      #expect(found == 50)
    }
  }

  @Test func `a wrong statement is the caller's error and is not kept as prepared`() async throws {
    try await withItems { database in
      let wrong = Statement("wrong", "SELEC 1")
      for _ in 0..<2 {
        let error = await failure { try await database.query(wrong) }
        #expect(error?.sqlState == "42601")
      }
      let missing = await failure { try await database.query(Statement("missing", "SELECT * FROM nothing")) }
      #expect(missing?.sqlState == "42P01")
    }
  }

  @Test func `too many parameters are refused before they are sent`() async throws {
    try await withItems { database in
      let many = Parameters { for _ in 0...Parameters.limit { $0.null() } }
      let error = await failure { try await database.query(Statement("many", "SELECT 1"), many) }
      #expect(error?.code == .invalidUse)
      let found = try await database.int("SELECT 1")
      #expect(found == 1)
    }
  }

  @Test func `a statement that does not match its parameters fails alone`() async throws {
    try await withItems { database in
      let error = await failure { try await database.query(Statement("one", "SELECT $1::int4"), .none) }
      #expect(error?.sqlState == "08P01")
      let found = try await database.int("SELECT 1")
      #expect(found == 1)
    }
  }
}
