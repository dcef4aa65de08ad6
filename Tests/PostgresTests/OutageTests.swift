import Postgres
import TestPostgres
import Testing

/// The server goes away and comes back; each test has a server of its own.
@Suite(.serialized) struct OutageTests {
  private func withServer(
    _ configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (TestPostgres, Database) async throws -> Void
  ) async throws {
    let server = try await TestPostgres.start()
    var configuration = try PostgresConfiguration(connectionInfo: await server.freshDatabase())
    configuration.poolSize = 2
    configuration.acquireDeadline = .seconds(60)
    configuration.reconnectBase = .milliseconds(10)
    configuration.reconnectLimit = .milliseconds(50)
    configure(&configuration)
    let database = try Database(configuration)
    database.start()
    do {
      try await body(server, database)
    } catch {
      Issue.record(error)
    }
    await database.shutdown()
    await server.remove()
  }

  private func untilUnderWay(_ database: Database, _ count: Int) async throws {
    try await until { database.statistics.inFlight >= count }
  }

  @Test func `what is under way when the server dies says what is known of it`() async throws {
    try await withServer({ $0.poolSize = 4 }) { server, database in
      let one = try await database.int("SELECT 1")
      #expect(one == 1)
      let read = Task { try await database.query(Statement("sleep", "SELECT pg_sleep(600)")) }
      try await untilUnderWay(database, 1)
      let write = Task { try await database.execute(Statement("sleep", "SELECT pg_sleep(600)")) }
      try await untilUnderWay(database, 2)
      let transaction = Task {
        try await database.transaction {
          _ = try await $0.execute(Statement("sleep", "SELECT pg_sleep(600)"))
        }
      }
      try await untilUnderWay(database, 3)
      try await server.kill()
      let readError = await failure { try await read.value }
      #expect(readError?.code == .connectionLost)
      let writeError = await failure { try await write.value }
      #expect(writeError?.code == .outcomeUnknown)
      let transactionError = await failure { try await transaction.value }
      #expect(transactionError?.code == .connectionLost)
      #expect(transactionError?.isConnectionLost == true)
    }
  }

  @Test func `reads that come during an outage are served when the server is back`() async throws {
    try await withServer { server, database in
      try await database.script("CREATE TABLE item (id int); INSERT INTO item VALUES (7)")
      try await server.stop()
      let reads = (0..<20).map { _ in Task { try await database.int("SELECT id FROM item") } }
      try await until { database.statistics.waiting >= 20 }
      try await server.restart()
      for read in reads {
        let value = try await read.value
        #expect(value == 7)
      }
      try await until { database.statistics.reconnects != 0 }
    }
  }

  @Test func `an outage that lasts past the deadline makes the database unavailable`() async throws {
    try await withServer({ $0.acquireDeadline = .milliseconds(100) }) { server, database in
      // The first connection may take longer than that.
      try await until { await failure { try await database.int("SELECT 1") } == nil }
      try await server.stop()
      // The pool learns of it with the server's farewell, which may be later than the stop.
      var error = await failure { try await database.int("SELECT 1") }
      while error?.code == .connectionLost { error = await failure { try await database.int("SELECT 1") } }
      #expect(error?.code == .unavailable)
      let transaction = await failure { try await database.transaction { _ in } }
      #expect(transaction?.code == .unavailable)
    }
  }

  @Test func `a transaction that loses its connection between two statements is lost, then all is well`()
    async throws
  {
    try await withServer { server, database in
      try await database.script("CREATE TABLE item (id int)")
      let error = await failure {
        try await database.transaction { transaction in
          try await transaction.execute(Statement("insert", "INSERT INTO item VALUES (1)"))
          try await server.restart()
          _ = await failure {
            try await transaction.execute(Statement("again", "INSERT INTO item VALUES (2)"))
          }
        }
      }
      #expect(error?.code == .connectionLost)
      try await database.transaction {
        _ = try await $0.execute(Statement("insert", "INSERT INTO item VALUES (3)"))
      }
      let count = try await database.int("SELECT count(*) FROM item")
      #expect(count == 1)
    }
  }

  @Test func `a connection lost during the commit leaves the outcome unknown`() async throws {
    try await withServer({ $0.poolSize = 4 }) { server, database in
      // A deferred trigger sleeps inside COMMIT.
      try await database.script(
        """
        CREATE TABLE item (id int);
        CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql
          AS 'BEGIN PERFORM pg_sleep(600); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER nap AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION nap();
        """)
      let task = Task {
        try await database.transaction {
          _ = try await $0.execute(Statement("insert", "INSERT INTO item VALUES (1)"))
        }
      }
      let committing = "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'"
      try await until { try await database.int(committing) != 0 }
      try await server.kill()
      let error = await failure { try await task.value }
      #expect(error?.code == .outcomeUnknown)
    }
  }

  @Test func `a session that an administrator ends is replaced`() async throws {
    try await withServer({ $0.poolSize = 1 }) { server, database in
      let echo = Statement("echo", "SELECT 1")
      _ = try await database.query(echo)
      let end = Statement("end", "SELECT pg_terminate_backend(pg_backend_pid())")
      let error = await failure { try await database.query(end) }
      #expect(error?.code == .connectionLost)
      let rows = try await database.query(echo)
      #expect(rows.int(0, 0) == 1)
      #expect(database.statistics.reconnects == 1)
      #expect(database.statistics.prepares == 3)
    }
  }

  @Test func `a server that was never there makes the database unavailable`() async throws {
    var configuration = try PostgresConfiguration(connectionInfo: "host=/nowhere dbname=none")
    configuration.acquireDeadline = .milliseconds(50)
    let database = try Database(configuration)
    database.start()
    let error = await failure { try await database.int("SELECT 1") }
    #expect(error?.code == .unavailable)
    await database.shutdown()
  }

  @Test func `a host that does not answer is given up after the connect timeout`() async throws {
    var configuration = try PostgresConfiguration(connectionInfo: "host=192.0.2.1 dbname=none")
    configuration.connectTimeout = .milliseconds(20)
    configuration.acquireDeadline = .milliseconds(100)
    let database = try Database(configuration)
    database.start()
    let error = await failure { try await database.int("SELECT 1") }
    #expect(error?.code == .unavailable)
    await database.shutdown()
  }
}
