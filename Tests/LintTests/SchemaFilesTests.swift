import GraphQLEngine
import Testing

@testable import Lint

@Suite struct SchemaFilesTests {
  private func files(_ texts: String...) -> SchemaFiles {
    SchemaFiles(zip("abcdef", texts).map { TextFile(name: String($0), text: $1) })
  }

  private func found(_ report: LintReport) -> [String] {
    report.diagnostics.map { diagnostic in
      diagnostic.places.map(\.text).joined(separator: ", ") + ": " + diagnostic.message
    }
  }

  /// Whatever ends a file, the next one begins on a line of its own.
  @Test(arguments: ["", "\n", "\r", "\r\n", "\n\n", " # comment"])
  func `errors of several files are at their own lines`(_ end: String) {
    let report = files("type Query { a: A }" + end, "\ntype A {\n  b: Nope }", "type Query { c: Int }").lint(
      rules: nil)
    #expect(
      found(report) == [
        "a:1:6, c:1:6: There can be only one type named \"Query\".", "b:3:6: Unknown type \"Nope\".",
      ])
  }

  @Test func `a file that does not parse does not swallow the next`() {
    let report = files("type Query { a: Int } \"\"\"open", "type B {").lint(rules: nil)
    #expect(
      found(report) == [
        "a:1:30: Syntax Error: Unterminated string.", "b:1:9: Syntax Error: Expected Name, found <EOF>.",
      ])
  }

  @Test func `rules can be chosen`() {
    let schema = files("type A { a: Nope } type A { b: Int }")
    #expect(found(schema.lint(rules: [.knownTypeNames])) == ["a:1:13: Unknown type \"Nope\"."])
    #expect(found(schema.lint(rules: [.uniqueOperationTypes])).isEmpty)
    #expect(found(files("type A {").lint(rules: [.knownTypeNames])).count == 1)
  }

  @Test func `findings name their rules`() {
    func rules(_ report: LintReport) -> [String?] { report.diagnostics.map(\.rule) }
    #expect(
      rules(files("type A { a: Nope @b }", "type A { b: Int }").lint(rules: nil)) == [
        "UniqueTypeNamesRule", "KnownTypeNamesRule", "KnownDirectivesRule",
      ])
    #expect(rules(files("type A { a: Nope }").lint(rules: [.knownTypeNames])) == ["KnownTypeNamesRule"])
    #expect(
      rules(files("type Query { a: Int @deprecated(reason: 1) }").lint(rules: nil)) == [
        "ValuesOfCorrectTypeRule"
      ]
    )
    #expect(rules(files("type A { a: Int }").lint(rules: nil)) == [nil])
    #expect(rules(files("type A {").lint(rules: nil)) == [nil])
  }

  @Test func `a schema without a query type has an error at the start of its first file`() {
    let report = files("type A { a: Int }", "type B { a: Int }").lint(rules: nil)
    #expect(found(report) == ["a:1:1: Query root type must be provided."])
  }

  @Test func `changes are told at their places in the files`() throws {
    let old = try files("type Query { a: A, b: Int }", "type A {\n  c: Int }").build(.compatible).get()
    let new = try files("type Query { a: A }\nenum E { V }", "type A {\n  c: Float\n  d(e: Int = 1): Int }")
      .build(.compatible).get()
    let difference = SchemaDifference(from: old, to: new)
    #expect(
      difference.text() == """
        2 breaking changes:
          Query.b  FIELD_REMOVED (a:1:20)
            Query.b was removed.
          A.c  FIELD_CHANGED_KIND (b:2:3)
            A.c changed type from Int to Float.

        3 safe changes:
          E  TYPE_ADDED (a:2:6)
            E was added.
          Float  TYPE_ADDED
            Float was added.
          A.d  FIELD_ADDED (b:3:3)
            Field A.d was added.

        2 breaking, 0 dangerous, 3 safe.

        """)
    #expect(
      difference.json().hasPrefix(
        #"{"breaking":2,"dangerous":0,"safe":3,"changes":[{"severity":"safe","kind":"TYPE_ADDED","coordinate":"E","#
          + #""message":"E was added.","listed":false,"old":null,"new":{"file":"a","line":2,"column":6}},"#))
    #expect(difference.contains(atLeast: .dangerous) && difference.contains(atLeast: .breaking))
    let back = SchemaDifference(from: old, to: old)
    #expect(back.text() == "No changes.\n" && !back.contains(atLeast: .safe))
    #expect(back.json() == "{\"breaking\":0,\"dangerous\":0,\"safe\":0,\"changes\":[]}\n")
  }

  @Test func `changes that the unreleased section of a changelog names are told, but do not count`() throws {
    let old = try files("type Query { a: Int, b: Int }").build(.compatible).get()
    let new = try files("type Query { c: Int }").build(.compatible).get()
    let changelog =
      "# Log\n\n## [2.0] - unreleased\n\n- `Query.a` went.\n\n## [1.0] - 2026\n\n- `Query.b` went.\n"
    let difference = SchemaDifference(from: old, to: new, listed: ListedChanges(changelog: changelog))
    #expect(difference.text().contains("Query.a  FIELD_REMOVED (a:1:14), listed\n"))
    #expect(difference.text().contains("Query.b  FIELD_REMOVED (a:1:22)\n"))
    #expect(difference.contains(atLeast: .breaking))
    let both = ListedChanges(changelog: changelog.replacing("`Query.a`", with: "`Query.a`, `Query.b`"))
    #expect(!SchemaDifference(from: old, to: new, listed: both).contains(atLeast: .breaking))
    #expect(SchemaDifference(from: old, to: new, listed: both).contains(atLeast: .safe))
  }
}
