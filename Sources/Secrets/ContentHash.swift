import Crypto

/// The SHA-256 by which content is known, such as a persisted document.
public enum ContentHash {
  /// The 32 bytes for the UTF-8 of a text.
  public static func sha256Bytes(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

  /// 64 lower-case hexadecimal digits for the UTF-8 of a text.
  public static func sha256(of text: String) -> String {
    HexText.encode(sha256Bytes(of: text))
  }
}
