import Crypto

/// The SHA-256 by which content is known, such as a persisted document.
public enum ContentHash {
  /// The 32 bytes for the UTF-8 of a text.
  public static func sha256Bytes(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

  /// 64 lower-case hexadecimal digits for the UTF-8 of a text.
  public static func sha256(of text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var hexadecimal: [UInt8] = []
    hexadecimal.reserveCapacity(64)
    for byte in SHA256.hash(data: Array(text.utf8)) {
      hexadecimal.append(digits[Int(byte >> 4)])
      hexadecimal.append(digits[Int(byte & 15)])
    }
    return String(decoding: hexadecimal, as: UTF8.self)
  }
}
