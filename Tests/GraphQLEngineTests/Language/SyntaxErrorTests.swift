import Testing

@testable import GraphQLEngine

/// A text that does not parse, and what is said about it.
struct SyntaxErrorCase: CustomTestStringConvertible, Sendable {
  let text: String
  let message: String
  let line: Int
  let column: Int
  var limits = ParseLimits.schema

  init(_ text: String, _ message: String, _ line: Int, _ column: Int, limits: ParseLimits = .schema) {
    self.text = text
    self.message = message
    self.line = line
    self.column = column
    self.limits = limits
  }

  var testDescription: String { text.prefix(40).debugDescription }

  func check() {
    let expected = GraphQLError(
      "Syntax Error: \(message)", locations: [SourceLocation(line: line, column: column)])
    #expect(throws: expected) { try Document.parse(text, limits: limits) }
  }
}

@Suite("§ 2.1 Lexical errors") struct LexicalErrorTests {
  static let characters = [
    SyntaxErrorCase("~", "Unexpected character: \"~\".", 1, 1),
    SyntaxErrorCase("\n\n  ~\n", "Unexpected character: \"~\".", 3, 3),
    SyntaxErrorCase("\r\n\r~", "Unexpected character: \"~\".", 3, 1),
    SyntaxErrorCase("..", "Unexpected character: \".\".", 1, 1),
    SyntaxErrorCase("{ a .. }", "Unexpected character: \".\".", 1, 5),
    SyntaxErrorCase("\0", "Unexpected character: U+0000.", 1, 1),
    SyntaxErrorCase("\u{8}", "Unexpected character: U+0008.", 1, 1),
    SyntaxErrorCase("\u{AA}", "Unexpected character: U+00AA.", 1, 1),
    SyntaxErrorCase("\u{203B}", "Unexpected character: U+203B.", 1, 1),
    SyntaxErrorCase("\u{1F600}", "Unexpected character: U+1F600.", 1, 1),
    SyntaxErrorCase("# \u{1F600}é\n\u{10FFFF}", "Unexpected character: U+10FFFF.", 2, 1),
    SyntaxErrorCase("{ a(b: \"\u{1F600}\") ? }", "Unexpected character: \"?\".", 1, 14),
    SyntaxErrorCase(
      "'x'", "Unexpected single quote character ('), did you mean to use a double quote (\")?", 1, 1),
  ]

  static let strings = [
    SyntaxErrorCase("\"", "Unterminated string.", 1, 2),
    SyntaxErrorCase("\"\"\"", "Unterminated string.", 1, 4),
    SyntaxErrorCase("\"\"\"\"", "Unterminated string.", 1, 5),
    SyntaxErrorCase("\"open", "Unterminated string.", 1, 6),
    SyntaxErrorCase("\"two\nlines\"", "Unterminated string.", 1, 5),
    SyntaxErrorCase("\"two\rlines\"", "Unterminated string.", 1, 5),
    SyntaxErrorCase("\"\"\"a\nb\\\"\"\"", "Unterminated string.", 2, 6),
    SyntaxErrorCase("\"\\z\"", "Invalid character escape sequence: \"\\z\".", 1, 2),
    SyntaxErrorCase("\"é\\", "Invalid character escape sequence: \"\\\".", 1, 3),
    SyntaxErrorCase("\"\\u1 es\"", "Invalid Unicode escape sequence: \"\\u1 es\".", 1, 2),
    SyntaxErrorCase("\"\\uXXXX\"", "Invalid Unicode escape sequence: \"\\uXXXX\".", 1, 2),
    SyntaxErrorCase("\"\\uXXXF\"", "Invalid Unicode escape sequence: \"\\uXXXF\".", 1, 2),
    SyntaxErrorCase("\"\\u{}\"", "Invalid Unicode escape sequence: \"\\u{}\".", 1, 2),
    SyntaxErrorCase("\"\\u{FX}\"", "Invalid Unicode escape sequence: \"\\u{FX\".", 1, 2),
    SyntaxErrorCase("\"\\u{FFFF\"", "Invalid Unicode escape sequence: \"\\u{FFFF\"\".", 1, 2),
    SyntaxErrorCase("\"\\u{110000}\"", "Invalid Unicode escape sequence: \"\\u{110000}\".", 1, 2),
    SyntaxErrorCase("\"\\u{FFFFFFFF}\"", "Invalid Unicode escape sequence: \"\\u{FFFFFFFF\".", 1, 2),
    SyntaxErrorCase("\"\\u{000000000}\"", "Invalid Unicode escape sequence: \"\\u{000000000\".", 1, 2),
    SyntaxErrorCase("\"\\uDEAD\"", "Invalid Unicode escape sequence: \"\\uDEAD\".", 1, 2),
    SyntaxErrorCase("\"\\u{DEAD}\"", "Invalid Unicode escape sequence: \"\\u{DEAD}\".", 1, 2),
    SyntaxErrorCase("\"\\uD83D\"", "Invalid Unicode escape sequence: \"\\uD83D\".", 1, 2),
    SyntaxErrorCase("\"\\uD83D\\n....\"", "Invalid Unicode escape sequence: \"\\uD83D\".", 1, 2),
    SyntaxErrorCase("\"\\uD83D\\uD83D\"", "Invalid Unicode escape sequence: \"\\uD83D\".", 1, 2),
    SyntaxErrorCase("\"\\u{D83D}\\u{DE00}\"", "Invalid Unicode escape sequence: \"\\u{D83D}\".", 1, 2),
  ]

