/// Base64 (RFC 4648 § 4), as bodies, headers and e-mails have it.
public enum Base64 {
  private static let alphabet = [UInt8](
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of the bytes, padded; four characters for three bytes, rounded up.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var digits = SixBits.write(Array(bytes), with: alphabet)
    digits += repeatElement(UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
    return String(decoding: digits, as: UTF8.self)
  }

  /// The bytes of a text in either alphabet, padded or not, line breaks ignored; nil for what is no base64.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = Array(text.utf8).filter { $0 != UInt8(ascii: "=") && $0 != 0x0A && $0 != 0x0D }
    return SixBits.read(digits)?.bytes
  }
}

/// Base64url without padding (RFC 4648 § 5, as RFC 7515 § 2 uses it). Decoding is strict: padding, foreign
/// characters and non-zero trailing bits are refused, so that every value has exactly one spelling.
public enum Base64URL {
  private static let alphabet = [UInt8](
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The text of the bytes; four characters for three bytes, rounded up.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: SixBits.write(Array(bytes), with: alphabet), as: UTF8.self)
  }

  /// The bytes of `text`, or nil when it is not canonical base64url.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? { decode(utf8: text.utf8) }

  /// The same over UTF-8 bytes.
  public static func decode(utf8: some Collection<UInt8>) -> [UInt8]? {
    let digits = Array(utf8)
    guard !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "/")),
      let (bytes, rest) = SixBits.read(digits), rest == 0
    else { return nil }
    return bytes
  }
}

/// Digits of six bits each, the highest first. Of arrays: other modules call what is generic by witnesses,
/// for each byte; the URL of a webhook took six times as long to read.
private enum SixBits {
  /// The value of each character of both alphabets, 255 for others.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for alphabet in ["+/", "-_"] {
      let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + alphabet
      for (value, character) in digits.utf8.enumerated() { table[Int(character)] = UInt8(value) }
    }
    return table
  }()

  static func write(_ bytes: [UInt8], with alphabet: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count * 4 + 2) / 3)
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
      bits += 8
      while bits >= 6 {
        bits -= 6
        output.append(alphabet[Int(buffer >> bits) & 63])
      }
    }
    if bits > 0 { output.append(alphabet[Int(buffer << (6 - bits)) & 63]) }
    return output
  }

  /// The bytes, and the bits that are left behind the last whole one; nil for other characters, or so many
  /// digits as no bytes have.
  static func read(_ digits: [UInt8]) -> (bytes: [UInt8], rest: UInt32)? {
    let count = digits.count
    guard count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(count * 3 / 4)
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for digit in digits {
      let value = values[Int(digit)]
      guard value != 0xFF else { return nil }
      buffer = (buffer << 6 | UInt32(value)) & 0xFFFF
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      output.append(UInt8(truncatingIfNeeded: buffer >> bits))
    }
    return (output, buffer & ((1 << bits) - 1))
  }
}
