import Flows
import Secrets

/// Whether a request is from whom it should be, and which delivery it is.
struct HookCheck: Sendable {
  let ready: HookReceivers.Ready
  let hook: HookRequest
  /// Seconds since 1970.
  let now: Int64

  /// - Throws: `HookRefusal` with 401.
  func signature() throws(HookRefusal) {
    guard let signature = scheme else { return }
    do {
      try signature.check(
        hook.body, secrets: ready.secrets, now: now, tolerance: Int64(ready.webhook.toleranceSeconds))
    } catch {
      throw HookRefusal(.unauthorized, error.description)
    }
  }

  /// Nil when nobody signs.
  private var scheme: RequestSignature? {
    switch ready.webhook.signature {
    case .none: nil
    case .standard: .standard(hook)
    case .github: .github(hook)
    case .stripe: .stripe(hook)
    case .slack: .slack(hook)
    }
  }

  /// What Slack asks before it sends anything to a URL, to be given back.
  func slackChallenge(_ body: JSONValue) -> JSONValue? {
    guard ready.webhook.signature == .slack, body["type"]?.string == "url_verification" else { return nil }
    return body["challenge"]
  }

  /// What two arrivals of the same delivery have in common.
  /// - Throws: `HookRefusal` with 400 for one that cannot be stored.
  func deliveryKey(_ body: JSONValue) throws(HookRefusal) -> String? {
    let found: String?
    if let header = ready.webhook.deliveryHeader {
      found = hook.header(header)
    } else {
      switch ready.webhook.signature {
      case .none: found = nil
      case .standard: found = hook.header("webhook-id")
      case .github: found = hook.header("x-github-delivery")
      case .stripe: found = body["id"]?.string
      case .slack: found = body["event_id"]?.string
      }
    }
    guard let found, !found.isEmpty else { return nil }
    return try HookCheck.storable(found)
  }

  /// An id that is made of an event's parts, as it can be stored: a long one is known by its hash.
  static func shortened(_ found: String) -> String {
    let isShort = found.utf8.count <= 255 && !found.unicodeScalars.contains("\0")
    return isShort ? found : "sha256:" + ContentHash.sha256(of: found)
  }

  /// A delivery's id that can be stored.
  /// - Throws: `HookRefusal` with 400.
  static func storable(_ found: String) throws(HookRefusal) -> String {
    guard found.unicodeScalars.count <= 255, !found.unicodeScalars.contains("\0") else {
      throw HookRefusal(.badRequest, "The delivery's id has more than 255 characters.")
    }
    return found
  }
}

extension RequestSignature {
  static func standard(_ hook: HookRequest) -> RequestSignature {
    .standard(
      id: hook.header("webhook-id"), timestamp: hook.header("webhook-timestamp"),
      signatures: hook.header("webhook-signature"))
  }

  static func github(_ hook: HookRequest) -> RequestSignature {
    .github(signature: hook.header("x-hub-signature-256"))
  }

  static func stripe(_ hook: HookRequest) -> RequestSignature {
    .stripe(signature: hook.header("stripe-signature"))
  }

  static func slack(_ hook: HookRequest) -> RequestSignature {
    .slack(timestamp: hook.header("x-slack-request-timestamp"), signature: hook.header("x-slack-signature"))
  }
}
