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

  /// How often a key of an open socket is looked up.
  static let keyCheck = TimeAmount.seconds(5)

  private let service: GraphQLService
  private let settings: Settings
  /// Whether the client offered the sub-protocol; without it the socket is closed at once.
  private let isAgreed: Bool
  /// The client's, who is counted by it until it signs in.
  private let address: IPAddress?
  private var session: TransportSession
  private var viewer: Viewer?
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
    let authorization = fields.first { $0.name.lowercased() == "authorization" }?.value.string
    let apiKey = fields.first { $0.name.lowercased() == "x-api-key" }?.value.string
    let service = service
    guard let link else { return }
    Task {
      let result = await service.viewer(authorization: authorization, apiKey: apiKey)
      link.onEventLoop {
        self.finishAuthentication(result)
        if self.viewer?.apiKey != nil { self.watchKey(authorization, apiKey) }
      }
    }
  }

  /// An API key may be revoked while its socket is open: it is asked for again every few seconds.
  private func watchKey(_ authorization: String?, _ apiKey: String?) {
    let service = service
    link?.after(TransportConversation.keyCheck) { [weak self] in
      guard let self, let link else { return }
      Task {
        let result = await service.viewer(authorization: authorization, apiKey: apiKey)
        link.onEventLoop {
          switch result {
          case .failure(let refused) where refused.error.code == .unauthenticated:
            self.perform(self.session.keyRevoked())
          case .success(let signedIn):
            self.viewer = signedIn?.viewer
            self.watchKey(authorization, apiKey)
          case .failure: self.watchKey(authorization, apiKey)
          }
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
    let viewer = viewer
    let address = address
    serial += 1
    let serial = serial
    let task = Task {
      switch await service.start(request, viewer: viewer, address: address) {
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
