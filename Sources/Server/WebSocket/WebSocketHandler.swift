import NIOCore
import NIOWebSocket

/// What a WebSocket's protocol tells its socket to do.
enum SocketAction: Sendable, Equatable {
  /// A result belongs to an operation, whose share of what waits is bounded; the last message of an operation
  /// is sent however much waits.
  case send([UInt8], operation: String? = nil, isLast: Bool = false)
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
  /// An operation's results were not read in time; what of them waited is not sent.
  func dropped(operation: String)
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
  typealias OutboundOut = ByteBuffer

  struct Limits: Sendable {
    /// Bytes of one message, its fragments together.
    var maximumMessageBytes: Int
    /// What may wait to be written before the reader counts as too slow.
    var queue: SendQueue.Limits
    /// The time between pings.
    var pingInterval: TimeAmount
  }

  /// How long a client may take to answer a close frame: less than the grace of a shutdown.
  static let closeTimeout = TimeAmount.seconds(1)

  /// How long a reader that was too slow may take to read why it is closed.
  static let slowCloseTimeout = TimeAmount.seconds(10)
  /// Pongs and the like that a client does not read, in bytes.
  static let maximumControlBytes = 65_536

  private let conversation: any SocketConversation
  private let limits: Limits
  private var fragments: ByteBuffer?
  /// What the channel has no room for yet.
  private var queue: SendQueue
  private var controlBytes = 0
  /// Operations that wait until more of their results have been read.
  private var waitingForRoom: [String: Waiter] = [:]

  private struct Waiter {
    var continuation: CheckedContinuation<Void, Never>
    var end: Scheduled<Void>
  }
  private var isClosing = false
  private var closeDeadline: Scheduled<Void>?
  private var missedPongs = 0
  private var pings: RepeatedTask?

