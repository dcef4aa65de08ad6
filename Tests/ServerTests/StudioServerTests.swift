import GraphQLEngine
import Logging
import Synchronization
import Testing

@testable import Server

@Suite("Server over HTTP", .timeLimit(.minutes(2)))
struct HTTPServerTests {
  private func exchange(_ text: String, isHead: Bool = false) async throws -> HTTPReply {
    let studio = try await TestStudio.shared.value
    let connection = try await RawConnection.open(port: studio.port)
    defer { connection.close() }
    connection.send(text)
    return try await connection.reply(toHead: isHead)
  }

  @Test func `a query is answered`() async throws {
    let reply = try await exchange(HTTPText.post(#"{"query":"{ __typename }"}"#))
    #expect(reply.status == 200)
    #expect(reply.body == #"{"data":{"__typename":"Query"}}"#)
    #expect(reply.headers["content-type"] == "application/json; charset=utf-8")
    #expect(reply.headers["cache-control"] == "no-store")
    #expect(reply.headers["x-content-type-options"] == "nosniff")
    #expect(reply.headers["referrer-policy"] == "no-referrer")
  }

  @Test func `one connection carries many requests, pipelined or not`() async throws {
    let studio = try await TestStudio.shared.value
    let connection = try await RawConnection.open(port: studio.port)
    defer { connection.close() }
    connection.send(String(repeating: HTTPText.post(#"{"query":"{ __typename }"}"#), count: 3))
    for _ in 0..<3 { #expect(try await connection.reply().status == 200) }
    connection.send(HTTPText.request("GET", "/graphql?query=%7B__typename%7D"))
    #expect(try await connection.reply().body == #"{"data":{"__typename":"Query"}}"#)
  }

  /// The code of problem details, which name their status too.
  private func problem(_ reply: HTTPReply) throws -> String? {
    #expect(reply.headers["content-type"] == "application/problem+json")
    #expect(try reply.json().at("status").int == reply.status)
    return try reply.json().at("code").string
  }

  @Test(arguments: ["/nothing/here", "/playground/nothing.js", "/files/avatars/nothing.png", "/hooks/a/b"])
  func `an unknown path is told in problem details`(path: String) async throws {
    for method in ["GET", "PROPFIND"] where method == "GET" || path.hasPrefix("/nothing") {
      let reply = try await exchange(HTTPText.request(method, path))
      #expect(reply.status == 404)
      #expect(try problem(reply) == "NOT_FOUND")
      #expect(reply.headers["x-content-type-options"] == "nosniff")
    }
  }

  @Test(arguments: [
    ("POST", "/openapi.json", "GET, HEAD, OPTIONS"), ("DELETE", "/", "GET, HEAD, OPTIONS"),
    ("POST", "/api/docs", "GET, HEAD, OPTIONS"), ("PUT", "/playground/app.js", "GET, HEAD, OPTIONS"),
    ("PROPFIND", "/health/live", "GET, HEAD, OPTIONS"), ("GET", "/resume/x", "OPTIONS, POST"),
    ("PUT", "/oauth/callback", "GET, HEAD, OPTIONS, POST"),
    ("PROPFIND", "/api/v1/webhooks", "GET, HEAD, OPTIONS, POST"),
    ("TRACE", "/hooks/x", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
  ])
  func `a method that a path does not know is told those that it does`(
    method: String, path: String, allowed: String
  ) async throws {
    let reply = try await exchange(HTTPText.request(method, path))
    #expect(reply.status == 405)
    #expect(reply.headers["allow"] == allowed)
    #expect(try problem(reply) == "BAD_USER_INPUT")
    guard !path.hasPrefix("/hooks") else { return }
    let options = try await exchange(HTTPText.request("OPTIONS", path))
    #expect(options.status == 204)
    #expect(options.headers["allow"] == allowed)
  }

  @Test func `no path leads out of the playground`() async throws {
    for path in [
      "/playground/../Package.swift", "/playground/%2e%2e/Package.swift", "/playground//etc/passwd",
    ] {
      #expect(try await exchange(HTTPText.request("GET", path)).status == 404)
    }
  }

  @Test func `HEAD has the headers of GET and no body`() async throws {
    let studio = try await TestStudio.shared.value
    let connection = try await RawConnection.open(port: studio.port)
    defer { connection.close() }
    for path in ["/playground", "/nothing", "/health/live"] {
      connection.send(HTTPText.request("HEAD", path))
      #expect(try await connection.reply(toHead: true).status == (path == "/nothing" ? 404 : 200))
    }
    connection.send(HTTPText.request("GET", "/health/live"))
    // A body behind one of the HEADs would stand here.
    #expect(try await connection.reply().body == "live\n")
  }

  @Test func `the root leads to the playground`() async throws {
    let reply = try await exchange(HTTPText.request("GET", "/"))
    #expect(reply.status == 303)
    #expect(reply.headers["location"] == "/playground")
    let page = try await exchange(HTTPText.request("GET", "/playground/"))
    #expect(page.status == 200)
    #expect(page.body.hasPrefix("<!doctype html>"))
  }

  @Test(arguments: ["PATCH", "OPTIONS", "TRACE", "PROPFIND"])
  func `other methods are refused with those that work`(method: String) async throws {
    let reply = try await exchange(HTTPText.request(method, "/graphql"))
    #expect(reply.status == 405)
    #expect(reply.headers["allow"] == "GET, POST, QUERY, PUT, DELETE")
  }

  @Test func `a mutation by GET is refused`() async throws {
    let reply = try await exchange(
      HTTPText.request(
        "GET", "/graphql?query=mutation%7Blogout(input:%7BrefreshToken:%22x%22%7D)%7BwasSignedIn%7D%7D"))
    #expect(reply.status == 405)
    #expect(reply.headers["allow"] == "POST")
  }

  @Test func `a byte order mark before a body is ignored`() async throws {
    let reply = try await exchange(HTTPText.post("\u{FEFF}" + #"{"query":"{ __typename }"}"#))
    #expect(reply.body == #"{"data":{"__typename":"Query"}}"#)
    // One is a mark, a second is none.
    let twice = try await exchange(HTTPText.post("\u{FEFF}\u{FEFF}{}"))
    #expect(twice.status == 400)
    #expect(try twice.json().at("errors", "0", "message").string?.contains("(byte 3)") == true)
  }

  @Test func `a body that is not JSON is refused`() async throws {
    let broken = try await exchange(HTTPText.post("{\"query\": "))
    #expect(broken.status == 400)
    #expect(try broken.json().at("errors", "0", "message").string?.hasPrefix("The body is not JSON") == true)
    let form = try await exchange(
      "POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
    #expect(form.status == 415)
  }

  @Test func `a body that is too large is refused before it has arrived`() async throws {
    let studio = try await TestStudio.shared.value
    let connection = try await RawConnection.open(port: studio.port)
    connection.send(
      "POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n"
    )
    connection.send([UInt8](repeating: 0x20, count: 2_000_000))
    let reply = try await connection.reply()
    #expect(reply.status == 413)
    #expect(reply.headers["connection"] == "close")
    await connection.closed()
  }

  @Test(arguments: ["1.0\r\n", "1.1\r\nConnection: Close\r\n", "1.1\r\nconnection: close\r\n"])
  func `a connection ends behind the last response`(rest: String) async throws {
    let studio = try await TestStudio.shared.value
    let connection = try await RawConnection.open(port: studio.port)
    connection.send("GET /playground/app.js HTTP/\(rest)Host: t\r\n\r\n")
    let reply = try await connection.reply()
    #expect(reply.status == 200)
    #expect(reply.headers["connection"] == "close")
    await connection.closed()
  }

  @Test func `what comes behind a last request is not answered`() async throws {
    let studio = try await TestStudio.shared.value
    let connection = try await RawConnection.open(port: studio.port)
    connection.send(
      HTTPText.request("GET", "/health/live", headers: "Connection: close\r\n")
        + HTTPText.request("GET", "/nothing"))
    #expect(try await connection.reply().status == 200)
    await #expect(throws: RawConnection.Closed.self) { try await connection.reply() }
  }

  @Test func `a head that is too large is refused`() async throws {
    let reply = try await exchange(
      HTTPText.request("GET", "/", headers: "X-Long: \(String(repeating: "x", count: 200_000))\r\n"))
    #expect(reply.status == 431)
    #expect(try problem(reply) == "BAD_USER_INPUT")
  }

  @Test(arguments: ["\u{16}\u{3}\u{1} hello\r\n\r\n", "FOO /graphql HTTP/1.1\r\nHost: t\r\n\r\n"])
  func `what is not HTTP is refused, first or behind other requests`(text: String) async throws {
    let studio = try await TestStudio.shared.value
    let query = HTTPText.post(#"{"query":"{ __typename }"}"#)
    for before in ["", HTTPText.request("GET", "/health/live"), query] {
      let connection = try await RawConnection.open(port: studio.port)
      connection.send(before)
      if !before.isEmpty { #expect(try await connection.reply().status == 200) }
      connection.send(text)
      let reply = try await connection.reply()
      #expect(reply.status == 400)
      #expect(try problem(reply) == "BAD_USER_INPUT")
      #expect(reply.headers["connection"] == "close")
      await connection.closed()
    }
  }

  @Test func `a token that is none is refused`() async throws {
    let reply = try await exchange(HTTPText.post(#"{"query":"{ __typename }"}"#, token: "a.b.c"))
    #expect(reply.status == 401)
    #expect(reply.headers["www-authenticate"] == "Bearer")
    #expect(try reply.json().at("errors", "0", "extensions", "code").string == "UNAUTHENTICATED")
  }

  @Test func `the keys of tokens are published and the server says that it is ready`() async throws {
    let keys = try await exchange(HTTPText.request("GET", "/.well-known/jwks.json"))
    #expect(try keys.json().at("keys", "0", "kty").string == "RSA")
    #expect(keys.headers["cache-control"] == "public, max-age=300")
    #expect(try await exchange(HTTPText.request("GET", "/health/ready")).body == "ready\n")
  }

  @Test func `the log has one line for each request that names its operation`() async throws {
    let lines = Mutex<[String]>([])
    var logger = Logger(label: "studio") { label in
      JSONLogHandler(label: label) { line in lines.withLock { $0.append(line) } }
    }
    logger.logLevel = .debug
    let studio = try await TestStudio.start(logger: logger)
    _ = try await studio.post(#"{"query":"query Named { __typename }"}"#)
    _ = try await studio.post(#"{"query":"query Wrong { nothing }"}"#)
    let socket = try await SocketClient.ready(port: studio.port)
    socket.send(#"{"type":"subscribe","id":"1","payload":{"query":"query Socket { __typename }"}}"#)
    _ = try await socket.next()
    socket.connection.close()
    try await studio.stop()
    let told = try lines.withLock { $0 }.map { try InputValue.json($0) }
      .filter { $0.at("message").string?.hasPrefix("GraphQL") == true }
    #expect(told.map { $0.at("operation").string } == ["Named", "", "Socket"])
    #expect(told.map { $0.at("errors").string } == ["0", "1", "0"])
    #expect(told.map { $0.at("status").string } == ["200", "200", nil])
    #expect(told.allSatisfy { $0.at("duration").string?.hasSuffix("seconds") == true })
  }

  @Test func `an upgrade elsewhere is refused`() async throws {
    let studio = try await TestStudio.shared.value
    let (_, reply) = try await SocketClient.open(port: studio.port, path: "/playground")
    #expect(reply.status == 404)
    #expect(reply.headers["content-type"] == "application/problem+json")
    #expect(try reply.json().at("code").string == "NOT_FOUND")
  }
}

@Suite("Server over WebSocket", .timeLimit(.minutes(2)))
struct SocketServerTests {
  @Test func `queries run over a socket`() async throws {
    let socket = try await SocketClient.ready(port: TestStudio.shared.value.port)
    socket.send(#"{"type":"subscribe","id":"1","payload":{"query":"{ __typename }"}}"#)
    #expect(
      try await socket.next() == .text(#"{"type":"next","id":"1","payload":{"data":{"__typename":"Query"}}}"#)
    )
    #expect(try await socket.next() == .text(#"{"type":"complete","id":"1"}"#))
    socket.send(#"{"type":"subscribe","id":"1","payload":{"query":"{ nothing }"}}"#)
    guard case .text(let error) = try await socket.next() else { throw TestFailure("no error came") }
    #expect(try InputValue.json(error).at("type").string == "error")
    #expect(
      try InputValue.json(error).at("payload", "0", "extensions", "code").string
        == "GRAPHQL_VALIDATION_FAILED")
    socket.connection.close()
  }

  @Test func `a client without the sub-protocol is told 4406`() async throws {
    let (socket, reply) = try await SocketClient.open(port: TestStudio.shared.value.port, subprotocol: nil)
    #expect(reply.status == 101)
    #expect(reply.headers["sec-websocket-protocol"] == nil)
    #expect(try await socket.next() == .close(code: 4406, reason: "Subprotocol not acceptable"))
  }

  @Test func `the sub-protocol is agreed upon among others`() async throws {
    let (socket, reply) = try await SocketClient.open(
      port: TestStudio.shared.value.port, subprotocol: "graphql-ws, graphql-transport-ws")
    #expect(reply.headers["sec-websocket-protocol"] == "graphql-transport-ws")
    socket.connection.close()
  }

  @Test func `a bad token is told 4403`() async throws {
    let (socket, _) = try await SocketClient.open(port: TestStudio.shared.value.port)
    socket.send(#"{"type":"connection_init","payload":{"authorization":"Bearer x"}}"#)
    guard case .close(let code, _) = try await socket.next() else { throw TestFailure("it was not closed") }
    #expect(code == 4403)
  }

  @Test func `a client that says nothing is told 4408`() async throws {
    let studio = try await TestStudio.start { $0.socket.initTimeout = .milliseconds(20) }
    let (socket, _) = try await SocketClient.open(port: studio.port)
    #expect(try await socket.next() == .close(code: 4408, reason: "Connection initialisation timeout"))
    try await studio.stop()
  }

  @Test func `a client that answers no ping is closed`() async throws {
    let studio = try await TestStudio.start { $0.socket.pingInterval = .milliseconds(20) }
    let (socket, _) = try await SocketClient.open(port: studio.port)
    await socket.connection.closed()
    try await studio.stop()
  }

  @Test func `messages may be fragmented and sockets answer pings and closes`() async throws {
    let socket = try await SocketClient.ready(port: TestStudio.shared.value.port)
    socket.send(opcode: 1, isFinal: false, bytes(#"{"type":"#))
    socket.send(opcode: 9, bytes("beat"))
    socket.send(opcode: 0, bytes(#""ping"}"#))
    #expect(try await socket.next() == .pong)
    #expect(try await socket.next() == .text(#"{"type":"pong"}"#))
    socket.send(opcode: 8, [0x03, 0xE8] + bytes("bye"))
    #expect(try await socket.next() == .close(code: 1000, reason: ""))
    await socket.connection.closed()
  }

  @Test func `a message that is too large is told 1009`() async throws {
    let studio = try await TestStudio.start { $0.http.maximumBody = 2000 }
    let socket = try await SocketClient.ready(port: studio.port)
    socket.send(opcode: 1, [UInt8](repeating: 0x20, count: 5000))
    guard case .close(let code, _) = try await socket.next() else { throw TestFailure("it was not closed") }
    #expect(code == 1009)
    try await studio.stop()
  }

  @Test func `a run is watched from its beginning to its end`() async throws {
    let studio = try await TestStudio.shared.value
    let token = try await studio.register("watcher@example.com")
    let create = #"""
      {"query":"mutation($i: CreateFlowInput!) { createFlow(input: $i) { flow { id } } }","variables":{"i":
      {"name":"Twice","intention":"Doubles","nodes":[
      {"key":"start","title":"Start","kind":"TRIGGER"},
      {"key":"twice","title":"Twice","kind":"TRANSFORM","config":{"expression":"input.n * 2"}}],
      "connections":[{"from":"start","to":"twice"}]}}}
      """#
    let created = try await studio.post(create, token: token)
    let flow = try #require(
      try created.json().at("data", "createFlow", "flow", "id").string, "\(created.body)")
    let started = try await studio.post(
      #"{"query":"mutation { executeFlow(input: {flowId: \"\#(flow)\", input: {n: 21}}) { execution { id } } }"}"#,
      token: token)
    let run = try #require(
      try started.json().at("data", "executeFlow", "execution", "id").string, "\(started.body)")
    let socket = try await SocketClient.ready(port: studio.port, token: token)
    socket.send(
      #"{"type":"subscribe","id":"run","payload":{"query":"subscription { executionUpdated(id: \"\#(run)\") { __typename sequence } }"}}"#
    )
    var kinds: [String] = []
    while case .text(let message) = try await socket.next() {
      let message = try InputValue.json(message)
      if message.at("type").string == "complete" { break }
      let event = message.at("payload", "data", "executionUpdated")
      kinds.append(event.at("__typename").string ?? JSONText.text(message))
      #expect(event.at("sequence") == .int(kinds.count))
    }
    #expect(kinds.first == "ExecutionQueued")
    #expect(kinds.last == "ExecutionFinished")
    #expect(kinds.count >= 6)
    let log = try await studio.post(
      #"{"query":"{ executionLog(id: \"\#(run)\") { status nodeExecutions { output } } }"}"#, token: token)
    #expect(try log.json().at("data", "executionLog", "status").string == "SUCCESS", "\(log.body)")
    socket.connection.close()
  }
}

extension JSONText {
  fileprivate static func text(_ value: InputValue) -> String {
    String(decoding: bytes(value), as: UTF8.self)
  }
}
