import GraphQLEngine
import Testing

@testable import Lint

@Suite struct LintReportTests {
  private func place(_ text: String, _ line: Int, _ column: Int) -> Diagnostic.Place {
    Diagnostic.Place(
      file: TextFile(name: "q.graphql", text: text), location: SourceLocation(line: line, column: column))
  }

  private func excerpt(_ text: String, _ column: Int) -> [String] {
    let excerpt = SourceExcerpt(place(text, 1, column))
    return [excerpt.text, excerpt.indentation + "^"]
  }

  @Test func `the caret stands below the column`() {
    #expect(excerpt("{ nam }", 3) == ["{ nam }", "  ^"])
    #expect(excerpt("", 1) == ["", "^"])
    #expect(excerpt("{", 2) == ["{", " ^"])
    #expect(excerpt("{", 99) == ["{", " ^"])
  }

  @Test func `tabs stay tabs`() {
    #expect(excerpt("\t{\tnam }", 4) == ["\t{\tnam }", "\t \t^"])
  }

  /// Columns count UTF-16 units, carets stand in cells.
  @Test(arguments: [
    ("\"ä\" x", 5, 4), ("\"e\u{301}\" x", 6, 4), ("\"漢字\" x", 6, 7), ("\"😀\" x", 6, 5), ("\"한\" x", 5, 5),
    ("\"ｆ\" x", 5, 5), ("\"\u{200D}\" x", 5, 3), ("\"𝒳\" x", 6, 4),
  ])
  func `wide characters take two cells and marks none`(_ text: String, _ column: Int, _ cells: Int) {
    let excerpt = SourceExcerpt(place(text, 1, column))
    #expect(excerpt.indentation == String(repeating: " ", count: cells))
  }

  @Test func `what controls a terminal is replaced`() {
    #expect(excerpt("\u{1B}[2J\u{202E}x\u{7F}", 6)[0] == "\u{FFFD}[2J\u{FFFD}x\u{FFFD}")
    #expect(TerminalText.oneLine("a\nb\u{1B}c\td") == "a b\u{FFFD}c d")
    #expect(String(decoding: SourceExcerpt(place("ok", 1, 1)).text.utf8, as: UTF8.self) == "ok")
  }

  @Test func `a long line is cut around the caret`() {
    let text = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
    let lines = excerpt(text, 501)
    #expect(lines[0].count == 1 + 80 + 100 + 1)
    #expect(lines[0].hasPrefix("…a") && lines[0].hasSuffix("b…"))
    #expect(lines[1].count == 1 + 80 + 1)
    #expect(Array(lines[0])[lines[1].count - 1] == "X")
  }

  @Test(arguments: ["a\nb\nc", "a\r\nb\r\nc", "a\rb\rc"])
  func `lines end as they may in GraphQL`(_ text: String) {
    #expect((1...3).map { SourceExcerpt(place(text, $0, 1)).text } == ["a", "b", "c"])
    #expect(SourceExcerpt(place(text, 4, 1)).text == "")
  }

  @Test func `a report reads like a compiler's`() {
    var report = LintReport(fileCount: 3)
    let text = "{\n  nam\n  nam(a: 1)\n}"
    report.add(
      Diagnostic(severity: .error, message: "No \"nam\".", places: [place(text, 2, 3), place(text, 3, 3)]))
    report.add(
      Diagnostic(severity: .error, message: "No \"nam\".", places: [place(text, 2, 3), place(text, 3, 3)]))
    report.add(
      Diagnostic(
        severity: .warning, rule: "NoDeprecatedCustomRule", message: "Old.", places: [place(text, 3, 7)]))
    #expect(
      report.text() == """
        q.graphql:2:3: error: No "nam".
          2 |   nam
            |   ^
        q.graphql:3:3: note: and here
          3 |   nam(a: 1)
            |   ^
        q.graphql:3:7: warning: Old. [NoDeprecatedCustomRule]
          3 |   nam(a: 1)
            |       ^
        1 error, 1 warning in 1 of 3 files.

        """)
    #expect(
      report.json() == #"{"files":3,"errors":1,"warnings":1,"diagnostics":["#
        + #"{"severity":"error","rule":null,"message":"No \"nam\".","locations":"#
        + #"[{"file":"q.graphql","line":2,"column":3},{"file":"q.graphql","line":3,"column":3}]},"#
        + #"{"severity":"warning","rule":"NoDeprecatedCustomRule","message":"Old.","#
        + #""locations":[{"file":"q.graphql","line":3,"column":7}]}]}"#
        + "\n")
    #expect(LintReport(fileCount: 1).text() == "1 file: no problems.\n")
  }

  @Test func `of many places the first ones are shown`() {
    let places = (1...20).map { place("a\n", 1, $0) }
    let text = Diagnostic(severity: .error, message: "M", places: places).text()
    #expect(text.split(separator: "\n").count == 6 * 3 + 1)
    #expect(text.hasSuffix("note: and at 14 more places\n"))
  }
}
