import GraphQLEngine
import Testing

@Suite("§ 3.13 Custom directives at fields and operations")
struct AppliedDirectiveTests {
  private static let sdl = """
    directive @upper(when: Boolean = true) on FIELD
    directive @tag(name: String!) repeatable on FIELD
    directive @guard(role: Role! = ADMIN, deep: Options) on FIELD
    directive @trace(label: String) on QUERY | SUBSCRIPTION
    enum Role { ADMIN, GUEST }
    input Options { level: Int = 3 }
    type Query { text: String, user: User, loaded: User }
    type User { name: String, text: String }
    type Subscription { ticked: String }
    """

  /// A text in capitals where `@upper` says so, with the tags behind it.
  private static func shape(_ text: String, _ directives: AppliedDirectives) throws -> String {
    let isUpper = try directives.atField("upper").contains { $0["when"]?.bool == true }
    let tags = try directives.atField("tag").compactMap { $0["name"]?.string }
    let label = try directives.atOperation("trace").first?["label"]?.string
    return ([isUpper ? text.uppercased() : text] + tags + [label].compactMap { $0 }).joined(separator: " ")
  }

  private static func engine() throws -> TestEngine {
    let users = Loader<String> { call in .ready(.objects(.dynamic(call.keys.map { ["name": .string($0)] }))) }
    return try TestEngine(sdl) { wiring, _ in
      wiring.bind("Query", "text", .batch { .ready(.leaves([try shape("text", $0.directives)])) })
      wiring.bind("User", "text", .asyncBatch { .leaves([try shape("async", $0.directives)]) })
      wiring.bind("Query", "loaded", .loader(users) { [try shape("key", $0.directives)] })
      wiring.bind(
        "Subscription", "ticked",
        .stream { call in
          let text = try shape("tick", call.directives)
          return AsyncThrowingStream { continuation in
            continuation.yield(.leaves([text]))
            continuation.finish()
          }
        })
      wiring.directive("guard") { arguments, context in
        (context as? CallLog)?.note("\(arguments.object.fields.map { "\($0.name) \($0.value)" })")
        if arguments["role"]?.string != "GUEST" { throw GraphQLError("Not for you.") }
      }
    }
  }

  private func answer(
    _ query: String, variables: String = "{}", root: String = #"{"user":{"name":"Ann"}}"#,
    context: any RequestContext = EmptyContext()
  ) async throws -> String {
    try await Self.engine().run(
      query, root: try JSONReader.read(root), variables: try object(variables), context: context,
      isValidated: true)
  }

  @Test func `batches, tasks and loaders see the directives at their fields`() async throws {
    #expect(
      try await answer(
        "{ text @upper a: text b: text @upper(when: false) user { text @upper } loaded @upper { name } }")
        == #"{"data":{"text":"TEXT","a":"text","b":"text","user":{"text":"ASYNC"},"loaded":{"name":"KEY"}}}"#)
  }

  @Test func `variables, repeated directives and merged fields are all there`() async throws {
    #expect(
      try await answer(
        "query ($w: Boolean, $t: String!) { text @tag(name: $t) @tag(name: \"b\") @upper(when: $w) text @tag(name: \"c\") }",
        variables: #"{"t":"a","w":false}"#) == #"{"data":{"text":"text a b c"}}"#)
    #expect(
      try await answer("query ($w: Boolean) { text @upper(when: $w) }") == #"{"data":{"text":"TEXT"}}"#)
  }

  @Test func `the directives of the operation are seen, also by a source`() async throws {
    #expect(
      try await answer(#"query @trace(label: "L") { text @upper }"#) == #"{"data":{"text":"TEXT L"}}"#)
    let engine = try Self.engine().engine
    let operation = try engine.prepare(#"subscription @trace(label: "S") { ticked @upper }"#)
    for await event in try await engine.subscribe(operation) {
      #expect(event.text == #"{"data":{"ticked":"TICK S"}}"#)
    }
  }

  @Test func `a wiring checks a directive before any field, once per execution`() async throws {
    let log = CallLog()
    let text = try await answer(
      "{ text @guard user @guard(role: GUEST, deep: {}) { name @guard t: __typename @guard } loaded @guard(role: GUEST) { name } }",
      context: log)
    #expect(
      text.hasPrefix(
        #"{"data":{"text":null,"user":{"name":null,"t":"User"},"loaded":{"name":"key"}},"errors":["#))
    #expect(text.contains(#"{"message":"Not for you.","locations":[{"line":1,"column":3}],"path":["text"]}"#))
    #expect(text.contains(#""path":["user","name"]}"#))
    #expect(
      log.calls.sorted() == [
        #"["role enumValue(\"ADMIN\")"]"#, #"["role enumValue(\"ADMIN\")"]"#,
        #"["role enumValue(\"GUEST\")", "deep object(GraphQLEngine.InputObject(fields: [GraphQLEngine.InputObject.Field(name: \"level\", value: GraphQLEngine.InputValue.int(3))]))"]"#,
        #"["role enumValue(\"GUEST\")"]"#,
      ])
  }

  @Test func `a directive that an unvalidated document gets wrong is the field's error`() async throws {
    let engine = try Self.engine()
    let text = await engine.run("{ text @tag a: text @unknown }", isValidated: false)
    #expect(
      text.hasPrefix(
        #"{"data":{"text":null,"a":"text"},"errors":[{"message":"Argument \"name\" of required type \"String!\" was not provided.""#
      ))
  }

  @Test func `a check of a directive that the schema does not have is refused`() throws {
    #expect(throws: WiringError.self) {
      try TestEngine("type Query { a: Int }") { wiring, _ in wiring.directive("nope") { _, _ in } }
    }
  }
}
