import Testing

@testable import GraphQLEngine

@Suite("§ 3 SDL rules: uniqueness")
struct SDLUniquenessTests {
  @Test(arguments: [
    SchemaCase("schema { query: Q } type Q { a: Int }"),
    SchemaCase(
      "schema { query: Q }\nschema { query: Q }", "2:1 Must provide only one schema definition."),
    SchemaCase(
      "schema { query: Q }", extending: "type Query { a: Int }",
      "1:1 Cannot define a new schema within a schema extension."),
    SchemaCase("schema { query: Q }", extending: "type Other { a: Int }"),
  ])
  func `there is one schema definition`(example: SchemaCase) throws {
    #expect(try example.errors(of: .loneSchemaDefinition) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("schema { query: A } extend schema { mutation: A subscription: A }"),
    SchemaCase(
      "schema { query: A query: B }\nextend schema { query: C }",
      "1:10,1:19 There can be only one query type in schema.",
      "1:10,2:17 There can be only one query type in schema."),
    SchemaCase(
      "extend schema { query: A mutation: A }", extending: "type Query { a: Int }",
      "1:17 Type for query already defined in the schema. It cannot be redefined."),
  ])
  func `each operation has one root type`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueOperationTypes) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A directive @A on FIELD extend type A @x"),
    SchemaCase("scalar ID"),
    SchemaCase(
      "type A\nscalar A\ninput A", "1:6,2:8 There can be only one type named \"A\".",
      "1:6,3:7 There can be only one type named \"A\"."),
    SchemaCase("scalar ID scalar ID", "1:8,1:18 There can be only one type named \"ID\"."),
    SchemaCase(
      "type A", extending: "enum A { B }",
      "1:6 Type \"A\" already exists in the schema. It cannot also be defined in this type definition."),
    SchemaCase(
      "scalar String", extending: "enum A { B }",
      "1:8 Type \"String\" already exists in the schema. It cannot also be defined in this type definition."),
  ])
  func `types have unique names`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueTypeNames) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("enum A { B C } extend enum A { D } enum E { B }"),
    SchemaCase(
      "enum A { B B }\nextend enum A { B }", "1:10,1:12 Enum value \"A.B\" can only be defined once.",
      "1:10,2:17 Enum value \"A.B\" can only be defined once."),
    SchemaCase(
      "extend enum A { B C C }", extending: "enum A { B }",
      "1:17 Enum value \"A.B\" already exists in the schema. It cannot also be defined in this type "
        + "extension.",
      "1:19,1:21 Enum value \"A.C\" can only be defined once."),
  ])
  func `enum values have unique names`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueEnumValueNames) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A { b: Int c: Int } extend type A { d: Int } input B { b: Int }"),
    SchemaCase(
      "type A { b: Int b: Int }", "1:10,1:17 Field \"A.b\" can only be defined once."),
    SchemaCase(
      "extend type A { b: Int }\ntype A { b: Int }", "1:17,2:10 Field \"A.b\" can only be defined once."),
    SchemaCase(
      "interface A { b: Int }\nextend interface A { b: Int }",
      "1:15,2:22 Field \"A.b\" can only be defined once."),
    SchemaCase(
      "input A { b: Int b: Int }", "1:11,1:18 Field \"A.b\" can only be defined once."),
    SchemaCase(
      "extend input A { b: Int }", extending: "input A { b: Int }",
      "1:18 Field \"A.b\" already exists in the schema. It cannot also be defined in this type extension."),
  ])
  func `fields have unique names`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueFieldDefinitionNames) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A { b(c: Int, d: Int): Int e(c: Int): Int } directive @f(c: Int, d: Int) on FIELD"),
    SchemaCase(
      "type A { b(c: Int, c: Int, d: Int, c: Int): Int }",
      "1:12,1:20,1:36 Argument \"A.b(c:)\" can only be defined once."),
    SchemaCase(
      "directive @a(b: Int, b: Int) on FIELD", "1:14,1:22 Argument \"@a(b:)\" can only be defined once."),
  ])
  func `arguments have unique names`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueArgumentDefinitionNames) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("directive @a on FIELD directive @b on FIELD directive @skip on FIELD"),
    SchemaCase(
      "directive @a on FIELD\ndirective @a on FIELD\ndirective @a on FIELD",
      "1:12,2:12 There can be only one directive named \"@a\".",
      "1:12,3:12 There can be only one directive named \"@a\"."),
    SchemaCase(
      "directive @skip on FIELD", extending: "type A { a: Int }",
      "1:12 Directive \"@skip\" already exists in the schema. It cannot be redefined."),
  ])
  func `directives have unique names`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueDirectiveNames) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A @a @a @b { c: Int @b } extend type A @a directive @a repeatable on OBJECT"),
    SchemaCase(
      "directive @a on OBJECT\nextend type A @a\ntype A @a",
      "2:15,3:8 The directive \"@a\" can only be used once at this location."),
    SchemaCase(
      "type A { b: Int @deprecated @deprecated @unknown @unknown }",
      "1:17,1:29 The directive \"@deprecated\" can only be used once at this location."),
    SchemaCase(
      "extend type A @d @r extend type B @d extend schema @d extend directive @e @d",
      extending: "directive @d on OBJECT | SCHEMA | DIRECTIVE_DEFINITION directive @r repeatable on OBJECT "
        + "directive @e on FIELD schema @d { query: A } type A @d @r { b: B } type B { c: Int }",
      "1:52 The directive \"@d\" can only be used once at this location.",
      "1:15 The directive \"@d\" can only be used once at this location."),
    SchemaCase(
      "extend directive @e @d extend type A @e @e extend enum E @d",
      extending:
        "extend type A @e directive @d on ENUM | DIRECTIVE_DEFINITION directive @e on OBJECT extend enum E @d "
        + "extend directive @e @d type A { b: Int } enum E { V } type Query { a: A }",
      "1:38 The directive \"@e\" can only be used once at this location.",
      "1:41 The directive \"@e\" can only be used once at this location.",
      "1:58 The directive \"@d\" can only be used once at this location.",
      "1:21 The directive \"@d\" can only be used once at this location."),
  ])
  func `directives that are not repeatable stand once at a place`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueDirectivesPerLocation) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A @a(b: 1, c: 2)"),
    SchemaCase("type A @a(b: 1, b: 2, b: 3)", "1:11,1:17,1:23 There can be only one argument named \"b\"."),
  ])
  func `directives are given each argument once`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueArgumentNames) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A @a(b: { c: 1, d: { c: 1 } })"),
    SchemaCase(
      "type A @a(b: [{ c: 1, c: 2 }])", "1:17,1:23 There can be only one input field named \"c\"."),
    SchemaCase(
      "type A { b(c: D = { e: { f: 1, f: 2 } }): Int }",
      "1:26,1:32 There can be only one input field named \"f\"."),
  ])
  func `values have each input field once`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueInputFieldNames) == example.errors)
  }
}

