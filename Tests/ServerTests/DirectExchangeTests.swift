import Testing

@testable import Server

/// Requests that are answered on the event loop, and those of other forms beside them on one connection.
@Suite("Plain requests", .timeLimit(.minutes(2)))
struct DirectExchangeTests {
  private static let query = #"{"query":"{ __typename }"}"#

  /// A form that goes the long way, for its type is spelled out.
  private static func spelledOut(_ query: String = query) -> String {
    "POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: application/json; charset=utf-8\r\n"
      + "Content-Length: \(query.utf8.count)\r\n\r\n\(query)"
  }
  /// Another, for nobody knows how long it is.
  private static let chunked =
    "POST /graphql HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    + "\(String(query.utf8.count, radix: 16))\r\n\(query)\r\n0\r\n\r\n"

  private func connect() async throws -> RawConnection {
    try await RawConnection.open(port: try await TestStudio.shared.value.port)
  }

  @Test func `answers come in the order of the requests, whatever way those go`() async throws {
    let connection = try await connect()
    defer { connection.close() }
    let ask = HTTPText.post(Self.query)
    connection.send(
      ask + HTTPText.request("GET", "/health/live") + ask + ask + Self.chunked + ask + Self.spelledOut()
        + HTTPText.request("GET", "/nothing") + ask)
    for body in ["{", "live", "{", "{", "{", "{", "{", #"{"type":"/api/docs#NOT_FOUND""#, "{"] {
      #expect(try await connection.reply().body.hasPrefix(body))
    }
  }

  /// A short answer is written with its head, a long one behind it; a refused one is no other.
  @Test(arguments: [
    query, #"{"query":"{ __schema { types { name description fields { name description } } } }"}"#,
    #"{"query":"{ nothing }"}"#, "[",
  ])
  func `both ways end in the same answer`(_ query: String) async throws {
    let connection = try await connect()
    defer { connection.close() }
    connection.send(HTTPText.post(query) + Self.spelledOut(query))
    let (direct, routed) = (try await connection.reply(), try await connection.reply())
    #expect(direct.status == routed.status)
    #expect(direct.body == routed.body)
    #expect(direct.headers.keys.sorted() == routed.headers.keys.sorted())
    let changing = ["date", "x-request-id"]
    #expect(
      direct.headers.filter { !changing.contains($0.key) }
        == routed.headers.filter { !changing.contains($0.key) })
  }

  /// The URL that a trigger is given out with, in full; other spellings are for the router to judge.
  @Test func `a webhook is answered where it arrives`() {
    let token = String(repeating: "a", count: 64)
    for target in ["/hooks/\(token)", "/hooks/\(token)?challenge=1", "/hooks/\(token)?"] {
      #expect(HookEndpoint.isTarget(target))
    }
    let others = [
      "/hooks/\(token)a", "/hooks/\(token.dropLast())", "/hooks/\(token)/", "/hooks/", "/hooks/?\(token)",
      "/hooks/\(token.dropLast())/", "/hooks/\(token.dropLast(3))%41", "/hook/\(token)",
      "/api/hooks/\(token)", "//hooks/\(token)", "",
    ]
    for target in others { #expect(!HookEndpoint.isTarget(target), "\(target)") }
  }

  @Test func `each request has its own fields, though they be like those before`() async throws {
    let connection = try await connect()
    defer { connection.close() }
    let names = ["one", "one", "two", "one"]
    for name in names {
      connection.send(
        "POST /graphql HTTP/1.1\r\nHost: t\r\nX-Request-Id: \(name)\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(Self.query.utf8.count)\r\n\r\n\(Self.query)")
    }
    for name in names { #expect(try await connection.reply().headers["x-request-id"] == name) }
  }

  @Test func `a body may come in pieces`() async throws {
    let connection = try await connect()
    defer { connection.close() }
    let text = HTTPText.post(Self.query)
    connection.send(String(text.dropLast(10)))
    // The server has read what came first when it answers another connection.
    let other = try await connect()
    defer { other.close() }
    other.send(text)
    #expect(try await other.reply().status == 200)
    connection.send(String(text.suffix(10)))
    #expect(try await connection.reply().body == #"{"data":{"__typename":"Query"}}"#)
  }

  @Test func `what is broken behind a request does not touch its answer`() async throws {
    let connection = try await connect()
    connection.send(HTTPText.post(Self.query) + "no HTTP at all\r\n\r\n")
    #expect(try await connection.reply().status == 200)
    #expect(try await connection.reply().status == 400)
    await connection.closed()
  }

  @Test func `a connection ends behind the answer to its last request`() async throws {
    let connection = try await connect()
    connection.send(
      "POST /graphql HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(Self.query.utf8.count)\r\n\r\n\(Self.query)")
    let reply = try await connection.reply()
    #expect(reply.status == 200 && reply.headers["connection"] == "close")
    await connection.closed()
  }

  @Test func `the date is as HTTP has it`() {
    // RFC 9110 § 5.6.7's own example.
    #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPDate.text(951_827_696) == "Tue, 29 Feb 2000 12:34:56 GMT")
  }
}
