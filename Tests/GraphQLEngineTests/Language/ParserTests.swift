import Testing

@testable import GraphQLEngine

extension SyntaxList {
  /// The elements, in order.
  var all: [Element] { Array(self) }
}

extension Document {
  /// This document, never released: tests look at nodes after they have dropped the document.
  func kept() -> Document {
    _ = Unmanaged.passRetained(self)
    return self
  }
}

@Suite("§ 2 Executable documents") struct ExecutableParserTests {
  private func parseOperation(_ text: String) throws -> (Document, OperationNode) {
    let document = try Document.parse(text).kept()
    return (document, OperationNode(try #require(document.definitions.all.first).node))
  }

  @Test func `a field keeps its alias, arguments, directives and selections`() throws {
    let (document, operation) = try parseOperation("{ a: b(c: 1, d: $e) @f(g: \"h\") { i } }")
    let field = try #require(operation.selectionSet.selections.all.first).asField
    #expect(field.alias == "a")
    #expect(field.name == "b")
    #expect(field.responseKey == "a")
    #expect(field.arguments.map(\.name.description) == ["c", "d"])
    #expect(field.arguments.map(\.value.kind) == [.intValue, .variable])
    #expect(field.directives.map(\.name.description) == ["f"])
    #expect(field.selectionSet?.selections.map(\.asField.name.description) == ["i"])
    #expect(document.tokenCount == 24)
    #expect(document.location(of: field) == SourceLocation(line: 1, column: 3))
    #expect(document.location(of: field.name) == SourceLocation(line: 1, column: 6))
  }

  @Test func `a shorthand query has neither name nor variables`() throws {
    let (_, operation) = try parseOperation("{ a }")
    #expect(operation.operation == .query)
    #expect(operation.name.isEmpty)
    #expect(operation.variables.isEmpty)
    #expect(operation.descriptionNode == nil)
  }

  @Test(arguments: [("query", OperationType.query), ("mutation", .mutation), ("subscription", .subscription)])
  func `each kind of operation is told apart`(_ keyword: String, _ type: OperationType) throws {
    let (_, operation) = try parseOperation("\(keyword) Q @d { a }")
    #expect(operation.operation == type)
    #expect(operation.name == "Q")
    #expect(operation.directives.map(\.name.description) == ["d"])
  }

  @Test func `variables have types, defaults, directives and descriptions`() throws {
    let (_, operation) = try parseOperation(
      "query ($a: [Int!]! = [1, 2] @b, \"what\" $c: D) { e }")
    let variables = operation.variables.all
    #expect(variables.map(\.name.description) == ["a", "c"])
    #expect(variables[0].type.print() == "[Int!]!")
    #expect(variables[0].defaultValue?.items.map(\.text.description) == ["1", "2"])
    #expect(variables[0].directives.map(\.name.description) == ["b"])
    #expect(variables[1].descriptionNode?.value == "what")
    #expect(variables[1].defaultValue == nil)
  }

  @Test func `descriptions stand before operations and fragments`() throws {
    let document = try Document.parse("\"one\" query A { b } \"\"\" two \"\"\" fragment C on D { e }").kept()
    let definitions = document.definitions.all
    #expect(definitions.map(\.kind) == [.operationDefinition, .fragmentDefinition])
    #expect(OperationNode(definitions[0].node).descriptionNode?.value == "one")
    #expect(FragmentDefinitionNode(definitions[1].node).descriptionNode?.value == " two ")
    #expect(document.location(of: definitions[0]) == SourceLocation(line: 1, column: 1))
  }

  @Test func `spreads and inline fragments are told apart`() throws {
    let (_, operation) = try parseOperation("{ ...a @b ... on C @d { e } ... @f { g } ...onward }")
    let selections = operation.selectionSet.selections.all
    #expect(selections.map(\.kind) == [.fragmentSpread, .inlineFragment, .inlineFragment, .fragmentSpread])
    #expect(selections[0].asFragmentSpread.name == "a")
    #expect(selections[0].asFragmentSpread.directives.map(\.name.description) == ["b"])
    #expect(selections[1].asInlineFragment.typeCondition?.name.description == "C")
    #expect(selections[2].asInlineFragment.typeCondition == nil)
    #expect(selections[2].asInlineFragment.directives.map(\.name.description) == ["f"])
    #expect(selections[3].asFragmentSpread.name == "onward")
  }

  @Test func `keywords are names wherever a name is expected`() throws {
    for keyword in ["on", "fragment", "query", "mutation", "subscription", "true", "false", "null", "type"] {
      let fragment = keyword == "on" ? "a" : keyword
      let text = """
        query \(keyword) {
          ... \(fragment)
          ... on \(keyword) { f }
          \(keyword): \(keyword)(\(keyword): $\(keyword)) @\(keyword)
        }
        fragment \(fragment) on \(keyword) { \(keyword) }
        """
      // The views point into the document, so it has to outlive them.
      let document = try Document.parse(text)
      let count = withExtendedLifetime(document) { document.definitions.all.count }
      #expect(count == 2)
    }
  }

  @Test func `an empty selection set is one without selections`() throws {
    let (_, operation) = try parseOperation("{ user { } }")
    let field = try #require(operation.selectionSet.selections.all.first).asField
    #expect(field.selectionSet?.selections.isEmpty == true)
    #expect(try parseOperation("{ user }").1.selectionSet.selections.all.first?.asField.selectionSet == nil)
  }

  @Test func `commas, byte order marks, comments and all line ends are ignored`() throws {
    let (document, operation) = try parseOperation("\u{FEFF},,{ a,\u{FEFF}b # c }\r\n\td\r,e\n}#end")
    #expect(operation.selectionSet.selections.map(\.asField.name.description) == ["a", "b", "d", "e"])
    let last = try #require(operation.selectionSet.selections.all.last)
    #expect(document.location(of: last) == SourceLocation(line: 3, column: 2))
  }
}

@Suite("§ 2.10 Values") struct ValueParserTests {
  private func parse(_ text: String) throws -> (document: Document, value: ValueNode) {
    let document = try Document.parseValue(Source(text)).kept()
    return (document, document.rootValue)
  }

  @Test(arguments: [
    ("1", SyntaxKind.intValue), ("-0", .intValue), ("1.5", .floatValue), ("-1.2E+30", .floatValue),
    ("0e0", .floatValue), ("true", .booleanValue), ("false", .booleanValue), ("null", .nullValue),
    ("nulls", .enumValue), ("TRUE", .enumValue), ("$v", .variable), ("\"\"", .stringValue),
    ("\"\"\"\"\"\"", .stringValue), ("[]", .listValue), ("{}", .objectValue), ("[[1] {a: $b}]", .listValue),
  ])
  func `each kind of value is recognised and printed as it was`(_ text: String, _ kind: SyntaxKind) throws {
    let (_, value) = try parse(text)
    #expect(value.kind == kind)
    let printed = value.print()
    #expect(printed == text.replacing("] {", with: "], {"))
  }

  @Test func `booleans, variables and object fields tell what they hold`() throws {
    let (document, value) = try parse("{a: true, b: false, c: $d}")
    let fields = value.fields.all
    #expect(fields.map(\.name.description) == ["a", "b", "c"])
    #expect(fields[0].value.isTrue)
    #expect(!fields[1].value.isTrue)
    #expect(fields[2].value.text == "d")
    #expect(document.location(of: fields[2].value) == SourceLocation(line: 1, column: 24))
  }

  @Test func `a value ends with its text`() {
    #expect(
      throws: GraphQLError(
        "Syntax Error: Expected <EOF>, found Int \"2\".", locations: [SourceLocation(line: 1, column: 3)])
    ) {
      try Document.parseValue(Source("1 2"))
    }
  }

  static let types = ["A", "A!", "[A]", "[A!]", "[A!]!", "[[[A]!]]!"]

  @Test(arguments: types)
  func `a type reference keeps its wrappers`(_ text: String) throws {
    let document = try Document.parseType(Source(text)).kept()
    #expect(document.rootType.print() == text)
  }

  @Test func `a type is not non-null twice`() {
    #expect(throws: GraphQLError.self) { try Document.parseType(Source("A!!")) }
    #expect(throws: GraphQLError.self) { try Document.parseType(Source("[]")) }
  }
}

@Suite("§ 3 Type system documents") struct TypeSystemParserTests {
  private func parseDefinition(_ text: String) throws -> DefinitionNode {
    try #require(try parsed(text).definitions.all.first)
  }

