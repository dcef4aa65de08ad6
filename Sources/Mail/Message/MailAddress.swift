/// A mailbox as RFC 5322 § 3.4 has it, of the kinds that are in use: `ada@example.com` or
/// `Ada Lovelace <ada@example.com>`.
public struct MailAddress: Sendable, Hashable {
  /// Longest name for people, in bytes.
  static let maximumNameBytes = 200

  /// The name for people; nil when there is none.
  public let name: String?
  /// `local@domain`, in ASCII.
  public let address: String

  /// Reads one address; the field names it in what is thrown.
  public init(_ text: String, field: String) throws(MailError) {
    let text = text.trimmed
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw .invalid(field: field, reason: "an address with a control character or a line break")
    }
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      address = String(text[text.index(after: open)...].dropLast())
      let name = Self.unquoted(String(text[..<open]).trimmed)
      guard name.utf8.count <= Self.maximumNameBytes else {
        throw .invalid(field: field, reason: "a name of more than \(Self.maximumNameBytes) bytes")
      }
      self.name = name.isEmpty ? nil : name
    } else {
      (name, address) = (nil, text)
    }
    guard Self.isAddress(address) else {
      throw .invalid(field: field, reason: "'\(address.prefix(80))', which is no e-mail address")
    }
  }

  /// What stands behind the `@`.
  public var domain: String { address.split(separator: "@").last.map { String($0) } ?? "" }

  /// A quoted string without its quotation marks (RFC 5322 § 3.2.4).
  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    var result = ""
    var isEscaped = false
    for character in text.dropFirst().dropLast() {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        result.append(character)
        isEscaped = false
      }
    }
    return result
  }

  /// A dot-atom of at most 64 bytes and a host name of at most 255 (RFC 5321 § 4.5.3.1); quoted local parts,
  /// address literals and SMTPUTF8 are not taken.
  private static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (1...255).contains(parts[1].utf8.count)
    else {
      return false
    }
    let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return atoms.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isAtomByte) }
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
      }
  }

  /// RFC 5322 § 3.2.3, atext.
  static func isAtomByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetterOrDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension UInt8 {
  var isASCIILetterOrDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
