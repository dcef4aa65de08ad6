import NIOCore
import NIOWebSocket

/// What a WebSocket's protocol tells its socket to do.
enum SocketAction: Sendable, Equatable {
  case send([UInt8])
  /// RFC 6455 § 7.4; the reason is cut to 123 bytes.
  case close(code: UInt16, reason: String)
}

/// A sub-protocol's conversation on one socket. Called on the socket's event loop only.
protocol SocketConversation: AnyObject {
  /// The socket is open; `link` is how to reach it later, from any thread.
  func opened(link: SocketLink)
  /// A whole text message.
  func received(_ text: [UInt8])
  /// The keep-alive interval has passed.
  func keepAlive()
  /// The server is about to stop.
  func shuttingDown()
  /// The socket is closed; nothing can be sent any more.
  func closed()
}

/// The frames of one WebSocket: puts fragments together, answers pings, closes politely, bounds what waits
/// for a slow reader, and hands whole messages to its conversation (RFC 6455).
///
/// Lives on its channel's event loop.
final class WebSocketHandler: ChannelInboundHandler, @unchecked Sendable {
  // @unchecked: all state is touched on the channel's event loop only.
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  struct Limits: Sendable {
    /// Bytes of one message, its fragments together.
    var maximumMessageBytes: Int
    /// Bytes that may wait to be written before the reader counts as too slow.
    var maximumQueueBytes: Int
    /// The time between pings.
    var pingInterval: TimeAmount
  }

  /// How long a client may take to answer a close frame: less than the grace of a shutdown.
  static let closeTimeout = TimeAmount.seconds(1)

  private let conversation: any SocketConversation
  private let limits: Limits
  private var fragments: ByteBuffer?
  private var queuedBytes = 0
  private var isClosing = false
  private var closeDeadline: Scheduled<Void>?
  private var missedPongs = 0
  private var pings: RepeatedTask?

