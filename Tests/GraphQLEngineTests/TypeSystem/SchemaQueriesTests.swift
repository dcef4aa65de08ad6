import Testing

@testable import GraphQLEngine

@Suite("§ 3 Questions to a schema")
struct SchemaQueriesTests {
  private let schema: Schema

  init() throws {
    let many = (0..<20).map { "f\($0)(a: Int): Int" }.joined(separator: " ")
    let arguments = (0..<20).map { "a\($0): Int = \($0)" }.joined(separator: " ")
    schema = try Schema.build(
      """
      "The root" type Query { many: Many few(\(arguments)): [[Few!]]! }
      type Many implements I & J { "A field" \(many) }
      interface I implements J { f1(a: Int): Int f2(a: Int): Int }
      interface J { f2(a: Int): Int } interface K { k: Int }
      type Few implements K { k: Int old: Int @deprecated(reason: "new is new") @tag(name: "x") }
      union U = Few | Query
      enum E { "A value" V0 \((1..<12).map { "V\($0)" }.joined(separator: " ")) }
      input N { \((0..<12).map { "\"N\($0)\" n\($0): E" }.joined(separator: " ")) }
      "A directive" directive @tag("Its name" name: String) repeatable on FIELD_DEFINITION | OBJECT
      extend type Many @tag(name: "y")
      scalar Plain
      """)
  }

  private func type(_ name: String) throws -> TypeID { try #require(schema.type(named: name)) }

  @Test func `fields are found by name, in small and large types`() throws {
    for name in ["f0", "f7", "f19"] {
      let field = try #require(schema.field(named: name, in: type("Many")))
      #expect(schema.name(schema[field].name) == name)
    }
    #expect(schema.field(named: "f20", in: try type("Many")) == nil)
    #expect(schema.field(named: "many", in: try type("Many")) == nil)
    #expect(schema.field(named: "k", in: try type("Few")) != nil)
  }

  @Test func `meta fields are found where they belong`() throws {
    #expect(schema.field(named: "__typename", in: try type("U")) == schema.wellKnown.typenameField)
    #expect(schema.field(named: "__schema", in: try type("Query")) == schema.wellKnown.schemaField)
    #expect(schema.field(named: "__type", in: try type("Query")) == schema.wellKnown.typeField)
    #expect(schema.field(named: "__schema", in: try type("Many")) == nil)
    #expect(schema.field(named: "__typename", in: try type("N")) == nil)
    #expect(schema.type(named: "__Meta") == nil)
    let name = try #require(
      schema.inputValue(named: "name", in: schema[schema.wellKnown.typeField].arguments))
    #expect(schema.string(of: schema[name].type) == "String!")
  }

  @Test func `arguments, input fields and enum values are found by name`() throws {
    let document = try Document.parse("query a19 { n11: V11 name missing }")
    let operation = try #require(document.definitions.first { _ in true })
    let selections = OperationNode(operation.node).selectionSet.selections.map(\.asField)
    let few = try #require(schema.field(named: "few", in: type("Query")))
    #expect(schema.argument(named: OperationNode(operation.node).name, of: few) != nil)
    #expect(schema.inputField(named: selections[0].alias, in: try type("N")) != nil)
    #expect(schema.enumValue(named: selections[0].name, in: try type("E")) != nil)
    let tag = try #require(schema.directive(named: "tag"))
    #expect(schema.argument(named: selections[1].name, of: tag) != nil)
    #expect(schema.argument(named: selections[2].name, of: tag) == nil)
    #expect(schema.enumValue(named: "V12", in: try type("E")) == nil)
    #expect(schema.directive(named: selections[2].name) == nil)
  }

  @Test func `subtypes and overlaps`() throws {
    #expect(schema.isSubtype(try type("Many"), of: try type("J")))
    #expect(schema.isSubtype(try type("I"), of: try type("J")))
    #expect(!schema.isSubtype(try type("J"), of: try type("I")))
    #expect(!schema.isSubtype(try type("U"), of: try type("K")))
    #expect(schema.isSubtype(try type("Few"), of: try type("U")))
    #expect(!schema.isPossibleType(try type("Many"), of: try type("U")))
    #expect(schema.isPossibleType(try type("Few"), of: try type("Few")))
    #expect(schema.doTypesOverlap(try type("U"), try type("K")))
    #expect(!schema.doTypesOverlap(try type("U"), try type("J")))
    #expect(schema.doTypesOverlap(try type("I"), try type("Many")))
    #expect(!schema.doTypesOverlap(try type("Few"), try type("Many")))
    #expect(schema.interfaces(of: try type("Many")).count == 2)
  }

  @Test(arguments: [
    ("[Few!]!", "[Few]", true), ("[Few]", "[Few!]", false), ("Few", "K", true), ("[Few]", "Few", false),
    ("[[Few!]!]!", "[[K]]", true), ("Few!", "Few!", true), ("K!", "Few!", false),
  ])
  func `wrapped types are covariant`(type: String, supertype: String, isSubtype: Bool) throws {
    #expect(schema.isSubtype(try reference(type), of: try reference(supertype)) == isSubtype)
    #expect(schema.string(of: try reference(type)) == type)
  }

  private func reference(_ text: String) throws -> TypeReference {
    let document = try Document.parse("query ($v: \(text)) { a }")
    let operation = try #require(document.definitions.first { _ in true })
    let variable = try #require(OperationNode(operation.node).variables.first { _ in true })
    return try #require(schema.typeReference(from: variable.type))
  }

  @Test func `unknown types and types that are wrapped too deeply have no reference`() throws {
    let deep = String(repeating: "[", count: 21) + "Int" + String(repeating: "]", count: 21)
    let document = try Document.parse("query ($a: Missing, $b: \(deep)) { a }")
    let operation = try #require(document.definitions.first { _ in true })
    for variable in OperationNode(operation.node).variables {
      #expect(schema.typeReference(from: variable.type) == nil)
    }
  }

  @Test func `descriptions, deprecation and applied directives are read from the documents`() throws {
    #expect(schema.description(of: try type("Query")) == "The root")
    #expect(schema.description(of: try type("Many")) == nil)
    let field = try #require(schema.field(named: "f0", in: type("Many")))
    #expect(schema.description(of: field) == "A field")
    let value = try #require(schema.enumValue(named: "V0", in: type("E")))
    #expect(schema.description(of: value) == "A value")
    #expect(schema.deprecationReason(of: value) == nil)
    #expect(schema.appliedDirectives(of: value).isEmpty)
    let tag = try #require(schema.directive(named: "tag"))
    #expect(schema.description(of: tag) == "A directive")
    let input = try #require(schema.inputFieldIDs(of: type("N")).first { _ in true })
    #expect(schema.description(of: input) == "N0")
    #expect(schema.appliedDirectives(of: input).isEmpty)
    let old = try #require(schema.field(named: "old", in: type("Few")))
    #expect(schema.deprecationReason(of: old) == "new is new")
    #expect(schema.appliedDirectives(of: old).map(\.name.description) == ["deprecated", "tag"])
    #expect(schema.appliedDirectives(of: try type("Many")).count == 1)
    #expect(schema.specifiedByURL(of: try type("Plain")) == nil)
    #expect(schema.rootType(.subscription) == nil)
  }

  @Test func `directive locations have names`() throws {
    for location in DirectiveLocation.allCases {
      let document = try Document.parse("{ \(location.name) }")
      let operation = try #require(document.definitions.first { _ in true })
      let field = try #require(OperationNode(operation.node).selectionSet.selections.first { _ in true })
      #expect(DirectiveLocation(name: field.asField.name) == location)
    }
  }
}
