import GraphQLEngine
import Testing

@testable import Server

/// `subscriptions-transport-ws` (sub-protocol `graphql-ws`) as transcripts.
///
/// | rule of the protocol | test |
/// |---|---|
/// | `connection_init`: `connection_ack`, then `ka` | a client connects, is acknowledged and kept alive |
/// | a rejected connection: `connection_error` | who is refused is told why, and closed |
/// | `ka` comes again behind the first | a client connects, is acknowledged and kept alive |
/// | `start` before the acknowledgement | what is started early waits for the acknowledgement |
/// | `data`, then `complete` | an operation gives data and completes |
/// | `error`, one error | an operation that cannot be executed has one error |
/// | `stop`: `complete` | a stop is answered with complete |
/// | what cannot be read: `connection_error` | a message that is none is answered and does no harm |
/// | `connection_terminate` closes | the client may end the connection |
@Suite("graphql-ws session")
struct LegacySessionTests {
  private static let start = ["send {\"type\":\"connection_ack\"}", "send {\"type\":\"ka\"}"]

  private func ready(maximumOperations: Int = 3) -> LegacySession {
    var session = LegacySession(maximumOperations: maximumOperations)
    _ = session.receive(bytes(#"{"type":"connection_init"}"#))
    _ = session.authenticated()
    return session
  }

  private func start(_ id: String, _ query: String = "{ a }") -> [UInt8] {
    bytes(#"{"type":"start","id":"\#(id)","payload":{"query":"\#(query)"}}"#)
  }

  private func stop(_ id: String) -> [UInt8] { bytes(#"{"type":"stop","id":"\#(id)"}"#) }

  @Test func `a client connects, is acknowledged and kept alive`() {
    var session = LegacySession(maximumOperations: 3)
    #expect(session.keepAlive().isEmpty)
    let asked = session.receive(bytes(#"{"type":"connection_init","payload":{"authorization":"x"}}"#))
    #expect(asked.map(\.line) == [#"authenticate {"authorization":"x"}"#])
    #expect(session.authenticated().map(\.line) == Self.start)
    #expect(session.keepAlive().map(\.line) == [#"send {"type":"ka"}"#])
  }

  @Test func `who is refused is told why, and closed`() {
    var session = LegacySession(maximumOperations: 3)
    _ = session.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(
      session.refused("Forbidden", isFault: false).map(\.line) == [
        #"send {"type":"connection_error","payload":{"message":"Forbidden"}}"#, "close 4403 Forbidden",
      ])
    #expect(session.state == .over)
  }

  @Test func `what is started early waits for the acknowledgement`() {
    var session = LegacySession(maximumOperations: 3)
    _ = session.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(session.receive(start("1")).isEmpty)
    #expect(session.receive(start("2", "{ b }")).isEmpty)
    #expect(session.receive(start("1", "{ c }")).isEmpty)
    #expect(session.receive(stop("2")).map(\.line) == [#"send {"type":"complete","id":"2"}"#])
    #expect(session.authenticated().map(\.line) == Self.start + ["start 1 { c }"])
  }

  @Test func `what is started without an init is refused`() {
    var session = LegacySession(maximumOperations: 3)
    #expect(
      session.receive(start("1")).map(\.line) == [
        #"send {"type":"connection_error","payload":{"message":"Unauthorized"}}"#, "close 4401 Unauthorized",
      ])
  }

  @Test func `an operation gives data and completes`() {
    var session = ready()
    #expect(session.receive(start("1")).map(\.line) == ["start 1 { a }"])
    #expect(
      session.produced("1", response: bytes(#"{"data":{"a":1}}"#)).map(\.line)
        == [#"send {"type":"data","id":"1","payload":{"data":{"a":1}}}"#])
    #expect(session.completed("1").map(\.line) == [#"send {"type":"complete","id":"1"}"#])
    #expect(session.completed("1").isEmpty)
    #expect(session.produced("1", response: bytes("{}")).isEmpty)
  }

  @Test func `an operation that cannot be executed has one error`() {
    var session = ready()
    _ = session.receive(start("1"))
    #expect(
      session.failed("1", errors: bytes(#"[{"message":"no"},{"message":"nor this"}]"#)).map(\.line)
        == [#"send {"type":"error","id":"1","payload":{"message":"no"}}"#])
    #expect(session.completed("1").isEmpty)
  }

  @Test func `a stop is answered with complete`() {
    var session = ready()
    _ = session.receive(start("1"))
    #expect(session.receive(stop("1")).map(\.line) == ["stop 1", #"send {"type":"complete","id":"1"}"#])
    #expect(session.produced("1", response: bytes("{}")).isEmpty)
    #expect(session.receive(stop("1")).isEmpty)
    #expect(session.receive(stop("never")).isEmpty)
  }

  @Test func `an id that is in use begins anew`() {
    var session = ready()
    _ = session.receive(start("1"))
    #expect(session.receive(start("1", "{ b }")).map(\.line) == ["stop 1", "start 1 { b }"])
  }

  @Test func `operations of a socket are bounded, and one too many is told`() {
    var session = ready(maximumOperations: 1)
    _ = session.receive(start("1"))
    #expect(
      session.receive(start("2")).map(\.line) == [
        #"send {"type":"error","id":"2","payload":{"message":"More than 1 operations at once"}}"#
      ])
    #expect(session.completed("1").count == 1)
  }

  @Test(arguments: [
    "nonsense", "[]", "{}", #"{"type":"subscribe","id":"1"}"#, #"{"type":"start","payload":{}}"#,
  ])
  func `a message that is none is answered and does no harm`(message: String) {
    var session = ready()
    let lines = session.receive(bytes(message)).map(\.line)
    #expect(lines.count == 1)
    #expect(
      lines.first?.hasPrefix(#"send {"type":"connection_error","payload":{"message":"Invalid message"#)
        == true)
    #expect(session.receive(start("1")).map(\.line) == ["start 1 { a }"])
  }

  @Test func `a start without a request is an error of its id`() {
    var session = ready()
    #expect(
      session.receive(bytes(#"{"type":"start","id":"1","payload":{}}"#)).map(\.line) == [
        #"send {"type":"error","id":"1","payload":{"message":"The request has no \"query\"."}}"#
      ])
  }

  @Test func `the client may end the connection`() {
    var session = ready()
    _ = session.receive(start("1"))
    #expect(
      session.receive(bytes(#"{"type":"connection_terminate"}"#)).map(\.line) == ["stop 1", "close 1000 "])
    #expect(session.receive(start("2")).isEmpty)
  }

  @Test func `the rules of time and number are those of the newer protocol`() {
    var silent = LegacySession(maximumOperations: 3)
    #expect(silent.initTimedOut().map(\.line) == ["close 4408 Connection initialisation timeout"])
    var session = ready()
    #expect(session.initTimedOut().isEmpty)
    #expect(session.credentialsRefused("It has expired").last?.line == "close 4403 It has expired")
    var twice = ready()
    #expect(
      twice.receive(bytes(#"{"type":"connection_init"}"#)).map(\.line)
        == ["close 4429 Too many initialisation requests"])
  }

  @Test func `who reads an operation too slowly is told`() {
    var session = ready()
    _ = session.receive(start("1"))
    let lines = session.dropped("1").map(\.line)
    #expect(lines.first == "stop 1" && lines.count == 2)
    #expect(lines.last?.contains("SLOW_READER") == true)
  }
}
