import Testing

@testable import GraphQLEngine

@Suite("§ 4 Introspection")
struct IntrospectionTests {
  private let sdl = """
    "All of it" schema { query: Root }
    type Root implements I { a(x: [Int!] = [1], y: Int @deprecated): U! old: E @deprecated(reason: "gone") }
    interface I { "The \\"a\\"" a(x: [Int!] = [1], y: Int): U! }
    union U = Root
    enum E { V W @deprecated }
    input N @oneOf { p: String q: Int @deprecated }
    scalar S @specifiedBy(url: "https://example.org")
    directive @d(n: N, s: S @deprecated) repeatable on FIELD | QUERY
    directive @e @deprecated(reason: "old") on FIELD
    """

  private func answer(_ query: String) async throws -> String {
    try await TestEngine(sdl).run(query, root: .object(InputObject()))
  }

  /// Texts are escaped once, equal ones are kept once, and whoever comes first makes the tables.
  @Test func `texts with escapes and repeated texts are each their own, in executions at the same time`()
    async throws
  {
    let quote = #"a "quote" \ and more"#
    let block = "\"\"\"\n    \(quote)\n      indented\tä😀\n    \"\"\""
    let names = (0..<200).map { "field\($0)" }
    let fields = names.enumerated().map { number, name in
      (number % 3 == 0 ? block : number % 3 == 1 ? "\"field\(number)\"" : "") + " \(name): Int"
    }
    let engine = try TestEngine("type Query { \(fields.joined(separator: "\n")) }")
    let query = #"{ __type(name: "Query") { fields { name description } } }"#
    let expected = names.enumerated().map { number, name -> InputValue in
      let text: InputValue =
        number % 3 == 0
        ? .string("\(quote)\n  indented\tä😀") : number % 3 == 1 ? .string(name) : .null
      return .object(
        InputObject([.init(name: "name", value: .string(name)), .init(name: "description", value: text)]))
    }
    let answers = await withTaskGroup(of: String.self) { group in
      for _ in 0..<8 { group.addTask { await engine.run(query) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for answer in answers {
      #expect(try JSONReader.read(answer)["data"]?["__type"]?["fields"] == .list(expected))
    }
  }

  @Test func `the schema`() async throws {
    let query = """
      { __schema { description queryType { name } mutationType { name } subscriptionType { name }
        directives { name }
        all: directives(includeDeprecated: true) { name isDeprecated deprecationReason } } }
      """
    #expect(
      try await answer(query) == """
        {"data":{"__schema":{"description":"All of it",\
        "queryType":{"name":"Root"},"mutationType":null,\
        "subscriptionType":null,"directives":[{"name":"d"},{"name":"include"},{"name":"skip"},\
        {"name":"deprecated"},{"name":"specifiedBy"},{"name":"oneOf"}],\
        "all":[{"name":"d","isDeprecated":false,"deprecationReason":null},\
        {"name":"e","isDeprecated":true,"deprecationReason":"old"},\
        {"name":"include","isDeprecated":false,"deprecationReason":null},\
        {"name":"skip","isDeprecated":false,"deprecationReason":null},\
        {"name":"deprecated","isDeprecated":false,"deprecationReason":null},\
        {"name":"specifiedBy","isDeprecated":false,"deprecationReason":null},\
        {"name":"oneOf","isDeprecated":false,"deprecationReason":null}]}}}
        """)
  }

  @Test func `an object type, its fields and arguments`() async throws {
    let query = """
      { __type(name: "Root") { kind name description isOneOf interfaces { name } possibleTypes { name }
        enumValues { name } inputFields { name } specifiedByURL ofType { name }
        fields { name isDeprecated type { kind name ofType { name kind } }
          args { name defaultValue type { kind ofType { kind ofType { name } } } } }
        all: fields(includeDeprecated: true) { name deprecationReason
          args(includeDeprecated: true) { name isDeprecated deprecationReason } } } }
      """
    #expect(
      try await answer(query) == """
        {"data":{"__type":{"kind":"OBJECT","name":"Root","description":null,"isOneOf":null,\
        "interfaces":[{"name":"I"}],"possibleTypes":null,"enumValues":null,"inputFields":null,\
        "specifiedByURL":null,"ofType":null,"fields":[{"name":"a","isDeprecated":false,\
        "type":{"kind":"NON_NULL","name":null,"ofType":{"name":"U","kind":"UNION"}},\
        "args":[{"name":"x","defaultValue":"[1]",\
        "type":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"name":"Int"}}}}]}],\
        "all":[{"name":"a","deprecationReason":null,\
        "args":[{"name":"x","isDeprecated":false,"deprecationReason":null},\
        {"name":"y","isDeprecated":true,"deprecationReason":"No longer supported"}]},\
        {"name":"old","deprecationReason":"gone","args":[]}]}}}
        """)
  }

  @Test func `the other kinds`() async throws {
    let query = """
      { i: __type(name: "I") { kind possibleTypes { name } fields { description } }
        u: __type(name: "U") { kind possibleTypes { name } fields { name } interfaces { name } }
        e: __type(name: "E") { kind enumValues { name description }
          all: enumValues(includeDeprecated: true) { name isDeprecated deprecationReason } }
        n: __type(name: "N") { kind isOneOf inputFields { name description defaultValue }
          all: inputFields(includeDeprecated: true) { name } }
        s: __type(name: "S") { kind specifiedByURL }
        missing: __type(name: "Missing") { name } float: __type(name: "Float") { name } }
      """
    #expect(
      try await answer(query) == """
        {"data":{"i":{"kind":"INTERFACE","possibleTypes":[{"name":"Root"}],\
        "fields":[{"description":"The \\"a\\""}]},\
        "u":{"kind":"UNION","possibleTypes":[{"name":"Root"}],"fields":null,"interfaces":null},\
        "e":{"kind":"ENUM","enumValues":[{"name":"V","description":null}],\
        "all":[{"name":"V","isDeprecated":false,"deprecationReason":null},\
        {"name":"W","isDeprecated":true,"deprecationReason":"No longer supported"}]},\
        "n":{"kind":"INPUT_OBJECT","isOneOf":true,\
        "inputFields":[{"name":"p","description":null,"defaultValue":null}],\
        "all":[{"name":"p"},{"name":"q"}]},\
        "s":{"kind":"SCALAR","specifiedByURL":"https://example.org"},"missing":null,"float":null}}
        """)
  }

  @Test func `directives`() async throws {
    let query = "{ __schema { directives { name isRepeatable locations args { name type { name } } } } }"
    let text = try await answer(query)
    let expected = """
      {"name":"d","isRepeatable":true,"locations":["FIELD","QUERY"],\
      "args":[{"name":"n","type":{"name":"N"}}]}
      """
    #expect(text.contains(expected))
  }

  @Test func `introspection describes itself`() async throws {
    let text = try await answer(
      """
      { __schema { types { name } }
        __type(name: "__Directive") { fields { name args { name defaultValue } } } }
      """)
    #expect(text.contains("{\"name\":\"__DirectiveLocation\"}"))
    #expect(
      text.contains(
        "{\"name\":\"args\",\"args\":[{\"name\":\"includeDeprecated\",\"defaultValue\":\"false\"}]}"))
    #expect(!text.contains("__Meta"))
  }
}
