import GraphQLEngine

/// The server's side of `subscriptions-transport-ws` on one socket, whose sub-protocol is called
/// `graphql-ws`: what older clients speak.
///
/// Its clients do not wait for the acknowledgement: what they start before it waits. A message that is none
/// is answered and does no more harm.
struct LegacySession: SocketSession {
  static let subprotocol = "graphql-ws"

  enum State: Equatable {
    case awaitingInit, authenticating, ready, over
  }

  private(set) var state: State = .awaitingInit
  private var operations: Set<String> = []
  /// Started before the acknowledgement, in order.
  private var early: [(id: String, request: GraphQLRequest)] = []
  private let maximumOperations: Int

  init(maximumOperations: Int) {
    self.maximumOperations = maximumOperations
  }

  mutating func receive(_ text: [UInt8]) -> [SessionAction] {
    guard state != .over else { return [] }
    switch LegacyClientMessage.parse(text) {
    case .failure(let problem): return [.send(LegacyServerMessage.connectionError(problem.reason))]
    case .success(.connectionInit(let payload)):
      guard state == .awaitingInit else { return close(4429, "Too many initialisation requests") }
      state = .authenticating
      return [.authenticate(payload: payload)]
    case .success(.start(let id, let request)): return start(id, request)
    case .success(.malformed(let id, let reason)): return [.send(LegacyServerMessage.error(id, reason))]
    case .success(.stop(let id)): return stop(id)
    case .success(.connectionTerminate): return close(1000, "")
    }
  }

  mutating func authenticated() -> [SessionAction] {
    guard state == .authenticating else { return [] }
    state = .ready
    defer { early = [] }
    return [.send(LegacyServerMessage.connectionAcknowledged), .send(LegacyServerMessage.keepAlive)]
      + early.map { .start(id: $0.id, request: $0.request) }
  }

  mutating func refused(_ reason: String, isFault: Bool) -> [SessionAction] {
    guard state == .authenticating else { return [] }
    return refuse(isFault ? 4500 : 4403, reason)
  }

  mutating func initTimedOut() -> [SessionAction] {
    guard state == .awaitingInit else { return [] }
    return close(4408, "Connection initialisation timeout")
  }

  mutating func credentialsRefused(_ reason: String) -> [SessionAction] {
    guard state == .ready else { return [] }
    return refuse(4403, reason)
  }

  mutating func produced(_ id: String, response: [UInt8]) -> [SessionAction] {
    operations.contains(id) ? [.send(LegacyServerMessage.data(id, response), operation: id)] : []
  }

  func resultType(of id: String) -> String? {
    operations.contains(id) ? LegacyServerMessage.resultType : nil
  }

  /// The protocol has room for one error.
  mutating func failed(_ id: String, errors: [UInt8]) -> [SessionAction] {
    guard operations.remove(id) != nil else { return [] }
    return [.send(LegacyServerMessage.error(id, firstOf: errors), isLast: true)]
  }

  mutating func completed(_ id: String) -> [SessionAction] {
    operations.remove(id) == nil ? [] : [.send(LegacyServerMessage.complete(id), isLast: true)]
  }

  mutating func dropped(_ id: String) -> [SessionAction] {
    [.stop(id: id)] + failed(id, errors: SlowReader.errors)
  }

  /// A client that has heard one counts on more.
  mutating func keepAlive() -> [SessionAction] {
    state == .ready ? [.send(LegacyServerMessage.keepAlive)] : []
  }

  mutating func ended() -> [SessionAction] {
    state = .over
    early = []
    defer { operations.removeAll() }
    return operations.map { .stop(id: $0) }
  }

  /// An id that is in use is used anew: the former operation ends, and nothing is said of it.
  private mutating func start(_ id: String, _ request: GraphQLRequest) -> [SessionAction] {
    guard state != .awaitingInit else { return refuse(4401, "Unauthorized") }
    let isKnown = operations.contains(id)
    guard isKnown || operations.count < maximumOperations else {
      return [.send(LegacyServerMessage.error(id, "More than \(maximumOperations) operations at once"))]
    }
    operations.insert(id)
    guard state == .ready else {
      early.removeAll { $0.id == id }
      early.append((id, request))
      return []
    }
    return (isKnown ? [.stop(id: id)] : []) + [.start(id: id, request: request)]
  }

  /// The client hears `complete`, as from any operation that ends.
  private mutating func stop(_ id: String) -> [SessionAction] {
    early.removeAll { $0.id == id }
    guard operations.contains(id) else { return [] }
    return (state == .ready ? [.stop(id: id)] : []) + completed(id)
  }

  private mutating func refuse(_ code: UInt16, _ reason: String) -> [SessionAction] {
    [.send(LegacyServerMessage.connectionError(reason))] + close(code, reason)
  }

  private mutating func close(_ code: UInt16, _ reason: String) -> [SessionAction] {
    ended() + [.close(code: code, reason: reason)]
  }
}
