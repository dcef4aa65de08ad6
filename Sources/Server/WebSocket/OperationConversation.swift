import GraphQLEngine
import NIOCore
import Outbound
import Resolvers
import Secrets

/// Drives one socket's GraphQL session, of either sub-protocol: feeds the state machine and does what it asks
/// for.
///
/// Lives on the socket's event loop; operations run in tasks and come back through the link. A subscription
/// that has all its events has no task: a line hands it what comes (`FollowedOperation`).
final class OperationConversation: SocketConversation, @unchecked Sendable {
  // @unchecked: all state is touched on the socket's event loop only; tasks come back through
  // `link.onEventLoop`.

  struct Settings: Sendable {
    var initTimeout: TimeAmount
    var maximumOperations: Int
    /// The time, for the expiry of tokens.
    var unixSeconds: @Sendable () -> Int64 = { SystemClock.unixSeconds() }
  }

  /// How often an open socket's API key is looked up.
  static let keyCheck = TimeAmount.seconds(5)
  /// How often an open socket's membership is looked up.
  static let memberCheck = TimeAmount.seconds(60)
  /// The sub-protocols, the preferred one first.
  static let subprotocols = [TransportSession.subprotocol, LegacySession.subprotocol]

  private let host: any OperationHost
  private let settings: Settings
  /// The one that was agreed upon; without one the socket is closed at once.
  private let subprotocol: String?
  /// The client's, who is counted by it until it signs in.
  private let address: IPAddress?
  private var session: any SocketSession
  private var viewer: Viewer?
  private var credentials: Credentials?
  private var operations: [String: Operation] = [:]
  private var serial = 0
  private var link: SocketLink?

  private struct Operation {
    var serial: Int
    var work: Work

    enum Work {
      case task(Task<Void, Never>)
      case following(Following)
    }

    func stop() {
      switch work {
      case .task(let task): task.cancel()
      case .following(let following): following.leave()
      }
    }
  }

  init(host: any OperationHost, settings: Settings, subprotocol: String?, address: IPAddress?) {
    self.address = address
    self.host = host
    self.settings = settings
    self.subprotocol = subprotocol
    session =
      subprotocol == LegacySession.subprotocol
      ? LegacySession(maximumOperations: settings.maximumOperations)
      : TransportSession(maximumOperations: settings.maximumOperations)
  }

  func opened(link: SocketLink) {
    self.link = link
    guard subprotocol != nil else {
      return link.perform([.close(code: 4406, reason: "Subprotocol not acceptable")])
    }
    link.after(settings.initTimeout) { [weak self] in
      guard let self else { return }
      perform(session.initTimedOut())
    }
  }

  func received(_ text: [UInt8]) { perform(session.receive(text)) }

  func keepAlive() { perform(session.keepAlive()) }

  func dropped(operation: String) { perform(session.dropped(operation)) }

  func shuttingDown() {
    // The close frame that follows tells the client; its operations just end.
    perform(session.ended())
  }

  func closed() {
    perform(session.ended())
    link = nil
  }

  private func perform(_ actions: [SessionAction]) {
    for action in actions {
      switch action {
      case .send(let bytes, let operation, let isLast):
        link?.perform([.send(bytes, operation: operation, isLast: isLast)])
      case .close(let code, let reason): link?.perform([.close(code: code, reason: reason)])
      case .authenticate(let payload): authenticate(payload)
      case .start(let id, let request): start(id, request)
      case .stop(let id): operations.removeValue(forKey: id)?.stop()
      }
    }
  }

  /// `connection_init` carries the token as `authorization` or an API key as `x-api-key`, in any case, as
  /// headers have it.
  private func authenticate(_ payload: InputValue?) {
    let fields = payload?.object?.fields ?? []
    let text = { (name: String) in fields.first { $0.name.lowercased() == name }?.value.string }
    let credentials = Credentials(authorization: text("authorization"), apiKey: text("x-api-key"))
    let host = host
    guard let link else { return }
    Task {
      let result = await host.viewer(credentials)
      link.onEventLoop {
        self.credentials = credentials
        self.finishAuthentication(result)
        self.watch()
      }
    }
  }

  /// A membership or an API key may end while its socket is open, or a role be changed: it is asked for now
  /// and then.
  private func watch() {
    guard let viewer, let credentials else { return }
    let host = host
    let pause = viewer.apiKey == nil ? OperationConversation.memberCheck : OperationConversation.keyCheck
    link?.after(pause) { [weak self] in
      guard let self, let link else { return }
      Task {
        let objection = await host.objection(to: viewer, credentials)
        link.onEventLoop {
          if let objection { return self.perform(self.session.credentialsRefused(objection)) }
          self.watch()
        }
      }
    }
  }

