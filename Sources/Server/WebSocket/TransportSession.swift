import GraphQLEngine

/// The server's side of the `graphql-transport-ws` protocol on one socket.
///
/// States: waiting for `connection_init`, asking who it is, ready, over. Close codes are the protocol's.
struct TransportSession: SocketSession {
  static let subprotocol = "graphql-transport-ws"

  enum State: Equatable {
    case awaitingInit, authenticating, ready, over
  }

  private(set) var state: State = .awaitingInit
  private var operations: Set<String> = []
  private let maximumOperations: Int

  init(maximumOperations: Int) {
    self.maximumOperations = maximumOperations
  }

  /// A whole text message from the client.
  mutating func receive(_ text: [UInt8]) -> [SessionAction] {
    guard state != .over else { return [] }
    switch ClientMessage.parse(text) {
    case .failure(let problem): return close(4400, problem.reason)
    case .success(.connectionInit(let payload)): return begin(payload)
    case .success(.ping(let payload)): return [.send(ServerMessage.pong(payload))]
    case .success(.pong): return []
    case .success(.subscribe(let id, let request)): return subscribe(id, request)
    case .success(.complete(let id)):
      // Ids that are not known are ignored: the operation may just have ended by itself.
      return operations.remove(id) == nil ? [] : [.stop(id: id)]
    }
  }

  /// The client is who it says, or anonymous.
  mutating func authenticated() -> [SessionAction] {
    guard state == .authenticating else { return [] }
    state = .ready
    return [.send(ServerMessage.connectionAcknowledged)]
  }

  /// The client may not connect, or it cannot be found out whether it may.
  mutating func refused(_ reason: String, isFault: Bool) -> [SessionAction] {
    guard state == .authenticating else { return [] }
    return close(isFault ? 4500 : 4403, reason)
  }

  /// `connection_init` did not come in time.
  mutating func initTimedOut() -> [SessionAction] {
    guard state == .awaitingInit else { return [] }
    return close(4408, "Connection initialisation timeout")
  }

  /// The credentials given with `connection_init` are not accepted any more, or have expired.
  mutating func credentialsRefused(_ reason: String) -> [SessionAction] {
    guard state == .ready else { return [] }
    return close(4403, reason)
  }

  /// A result of an operation: the bytes of a response.
  mutating func produced(_ id: String, response: [UInt8]) -> [SessionAction] {
    operations.contains(id) ? [.send(ServerMessage.next(id, response), operation: id)] : []
  }

  func resultType(of id: String) -> String? { operations.contains(id) ? ServerMessage.resultType : nil }

  /// An operation could not be started: its request errors, as the JSON of a list. No `complete` follows.
  mutating func failed(_ id: String, errors: [UInt8]) -> [SessionAction] {
    operations.remove(id) == nil ? [] : [.send(ServerMessage.error(id, errors), isLast: true)]
  }

  /// An operation has produced everything.
  mutating func completed(_ id: String) -> [SessionAction] {
    operations.remove(id) == nil ? [] : [.send(ServerMessage.complete(id), isLast: true)]
  }

  /// The reader is too slow for an operation, which is over.
  mutating func dropped(_ id: String) -> [SessionAction] {
    operations.remove(id) == nil
      ? [] : [.stop(id: id), .send(ServerMessage.error(id, SlowReader.errors), isLast: true)]
  }

  /// Pings are frames of the socket itself (RFC 6455 § 5.5.2), which need no messages of the protocol.
  mutating func keepAlive() -> [SessionAction] { [] }

  /// The socket is gone, or about to go.
  mutating func ended() -> [SessionAction] {
    state = .over
    defer { operations.removeAll() }
    return operations.map { .stop(id: $0) }
  }

  private mutating func begin(_ payload: InputValue?) -> [SessionAction] {
    guard state == .awaitingInit else { return close(4429, "Too many initialisation requests") }
    state = .authenticating
    return [.authenticate(payload: payload)]
  }

  private mutating func subscribe(_ id: String, _ request: GraphQLRequest) -> [SessionAction] {
    guard state == .ready else { return close(4401, "Unauthorized") }
    guard !operations.contains(id) else { return close(4409, "Subscriber for \(id) already exists") }
    guard operations.count < maximumOperations else {
      return close(4400, "More than \(maximumOperations) operations at once")
    }
    operations.insert(id)
    return [.start(id: id, request: request)]
  }

  private mutating func close(_ code: UInt16, _ reason: String) -> [SessionAction] {
    ended() + [.close(code: code, reason: reason)]
  }
}
