/// The dictionary: what real documents rarely hold and parsers trip over.
struct FuzzWords {
  let names: [Lexeme]
  let values: [[Lexeme]]
  let types: [[Lexeme]]
  let directives: [[Lexeme]]
  let brackets: [(open: [Lexeme], close: [Lexeme])]
  let all: [[Lexeme]]

  init(_ pool: inout LexemePool) {
    func tokens(_ texts: [String]) -> [[Lexeme]] { texts.map { pool.lexemes(of: Array($0.utf8)) } }
    names = tokens(FuzzWords.nameTexts).flatMap { $0 }
    values = tokens(FuzzWords.valueTexts)
    types = tokens(["Int", "[Int]", "[[String!]!]!", "ID!", "Boolean", "Float", "!", "[", "]", "Query"])
    directives = tokens(FuzzWords.directiveTexts)
    brackets = FuzzWords.bracketTexts.map {
      (pool.lexemes(of: Array($0.0.utf8)), pool.lexemes(of: Array($0.1.utf8)))
    }
    all =
      values + directives + tokens(FuzzWords.definitionTexts)
      + tokens([
        "{", "}", "(", ")", "[", "]", "...", "!", "$", "@", "|", "&", ":", "=", "$v", "{ }", "...F",
        "... on Query",
        "... { __typename }", "a: __typename", "__schema { types { name fields { name } } }",
        "__type(name: \"Query\") { kind }", "\"\"\" block \\\"\"\" \"\"\"", "\"open", "'", "?", "\0", ".",
        "-",
      ])
    pool.keep()
  }

  private static let nameTexts = [
    "on", "query", "mutation", "subscription", "fragment", "type", "interface", "union", "enum", "input",
    "scalar", "extend", "schema", "directive", "repeatable", "implements", "true", "false", "null",
    "__typename", "__schema", "__type", "__Type", "Query", "Mutation", "Subscription", "Int", "Float",
    "String", "Boolean", "ID", "if", "reason", "a", "F", "_", "__proto__", "constructor", "FIELD",
    String(repeating: "n", count: 300),
  ]

  private static let valueTexts = [
    "null", "true", "RED", "$v", "0", "-0", "-1", "2147483647", "2147483648", "-2147483649",
    "9223372036854775807", "9223372036854775808", "99999999999999999999999999999999999999", "1e308", "1e309",
    "-1e-400", "0.1", "1.7976931348623157e308", "5e-324", "1e999999999999999999999", "[]", "[[[]]]",
    "[1 2 3]",
    "{}", "{a: 1 a: 2}", "{a: {b: {c: [$v]}}}", "\"\"", "\"\\u0000\"", "\"\\uD83D\\uDE00\"", "\"\\u{1F600}\"",
    "\"\\uD83D\"", "\"\\u{110000}\"", "\"é\u{301}\"", "\"\u{202E}\"", "\"\\\\\\\"\\n\"", "\"\"\"\"\"\"",
    "\"\"\"\n  a\n    b\n \\\"\"\"\n\"\"\"", "\"id\"", "\"2026-11-21T00:00:00Z\"",
  ]

  private static let directiveTexts = [
    "@skip(if: true)", "@skip(if: $v)", "@include(if: false)", "@include(if: $v)", "@include(if: null)",
    "@skip", "@defer", "@defer(if: $v, label: \"l\")", "@stream(initialCount: 1)",
    "@stream(initialCount: -1, label: \"l\")", "@deprecated", "@deprecated(reason: \"\"\"gone\"\"\")",
    "@specifiedBy(url: \"x\")", "@oneOf", "@unknown(a: [1])", "@skip(if: true) @include(if: false)",
  ]

  private static let bracketTexts = [
    ("{ a", "}"), ("{", "}"), ("[", "]"), ("... {", "}"), ("... on Query {", "}"), ("a: [", "]"),
    ("{ a: [", "] }"), ("@d(a: [", "])"), ("(a: {b:", "})"),
  ]

  private static let definitionTexts = [
    "fragment F on Query { __typename ...F }", "fragment F on Query { a: __typename }",
    "query Q($v: Boolean! = true) { a: __typename @skip(if: $v) }", "query ($v: [[Int!]!] = [[1]]) { ...F }",
    "subscription { a b }", "mutation M { a }", "type A implements B & C { a(b: Int = 1): [A!]! }",
    "extend type Query { extra(a: [Int!] = [1]): Int }", "input I @oneOf { a: Int b: I }",
    "input J { j: J = {} }", "enum E { A B @deprecated }", "union U = | A | B",
    "scalar S @specifiedBy(url: \"u\")",
    "interface B implements C { a: Int }", "directive @d(a: Int = 1) repeatable on FIELD | OBJECT",
    "directive @e(a: I @e) on ARGUMENT_DEFINITION", "extend schema @d", "schema { query: Query mutation: A }",
    "\"described\" scalar T", "extend directive @d @deprecated",
  ]

  /// Bytes that are put in as they are.
  static let bytes: [[UInt8]] =
    [
      "{", "}", "\"", "\"\"\"", "\\u{1F600}", "\\uDEAD", "\\u{", "\n", "\r", "#",
      "\u{FEFF}", "é", "😀", "\0",
    ]
    .map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB]]

  /// A number of GraphQL and of JSON, mostly.
  static func number(_ random: inout FuzzRandom) -> [UInt8] {
    switch random.below(4) {
    case 0: return Array(String(Int64(bitPattern: random.next()) >> Int64(random.below(64))).utf8)
    case 1:
      let value = Double(bitPattern: random.next())
      return Array((value.isFinite ? String(value) : "1e400").utf8)
    default:
      let digits = (0..<1 + random.below(40)).map { _ in UInt8(0x30 + random.below(10)) }
      let fraction = random.once(in: 2) ? [0x2E] + digits.prefix(random.below(20) + 1) : []
      let exponent = random.once(in: 3) ? Array("e\(random.below(800) - 400)".utf8) : []
      return (random.once(in: 2) ? [0x2D] : []) + digits + fraction + exponent
    }
  }
}
