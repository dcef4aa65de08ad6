import Base64Text
import Crypto

/// A signature as a description tells it: HMAC (RFC 2104) of several hashes, or Ed25519 (RFC 8032), written
/// as hex or base64. Comparisons take the same time wherever a difference lies.
public struct KeyedSignature: Sendable {
  public enum Algorithm: Sendable { case sha1, sha256, sha512, ed25519 }
  public enum Encoding: Sendable { case hex, base64, base64url }

  /// Signatures of one request that are looked at.
  static let maximumOffered = 10

  public var algorithm: Algorithm
  public var encoding: Encoding

  public init(_ algorithm: Algorithm, _ encoding: Encoding) {
    self.algorithm = algorithm
    self.encoding = encoding
  }

  /// Whether one of the offered signatures is right.
  /// - Parameter secrets: any of them may have signed; of Ed25519 public keys, the text of their hex digits.
  public func isRight(_ offered: [String], of message: [UInt8], secrets: [[UInt8]]) -> Bool {
    let candidates = offered.prefix(KeyedSignature.maximumOffered).compactMap(decoded)
    var isRight = false
    for secret in secrets {
      for candidate in candidates where matches(candidate, message, secret) { isRight = true }
    }
    return isRight
  }

  /// What a message is signed with; nil for Ed25519, whose private key is the service's.
  public func code(of message: [UInt8], secret: [UInt8]) -> String? {
    authenticationCode(message, secret).map(encoded)
  }

  private func matches(_ candidate: [UInt8], _ message: [UInt8], _ secret: [UInt8]) -> Bool {
    if let code = authenticationCode(message, secret) { return ConstantTime.equal(code, candidate) }
    guard let raw = HexText.decode(String(decoding: secret, as: UTF8.self)),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
    else { return false }
    return key.isValidSignature(candidate, for: message)
  }

  private func authenticationCode(_ message: [UInt8], _ secret: [UInt8]) -> [UInt8]? {
    let key = SymmetricKey(data: secret)
    return switch algorithm {
    case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
    case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
    case .ed25519: nil
    }
  }

  private func decoded(_ text: String) -> [UInt8]? {
    switch encoding {
    case .hex: HexText.decode(text)
    case .base64: Base64.decode(text)
    // Some write the padding that RFC 4648 § 5 lets them leave out.
    case .base64url: Base64URL.decode(text.prefix { $0 != "=" })
    }
  }

  private func encoded(_ bytes: [UInt8]) -> String {
    switch encoding {
    case .hex: HexText.encode(bytes)
    case .base64: Base64.encode(bytes)
    case .base64url: Base64URL.encode(bytes)
    }
  }
}
