import Testing

/// The checkers on small samples: each must find what it is for.
@Suite struct TidyRulesTests {
  @Test func `forbidden words are found in code, not in strings or comments`() {
    let source = SourceText(
      """
      let a = b as! Int // as! in a comment
      let c = "try! and \\(d) TODO"
      /* try! /* nested */ fatalError() */
      func `a try! name`() { fatalError("x") }
      // FIXME later
      let raw = #"as! "quoted" try!"#; try! e()
      """)
    #expect(
      TidyRules.forbiddenWords(source) == [
        "1: as!", "4: fatalError(", "6: try!", "2: TODO", "5: FIXME",
      ])
  }

  @Test func `strings of several lines hide their text, and code goes on behind them`() {
    let quotes = "\"\"\""
    let source = SourceText("let a = \(quotes)\n  try! \"x\" \\(f(\"}\"))\n  \(quotes)\ntry! b()")
    #expect(TidyRules.forbiddenWords(source) == ["4: try!"])
    #expect(source.lines.count == source.codeLines.count)
  }

  @Test func `statements are found in strings, not in prose`() {
    let source = SourceText(
      """
      // SELECT a FROM b
      let a = "SELECT a FROM b"
      let b = "UPDATE t SET x = 1"
      let c = "COMMIT"
      let method = "DELETE"
      let d = "Select a flow from the list, update it"
      """)
    #expect(
      TidyRules.statements(source) == [
        "2: SELECT a FROM", "2: \"SELECT ", "3: UPDATE t SET", "3: \"UPDATE ", "4: \"COMMIT",
      ])
  }

  @Test func `sizes are measured in lines and characters`() {
    let long = String(repeating: "ä", count: 111)
    #expect(TidyRules.longLines(SourceText("\(long.dropLast())\n\(long)")) == ["2: 111 characters"])
    let golden = SourceText("  f(\"\(long)\")\n  f(\"a\") // \(long)\n  \(long)")
    #expect(TidyRules.longLines(golden).map { $0.prefix(2) } == ["2:", "3:"])
    let lines = Array(repeating: "", count: 601)
    #expect(TidyRules.longFile(SourceText(lines.joined(separator: "\n"))) == [])
    #expect(TidyRules.longFile(SourceText((lines + ["", "x"]).joined(separator: "\n"))).count == 1)
  }

  @Test func `functions are measured from their signature to their brace`() {
    let source = SourceText(
      """
      protocol P {
        func requirement(_ a: Int) -> Int
        var other: Int { get }
        func last()
      }
      struct S {
        init?(
          a: Int
        ) {
          self.init(b: "}")
        }
        func one<T>(_ f: (Int) -> Void = { _ in }) -> [T] where T: P { [] }
      }
      """)
    #expect(FunctionScan(source).functions == [.init(line: 7, lines: 5), .init(line: 12, lines: 1)])
    let body = Array(repeating: "  f()", count: 69).joined(separator: "\n")
    #expect(TidyRules.longFunctions(SourceText("func a() {\n\(body)\n}")) == ["1: a function of 71 lines"])
    #expect(TidyRules.longFunctions(SourceText("func a() {\n\(body.dropFirst(6))\n}")) == [])
  }

  @Test func `an unchecked Sendable needs a reason within three lines`() {
    let reason = "/// The lock `state` protects everything."
    let type = "final class A: @unchecked Sendable {}"
    #expect(TidyRules.unexplainedSendable(SourceText("\(reason)\n\n\n\(type)")) == [])
    #expect(TidyRules.unexplainedSendable(SourceText("\(reason)\n\n\n\n\(type)")).count == 1)
    #expect(TidyRules.unexplainedSendable(SourceText("/// A.\n\(type)")).count == 1)
    #expect(TidyRules.unexplainedSendable(SourceText(type)).count == 1)
    #expect(TidyRules.unexplainedSendable(SourceText("\(type)\n  // @unchecked: immutable.")) == [])
  }

  @Test func `imports are read with their attributes, kinds and access levels`() {
    let source = SourceText(
      """
      import A
      @testable import B
      public import struct C.Thing
      @preconcurrency internal import D.Sub
      // import E
      let text = "import F"
      """)
    #expect(TidyRules.imports(source) == ["A", "B", "C", "D"])
  }

  @Test func `relative links are found outside of code`() {
    let markdown = """
      [a](docs/a.md#part) and [b](https://example.com) ![c](<c.png>) [d](#here) `[e](e.md)`
      ```
      [f](f.md)
      ```
      [g](mailto:x@example.com) [h](../h)
      """
    #expect(TidyRules.relativeLinks(markdown) == ["docs/a.md", "c.png", "../h"])
  }
}
