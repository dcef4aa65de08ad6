import GraphQLEngine
import Logging
import NIOCore
import Outbound
import Resolvers
import Security

/// Drives one socket's `graphql-transport-ws` session: feeds the state machine and does what it asks for.
///
/// Lives on the socket's event loop; operations run in tasks and come back through the link.
final class TransportConversation: SocketConversation, @unchecked Sendable {
  // @unchecked: all state is touched on the socket's event loop only; tasks come back through
  // `link.onEventLoop`.

  struct Settings: Sendable {
    var initTimeout: TimeAmount
    var maximumOperations: Int
  }

  /// How often an open socket's API key is looked up.
  static let keyCheck = TimeAmount.seconds(5)
  /// How often an open socket's membership is looked up.
  static let memberCheck = TimeAmount.seconds(60)

  private let service: GraphQLService
  private let settings: Settings
  /// Whether the client offered the sub-protocol; without it the socket is closed at once.
  private let isAgreed: Bool
  /// The client's, who is counted by it until it signs in.
  private let address: IPAddress?
  private var session: TransportSession
  private var viewer: Viewer?
  private var credentials: Credentials?
  private var tasks: [String: (serial: Int, task: Task<Void, Never>)] = [:]
  private var serial = 0
  private var link: SocketLink?

  init(service: GraphQLService, settings: Settings, isAgreed: Bool, address: IPAddress?) {
    self.address = address
    self.service = service
    self.settings = settings
    self.isAgreed = isAgreed
    session = TransportSession(maximumOperations: settings.maximumOperations)
  }

  func opened(link: SocketLink) {
    self.link = link
    guard isAgreed else {
      return link.perform([.close(code: 4406, reason: "Subprotocol not acceptable")])
    }
    link.after(settings.initTimeout) { [weak self] in
      guard let self else { return }
      perform(session.initTimedOut())
    }
  }

  func received(_ text: [UInt8]) { perform(session.receive(text)) }

  func keepAlive() {}

  func shuttingDown() {
    // The close frame that follows tells the client; its operations just end.
    perform(session.ended())
  }

  func closed() {
    perform(session.ended())
    link = nil
  }

  private func perform(_ actions: [TransportSession.Action]) {
    for action in actions {
      switch action {
      case .send(let bytes): link?.perform([.send(bytes)])
      case .close(let code, let reason): link?.perform([.close(code: code, reason: reason)])
      case .authenticate(let payload): authenticate(payload)
      case .start(let id, let request): start(id, request)
      case .stop(let id): tasks.removeValue(forKey: id)?.task.cancel()
      }
    }
  }

  /// `connection_init` carries the token as `authorization` or an API key as `x-api-key`, in any case, as
  /// headers have it.
  private func authenticate(_ payload: InputValue?) {
    let fields = payload?.object?.fields ?? []
    let text = { (name: String) in fields.first { $0.name.lowercased() == name }?.value.string }
    let credentials = Credentials(authorization: text("authorization"), apiKey: text("x-api-key"))
    let service = service
    guard let link else { return }
    Task {
      let result = await service.viewer(credentials)
      link.onEventLoop {
        self.credentials = credentials
        self.finishAuthentication(result)
        self.watch()
      }
    }
  }

  /// A membership or an API key may end while its socket is open: it is asked for now and then.
  private func watch() {
    guard let viewer, let credentials else { return }
    let service = service
    let pause = viewer.apiKey == nil ? TransportConversation.memberCheck : TransportConversation.keyCheck
    link?.after(pause) { [weak self] in
      guard let self, let link else { return }
      Task {
        let result = await service.viewer(credentials)
        link.onEventLoop {
          if case .failure(let refused) = result, refused.error.code == .unauthenticated {
            return self.perform(self.session.credentialsRefused(refused.error.message))
          }
          self.watch()
        }
      }
    }
  }

  private func finishAuthentication(
    _ result: Result<SignedIn?, GraphQLService.Refused>
  ) {
    switch result {
    case .failure(let refused): perform(session.refused(refused.error.message))
    case .success(let signedIn):
      viewer = signedIn?.viewer
      perform(session.authenticated())
      guard let expiresAt = signedIn?.expiresAt else { return }
      let seconds = max(0, expiresAt - SystemClock.unixSeconds())
      link?.after(.seconds(seconds)) { [weak self] in
        guard let self else { return }
        perform(session.credentialsExpired())
      }
    }
  }

  private func start(_ id: String, _ request: GraphQLRequest) {
    guard let link else { return }
    let service = service
    let credentials = credentials
    let address = address
    serial += 1
    let serial = serial
    let task = Task {
      // Not who it was when the socket was opened, but who it is now.
      let asking = await service.viewer(credentials)
      guard case .success(let signedIn) = asking else {
        return link.onEventLoop { self.refuse(id, serial, asking) }
      }
      let origin = RequestOrigin(address: address?.description, requestID: RequestIdentifier().text)
      let outcome = await RequestOrigin.$current.withValue(origin) {
        await service.start(request, viewer: signedIn?.viewer, address: address)
      }
      switch outcome {
      case .response(let response):
        link.onEventLoop { self.finish(id, serial, response) }
      case .stream(let responses):
        for await response in responses {
          if Task.isCancelled { return }
          // In order, one at a time; what a slow reader leaves waiting is bounded by the socket's handler.
          await link.hop { self.produce(id, serial, response.bytes) }
        }
        link.onEventLoop { self.complete(id, serial) }
      }
    }
    tasks[id] = (serial, task)
  }

  /// Ends the socket when its credentials are not accepted any more, else only the operation.
  private func refuse(_ id: String, _ serial: Int, _ result: Result<SignedIn?, GraphQLService.Refused>) {
    guard case .failure(let refused) = result else { return }
    guard refused.error.code != .unauthenticated else {
      return perform(session.credentialsRefused(refused.error.message))
    }
    finish(id, serial, GraphQLEngine.Response(requestErrors: [refused.error.graphQLError]))
  }

  /// An id may be used again after its operation: what a former one still says is dropped by its serial
  /// number.
  private func isCurrent(_ id: String, _ serial: Int) -> Bool { tasks[id]?.serial == serial }

  private func produce(_ id: String, _ serial: Int, _ response: [UInt8]) {
    guard isCurrent(id, serial) else { return }
    perform(session.produced(id, response: response))
  }

  private func complete(_ id: String, _ serial: Int) {
    guard isCurrent(id, serial) else { return }
    tasks[id] = nil
    perform(session.completed(id))
  }

  private func finish(_ id: String, _ serial: Int, _ response: GraphQLEngine.Response) {
    guard isCurrent(id, serial) else { return }
    tasks[id] = nil
    guard response.hasData else { return perform(session.failed(id, errors: response.errorList)) }
    perform(session.produced(id, response: response.bytes))
    perform(session.completed(id))
  }
}

extension SocketLink {
  /// Runs `body` on the event loop and waits until it has run.
  func hop(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      onEventLoop {
        body()
        continuation.resume()
      }
    }
  }
}

extension GraphQLEngine.Response {
  /// The list of a request error's response: its bytes are `{"errors":[…]}`.
  var errorList: [UInt8] {
    let prefix = Array(#"{"errors":"#.utf8)
    let bytes = bytes
    guard bytes.starts(with: prefix), bytes.last == UInt8(ascii: "}") else { return Array("[]".utf8) }
    return Array(bytes[prefix.count..<bytes.count - 1])
  }
}
