import GraphQLEngine
import Testing

@testable import Server

/// `graphql-transport-ws` as transcripts: what comes in, and exactly what the server does.
///
/// Each rule, and its test here; (e) in `Tests/EndToEnd/test_websocket.py`.
///
/// | rule of the protocol | test |
/// |---|---|
/// | another sub-protocol: 4406 | (e) another sub protocol is closed with 4406 |
/// | messages are JSON objects with a `type`, else 4400 | a message that is none is told 4400 and why |
/// | many operations at once, by their ids | (e) many operations share a socket |
/// | the client closes with 1000 | (e) a client that closes is answered with its code |
/// | `connection_init` in time, else 4408 | no init in time is told 4408, and only then |
/// | a second one: 4429 | a second init is told 4429, while the first is pending and after it |
/// | a rejected connection: 4403 | who is refused is told 4403 |
/// | its payload is an object, null or missing | a client connects …, a payload may be null |
/// | `connection_ack` answers it | a client connects and is acknowledged |
/// | `ping` at any time: `pong` at once, with its payload | pings are answered at any time and pongs … |
/// | `pong` may come unasked | pings are answered at any time and pongs are welcome |
/// | `subscribe` before the acknowledgement: 4401 | an operation before the acknowledgement is told 4401 |
/// | an id in use, of any operation: 4409 | an id in use is told 4409 and everything ends |
/// | an id is free after its operation | an id may be used again after its operation |
/// | members of the payload may be null | members of a request may be null |
/// | `next`, then `complete` behind the last | an operation gives results and completes |
/// | `error` before execution, and nothing behind it | an error ends an operation without a complete |
/// | `error` during execution | `OperationConversationTests`: a source that fails … |
/// | `complete` from the client: nothing more is sent | a client's complete stops an operation … |
/// | `complete` of an unknown id | complete for an unknown id is ignored |
/// | queries and mutations, with one `next` | (e) queries and mutations run over the socket |
/// | several `next` of an incremental response | `test_incremental.py`: the pieces together are the whole |
/// | ours: the token expires, 4403 | `OperationConversationTests`: a socket lives as long as its token … |
/// | ours, as graphql-ws: a fault of the server, 4500 | a fault of the server is told 4500 |
@Suite("graphql-transport-ws session")
struct TransportSessionTests {
  private static let acknowledged = #"send {"type":"connection_ack"}"#

