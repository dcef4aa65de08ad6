import GraphQLEngine
import HTTPTypes
import Hummingbird
import NIOCore
import Resolvers
import Secrets

/// GraphQL over Server-Sent Events: the answers of `/graphql` that are event streams, in both modes of the
/// protocol; and subscriptions whose results are the parts of one answer.
///
/// In distinct connections mode a stream has one operation. In single connection mode a client reserves a
/// stream (PUT), connects to it, and starts (GET, POST) and stops (DELETE) operations by requests of their
/// own that name it by its token.
struct EventStreamEndpoint: Sendable {
  let service: GraphQLService
  let streams: EventStreams

  static let token = HTTPField.Name("x-graphql-event-stream-token") ?? .from
  static let lastEventID = HTTPField.Name("last-event-id") ?? .from

  /// Who asks, and what of the request matters to a stream.
  struct Client: Sendable {
    var credentials: Credentials
    var viewer: Viewer?
    /// When the viewer's token expires, in Unix seconds.
    var expiresAt: Int64?
    var subject: RateLimiter.Subject?
    var lastEventID: String?
    /// The stream goes on when the task is over that knew it.
    let origin = RequestOrigin.current
  }

  // MARK: Distinct connections mode

  /// A stream for one operation, which begins when the head of the answer is sent.
  func distinct(
    _ request: GraphQLRequest, _ client: Client, _ format: StreamFormat
  ) throws(RequestRefusal) -> Hummingbird.Response {
    let place = try admit(client, format)
    _ = place.stream.connect()
    return response(place, token: nil) { [self] in start(request, client, place.stream, id: "") }
  }

  // MARK: Single connection mode

