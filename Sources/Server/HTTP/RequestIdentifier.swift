import Secrets

/// What an answer and the audit log know a request by.
struct RequestIdentifier {
  let text: String

  /// A new one: 32 hexadecimal digits.
  init() { text = HexText.encode(RandomNumbers.next()) + HexText.encode(RandomNumbers.next()) }

  /// A client's own: 1 to 128 letters, digits and `-_.:`; nil for anything else.
  init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
    guard (1...128).contains(text.utf8.count), isPlain else { return nil }
    self.text = text
  }
}
