/// The nouns that have ids on the wire; the raw value is the prefix of the TypeID.
public enum IdentifierPrefix: String, Sendable, CaseIterable, Hashable {
  case user
  case organization = "org"
  case integration = "intg"
  case flow
  case flowVersion = "fver"
  case node
  case connection = "conn"
  case trigger = "trig"
  case triggerDelivery = "tdel"
  case execution = "exec"
  case nodeLog = "nlog"
  case session = "sess"
  case workbench = "bench"
  case webhook = "hook"
  case webhookDelivery = "msg"
  case apiKey = "key"
  case membership = "mem"
  case invitation = "inv"
  case auditEvent = "audit"
}

/// Why a text is not the id that was asked for.
public enum TypeIDError: Error, Equatable, Sendable {
  /// A well-formed id of another noun.
  case wrongPrefix(expected: IdentifierPrefix, found: IdentifierPrefix)
  /// Not an id at all: unknown prefix, wrong length, a letter outside the alphabet, or more than 128 bits.
  case malformed
}

/// The text form of ids (typeid 0.3): prefix, underscore, and the 16 bytes as 26 digits of Crockford's base32
/// in lower case, `flow_01h455vb4pex5vsknk084sn02q`.
public enum TypeID {
  /// Digits after the underscore.
  public static let suffixLength = 26

  /// The text of an id.
  public static func text(_ id: Identifier, _ prefix: IdentifierPrefix) -> String {
    var bytes = Array(prefix.rawValue.utf8)
    bytes.reserveCapacity(bytes.count + 1 + suffixLength)
    bytes.append(UInt8(ascii: "_"))
    // 26 digits hold 130 bits; the first holds the upper 3 of the 128.
    for position in 0..<suffixLength {
      bytes.append(alphabet[Int(digit(of: id, at: position))])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The id in `text`, which must be one of `prefix`'s. Only the canonical lower-case form is accepted.
  public static func parse(
    _ text: some StringProtocol, as prefix: IdentifierPrefix
  ) throws(TypeIDError) -> Identifier {
    let (found, id) = try parse(text)
    guard found == prefix else { throw .wrongPrefix(expected: prefix, found: found) }
    return id
  }

  /// The id in `text`, whatever noun it belongs to.
  public static func parse(
    _ text: some StringProtocol
  ) throws(TypeIDError) -> (prefix: IdentifierPrefix, id: Identifier) {
    let text = String(text)
    let bytes = text.utf8
    guard
      let underscore = bytes.index(bytes.endIndex, offsetBy: -1 - suffixLength, limitedBy: bytes.startIndex),
      bytes[underscore] == UInt8(ascii: "_"),
      let prefix = IdentifierPrefix(rawValue: String(text[..<underscore]))
    else { throw .malformed }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for byte in bytes[bytes.index(after: underscore)...] {
      let value = values[Int(byte)]
      // Of the first digit's five bits three are left: 26 digits would hold 130.
      guard value < 32, high >> 59 == 0 else { throw .malformed }
      high = high << 5 | low >> 59
      low = low << 5 | UInt64(value)
    }
    return (prefix, Identifier(high: high, low: low))
  }

  private static func digit(of id: Identifier, at position: Int) -> UInt64 {
    let shift = UInt64((suffixLength - 1 - position) * 5)
    if shift >= 64 { return id.high >> (shift - 64) & 31 }
    let upper = shift > 59 ? id.high << (64 - shift) : 0
    return (id.low >> shift | upper) & 31
  }

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// By byte: the digit's value, 32 for what is none.
  private static let values: [UInt8] = (0...UInt8.max).map { byte in
    UInt8(alphabet.firstIndex(of: byte) ?? 32)
  }
}

extension Identifier {
  /// The id as it stands on the wire.
  public func text(_ prefix: IdentifierPrefix) -> String { TypeID.text(self, prefix) }
}
