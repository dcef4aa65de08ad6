import Testing

@testable import GraphQLEngine

/// § 5.1.1: requests with type system definitions. They are refused for these, and the other rules look at
/// everything in the document, as graphql-js's do.
@Suite struct MixedDocumentTests {
  @Test func `types that the document defines are known, and suggested`() throws {
    try expect(
      .knownTypeNames,
      "{ ... on Bear { a } ... on Beer { a } } type Bear { a: Int b: Wolf c: [Strin!] d(e: Float = 1): ID }",
      "Unknown type \"Beer\". Did you mean \"Bear\"? 1:28", "Unknown type \"Wolf\". 1:63",
      "Unknown type \"Strin\". Did you mean \"String\"? 1:72")
    try expect(
      .knownTypeNames,
      "schema { query: A } extend interface B implements C { a: D } union E = F input G { a: H } scalar I "
        + "enum J { K } directive @l(m: N) on FIELD",
      "Unknown type \"A\". Did you mean \"E\", \"G\", \"I\", or \"J\"? 1:17",
      "Unknown type \"C\". Did you mean \"E\", \"G\", \"I\", or \"J\"? 1:51",
      "Unknown type \"D\". Did you mean \"E\", \"G\", \"I\", \"ID\", or \"J\"? 1:58",
      "Unknown type \"F\". Did you mean \"E\", \"G\", \"I\", or \"J\"? 1:72",
      "Unknown type \"H\". Did you mean \"E\", \"G\", \"I\", or \"J\"? 1:87",
      "Unknown type \"N\". Did you mean \"E\", \"G\", \"I\", or \"J\"? 1:129")
  }

  @Test func `directives that the document defines are known where they may stand`() throws {
    let definition = "directive @own(a: Int!, b: Int = 1, c: Int! = 2) on FIELD | OBJECT"
    try expect(
      .knownDirectives,
      "{ dog @own(a: 1) @onField { name @other } } query A @own(a: 1) { dog { name } } \(definition) "
        + "type T @own(a: 1) @onField @none { a: Int @deprecated @own(a: 1) }",
      "Unknown directive \"@other\". 1:34", "Directive \"@own\" may not be used on QUERY. 1:53",
      "Directive \"@onField\" may not be used on OBJECT. 1:166", "Unknown directive \"@none\". 1:175",
      "Directive \"@own\" may not be used on FIELD_DEFINITION. 1:202")
    try expect(
      .knownArgumentNames, "{ dog @own(a: 1, d: 2, be: 3) { name } } \(definition)",
      "Unknown argument \"d\" on directive \"@own\". Did you mean \"a\", \"b\", or \"c\"? 1:18",
      "Unknown argument \"be\" on directive \"@own\". Did you mean \"b\"? 1:24")
    try expect(
      .providedRequiredArguments, "{ dog @own(b: 1) { name } } \(definition) type T @own { a: Int }",
      "Directive \"@own\" argument \"a\" of type \"Int!\" is required, but it was not provided. 1:7",
      "Directive \"@own\" argument \"a\" of type \"Int!\" is required, but it was not provided. 1:103")
    try expect(
      .uniqueArgumentNames, "{ dog @own(a: 1, a: 2) { name } } \(definition)",
      "There can be only one argument named \"a\". 1:12 1:18")
  }

  @Test func `a directive that the document defines replaces the schema's`() throws {
    try expect(
      .uniqueDirectivesPerLocation,
      "{ dog @many(n: 1) @many(n: 1) @onField @onField { name } } directive @many on FIELD "
        + "directive @onField repeatable on FIELD",
      "The directive \"@many\" can only be used once at this location. 1:7 1:19")
    // Its arguments keep the types that the schema gives them.
    try expect(
      .valuesOfCorrectType, "{ dog @many(n: \"a\") { name } } directive @many(n: String) on FIELD",
      "Int cannot represent non-integer value: \"a\" 1:16")
  }

  @Test func `the definition of a type and its extensions are one place`() throws {
    try expect(
      .uniqueDirectivesPerLocation,
      "type A @onField @onQuery { b: Int @onField } extend type A @onQuery @onField type B @onField "
        + "schema @onField { query: A } extend schema @onField",
      "The directive \"@onQuery\" can only be used once at this location. 1:17 1:60",
      "The directive \"@onField\" can only be used once at this location. 1:8 1:69",
      "The directive \"@onField\" can only be used once at this location. 1:101 1:137")
  }

  @Test func `literals in definitions have each field once`() throws {
    try expect(
      .uniqueInputFieldNames,
      "input A { a: A = { b: [{ c: 1, c: 2 }] } } type B { c(d: A = { e: 1, e: 2 }): Int }",
      "There can be only one input field named \"c\". 1:26 1:32",
      "There can be only one input field named \"e\". 1:64 1:70")
  }

  @Test func `of a fragment that is defined twice both definitions are searched for cycles`() throws {
    try expect(
      .noFragmentCycles, "fragment A on Dog { ...A } fragment A on Dog { name }",
      "Cannot spread fragment \"A\" within itself. 1:21")
    try expect(.noFragmentCycles, "fragment A on Dog { name } fragment A on Dog { ...A }")
    try expect(
      .noFragmentCycles,
      "fragment A on Dog { ...B } fragment B on Dog { ...A } fragment A on Dog { name }",
      "Cannot spread fragment \"A\" within itself via \"B\". 1:21 1:48")
  }
}
