import GraphQLEngine
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
  @Test(
    arguments: [
      ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .int(0)), ("-0", .int(0)),
      ("12", .int(12)),
      ("9223372036854775807", .int(.max)), ("9223372036854775808", .float(9223372036854775808)),
      ("1.5", .float(1.5)),
      ("-1e3", .float(-1000)), ("1E+2", .float(100)), ("\"\"", .string("")),
      (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{C}\n\r\tz")),
      (#""\u00e4\uD83D\uDE00""#, .string("ä😀")), ("\"äö\"", .string("äö")), ("[]", .list([])),
      ("[1, [2]]", .list([.int(1), .list([.int(2)])])),
      ("{}", .object(InputObject())), (#"{"a": {"b": [null]}}"#, ["a": ["b": [nil]]]),
    ] as [(String, InputValue)])
  func `a value is read`(_ text: String, _ expected: InputValue) throws {
    #expect(try JSONReader.read(text) == expected)
  }

  @Test(arguments: [
    ("", 0), (" ", 1), ("tru", 3), ("nul!", 3), ("[1", 2), ("[1,]", 3), ("{\"a\"}", 4), ("{\"a\":1,}", 7),
    ("{a:1}", 1),
    ("01", 1), ("1.", 2), (".5", 0), ("1e", 2), ("-", 1), ("\"abc", 4), ("\"\\x\"", 2), ("\"\\u12\"", 5),
    ("1 2", 2),
    (#""\uD800""#, 7), (#""\uDC00""#, 7), (#""\uD800\u0041""#, 13), ("\"a\nb\"", 2), ("1e999", 0),
    ("[1 2]", 3), (#"{"a":1,"a":2}"#, 7),
  ])
  func `broken JSON is refused where it breaks`(_ text: String, _ offset: Int) {
    #expect {
      try JSONReader.read(text)
    } throws: { error in
      (error as? JSONError)?.offset == offset
    }
  }

  @Test func `one byte order mark before the value is ignored`() throws {
    #expect(try JSONReader.read("\u{FEFF} [1]") == [1])
    for (text, offset) in [("\u{FEFF}", 3), ("\u{FEFF}\u{FEFF}1", 3), (" \u{FEFF}1", 1), ("[\u{FEFF}1]", 1)] {
      let error = #expect(throws: JSONError.self) { try JSONReader.read(text) }
      #expect(error?.offset == offset)
    }
    #expect(throws: JSONError.self) { try JSONReader.read([0xEF, 0xBB]) }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xC3, 0x22]) }
  }

  @Test(arguments: [2, 8, 9, 40])
  func `a key that stands twice is found among few and many`(_ count: Int) throws {
    let keys = (0..<count).map { #""key\#($0)":\#($0)"# }
    let read = try JSONReader.read("{\(keys.joined(separator: ","))}")
    #expect(read.object?.fields.map(\.name) == (0..<count).map { "key\($0)" })
    for twice in [0, count - 1] {
      #expect(throws: JSONError.self) {
        try JSONReader.read("{\((keys + [keys[twice]]).joined(separator: ","))}")
      }
    }
  }

  @Test(arguments: [0, 8, 40])
  func `a key and its normal form are two keys`(_ others: Int) throws {
    let keys = (0..<others).map { #""key\#($0)":0"# } + ["\"\u{E9}\":1", "\"e\u{301}\":2"]
    #expect(try JSONReader.read("{\(keys.joined(separator: ","))}").object?.fields.count == others + 2)
  }

  @Test func `text stands between escapes as it came`() throws {
    let text = #""one\ntwö\\\"three\u0041four""#
    #expect(try JSONReader.read(text) == .string("one\ntwö\\\"threeAfour"))
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0x5C, 0x6E, 0xFF, 0x22]) }
  }

  @Test func `nesting is bounded`() throws {
    let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    _ = try JSONReader.read(deep)
    #expect(throws: JSONError.self) { try JSONReader.read("[" + deep + "]") }
    let open = [UInt8](repeating: 0x7B, count: 100_000)
    #expect(throws: JSONError.self) { try JSONReader.read(open) }
  }
}