@Suite("§ 3 SDL rules: names that are referred to")
struct SDLReferenceTests {
  @Test(arguments: [
    SchemaCase("type A implements B { c(d: [Int!]!): __Type } interface B { e: ID } union C = A"),
    SchemaCase(
      "type Apple { b(d: Pear): Appel }\nunion C = Bana\nextend type Apple implements Missing\nschema { "
        + "query: Unknown }",
      "1:26 Unknown type \"Appel\". Did you mean \"Apple\"?", "1:19 Unknown type \"Pear\".",
      "2:11 Unknown type \"Bana\".", "3:30 Unknown type \"Missing\".", "4:17 Unknown type \"Unknown\"."),
    SchemaCase("extend type A { b: B, c: Missing }", extending: "scalar B", "1:26 Unknown type \"Missing\"."),
  ])
  func `types are defined`(example: SchemaCase) throws {
    #expect(try Set(example.errors(of: .knownTypeNames)) == Set(example.errors))
  }

  @Test(arguments: [
    SchemaCase(
      "type A @specifiedBy(url: \"\") { b: Int @deprecated }",
      "1:8 Directive \"@specifiedBy\" may not be used on OBJECT."),
    SchemaCase("type A @missing", "1:8 Unknown directive \"@missing\"."),
    SchemaCase(
      """
      directive @everywhere on SCHEMA | SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE
        | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | DIRECTIVE_DEFINITION
      schema @everywhere { query: A } scalar B @everywhere
      type A @everywhere { b(c: Int @everywhere): Int @everywhere }
      interface I @everywhere { a: Int } union U @everywhere = A enum E @everywhere { F @everywhere }
      input G @everywhere { h: Int @everywhere } extend input G { i: Int @everywhere }
      directive @j @everywhere on FIELD extend directive @j @everywhere extend schema @everywhere
      """),
    SchemaCase(
      "directive @a on FIELD extend input B { c: Int @a } input B { d: Int }",
      "1:47 Directive \"@a\" may not be used on INPUT_FIELD_DEFINITION."),
  ])
  func `directives are defined and allowed where they stand`(example: SchemaCase) throws {
    #expect(try example.errors(of: .knownDirectives) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A extend type A { b: Int } directive @a on FIELD extend directive @a @b"),
    SchemaCase(
      "type Apple extend type Appel { b: Int }",
      "1:24 Cannot extend type \"Appel\" because it is not defined. Did you mean \"Apple\"?"),
    SchemaCase("type A\nextend input A { b: Int }", "1:1,2:1 Cannot extend non-input object type \"A\"."),
    SchemaCase(
      "extend enum A { B } extend scalar A @x extend interface A { b: Int } extend union A = B",
      extending: "type A { b: Int }", "1:1 Cannot extend non-enum type \"A\".",
      "1:21 Cannot extend non-scalar type \"A\".", "1:40 Cannot extend non-interface type \"A\".",
      "1:70 Cannot extend non-union type \"A\"."),
    SchemaCase("extend scalar ID @a", "1:15 Cannot extend type \"ID\" because it is not defined."),
    SchemaCase("extend scalar ID @a", extending: "type A { b: ID }"),
    SchemaCase("extend directive @a @b", "1:19 Cannot extend directive \"@a\" because it is not defined."),
  ])
  func `extensions extend what is defined, with the same kind`(example: SchemaCase) throws {
    #expect(try example.errors(of: .possibleTypeExtensions) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A { b: Int @deprecated(reason: \"\") }"),
    SchemaCase(
      "type A { b: Int @deprecated(reson: \"\") c: Int @unknown(d: 1) }",
      "1:29 Unknown argument \"reson\" on directive \"@deprecated\". Did you mean \"reason\"?"),
    SchemaCase(
      "type A @a(other: 1) directive @a(b: Int) on OBJECT",
      "1:11 Unknown argument \"other\" on directive \"@a\"."),
  ])
  func `arguments of directives are defined`(example: SchemaCase) throws {
    #expect(try example.errors(of: .knownArgumentNamesOnDirectives) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A @a(b: 1) directive @a(b: Int!, c: Int! = 1, d: Int) on OBJECT"),
    SchemaCase(
      "type A @a(c: 1) directive @a(b: [Int!]!, c: Int!) on OBJECT",
      "1:8 Directive \"@a\" argument \"b\" of type \"[Int!]!\" is required, but it was not provided."),
  ])
  func `required arguments of directives are given`(example: SchemaCase) throws {
    #expect(try example.errors(of: .providedRequiredArgumentsOnDirectives) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("type A { b: Int @deprecated(reason: \"x\") }"),
    SchemaCase(
      "type A { b: Int @deprecated(reason: 1) }",
      "1:37 Argument \"reason\" has invalid value 1."
    ),
    SchemaCase(
      "type A { b: Int @deprecated(reason: null) }",
      "1:37 Argument \"reason\" of non-null type \"String!\" must not be null."
    ),
    SchemaCase(
      "type A @b(c: 1) { d: Int } directive @b(c: String) on OBJECT",
      "1:14 Argument \"@b(c:)\" has invalid value: String cannot represent a non string value: 1"),
  ])
  func `arguments of directives have the right types`(example: SchemaCase) throws {
    #expect(try example.errors(of: .valuesOfCorrectType) == example.errors)
  }

  @Test(arguments: [
    SchemaCase("directive @a(b: Int @c) on FIELD_DEFINITION directive @c on ARGUMENT_DEFINITION"),
    SchemaCase("directive @a(b: I) on FIELD_DEFINITION input I { self: I }"),
    SchemaCase(
      "directive @self(arg: String @self) on ARGUMENT_DEFINITION",
      "1:17,1:29 Directive \"@self\" forms a reference cycle through: \"@self(arg:)\", directive "
        + "application \"@self\"."
    ),
    SchemaCase(
      "directive @a @b on DIRECTIVE_DEFINITION\ndirective @b @a on DIRECTIVE_DEFINITION",
      "1:14,2:14 Directive \"@a\" forms a reference cycle through: directive application \"@b\", "
        + "directive application "
        + "\"@a\"."),
    SchemaCase(
      "directive @entry(arg: I) on FIELD_DEFINITION\ndirective @cycle(arg: [I!]) on ENUM_VALUE\n"
        + "input I { value: E }\nenum E { V @cycle }",
      "2:18,2:24,3:11,3:18,4:10,4:12 Directive \"@cycle\" forms a reference cycle through: "
        + "\"@cycle(arg:)\", \"I\", "
        + "\"I.value\", \"E\", \"E.V\", directive application \"@cycle\"."),
    SchemaCase(
      "extend directive @b @a",
      extending: "directive @a @b on DIRECTIVE_DEFINITION directive @b on DIRECTIVE_DEFINITION",
      "1:21 Directive \"@a\" forms a reference cycle through: directive application \"@b\", directive "
        + "application \"@a\"."
    ),
    SchemaCase("directive @c on FIELD", extending: "directive @a(b: Int @a) on ARGUMENT_DEFINITION"),
  ])
  func `directive definitions form no cycles`(example: SchemaCase) throws {
    #expect(try example.errors(of: .noDirectiveDefinitionCycles) == example.errors)
  }

  @Test func `types that are wrapped too deeply are refused`() {
    let type = String(repeating: "[", count: 30) + "Int" + String(repeating: "]", count: 30)
    #expect(
      SchemaCase("type Query { a: \(type) }").errorsOfBuilding() == [
        "1:17 Types may be wrapped at most 20 times."
      ])
  }
}
