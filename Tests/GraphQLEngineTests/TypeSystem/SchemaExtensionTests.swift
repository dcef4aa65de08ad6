import Testing

@testable import GraphQLEngine

/// Schemas that are extended after they were built (graphql-js: `extendSchema`).
@Suite("§ 3.1, § 3.4.3 Schema.extended(by:)")
struct SchemaExtensionTests {
  /// A schema, what extends it, and what it is printed as then.
  struct Case: Sendable, CustomTestStringConvertible {
    let sdl: String
    let addition: String
    let expected: String

    init(_ sdl: String, _ addition: String, _ expected: String) {
      self.sdl = sdl
      self.addition = addition
      self.expected = expected
    }

    var testDescription: String { addition }
  }

  private static let query = "type Query {\n  a: Int\n}"

  private func extended(_ sdl: String, _ addition: String) throws -> Schema {
    try Schema.build(sdl).extended(by: try Document.parse(addition, limits: .schema))
  }

  /// What is wrong with an extension.
  private func errors(_ sdl: String, _ addition: String) throws -> [String] {
    let document = try Document.parse(addition, limits: .schema)
    let schema = try Schema.build(sdl, options: Schema.Options(checks: .definitions))
    do throws(SchemaErrors) {
      _ = try schema.extended(by: document)
      return []
    } catch {
      return error.errors.map(\.message)
    }
  }

  @Test(arguments: [
    Case(query, "{ a }", query),
    Case(
      query,
      "extend type Query {\n \"text\" b(c: E = V, d: [Int!] = 1): T @deprecated } type T { e: E } enum E { V }",
      "type Query {\n  a: Int\n\n  \"\"\"text\"\"\"\n  b(c: E = V, d: [Int!] = [1]): T @deprecated\n}\n\n"
        + "type T {\n  e: E\n}\n\nenum E {\n  V\n}"),
    Case(
      query,
      "type T { a: Query } interface I { a: Int } union U = Query | T input N { a: N } scalar S enum E { V }",
      query + "\n\ntype T {\n  a: Query\n}\n\ninterface I {\n  a: Int\n}\n\nunion U = Query | T\n\n"
        + "input N {\n  a: N\n}\n\nscalar S\n\nenum E {\n  V\n}"),
    Case(
      query, "extend type Query implements I & J { b: Int } interface I { a: Int } interface J { b: Int }",
      "type Query implements I & J {\n  a: Int\n  b: Int\n}\n\ninterface I {\n  a: Int\n}\n\ninterface J {\n  b: Int\n}"
    ),
    Case(
      query,
      "extend type Query { b: Int } extend type Query { c: Int } extend type Query implements I interface I { c: Int }",
      "type Query implements I {\n  a: Int\n  b: Int\n  c: Int\n}\n\ninterface I {\n  c: Int\n}"),
  ])
  func `objects get fields, interfaces and new types`(example: Case) throws {
    #expect(try extended(example.sdl, example.addition).sdl == example.expected)
  }

