import Base64Text
import Crypto

/// Checks how services sign the requests that they send: each over the body's bytes as they arrived, with a
/// secret that both sides know. Comparisons take the same time wherever a difference lies.
public enum RequestSignature: Sendable {
  /// standardwebhooks.com, symmetric `v1`.
  case standard(id: String?, timestamp: String?, signatures: String?)
  /// docs.github.com, "Validating webhook deliveries": `X-Hub-Signature-256: sha256=<hex>`.
  case github(signature: String?)
  /// docs.stripe.com, "Verify webhook signatures manually": `Stripe-Signature: t=…,v1=<hex>,…`.
  case stripe(signature: String?)
  /// api.slack.com, "Verifying requests from Slack": `X-Slack-Signature: v0=<hex>` and its time.
  case slack(timestamp: String?, signature: String?)

  /// Why a request is not believed; a sentence for its sender.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    case missing(String)
    case tooOld
    case wrong

    public var description: String {
      switch self {
      case .missing(let header): "The header \(header) is missing or cannot be read."
      case .tooOld: "The signature's time is too far from now."
      case .wrong: "The signature is wrong."
      }
    }
  }

  /// - Parameters:
  ///   - secrets: any of them may have signed: the present one and, for a while, the former one. The bytes of
  ///     the secret's text; for `standard` those that its base64 stands for.
  ///   - now: seconds since 1970.
  ///   - tolerance: seconds that a signed time may lie before or behind now.
  public func check(
    _ body: [UInt8], secrets: [[UInt8]], now: Int64, tolerance: Int64
  ) throws(Failure) {
    switch self {
    case .standard(let id, let timestamp, let signatures):
      guard let id, !id.isEmpty else { throw .missing("webhook-id") }
      let time = try Self.time(timestamp, "webhook-timestamp", now, tolerance)
      guard let signatures else { throw .missing("webhook-signature") }
      let offered = signatures.split(separator: " ").prefix(Self.maximumOffered).compactMap { entry in
        entry.hasPrefix("v1,") ? Base64.decode(entry.dropFirst(3)) : nil
      }
      try Self.compare(offered, Array("\(id).\(time).".utf8) + body, secrets)
    case .github(let signature):
      guard let signature, signature.hasPrefix("sha256=") else { throw .missing("X-Hub-Signature-256") }
      try Self.compare([Self.bytes(ofHex: signature.dropFirst(7))].compactMap { $0 }, body, secrets)
    case .stripe(let signature):
      let parts = (signature ?? "").split(separator: ",").prefix(Self.maximumOffered).map {
        $0.split(separator: "=", maxSplits: 1)
      }.filter { $0.count == 2 }
      let timestamp = parts.first { $0[0] == "t" }.map { String($0[1]) }
      let time = try Self.time(timestamp, "Stripe-Signature", now, tolerance)
      let offered = parts.filter { $0[0] == "v1" }.compactMap { Self.bytes(ofHex: $0[1]) }
      try Self.compare(offered, Array("\(time).".utf8) + body, secrets)
    case .slack(let timestamp, let signature):
      let time = try Self.time(timestamp, "X-Slack-Request-Timestamp", now, tolerance)
      guard let signature, signature.hasPrefix("v0=") else { throw .missing("X-Slack-Signature") }
      try Self.compare(
        [Self.bytes(ofHex: signature.dropFirst(3))].compactMap { $0 }, Array("v0:\(time):".utf8) + body,
        secrets)
    }
  }

  /// Signatures of one request that are looked at.
  private static let maximumOffered = 10

  /// The time as it was signed, if it is near enough.
  private static func time(
    _ text: String?, _ header: String, _ now: Int64, _ tolerance: Int64
  ) throws(Failure) -> String {
    guard let text, text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let seconds = Int64(text)
    else { throw .missing(header) }
    guard abs(now - seconds) <= tolerance else { throw .tooOld }
    return text
  }

  private static func compare(_ offered: [[UInt8]], _ signed: [UInt8], _ secrets: [[UInt8]]) throws(Failure) {
    var isRight = false
    for secret in secrets {
      let code = Array(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret)))
      for candidate in offered where ConstantTime.equal(code, candidate) { isRight = true }
    }
    guard isRight else { throw .wrong }
  }

  private static func bytes(ofHex text: some StringProtocol) -> [UInt8]? {
    text.utf8.count == 64 ? HexText.decode(text) : nil
  }
}

/// The unguessable part of an incoming webhook's URL, with the organization and the trigger in front of it:
/// base64url of 16 + 16 + 16 bytes, 64 characters.
public struct HookToken: Sendable {
  /// Bytes of the secret part.
  public static let keyLength = 16
  /// Characters of the text.
  public static let length = 64

  public let organization: UUIDv7
  public let trigger: UUIDv7
  public let key: [UInt8]

  public init(organization: UUIDv7, trigger: UUIDv7, key: [UInt8]) {
    self.organization = organization
    self.trigger = trigger
    self.key = key
  }

  /// Nil for anything that is not such a text.
  public init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == HookToken.length, let bytes = Base64URL.decode(utf8: digits), bytes.count == 48,
      let organization = UUIDv7(bytes: bytes[0..<16]), let trigger = UUIDv7(bytes: bytes[16..<32])
    else { return nil }
    self.init(organization: organization, trigger: trigger, key: Array(bytes[32...]))
  }

  public var text: String { Base64URL.encode(organization.bytes + trigger.bytes + key) }

  /// Whether the stored key is this one's, in constant time.
  public func matches(_ stored: [UInt8]) -> Bool { ConstantTime.equal(key, stored) }
}