  private func finishAuthentication(_ result: Result<SignedIn?, GraphQLService.Refused>) {
    switch result {
    case .failure(let refused):
      perform(session.refused(refused.error.message, isFault: refused.error.code != .unauthenticated))
    case .success(let signedIn):
      viewer = signedIn?.viewer
      perform(session.authenticated())
      guard let signedIn, let expiresAt = signedIn.expiresAt else { return }
      let seconds = max(0, expiresAt - settings.unixSeconds())
      link?.after(.seconds(seconds)) { [weak self] in
        guard let self else { return }
        perform(session.credentialsRefused(signedIn.expiryReason))
      }
    }
  }

  private func start(_ id: String, _ request: GraphQLRequest) {
    guard let link else { return }
    let host = host
    let credentials = credentials
    let address = address
    serial += 1
    let serial = serial
    let follower = FollowedOperation(self, id, serial, link)
    let task = Task {
      // Not who it was when the socket was opened, but who it is now.
      let asking = await host.viewer(credentials)
      guard case .success(let signedIn) = asking else {
        return link.onEventLoop { self.refuse(id, serial, asking) }
      }
      let origin = RequestOrigin(address: address?.description, requestID: RequestIdentifier().text)
      let client = OperationClient(
        viewer: signedIn?.viewer, address: address, executor: link.executor, follower: follower)
      let end = await RequestOrigin.$current.withValue(origin) {
        await host.run(request, for: client) { await self.take(id, serial, $0, link) }
      }
      if end == .over { link.onEventLoop { self.complete(id, serial) } }
    }
    operations[id] = Operation(serial: serial, work: .task(task))
  }

  /// Goes on with a subscription that its line has given back: first its client reads what waits.
  fileprivate func resume(_ id: String, _ serial: Int, _ following: Following, _ follower: FollowedOperation)
  {
    guard let link, isCurrent(id, serial) else { return }
    let rest = following.rest
    let client = OperationClient(executor: link.executor, follower: follower)
    let task = Task {
      await link.room(for: id)
      let end = await rest?.run(for: client) { await self.take(id, serial, $0, link) } ?? .over
      if end == .over { link.onEventLoop { self.complete(id, serial) } }
    }
    operations[id] = Operation(serial: serial, work: .task(task))
  }

  /// Results of a subscription come from a line now.
  fileprivate func follow(_ id: String, _ serial: Int, _ following: Following) -> Bool {
    guard isCurrent(id, serial) else { return false }
    operations[id]?.work = .following(following)
    return true
  }

  /// Sends a result, and returns when the operation may go on.
  private func take(_ id: String, _ serial: Int, _ result: OperationResult, _ link: SocketLink) async {
    if Task.isCancelled { return }
    await link.hop { self.take(id, serial, result) }
    await link.room(for: id)
  }

  /// Ends the socket when its credentials are not accepted any more, else only the operation.
  private func refuse(_ id: String, _ serial: Int, _ result: Result<SignedIn?, GraphQLService.Refused>) {
    guard case .failure(let refused) = result else { return }
    guard refused.error.code != .unauthenticated else {
      return perform(session.credentialsRefused(refused.error.message))
    }
    take(id, serial, .failed(GraphQLEngine.Response(requestErrors: [refused.error.graphQLError])))
  }

  /// An id may be used again after its operation: what a former one still says is dropped by its serial
  /// number.
  private func isCurrent(_ id: String, _ serial: Int) -> Bool { operations[id]?.serial == serial }

  fileprivate func resultType(_ id: String, _ serial: Int) -> String? {
    isCurrent(id, serial) ? session.resultType(of: id) : nil
  }

  fileprivate func take(_ id: String, _ serial: Int, _ result: OperationResult) {
    guard isCurrent(id, serial) else { return }
    switch result {
    case .next(let response, _): perform(session.produced(id, response: response))
    case .failed(let response):
      operations[id] = nil
      perform(session.failed(id, errors: response.errorList))
    }
  }

  fileprivate func complete(_ id: String, _ serial: Int) {
    guard isCurrent(id, serial) else { return }
    operations[id] = nil
    perform(session.completed(id))
  }
}

/// A subscription of a socket whose results a line hands out. Lives on the socket's event loop.
private final class FollowedOperation: ResultFollower, Sendable {
  private let conversation: OperationConversation
  private let id: String
  private let serial: Int
  private let link: SocketLink

  init(_ conversation: OperationConversation, _ id: String, _ serial: Int, _ link: SocketLink) {
    self.conversation = conversation
    self.id = id
    self.serial = serial
    self.link = link
  }

  var eventLoop: any EventLoop { link.eventLoop }

  func began(_ following: Following) -> Bool { conversation.follow(id, serial, following) }

  func take(_ result: LineResult) -> Bool {
    guard let type = conversation.resultType(id, serial) else { return true }
    let frame = result.text(type, of: id) { response in
      response.withUnsafeBytes { ServerFrame.text(ServerMessage.head(type, id), $0, "}") }
    }
    return link.take(frame, of: id)
  }

  func flush() { link.flush() }

  func returned(_ following: Following) { conversation.resume(id, serial, following, self) }

  func ended(_ end: EventLine.End) {
    switch end {
    case .complete: conversation.complete(id, serial)
    case .failed(let response): conversation.take(id, serial, .failed(response))
    }
  }
}
