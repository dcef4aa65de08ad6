import Foundation
import Testing

@testable import GraphQLEngine

/// Runs `body` on a thread with the smallest stack that the engine promises to manage with.
func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
  await withCheckedContinuation { continuation in
    let thread = Thread { continuation.resume(returning: body()) }
    thread.stackSize = 512 << 10
    thread.start()
  }
}

@Suite struct ParseLimitTests {
  private static func error(_ text: String, limits: ParseLimits = .init()) -> GraphQLError? {
    do {
      _ = try Document.parse(text, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("{a", ""), ("[", "{a(b:"), ("{c:", "{a(b:"), ("[", "query($a:"), ("[", "type A{b:"), ("...{", "{"),
    ("{", ""), ("(", ""),
    ("[", ""), ("@a(b:[", "type C "), ("[{d:", "scalar A @b(c:"), ("...@a{", "{"), ("a{b{", "{"),
  ])
  func `a hundred thousand open brackets are an error, not a crash`(_ unit: String, _ prefix: String) async {
    let error = await onSmallStack {
      Self.error(prefix + String(repeating: unit, count: 100_000), limits: .schema)
    }
    #expect(error != nil)
  }

  @Test func `nesting is bounded and the error names the bound`() {
    let deep = { String(repeating: "{a", count: $0) + String(repeating: "}", count: $0) }
    #expect(Self.error(deep(200)) == nil)
    #expect(
      Self.error(deep(201))
        == GraphQLError(
          "Syntax Error: Document nests deeper than 200 levels. Parsing aborted.",
          locations: [SourceLocation(line: 1, column: 401)]))
    #expect(Self.error("{a(b:[[1]])}", limits: ParseLimits(nestingDepth: 3)) == nil)
    #expect(Self.error("{a(b:[[[1]]])}", limits: ParseLimits(nestingDepth: 3)) != nil)
    #expect(Self.error("{a{b} c{d{e}} f{g}}", limits: ParseLimits(nestingDepth: 3)) == nil)
    #expect(Self.error("query($a:[[[B]]]){c}", limits: ParseLimits(nestingDepth: 2)) != nil)
  }

  @Test func `everything within the bound parses and prints on a small stack`() async throws {
    let count = 99
    let open = String(repeating: "{a(b:[", count: 1) + String(repeating: "{c:[", count: count)
    let values = open + String(repeating: "]}", count: count) + "])}"
    let selections = String(repeating: "{...on A{b", count: 100) + String(repeating: "}}", count: 100)
    let types =
      "query($a:" + String(repeating: "[", count: 199) + "B" + String(repeating: "!]", count: 199) + "){c}"
    for text in [values, selections, types] {
      let printed = await onSmallStack {
        do {
          let text = try Document.parse(text).print()
          return try Document.parse(text).print() == text
        } catch {
          return false
        }
      }
      #expect(printed)
    }
  }

  @Test func `tokens are counted and bounded, and the error names the bound`() throws {
    #expect(try Document.parse("{ a(b: \"c\") } # d\n", limits: ParseLimits(tokens: 8)).tokenCount == 8)
    #expect(
      Self.error("{ a(b: \"c\") }", limits: ParseLimits(tokens: 7))
        == GraphQLError(
          "Syntax Error: Document contains more that 7 tokens. Parsing aborted.",
          locations: [SourceLocation(line: 1, column: 13)]))
    let many = "{" + String(repeating: "a ", count: 20_000) + "}"
    #expect(Self.error(many) != nil)
    #expect(Self.error(many, limits: .schema) == nil)
  }

  @Test func `a document that outgrows the first estimate of its slab stays whole`() throws {
    let text = "{" + String(repeating: "a{b(c:[1 2 {d:$e}])}", count: 400) + "}"
    let document = try Document.parse(text, limits: .schema).kept()
    let fields = OperationNode(try #require(document.definitions.all.first).node).selectionSet.selections.all
    #expect(fields.count == 400)
    for field in fields {
      let inner = try #require(field.asField.selectionSet?.selections.all.first).asField
      #expect(inner.arguments.all.first?.value.items.map(\.kind) == [.intValue, .intValue, .objectValue])
    }
  }
}
