import Testing

@testable import Check

@Suite struct JSONParserTests {
  private func roundTrip(_ text: String) throws -> String {
    var output: [UInt8] = []
    try JSONParser.parse(Array(text.utf8)).write(to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test(arguments: [
    ("null", "null"), (" true ", "true"), ("false", "false"), ("-0", "-0"), ("1.50e+3", "1.50e+3"),
    ("123456789012345678901234567890", "123456789012345678901234567890"), ("\"\"", "\"\""),
    ("[ ]", "[]"), ("{ }", "{}"), ("[1, [2], {\"a\": null}]", "[1,[2],{\"a\":null}]"),
    ("\"\\u0041\\n\\\"\\\\\\/\\u001f\"", "\"A\\n\\\"\\\\/\\u001f\""), ("\"\\uD83D\\uDE00é\"", "\"😀é\""),
    ("\"\\uD83D.\\uDEAD\"", "\"\\ud83d.\\udead\""), ("\"\\uD83D\\uD83D\\uDE00\"", "\"\\ud83d😀\""),
    ("\"퟿\"", "\"퟿\""), ("{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}"),
  ])
  func `a value is written as it was read`(_ text: String, _ expected: String) throws {
    #expect(try roundTrip(text) == expected)
  }

  @Test(arguments: [
    "", "nul", "tru", "01", "1.", "-", "1e", "+1", "[", "[1", "[1,]", "{", "{a:1}", "{\"a\"}", "{\"a\":}",
    "{\"a\":1,}",
    "\"", "\"\\", "\"\\x\"", "\"\\u12G4\"", "\"\\u+123\"", "\"\\u12", "\"\n\"", "1 2", "'a'", "NaN",
  ])
  func `what is not JSON is refused`(_ text: String) {
    #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test func `nesting is bounded`() throws {
    let nested = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    #expect(try roundTrip(nested(420)) == nested(420))
    #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(nested(421).utf8)) }
    #expect(throws: JSONParser.Failure.self) {
      try JSONParser.parse(Array(String(repeating: "[", count: 100_000).utf8))
    }
  }

  @Test func `the last of two members with one name counts`() throws {
    #expect(try JSONParser.parse(Array("{\"a\":\"1\",\"a\":\"2\"}".utf8))["a"]?.text == "2")
  }
}
