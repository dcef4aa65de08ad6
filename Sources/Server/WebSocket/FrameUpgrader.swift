import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Upgrades a connection to a WebSocket whose handler is given the client's frames and writes its own as
/// bytes (`ServerFrame`): what is written once may go to many sockets.
struct FrameUpgrader<Result: Sendable>: NIOTypedHTTPServerProtocolUpgrader {
  typealias UpgradeResult = Result

  let maximumFrameBytes: Int
  /// Answers the handshake (RFC 6455 § 4.2.2).
  private let handshake: NIOTypedWebSocketServerUpgrader<Result>
  private let open: @Sendable (any Channel, HTTPRequestHead) -> EventLoopFuture<Result>

  init(
    maximumFrameBytes: Int,
    shouldUpgrade: @escaping @Sendable (any Channel, HTTPRequestHead) -> EventLoopFuture<HTTPHeaders?>,
    open: @escaping @Sendable (any Channel, HTTPRequestHead) -> EventLoopFuture<Result>
  ) {
    self.maximumFrameBytes = maximumFrameBytes
    self.open = open
    handshake = NIOTypedWebSocketServerUpgrader(shouldUpgrade: shouldUpgrade, upgradePipelineHandler: open)
  }

  var supportedProtocol: String { handshake.supportedProtocol }
  var requiredUpgradeHeaders: [String] { handshake.requiredUpgradeHeaders }

  func buildUpgradeResponse(
    channel: any Channel, upgradeRequest: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
  ) -> EventLoopFuture<HTTPHeaders> {
    handshake.buildUpgradeResponse(
      channel: channel, upgradeRequest: upgradeRequest, initialResponseHeaders: initialResponseHeaders)
  }

  func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Result> {
    channel.eventLoop.makeCompletedFuture {
      // The socket's handler answers broken frames itself, with a reason.
      try channel.pipeline.syncOperations.addHandler(
        ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: maximumFrameBytes)))
    }.flatMap { open(channel, upgradeRequest) }
  }
}
