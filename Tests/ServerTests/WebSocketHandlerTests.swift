import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import Server

/// The frames of one socket, event by event, without a network.
@Suite("WebSocket frames")
struct WebSocketHandlerTests {
  /// Remembers what it was told.
  private final class Conversation: SocketConversation {
    var link: SocketLink?
    var events: [String] = []
    func opened(link: SocketLink) { self.link = link }
    func received(_ message: [UInt8]) { events.append("received \(text(message))") }
    func keepAlive() { events.append("keep alive") }
    func dropped(operation: String) { events.append("dropped \(operation)") }
    func shuttingDown() { events.append("shutting down") }
    func closed() { if events.last != "closed" { events.append("closed") } }
  }

  private let conversation = Conversation()
  private let channel: EmbeddedChannel
  private static let mask = WebSocketMaskingKey([1, 2, 3, 4])

  init() throws {
    channel = EmbeddedChannel()
    let limits = WebSocketHandler.Limits(
      maximumMessageBytes: 16,
      queue: .init(
        bytes: 1000, messages: 10, operationBytes: 600, operationMessages: 4, patience: .seconds(5)),
      pingInterval: .seconds(10))
    try channel.pipeline.syncOperations.addHandler(
      WebSocketHandler(conversation: conversation, limits: limits))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  private func receive(_ opcode: WebSocketOpcode, _ payload: [UInt8], fin: Bool = true) throws {
    let mask = try #require(Self.mask)
    var data = ByteBuffer(bytes: payload)
    data.webSocketMask(mask)
    try channel.writeInbound(WebSocketFrame(fin: fin, opcode: opcode, maskKey: mask, data: data))
  }

  /// The frames written since the last time, as lines.
  private func written() throws -> [String] {
    var lines: [String] = []
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
      let frame = try #require(WrittenFrame(bytes))
      lines.append(frame.line)
    }
    return lines
  }

  @Test func `a message is handed over, an answer is sent`() throws {
    try receive(.text, bytes("hello"))
    #expect(conversation.events == ["received hello"])
    conversation.link?.perform([.send(bytes("there"))])
    #expect(try written() == ["text there"])
  }

  @Test(arguments: [0, 1, 125, 126, 65_535, 65_536])
  func `a message of any length is one whole frame`(length: Int) throws {
    let message = String(repeating: "x", count: length)
    conversation.link?.perform([.send(bytes(message))])
    #expect(try written() == ["text " + message])
  }

  @Test func `what is taken is sent off together, in order with the rest`() throws {
    let link = try #require(conversation.link)
    #expect(link.take(ServerFrame.text(bytes("1")), of: "a"))
    #expect(link.take(ServerFrame.text(bytes("2")), of: "a"))
    #expect(try written() == [])
    link.flush()
    #expect(try written() == ["text 1", "text 2"])
    setWritable(false)
    #expect(link.take(ServerFrame.text(bytes("3")), of: "a"))
    // Half of what an operation may have waiting.
    #expect(!link.take(ServerFrame.text(bytes("4")), of: "a"))
    send("5")
    setWritable(true)
    #expect(try written() == ["text 3", "text 4", "text 5"])
  }

  @Test func `fragments are put together, with a ping between them`() throws {
    try receive(.text, bytes("one "), fin: false)
    try receive(.ping, bytes("p"))
    try receive(.continuation, bytes("two "), fin: false)
    try receive(.continuation, bytes("three"))
    #expect(conversation.events == ["received one two three"])
    #expect(try written() == ["pong p"])
  }

  @Test func `a letter may lie across fragments`() throws {
    try receive(.text, [0xC3], fin: false)
    try receive(.continuation, [0xA9])
    #expect(conversation.events == ["received é"])
  }

  @Test func `fragments out of order are told 1002`() throws {
    try receive(.continuation, bytes("x"))
    #expect(try written() == ["close 1002 A fragment is out of order"])
  }

  @Test func `a new message within another is told 1002`() throws {
    try receive(.text, bytes("x"), fin: false)
    try receive(.text, bytes("y"))
    #expect(try written() == ["close 1002 A fragment is out of order"])
    #expect(conversation.events == ["closed"])
  }

  @Test func `binary is told 1003`() throws {
    try receive(.binary, [1])
    #expect(try written() == ["close 1003 Binary messages are not understood"])
  }

  @Test func `text that is not UTF-8 is told 1007`() throws {
    try receive(.text, [0xFF, 0xFE])
    #expect(try written() == ["close 1007 A text message is not UTF-8"])
    #expect(conversation.events == ["closed"])
  }

  @Test func `a message that is too large is told 1009, in one piece or in fragments`() throws {
    try receive(.text, bytes("0123456789"), fin: false)
    try receive(.continuation, bytes("0123456789"))
    #expect(try written() == ["close 1009 A message may have 16 bytes at most"])
  }

