import GraphQLEngine
import Testing

@testable import Lint

@Suite struct OperationLinterTests {
  private static let sdl = """
    type Query { user(id: ID!, old: Int @deprecated): User, users: [User!]! }
    type User { id: ID!, name: String, nick: String @deprecated(reason: "Use `name`."), friend: User }
    """

  /// The findings of files named `a`, `b`, … as "file:line:column, …: message".
  private func lint(_ texts: String..., options: OperationLinter.Options = .init()) throws -> [String] {
    let files = zip("abcdef", texts).map { TextFile(name: String($0), text: $1) }
    let linter = OperationLinter(schema: try Schema.build(Self.sdl), options: options)
    return try linter.lint(files).diagnostics.map { diagnostic in
      let mark = diagnostic.severity == .warning ? "warning " : ""
      return mark + diagnostic.places.map(\.text).joined(separator: ", ") + ": " + diagnostic.message
    }
  }

  @Test func `files without faults give nothing`() throws {
    #expect(try lint("{ users { id } }", "query A { users { name } } query B { users { id } }").isEmpty)
  }

  @Test func `findings name their rules`() throws {
    var options = OperationLinter.Options()
    options.warnsOfDeprecated = true
    let texts = [
      "query A($v: Int) { users { nam nick ...F } }", "fragment F on User { id }",
      "fragment F on User { friend } fragment G on User { id }", "{",
    ]
    func rules(_ texts: some Sequence<String>) throws -> [String?] {
      let files = texts.enumerated().map { TextFile(name: "\($0)", text: $1) }
      return try OperationLinter(schema: try Schema.build(Self.sdl), options: options).lint(files).diagnostics
        .map(\.rule)
    }
    #expect(
      try rules(texts.prefix(3)) == [
        "UniqueFragmentNamesRule", "NoUnusedVariablesRule", "FieldsOnCorrectTypeRule",
        "NoDeprecatedCustomRule", "ScalarLeafsRule", "NoUnusedFragmentsRule",
      ])
    #expect(try rules(texts.suffix(1)) == [nil])
    let wide = "{ users { \(String(repeating: "id ", count: 10_001)) } }"
    #expect(try rules([wide]) == [nil], "a budget is no rule")
  }

  @Test func `a file that does not parse says where`() throws {
    #expect(
      try lint("{ users { id }", "{ users { id } }") == ["a:1:15: Syntax Error: Expected Name, found <EOF>."])
    #expect(try lint("", "type A { a: Int }").count == 2)
  }

  @Test func `the last of too many errors names the file`() throws {
    let text = "{ users { " + String(repeating: "x ", count: 200) + "} }"
    let found = try lint("{ users { id } }", text, text)
    #expect(found.count == 202)
    #expect(
      found.last == "c:1:1: Too many validation errors, error limit reached. Validation aborted.")
  }

  @Test func `a fragment of another file is found, directly or not`() throws {
    let found = try lint(
      "query A { users { ...F } }", "# first\nfragment F on User { id ...G }\nfragment G on User { name }")
    #expect(found.isEmpty, "\(found)")
  }

  @Test func `a fault in a fragment is told once, at its own place`() throws {
    let found = try lint(
      "query A { users { ...F } }", "query B { users { ...F } }", "\n  \"ä\" fragment F on User {\n id nam }")
    #expect(found == ["c:3:5: Cannot query field \"nam\" on type \"User\". Did you mean \"name\"?"])
  }

  @Test func `an operation that lacks a variable of another file's fragment is told`() throws {
    let found = try lint(
      "query A {\n ...F }", "fragment F on Query { user(id: $id) { id } }",
      "query C($id: ID!) { ...F }")
    #expect(found == ["b:1:32, a:1:1: Variable \"$id\" is not defined by operation \"A\"."])
  }

  @Test func `fields of two files' fragments that do not merge are told`() throws {
    let found = try lint(
      "{ users { ...F ...G } }", "fragment F on User { x: id }", "fragment G on User { x: name }")
    #expect(
      found == [
        "b:1:22, c:1:22: Fields \"x\" conflict because \"id\" and \"name\" are different fields. "
          + "Use different aliases on the fields to fetch both if this was intentional."
      ])
  }

  @Test func `a fragment that no operation of any file reaches is unused`() throws {
    let found = try lint("fragment F on User { ...G } fragment G on User { id }", "{ users { ...G } }")
    #expect(found == ["a:1:1: Fragment \"F\" is never used."])
  }

  @Test func `nothing is unused while a file does not parse`() throws {
    let found = try lint("fragment F on User { id }", "{ users {")
    #expect(found == ["b:1:10: Syntax Error: Expected Name, found <EOF>."])
  }

  @Test func `a file's own fragment comes before those of others`() throws {
    #expect(
      try lint(
        "{ users { ...F } } fragment F on User { id }", "fragment F on User { xyz } { users { ...F } }")
        == ["b:1:22: Cannot query field \"xyz\" on type \"User\"."])
  }

  @Test func `a fragment that several other files define is ambiguous`() throws {
    let text = "fragment F on User { id }"
    let found = try lint("{ users { ...F } }", text, text)
    #expect(found == ["b:1:1, c:1:1: There can be only one fragment named \"F\"."])
  }

  @Test func `isolated files do not see each other`() throws {
    var options = OperationLinter.Options()
    options.isolatesFiles = true
    #expect(
      try lint("{ users { ...F } }", "fragment F on User { id }", options: options) == [
        "a:1:14: Unknown fragment \"F\".", "b:1:1: Fragment \"F\" is never used.",
      ])
  }

  @Test func `rules can be chosen and suggestions hidden`() throws {
    var options = OperationLinter.Options()
    options.rules = [.scalarLeafs]
    #expect(
      try lint("{ users nam } fragment F on User { id }", options: options) == [
        "a:1:3: Field \"users\" of type \"[User!]!\" must have a selection of subfields. "
          + "Did you mean \"users { ... }\"?"
      ])
    options.rules = [.noUnusedFragments]
    #expect(try lint("{ x } fragment F on X { id }", options: options).count == 1)
    options = OperationLinter.Options()
    options.hidesSuggestions = true
    #expect(
      try lint("{ users { nam } }", options: options) == [
        "a:1:11: Cannot query field \"nam\" on type \"User\"."
      ])
  }

  @Test func `deprecated usage is a warning and told once`() throws {
    var options = OperationLinter.Options()
    options.warnsOfDeprecated = true
    let found = try lint(
      "{ users { ...F } }", "fragment F on User { nick }", "{ user(id: 1, old: 2) { ...F } }",
      options: options)
    #expect(
      found == [
        "warning b:1:22: The field User.nick is deprecated. Use `name`.",
        "warning c:1:15: Field \"Query.user\" argument \"old\" is deprecated. No longer supported",
      ])
  }

  @Test func `fragments that refer to each other across files are told`() throws {
    let found = try lint(
      "{ users { ...F } }", "fragment F on User { friend { ...G } }",
      "fragment G on User { friend { ...F } }")
    #expect(
      found == [
        "b:1:31, c:1:31: Cannot spread fragment \"F\" within itself via \"G\".",
        "c:1:31, b:1:31: Cannot spread fragment \"G\" within itself via \"F\".",
      ])
  }
}
