import NIOCore
import NIOPosix
import Testing

@testable import Files

/// A bucket that does not do what it should.
@Suite("Buckets", .timeLimit(.minutes(1)))
struct BucketStoreTests {
  private let key: FileKey

  init() throws { key = try #require(FileKey("avatars/u/1.png")) }

  @Test func `a bucket that stops in the middle of a file is not waited for without end`() async throws {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
    try await with(answer: head + "0123456789") { store in
      let file = try #require(try await store.open(key))
      #expect(try await file.next()?.readableBytes == 10)
      await #expect(throws: (any Error).self) { try await file.next() }
    }
  }

  @Test func `what a bucket calls an error is told, if it looks like one`() async throws {
    let bodies = [
      ("<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>", "RequestTimeTooSkewed"),
      ("<Error><Code>no\\nname</Code></Error>", nil), ("", nil),
    ]
    for (body, code) in bodies {
      let head = "HTTP/1.1 403 Forbidden\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
      try await with(answer: head + body) { store in
        await #expect(throws: FileError.status(403, code: code)) {
          try await store.delete(key)
        }
      }
    }
    #expect(FileError.status(403, code: "A").description == "The bucket answered 403 (A).")
    #expect(FileError.status(500, code: nil).description == "The bucket answered 500.")
  }

  @Test func `a file without a length, or packed, is not passed on`() async throws {
    let answers = [
      ("transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "does not say how long the file is"),
      ("content-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc", "has the file in another encoding"),
    ]
    for (answer, fault) in answers {
      try await with(answer: "HTTP/1.1 200 OK\r\n" + answer) { store in
        await #expect(throws: FileError.answer(fault)) { _ = try await store.open(key) }
      }
    }
    #expect(FileError.answer("is odd").description == "The bucket's answer is odd.")
  }

  @Test func `a status that HTTP does not have ends the connection, not the process`() async throws {
    for answer in ["HTTP/1.1 099 No\r\n\r\n", "HTTP/1.1 000 No\r\ncontent-length: 2\r\n\r\nxx"] {
      try await with(answer: answer) { store in
        await #expect(throws: FileError.self) { try await store.delete(key) }
      }
    }
  }

  private func with(answer: String, _ body: (BucketStore) async throws -> Void) async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Answer(text: answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let store = try BucketStore(
      .init(
        endpoint: "http://127.0.0.1:\(server.localAddress?.port ?? 0)", region: "r", bucket: "bucket",
        accessKey: "a", secretKey: "s"),
      patience: .seconds(2), now: { 0 })
    do {
      try await body(store)
    } catch {
      await store.shutdown()
      throw error
    }
    await store.shutdown()
    try await server.close()
  }

  /// Answers whatever comes first with a text, and leaves the connection open.
  private final class Answer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var text: String?

    init(text: String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard let text else { return }
      self.text = nil
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
  }
}
