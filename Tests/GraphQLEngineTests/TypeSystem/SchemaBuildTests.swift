import Testing

@testable import GraphQLEngine

@Suite("§ 3 Schema.build")
struct SchemaBuildTests {
  @Test func `types get dense ids in the order of the source, behind the built-in ones`() throws {
    let schema = try Schema.build("type Query { a(x: [Int!]! = [1]): [B!]! @deprecated } type B { c: E } enum E { X Y }")
    let query = try #require(schema.type(named: "Query"))
    #expect(Int(query.rawValue) == schema.builtInTypeCount)
    #expect(schema.queryType == query)
    let field = try #require(schema.field(named: "a", in: query))
    #expect(schema.string(of: schema[field].type) == "[B!]!")
    #expect(schema[field].isDeprecated)
    #expect(schema.deprecationReason(of: field) == "No longer supported")
    let argument = try #require(schema.inputValue(named: "x", in: schema[field].arguments))
    #expect(schema.string(of: schema[argument].type) == "[Int!]!")
    #expect(schema.defaultValue(of: argument)?.kind == .listValue)
    #expect(
      schema.typeOrder.map { schema.name($0) } == [
        "Query", "Int", "B", "E", "Boolean", "String", "__Schema", "__Type", "__TypeKind", "__Field",
        "__InputValue", "__EnumValue", "__Directive", "__DirectiveLocation",
      ])
    #expect(
      schema.directiveOrder.map { schema.name(schema[$0].name) } == [
        "include", "skip", "deprecated", "specifiedBy", "oneOf",
      ])
  }
}
