import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Rest

/// A connection that speaks HTTP/1.1 and becomes a WebSocket when its first request asks for one at `path`.
///
/// A request to upgrade elsewhere is answered with 404 and closed, one of a page that may not ask with 403.
/// The sub-protocol is agreed upon here: when the client offers none that `subprotocols` has, the socket
/// opens without one and its handler closes it with 4406.
struct UpgradableHTTPChannel: ServerChildChannel, HTTPChannelHandler {
  /// What became of a connection: known once its first request has been read.
  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let negotiation: EventLoopFuture<Outcome>
  }

  enum Outcome: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>, ConnectionEnd)
    case webSocket
  }

  /// The bounds of a connection.
  struct Limits: Sendable {
    /// The largest frame that a client may send, in bytes.
    var maximumFrameBytes: Int
    /// How long a connection may be idle.
    var idleTimeout: Duration
    /// How long a request may take to arrive; the first one's head, and then each whole request.
    var arrivalTimeout: Duration
  }

  /// The request line and the fields together (NIO counts what it has not parsed yet).
  static let maximumHeaderBytes = 64 << 10
  static let maximumHeaderFields = 128

  let responder: HTTPChannelHandler.Responder
  let path: String
  /// In the order of preference.
  let subprotocols: [String]
  let limits: Limits
  let direct: [DirectExchange.Form]
  let crossSite: CrossSite
  let makeHandler: @Sendable (Opening) -> any ChannelInboundHandler & Sendable

  /// What a socket's handler is told of the request that opened it.
  struct Opening: Sendable {
    /// The one agreed upon.
    var subprotocol: String?
    var peer: ClientContext.Peer
    /// The header `X-Forwarded-For`.
    var forwardedFor: String?
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let configuration = NIOTypedHTTPServerUpgradeConfiguration<Outcome>(
        upgraders: [upgrader()],
        notUpgradingCompletionHandler: { channel in
          channel.eventLoop.makeCompletedFuture { try httpPipeline(channel, logger) }
        })
      var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: configuration)
      pipeline.enablePipelining = false
      pipeline.enableErrorHandling = false
      pipeline.enableResponseHeaderValidation = false
      pipeline.decoderConfiguration.maxHeaderFieldSize = Self.maximumHeaderBytes
      pipeline.decoderConfiguration.maxHeaderListSize = Self.maximumHeaderBytes
      pipeline.decoderConfiguration.maxHeaderFieldCount = Self.maximumHeaderFields
      let negotiation = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
        configuration: pipeline)
      try channel.pipeline.syncOperations.addHandler(
        FirstRequestGuard(timeout: TimeAmount(limits.arrivalTimeout)), name: FirstRequestGuard.name)
      return Value(channel: channel, negotiation: negotiation)
    }
  }

  /// Serves the connection to its end. Cancelled when the grace of a shutdown has passed: then it is cut off,
  /// whatever a stuck client does not read or say.
  func handle(value: Value, logger: Logger) async {
    await withTaskCancellationHandler {
      do {
        switch try await value.negotiation.get() {
        case .http(let channel, let end):
          await ConnectionEnd.$current.withValue(end) {
            await withTaskExecutorPreference(end.executor) {
              await handleHTTP(asyncChannel: channel, logger: logger)
            }
          }
        case .webSocket: try await value.channel.closeFuture.get()
        }
      } catch {
        logger.debug("A connection ended before its first request was read", metadata: ["error": "\(error)"])
        try? await value.channel.close()
      }
    } onCancel: {
      value.channel.close(promise: nil)
    }
  }

  private func httpPipeline(_ channel: any Channel, _ logger: Logger) throws -> Outcome {
    let pipeline = channel.pipeline.syncOperations
    channel.pipeline.removeHandler(name: FirstRequestGuard.name, promise: nil)
    let arrival = ArrivalGuard(
      timeout: TimeAmount(limits.arrivalTimeout), idleTimeout: TimeAmount(limits.idleTimeout))
    let end = ConnectionEnd(channel: channel)
    let client = ClientContext(source: .init(channel: channel, logger: logger))
    try pipeline.addHandler(arrival)
    try pipeline.addHandler(DirectExchange(direct, client: client, end: end, arrival: arrival))
    try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
    // It ends a connection when the server stops; what it would say of idle ones it cannot know, for it does
    // not see every request.
    try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
    return .http(
      try NIOAsyncChannel(
        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)),
      end)
  }

  private func upgrader() -> FrameUpgrader<Outcome> {
    FrameUpgrader(
      maximumFrameBytes: limits.maximumFrameBytes,
      shouldUpgrade: { channel, head in
        guard head.uri.prefix(while: { $0 != "?" }) == path else {
          return refuse(channel, Problem(404, code: "NOT_FOUND", "There is no WebSocket at this path."))
        }
        guard crossSite.allowsSocket(head) else {
          return refuse(
            channel,
            Problem(403, code: "FORBIDDEN", "A page of another site, which http.corsOrigins does not allow."))
        }
        var headers = HTTPHeaders()
        if let agreed = agreedSubprotocol(head) { headers.add(name: "Sec-WebSocket-Protocol", value: agreed) }
        return channel.eventLoop.makeSucceededFuture(headers)
      },
      open: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          channel.pipeline.removeHandler(name: FirstRequestGuard.name, promise: nil)
          try channel.pipeline.syncOperations.addHandler(
            makeHandler(
              Opening(
                subprotocol: agreedSubprotocol(head), peer: ClientContext.Peer(channel.remoteAddress),
                forwardedFor: head.headers["x-forwarded-for"].joined(separator: ","))))
          return .webSocket
        }
      })
  }

  private func agreedSubprotocol(_ head: HTTPRequestHead) -> String? {
    let offered = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
    return subprotocols.first { offered.contains($0) }
  }

  /// NIO leaves a refused upgrade without an answer, so it is written here.
  private func refuse(_ channel: any Channel, _ problem: Problem) -> EventLoopFuture<HTTPHeaders?> {
    for part in BrokenRequest.answer(problem).dropLast() { channel.write(part, promise: nil) }
    let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    written.whenComplete { _ in channel.close(promise: nil) }
    return channel.eventLoop.makeSucceededFuture(nil)
  }
}
