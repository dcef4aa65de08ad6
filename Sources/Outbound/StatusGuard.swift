import NIOCore
import NIOHTTP1

/// Ends a connection whose peer answers with a status below 100, which HTTP does not have (RFC 9110 § 15):
/// the client takes such a head for one that announces another, and ends the process when none comes.
public final class StatusGuard: ChannelInboundHandler {
  public typealias InboundIn = HTTPClientResponsePart
  public typealias InboundOut = HTTPClientResponsePart

  /// The status is none.
  struct NoStatus: Error {}

  private var isRefused = false

  /// Puts one between the decoder of a connection and the client.
  public static func add(to channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(StatusGuard(), position: .after(decoder))
    }
  }

  public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    if case .head(let head) = unwrapInboundIn(data), head.status.code < 100 {
      isRefused = true
      context.fireErrorCaught(NoStatus())
      return context.close(promise: nil)
    }
    context.fireChannelRead(data)
  }
}