  /// Reserves a stream: its token.
  func reserve(_ client: Client) throws(RequestRefusal) -> Hummingbird.Response {
    let token = streams.reserve(try admit(client, .sharedEvents))
    return Hummingbird.Response(
      status: .created, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: token)))
  }

  /// The one connection of a reserved stream.
  func connect(_ token: String) throws(RequestRefusal) -> Hummingbird.Response {
    guard let place = streams.place(for: token) else { throw EventStreamEndpoint.unknown }
    guard place.stream.connect() else {
      throw RequestRefusal(.conflict, "The event stream is open already.", code: "CONFLICT")
    }
    return response(place, token: token) {}
  }

  /// Starts an operation on a reserved stream: its results come there.
  func execute(
    _ request: GraphQLRequest, _ token: String, _ client: Client
  ) throws(RequestRefusal) -> Hummingbird.Response {
    let place = try place(token, client)
    guard case .string(let id)? = request.extensions["operationId"], (1...256).contains(id.utf8.count) else {
      throw RequestRefusal(
        .malformed, "extensions.operationId must be a text of 1 to 256 bytes: it names the operation.")
    }
    switch start(request, client, place.stream, id: id) {
    case .admitted: return Hummingbird.Response(status: .accepted, headers: [.cacheControl: "no-store"])
    case .known:
      throw RequestRefusal(.conflict, "The operation's id is in use on this stream.", code: "CONFLICT")
    case .tooMany:
      let most = streams.settings.maximumOperations
      throw RequestRefusal(
        .tooMany, "More than \(most) operations at once on one stream.", code: "RATE_LIMITED")
    case .over: throw EventStreamEndpoint.unknown
    }
  }

  /// Stops an operation on a reserved stream; one that has ended is no fault.
  func stop(_ operationID: String?, _ token: String, _ client: Client) throws(RequestRefusal)
    -> Hummingbird.Response
  {
    let place = try place(token, client)
    guard let operationID, !operationID.isEmpty else {
      throw RequestRefusal(.malformed, "The parameter operationId is missing.")
    }
    _ = place.stream.stop(operationID)
    return Hummingbird.Response(status: .ok, headers: [.cacheControl: "no-store"])
  }

  /// The token alone is not enough to use a stream that somebody has reserved.
  private func place(_ token: String, _ client: Client) throws(RequestRefusal) -> EventStreams.Place {
    guard let place = streams.place(for: token), place.owner == EventStreams.owner(client.viewer) else {
      throw EventStreamEndpoint.unknown
    }
    return place
  }

  private func admit(_ client: Client, _ format: StreamFormat) throws(RequestRefusal) -> EventStreams.Place {
    if let place = streams.admit(client.viewer, client.subject, format) { return place }
    throw RequestRefusal(.tooMany, "There are too many event streams: close some.", code: "RATE_LIMITED")
  }

  static let unknown = RequestRefusal(.unknown, "There is no such event stream.", code: "NOT_FOUND")

  // MARK: The stream

  @discardableResult
  private func start(
    _ request: GraphQLRequest, _ client: Client, _ stream: EventStream, id: String
  ) -> EventStream.Admission {
    let service = service
    let origin = client.origin
    return stream.begin(id) { ticket in
      var who = OperationClient(viewer: client.viewer, lastEventID: client.lastEventID, isCounted: false)
      who.began = { stream.place(ticket, at: $0) }
      let watch = Task {
        let reason = try await watchCredentials(client)
        stream.fail(ticket, EventStreamEndpoint.ended(reason))
      }
      await RequestOrigin.$current.withValue(origin) { [who] in
        await service.run(request, for: who) { result in await stream.put(result, ticket) }
      }
      watch.cancel()
    }
  }

  /// Returns when the client may not ask any more, with the reason; never for somebody without credentials.
  private func watchCredentials(_ client: Client) async throws -> String {
    guard let viewer = client.viewer else { throw CancellationError() }
    let pause = viewer.apiKey == nil ? EventStreamEndpoint.memberCheck : EventStreamEndpoint.keyCheck
    while true {
      let left = client.expiresAt.map { max(0, $0 - SystemClock.unixSeconds()) } ?? .max
      try await Task.sleep(for: .seconds(min(left, pause)))
      if left <= pause { return SignedIn(viewer: viewer).expiryReason + "." }
      if let reason = await service.objection(to: viewer, client.credentials) { return reason }
    }
  }

  /// How often a membership and an API key are looked up while a stream is open, in seconds.
  private static let memberCheck: Int64 = 60
  private static let keyCheck: Int64 = 5

  private static func ended(_ reason: String) -> GraphQLEngine.Response {
    GraphQLEngine.Response(requestErrors: [ServiceError(.unauthenticated, reason).graphQLError])
  }

  private func response(
    _ place: EventStreams.Place, token: String?, _ begin: @escaping @Sendable () -> Void
  ) -> Hummingbird.Response {
    let streams = streams
    let connection = StreamConnection(place: place, token: token, streams: streams)
    let body = ResponseBody { writer in
      let stream = connection.place.stream
      let end = ConnectionEnd.current
      streams.connected(connection.place, token: token, end)
      let action = end?.whenOver { _ in stream.end() }
      defer {
        stream.end()
        if let action { end?.forget(action) }
      }
      try await writer.write(ByteBuffer(bytes: stream.format.opening))
      begin()
      while let bytes = await stream.next() { try await writer.write(bytes) }
      try await writer.finish(nil)
    }
    return Hummingbird.Response(
      status: .ok,
      headers: [
        .contentType: place.stream.format.mediaType.contentType, .cacheControl: "no-cache, no-transform",
        .vary: "Accept", EventStreamEndpoint.buffering: "no",
      ], body: body)
  }

  /// Asks proxies (nginx) to pass events on at once.
  private static let buffering = HTTPField.Name("x-accel-buffering") ?? .from
}

/// Holds a stream's place as long as its answer is there; then a reservation is over, whether the connection
/// was ever used or not.
private final class StreamConnection: Sendable {
  let place: EventStreams.Place
  private let token: String?
  private let streams: EventStreams

  init(place: EventStreams.Place, token: String?, streams: EventStreams) {
    self.place = place
    self.token = token
    self.streams = streams
  }

  deinit {
    place.stream.end()
    if let token { streams.release(token: token) }
  }
}
