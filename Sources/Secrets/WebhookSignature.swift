import Base64Text
import Crypto

/// The key of a webhook's signatures, as standardwebhooks.com writes it: `whsec_` and base64 of 32 bytes.
public struct WebhookSecret: Sendable, Hashable {
  public static let prefix = "whsec_"

  /// The key itself; what is sealed and stored.
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  public static func generate() -> WebhookSecret { WebhookSecret(bytes: RandomBytes.generate(32)) }

  /// The secret in a text that another service has given; nil for anything but `whsec_` and base64 of 24 to
  /// 64 bytes (Standard Webhooks, "Signature scheme").
  public init?(_ text: String) {
    guard text.hasPrefix(WebhookSecret.prefix),
      let bytes = Base64.decode(text.dropFirst(WebhookSecret.prefix.count)), (24...64).contains(bytes.count)
    else { return nil }
    self.bytes = bytes
  }

  /// For its owner, once.
  public var text: String { WebhookSecret.prefix + Base64.encode(bytes) }
}

/// Signs what is sent to webhooks (Standard Webhooks, "Signature scheme": symmetric, `v1`).
public enum WebhookSignature {
  /// The value of `webhook-signature`: one for each secret, so that a receiver may know either while a secret
  /// is replaced.
  /// - Parameters:
  ///   - id: the value of `webhook-id`.
  ///   - timestamp: the value of `webhook-timestamp`, seconds since 1970.
  public static func header(
    id: String, timestamp: Int64, body: [UInt8], secrets: [WebhookSecret]
  ) -> String {
    let signed = Array("\(id).\(timestamp).".utf8) + body
    return secrets.map { secret in
      let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
      return "v1," + Base64.encode(Array(code))
    }.joined(separator: " ")
  }
}

/// Base64 with `+`, `/` and padding (RFC 4648 § 4).
public enum Base64 {
  public static func encode(_ bytes: [UInt8]) -> String {
    let text = Base64URL.encode(bytes).utf8.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    return String(decoding: text, as: UTF8.self) + String(repeating: "=", count: (4 - text.count % 4) % 4)
  }

  /// Nil for anything else; the padding may be left out.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let characters = text.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      // What base64url has there is not base64.
      case UInt8(ascii: "-"), UInt8(ascii: "_"): 0
      default: byte
      }
    }
    let padding = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2, padding == 0 || characters.count % 4 == 0 else { return nil }
    return Base64URL.decode(utf8: characters.dropLast(padding))
  }
}