  init(conversation: any SocketConversation, limits: Limits) {
    self.conversation = conversation
    self.limits = limits
    queue = SendQueue(limits: limits.queue)
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
    case .ping: write(ServerFrame.control(.pong, frame.unmaskedData), context.channel)
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
    queue.removeAll()
    letAllGo()
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    drain(context.channel)
    context.fireChannelWritabilityChanged()
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
    case .send(let bytes, let operation, let isLast):
      push(ServerFrame.text(bytes), operation, isLast: isLast, channel)
    case .close(let code, let reason): close(channel, code: code, reason: reason)
    }
  }

  /// Takes a result, which is sent off with the next flush; false when its operation has to wait for its
  /// reader. On the event loop.
  fileprivate func take(_ frame: ByteBuffer, of operation: String, _ channel: any Channel) -> Bool {
    guard !isClosing else { return true }
    guard queue.count > 0 || !channel.isWritable else {
      channel.write(frame, promise: nil)
      return true
    }
    push(frame, operation, isLast: false, channel)
    return queue.hasRoom(for: operation)
  }

  private func push(_ frame: ByteBuffer, _ operation: String?, isLast: Bool, _ channel: any Channel) {
    switch queue.push(frame, operation: operation, isLast: isLast) {
    case .queued: drain(channel)
    case .operationTooSlow: if let operation { giveUp(operation) }
    case .readerTooSlow: closeTooSlow(channel)
    }
  }

  private func closeTooSlow(_ channel: any Channel) {
    let bounds = "\(limits.queue.bytes) bytes or \(limits.queue.messages) messages"
    close(channel, code: 1013, reason: "Too slow: more than \(bounds) wait")
  }

  /// Writes as much as the channel has room for.
  private func drain(_ channel: any Channel) {
    guard !isClosing else { return }
    var hasWritten = false
    while channel.isWritable, let message = queue.pop() {
      channel.write(message.bytes, promise: nil)
      hasWritten = true
      if let operation = message.operation, !waitingForRoom.isEmpty, queue.hasRoom(for: operation) {
        letGo(operation)
      }
    }
    if hasWritten { channel.flush() }
  }

  /// Calls back when an operation may go on: at once, when its results have been read, or when it was dropped
  /// because they were not. On the event loop.
  fileprivate func awaitRoom(
    for operation: String, _ channel: any Channel, _ continuation: CheckedContinuation<Void, Never>
  ) {
    guard !isClosing, !queue.hasRoom(for: operation), waitingForRoom[operation] == nil else {
      return continuation.resume()
    }
    let end = channel.eventLoop.scheduleTask(in: TimeAmount(limits.queue.patience)) { [weak self] in
      guard let self else { return }
      giveUp(operation)
    }
    waitingForRoom[operation] = Waiter(continuation: continuation, end: end)
  }

  /// The reader is too slow for an operation: it is told so instead of what waits.
  private func giveUp(_ operation: String) {
    queue.drop(operation: operation)
    conversation.dropped(operation: operation)
    letGo(operation)
  }

  private func letGo(_ operation: String) {
    guard let waiter = waitingForRoom.removeValue(forKey: operation) else { return }
    waiter.end.cancel()
    waiter.continuation.resume()
  }

  private func letAllGo() {
    for operation in waitingForRoom.keys { letGo(operation) }
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
    write(ServerFrame.ping, channel)
    conversation.keepAlive()
  }

  /// Pings and pongs do not wait behind results.
  private func write(_ frame: ByteBuffer, _ channel: any Channel) {
    // An empty frame takes memory too while it waits.
    let size = frame.readableBytes + SendQueue.overhead
    controlBytes += size
    guard controlBytes <= Self.maximumControlBytes else { return channel.close(promise: nil) }
    channel.writeAndFlush(frame).whenComplete { [weak self] _ in self?.controlBytes -= size }
  }

  /// Sends a close frame; the client's answer to it closes the connection, or the end of its time to answer,
  /// so that a client that reads nothing cannot keep it.
  private func close(_ channel: any Channel, code: UInt16, reason: String) {
    guard !isClosing else { return }
    isClosing = true
    conversation.closed()
    queue.removeAll()
    letAllGo()
    let timeout = code == 1013 ? WebSocketHandler.slowCloseTimeout : WebSocketHandler.closeTimeout
    closeDeadline = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    var data = channel.allocator.buffer(capacity: 125)
    data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
    data.writeString(String(reason.prefix(utf8Bytes: 123)))
    channel.writeAndFlush(ServerFrame.control(.connectionClose, data), promise: nil)
  }

  /// Echoes the code that the client sent (RFC 6455 § 5.5.1).
  private func answerClose(_ frame: WebSocketFrame, _ channel: any Channel) {
    isClosing = true
    conversation.closed()
    queue.removeAll()
    letAllGo()
    var data = frame.unmaskedData
    let code = data.readSlice(length: 2) ?? ByteBuffer()
    channel.writeAndFlush(ServerFrame.control(.connectionClose, code))
      .whenComplete { _ in channel.close(promise: nil) }
    closeDeadline = channel.eventLoop.scheduleTask(in: WebSocketHandler.closeTimeout) {
      channel.close(promise: nil)
    }
  }
}

/// How the tasks of a conversation reach its socket from any thread.
struct SocketLink: Sendable {
  fileprivate let channel: any Channel
  fileprivate let handler: WebSocketHandler
  /// Runs tasks on the socket's event loop.
  let executor: EventLoopExecutor

  fileprivate init(channel: any Channel, handler: WebSocketHandler) {
    self.channel = channel
    self.handler = handler
    executor = EventLoopExecutor.of(channel.eventLoop)
  }

  /// Runs `body` on the socket's event loop, where the conversation lives.
  func onEventLoop(_ body: @escaping @Sendable () -> Void) {
    channel.eventLoop.execute(body)
  }

  /// Runs `body` on the event loop and waits until it has run.
  func hop(_ body: @escaping @Sendable () -> Void) async {
    if channel.eventLoop.inEventLoop { return body() }
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      onEventLoop {
        body()
        continuation.resume()
      }
    }
  }

  /// Returns when an operation may go on, because its results have been read or it was dropped.
  func room(for operation: String) async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let wait: @Sendable () -> Void = { handler.awaitRoom(for: operation, channel, continuation) }
      if channel.eventLoop.inEventLoop { wait() } else { onEventLoop(wait) }
    }
  }

  /// Takes a result, which is sent off with the next `flush`; false when its operation has to wait for its
  /// reader (`room`). On the event loop.
  func take(_ frame: ByteBuffer, of operation: String) -> Bool {
    handler.take(frame, of: operation, channel)
  }

  /// Sends off what was taken. On the event loop.
  func flush() { channel.flush() }

  var eventLoop: any EventLoop { channel.eventLoop }

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
