import Testing

@testable import GraphQLEngine

@Suite struct ParserTests {
  @Test func `a field keeps its alias, arguments, directives and selections`() throws {
    let document = try Document.parse("{ a: b(c: 1, d: $e) @f(g: \"h\") { i } }")
    let definition = try #require(document.definitions.first { _ in true })
    let field = try #require(OperationNode(definition.node).selectionSet.selections.first { _ in true }).asField
    #expect(field.alias == "a")
    #expect(field.name == "b")
    #expect(field.arguments.map(\.name.description) == ["c", "d"])
    #expect(field.directives.map(\.name.description) == ["f"])
    #expect(field.selectionSet?.selections.map(\.asField.name.description) == ["i"])
    #expect(document.tokenCount == 24)
  }
}

@Suite struct ParserSlabTests {
  @Test func `a document of many tiny fields outgrows the first estimate and stays whole`() throws {
    let text = "{" + String(repeating: "a{b(c:[1 2 {d:$e}])}", count: 400) + "}"
    let document = try Document.parse(text)
    let definition = try #require(document.definitions.first { _ in true })
    let fields = OperationNode(definition.node).selectionSet.selections.map(\.asField)
    #expect(fields.count == 400)
    #expect(fields.allSatisfy { $0.selectionSet?.selections.first { _ in true }?.asField.arguments.first { _ in true }?.value.items.map(\.kind) == [.intValue, .intValue, .objectValue] })
  }

  @Test func `type definitions and extensions parse`() throws {
    let document = try Document.parse("type A implements B & C @d { \"e\" f(g: [H!]! = [I]): J } extend union K = L | M", limits: .schema)
    #expect(document.definitions.map(\.kind) == [.objectTypeDefinition, .unionTypeExtension])
  }
}