  private func parsed(_ text: String) throws -> Document {
    try Document.parse(text, limits: .schema).kept()
  }

  @Test func `an object type has interfaces, directives and fields`() throws {
    let type = TypeDefinitionNode(
      try parseDefinition(
        "\"d\" type A implements & B & C @e { \"f\" g(\"h\" i: J = 1 @k): [L!] @m n: O }"
      ).node)
    #expect(type.kind == .objectTypeDefinition)
    #expect(type.name == "A")
    #expect(type.descriptionNode?.value == "d")
    #expect(type.interfaces.map(\.name.description) == ["B", "C"])
    #expect(type.directives.map(\.name.description) == ["e"])
    let fields = type.fields.all
    #expect(fields.map(\.name.description) == ["g", "n"])
    #expect(fields[0].descriptionNode?.value == "f")
    #expect(fields[0].type.print() == "[L!]")
    #expect(fields[0].directives.map(\.name.description) == ["m"])
    let argument = try #require(fields[0].arguments.all.first)
    #expect(argument.name == "i")
    #expect(argument.descriptionNode?.value == "h")
    #expect(argument.type.name == "J")
    #expect(argument.defaultValue?.text.description == "1")
    #expect(argument.directives.map(\.name.description) == ["k"])
  }

  @Test func `unions, enums, inputs, interfaces and scalars have their members`() throws {
    let union = TypeDefinitionNode(try parseDefinition("union A @b = | C | D").node)
    #expect(union.memberTypes.map(\.name.description) == ["C", "D"])
    let values = TypeDefinitionNode(try parseDefinition("enum A { \"b\" C @d E }").node).enumValues.all
    #expect(values.map(\.name.description) == ["C", "E"])
    #expect(values[0].descriptionNode?.value == "b")
    let input = TypeDefinitionNode(try parseDefinition("input A { b: C = {d: 1} }").node)
    #expect(input.inputFields.map(\.name.description) == ["b"])
    let interface = TypeDefinitionNode(try parseDefinition("interface A implements B { c: D }").node)
    #expect(interface.interfaces.map(\.name.description) == ["B"])
    #expect(try parseDefinition("scalar A @b").kind == .scalarTypeDefinition)
  }

