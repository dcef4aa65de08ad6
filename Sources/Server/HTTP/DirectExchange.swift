import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Answers a connection's plain GraphQL requests where they arrive, on its event loop: nearly all are a POST
/// of one small JSON body that is answered by one. They pass neither the stream of parts nor the router,
/// which cost more than such an answer does. What is of any other form goes on to the handlers behind, in its
/// order.
///
/// Lives on its channel's event loop, right before the handlers of the stream.
final class DirectExchange: ChannelDuplexHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Gives the response of a request that came over the channel; never fails.
  typealias Answer = @Sendable (Request, ClientContext) async -> Hummingbird.Response

  /// What is answered here.
  struct Form: Sendable {
    let path: String
    let maximumBody: Int
    let answer: Answer
  }

  private enum State {
    case open
    case collecting(HTTPRequest, ByteBuffer)
    case answering
  }

  private let form: Form
  private let client: ClientContext
  private let end: ConnectionEnd
  private var state = State.open
  /// Requests that were handed on and whose responses are not written to their end.
  private var handedOn = 0
  /// What arrived behind a request that is being answered.
  private var waiting = CircularBuffer<Arrival>()
  private var mustRead = false
  private var isGoingOn = false

  private enum Arrival {
    case part(HTTPRequestPart)
    case event(any Sendable)
    case error(any Error)
  }

  init(_ form: Form, client: ClientContext, end: ConnectionEnd) {
    self.form = form
    self.client = client
    self.end = end
  }

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
    if isAnswering, let event = event as? ChannelEvent { return waiting.append(.event(event)) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isAnswering { waiting.append(.error(error)) } else { context.fireErrorCaught(error) }
  }

  /// Nothing is read while something waits. While nothing does, the loop goes on watching the socket, which
  /// costs nothing, as most clients wait for the answer; to end that and begin again would be two system
  /// calls for each request.
  func read(context: ChannelHandlerContext) {
    if isAnswering, !waiting.isEmpty { mustRead = true } else { context.read() }
  }

  private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
    switch (state, part) {
    case (.open, .head(let head)) where handedOn == 0 && isPlain(head):
      state = .collecting(head, ByteBuffer())
    case (.collecting(let head, var body), .body(var chunk)):
      // Most bodies come in one piece, which need not be copied.
      if body.readableBytes == 0 { body = chunk } else { body.writeBuffer(&chunk) }
      state = .collecting(head, body)
    case (.collecting(let head, let body), .end):
      state = .answering
      start(Request(head: head, body: RequestBody(buffer: body)), context)
    default:
      if case .head = part { handedOn += 1 }
      context.fireChannelRead(wrapInboundOut(part))
    }
  }

  /// Whether a request is of the form that is answered here: its body has a length within the bound, and its
  /// answer is one piece.
  private func isPlain(_ head: HTTPRequest) -> Bool {
    guard head.method == .post, head.path == form.path else { return false }
    let fields = head.headerFields
    guard fields.text(.contentType) == "application/json", fields.text(.contentEncoding) == nil,
      fields.text(.expect) == nil,
      let length = fields.text(.contentLength).flatMap({ Int($0) }), length <= form.maximumBody,
      fields.text(EventStreamEndpoint.token) == nil
    else { return false }
    guard let accept = fields.text(.accept), accept != "*/*" else { return true }
    return accept.split(separator: ",").allSatisfy { range in
      let type = range.drop { $0 == " " }
      return type.hasPrefix("application/json") || type.hasPrefix("application/graphql-response+json")
    }
  }

  // MARK: Outbound

  /// Only the handlers behind write through here.
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { handedOn -= 1 }
    context.write(data, promise: promise)
  }

  private func start(_ request: Request, _ context: ChannelHandlerContext) {
    let place = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    // Begins at once, not with the loop's next turn.
    Task.immediate(executorPreference: end.executor) { [form, client, end] in
      var response = await ConnectionEnd.$current.withValue(end) { await form.answer(request, client) }
      response.headers[.date] = HTTPDate.now
      let (handler, context) = place.value
      context.write(handler.wrapOutboundOut(.head(response.head)), promise: nil)
      do {
        try await response.body.write(Writer(place: place))
      } catch {
        // Half a response is none (RFC 9112 § 8).
        context.close(promise: nil)
      }
      handler.goOn(context)
    }
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
      case .error(let error): context.fireErrorCaught(error)
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
      context.write(handler.wrapOutboundOut(.body(buffer)), promise: nil)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
      let (handler, context) = place.value
      context.writeAndFlush(handler.wrapOutboundOut(.end(trailingHeaders)), promise: nil)
    }
  }
}
