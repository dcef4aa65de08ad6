import Testing

@testable import GraphQLEngine

private let query = "type Query { a: Int }\n"

@Suite("§ 3 Type system validation")
struct TypeSystemValidationTests {
  @Test(arguments: [
    SchemaCase("schema { query: Q mutation: M } type Q { a: Int } type M { a: Int }"),
    SchemaCase("type A { a: Int }", "Query root type must be provided."),
    SchemaCase(
      "schema { mutation: M } type M { a: Int }", "1:1 Query root type must be provided."),
    SchemaCase("input Query { a: Int }", "1:1 Query root type must be Object type, it cannot be Query."),
    SchemaCase(
      query + "enum Mutation { A }",
      "2:1 Mutation root type must be Object type if provided, it cannot be Mutation."),
    SchemaCase(
      query + "schema { query: Query subscription: S } scalar S",
      "2:37 Subscription root type must be Object type if provided, it cannot be S."),
    SchemaCase(
      query + "schema { query: Query mutation: Query }",
      "2:17,2:33 All root types must be different, \"Query\" type is used as query and mutation root types."),
  ])
  func `root types`(example: SchemaCase) { #expect(example.errorsOfBuilding() == example.errors) }

  @Test(arguments: [
    SchemaCase(
      query + "type __A { a: Int }",
      "2:1 Name \"__A\" must not begin with \"__\", which is reserved by GraphQL introspection."),
    SchemaCase(
      "type Query { __a(__b: Int): Int }",
      "1:14 Name \"__a\" must not begin with \"__\", which is reserved by GraphQL introspection.",
      "1:18 Name \"__b\" must not begin with \"__\", which is reserved by GraphQL introspection."),
    SchemaCase(
      query + "directive @__a(__b: Int) on FIELD enum E { __A } input I { __a: Int }",
      "2:1 Name \"__a\" must not begin with \"__\", which is reserved by GraphQL introspection.",
      "2:16 Name \"__b\" must not begin with \"__\", which is reserved by GraphQL introspection.",
      "2:44 Name \"__A\" must not begin with \"__\", which is reserved by GraphQL introspection.",
      "2:60 Name \"__a\" must not begin with \"__\", which is reserved by GraphQL introspection."),
  ])
  func `reserved names`(example: SchemaCase) { #expect(example.errorsOfBuilding() == example.errors) }

  @Test(arguments: [
    SchemaCase(
      "type Query { a: I b(c: Query): Int }\ninput I { d: Query }\ndirective @e(f: Query) on FIELD",
      "3:14 The type of @e(f:) must be Input Type but got: Query.",
      "1:17 The type of Query.a must be Output Type but got: I.",
      "1:24 The type of Query.b(c:) must be Input Type but got: Query.",
      "2:14 The type of I.d must be Input Type but got: Query."),
    SchemaCase(
      query + "type A union B enum C input D interface E\nextend type A @x directive @x on OBJECT",
      "2:1,3:1 Type A must define one or more fields.",
      "2:8 Union type B must define one or more member types.",
      "2:16 Enum type C must define one or more values.",
      "2:23 Input Object type D must define one or more fields.",
      "2:31 Type E must define one or more fields."),
    SchemaCase(
      query + "union U = Query | Query | I interface I { a: Int }",
      "2:11,2:19 Union type U can only include type Query once.",
      "2:27 Union type U can only include Object types, it cannot include I."),
    SchemaCase(
      "type Query { a(b: Int! @deprecated): Int }\ninput I { c: Int! @deprecated d: Int! = 1 @deprecated }\n"
        + "directive @e(f: Int! @deprecated) on FIELD",
      "3:22,3:17 Required argument @e(f:) cannot be deprecated.",
      "1:24,1:19 Required argument Query.a(b:) cannot be deprecated.",
      "2:19,2:14 Required input field I.c cannot be deprecated."),
    SchemaCase(
      query + "input I @oneOf { a: Int! b: Int = 1 c: Int }", "2:21 OneOf input field I.a must be nullable.",
      "2:26 OneOf input field I.b cannot have a default value."),
    SchemaCase(
      query
        + "type String { a: Int } enum ID { A } input __Type { a: Int } scalar Boolean union __New = Query",
      "2:77 Name \"__New\" must not begin with \"__\", which is reserved by GraphQL introspection.",
      "2:6 Type \"String\" already exists in the schema. It cannot also be defined in this type definition.",
      "2:29 Type \"ID\" already exists in the schema. It cannot also be defined in this type definition.",
      "2:38 Name \"__Type\" must not begin with \"__\", which is reserved by GraphQL introspection."),
    SchemaCase(
      query + "scalar Int @specifiedBy(url: \"u\") scalar ID @specifiedBy(url: \"v\")",
      "2:12 Built-in scalar type Int must not provide \"@specifiedBy\".",
      "2:45 Built-in scalar type ID must not provide \"@specifiedBy\"."),
    SchemaCase(
      query + "input I { a: Int! } extend input I @oneOf { b: Int }",
      "2:36 Extension of Input Object type I must not provide \"@oneOf\"."),
    SchemaCase(
      query + "extend input I { b: Int! c: Int = 1 } input I @oneOf { a: Int }",
      "2:21 OneOf input field I.b must be nullable.",
      "2:26 OneOf input field I.c cannot have a default value."),
  ])
  func `members have types that fit`(example: SchemaCase) {
    #expect(example.errorsOfBuilding() == example.errors)
  }

  @Test(arguments: [
    SchemaCase(
      "type Query implements I & J { a(b: Int, c: Int): [Query!]! } interface I { a(b: Int): [I] }\n"
        + "interface J implements I { a(b: Int): [J!]! }"),
    SchemaCase(
      "type Query implements I & E & I { a: Int } interface I { a: Int } enum E { A }",
      "1:27 Type Query must only implement Interface types, it cannot implement E.",
      "1:23,1:31 Type Query can only implement I once."),
    SchemaCase(
      query + "interface I implements I { a: Int }",
      "2:24 Type I cannot implement itself because it would create a circular reference."),
    SchemaCase(
      query + "interface I implements J { a: Int }\ninterface J implements I { a: Int }",
      "3:24,2:24 Type I cannot implement J because it would create a circular reference.",
      "2:24,3:24 Type J cannot implement I because it would create a circular reference."),
    SchemaCase(
      "type Query implements J { a: Int }\ninterface I { a: Int } interface J implements I { a: Int }",
      "2:47,1:23 Type Query must implement I because it is implemented by J."),
    SchemaCase(
      "type Query implements I { b: Int }\ninterface I { a: Int b: String }",
      "2:15,1:1 Interface field I.a expected but Query does not provide it.",
      "2:25,1:30 Interface field I.b expects type String but Query.b is type Int."),
    SchemaCase(
      "type Query implements I { a(c: String, d: Int!): Int }\ninterface I { a(b: Int, c: Int): Int }",
      "2:17,1:27 Interface field argument I.a(b:) expected but Query.a does not provide it.",
      "2:28,1:32 Interface field argument I.a(c:) expects type Int but Query.a(c:) is type String.",
      "1:40,2:15 Object field Query.a includes required argument d that is missing from the Interface "
        + "field I.a."
    ),
    SchemaCase(
      "type Query implements I { a: Int @deprecated }\ninterface I { a: Int }",
      "1:34,1:30 Interface field I.a is not deprecated, so implementation field Query.a must not be "
        + "deprecated."
    ),
  ])
  func `implementations of interfaces`(example: SchemaCase) {
    #expect(example.errorsOfBuilding() == example.errors)
  }

  @Test func `only complete checks refuse types with the names of built-in ones`() throws {
    let sdl = "type Query { a: String } type String { b: Int }"
    #expect(try Schema.build(sdl).sdl == "type Query {\n  a: String\n}")
    #expect(throws: SchemaErrors.self) { try Schema.build(sdl, options: Schema.Options(checks: .complete)) }
  }

  @Test func `only complete checks compare deprecation with interfaces`() throws {
    let sdl = "type Query implements I { a: Int @deprecated } interface I { a: Int }"
    #expect(try Schema.build(sdl).queryType != nil)
  }

  @Test(arguments: [
    SchemaCase(query + "input A { a: A b: [A!]! c: B! } input B { a: A }"),
    SchemaCase(query + "input A @oneOf { a: A b: B } input B @oneOf { c: Int }"),
    SchemaCase(
      query + "input A { a: A! }",
      "2:11 Cannot reference Input Object \"A\" within itself through a series of non-null fields: \"a\"."),
    SchemaCase(
      query + "input A { b: B! }\ninput B { c: C! }\ninput C { a: A! b: B! }",
      "2:11,3:11,4:11 Cannot reference Input Object \"A\" within itself through a series of non-null fields: "
        + "\"b.c.a\".",
      "3:11,4:17 Cannot reference Input Object \"B\" within itself through a series of non-null fields: "
        + "\"c.b\"."
    ),
    SchemaCase(
      query + "input A @oneOf { a: A }",
      "2:18 Input Object A cannot be provided a finite value because it references itself through "
        + "fields: A.a."
    ),
    SchemaCase(
      query + "input A @oneOf { b: B } input B { a: A! c: Int }",
      "2:18,2:35 Input Object A cannot be provided a finite value because it references itself through "
        + "fields: A.b, "
        + "B.a."),
  ])
  func `input objects have finite values`(example: SchemaCase) {
    #expect(example.errorsOfBuilding() == example.errors)
  }

  @Test(arguments: [
    SchemaCase(
      "type Query { a(b: Int = \"x\", c: [Int!]! = [1, null], d: E = C, e: I = { f: 1, g: 2 }): Int } "
        + "enum E { A }\n"
        + "input I { f: Boolean = 1, h: Int! }",
      "1:25 Query.a(b:) has invalid default value: Int cannot represent non-integer value: \"x\"",
      "1:47 Query.a(c:) has invalid default value at [1]: Expected value of non-null type \"Int!\" not "
        + "to be null.",
      "1:61 Query.a(d:) has invalid default value: Value \"C\" does not exist in \"E\" enum. Did you "
        + "mean the enum "
        + "value \"A\"?",
      "1:76 Query.a(e:) has invalid default value at .f: Boolean cannot represent a non boolean value: 1",
      "1:79 Query.a(e:) has invalid default value: Expected value of type \"I\" not to include unknown "
        + "field \"g\". "
        + "Did you mean \"f\" or \"h\"? Found: {f: 1, g: 2}.",
      "1:71 Query.a(e:) has invalid default value: Expected value of type \"I\" to include required "
        + "field \"h\", "
        + "found: {f: 1, g: 2}.",
      "2:24 I.f has invalid default value: Boolean cannot represent a non boolean value: 1"),
    SchemaCase(
      query
        + "directive @a(b: ID = 1.5, c: Float = X, d: Int = 9999999999, e: E = \"A\", f: I = 3) on FIELD "
        + "enum E { A }\n"
        + "input I { a: Int }",
      "2:22 @a(b:) has invalid default value: ID cannot represent a non-string and non-integer value: 1.5",
      "2:38 @a(c:) has invalid default value: Float cannot represent non numeric value: X",
      "2:50 @a(d:) has invalid default value: Int cannot represent non 32-bit signed integer value: "
        + "9999999999",
      "2:69 @a(e:) has invalid default value: Enum \"E\" cannot represent non-enum value: \"A\". Did you "
        + "mean the enum "
        + "value \"A\"?",
      "2:81 @a(f:) has invalid default value: Expected value of type \"I\" to be an object, found: 3."),
    SchemaCase(
      "type Query { a(b: O = {}, c: O = { x: null }, d: O = { x: 1 }, e: S = { any: [1] }): Int }\n"
        + "input O @oneOf { x: Int y: Int } scalar S",
      "1:23 Query.a(b:) has invalid default value: OneOf Input Object \"O\" must specify exactly one key.",
      "1:34 Query.a(c:) has invalid default value at .x: Field \"O.x\" used for OneOf Input Object must "
        + "be non-null."
    ),
  ])
  func `default values can be coerced`(example: SchemaCase) {
    #expect(example.errorsOfBuilding() == example.errors)
  }

  @Test(arguments: [
    SchemaCase(
      query
        + "input A { a: A = null b: [A] = [] c: A = { a: null c: null d: null } d: B } input B { a: A = "
        + "{} }"),
    SchemaCase(
      query + "input A { x: A = {} }",
      "2:18 Invalid circular reference. The default value of Input Object field A.x references itself."),
    SchemaCase(
      query + "input A { b: B = {} }\ninput B { c: [C] = [{}] }\ninput C { a: A = {} }",
      "2:18,3:20,4:18 Invalid circular reference. The default value of Input Object field A.b references "
        + "itself via the "
        + "default values of: B.c, C.a."),
  ])
  func `default values form no cycles`(example: SchemaCase) {
    let errors = example.errorsOfBuilding()
    #expect(errors == example.errors)
  }
}
