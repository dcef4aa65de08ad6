import Testing

@testable import Flows

@Suite struct BodyTextTests {
  @Test(
    arguments: [
      ([0xEF, 0xBB, 0xBF, 0x61], nil, "a"), ([0xFE, 0xFF, 0x00, 0x61], "text/plain; charset=utf-8", "a"),
      ([0xFF, 0xFE, 0x61, 0x00, 0x3D, 0xD8, 0x00, 0xDE], nil, "a😀"),
      ([0x61, 0x00], "application/json;charset=UTF-16", "a"),
      ([0x00, 0x61], "a/b; x=1; charset=\"utf-16be\"", "a"),
      ([0x61, 0x00, 0x62], "a/b; charset=utf-16le", "a\u{FFFD}"),
      ([0xEB, 0x80], "a/b; charset=ISO-8859-1", "ë€"),
      ([0x93, 0x81], "a/b; Charset = windows-1252", "“\u{81}"), ([0xC3, 0xAB], "a/b; charset=utf-8", "ë"),
      ([0xC3, 0xAB], "a/b; charset=klingon", "ë"), ([0xC3, 0xAB], "a/b", "ë"),
      ([], "a/b; charset=utf-16", ""),
    ] as [([UInt8], String?, String)])
  func `a text is read in the encoding that it says it has`(body: [UInt8], type: String?, text: String) {
    #expect(String(decoding: BodyText.utf8(body, contentType: type), as: UTF8.self) == text)
  }

  @Test func `bytes that are no UTF-8 stay as they are`() {
    #expect(BodyText.utf8([0x61, 0xEB], contentType: "text/plain") == [0x61, 0xEB])
  }

  @Test func `the fields of a form have one encoding`() {
    #expect(BodyText.field([0x5A, 0xEB], contentType: "a/b; charset=latin1") == "Zë")
    #expect(BodyText.field([0xFE, 0xFF], contentType: "a/b; charset=utf-16") == "\u{FFFD}\u{FFFD}")
  }
}
