import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Bounds the time that a request may take to arrive, so that one byte a minute cannot hold a connection, and
/// closes a connection after a response that says `connection: close`.
///
/// Lives on its channel's event loop.
final class ArrivalGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long a client that was told to stop sending has to read that (RFC 9112 § 9.6).
  static let lingering = TimeAmount.seconds(2)

  private let timeout: TimeAmount
  private var deadline: Scheduled<Void>?
  private var isArriving = false
  /// Requests whose head was read and whose response is not written to its end.
  private var unanswered = 0
  private var isAnswering = false
  private var closesAfterResponse = false

  init(timeout: TimeAmount) {
    self.timeout = timeout
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      isArriving = true
      let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      deadline = context.eventLoop.scheduleTask(in: timeout) {
        let (handler, context) = handler.value
        handler.giveUp(context)
      }
    case .body: break
    case .end:
      isArriving = false
      deadline?.cancel()
      deadline = nil
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      isAnswering = true
      closesAfterResponse = head.headerFields[.connection]?.lowercased() == "close"
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      isAnswering = false
      unanswered -= 1
      context.write(data, promise: promise)
      if closesAfterResponse { closeSoon(context) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  /// A client that still sends would lose the response if its connection were reset under it.
  private func closeSoon(_ context: ChannelHandlerContext) {
    context.flush()
    let channel = context.channel
    deadline?.cancel()
    deadline = context.eventLoop.scheduleTask(in: isArriving ? ArrivalGuard.lingering : .milliseconds(50)) {
      channel.close(promise: nil)
    }
  }

  private func giveUp(_ context: ChannelHandlerContext) {
    // Behind an unfinished response a second one would be nonsense.
    guard unanswered == 1, !isAnswering else { return context.close(promise: nil) }
    let fields: HTTPFields = [.contentLength: "0", .connection: "close"]
    let channel = context.channel
    context.write(wrapOutboundOut(.head(.init(status: .requestTimeout, headerFields: fields))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
  }
}
