import GraphQLEngine
import Postgres
import TestPostgres
import Testing

@testable import Server

@Suite("Start and stop", .timeLimit(.minutes(2)))
struct LifecycleTests {
  @Test func `a server stops when nobody is there`() async throws {
    try await TestStudio.start().stop()
  }

  @Test func `a request under way is finished and an open socket is told`() async throws {
    let info = try await TestStudio.migratedDatabase()
    let studio = try await TestStudio.start(database: info) { $0.shutdownGrace = .seconds(30) }
    let token = try await studio.register("slow@example.com")
    let socket = try await SocketClient.ready(port: studio.port)
    let idle = try await RawConnection.open(port: studio.port)
    let request = try await RawConnection.open(port: studio.port)

    // A lock of somebody else holds the request until the server has been told to stop.
    let other = try Database(try PostgresConfiguration(connectionInfo: info), logger: TestStudio.quiet)
    other.start()
    try await other.transaction { transaction in
      try await transaction.execute(
        Statement("lock_flows", "LOCK TABLE automation_flows IN ACCESS EXCLUSIVE MODE"))
      request.send(HTTPText.post(#"{"query":"{ flows(first: 1) { nodes { id } } }"}"#, token: token))
      while try await other.query(LifecycleTests.waiting).rowCount == 0 { await Task.yield() }
      await studio.beginStopping()
      #expect(
        try await socket.next() == .close(code: 1001, reason: "The server is stopping; connect again"))
      await idle.closed()
    }
    let reply = try await request.reply()
    #expect(reply.status == 200)
    #expect(reply.body == #"{"data":{"flows":{"nodes":[]}}}"#)
    await request.closed()
    socket.send(opcode: 8, [0x03, 0xE9])
    try await studio.stop()
    await other.shutdown()
  }

  private static let waiting = Statement(
    "waiting_for_locks",
    """
    SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'automation_flows'::regclass \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """)

  @Test func `clients that are stuck are cut off after the grace`() async throws {
    let studio = try await TestStudio.start { $0.shutdownGrace = .milliseconds(200) }
    // One says nothing, one never answers the close, one sends half a request, one reads nothing.
    let silent = try await RawConnection.open(port: studio.port)
    let socket = try await SocketClient.ready(port: studio.port)
    let half = try await RawConnection.open(port: studio.port)
    half.send(
      "POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
    let deaf = try await RawConnection.open(port: studio.port, isReading: false)
    let introspection = HTTPText.post(
      #"{"query":"{ __schema { types { name description fields { name description args { name description } } } } }"}"#
    )
    deaf.send(String(repeating: introspection, count: 200))
    try await studio.stop()
    for connection in [silent, socket.connection, half] { await connection.closed() }
    deaf.close()
  }

  @Test func `a request that does not arrive is told 408`() async throws {
    let studio = try await TestStudio.start { $0.http.requestTimeout = .seconds(1) }
    let slow = try await RawConnection.open(port: studio.port)
    slow.send(
      "POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
    let late = try await slow.reply()
    #expect(late.status == 408)
    #expect(late.headers["content-type"] == "application/problem+json")
    #expect(try late.json().at("title").string == "Request Timeout")
    await slow.closed()
    let silent = try await RawConnection.open(port: studio.port)
    await silent.closed()
    let half = try await RawConnection.open(port: studio.port)
    half.send("GET / HTTP/1.1\r\nHo")
    await half.closed()
    try await studio.stop()
  }

  @Test func `more connections than allowed wait for others to close`() async throws {
    let studio = try await TestStudio.start { $0.http.maximumConnections = 1 }
    let first = try await RawConnection.open(port: studio.port)
    first.send(HTTPText.request("GET", "/health/live"))
    #expect(try await first.reply().status == 200)
    let second = try await RawConnection.open(port: studio.port)
    second.send(HTTPText.request("GET", "/health/live"))
    first.send(HTTPText.request("GET", "/health/live"))
    #expect(try await first.reply().status == 200)
    first.close()
    #expect(try await second.reply().status == 200)
    second.close()
    try await studio.stop()
  }

  @Test func `a port that is taken is an error, and everything ends`() async throws {
    let studio = try await TestStudio.shared.value
    let port = studio.port
    await #expect(throws: (any Error).self) { try await TestStudio.start { $0.port = port } }
  }

  @Test func `a database that is away is a clear error`() async throws {
    var configuration = try await TestStudio.configuration(database: "host=/nowhere dbname=x user=x")
    configuration.postgres.acquireDeadline = .milliseconds(200)
    let error = await #expect(throws: PostgresError.self) {
      try await Studio.open(configuration, logger: TestStudio.quiet)
    }
    #expect(
      error.map(DatabaseAdvice.text)
        == "Postgres cannot be reached with DATABASE_URL: is it running, and may this user connect?")
  }

  @Test func `a database without tables is a clear error`() async throws {
    let info = try await TestPostgres.shared.freshDatabase()
    let configuration = try await TestStudio.configuration(database: info)
    let error = await #expect(throws: PostgresError.self) {
      try await Studio.open(configuration, logger: TestStudio.quiet)
    }
    #expect(error.map(DatabaseAdvice.text) == "The database has no tables yet: run `studio migrate` first.")
  }

