import Connectors
import Flows
import HTTPTypes
import Hummingbird
import Integrations
import NIOCore
import Resolvers
import Secrets
import Storage

/// What a service sends to a trigger of its integration: how it is verified and what it means, by the
/// connector's manifest. A value; read again with its trigger.
struct ServiceHook: Sendable {
  let event: IntegrationTrigger
  let integrationID: Identifier
  let webhook: Connectors.WebhookTrigger
  /// As signatures take them; any of them may have signed. Empty before the service has told its own.
  let secrets: [[UInt8]]

  /// Seconds that a signed time may lie before or behind now, where the manifest does not say.
  private static let standardTolerance: Int64 = 300

  /// Why a request is not believed, with 401; nil for one that is.
  func refusal(of sent: ServiceRequest, _ hook: HookRequest) -> HookRefusal? {
    do {
      try verify(sent, hook, now: SystemClock.unixSeconds())
      return nil
    } catch {
      return error
    }
  }

  /// The same of a request's events, where each shows who has sent it.
  func refusal(ofAny events: [ServiceRequest], _ hook: HookRequest) -> HookRefusal? {
    guard webhook.signature.kind == .token, !webhook.each.isEmpty else { return nil }
    return events.lazy.compactMap { refusal(of: $0, hook) }.first
  }

  /// - Parameter now: seconds since 1970.
  /// - Throws: `HookRefusal` with 401.
  private func verify(_ sent: ServiceRequest, _ hook: HookRequest, now: Int64) throws(HookRefusal) {
    let scheme = webhook.signature
    guard !secrets.isEmpty || scheme.kind == .none else {
      throw HookRefusal(.unauthorized, "The service has not told yet what it signs with.")
    }
    switch scheme.kind {
    case .none: return
    case .token:
      guard let shown = scheme.shownToken(in: sent).map({ Array($0.utf8) }) else {
        throw HookRefusal(.unauthorized, "The token is missing.")
      }
      guard secrets.contains(where: { ConstantTime.equal(shown, $0) }) else {
        throw HookRefusal(.unauthorized, "The token is wrong.")
      }
    case .standard, .github, .stripe, .slack:
      do {
        try known(scheme.kind, hook)?.check(
          hook.body, secrets: secrets, now: now, tolerance: ServiceHook.standardTolerance)
      } catch {
        throw HookRefusal(.unauthorized, error.description)
      }
    case .hmac, .ed25519: try verify(keyed: sent, now: now)
    }
  }

  private func known(_ kind: WebhookSignatureScheme.Kind, _ hook: HookRequest) -> RequestSignature? {
    switch kind {
    case .standard: .standard(hook)
    case .github: .github(hook)
    case .stripe: .stripe(hook)
    case .slack: .slack(hook)
    case .hmac, .ed25519, .token, .none: nil
    }
  }

  private func verify(keyed sent: ServiceRequest, now: Int64) throws(HookRefusal) {
    guard let keyed = webhook.signature.keyed else {
      throw HookRefusal(.unauthorized, "Nothing can be verified.")
    }
    let offered = keyed.offered(in: sent)
    guard !offered.isEmpty, let message = keyed.signedBytes(in: sent) else {
      throw HookRefusal(.unauthorized, RequestSignature.Failure.missing(keyed.header).description)
    }
    if keyed.timestamp != nil {
      guard let time = keyed.signedTime(in: sent) else {
        throw HookRefusal(.unauthorized, "The signed time is missing or cannot be read.")
      }
      guard
        (now * 1000).subtractingReportingOverflow(time).partialValue.magnitude
          <= UInt64(keyed.toleranceSeconds) * 1000
      else { throw HookRefusal(.unauthorized, RequestSignature.Failure.tooOld.description) }
    }
    let algorithm: KeyedSignature.Algorithm =
      webhook.signature.kind == .ed25519 ? .ed25519 : keyed.algorithm.signing
    guard KeyedSignature(algorithm, keyed.encoding.signing).isRight(offered, of: message, secrets: secrets)
    else {
      throw HookRefusal(.unauthorized, RequestSignature.Failure.wrong.description)
    }
  }