  @Test func `frames without a mask or with reserved bits are told 1002`() throws {
    try channel.writeInbound(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "x")))
    #expect(try written() == ["close 1002 A frame is unmasked or has reserved bits"])
  }

  @Test func `an unknown opcode is told 1002`() throws {
    let opcode = try #require(WebSocketOpcode(encodedWebSocketOpcode: 0x3))
    try receive(opcode, [])
    #expect(try written() == ["close 1002 Unknown opcode"])
  }

  @Test func `a broken frame is told 1002, a frame beyond the limit 1009`() throws {
    channel.pipeline.fireErrorCaught(NIOWebSocketError.multiByteControlFrameLength)
    #expect(try written() == ["close 1002 A frame is not as RFC 6455 has it"])
  }

  @Test func `a frame beyond the limit is told 1009`() throws {
    channel.pipeline.fireErrorCaught(NIOWebSocketError.invalidFrameLength)
    #expect(try written() == ["close 1009 A message may have 16 bytes at most"])
  }

  @Test func `a close is echoed and ends the connection`() throws {
    try receive(.connectionClose, [0x03, 0xE8] + bytes("bye"))
    #expect(try written() == ["close 1000 "])
    #expect(!channel.isActive)
    #expect(conversation.events == ["closed"])
  }

  @Test func `a close without a code is answered without one`() throws {
    try receive(.connectionClose, [])
    #expect(try written() == ["close  "])
    #expect(!channel.isActive)
  }

  @Test func `our close waits for its answer, and not forever`() throws {
    conversation.link?.perform([.close(code: 4400, reason: String(repeating: "é", count: 100))])
    #expect(try written() == ["close 4400 " + String(repeating: "é", count: 61)])
    #expect(channel.isActive)
    try receive(.text, bytes("ignored"))
    #expect(conversation.events == ["closed"])
    try receive(.connectionClose, [0x11, 0x30])
    #expect(!channel.isActive)
  }

  @Test func `a client that does not answer a close is cut off`() throws {
    conversation.link?.perform([.close(code: 4400, reason: "x")])
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: WebSocketHandler.closeTimeout)
    #expect(!channel.isActive)
  }

  @Test func `the server's stop is told 1001`() throws {
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(try written() == ["close 1001 The server is stopping; connect again"])
    #expect(conversation.events == ["shutting down", "closed"])
  }

  @Test func `a client that hangs up without a word is closed`() throws {
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(!channel.isActive)
    #expect(conversation.events == ["closed"])
  }

  @Test func `pings that are answered keep the socket, two missed end it`() throws {
    for _ in 0..<3 {
      channel.embeddedEventLoop.advanceTime(by: .seconds(10))
      #expect(try written() == ["ping"])
      try receive(.pong, [])
    }
    channel.embeddedEventLoop.advanceTime(by: .seconds(20))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(10))
    #expect(!channel.isActive)
    #expect(
      conversation.events == ["keep alive", "keep alive", "keep alive", "keep alive", "keep alive", "closed"])
  }

  @Test func `nothing is sent after a close`() throws {
    conversation.link?.perform([.close(code: 4400, reason: "x"), .send(bytes("late"))])
    #expect(try written() == ["close 4400 x"])
  }

  /// The channel's buffers are full, or have room again.
  private func setWritable(_ isWritable: Bool) {
    channel.isWritable = isWritable
    channel.pipeline.fireChannelWritabilityChanged()
  }

  private func send(_ text: String, of operation: String? = nil, isLast: Bool = false) {
    conversation.link?.perform([.send(bytes(text), operation: operation, isLast: isLast)])
  }

  @Test func `what the channel has no room for waits, in order`() throws {
    send("1")
    setWritable(false)
    send("2")
    send("3")
    #expect(try written() == ["text 1"])
    setWritable(true)
    #expect(try written() == ["text 2", "text 3"])
  }

  @Test func `a reader that is too slow is told 1013, and what waits is dropped`() throws {
    setWritable(false)
    let message = String(repeating: "x", count: 440)
    for _ in 0..<2 { send(message) }
    #expect(conversation.events.isEmpty)
    send(message)
    #expect(conversation.events == ["closed"])
    #expect(try written() == ["close 1013 Too slow: more than 1000 bytes or 10 messages wait"])
    channel.embeddedEventLoop.advanceTime(by: WebSocketHandler.closeTimeout)
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: WebSocketHandler.slowCloseTimeout)
    #expect(!channel.isActive)
  }

  @Test func `too many messages are too much as well`() throws {
    setWritable(false)
    for _ in 0..<10 { send("x") }
    #expect(conversation.events.isEmpty)
    send("x")
    #expect(conversation.events == ["closed"])
  }

  @Test func `an operation whose results are not read is dropped, others are not`() throws {
    setWritable(false)
    send("other", of: "b")
    for number in 0..<4 { send("\(number)", of: "a") }
    send("too much", of: "a")
    #expect(conversation.events == ["dropped a"])
    send("told", isLast: true)
    setWritable(true)
    #expect(try written() == ["text other", "text told"])
  }

  @Test func `an operation's last message is sent however much waits`() throws {
    setWritable(false)
    send(String(repeating: "x", count: 2000), of: "a")
    send("last", isLast: true)
    setWritable(true)
    #expect(try written().last == "text last")
    #expect(conversation.events.isEmpty)
  }

  @Test func `a flood of pings that reads no pong is cut off`() throws {
    try channel.pipeline.syncOperations.addHandler(Dam(), position: .first)
    for _ in 0..<2000 where channel.isActive { try receive(.ping, bytes("p")) }
    #expect(!channel.isActive)
  }

  /// Keeps what is written until it is told to let it go.
  private final class Dam: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    private var held: [(NIOAny, EventLoopPromise<Void>?)] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      held.append((data, promise))
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      for (_, promise) in held { promise?.fail(ChannelError.ioOnClosedChannel) }
      held = []
      context.close(mode: mode, promise: promise)
    }
  }
}