  static let numbers = [
    SyntaxErrorCase("00", "Invalid number, unexpected digit after 0: \"0\".", 1, 2),
    SyntaxErrorCase("-01", "Invalid number, unexpected digit after 0: \"1\".", 1, 3),
    SyntaxErrorCase("+1", "Unexpected character: \"+\".", 1, 1),
    SyntaxErrorCase("1.", "Invalid number, expected digit but got: <EOF>.", 1, 3),
    SyntaxErrorCase("1e", "Invalid number, expected digit but got: <EOF>.", 1, 3),
    SyntaxErrorCase("1.e1", "Invalid number, expected digit but got: \"e\".", 1, 3),
    SyntaxErrorCase(".123", "Unexpected character: \".\".", 1, 1),
    SyntaxErrorCase("-A", "Invalid number, expected digit but got: \"A\".", 1, 2),
    SyntaxErrorCase("1.0e\"", "Invalid number, expected digit but got: '\"'.", 1, 5),
    SyntaxErrorCase("1.0e\n", "Invalid number, expected digit but got: U+000A.", 1, 5),
    SyntaxErrorCase("1.2e3e", "Invalid number, expected digit but got: \"e\".", 1, 6),
    SyntaxErrorCase("1.2e3.4", "Invalid number, expected digit but got: \".\".", 1, 6),
    SyntaxErrorCase("0xF1", "Invalid number, expected digit but got: \"x\".", 1, 2),
    SyntaxErrorCase("1_234", "Invalid number, expected digit but got: \"_\".", 1, 2),
    SyntaxErrorCase("{ a(b: 1\u{DF}) }", "Unexpected character: U+00DF.", 1, 9),
    SyntaxErrorCase("{ a-b }", "Invalid number, expected digit but got: \"b\".", 1, 5),
  ]

  @Test(arguments: characters)
  func `a character that begins no token is named`(_ example: SyntaxErrorCase) { example.check() }

  @Test(arguments: strings)
  func `a string that does not end or escapes wrongly is refused`(_ example: SyntaxErrorCase) {
    example.check()
  }

  @Test(arguments: numbers)
  func `a number that is malformed or glued to a name is refused`(_ example: SyntaxErrorCase) {
    example.check()
  }

  static let invalidBytes: [([UInt8], String, Int)] = [
    ([0xFF], "Invalid character: 0xFF.", 1),
    ([0x23, 0xC3], "Invalid character: 0xC3.", 2),
    ([0x23, 0xC0, 0x80], "Invalid character: 0xC0.", 2),
    ([0x22, 0xE2, 0x82, 0x22], "Invalid character within String: 0xE2.", 2),
    ([0x22, 0x22, 0x22, 0x61, 0xF4, 0x90, 0x80, 0x80], "Invalid character within String: 0xF4.", 5),
    ([0x22, 0xED, 0xBA, 0xAD, 0x22], "Invalid character within String: U+DEAD.", 2),
    ([0x23, 0xED, 0xBA, 0xAD], "Invalid character: U+DEAD.", 2),
  ]

