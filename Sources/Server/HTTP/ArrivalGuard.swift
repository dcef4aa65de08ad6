import NIOCore
import NIOHTTP1
import Rest

/// Bounds the time that a request may take to arrive, so that one byte a minute cannot hold a connection, and
/// the time that a connection may be idle; closes it behind its last response: when the client or we said
/// `close`, or the client speaks HTTP/1.0.
///
/// Lives on its channel's event loop.
final class ArrivalGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// How long a client that was told to stop sending has to read that (RFC 9112 § 9.6).
  static let lingering = TimeAmount.seconds(2)

  private let timeout: TimeAmount
  private let idleTimeout: TimeAmount
  private var deadline: Scheduled<Void>?
  private var idleness: Scheduled<Void>?
  private var lastActivity = NIODeadline.now()
  private var isArriving = false
  /// Requests whose head was read and whose response is not written to its end.
  private var unanswered = 0
  private var isAnswering = false
  /// Whether the last request that was read, or the response that is written, ends the connection (RFC 9112 §
  /// 9.3).
  private var isLast = false
  private var isDeaf = false

  init(timeout: TimeAmount, idleTimeout: TimeAmount) {
    self.timeout = timeout
    self.idleTimeout = idleTimeout
  }

  func handlerAdded(context: ChannelHandlerContext) {
    lastActivity = .now()
    watchIdleness(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    // What comes behind the last request is not ours to answer.
    if case .head = part, isLast { isDeaf = true }
    guard !isDeaf else { return }
    switch part {
    case .head(let head):
      unanswered += 1
      isArriving = true
      isLast = !head.isKeepAlive
    case .body: break
    case .end:
      isArriving = false
      deadline?.cancel()
      deadline = nil
    }
    context.fireChannelRead(data)
  }

  /// Nearly every request arrives in one piece, so a deadline is set only when the read is over and it has
  /// not.
  func channelReadComplete(context: ChannelHandlerContext) {
    lastActivity = .now()
    if isArriving, deadline == nil {
      let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      deadline = context.eventLoop.scheduleTask(in: timeout) {
        let (handler, context) = handler.value
        handler.giveUp(context)
      }
    }
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      isAnswering = true
      if head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "close" }) {
        isLast = true
      } else if isLast, unanswered == 1 {
        head.headers.replaceOrAdd(name: "connection", value: "close")
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      isAnswering = false
      unanswered -= 1
      lastActivity = .now()
      guard isLast, unanswered == 0 else { return context.write(data, promise: promise) }
      let written = promise ?? context.eventLoop.makePromise()
      let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in
        let (handler, context) = handler.value
        handler.closeBehindLastResponse(context)
      }
      context.writeAndFlush(data, promise: written)
    }
  }

  // MARK: Passed by

  /// Whether a response that does not end the connection may be written past this handler, in one piece.
  var mayBePassed: Bool { !isLast && !isAnswering }

  /// Such a response was written.
  func hasBeenPassed() {
    unanswered -= 1
    lastActivity = .now()
  }

  /// Whether what is no request may be answered: no response is under way. It counts as a request from now.
  func mayRefuse() -> Bool {
    guard unanswered == 0, !isLast else { return false }
    unanswered = 1
    return true
  }

  // MARK: End

  func channelInactive(context: ChannelHandlerContext) {
    cancelTimers()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

  private func cancelTimers() {
    deadline?.cancel()
    idleness?.cancel()
  }

  /// One timer for the connection, not one for each request: it looks again when it fires.
  private func watchIdleness(_ context: ChannelHandlerContext) {
    let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    idleness = context.eventLoop.scheduleTask(deadline: lastActivity + idleTimeout) {
      let (handler, context) = handler.value
      // Who waits for his answer is not idle.
      if handler.unanswered > 0, !handler.isArriving { handler.lastActivity = .now() }
      guard handler.lastActivity + handler.idleTimeout > .now() else { return context.close(promise: nil) }
      handler.watchIdleness(context)
    }
  }

  /// A client that still sends would lose the response if its connection were reset under it.
  private func closeBehindLastResponse(_ context: ChannelHandlerContext) {
    deadline?.cancel()
    guard isArriving else { return context.close(promise: nil) }
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: ArrivalGuard.lingering) { channel.close(promise: nil) }
  }

  private func giveUp(_ context: ChannelHandlerContext) {
    // Behind an unfinished response a second one would be nonsense.
    guard unanswered == 1, !isAnswering else { return context.close(promise: nil) }
    let problem = Problem(408, code: "TIMEOUT", "The request did not arrive in time.")
    let channel = context.channel
    for part in BrokenRequest.answer(problem).dropLast() {
      context.write(wrapOutboundOut(part), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
  }
}
