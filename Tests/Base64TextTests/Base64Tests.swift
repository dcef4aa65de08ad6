import Base64Text
import Testing

@Suite("RFC 4648")
struct Base64Tests {
  /// § 10, and bytes whose digits differ between the alphabets.
  private static let vectors: [(bytes: [UInt8], plain: String, url: String)] = [
    ([], "", ""), ([0x66], "Zg==", "Zg"), ([0x66, 0x6F], "Zm8=", "Zm8"),
    ([0x66, 0x6F, 0x6F], "Zm9v", "Zm9v"),
    (Array("foobar".utf8), "Zm9vYmFy", "Zm9vYmFy"), ([0xFB, 0xFF], "+/8=", "-_8"),
  ]

  @Test func `bytes and text agree`() {
    for (bytes, plain, url) in Self.vectors {
      #expect(Base64.encode(bytes) == plain && Base64URL.encode(bytes) == url)
      #expect(Base64.decode(plain) == bytes && Base64URL.decode(url) == bytes)
    }
  }

  @Test func `bytes of every length come back`() {
    for length in 0..<70 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
      #expect(Base64.encode(bytes).utf8.count == (length + 2) / 3 * 4)
    }
  }

  @Test(arguments: ["Z", "Zg==", "Zh", "+/8", "Zm9v Zg", "Zé"])
  func `a second spelling is refused in a URL`(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test func `either alphabet is read, padded or not, over lines`() {
    for text in ["+/8=", "-_8", "+/\r\n8=", "+_8"] {
      #expect(Base64.decode(text) == [0xFB, 0xFF], "\(text)")
    }
    for text in ["Z", "Zm9v Zg", "Zé", "Z*=="] { #expect(Base64.decode(text) == nil, "\(text)") }
  }
}
