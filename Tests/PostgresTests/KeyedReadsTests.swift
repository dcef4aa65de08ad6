import Synchronization
import Testing

@testable import Postgres

/// Which reads by key become one statement.
@Suite struct KeyedReadsTests {
  private func read(_ id: UInt64, of owner: UInt64 = 1, keys: Int = 1) -> KeyedRead {
    KeyedRead(
      id: id, statement: Self.statement, owner: UUIDValue(high: 0, low: owner),
      keys: (0..<keys).map { UUIDValue(high: id, low: UInt64($0)) }
    ) { _ in }
  }

  private static let statement = Statement(
    "item", "SELECT id, 10 / value FROM item WHERE owner = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  @Test func `two go at once, the rest gathers and goes together`() {
    var reads = KeyedReads()
    #expect(reads.submit(read(1)).map(\.id) == [1])
    #expect(reads.submit(read(2)).map(\.id) == [2])
    for id in UInt64(3)...6 { #expect(reads.submit(read(id)).isEmpty) }
    #expect(reads.waitingCount == 4)
    #expect(reads.finished(read(1).lane).map(\.id) == [3, 4, 5, 6])
    #expect(reads.waitingCount == 0)
    #expect(reads.finished(read(1).lane).isEmpty)
    #expect(reads.finished(read(1).lane).isEmpty)
    #expect(reads.submit(read(7)).map(\.id) == [7])
  }

  @Test func `owners never share a statement`() {
    var reads = KeyedReads()
    for id in UInt64(1)...3 { _ = reads.submit(read(id, of: 1)) }
    #expect(reads.submit(read(4, of: 2)).map(\.id) == [4])
    _ = reads.submit(read(5, of: 2))
    _ = reads.submit(read(6, of: 2))
    #expect(reads.finished(read(1, of: 1).lane).map(\.id) == [3])
    #expect(reads.finished(read(1, of: 2).lane).map(\.id) == [6])
  }

  @Test func `the keys of a shared statement are bounded`() {
    var reads = KeyedReads()
    _ = reads.submit(read(1))
    _ = reads.submit(read(2))
    for id in UInt64(3)...6 { _ = reads.submit(read(id, keys: 90)) }
    _ = reads.submit(read(7, keys: 500))
    #expect(reads.finished(read(1).lane).map(\.id) == [3, 4])
    #expect(reads.finished(read(1).lane).map(\.id) == [5, 6])
    #expect(reads.finished(read(1).lane).map(\.id) == [7])
  }

  @Test func `who does not wait any more is taken out`() {
    var reads = KeyedReads()
    for id in UInt64(1)...4 { _ = reads.submit(read(id)) }
    #expect(reads.withdraw(3)?.id == 3)
    #expect(reads.withdraw(1) == nil)
    #expect(reads.finished(read(1).lane).map(\.id) == [4])
    #expect(reads.waitingCount == 0)
  }

  // MARK: On Postgres

  private typealias Outcome = Result<RowBatch, PostgresError>

  /// Reads all keys at once, each for a caller of its own, and what each was told.
  private func outcomes(_ database: Database, _ keys: Range<Int>) async -> [Outcome] {
    await withTaskGroup(of: (Int, Outcome).self) { group in
      let told = AsyncStream.makeStream(of: (Int, Outcome).self)
      for key in keys {
        _ = database.read(
          Self.statement, of: UUIDValue(high: 0, low: 1), keys: [UUIDValue(high: 0, low: UInt64(key))]
        ) { told.continuation.yield((key, $0)) }
      }
      var outcomes: [Int: Outcome] = [:]
      for await (key, outcome) in told.stream {
        outcomes[key] = outcome
        if outcomes.count == keys.count { break }
      }
      return keys.compactMap { outcomes[$0] }
    }
  }

  private func withItems(_ body: (Database) async throws -> Void) async throws {
    try await withDatabase { database in
      try await database.script(
        """
        CREATE TABLE item (owner uuid, id uuid, value int, PRIMARY KEY (owner, id));
        INSERT INTO item SELECT '00000000-0000-0000-0000-000000000001',
          ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, n FROM generate_series(0, 199) n
        """)
      try await body(database)
    }
  }

  private func own(_ outcome: Outcome, _ key: Int) -> Int? {
    guard case .success(let rows) = outcome else { return nil }
    return (0..<rows.rowCount).first { rows.uuid($0, 0)?.low == UInt64(key) }.flatMap { rows.int($0, 1) }
  }

  @Test func `many readers are answered by few statements, each with his row`() async throws {
    try await withItems { database in
      let before = database.statistics.statements
      let outcomes = await outcomes(database, 1..<150)
      #expect(outcomes.count == 149)
      for (key, outcome) in zip(1..<150, outcomes) { #expect(own(outcome, key) == 10 / key) }
      #expect(database.statistics.statements - before <= 20)
    }
  }

  @Test func `a key that fails the statement fails its own reader alone`() async throws {
    try await withItems { database in
      let outcomes = await outcomes(database, 0..<50)
      #expect(throws: PostgresError.self) { try outcomes[0].get() }
      for key in 1..<50 { #expect(own(outcomes[key], key) == 10 / key) }
    }
  }

  @Test func `a reader who is cancelled leaves the others alone`() async throws {
    try await withItems { database in
      let told = AsyncStream.makeStream(of: (Int, Outcome).self)
      let handles = (1..<40).map { key in
        database.read(
          Self.statement, of: UUIDValue(high: 0, low: 1), keys: [UUIDValue(high: 0, low: UInt64(key))]
        ) { told.continuation.yield((key, $0)) }
      }
      for handle in handles.dropFirst(20) { handle.cancel() }
      var outcomes: [Int: Outcome] = [:]
      for await (key, outcome) in told.stream {
        #expect(outcomes.updateValue(outcome, forKey: key) == nil, "answered twice: \(key)")
        if outcomes.count == 39 { break }
      }
      for key in 1...20 { #expect(outcomes[key].flatMap { own($0, key) } == 10 / key) }
    }
  }
}
