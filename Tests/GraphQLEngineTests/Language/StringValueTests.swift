import Testing

@testable import GraphQLEngine

@Suite("§ 2.10.4 String values") struct StringValueTests {
  private func value(of literal: String) throws -> String {
    try Document.parseValue(Source(literal)).kept().rootValue.asString.value
  }

  @Test(arguments: [
    ("\"\"", ""), ("\"simple\"", "simple"), ("\" white space \"", " white space "),
    ("\"quote \\\"\"", "quote \""), ("\"\\n\\r\\b\\t\\f\\\\\\/\"", "\n\r\u{8}\t\u{C}\\/"),
    ("\"outside \u{1F600} and \u{10FFFF}\"", "outside \u{1F600} and \u{10FFFF}"),
    ("\"\\u1234\\u5678\\u90AB\\uCDEF\\uabcd\"", "\u{1234}\u{5678}\u{90AB}\u{CDEF}\u{ABCD}"),
    ("\"\\u{1F600}\\u{0}\\u{10FFFF}\\u{00000041}\"", "\u{1F600}\0\u{10FFFF}A"),
    ("\"\\uD83D\\uDE00\\uD800\\uDC00\\uDBFF\\uDFFF.\"", "\u{1F600}\u{10000}\u{10FFFF}."),
    ("\"tab\tand # hash\"", "tab\tand # hash"),
  ])
  func `escapes are replaced`(_ literal: String, _ expected: String) throws {
    #expect(try value(of: literal).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  static let blocks: [(String, String)] = [
    ("", ""), ("simple", "simple"), (" white space ", " white space "),
    ("contains \" quote", "contains \" quote"),
    ("contains \\\"\"\" quotes", "contains \"\"\" quotes"), ("\\n \\u1234 \\ ", "\\n \\u1234 \\ "),
    ("a\nb", "a\nb"), ("a\rb\r\nc", "a\nb\nc"), ("\n\n  a\n    b\n\n  c\n\n", "a\n  b\n\nc"),
    ("  first\n    second\n      third", "  first\nsecond\n  third"), ("\n \t\n \t ", ""),
    ("\n\ta\n\tb\n", "a\nb"),
    ("\n    a\n  \n    b", "a\n\nb"), ("\n  a  \n  b  ", "a  \nb  "), ("\u{1F600}\n é", "\u{1F600}\né"),
    ("\n        spans\n          multiple\n            lines\n\n        ", "spans\n  multiple\n    lines"),
  ]

  @Test(arguments: blocks)
  func `a block string loses its common indentation and blank ends`(_ raw: String, _ expected: String) throws
  {
    let text = try value(of: "\"\"\"\(raw)\"\"\"")
    #expect(text.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(text.debugDescription)")
  }

  @Test func `a block string is found to its end whatever its length`() throws {
    // The scan goes by words of eight bytes; every offset of the end within a word is met.
    for length in 0..<40 {
      let text = String(repeating: "x", count: length)
      #expect(try value(of: "\"\"\"\(text)\"\"\"") == text)
      #expect(try value(of: "\"\"\"\(text)\"é\\\"\"\"-\"\"\"") == text + "\"é\"\"\"-")
    }
  }

  @Test func `a plain string needs no decoding`() throws {
    #expect(try !Document.parseValue(Source("\"plain\"")).kept().rootValue.asString.needsDecoding)
    #expect(try Document.parseValue(Source("\"\\n\"")).kept().rootValue.asString.needsDecoding)
    #expect(try Document.parseValue(Source("\"\"\"b\"\"\"")).kept().rootValue.asString.isBlock)
  }
}
