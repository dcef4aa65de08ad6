import Testing

@testable import GraphQLEngine

@Suite("§ 3 Schema.build")
struct SchemaBuildTests {
  @Test func `types get dense ids in the order of the source, behind the built-in ones`() throws {
    let schema = try Schema.build("type Query { a: B! } type B { c: E } enum E { X Y }")
    let query = try #require(schema.type(named: "Query"))
    #expect(Int(query.rawValue) == schema.builtInTypeCount)
    #expect(schema.queryType == query)
    #expect(schema.mutationType == nil)
    #expect(
      schema.types.dropFirst(schema.builtInTypeCount).map { schema.name($0.name) } == ["Query", "B", "E"])
  }

  @Test func `built-in types follow the first type that refers to them`() throws {
    let schema = try Schema.build(
      "scalar ID type Query { a(b: Int): A } type A { c: String } directive @d(e: Float) on FIELD")
    #expect(
      schema.typeOrder.map { schema.name($0) } == [
        "ID", "Query", "Int", "A", "String", "Float", "Boolean", "__Schema", "__Type", "__TypeKind",
        "__Field",
        "__InputValue", "__EnumValue", "__Directive", "__DirectiveLocation",
      ])
    #expect(
      schema.directiveOrder.map { schema.name(schema[$0].name) } == [
        "d", "include", "skip", "deprecated", "specifiedBy", "oneOf",
      ])
  }

  @Test func `a built-in scalar that nothing refers to is not part of the schema`() throws {
    let schema = try Schema.build("type Query { a: String }")
    #expect(schema.type(named: "Float") == nil)
    #expect(schema.type(named: "String") == schema.wellKnown.string)
    let extended = try schema.extended(by: .parse("extend type Query { b: Float }"))
    #expect(extended.type(named: "Float") == extended.wellKnown.float)
  }

  @Test func `a directive that the SDL defines replaces the built-in one`() throws {
    let schema = try Schema.build(
      """
      type Query { a: Int @deprecated(why: "old") }
      directive @deprecated(why: String) on FIELD_DEFINITION
      directive @defer(when: Boolean) on FIELD
      """)
    let deprecated = try #require(schema.directive(named: "deprecated"))
    #expect(deprecated == schema.wellKnown.deprecated)
    #expect(schema.argumentIDs(of: deprecated).map { schema.name(schema[$0].name) } == ["why"])
    #expect(schema.directiveOrder.first == deprecated)
    #expect(schema[deprecated].isBuiltIn)
    #expect(schema.directive(named: "stream") == nil)
  }

  @Test func `directives of the SDL stand beside the built-in ones, which are not printed`() throws {
    let schema = try Schema.build("type Query { a: Int } directive @d on FIELD")
    #expect(
      schema.directiveOrder.map { schema.name(schema[$0].name) }
        == ["d", "include", "skip", "deprecated", "specifiedBy", "oneOf"])
    let all = try Schema.build(
      "directive @skip on FIELD directive @include on FIELD directive @deprecated on FIELD_DEFINITION "
        + "directive @specifiedBy on FIELD_DEFINITION directive @oneOf on OBJECT type Query { a: Int }")
    #expect(all.directives.count == 5)
    #expect(all.sdl == "type Query {\n  a: Int\n}")
  }

  @Test func `introspection types can be referred to, and not replaced`() throws {
    let schema = try Schema.build("type Query { a: __EnumValue } scalar ID scalar __Schema")
    let query = try #require(schema.queryType)
    let field = try #require(schema.field(named: "a", in: query))
    #expect(schema[schema[field].type.namedType].isBuiltIn)
    #expect(schema.type(named: "__Schema").map { schema[$0].kind } == .object)
    #expect(schema.sdl == "type Query {\n  a: __EnumValue\n}")
  }

  @Test func `incremental delivery is defined on demand`() throws {
    let options = Schema.Options(definesIncrementalDelivery: true)
    let schema = try Schema.build("type Query { a: Int } directive @stream on FIELD", options: options)
    #expect(schema.directive(named: "defer") != nil)
    let stream = try #require(schema.directive(named: "stream"))
    #expect(schema[stream].arguments.isEmpty)
    #expect(schema.sdl == "type Query {\n  a: Int\n}")
  }

  @Test func `extensions are merged behind the definition, wherever they stand`() throws {
    let schema = try Schema.build(
      """
      extend type Query implements I { b: Int }
      type Query { a: Int }
      interface I { b: Int }
      extend union U = Query
      type T { a: Int }
      union U = T
      enum E { X } extend enum E { Y }
      extend input N { y: Int } input N @oneOf { x: Int }
      scalar S extend scalar S @specifiedBy(url: "https://example.org")
      extend schema @tag { mutation: T }
      schema { query: Query }
      directive @tag on SCHEMA | DIRECTIVE_DEFINITION
      extend directive @tag @deprecated(reason: "old")
      """)
    let query = try #require(schema.queryType)
    #expect(schema.fieldIDs(of: query).map { schema.name(schema[$0].name) } == ["a", "b"])
    let union = try #require(schema.type(named: "U"))
    #expect(schema.possibleTypes(of: union).map { schema.name($0) } == ["T", "Query"])
    let inputs = try #require(schema.type(named: "N"))
    #expect(schema[inputs].isOneOf)
    #expect(schema[inputs].inputFields.count == 2)
    let scalar = try #require(schema.type(named: "S"))
    #expect(schema.specifiedByURL(of: scalar) == "https://example.org")
    #expect(schema.mutationType == schema.type(named: "T"))
    #expect(schema.appliedDirectives.map(\.name.description) == ["tag"])
    let tag = try #require(schema.directive(named: "tag"))
    #expect(schema.deprecationReason(of: tag) == "old")
    #expect(schema.definitions(of: union).count == 2)
  }

  @Test func `documents are built as one, and schemas extended`() throws {
    let first = try Document.parse("type Query { a: A }")
    let second = try Document.parse("type A { b: Int }")
    let schema = try Schema.build(documents: [first, second])
    let extended = try schema.extended(by: Document.parse("extend type A { c: Query }"))
    #expect(schema.documents.count == 3)
    #expect(extended.sdl == "type Query {\n  a: A\n}\n\ntype A {\n  b: Int\n  c: Query\n}")
    #expect(schema.sdl == "type Query {\n  a: A\n}\n\ntype A {\n  b: Int\n}")
  }

  @Test func `errors are located in the document that they belong to`() throws {
    let first = try Document.parse("type Query { a: A }")
    let second = try Document.parse("\n\ntype A { b: Missing }")
    let location = SourceLocation(line: 3, column: 13)
    let error = GraphQLError("Unknown type \"Missing\".", locations: [location])
    #expect(throws: SchemaErrors([SchemaFinding(rule: .knownTypeNames, error: error)])) {
      try Schema.build(documents: [first, second])
    }
  }

  @Test func `a syntax error is the only error`() {
    #expect(
      SchemaCase("type Query {").errorsOfBuilding() == ["1:13 Syntax Error: Expected Name, found <EOF>."])
  }

  @Test func `names that lead nowhere are refused even without checks`() {
    #expect(throws: SchemaErrors.self) {
      try Schema.build("type Query { a: Missing }", options: Schema.Options(checks: .none))
    }
    #expect(throws: Never.self) {
      try Schema.build("type Query", options: Schema.Options(checks: .none))
    }
  }

  @Test func `at most so many errors are reported as wanted`() throws {
    let sdl = "type Query { a: Int }" + String(repeating: " type A", count: 10)
    #expect(throws: SchemaErrors.self) { try Schema.build(sdl) }
    let errors = Schema.checkSDL(try Document.parse(sdl), options: Schema.Options(maximumErrors: 3))
    #expect(errors.count == 4)
    #expect(errors.last?.message == "Too many validation errors, error limit reached. Validation aborted.")
  }
}
