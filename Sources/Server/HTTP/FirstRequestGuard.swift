import NIOCore
import NIOHTTP1

/// Watches over a connection until its first request's head is read, when nothing else does yet: closes it
/// when the client takes too long or hangs up, when the server stops, and answers what is not HTTP.
///
/// Lives on its channel's event loop; removed by name as soon as the connection knows what it is.
final class FirstRequestGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  static let name = "first-request"

  private let timeout: TimeAmount
  private var deadline: Scheduled<Void>?

  init(timeout: TimeAmount) {
    self.timeout = timeout
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    let channel = context.channel
    let written = context.eventLoop.makePromise(of: Void.self)
    let parts = BrokenRequest.answer(error)
    for part in parts.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
    for part in parts.suffix(1) { context.writeAndFlush(wrapOutboundOut(part), promise: written) }
    written.futureResult.whenComplete { _ in channel.close(promise: nil) }
  }
}
