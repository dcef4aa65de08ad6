import Flows
import GraphQLEngine
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Resolvers
import Synchronization
import Testing

@testable import Server

/// A socket's conversation with a server that answers as it is told, on an event loop whose time is the
/// test's.
@Suite("Conversations on a socket")
struct OperationConversationTests {
  /// Answers every token with one who may ask until 1,000, and every operation with one result.
  private final class Host: OperationHost {
    let refusal: ServiceError?
    let isLowered = Mutex(false)
    init(refusal: ServiceError? = nil) { self.refusal = refusal }

    func viewer(_ credentials: Credentials?) async -> Result<SignedIn?, GraphQLService.Refused> {
      if let refusal { return .failure(GraphQLService.Refused(error: refusal)) }
      guard credentials?.authorization != nil else { return .success(nil) }
      let id = Identifier(high: 1, low: 1)
      var viewer = Viewer(userID: id, organizationID: id, role: .owner, sessionID: id)
      if isLowered.withLock({ $0 }) { viewer.role = .viewer }
      return .success(SignedIn(viewer: viewer, expiresAt: 1000))
    }

    func run(
      _ request: GraphQLRequest, for client: OperationClient, _ deliver: (OperationResult) async -> Void
    ) async -> SubscriptionRun.End {
      guard request.query != "fail" else {
        await deliver(.failed(GraphQLService.refusal("No.")))
        return .over
      }
      await deliver(
        .next(bytes(client.viewer == nil ? #"{"data":"nobody"}"# : #"{"data":"somebody"}"#), eventID: nil))
      if request.query == "break" { await deliver(.failed(GraphQLService.refusal("Broken."))) }
      return .over
    }
  }

  private static let mask = WebSocketMaskingKey([1, 2, 3, 4])

  private func open(
    _ host: Host = Host(), subprotocol: String? = "graphql-transport-ws"
  ) async throws -> NIOAsyncTestingChannel {
    let channel = NIOAsyncTestingChannel()
    let settings = OperationConversation.Settings(
      initTimeout: .seconds(10), maximumOperations: 3, unixSeconds: { 400 })
    let limits = WebSocketHandler.Limits(
      maximumMessageBytes: 10_000,
      queue: .init(
        bytes: 100_000, messages: 100, operationBytes: 10_000, operationMessages: 10, patience: .seconds(5)),
      pingInterval: .seconds(7200))
    try await channel.testingEventLoop.submit {
      let conversation = OperationConversation(
        host: host, settings: settings, subprotocol: subprotocol, address: nil)
      try channel.pipeline.syncOperations.addHandler(
        WebSocketHandler(conversation: conversation, limits: limits))
    }.get()
    try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
    return channel
  }

  private func send(_ channel: NIOAsyncTestingChannel, _ message: String) async throws {
    let mask = try #require(Self.mask)
    var data = ByteBuffer(string: message)
    data.webSocketMask(mask)
    try await channel.writeInbound(WebSocketFrame(fin: true, opcode: .text, maskKey: mask, data: data))
  }

  private func next(_ channel: NIOAsyncTestingChannel) async throws -> String {
    let bytes = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
    let frame = try #require(WrittenFrame(bytes))
    return frame.opcode == .text ? String(buffer: frame.data) : frame.line
  }

  private func initialise(_ channel: NIOAsyncTestingChannel) async throws {
    try await send(channel, #"{"type":"connection_init","payload":{"Authorization":"Bearer x"}}"#)
    #expect(try await next(channel) == #"{"type":"connection_ack"}"#)
  }

  @Test func `a socket lives as long as its token, and not a second longer`() async throws {
    let channel = try await open()
    try await initialise(channel)
    await channel.testingEventLoop.advanceTime(by: .seconds(599))
    try await send(channel, #"{"type":"ping"}"#)
    #expect(try await next(channel) == #"{"type":"pong"}"#)
    await channel.testingEventLoop.advanceTime(by: .seconds(1))
    #expect(try await next(channel) == "close 4403 The access token has expired")
  }

  @Test func `an older client hears of it in its own words`() async throws {
    let channel = try await open(subprotocol: "graphql-ws")
    try await initialise(channel)
    #expect(try await next(channel) == #"{"type":"ka"}"#)
    await channel.testingEventLoop.advanceTime(by: .seconds(600))
    #expect(
      try await next(channel)
        == #"{"type":"connection_error","payload":{"message":"The access token has expired"}}"#)
    #expect(try await next(channel) == "close 4403 The access token has expired")
  }

  @Test func `who has no token has nothing that expires`() async throws {
    let channel = try await open()
    try await send(channel, #"{"type":"connection_init"}"#)
    #expect(try await next(channel) == #"{"type":"connection_ack"}"#)
    await channel.testingEventLoop.advanceTime(by: .seconds(3600))
    try await send(channel, #"{"type":"subscribe","id":"1","payload":{"query":"{ a }"}}"#)
    #expect(try await next(channel) == #"{"type":"next","id":"1","payload":{"data":"nobody"}}"#)
    #expect(try await next(channel) == #"{"type":"complete","id":"1"}"#)
  }

  @Test func `a socket ends with the role that it was opened with`() async throws {
    let host = Host()
    let channel = try await open(host)
    try await initialise(channel)
    host.isLowered.withLock { $0 = true }
    await channel.testingEventLoop.advanceTime(by: OperationConversation.memberCheck)
    #expect(try await next(channel) == "close 4403 Your role was changed: connect again.")
  }

  @Test func `a client that says nothing is closed in time`() async throws {
    let channel = try await open()
    await channel.testingEventLoop.advanceTime(by: .seconds(10))
    #expect(try await next(channel) == "close 4408 Connection initialisation timeout")
  }

  @Test func `without a sub-protocol there is nothing to say`() async throws {
    #expect(try await next(try await open(subprotocol: nil)) == "close 4406 Subprotocol not acceptable")
  }

  @Test(arguments: [(ServiceError.Code.unauthenticated, "4403"), (.unavailable, "4500")])
  func `who cannot be let in is told whose fault it is`(code: ServiceError.Code, expected: String)
    async throws
  {
    let channel = try await open(Host(refusal: ServiceError(code, "No.")))
    try await send(channel, #"{"type":"connection_init"}"#)
    #expect(try await next(channel) == "close \(expected) No.")
  }

  @Test func `a source that fails ends its operation with an error`() async throws {
    let channel = try await open()
    try await initialise(channel)
    try await send(channel, #"{"type":"subscribe","id":"1","payload":{"query":"break"}}"#)
    #expect(try await next(channel) == #"{"type":"next","id":"1","payload":{"data":"somebody"}}"#)
    #expect(try await next(channel).hasPrefix(#"{"type":"error","id":"1","payload":[{"message":"Broken.""#))
    try await send(channel, #"{"type":"subscribe","id":"1","payload":{"query":"fail"}}"#)
    #expect(try await next(channel).hasPrefix(#"{"type":"error","id":"1","payload":[{"message":"No.""#))
    try await send(channel, #"{"type":"ping"}"#)
    #expect(try await next(channel) == #"{"type":"pong"}"#)
  }
}
