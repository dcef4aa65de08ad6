import GraphQLEngine
import Testing

@Suite("§ 3.13.1, § 3.13.2 @skip and @include: conditions that are none")
struct ConditionTests {
  private static let sdl = """
    type Query { a: Int, q: Query, must: Query!, list: [Query], thing: Thing, things: [Thing!] }
    interface Thing { a: Int }
    type Book implements Thing { a: Int, b: Int }
    type Film implements Thing { a: Int, f: Int }
    """

  private static let null = #""message":"Argument \"if\" of non-null type \"Boolean!\" must not be null.""#

  private func answer(
    _ query: String, _ root: String = #"{"a":1}"#, variables: String = #"{"x":null}"#,
    isValidated: Bool = true
  ) async throws -> String {
    try await TestEngine(Self.sdl).run(
      query, root: try JSONReader.read(root), variables: try object(variables), isValidated: isValidated)
  }

  @Test func `null at the root leaves no data`() async throws {
    for directive in ["@skip(if: $x)", "@include(if: $x)"] {
      let text = try await answer("query ($x: Boolean = true) { b: a a \(directive) }")
      let column = directive.hasPrefix("@skip") ? 47 : 50
      #expect(
        text == #"{"data":null,"errors":[{"# + Self.null
          + #","locations":[{"line":1,"column":\#(column)}]}]}"#)
    }
    let spread = try await answer(
      "query ($x: Boolean = true) { ...F @include(if: $x) } fragment F on Query { a }")
    #expect(spread.hasPrefix(#"{"data":null,"errors":[{"#))
    let inside = try await answer(
      "query ($x: Boolean = true) { ...F } fragment F on Query { ... { a @skip(if: $x) } }")
    #expect(inside.hasPrefix(#"{"data":null,"errors":[{"#))
  }

  @Test func `null below is the error of each object that is met`() async throws {
    let query = "query ($x: Boolean = true) { a q { a @skip(if: $x) } }"
    #expect(try await answer(query) == #"{"data":{"a":1,"q":null}}"#)
    #expect(
      try await answer(query, #"{"a":1,"q":{"a":2}}"#) == #"{"data":{"a":1,"q":null},"errors":[{"# + Self.null
        + #","locations":[{"line":1,"column":48}],"path":["q"]}]}"#)
    let list = try await answer(
      "query ($x: Boolean = true) { list { q { a @skip(if: $x) } a } }",
      #"{"list":[{"a":1},null,{"a":2,"q":{}}]}"#)
    #expect(list.hasPrefix(#"{"data":{"list":[{"q":null,"a":1},null,{"q":null,"a":2}]},"errors":[{"#))
    #expect(list.hasSuffix(#""path":["list",2,"q"]}]}"#))
    let must = try await answer("query ($x: Boolean = true) { must { a @skip(if: $x) } }", #"{"must":{}}"#)
    #expect(must.hasPrefix(#"{"data":null,"errors":[{"#) && must.hasSuffix(#""path":["must"]}]}"#))
  }

  @Test func `it counts only for objects that the selection is for`() async throws {
    let query =
      "query ($x: Boolean = true) { thing { a ... on Book { b @include(if: $x) } } things { ... on Film { f @skip(if: $x) } a } }"
    let root =
      #"{"thing":{"__typename":"Film","a":1},"things":[{"__typename":"Book","a":2}]}"#
    #expect(try await answer(query, root) == #"{"data":{"thing":{"a":1},"things":[{"a":2}]}}"#)
    let both = try await answer(
      query,
      #"{"thing":{"__typename":"Book","a":1},"things":[{"__typename":"Book","a":2},{"__typename":"Film"}]}"#)
    #expect(both.hasPrefix(#"{"data":{"thing":null,"things":null},"errors":[{"#))
    #expect(both.contains(#""path":["thing"]}"#) && both.hasSuffix(#""path":["things",1]}]}"#))
  }

  @Test func `what is skipped anyway is not looked into`() async throws {
    #expect(
      try await answer("query ($x: Boolean = true) { b: a a @skip(if: true) @include(if: $x) }")
        == #"{"data":{"b":1}}"#)
    #expect(
      try await answer("query ($x: Boolean = true) { a ... @include(if: false) { q @skip(if: $x) { a } } }")
        == #"{"data":{"a":1}}"#)
  }

  @Test func `a value and the default go on to work, before and after a null`() async throws {
    let engine = try TestEngine(Self.sdl)
    let query = "query ($x: Boolean = false) { a @skip(if: $x) q { a @include(if: $x) } }"
    let root = try JSONReader.read(#"{"a":1,"q":{"a":2}}"#)
    for (variables, expected) in [
      ("{}", #"{"data":{"a":1,"q":{}}}"#), (#"{"x":true}"#, #"{"data":{"q":{"a":2}}}"#),
      (#"{"x":null}"#, nil),
      (#"{"x":false}"#, #"{"data":{"a":1,"q":{}}}"#), (#"{"x":null}"#, nil),
    ] {
      let text = await engine.run(query, root: root, variables: try object(variables), isValidated: true)
      if let expected {
        #expect(text == expected)
      } else {
        #expect(text.hasPrefix(#"{"data":null,"errors""#))
      }
    }
  }

  @Test(arguments: [
    (
      "query ($x: Boolean) { a @skip(if: $x) }",
      #"Argument \"if\" of required type \"Boolean!\" was provided the variable \"$x\" which was not provided a runtime value."#
    ),
    (
      "{ a @skip(if: $y) }",
      #"Argument \"if\" of required type \"Boolean!\" was provided the variable \"$y\" which was not provided a runtime value."#
    ),
    ("{ a @include }", #"Argument \"if\" of required type \"Boolean!\" was not provided."#),
    ("{ a @include(if: null) }", #"Argument \"if\" of non-null type \"Boolean!\" must not be null."#),
    ("{ a @include(if: 1) }", #"Argument \"if\" has invalid value 1."#),
  ])
  func `an unvalidated document has the errors that validation would find`(_ query: String, _ message: String)
    async throws
  {
    let text = try await answer(query, variables: "{}", isValidated: false)
    #expect(text.hasPrefix(#"{"data":null,"errors":[{"message":"\#(message)","#))
  }

  @Test func `a subscription with such a condition does not start`() async throws {
    let engine = try TestEngine("type Query { a: Int } type Subscription { tick: Int }") { wiring, _ in
      wiring.bind("Subscription", "tick", .stream { _ in AsyncThrowingStream { $0.finish() } })
    }
    let operation = try engine.engine.prepare(
      "subscription ($x: Boolean = true) { tick @skip(if: $x) }", isValidated: false)
    let request = ExecutionRequest(variables: try object(#"{"x":null}"#))
    do {
      _ = try await engine.engine.subscribe(operation, request)
      Issue.record("it started")
    } catch {
      #expect(error.response.text.hasPrefix(#"{"errors":[{"message":"Argument \"if\" of non-null"#))
    }
  }

  @Test func `an error of merged fields tells all their places`() async throws {
    let fields = (0..<20).map { _ in "a" }.joined(separator: " ")
    let response = try await TestEngine("type Query { a: Int! }").response("{ \(fields) }", root: [:])
    #expect(response.errors.first?.locations.count == 20)
  }
}
