/// Two hexadecimal digits for each byte.
public enum HexText {
  /// Lower-case digits.
  public static func encode(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
      for (place, byte) in bytes.enumerated() {
        buffer[2 * place] = digit(byte >> 4)
        buffer[2 * place + 1] = digit(byte & 15)
      }
      return 2 * bytes.count
    }
  }

  /// The sixteen lower-case digits of a number.
  public static func encode(_ number: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for place in 0..<16 {
        buffer[place] = digit(UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * place)) & 15)
      }
      return 16
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// Digits of either case, 1,024 at most; nil for anything else.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map(hexadecimalValue)
    guard digits.count.isMultiple(of: 2), digits.count <= 1024 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[place], let low = digits[place + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