  @Test(arguments: invalidBytes)
  func `bytes that are not UTF-8 are an error where they stand`(
    _ bytes: [UInt8], _ message: String, _ column: Int
  ) {
    let expected = GraphQLError(
      "Syntax Error: \(message)", locations: [SourceLocation(line: 1, column: column)])
    #expect(throws: expected) { try Document.parse(bytes) }
  }
}

@Suite("Appendix C: syntax errors") struct GrammarErrorTests {
  static let executable = [
    SyntaxErrorCase("", "Unexpected <EOF>.", 1, 1),
    SyntaxErrorCase(" # nothing\n", "Unexpected <EOF>.", 2, 1),
    SyntaxErrorCase("{", "Expected Name, found <EOF>.", 1, 2),
    SyntaxErrorCase("{ a", "Expected Name, found <EOF>.", 1, 4),
    SyntaxErrorCase("{ a: }", "Expected Name, found \"}\".", 1, 6),
    SyntaxErrorCase("{ ...on }", "Expected Name, found \"}\".", 1, 9),
    SyntaxErrorCase("{ ...A ...on B on }", "Expected \"{\", found Name \"on\".", 1, 16),
    SyntaxErrorCase(
      "\n{ ...MissingOn }\nfragment MissingOn Type", "Expected \"on\", found Name \"Type\".", 3, 20),
    SyntaxErrorCase("{ field: {} }", "Expected Name, found \"{\".", 1, 10),
    SyntaxErrorCase("notAnOperation Foo { field }", "Unexpected Name \"notAnOperation\".", 1, 1),
    SyntaxErrorCase("...", "Unexpected \"...\".", 1, 1),
    SyntaxErrorCase("5", "Unexpected Int \"5\".", 1, 1),
    SyntaxErrorCase("{ a(b: ) }", "Unexpected \")\".", 1, 8),
    SyntaxErrorCase("{ a() }", "Expected Name, found \")\".", 1, 5),
    SyntaxErrorCase("{ a(b 1) }", "Expected \":\", found Int \"1\".", 1, 7),
    SyntaxErrorCase("{ a @ }", "Expected Name, found \"}\".", 1, 7),
    SyntaxErrorCase("{ a(b: [1 }) }", "Unexpected \"}\".", 1, 11),
    SyntaxErrorCase("{ a(b: {1: 2}) }", "Expected Name, found Int \"1\".", 1, 9),
    SyntaxErrorCase("query", "Expected \"{\", found <EOF>.", 1, 6),
    SyntaxErrorCase("query () { a }", "Expected \"$\", found \")\".", 1, 8),
    SyntaxErrorCase("query ($a Int) { a }", "Expected \":\", found Name \"Int\".", 1, 11),
    SyntaxErrorCase("query ($a: [Int) { a }", "Expected \"]\", found \")\".", 1, 16),
    SyntaxErrorCase(
      "query Foo($x: Complex = { a: { b: [ $var ] } }) { field }",
      "Unexpected variable \"$var\" in constant value.", 1, 37),
    SyntaxErrorCase("query ($a: Int = $) { a }", "Unexpected \"$\".", 1, 18),
    SyntaxErrorCase("fragment on on on { on }", "Unexpected Name \"on\".", 1, 10),
    SyntaxErrorCase("fragment a($v: Int) on T { b }", "Expected \"on\", found \"(\".", 1, 11),
    SyntaxErrorCase("{ a } \"text\"", "Unexpected <EOF>.", 1, 13),
    SyntaxErrorCase("{ a } \"\"\"b \"\"\" 1.5", "Unexpected Float \"1.5\".", 1, 16),
    SyntaxErrorCase("{ \"a\\u0041\\n\" }", "Expected Name, found String \"aA\n\".", 1, 3),
    SyntaxErrorCase("{ \"\"\"\n  a\n\"\"\" }", "Expected Name, found BlockString \"a\".", 1, 3),
    SyntaxErrorCase("{ a } }", "Unexpected \"}\".", 1, 7),
    SyntaxErrorCase(
      "\"no\" { a }", "Unexpected description, descriptions are not supported on shorthand queries.", 1, 1),
    SyntaxErrorCase("\"no\" \"no\" query { a }", "Unexpected String \"no\".", 1, 6),
    SyntaxErrorCase(
      "{ }", "Expected Name, found \"}\".", 1, 3, limits: ParseLimits(allowsEmptySelectionSets: false)),
  ]