  @Test(arguments: [
    Case(
      query + " interface I { a: Int } type T implements I { a: Int }",
      "extend interface I implements J { b: Int } interface J { b: Int } extend type T implements J { b: Int }",
      query
        + "\n\ninterface I implements J {\n  a: Int\n  b: Int\n}\n\ntype T implements I & J {\n  a: Int\n  b: Int\n}"
        + "\n\ninterface J {\n  b: Int\n}"),
    Case(
      query + " interface I { a: Int }",
      "extend interface I { b: Int } extend interface I { c: Int @deprecated(reason: \"x\") }",
      query + "\n\ninterface I {\n  a: Int\n  b: Int\n  c: Int @deprecated(reason: \"x\")\n}"),
    Case(
      query + " union U = Query", "extend union U = T | S type T { a: Int } type S { a: Int }",
      query + "\n\nunion U = Query | T | S\n\ntype T {\n  a: Int\n}\n\ntype S {\n  a: Int\n}"),
    Case(
      query + " enum E { V }", "extend enum E { W X @deprecated } extend enum E { \"text\" Y }",
      query + "\n\nenum E {\n  V\n  W\n  X @deprecated\n\n  \"\"\"text\"\"\"\n  Y\n}"),
    Case(
      query + " input N { a: Int }", "extend input N { b: N = null c: Int @deprecated }",
      query + "\n\ninput N {\n  a: Int\n  b: N = null\n  c: Int @deprecated\n}"),
    Case(
      query + " scalar S directive @d on SCALAR", "extend scalar S @d @specifiedBy(url: \"u\")",
      "directive @d on SCALAR\n\n" + query + "\n\nscalar S @specifiedBy(url: \"u\")"),
    Case(
      query, "\"text\" directive @d(b: [T!] = V) repeatable on FIELD enum T { V }",
      "\"\"\"text\"\"\"\ndirective @d(b: [T!] = [V]) repeatable on FIELD\n\n" + query + "\n\nenum T {\n  V\n}"
    ),
  ])
  func `every other kind is extended`(example: Case) throws {
    #expect(try extended(example.sdl, example.addition).sdl == example.expected)
  }

  @Test func `built-in scalars belong to the schema from the first reference on`() throws {
    let schema = try Schema.build("type Query { a: Boolean }")
    func known(_ schema: Schema) -> [String] {
      ["Int", "Float", "String", "Boolean", "ID"].filter { schema.type(named: $0) != nil }
    }
    #expect(known(schema) == ["String", "Boolean"])
    let once = try schema.extended(by: .parse("extend type Query { b: Float }"))
    #expect(known(once) == ["Float", "String", "Boolean"])
    let twice = try once.extended(by: .parse("extend type Query { c(d: ID): Int }"))
    #expect(known(twice) == ["Int", "Float", "String", "Boolean", "ID"])
    #expect(known(schema) == ["String", "Boolean"], "the schema before is as it was")
  }

  @Test func `directives of extensions stand behind those of the definition`() throws {
    let schema = try extended(
      "directive @d(n: Int) repeatable on SCALAR | SCHEMA | OBJECT type Query @d(n: 1) { a: S } scalar S @d(n: 2)",
      "extend scalar S @d(n: 3) extend schema @d(n: 4) extend type Query @d(n: 5) extend schema @d(n: 6)")
    func numbers(_ directives: [DirectiveNode]) -> [String] {
      directives.map { $0.arguments.map { $0.value.print() }.joined() }
    }
    let scalar = try #require(schema.type(named: "S"))
    let query = try #require(schema.queryType)
    #expect(numbers(schema.appliedDirectives(of: scalar)) == ["2", "3"])
    #expect(numbers(schema.appliedDirectives(of: query)) == ["1", "5"])
    #expect(numbers(schema.appliedDirectives) == ["4", "6"])
    #expect(schema.definitions(of: scalar).count == 2)
  }

  @Test func `a schema is extended again and again, and executed`() async throws {
    var schema = try Schema.build(Self.query)
    for number in 1...5 {
      schema = try schema.extended(
        by: .parse("extend type Query { f\(number): T\(number) } type T\(number) { a: Int }"))
    }
    var wiring = Wiring()
    wiring.defaultBinding = .member
    let engine = Engine(try ExecutableSchema(schema, wiring))
    let request = ExecutionRequest(root: .dynamic([["f1": ["a": 1], "f5": ["a": 5]]]))
    #expect(
      await engine.execute(try engine.prepare("{ f5 { a } f1 { a } f2 { a } }"), request).text
        == #"{"data":{"f5":{"a":5},"f1":{"a":1},"f2":null}}"#)
  }

  // MARK: Root types