  /// A session after a successful `connection_init`.
  private func ready(maximumOperations: Int = 3) -> TransportSession {
    var session = TransportSession(maximumOperations: maximumOperations)
    _ = session.receive(bytes(#"{"type":"connection_init"}"#))
    _ = session.authenticated()
    return session
  }

  private func subscribe(_ id: String, _ query: String = "{ a }") -> [UInt8] {
    bytes(#"{"type":"subscribe","id":"\#(id)","payload":{"query":"\#(query)"}}"#)
  }

  @Test func `a client connects and is acknowledged`() {
    var session = TransportSession(maximumOperations: 3)
    #expect(session.state == .awaitingInit)
    let initial = session.receive(bytes(#"{"type":"connection_init","payload":{"authorization":"x"}}"#))
    #expect(initial.map(\.line) == [#"authenticate {"authorization":"x"}"#])
    #expect(session.state == .authenticating)
    #expect(session.authenticated().map(\.line) == [Self.acknowledged])
    #expect(session.state == .ready)
  }

  @Test func `a client without a payload is asked for nothing`() {
    var session = TransportSession(maximumOperations: 3)
    #expect(session.receive(bytes(#"{"type":"connection_init"}"#)).map(\.line) == ["authenticate"])
  }

  @Test func `who is refused is told 4403`() {
    var session = TransportSession(maximumOperations: 3)
    _ = session.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(session.refused("Forbidden", isFault: false).map(\.line) == ["close 4403 Forbidden"])
    #expect(session.state == .over)
  }

  @Test func `a fault of the server is told 4500`() {
    var session = TransportSession(maximumOperations: 3)
    _ = session.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(session.refused("Not available", isFault: true).map(\.line) == ["close 4500 Not available"])
  }

  @Test func `a payload may be null`() {
    var session = TransportSession(maximumOperations: 3)
    #expect(
      session.receive(bytes(#"{"type":"connection_init","payload":null}"#)).map(\.line) == ["authenticate"])
    #expect(
      session.receive(bytes(#"{"type":"ping","payload":null}"#)).map(\.line) == [#"send {"type":"pong"}"#])
  }

  @Test func `members of a request may be null`() {
    var session = ready()
    let payload = #"{"query":"{ a }","operationName":null,"variables":null,"extensions":null}"#
    #expect(
      session.receive(bytes(#"{"type":"subscribe","id":"1","payload":\#(payload)}"#)).map(\.line)
        == ["start 1 { a }"])
  }

  @Test func `who reads an operation too slowly is told, and the socket goes on`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    _ = session.receive(subscribe("2"))
    let lines = session.dropped("1").map(\.line)
    #expect(lines.count == 2 && lines.first == "stop 1")
    #expect(lines.last?.contains(#""code":"SLOW_READER""#) == true)
    #expect(session.dropped("1").isEmpty)
    #expect(session.completed("1").isEmpty)
    #expect(session.completed("2").map(\.line) == [#"send {"type":"complete","id":"2"}"#])
  }

  @Test func `pings are frames, not messages`() {
    var session = ready()
    #expect(session.keepAlive().isEmpty)
  }

  @Test func `a second init is told 4429, while the first is pending and after it`() {
    var pending = TransportSession(maximumOperations: 3)
    _ = pending.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(
      pending.receive(bytes(#"{"type":"connection_init"}"#)).map(\.line)
        == ["close 4429 Too many initialisation requests"])
    // What the check of the first one says afterwards is of no interest.
    #expect(pending.authenticated().isEmpty)
    var session = ready()
    #expect(
      session.receive(bytes(#"{"type":"connection_init"}"#)).map(\.line)
        == ["close 4429 Too many initialisation requests"])
  }

  @Test func `no init in time is told 4408, and only then`() {
    var silent = TransportSession(maximumOperations: 3)
    #expect(silent.initTimedOut().map(\.line) == ["close 4408 Connection initialisation timeout"])
    var pending = TransportSession(maximumOperations: 3)
    _ = pending.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(pending.initTimedOut().isEmpty)
    var session = ready()
    #expect(session.initTimedOut().isEmpty)
  }

  @Test func `an operation before the acknowledgement is told 4401`() {
    var session = TransportSession(maximumOperations: 3)
    #expect(session.receive(subscribe("1")).map(\.line) == ["close 4401 Unauthorized"])
    var pending = TransportSession(maximumOperations: 3)
    _ = pending.receive(bytes(#"{"type":"connection_init"}"#))
    #expect(pending.receive(subscribe("1")).map(\.line) == ["close 4401 Unauthorized"])
  }

  @Test func `an operation gives results and completes`() {
    var session = ready()
    #expect(session.receive(subscribe("1")).map(\.line) == ["start 1 { a }"])
    #expect(
      session.produced("1", response: bytes(#"{"data":{"a":1}}"#)).map(\.line)
        == [#"send {"type":"next","id":"1","payload":{"data":{"a":1}}}"#])
    #expect(session.completed("1").map(\.line) == [#"send {"type":"complete","id":"1"}"#])
    #expect(session.completed("1").isEmpty)
    #expect(session.produced("1", response: bytes("{}")).isEmpty)
  }

  @Test func `an error ends an operation without a complete`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    #expect(
      session.failed("1", errors: bytes(#"[{"message":"no"}]"#)).map(\.line)
        == [#"send {"type":"error","id":"1","payload":[{"message":"no"}]}"#])
    #expect(session.completed("1").isEmpty)
  }

  @Test func `a client's complete stops an operation and nothing of it is sent`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    #expect(session.receive(bytes(#"{"type":"complete","id":"1"}"#)).map(\.line) == ["stop 1"])
    #expect(session.produced("1", response: bytes("{}")).isEmpty)
    #expect(session.failed("1", errors: bytes("[]")).isEmpty)
    #expect(session.completed("1").isEmpty)
  }

  @Test func `complete for an unknown id is ignored`() {
    var session = ready()
    #expect(session.receive(bytes(#"{"type":"complete","id":"never"}"#)).isEmpty)
    var waiting = TransportSession(maximumOperations: 3)
    #expect(waiting.receive(bytes(#"{"type":"complete","id":"never"}"#)).isEmpty)
  }

  @Test func `an id in use is told 4409 and everything ends`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    #expect(
      session.receive(subscribe("1")).map(\.line) == ["stop 1", "close 4409 Subscriber for 1 already exists"])
  }

  @Test func `an id may be used again after its operation`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    _ = session.completed("1")
    #expect(session.receive(subscribe("1", "{ b }")).map(\.line) == ["start 1 { b }"])
    _ = session.failed("1", errors: bytes("[]"))
    #expect(session.receive(subscribe("1", "{ c }")).map(\.line) == ["start 1 { c }"])
    _ = session.receive(bytes(#"{"type":"complete","id":"1"}"#))
    #expect(session.receive(subscribe("1", "{ d }")).map(\.line) == ["start 1 { d }"])
  }

  @Test func `operations of a socket are bounded`() {
    var session = ready(maximumOperations: 1)
    _ = session.receive(subscribe("1"))
    #expect(
      session.receive(subscribe("2")).map(\.line) == ["stop 1", "close 4400 More than 1 operations at once"])
  }

  @Test func `pings are answered at any time and pongs are welcome`() {
    var session = TransportSession(maximumOperations: 3)
    #expect(session.receive(bytes(#"{"type":"ping"}"#)).map(\.line) == [#"send {"type":"pong"}"#])
    #expect(
      session.receive(bytes(#"{"type":"ping","payload":{"at":[1,"é"]}}"#)).map(\.line)
        == [#"send {"type":"pong","payload":{"at":[1,"é"]}}"#])
    #expect(session.receive(bytes(#"{"type":"pong","payload":{}}"#)).isEmpty)
  }

  @Test(
    arguments: [
      ("nonsense", "not JSON"), ("[]", "not an object"), ("{}", "no \"type\""),
      (#"{"type":7}"#, "no \"type\""), (#"{"type":"next","id":"1"}"#, "unknown type \"next\""),
      (#"{"type":"connection_init","payload":7}"#, "\"payload\" must be an object"),
      (#"{"type":"subscribe","payload":{"query":"{a}"}}"#, "\"id\" must be a text of 1 to 256 bytes"),
      (#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#, "\"id\" must be a text of 1 to 256 bytes"),
      (#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#, "\"id\" must be a text of 1 to 256 bytes"),
      (#"{"type":"subscribe","id":"1"}"#, "no \"payload\""),
      (#"{"type":"subscribe","id":"1","payload":{}}"#, "The request has no \"query\"."),
      (#"{"type":"subscribe","id":"1","payload":{"query":7}}"#, "\"query\" must be a string."),
      (
        #"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
        "\"variables\" must be an object."
      ),
      (#"{"type":"complete"}"#, "\"id\" must be a text of 1 to 256 bytes"),
    ])
  func `a message that is none is told 4400 and why`(message: String, reason: String) {
    var session = ready()
    #expect(session.receive(bytes(message)).map(\.line) == ["close 4400 Invalid message: \(reason)"])
    #expect(session.state == .over)
  }

  @Test func `what a credential allowed ends with it`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    #expect(
      session.credentialsRefused("It has expired").map(\.line) == ["stop 1", "close 4403 It has expired"])
    #expect(session.credentialsRefused("It has expired").isEmpty)
  }

  @Test func `the end of the socket stops every operation once`() {
    var session = ready()
    _ = session.receive(subscribe("1"))
    _ = session.receive(subscribe("2"))
    #expect(session.ended().map(\.line).sorted() == ["stop 1", "stop 2"])
    #expect(session.ended().isEmpty)
    #expect(session.receive(subscribe("3")).isEmpty)
    #expect(session.produced("1", response: bytes("{}")).isEmpty)
  }
}

extension SessionAction {
  /// The action as a line of a transcript.
  var line: String {
    switch self {
    case .send(let message, _, _): "send \(text(message))"
    case .close(let code, let reason): "close \(code) \(reason)"
    case .authenticate(let payload): "authenticate" + (payload.map { " " + text(JSONText.bytes($0)) } ?? "")
    case .start(let id, let request): "start \(id) \(request.query ?? "")"
    case .stop(let id): "stop \(id)"
    }
  }
}