  static let typeSystem = [
    SyntaxErrorCase("type Query { }", "Expected Name, found \"}\".", 1, 14),
    SyntaxErrorCase("type", "Expected Name, found <EOF>.", 1, 5),
    SyntaxErrorCase("type A implements", "Expected Name, found <EOF>.", 1, 18),
    SyntaxErrorCase("type A implements & & B", "Expected Name, found \"&\".", 1, 21),
    SyntaxErrorCase("type A { b }", "Expected \":\", found \"}\".", 1, 12),
    SyntaxErrorCase("type A { b(): Int }", "Expected Name, found \")\".", 1, 12),
    SyntaxErrorCase("union A = |", "Expected Name, found <EOF>.", 1, 12),
    SyntaxErrorCase("union A = | | B", "Expected Name, found \"|\".", 1, 13),
    SyntaxErrorCase("union A = || B", "Expected Name, found \"|\".", 1, 12),
    SyntaxErrorCase(
      "enum A { true }", "Name \"true\" is reserved and cannot be used for an enum value.", 1, 10),
    SyntaxErrorCase(
      "enum A { B, null }", "Name \"null\" is reserved and cannot be used for an enum value.", 1, 13),
    SyntaxErrorCase("input A { b(c: Int): Int }", "Expected \":\", found \"(\".", 1, 12),
    SyntaxErrorCase("input A { b: Int = $c }", "Unexpected variable \"$c\" in constant value.", 1, 20),
    SyntaxErrorCase("scalar A @b(c: $d)", "Unexpected variable \"$d\" in constant value.", 1, 16),
    SyntaxErrorCase("directive @a on", "Expected Name, found <EOF>.", 1, 16),
    SyntaxErrorCase("directive @a on FIELD | INCORRECT", "Unexpected Name \"INCORRECT\".", 1, 25),
    SyntaxErrorCase("directive @a on FIELD | toString ~", "Unexpected character: \"~\".", 1, 34),
    SyntaxErrorCase("directive a on FIELD", "Expected \"@\", found Name \"a\".", 1, 11),
    SyntaxErrorCase("directive @a repeat on FIELD", "Expected \"on\", found Name \"repeat\".", 1, 14),
    SyntaxErrorCase("directive @a repeatable @b on FIELD", "Expected \"on\", found \"@\".", 1, 25),
    SyntaxErrorCase("schema", "Expected \"{\", found <EOF>.", 1, 7),
    SyntaxErrorCase("schema { }", "Expected Name, found \"}\".", 1, 10),
    SyntaxErrorCase("schema { question: Q }", "Unexpected Name \"question\".", 1, 10),
    SyntaxErrorCase("extend", "Unexpected <EOF>.", 1, 7),
    SyntaxErrorCase("extend query { a }", "Unexpected Name \"query\".", 1, 8),
    SyntaxErrorCase("extend type A", "Unexpected <EOF>.", 1, 14),
    SyntaxErrorCase("extend interface A type B", "Unexpected Name \"type\".", 1, 20),
    SyntaxErrorCase("extend scalar A", "Unexpected <EOF>.", 1, 16),
    SyntaxErrorCase("extend enum A", "Unexpected <EOF>.", 1, 14),
    SyntaxErrorCase("extend union A", "Unexpected <EOF>.", 1, 15),
    SyntaxErrorCase("extend input A", "Unexpected <EOF>.", 1, 15),
    SyntaxErrorCase("extend schema", "Unexpected <EOF>.", 1, 14),
    SyntaxErrorCase("extend directive @a", "Unexpected <EOF>.", 1, 20),
    SyntaxErrorCase(
      "\"no\" extend type A @b", "Unexpected description, only GraphQL definitions support descriptions.", 1,
      1),
  ]

  @Test(arguments: executable)
  func `a malformed executable document is refused where it goes wrong`(_ example: SyntaxErrorCase) {
    example.check()
  }

  @Test(arguments: typeSystem)
  func `a malformed type system document is refused where it goes wrong`(_ example: SyntaxErrorCase) {
    example.check()
  }
}
