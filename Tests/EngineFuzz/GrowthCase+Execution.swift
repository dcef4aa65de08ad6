import GraphQLEngine

extension GrowthCase {
  /// Prepares and executes a document, which may be refused.
  private static func execution(
    _ name: String, _ size: Int = 1_000, sdl: String = GrowthSchema.sdl,
    _ make: @escaping @Sendable (Int) -> (query: String, root: InputValue, variables: InputObject)
  ) -> GrowthCase {
    GrowthCase(name: name, size: size) { count in
      let engine = try GrowthSchema.engine(sdl)
      let (query, root, variables) = make(count)
      return {
        guard let operation = try? engine.prepare(query) else { return }
        _ = await engine.execute(operation, ExecutionRequest(variables: variables, root: .dynamic([root])))
      }
    }
  }

  private static func list(_ count: Int, _ item: (Int) -> InputValue) -> InputValue {
    .list((0..<count).map(item))
  }

  static let executions: [GrowthCase] = [
    execution("execute: fields") { count in
      ("{ \(repeated(count) { "f\($0): id" }) }", ["id": "x"], InputObject())
    },
    execution("execute: items") { count in
      (
        "{ list { id name q { id } } }", ["list": list(count) { ["id": .int($0), "q": ["id": 1]] }],
        InputObject()
      )
    },
    execution("execute: errors of items") { count in
      (
        "{ numbers list { id } }", ["numbers": list(count) { _ in "x" }, "list": list(count) { .int($0) }],
        InputObject()
      )
    },
    execution("execute: items of abstract types") { count in
      let items = list(count) { ["__typename": .string($0 % 2 == 0 ? "A" : "B"), "id": .int($0)] }
      return ("{ ns { id ... on A { q { id } } ... on B { n { id } } } }", ["ns": items], InputObject())
    },
    execution(
      "execute: more fields than the plan may have", 400,
      sdl: "type Query { us: [N] } interface N { id: ID } "
        + (0..<30).map { "type T\($0) implements N { id: ID }" }.joined(separator: " ")
    ) { count in
      let items = list(400) { ["__typename": .string("T\($0 % 30)"), "id": .int($0)] }
      return ("{ us { \(repeated(count) { "f\($0): id" }) } }", ["us": items], InputObject())
    },
    execution("execute: conditions") { count in
      (
        "query(\(repeated(count) { "$v\($0): Boolean = true" }))"
          + " { \(repeated(count) { "f\($0): id @skip(if: $v\($0))" }) }",
        ["id": "x"], InputObject()
      )
    },
    execution("variables: unknown fields") { count in
      let object = InputValue.object(InputObject((0..<count).map { .init(name: "f\($0)", value: .int($0)) }))
      return ("query($i: I) { value(i: $i) }", [:], InputObject([.init(name: "i", value: object)]))
    },
    execution("variables: wrong items") { count in
      (
        "query($l: [Int]) { value(l: $l) }", [:],
        InputObject([.init(name: "l", value: list(count) { _ in "x" })])
      )
    },
    execution("variables: that nobody defines") { count in
      let given = (0..<count).map { InputObject.Field(name: "v\($0)", value: .int($0)) }
      return ("query($v1: Int) { value(l: [$v1]) }", ["value": 1], InputObject(given))
    },
    execution("introspection: all types", 100, sdl: GrowthCase.sdl(ofTypes: 300)) { count in
      ("{ \(repeated(count / 10) { "t\($0): __schema { types { name kind } }" }) }", [:], InputObject())
    },
  ]

  // MARK: JSON

  private static func json(_ name: String, _ size: Int, _ text: @escaping @Sendable (Int) -> String)
    -> GrowthCase
  {
    GrowthCase(name: name, size: size) { count in
      let bytes = Array(text(count).utf8)
      return {
        guard let value = try? JSONReader.read(bytes) else { return }
        var writer = JSONWriter()
        writer.write(json: value)
      }
    }
  }

  static let values: [GrowthCase] = [
    json("JSON: keys", 10_000) { "{\(repeated($0, ",") { "\"k\($0)\": \($0)" })}" },
    json("JSON: one key again and again", 10_000) { "{\(repeated($0, ",") { _ in "\"k\": 1" })}" },
    json("JSON: strings with escapes", 10_000) { "[\(repeated($0, ",") { _ in "\"\\u00e9\\n\"" })]" },
    json("JSON: one long string", 100_000) { "\"\(repeated($0, "") { _ in "\\ud83d\\ude00" })\"" },
    json("JSON: a long number", 20_000) { "[1.\(repeated($0, "") { _ in "7" })]" },
    json("JSON: open brackets", 50_000) { repeated($0, "") { _ in "[" } },
    json("JSON: numbers", 10_000) { "[\(repeated($0, ",") { "\($0).5e\($0 % 300)" })]" },
  ]
}
