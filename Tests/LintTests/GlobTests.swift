import Testing

@testable import Lint

@Suite struct GlobTests {
  private func matches(_ name: String, _ pattern: String) -> Bool {
    switch Glob(pattern).segments.first {
    case .wildcard(let tokens): Glob.matches(name, tokens)
    case .literal(let text): name == text
    default: false
    }
  }

  @Test(arguments: [
    ("*", "a.graphql"), ("*.graphql", "a.graphql"), ("a*c*e", "abcde"), ("?.gql", "ä.gql"), ("[a-c]x", "bx"),
    ("[!a-c]x", "dx"), ("[^a]", "b"), ("[]]x", "]x"), ("[", "["), ("a[b", "a[b"), ("\\*", "*"),
    (".*", ".git"),
    ("*a*b", "aab"), ("[a-]", "-"), ("*", ""),
  ])
  func `a name matches`(_ pattern: String, _ name: String) {
    #expect(matches(name, pattern))
  }

  @Test(arguments: [
    ("*", ".git"), ("?git", ".git"), ("[.]git", ".git"), ("*.graphql", "a.gql"), ("a*c", "abcd"),
    ("\\*", "a"),
    ("[a-c]", "d"), ("[!a-c]", "b"), ("??", "a"), ("*b", "a"),
  ])
  func `a name does not match`(_ pattern: String, _ name: String) {
    #expect(!matches(name, pattern))
  }

  @Test func `many stars cost no more than the product of the lengths`() {
    let pattern = String(repeating: "*a", count: 2_000) + "b"
    #expect(!matches(String(repeating: "a", count: 4_000), pattern))
  }

  @Test(arguments: [
    ("a", ["a"]), ("{a,b}c", ["ac", "bc"]), ("{a,{b,c}}", ["a", "b", "c"]),
    ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
    ("{a}", ["{a}"]), ("{a,b", ["{a,b"]), ("{,x}y", ["y", "xy"]), ("\\{a,b}", ["\\{a,b}"]),
    ("{{a}{b,c}", ["{{a}b", "{{a}c"]),
  ])
  func `braces stand for alternatives`(_ pattern: String, _ expected: [String]) throws {
    #expect(try Glob.expandingBraces(pattern) == expected)
  }

  @Test func `braces that multiply are refused`() {
    let pattern = String(repeating: "{a,b,c,d}", count: 30)
    #expect(throws: LintFailure("\(pattern): more than 1000 alternatives in braces")) {
      try Glob.expandingBraces(pattern)
    }
  }

  @Test func `a path is cut into names, wildcards and folders`() {
    #expect(
      Glob("/a/./**/**/*.gql").segments == [
        .literal("a"), .folders,
        .wildcard([.anyText, .scalar("."), .scalar("g"), .scalar("q"), .scalar("l")]),
      ])
    #expect(Glob("/a").isAbsolute && !Glob("a").isAbsolute)
  }
}
