import Security

/// What an answer and the audit log know a request by.
struct RequestIdentifier {
  let text: String

  /// A new one: 32 hexadecimal digits.
  init() {
    let bytes = RandomBytes.generate(16)
    text = String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
      for (place, byte) in bytes.enumerated() {
        buffer[2 * place] = RequestIdentifier.digit(byte >> 4)
        buffer[2 * place + 1] = RequestIdentifier.digit(byte & 15)
      }
      return 2 * bytes.count
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

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