  /// The challenge that a request is. One that tells another secret than is known is none.
  func challenge(in sent: ServiceRequest) -> WebhookChallenge? {
    guard let challenge = webhook.challenge(in: sent) else { return nil }
    guard challenge.keptSecret != nil, !secrets.isEmpty else { return challenge }
    let told = challenge.secret(in: sent).map { Array($0.utf8) } ?? []
    return secrets.contains { ConstantTime.equal(told, $0) } ? challenge : nil
  }

  func answer(_ challenge: WebhookChallenge, to sent: ServiceRequest) -> Hummingbird.Response {
    var code: String?
    if let parts = challenge.code, let bytes = challenge.codeBytes(in: sent), let secret = secrets.first {
      code = KeyedSignature(parts.algorithm.signing, parts.encoding.signing).code(of: bytes, secret: secret)
    }
    let answer = challenge.answer(to: sent, code: code)
    var headers: HTTPFields = [.cacheControl: "no-store"]
    if let type = answer.contentType {
      headers[.contentType] = type
      // What came is sent back: no browser may take it for a page.
      if let name = HTTPField.Name("x-content-type-options") { headers[name] = "nosniff" }
    }
    for header in answer.headers {
      if let name = HTTPField.Name(header.name) { headers[name] = header.value }
    }
    return Hummingbird.Response(
      status: .init(code: answer.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
  }

  /// Whether a request's event starts runs.
  func wants(_ name: String?) -> Bool {
    guard let name else { return event.events.isEmpty }
    return !webhook.ignored.contains(name) && (event.events.isEmpty || event.events.contains(name))
  }
}

extension WebhookSignatureScheme.Algorithm {
  var signing: KeyedSignature.Algorithm {
    switch self {
    case .sha1: .sha1
    case .sha256: .sha256
    case .sha512: .sha512
    }
  }
}

extension WebhookSignatureScheme.Encoding {
  var signing: KeyedSignature.Encoding {
    switch self {
    case .hex: .hex
    case .base64: .base64
    case .base64url: .base64url
    }
  }
}

/// Reads what is needed of a trigger's integration.
struct ServiceHookReader: Sendable {
  enum Finding: Sendable {
    case found(ServiceHook)
    /// A sentence says why nothing can be taken.
    case refusing(String)
  }

  let accounts: ServiceAccounts
  let integrations: IntegrationStore
  let secrets: SecretBox

  func read(_ receiver: ReceivedStore.Receiver, _ integrationID: Identifier) async throws -> Finding {
    guard let event = IntegrationTrigger(receiver.config), let manifest = accounts.manifest(event.connector),
      let trigger = manifest.trigger(event.trigger), case .webhook(let webhook) = trigger.kind
    else { return .refusing("The connector does not offer this trigger any more.") }
    var texts = try receiver.secrets.map { try secrets.open($0, for: .triggerSecret(receiver.key)) }
    if texts.isEmpty, let name = webhook.signature.secret {
      let organization = receiver.key.organizationID
      guard let stored = try await integrations.credentials(of: integrationID, in: organization) else {
        return .refusing("The integration is gone.")
      }
      let reference = AccountReference(integrationID, in: organization)
      let opened = try JSONValue(parsing: secrets.open(stored.credentials, for: reference.secretContext))
      if let text = opened[name]?.string, !text.isEmpty { texts = [Array(text.utf8)] }
    }
    let usable = texts.compactMap { ServiceHookReader.bytes(of: $0, webhook.signature.kind) }
    let mayComeLater = webhook.challenge?.keptSecret != nil
    guard !usable.isEmpty || mayComeLater || webhook.signature.kind == .none else {
      return .refusing("What the service signs with is not known: enter it in the integration's credentials.")
    }
    return .found(
      ServiceHook(event: event, integrationID: integrationID, webhook: webhook, secrets: usable))
  }

  /// Standard Webhooks writes secrets in base64; elsewhere the text's bytes are the key.
  private static func bytes(of text: [UInt8], _ kind: WebhookSignatureScheme.Kind) -> [UInt8]? {
    kind == .standard ? WebhookSecret(String(decoding: text, as: UTF8.self))?.bytes : text
  }
}
