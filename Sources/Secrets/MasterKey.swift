import Crypto

/// A 256-bit key of the installation, read from `STUDIO_MASTER_KEY`. It encrypts credentials, webhook secrets
/// and signing keys; it is never stored beside them. Its text never appears in a description or an error.
public struct MasterKey: Sendable, CustomStringConvertible {
  /// Why a text is no key; each message says how to make one.
  public enum Malformation: Error, Equatable, CustomStringConvertible {
    case wrongLength(found: Int)
    case notHexadecimal
    case allZero

    public var description: String {
      let advice = "Make one with: openssl rand -hex 32"
      return switch self {
      case .wrongLength(let found):
        "The master key must be 64 hexadecimal digits (32 bytes), not \(found) characters. \(advice)"
      case .notHexadecimal:
        "The master key must consist of hexadecimal digits only (0-9, a-f). \(advice)"
      case .allZero:
        "The master key must not be all zeros. \(advice)"
      }
    }
  }

  /// The number that blobs carry to say which key sealed them: the first eight bytes of SHA-256 over a label
  /// and the key. It tells nothing usable about the key.
  public let id: UInt64
  let key: SymmetricKey

  /// Reads 64 hexadecimal digits; white space around them (a file's final newline) is allowed.
  public init(hexadecimal text: String) throws(Malformation) {
    let whitespace: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    let trimmed = text.utf8.drop { whitespace.contains($0) }
    let length = trimmed.lastIndex { !whitespace.contains($0) }.map {
      trimmed.distance(from: trimmed.startIndex, to: $0) + 1
    }
    let digits = trimmed.prefix(length ?? 0)
    guard digits.count == 64 else { throw .wrongLength(found: digits.count) }
    var bytes: [UInt8] = []
    var pending: UInt8?
    for digit in digits {
      guard let value = hexadecimalValue(digit) else { throw .notHexadecimal }
      if let first = pending {
        bytes.append(first << 4 | value)
        pending = nil
      } else {
        pending = value
      }
    }
    guard bytes.contains(where: { $0 != 0 }) else { throw .allZero }
    self.init(bytes: bytes)
  }

  /// A fresh random key.
  public static func generate() -> MasterKey { MasterKey(bytes: RandomBytes.generate(32)) }

  private init(bytes: [UInt8]) {
    key = SymmetricKey(data: bytes)
    let digest = SHA256.hash(data: [UInt8]("studio master key id".utf8) + bytes)
    id = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The 64 digits, for writing a new key to its file. Never log this.
  public var hexadecimal: String {
    key.withUnsafeBytes { bytes in
      bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
  }

  public var description: String { "MasterKey(id: \(String(id, radix: 16)))" }
}
