import Postgres
import Synchronization
import Testing

/// Cancelling, deadlines and full queues.
@Suite struct DeadlineTests {
  private static let sleep = Statement("sleep", "SELECT pg_sleep(600)")

  private static let sleepers = Statement(
    "sleepers",
    """
    SELECT count(*) FROM pg_stat_activity
    WHERE query LIKE 'SELECT pg_sleep(%' AND state = 'active' AND datname = current_database()
    """)

  /// Asked in a transaction, which has a connection to itself: a read could come to stand behind the sleeper.
  private func sleeping(_ database: Database) async throws -> Int? {
    try await database.transaction { try await $0.query(Self.sleepers).int(0, 0) }
  }

  private func waitUntilAsleep(_ database: Database, count: Int = 1) async throws {
    try await until { try await sleeping(database) == count }
  }

  @Test func `a cancelled read is answered at once and its statement is stopped`() async throws {
    try await withDatabase { database in
      let task = Task { try await database.query(Self.sleep) }
      try await waitUntilAsleep(database)
      task.cancel()
      let error = await failure { try await task.value }
      #expect(error?.isCancelled == true)
      try await waitUntilAsleep(database, count: 0)
      #expect(database.statistics.cancels >= 1)
      #expect(database.statistics.reconnects == 0)
    }
  }

  @Test func `a task that is cancelled already sends nothing`() async throws {
    try await withDatabase { database in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await database.query(Self.sleep)
      }
      let error = await failure { try await task.value }
      #expect(error?.isCancelled == true)
      #expect(database.statistics.statements == 0)
    }
  }

  @Test func `a handle cancels a read with a completion`() async throws {
    try await withDatabase { database in
      let outcome = await withUnsafeContinuation {
        (continuation: UnsafeContinuation<PostgresError.Code?, Never>) in
        let handle = database.read(Self.sleep) { result in
          if case .failure(let error) = result {
            continuation.resume(returning: error.code)
          } else {
            continuation.resume(returning: nil)
          }
        }
        handle.cancel()
        handle.cancel()
      }
      #expect(outcome == .cancelled)
    }
  }

  @Test func `a cancel never hits the statements behind it on the same connection`() async throws {
    try await withDatabase({ $0.poolSize = 1 }) { database in
      let echo = Statement("echo", "SELECT $1::int4", [.int4])
      for round in Int32(0)..<5 {
        let victim = Task { try await database.query(Self.sleep) }
        try await until { database.statistics.inFlight != 0 }
        let strangers = (0..<30).map { number in
          Task {
            try await database.query(echo, Parameters { $0.int4(round * 100 + Int32(number)) }).int4(0, 0)
          }
        }
        try await until { database.statistics.inFlight >= 31 }
        victim.cancel()
        for (number, stranger) in strangers.enumerated() {
          let answer = try await stranger.value
          #expect(answer == round * 100 + Int32(number))
        }
        let error = await failure { try await victim.value }
        #expect(error?.isCancelled == true)
      }
      #expect(database.statistics.reconnects == 0)
    }
  }

  @Test func `a cancelled write waits for the truth`() async throws {
    try await withDatabase { database in
      try await database.script("CREATE TABLE item (id int)")
      let slow = Statement("slow", "INSERT INTO item SELECT 1 FROM pg_sleep(600)")
      let task = Task { try await database.execute(slow) }
      try await until { database.statistics.inFlight != 0 }
      task.cancel()
      let error = await failure { try await task.value }
      #expect(error?.isCancelled == true)
      let count = try await database.int("SELECT count(*) FROM item")
      #expect(count == 0)
    }
  }

  @Test func `a statement that runs too long is stopped by the server's own clock`() async throws {
    try await withDatabase({
      $0.poolSize = 1
      $0.statementDeadline = .milliseconds(200)
    }) { database in
      let write = await failure { try await database.execute(Self.sleep) }
      #expect(write?.isTimeout == true)
      let read = await failure { try await database.query(Self.sleep) }
      #expect(read?.isTimeout == true)
      let one = try await database.int("SELECT 1")
      #expect(one == 1)
      #expect(database.statistics.reconnects == 0)
    }
  }

  @Test func `a deadline of one call is shorter than the server's`() async throws {
    try await withDatabase({ $0.poolSize = 1 }) { database in
      // Connected: a deadline that passes before says that there is no database.
      _ = try await database.int("SELECT 1")
      let read = await failure { try await database.query(Self.sleep, deadline: .milliseconds(50)) }
      #expect(read?.isTimeout == true)
      let write = await failure { try await database.execute(Self.sleep, deadline: .milliseconds(50)) }
      #expect(write?.isTimeout == true)
      try await waitUntilAsleep(database, count: 0)
    }
  }

  @Test func `a full queue refuses, and a waiting statement times out`() async throws {
    try await withDatabase({
      $0.poolSize = 1
      $0.pipelineDepth = 1
      $0.queueLimit = 2
      $0.acquireDeadline = .seconds(5)
    }) { database in
      // Both wait for a moment at the same time, however busy the machine is.
      let blocker = Task { try await database.query(Self.sleep) }
      try await until { database.statistics.inFlight != 0 }
      let waiting = (0..<2).map { _ in Task { try await database.int("SELECT 1") } }
      try await until { database.statistics.waiting >= 2 }
      let refused = await failure { try await database.int("SELECT 1") }
      #expect(refused?.code == .queueFull)
      for task in waiting {
        let error = await failure { try await task.value }
        #expect(error?.isTimeout == true)
      }
      blocker.cancel()
      _ = await failure { try await blocker.value }
      let one = try await database.int("SELECT 1")
      #expect(one == 1)
    }
  }

  @Test func `a statement that waits can be cancelled`() async throws {
    try await withDatabase({
      $0.poolSize = 1
      $0.pipelineDepth = 1
    }) { database in
      let blocker = Task { try await database.query(Self.sleep) }
      try await until { database.statistics.inFlight != 0 }
      let waiting = Task { try await database.int("SELECT 1") }
      try await until { database.statistics.waiting != 0 }
      waiting.cancel()
      let error = await failure { try await waiting.value }
      #expect(error?.isCancelled == true)
      blocker.cancel()
    }
  }

  @Test func `a shutdown lets finish what is under way and refuses what comes after`() async throws {
    try await withDatabase { database in
      let task = Task { try await database.query(Statement("nap", "SELECT pg_sleep(0.2)")).rowCount }
      try await until { database.statistics.inFlight != 0 }
      await database.shutdown()
      let rows = try await task.value
      #expect(rows == 1)
      let error = await failure { try await database.int("SELECT 1") }
      #expect(error?.code == .closed)
      let transaction = await failure { try await database.transaction { _ in } }
      #expect(transaction?.code == .closed)
    }
  }

  @Test func `a shutdown gives up at its deadline`() async throws {
    try await withDatabase({
      $0.poolSize = 1
      $0.pipelineDepth = 1
    }) { database in
      let underWay = Task { try await database.query(Self.sleep) }
      try await until { database.statistics.inFlight != 0 }
      let waiting = Task { try await database.query(Self.sleep) }
      try await until { database.statistics.waiting != 0 }
      await database.shutdown(deadline: .milliseconds(50))
      let first = await failure { try await underWay.value }
      #expect(first?.code == .connectionLost)
      let second = await failure { try await waiting.value }
      #expect(second?.code == .closed)
    }
  }
}