  @Test func `a type with the default name of a root type does not become one`() throws {
    let schema = try extended(Self.query, "type Mutation { a: Int } type Subscription { a: Int }")
    #expect(schema.mutationType == nil && schema.subscriptionType == nil)
    #expect(schema.sdl.hasPrefix("schema {\n  query: Query\n}\n\n"))
    let again = try schema.extended(by: .parse("extend type Mutation { b: Int }"))
    #expect(again.mutationType == nil, "nor later")
  }

  @Test func `root types are kept, replaced by names and added`() throws {
    let schema = try extended(
      "type Query { a: Int } type Mutation { a: Int } type Events { a: Int }",
      "extend schema { subscription: Events } extend type Mutation { b: Int }")
    #expect(schema.queryType.map { schema.name($0) } == "Query")
    #expect(schema.mutationType.map { schema.name($0) } == "Mutation")
    #expect(schema.subscriptionType.map { schema.name($0) } == "Events")
    let both = try extended(
      Self.query + " type M { a: Int } type S { a: Int }",
      "extend schema { mutation: M } extend schema { subscription: S }")
    #expect(both.sdl.hasPrefix("schema {\n  query: Query\n  mutation: M\n  subscription: S\n}\n"))
  }

  @Test func `a definition of the schema that was missing can be added`() throws {
    let base = try Schema.build(
      "directive @d on SCHEMA type A { a: Int }", options: Schema.Options(checks: .definitions))
    #expect(base.queryType == nil)
    let schema = try base.extended(by: .parse("schema @d { query: A }"))
    #expect(schema.queryType.map { schema.name($0) } == "A")
    #expect(schema.appliedDirectives.count == 1)
  }

  // MARK: What is refused

  @Test(arguments: [
    (query, "extend type Query { b: Missing }", "Unknown type \"Missing\"."),
    (query, "extend type Query @missing", "Unknown directive \"@missing\"."),
    (query, "extend type Xyzzyx { b: Int }", "Cannot extend type \"Xyzzyx\" because it is not defined."),
    (
      query, "extend type Query { a: Float }",
      "Field \"Query.a\" already exists in the schema. It cannot also be defined in this type extension."
    ),
    (
      query + " enum E { V }", "extend enum E { V }",
      "Enum value \"E.V\" already exists in the schema. It cannot also be defined in this type extension."
    ),
    (
      query, "type Query { b: Int }",
      "Type \"Query\" already exists in the schema. It cannot also be defined in this type definition."
    ),
    (
      query, "directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD",
      "Directive \"@include\" already exists in the schema. It cannot be redefined."
    ),
    (query, "schema { mutation: Query }", "Cannot define a new schema within a schema extension."),
    (
      "schema { query: Query } " + query, "extend schema { query: Query }",
      "Type for query already defined in the schema. It cannot be redefined."
    ),
    (
      query + " union U = Query", "extend union U = U",
      "Union type U can only include Object types, it cannot include U."
    ),
    (query + " union U = Query", "extend union U = Query", "Union type U can only include type Query once."),
    (
      query + " interface I { a: Int } type T implements I { a: Int }", "extend interface I { b: Int }",
      "Interface field I.b expected but T does not provide it."
    ),
    (
      query + " interface I { a: Int } type T implements I { a: Int }", "extend type T implements I",
      "Type T can only implement I once."
    ),
    (
      query + " scalar S @specifiedBy(url: \"u\")", "extend scalar S @specifiedBy(url: \"v\")",
      "The directive \"@specifiedBy\" can only be used once at this location."
    ),
  ])
  func `an extension that does not fit is refused`(_ sdl: String, _ addition: String, _ message: String)
    throws
  {
    #expect(try errors(sdl, addition) == [message])
  }

  @Test func `nothing is checked on demand`() throws {
    let document = try Document.parse("extend type Query @missing { b: Int }")
    let schema = try Schema.build(Self.query).extended(by: document, options: Schema.Options(checks: .none))
    #expect(schema.sdl == "type Query {\n  a: Int\n  b: Int\n}")
  }
}