  init(conversation: any SocketConversation, limits: Limits) {
    self.conversation = conversation
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let link = SocketLink(channel: context.channel, handler: self)
    pings = context.eventLoop.scheduleRepeatedTask(
      initialDelay: limits.pingInterval, delay: limits.pingInterval
    ) { [weak self] _ in self?.ping(link.channel) }
    conversation.opened(link: link)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard !isClosing else {
      // The answer to our close frame ends the connection; what came before it is of no interest any more.
      if frame.opcode == .connectionClose { context.close(promise: nil) }
      return
    }
    // RFC 6455 § 5.1: a client masks every frame; § 5.2: bits that no extension gave a meaning are zero.
    guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      return close(context.channel, code: 1002, reason: "A frame is unmasked or has reserved bits")
    }
    switch frame.opcode {
    case .text, .continuation: receive(frame, context.channel)
    case .binary: close(context.channel, code: 1003, reason: "Binary messages are not understood")
    case .ping: write(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData), context.channel)
    case .pong: missedPongs = 0
    case .connectionClose: answerClose(frame, context.channel)
    default: close(context.channel, code: 1002, reason: "Unknown opcode")
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent {
      conversation.shuttingDown()
      close(context.channel, code: 1001, reason: "The server is stopping; connect again")
    }
    // The client hung up without a close frame. Half a WebSocket is of no use.
    if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    pings?.cancel()
    closeDeadline?.cancel()
    isClosing = true
    conversation.closed()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The decoder complains about everything behind a broken frame; the close under way has its own end.
    guard !isClosing else { return }
    guard let error = error as? NIOWebSocketError else { return context.close(promise: nil) }
    switch error {
    case .invalidFrameLength:
      close(
        context.channel, code: 1009, reason: "A message may have \(limits.maximumMessageBytes) bytes at most")
    default: close(context.channel, code: 1002, reason: "A frame is not as RFC 6455 has it")
    }
  }

  /// Does what the conversation asks for. On the event loop.
  fileprivate func perform(_ action: SocketAction, _ channel: any Channel) {
    guard !isClosing else { return }
    switch action {
    case .send(let bytes):
      guard queuedBytes + bytes.count <= limits.maximumQueueBytes else {
        return close(
          channel, code: 1013, reason: "Too slow: more than \(limits.maximumQueueBytes) bytes wait")
      }
      write(WebSocketFrame(fin: true, opcode: .text, data: channel.allocator.buffer(bytes: bytes)), channel)
    case .close(let code, let reason): close(channel, code: code, reason: reason)
    }
  }

  /// Unfragmented text, or a fragment: the first is text, those after it are continuations (RFC 6455 § 5.4).
  private func receive(_ frame: WebSocketFrame, _ channel: any Channel) {
    guard (frame.opcode == .text) == (fragments == nil) else {
      return close(channel, code: 1002, reason: "A fragment is out of order")
    }
    var data = frame.unmaskedData
    var message = fragments ?? channel.allocator.buffer(capacity: data.readableBytes)
    guard message.readableBytes + data.readableBytes <= limits.maximumMessageBytes else {
      return close(
        channel, code: 1009, reason: "A message may have \(limits.maximumMessageBytes) bytes at most")
    }
    message.writeBuffer(&data)
    guard frame.fin else {
      fragments = message
      return
    }
    fragments = nil
    // RFC 6455 § 8.1: text that is not UTF-8 fails the connection with 1007.
    guard
      let text = try? message.getUTF8ValidatedString(at: message.readerIndex, length: message.readableBytes)
    else { return close(channel, code: 1007, reason: "A text message is not UTF-8") }
    conversation.received(Array(text.utf8))
  }

  private func ping(_ channel: any Channel) {
    guard !isClosing else { return }
    guard missedPongs < 2 else {
      channel.close(promise: nil)
      return
    }
    missedPongs += 1
    write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()), channel)
    conversation.keepAlive()
  }

  private func write(_ frame: WebSocketFrame, _ channel: any Channel) {
    // An empty frame takes memory too while it waits.
    let size = frame.data.readableBytes + 64
    queuedBytes += size
    // Pongs for a client that never reads them.
    guard queuedBytes <= limits.maximumQueueBytes + 65_536 else { return channel.close(promise: nil) }
    channel.writeAndFlush(frame).whenComplete { [weak self] _ in self?.queuedBytes -= size }
  }

  /// Sends a close frame; the client's answer to it closes the connection, or the end of its time to answer,
  /// so that a client that reads nothing cannot keep it.
  private func close(_ channel: any Channel, code: UInt16, reason: String) {
    guard !isClosing else { return }
    isClosing = true
    conversation.closed()
    closeDeadline = channel.eventLoop.scheduleTask(in: WebSocketHandler.closeTimeout) {
      channel.close(promise: nil)
    }
    var data = channel.allocator.buffer(capacity: 125)
    data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
    data.writeString(String(reason.prefix(utf8Bytes: 123)))
    channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, data: data), promise: nil)
  }

  /// Echoes the code that the client sent (RFC 6455 § 5.5.1).
  private func answerClose(_ frame: WebSocketFrame, _ channel: any Channel) {
    isClosing = true
    conversation.closed()
    var data = frame.unmaskedData
    let code = data.readSlice(length: 2) ?? ByteBuffer()
    let answer = WebSocketFrame(fin: true, opcode: .connectionClose, data: code)
    channel.writeAndFlush(answer).whenComplete { _ in channel.close(promise: nil) }
    closeDeadline = channel.eventLoop.scheduleTask(in: WebSocketHandler.closeTimeout) {
      channel.close(promise: nil)
    }
  }
}

/// How the tasks of a conversation reach its socket from any thread.
struct SocketLink: Sendable {
  fileprivate let channel: any Channel
  fileprivate let handler: WebSocketHandler

  /// Runs `body` on the socket's event loop, where the conversation lives.
  func onEventLoop(_ body: @escaping @Sendable () -> Void) {
    channel.eventLoop.execute(body)
  }

  /// Runs `body` on the socket's event loop after a time.
  func after(_ delay: TimeAmount, _ body: @escaping @Sendable () -> Void) {
    channel.eventLoop.scheduleTask(in: delay, body)
  }

  /// Does what the conversation asks for; ignored once the socket is closing. On the event loop.
  func perform(_ actions: [SocketAction]) {
    for action in actions { handler.perform(action, channel) }
  }
}

extension String {
  /// The longest prefix of whole characters that fits into so many bytes.
  fileprivate func prefix(utf8Bytes limit: Int) -> Substring {
    var result = self[...]
    while result.utf8.count > limit { result.removeLast() }
    return result
  }
}
