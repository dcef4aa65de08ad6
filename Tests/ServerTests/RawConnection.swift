import GraphQLEngine
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection whose bytes a test writes and reads itself, so that it can be as rude as a client can be.
final class RawConnection: Sendable {
  /// The server has closed the connection.
  struct Closed: Error {}

  private struct State {
    var bytes: [UInt8] = []
    var isClosed = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let channel: any Channel
  private let state: Inbox

  /// What has arrived; shared by the event loop and the test.
  private final class Inbox: Sendable {
    let state = Mutex(State())

    func change(_ body: (inout State) -> Void) {
      let waiter = state.withLock { state in
        body(&state)
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume()
    }
  }

  /// Lives on the connection's event loop.
  private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let inbox: Inbox
    init(inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let buffer = unwrapInboundIn(data)
      inbox.change { $0.bytes += buffer.readableBytesView }
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.change { $0.isClosed = true } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }

  private init(_ channel: any Channel, _ inbox: Inbox) {
    self.channel = channel
    state = inbox
  }

  /// - Parameter isReading: whether arriving bytes are taken from the system; not for a stuck client.
  static func open(port: Int, isReading: Bool = true) async throws -> RawConnection {
    let inbox = Inbox()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: isReading)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Receiver(inbox: inbox))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return RawConnection(channel, inbox)
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

  /// Stops taking bytes from the system, as a client that hangs does.
  func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

  func close() { channel.close(promise: nil) }

  /// Returns when the server has closed the connection, whatever it sent before.
  func closed() async { try? await channel.closeFuture.get() }

  /// What `parse` takes from the front of the bytes; it is asked again whenever more have come.
  func take<Value>(_ parse: (inout [UInt8]) throws -> Value?) async throws -> Value {
    while true {
      let (value, seen, isClosed) = try state.state.withLock { state in
        (try parse(&state.bytes), state.bytes.count, state.isClosed)
      }
      if let value { return value }
      if isClosed { throw Closed() }
      await withCheckedContinuation { continuation in
        let isNew = state.state.withLock { state in
          // More may have come, or the end, since the bytes were looked at.
          if state.isClosed || state.bytes.count != seen { return true }
          state.waiter = continuation
          return false
        }
        if isNew { continuation.resume() }
      }
    }
  }

  /// The next HTTP response.
  func reply(toHead isHead: Bool = false) async throws -> HTTPReply {
    try await take { try HTTPReply(consuming: &$0, isHead: isHead) }
  }
}

/// An HTTP/1.1 response with a `Content-Length`.
struct HTTPReply: Sendable {
  let status: Int
  /// By lower-case name.
  let headers: [String: String]
  let body: String

  /// Nil when it has not arrived completely.
  init?(consuming bytes: inout [UInt8], isHead: Bool) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    self.headers = headers
    let headLength = text[..<end.upperBound].utf8.count
    let length = isHead ? 0 : Int(headers["content-length"] ?? "0") ?? 0
    guard bytes.count >= headLength + length else { return nil }
    body = String(decoding: bytes[headLength..<headLength + length], as: UTF8.self)
    bytes.removeFirst(headLength + length)
  }

  func json() throws -> InputValue { try .json(body) }
}

/// A `graphql-transport-ws` client over bytes.
struct SocketClient: Sendable {
  enum Received: Equatable {
    case text(String)
    case close(code: Int, reason: String)
    case pong
  }

  let connection: RawConnection

  /// Opens a socket; the reply is the server's to the upgrade.
  static func open(
    port: Int, path: String = "/graphql", subprotocol: String? = "graphql-transport-ws"
  ) async throws -> (client: SocketClient, reply: HTTPReply) {
    let connection = try await RawConnection.open(port: port)
    let offered = subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? ""
    connection.send(
      HTTPText.request(
        "GET", path,
        headers: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + offered))
    return (SocketClient(connection: connection), try await connection.reply())
  }

  /// An open, acknowledged socket.
  static func ready(port: Int, token: String? = nil) async throws -> SocketClient {
    let (client, _) = try await open(port: port)
    let payload = token.map { #","payload":{"Authorization":"Bearer \#($0)"}"# } ?? ""
    client.send(#"{"type":"connection_init"\#(payload)}"#)
    guard try await client.next() == .text(#"{"type":"connection_ack"}"#) else {
      throw TestFailure("the socket was not acknowledged")
    }
    return client
  }

  func send(_ text: String) { send(opcode: 1, Array(text.utf8)) }

  /// One frame, masked with zeros.
  func send(opcode: UInt8, isFinal: Bool = true, _ payload: [UInt8]) {
    var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
    switch payload.count {
    case ..<126: frame.append(0x80 | UInt8(payload.count))
    case ..<65_536: frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    default: frame += [0x80 | 127] + (0..<8).reversed().map { UInt8((payload.count >> ($0 * 8)) & 255) }
    }
    connection.send(frame + [0, 0, 0, 0] + payload)
  }

  /// The next message or close; pings are left out.
  func next() async throws -> Received {
    try await connection.take { bytes in
      while let (opcode, payload) = SocketClient.frame(&bytes) {
        switch opcode {
        case 1: return .text(String(decoding: payload, as: UTF8.self))
        case 8:
          let code = payload.prefix(2).reduce(0) { $0 << 8 | Int($1) }
          return .close(code: code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self))
        case 10: return .pong
        default: continue
        }
      }
      return nil
    }
  }

  private static func frame(_ bytes: inout [UInt8]) -> (opcode: UInt8, payload: [UInt8])? {
    guard bytes.count >= 2 else { return nil }
    var length = Int(bytes[1] & 127)
    var start = 2
    if length >= 126 {
      let size = length == 126 ? 2 : 8
      guard bytes.count >= 2 + size else { return nil }
      length = bytes[2..<2 + size].reduce(0) { $0 << 8 | Int($1) }
      start += size
    }
    guard bytes.count >= start + length else { return nil }
    defer { bytes.removeFirst(start + length) }
    return (bytes[0] & 15, Array(bytes[start..<start + length]))
  }
}
