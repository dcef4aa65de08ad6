import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Answers a connection's plain requests where they arrive, on its event loop: nearly all of GraphQL and of
/// webhooks are a POST of one small body that is answered by one. They pass neither the handlers behind, nor
/// the stream of parts, nor the router, which cost more than such an answer does; and the answer is written
/// in one piece, past what makes bytes of parts. What is of any other form goes on to the handlers behind, in
/// its order.
///
/// Hears too that a client has hung up, and tells the connection's end. Who closes only his half of the
/// connection before he has read the answer is taken to have hung up: nothing on the wire tells the
/// difference.
///
/// Lives on its channel's event loop, right behind `ArrivalGuard`.
final class DirectExchange: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// Gives the response of a request that came over the channel; never fails.
  typealias Answer = @Sendable (Request, ClientContext) async -> Hummingbird.Response

  /// What is answered here: POSTs with a body of a known length, which is not encoded.
  struct Form: Sendable {
    /// Whether a request's target is one of these.
    let isTarget: @Sendable (String) -> Bool
    /// In bytes.
    let maximumBody: Int
    /// Whether a request with such fields is answered in one piece.
    var isPlain: @Sendable (HTTPFields) -> Bool = { _ in true }
    let answer: Answer
  }

  private enum State {
    case open
    case collecting(Plain, ByteBuffer)
    case answering
  }

  private struct Plain {
    let request: HTTPRequest
    let answer: Answer
  }

  private let forms: [Form]
  private let client: ClientContext
  private let end: ConnectionEnd
  private let arrival: ArrivalGuard
  /// Whatever is written from there is bytes already.
  private var encoder: ChannelHandlerContext?
  private var state = State.open
  /// The last plain request and its fields as they came: most clients send the same ones again and again.
  private var last: (fields: HTTPHeaders, plain: Plain)?
  /// The response that is being put together; nil when its parts go through the encoder.
  private var piece: ByteBuffer?
  /// Requests that were handed on and whose responses are not written to their end.
  private var handedOn = 0
  /// What arrived behind a request that is being answered.
  private var waiting = CircularBuffer<Arrival>()
  private var mustRead = false
  private var isGoingOn = false

  private enum Arrival {
    case part(HTTPServerRequestPart)
    case event(any Sendable)
    case error(any Error)
  }

  init(_ forms: [Form], client: ClientContext, end: ConnectionEnd, arrival: ArrivalGuard) {
    self.forms = forms
    self.client = client
    self.end = end
    self.arrival = arrival
  }

  func handlerAdded(context: ChannelHandlerContext) {
    encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { encoder = nil }

  private var isAnswering: Bool {
    if case .answering = state { return true }
    return false
  }

  // MARK: Inbound

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if isAnswering { waiting.append(.part(part)) } else { take(part, context) }
  }

  /// What comes behind a request stays behind its answer: the handlers there may end the connection.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { end.tell(.hungUp) }
    if event is ChannelShouldQuiesceEvent { end.tell(.stopping) }
    switch (state, event) {
    case (.answering, let event as ChannelEvent): waiting.append(.event(event))
    // The handlers behind, who end the connection, do not know of the request.
    case (.answering, let event as ChannelShouldQuiesceEvent),
      (.collecting, let event as ChannelShouldQuiesceEvent):
      waiting.append(.event(event))
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end.tell(.hungUp)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isAnswering { waiting.append(.error(error)) } else { fail(error, context) }
  }

  /// What is not HTTP is told so. Where a response is still to be written by the handlers behind, they answer
  /// this behind it, with the status alone.
  private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
    guard let broken = error as? HTTPParserError, handedOn == 0, arrival.mayRefuse() else {
      return context.fireErrorCaught(error)
    }
    for part in BrokenRequest.answer(broken) { context.write(wrapOutboundOut(part), promise: nil) }
  }

  /// Nothing is read while something waits. While nothing does, the loop goes on watching the socket, which
  /// costs nothing, as most clients wait for the answer; to end that and begin again would be two system
  /// calls for each request.
  func read(context: ChannelHandlerContext) {
    if isAnswering, !waiting.isEmpty { mustRead = true } else { context.read() }
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (state, part) {
    case (.open, .head(let head)):
      if handedOn == 0, let plain = plain(head) {
        state = .collecting(plain, ByteBuffer())
      } else {
        handedOn += 1
        context.fireChannelRead(wrapInboundOut(part))
      }
    case (.collecting(let plain, var body), .body(var chunk)):
      // Most bodies come in one piece, which need not be copied.
      if body.readableBytes == 0 { body = chunk } else { body.writeBuffer(&chunk) }
      state = .collecting(plain, body)
    case (.collecting(let plain, let body), .end):
      state = .answering
      start(Request(head: plain.request, body: RequestBody(buffer: body)), plain.answer, context)
    default: context.fireChannelRead(wrapInboundOut(part))
    }
  }

  /// The request as the router would have it, if it is of a form that is answered here.
  private func plain(_ head: HTTPRequestHead) -> Plain? {
    guard head.method == .POST else { return nil }
    if let last, last.plain.request.path == head.uri, DirectExchange.areSame(last.fields, head.headers) {
      return last.plain
    }
    guard let form = forms.first(where: { $0.isTarget(head.uri) }) else { return nil }
    let request = HTTPRequest(
      method: .post, scheme: "http", authority: head.headers.first(name: "host"), path: head.uri,
      headerFields: HTTPFields(head.headers, splitCookie: false))
    guard DirectExchange.isPlain(request.headerFields, form) else { return nil }
    let plain = Plain(request: request, answer: form.answer)
    last = (head.headers, plain)
    return plain
  }

  /// Whether the same fields came in the same order, letter by letter.
  private static func areSame(_ left: HTTPHeaders, _ right: HTTPHeaders) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { $0.value == $1.value && $0.name == $1.name }
  }

  private static func isPlain(_ fields: HTTPFields, _ form: Form) -> Bool {
    guard fields.text(.contentEncoding) == nil, fields.text(.expect) == nil,
      let length = fields.text(.contentLength).flatMap({ Int($0) }), length <= form.maximumBody
    else { return false }
    return form.isPlain(fields)
  }

  // MARK: Outbound

  /// Only the handlers behind write through here.
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { handedOn -= 1 }
    context.write(data, promise: promise)
  }

  private func start(_ request: Request, _ answer: @escaping Answer, _ context: ChannelHandlerContext) {
    let place = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    // Begins at once, not with the loop's next turn.
    end.executor.begin { [client, end] in
      var response = await ConnectionEnd.$current.withValue(end) { await answer(request, client) }
      response.headers[.date] = HTTPDate.now
      let (handler, context) = place.value
      handler.begin(response, context)
      do {
        try await response.body.write(Writer(place: place))
      } catch {
        // Half a response is none (RFC 9112 § 8).
        context.close(promise: nil)
      }
      handler.goOn(context)
    }
  }

  // MARK: Response

  /// A response that says how long it is and leaves the connection as it is needs nobody to frame it.
  private func begin(_ response: Hummingbird.Response, _ context: ChannelHandlerContext) {
    let fields = response.headers
    if encoder != nil, arrival.mayBePassed, fields[.contentLength] != nil, fields[.connection] == nil,
      response.status.kind == .successful || response.status.kind == .clientError,
      response.status != .noContent
    {
      piece = DirectExchange.head(of: response, context.channel.allocator)
    } else {
      piece = nil
      context.write(wrapOutboundOut(.head(HTTPResponseHead(response.head))), promise: nil)
    }
  }

  /// As `HTTPResponseEncoder` writes it (RFC 9112 § 4).
  private static func head(of response: Hummingbird.Response, _ allocator: ByteBufferAllocator) -> ByteBuffer
  {
    let body = response.headers[.contentLength].flatMap { Int($0) } ?? .max
    let isSmall = body <= DirectExchange.smallPieceBytes - DirectExchange.usualHeadBytes
    var bytes = allocator.buffer(
      capacity: isSmall ? DirectExchange.smallPieceBytes : DirectExchange.pieceBytes)
    if response.status == .ok {
      bytes.writeStaticString("HTTP/1.1 200 OK\r\n")
    } else {
      bytes.writeString("HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\n")
    }
    for field in response.headers {
      bytes.writeString(field.name.rawName)
      bytes.writeStaticString(": ")
      bytes.writeString(field.value)
      bytes.writeStaticString("\r\n")
    }
    bytes.writeStaticString("\r\n")
    return bytes
  }

  /// A body that is longer than what is left of this is not copied behind its head.
  private static let pieceBytes = 2048
  /// What malloc keeps at hand for each thread; most answers are no longer.
  private static let smallPieceBytes = 1024
  private static let usualHeadBytes = 512

  private func write(_ body: ByteBuffer, _ context: ChannelHandlerContext) {
    guard var bytes = piece, let encoder else {
      return context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    piece = nil
    if bytes.readableBytes + body.readableBytes <= DirectExchange.pieceBytes {
      bytes.writeImmutableBuffer(body)
      piece = bytes
    } else {
      encoder.write(NIOAny(bytes), promise: nil)
      piece = body
    }
  }

  private func finish(_ trailers: HTTPFields?, _ context: ChannelHandlerContext) {
    guard let bytes = piece, let encoder else {
      return context.writeAndFlush(wrapOutboundOut(.end(trailers.map(HTTPHeaders.init))), promise: nil)
    }
    piece = nil
    arrival.hasBeenPassed()
    encoder.writeAndFlush(NIOAny(bytes), promise: nil)
  }

  /// Takes what has waited, up to the next request that is answered here. Where that one is answered at once,
  /// the loop goes on with what is behind it: so many requests in one piece are no deep stack.
  private func goOn(_ context: ChannelHandlerContext) {
    state = .open
    guard !isGoingOn else { return }
    isGoingOn = true
    defer { isGoingOn = false }
    var hasTaken = false
    while !isAnswering, let arrival = waiting.popFirst() {
      hasTaken = true
      switch arrival {
      case .part(let part): take(part, context)
      case .event(let event): context.fireUserInboundEventTriggered(event)
      case .error(let error): fail(error, context)
      }
    }
    if hasTaken { context.fireChannelReadComplete() }
    if mustRead, !isAnswering {
      mustRead = false
      context.read()
    }
  }

  /// Writes a body behind its head, on the event loop.
  private struct Writer: ResponseBodyWriter {
    let place: NIOLoopBound<(DirectExchange, ChannelHandlerContext)>

    func write(_ buffer: ByteBuffer) async throws {
      let (handler, context) = place.value
      handler.write(buffer, context)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
      let (handler, context) = place.value
      handler.finish(trailingHeaders, context)
    }
  }
}
