import Postgres
import Synchronization
import Testing

/// What goes into the next write that a task commits.
@Suite struct TransactionCompanionTests {
  /// Writes what the table held at the beginning, and notes what it was told.
  private final class Witness: TransactionCompanion, Sendable {
    private let state = Mutex((isCommitted: false, before: PendingRows?.none))

    var isWaiting: Bool { state.withLock { !$0.isCommitted } }

    func begin(_ transaction: Transaction) {
      let pending = transaction.send(Statement("before", "SELECT count(*) FROM item"))
      state.withLock { $0.before = pending }
    }

    nonisolated(nonsending) func end(_ transaction: Transaction) async throws {
      let before = try await state.withLock { $0.before }?.value.int(0, 0) ?? -1
      _ = transaction.send(
        Statement("witness", "INSERT INTO witness SELECT $1, count(*) FROM item", [.int4]),
        Parameters { $0.int4(Int32(before)) })
    }

    func commit() { state.withLock { $0.isCommitted = true } }
  }

  private static let insert = Statement("insert", "INSERT INTO item VALUES ($1)", [.int4])
  private static let change = Statement("change", "UPDATE item SET id = id + 100 WHERE id = $1", [.int4])

  private func number(_ value: Int32) -> Parameters { Parameters { $0.int4(value) } }

  private func withWitness(_ body: (Database, Witness) async throws -> Void) async throws {
    try await withDatabase { database in
      try await database.script(
        "CREATE TABLE item (id int PRIMARY KEY); CREATE TABLE witness (before int, after int)")
      let witness = Witness()
      try await TransactionCompanions.$current.withValue(witness) { try await body(database, witness) }
    }
  }

  private func seen(_ database: Database) async throws -> String? {
    try await database.text("SELECT string_agg(before || '→' || after, ' ') FROM witness")
  }

  @Test func `it is committed once, with the first transaction`() async throws {
    try await withWitness { database, witness in
      try await database.transaction { try await $0.execute(Self.insert, number(1)) }
      #expect(!witness.isWaiting)
      try await database.transaction { try await $0.execute(Self.insert, number(2)) }
      try await database.execute(Self.insert, number(3))
      #expect(try await seen(database) == "0→1")
    }
  }

  @Test func `it goes with a single statement, if that changes something`() async throws {
    try await withWitness { database, witness in
      try await database.execute(Self.change, number(1))
      #expect(witness.isWaiting)
      #expect(try await seen(database) == nil)
      try await database.execute(Self.insert, number(1))
      #expect(!witness.isWaiting)
      #expect(try await seen(database) == "0→1")
    }
  }

  @Test func `it waits for another transaction when one is undone`() async throws {
    try await withWitness { database, witness in
      struct Refusal: Error {}
      await #expect(throws: Refusal.self) {
        try await database.transaction { transaction in
          try await transaction.execute(Self.insert, number(1))
          throw Refusal()
        }
      }
      let taken = await failure {
        try await database.transaction { transaction in
          try await transaction.execute(Self.insert, number(2))
          try await transaction.execute(Self.insert, number(2))
        }
      }
      #expect(taken?.isUniqueViolation == true && witness.isWaiting)
      try await database.execute(Self.insert, number(3))
      #expect(try await seen(database) == "0→1")
    }
  }

  @Test func `what it cannot write undoes the change`() async throws {
    try await withWitness { database, _ in
      try await database.transaction(readOnly: true) { _ = try await $0.query(Statement("one", "SELECT 1")) }
      try await TransactionCompanions.$current.withValue(nil) {
        try await database.script("DROP TABLE witness")
      }
      let single = await failure { try await database.execute(Self.insert, number(1)) }
      let whole = await failure {
        try await database.transaction { try await $0.execute(Self.insert, number(1)) }
      }
      #expect(single != nil && whole != nil)
      #expect(try await database.int("SELECT count(*) FROM item") == 0)
    }
  }
}
