import GraphQLEngine
import Testing

@Suite("Engine: options of a host")
struct EngineOptionTests {
  private static let sdl =
    "type Query { user(role: Role): User, list: [User!] } type User { name: String } enum Role { ADMIN }"

  private static func engine(
    rules: ValidationRules = .specified, _ change: (inout EngineLimits) -> Void = { _ in }
  ) throws -> Engine {
    var limits = EngineLimits()
    change(&limits)
    var wiring = Wiring()
    wiring.defaultBinding = .member
    return Engine(try ExecutableSchema(try Schema.build(sdl), wiring), limits: limits, rules: rules)
  }

  private static func answer(_ engine: Engine, _ query: String, _ variables: InputObject = InputObject())
    async -> String
  {
    do {
      let root: InputValue = ["user": ["name": "Ann"], "list": [["name": "Bob"], ["name": "Cid"]]]
      return await engine.execute(
        try engine.prepare(query), ExecutionRequest(variables: variables, root: .dynamic([root]))
      ).text
    } catch {
      return error.response.text
    }
  }

  @Test func `empty selection sets give empty objects`() async throws {
    let engine = try Self.engine()
    #expect(await Self.answer(engine, "{ }") == #"{"data":{}}"#)
    #expect(await Self.answer(engine, "{ user { } list { } }") == #"{"data":{"user":{},"list":[{},{}]}}"#)
    #expect(
      await Self.answer(engine, "{ user { ... { } ...F } } fragment F on User { }")
        == #"{"data":{"user":{}}}"#)
  }

  @Test func `an engine can refuse empty selection sets`() async throws {
    let engine = try Self.engine { $0.allowsEmptySelectionSets = false }
    #expect(
      await Self.answer(engine, "{ user { } }")
        == #"{"errors":[{"message":"Syntax Error: Expected Name, found \"}\".","locations":[{"line":1,"column":10}]}]}"#
    )
    #expect(await Self.answer(engine, "{ }").contains("Syntax Error"))
    #expect(await Self.answer(engine, "{ user { name } }") == #"{"data":{"user":{"name":"Ann"}}}"#)
  }

  @Test func `suggestions can be hidden, of documents and of variables`() async throws {
    let open = try Self.engine()
    let hiding = try Self.engine { $0.hidesSuggestions = true }
    #expect(await Self.answer(open, "{ usr { name } }").contains("Did you mean"))
    #expect(
      await Self.answer(hiding, "{ usr { name } }").contains(
        #""Cannot query field \"usr\" on type \"Query\".""#))
    let query = "query ($r: Role) { user(role: $r) { name } }"
    let variables = InputObject([.init(name: "r", value: "ADMIM")])
    #expect(await Self.answer(open, query, variables).contains("Did you mean"))
    let hidden = await Self.answer(hiding, query, variables)
    #expect(hidden.contains("ADMIM") && !hidden.contains("Did you mean"))
  }

  @Test func `the budgets and the rules of validation can be set`() async throws {
    let narrow = try Self.engine { $0.validation.directivesPerLocation = 1 }
    #expect(
      await Self.answer(narrow, "{ user @skip(if: false) @include(if: true) { name } }").contains(
        "The document exceeds the limit of 1 directives at one location (directivesPerLocation)."))
    let closed = try Self.engine(rules: ValidationRules([.noSchemaIntrospectionCustom, .scalarLeafs]))
    #expect(await Self.answer(closed, "{ __schema { description } }").contains("introspection"))
    #expect(await Self.answer(closed, "{ user }").contains("must have a selection of subfields"))
    #expect(
      await Self.answer(closed, "{ user { name } } fragment Unused on User { name }")
        == #"{"data":{"user":{"name":"Ann"}}}"#)
  }
}
