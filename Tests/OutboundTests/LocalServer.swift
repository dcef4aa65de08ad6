import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on 127.0.0.1 whose answers a test writes.
final class LocalServer: Sendable {
  struct Received: Sendable {
    var method: String
    var uri: String
    var headers: [(name: String, value: String)]
    var body: String
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body = ""
    /// In the place of `body`.
    var bytes: [UInt8]?
    /// Sends the head and half of a promised body, and then nothing.
    var stallsInBody = false
    /// Sends nothing at all.
    var isSilent = false
    /// Closes the connection without an answer.
    var hangsUp = false
    /// Sends this many bytes in chunks without announcing a length.
    var endlessBytes = 0
  }

  let port: Int
  private let channel: any Channel
  private let log: Log

  final class Log: Sendable {
    let received = Mutex<[Received]>([])
    let connections = Atomic<Int>(0)
    let closed = AsyncStream<Void>.makeStream()
    let arrived = AsyncStream<Void>.makeStream()
  }

  var received: [Received] { log.received.withLock { $0 } }
  var connections: Int { log.connections.load(ordering: .relaxed) }

  init(answer: @escaping @Sendable (Received) -> Answer) async throws {
    let log = Log()
    self.log = log
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        log.connections.add(1, ordering: .relaxed)
        channel.closeFuture.whenComplete { _ in log.closed.continuation.yield() }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(log: log, answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  var address: String { "http://127.0.0.1:\(port)" }

  /// Returns when a client's connection was closed.
  func connectionClosed() async { for await _ in log.closed.stream { return } }

  /// Returns when a request has arrived.
  func requestArrived() async { for await _ in log.arrived.stream { return } }

  func stop() async { try? await channel.close() }

  /// Lives on the connection's event loop.
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let log: Log
    private let answer: @Sendable (Received) -> Answer
    private var request = Received(method: "", uri: "", headers: [], body: "")

    init(log: Log, answer: @escaping @Sendable (Received) -> Answer) {
      self.log = log
      self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        request = Received(
          method: head.method.rawValue, uri: head.uri, headers: head.headers.map { ($0.name, $0.value) },
          body: "")
      case .body(let buffer): request.body += String(buffer: buffer)
      case .end:
        log.received.withLock { $0.append(request) }
        log.arrived.continuation.yield()
        respond(answer(request), context)
      }
    }

    private func respond(_ answer: Answer, _ context: ChannelHandlerContext) {
      if answer.isSilent { return }
      if answer.hangsUp { return context.close(promise: nil) }
      var headers = HTTPHeaders(answer.headers)
      let body = answer.bytes ?? Array(answer.body.utf8)
      if answer.endlessBytes == 0, request.method != "HEAD" {
        headers.replaceOrAdd(
          name: "content-length", value: "\(body.count * (answer.stallsInBody ? 2 : 1))")
      }
      let head = HTTPResponseHead(
        version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      var rest = answer.endlessBytes
      while rest > 0 {
        let chunk = ByteBuffer(repeating: UInt8(ascii: "x"), count: min(rest, 65536))
        rest -= chunk.readableBytes
        context.write(wrapOutboundOut(.body(.byteBuffer(chunk))), promise: nil)
      }
      if request.method != "HEAD" {
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
      }
      if answer.stallsInBody { return context.flush() }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}

/// Runs `body` with a server.
func withServer(
  _ answer: @escaping @Sendable (LocalServer.Received) -> LocalServer.Answer,
  _ body: (LocalServer) async throws -> Void
) async throws {
  let server = try await LocalServer(answer: answer)
  do { try await body(server) } catch {
    await server.stop()
    throw error
  }
  await server.stop()
}