  @Test func `another master key is a clear error`() async throws {
    let info = try await TestStudio.migratedDatabase()
    try await TestStudio.start(database: info).stop()
    var other = try await TestStudio.configuration(database: info)
    other.masterKey = try .init(hexadecimal: String(repeating: "f", count: 64))
    let wrong = other
    let error = await #expect(throws: SettingError.self) {
      try await Studio.open(wrong, logger: TestStudio.quiet)
    }
    #expect(error?.description.hasPrefix("STUDIO_MASTER_KEY does not open the keys") == true)
    // The former key may still be named.
    other.oldMasterKeys = [try .init(hexadecimal: TestStudio.masterKey)]
    let studio = try await Studio.open(other, logger: TestStudio.quiet)
    await studio.close()
  }

  @Test func `two servers share a database and each other's tokens`() async throws {
    let info = try await TestStudio.migratedDatabase()
    let first = try await TestStudio.start(database: info)
    let second = try await TestStudio.start(database: info)
    let token = try await first.register("both@example.com")
    let reply = try await second.post(#"{"query":"{ viewer { user { email } } }"}"#, token: token)
    #expect(reply.status == 200, "\(reply.body)")
    #expect(try reply.json().at("errors") == .null, "\(reply.body)")
    try await first.stop()
    try await second.stop()
  }

  @Test func `the server outlives its database`() async throws {
    let postgres = try await TestPostgres.start()
    let studio = try await TestStudio.start(database: try await TestStudio.migratedDatabase(postgres)) {
      $0.postgres.acquireDeadline = .seconds(3)
    }
    let token = try await studio.register("storm@example.com")
    let query = #"{"query":"{ flows(first: 1) { nodes { id } } }"}"#
    #expect(try await studio.post(query, token: token).body == #"{"data":{"flows":{"nodes":[]}}}"#)

    try await postgres.kill()
    let refused = try await studio.post(query, token: token)
    #expect(
      try refused.json().at("errors", "0", "extensions", "code").string == "UNAVAILABLE", "\(refused.body)")
    #expect(try await studio.get("/health/ready").status == 503)
    #expect(try await studio.get("/health/live").status == 200)

    try await postgres.restart()
    while try await studio.get("/health/ready").status != 200 {}
    #expect(try await studio.post(query, token: token).body == #"{"data":{"flows":{"nodes":[]}}}"#)
    try await studio.stop()
    await postgres.remove()
  }
}

extension TestStudio {
  /// Gets a path on a connection of its own.
  fileprivate func get(_ path: String) async throws -> HTTPReply {
    let connection = try await RawConnection.open(port: port)
    defer { connection.close() }
    connection.send(HTTPText.request("GET", path))
    return try await connection.reply()
  }
}