  @Test func `a schema definition names root types`() throws {
    let schema = SchemaDefinitionNode(
      try parseDefinition("\"d\" schema @a { query: Q mutation: M subscription: S }").node)
    #expect(schema.descriptionNode?.value == "d")
    #expect(schema.operationTypes.map(\.operation) == [.query, .mutation, .subscription])
    #expect(schema.operationTypes.map(\.type.name.description) == ["Q", "M", "S"])
  }

  @Test func `directives stand between the arguments of a directive and repeatable`() throws {
    let directive = DirectiveDefinitionNode(
      try parseDefinition(
        "\"d\" directive @a(b: C) @e @f repeatable on | FIELD | DIRECTIVE_DEFINITION"
      ).node)
    #expect(directive.name == "a")
    #expect(directive.arguments.map(\.name.description) == ["b"])
    #expect(directive.directives.map(\.name.description) == ["e", "f"])
    #expect(directive.isRepeatable)
    #expect(directive.locations.map(\.name.description) == ["FIELD", "DIRECTIVE_DEFINITION"])
    #expect(!DirectiveDefinitionNode(try parseDefinition("directive @a on QUERY").node).isRepeatable)
  }

  @Test(arguments: [
    ("extend schema @a", SyntaxKind.schemaExtension), ("extend schema { query: Q }", .schemaExtension),
    ("extend scalar A @b", .scalarTypeExtension), ("extend type A implements B", .objectTypeExtension),
    ("extend type A { b: C }", .objectTypeExtension), ("extend interface A @b", .interfaceTypeExtension),
    ("extend union A = B", .unionTypeExtension), ("extend enum A { B }", .enumTypeExtension),
    ("extend input A { b: C }", .inputObjectTypeExtension),
    ("extend directive @a @b @c(d: 1)", .directiveExtension),
  ])
  func `each extension is recognised`(_ text: String, _ kind: SyntaxKind) throws {
    #expect(try parseDefinition(text).kind == kind)
  }

  @Test func `types may be defined without members`() throws {
    let document = try parsed("type A interface B union C enum D input E scalar F")
    #expect(
      document.definitions.map { TypeDefinitionNode($0.node).name.description } == [
        "A", "B", "C", "D", "E", "F",
      ])
  }
}
