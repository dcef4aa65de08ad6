import Flows
import Resolvers
import Secrets
import Storage
import Synchronization

/// The webhook triggers that requests have asked for lately, ready for use: their secrets are open.
///
/// A trigger is read again after some seconds, and whenever the statement that stores what it has received
/// finds it or its flow at another revision; so nothing is accepted by what is not so any more. One that
/// would refuse is read anew for every request, those of one moment together. The lock protects the state.
final class HookReceivers: Sendable {
  /// A trigger that takes requests.
  struct Ready: Sendable {
    var receiver: ReceivedStore.Receiver
    var version: Identifier
    var webhook: WebhookTrigger
    var urlKey: [UInt8]
    var secrets: [[UInt8]]
    /// Of triggers of integrations.
    var service: ServiceHook?
  }

  enum Finding: Sendable {
    case ready(Ready)
    /// There is such a trigger and the URL is its own, but it takes nothing now; a sentence says why.
    case refusing(urlKey: [UInt8], String)
    case unknown
  }

  /// How long a trigger may be used unread.
  static let validity = Duration.seconds(10)
  /// Further ones make all others be read again.
  static let maximumKnown = 10_000

  private struct Known {
    var ready: Ready
    var until: ContinuousClock.Instant
  }

  private struct State {
    var known: [TriggerReference: Known] = [:]
    var loading: [TriggerReference: Task<Finding, any Error>] = [:]
  }

  private let store: ReceivedStore
  private let secrets: SecretBox
  private let services: ServiceHookReader
  private let identifiers: UUIDv7Generator
  private let state = Mutex(State())

  init(
    store: ReceivedStore, secrets: SecretBox, services: ServiceHookReader, identifiers: UUIDv7Generator
  ) {
    self.store = store
    self.services = services
    self.secrets = secrets
    self.identifiers = identifiers
  }

  func find(_ key: TriggerReference) async throws -> Finding {
    let now = ContinuousClock.now
    if let known = state.withLock({ $0.known[key] }), known.until > now { return .ready(known.ready) }
    let task = state.withLock { state in
      if let loading = state.loading[key] { return loading }
      let task = Task { try await self.load(key) }
      state.loading[key] = task
      return task
    }
    return try await task.value
  }

  /// What is known of a trigger is not so any more.
  func forget(_ key: TriggerReference) { state.withLock { $0.known[key] = nil } }

  private func load(_ key: TriggerReference) async throws -> Finding {
    do {
      let finding = try await read(key)
      state.withLock { state in
        state.loading[key] = nil
        guard case .ready(let ready) = finding else { return }
        if state.known.count >= HookReceivers.maximumKnown { state.known = [:] }
        state.known[key] = Known(ready: ready, until: .now + HookReceivers.validity)
      }
      return finding
    } catch {
      state.withLock { $0.loading[key] = nil }
      throw error
    }
  }

  private func read(_ key: TriggerReference) async throws -> Finding {
    let identifiers = identifiers
    let found = try await store.readyReceiver(key) { Identifier(identifiers.next()) }
    guard let receiver = found, !receiver.urlKey.isEmpty else { return .unknown }
    let urlKey = try secrets.open(receiver.urlKey, for: .triggerURL(key))
    if let integration = receiver.integrationID {
      switch try await services.read(receiver, integration) {
      case .refusing(let reason): return .refusing(urlKey: urlKey, reason)
      case .found(let service): return ready(receiver, WebhookTrigger(), urlKey, service: service)
      }
    }
    guard let webhook = WebhookTrigger(receiver.config) else {
      return .refusing(urlKey: urlKey, "The trigger was made by another version of the Studio.")
    }
    return ready(
      receiver, webhook, urlKey,
      secrets: try receiver.secrets.map { try secrets.open($0, for: .triggerSecret(key)) })
  }

  private func ready(
    _ receiver: ReceivedStore.Receiver, _ webhook: WebhookTrigger, _ urlKey: [UInt8],
    secrets: [[UInt8]] = [], service: ServiceHook? = nil
  ) -> Finding {
    if let reason = HookReceivers.refusal(receiver, webhook) { return .refusing(urlKey: urlKey, reason) }
    guard let version = receiver.versionID else {
      return .refusing(urlKey: urlKey, "The flow is being changed; send again.")
    }
    return .ready(
      Ready(
        receiver: receiver, version: version, webhook: webhook, urlKey: urlKey, secrets: secrets,
        service: service))
  }

  /// A secret as triggers keep it.
  func sealed(_ secret: String, _ key: TriggerReference) throws -> [UInt8] {
    try secrets.seal(Array(secret.utf8), for: .triggerSecret(key))
  }

  private static func refusal(_ receiver: ReceivedStore.Receiver, _ webhook: WebhookTrigger) -> String? {
    if !receiver.isEnabled { return "The trigger is switched off." }
    if receiver.flowStatus != "active" { return "The flow is not active." }
    if receiver.isNodeMissing { return "The flow has no such trigger node any more." }
    if webhook.answer == .node, receiver.answerNodeID == nil {
      return "The flow has not the node any more whose output is the answer."
    }
    return nil
  }
}
