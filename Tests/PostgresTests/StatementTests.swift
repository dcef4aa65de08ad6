import Synchronization
import TestPostgres
import Testing

@testable import Postgres

/// Statements, their cache on a connection, read groups, settings, the observer.
@Suite struct StatementTests {
  @Test func `statements are the same by text and types, not by label`() {
    let one = Statement("a", "SELECT $1", [.int4])
    #expect(one == Statement("b", "SELECT $1", [.int4]))
    #expect(one != Statement("a", "SELECT $1", [.int8]))
    #expect(one != Statement("a", "SELECT $2", [.int4]))
    #expect(Set([one, Statement("c", "SELECT $1", [.int4])]).count == 1)
    #expect(one.name.hasPrefix("a_"))
    #expect(one.name.count == 18)
    #expect(one.label == "a")
  }

  @Test func `a connection keeps a bounded number of prepared statements`() async throws {
    try await withDatabase({
      $0.poolSize = 1
      $0.preparedStatementLimit = 5
    }) { database in
      for number in 0..<40 {
        let value = try await database.int("SELECT \(number)")
        #expect(value == number)
      }
      let kept = try await database.int("SELECT count(*) FROM pg_prepared_statements")
      #expect(kept == 5)
      #expect(database.statistics.evictions == 36)
    }
  }

  @Test func `a table that changes under a prepared statement is read anew`() async throws {
    try await withDatabase({ $0.poolSize = 2 }) { database in
      try await database.script("CREATE TABLE item (id int); INSERT INTO item VALUES (1)")
      let all = Statement("all", "SELECT * FROM item")
      for _ in 0..<4 { _ = try await database.query(all) }
      try await database.script("ALTER TABLE item ADD name text DEFAULT 'x'")
      for _ in 0..<4 {
        let rows = try await database.query(all)
        #expect(rows.columnCount == 2)
      }
    }
  }

  @Test func `reads of a group share a sync and one failure fails nobody else`() async throws {
    try await withDatabase({ $0.poolSize = 1 }) { database in
      let group = database.makeReadGroup()
      let divide = Statement("divide", "SELECT 6 / $1::int4", [.int4])
      _ = try await database.query(divide, Parameters { $0.int4(1) })
      let before = database.statistics.syncs
      let outcomes = await withUnsafeContinuation {
        (continuation: UnsafeContinuation<[Int32: Result<Int32?, PostgresError>], Never>) in
        let box = Gathered(count: 4) { continuation.resume(returning: $0) }
        for number in Int32(0)..<4 {
          database.read(divide, Parameters { $0.int4(number - 1) }, group: group) { result in
            box.add(number, result.map { $0.int4(0, 0) })
          }
        }
      }
      #expect(try outcomes[0]?.get() == -6)
      #expect(throws: PostgresError.self) { try outcomes[1]?.get() }
      #expect(try outcomes[2]?.get() == 6)
      #expect(try outcomes[3]?.get() == 3)
      #expect(database.statistics.syncs - before <= 8)
    }
  }

  @Test func `the observer sees each statement with its rows`() async throws {
    let seen = Mutex<[String: Int]>([:])
    let configuration = try await PostgresConfiguration(connectionInfo: TestPostgres.shared.freshDatabase())
    let database = try Database(configuration) { statement, rows, duration in
      seen.withLock { $0[statement.label] = duration >= .zero ? rows : -1 }
    }
    database.start()
    _ = try await database.query(Statement("series", "SELECT generate_series(1, 5)"))
    _ = await failure { try await database.query(Statement("zero", "SELECT 1 / 0")) }
    await database.shutdown()
    #expect(seen.withLock { $0 } == ["series": 5, "zero": 0])
  }

  @Test func `a session has its settings from the start`() async throws {
    try await withDatabase({
      $0.applicationName = "tests of pg"
      $0.statementDeadline = .milliseconds(12_345)
    }) { database in
      let text = try await database.text(
        """
        SELECT concat_ws('|', current_setting('TimeZone'), current_setting('statement_timeout'),
          current_setting('application_name'), current_setting('client_encoding'),
          current_setting('idle_in_transaction_session_timeout'))
        """)
      #expect(text == "UTC|12345ms|tests of pg|UTF8|1min")
    }
  }

  @Test func `a connection string that cannot be read is refused without its password`() {
    let error = #expect(throws: PostgresError.self) {
      try PostgresConfiguration(connectionInfo: "host=x password=secret nonsense")
    }
    #expect(error?.code == .invalidUse)
    #expect(error?.message.contains("secret") == false)
  }

  @Test func `options of the connection string are kept beside ours`() throws {
    var options = try ConnectionOptions(parsing: "host=x options='-c work_mem=1MB'")
    options.addSessionSetting("TimeZone", "UTC")
    #expect(options.values.first { $0.keyword == "options" }?.value == "-c work_mem=1MB -c TimeZone=UTC")
    let fromAddress = try ConnectionOptions(parsing: "postgresql://me@there:5433/studio")
    #expect(fromAddress.values.first { $0.keyword == "port" }?.value == "5433")
  }

  @Test func `a queue keeps its order while it grows and shrinks`() {
    var queue = FIFO<Int>()
    for number in 0..<10 { queue.append(number) }
    for _ in 0..<5 { queue.popFirst() }
    for number in 10..<100 { queue.append(number) }
    #expect(queue.removeAll { $0 % 2 == 0 }.count == 47)
    #expect(queue.first == 5)
    #expect(queue.count == 48)
    var rest: [Int] = []
    while let number = queue.popFirst() { rest.append(number) }
    #expect(rest == Array(stride(from: 5, to: 100, by: 2)))
    #expect(queue[3] == nil)
  }
}

/// Gathers answers on the loop's thread and tells when all are there.
private final class Gathered<Value: Sendable>: Sendable {
  private let values = Mutex<[Int32: Value]>([:])
  private let count: Int
  private let done: @Sendable ([Int32: Value]) -> Void

  init(count: Int, done: @escaping @Sendable ([Int32: Value]) -> Void) {
    self.count = count
    self.done = done
  }

  func add(_ number: Int32, _ value: Value) {
    let all = values.withLock { values in
      values[number] = value
      return values.count == count ? values : nil
    }
    if let all { done(all) }
  }
}
