import Testing

@testable import GraphQLEngine

/// Type system documents with operations and fragments, and with definitions of built-in types: neither has
/// an effect, and the SDL rules look at them as graphql-js's do.
@Suite("§ 3 SDL rules: definitions without effect")
struct MixedSchemaDocumentTests {
  @Test func `operations and fragments have no effect`() throws {
    let schema = try Schema.build(
      "type Query { a: Int } query A($b: Query) { c @skip(if: true) } fragment D on Query { e }")
    #expect(schema.sdl == "type Query {\n  a: Int\n}")
  }

  @Test(arguments: [
    SchemaCase(
      "query($a: Int, $b: [Query!]) { ... on C { d } } fragment E on F { g { ... on Queri { h } } } "
        + "type Query { i: Int }",
      "1:11 Unknown type \"Int\".", "1:39 Unknown type \"C\".", "1:63 Unknown type \"F\".",
      "1:78 Unknown type \"Queri\". Did you mean \"Query\"?"),
    SchemaCase(
      "query($a: Int, $b: Float) { ... on Extra { c } } type Extra { d: Int }",
      extending: "type Query { a: Int }", "1:20 Unknown type \"Float\"."),
    SchemaCase("query($a: Int) { b } scalar Int"),
    SchemaCase(
      "type String { a: Strin } extend type __Type { b: [Nothing] }",
      "1:18 Unknown type \"Strin\". Did you mean \"String\"?",
      "1:51 Unknown type \"Nothing\". Did you mean \"String\"?"),
  ])
  func `types in them are known`(example: SchemaCase) throws {
    #expect(try Set(example.errors(of: .knownTypeNames)) == Set(example.errors))
  }

  @Test(arguments: [
    SchemaCase(
      "query A($b: C @a) @skip(if: true) { d @skip(if: $e) @f ... @include(if: true) { g } ...h @i }",
      "1:15 Unknown directive \"@a\".", "1:19 Directive \"@skip\" may not be used on QUERY.",
      "1:53 Unknown directive \"@f\".", "1:90 Unknown directive \"@i\"."),
    SchemaCase(
      "fragment A on B @skip(if: true) { c } scalar ID @d extend scalar ID @skip(if: true)",
      "1:17 Directive \"@skip\" may not be used on FRAGMENT_DEFINITION.", "1:49 Unknown directive \"@d\".",
      "1:69 Directive \"@skip\" may not be used on SCALAR."),
  ])
  func `directives in them are known and fit`(example: SchemaCase) throws {
    #expect(try Set(example.errors(of: .knownDirectives)) == Set(example.errors))
  }

  @Test func `arguments and fields of literals in them are unique`() throws {
    let arguments = SchemaCase(
      "{ a(b: 1, b: 2) @skip(if: 1, if: 2) }", "1:5,1:11 There can be only one argument named \"b\".",
      "1:23,1:30 There can be only one argument named \"if\".")
    #expect(try Set(arguments.errors(of: .uniqueArgumentNames)) == Set(arguments.errors))
    let fields = SchemaCase(
      "query($a: A = {b: 1, b: 2}) { c(d: [{e: 1, e: 2}]) }",
      "1:16,1:22 There can be only one input field named \"b\".",
      "1:38,1:44 There can be only one input field named \"e\".")
    #expect(try fields.errors(of: .uniqueInputFieldNames) == fields.errors)
  }

  @Test(arguments: [
    SchemaCase(
      "type A { b: Int c: Int } input A { b: Int d: Int } extend type A { d: Int }",
      "1:10,1:36 Field \"A.b\" can only be defined once.", "1:43,1:68 Field \"A.d\" can only be defined once."
    )
  ])
  func `the fields of all definitions of a name are compared`(example: SchemaCase) throws {
    #expect(try example.errors(of: .uniqueFieldDefinitionNames) == example.errors)
  }

  @Test func `of two definitions of a directive the last counts`() throws {
    let example = SchemaCase(
      "directive @a(b: Int) on OBJECT directive @a(c: Int!) on SCALAR type T @a(b: 1) scalar S @a(c: 1)",
      "1:71 Directive \"@a\" may not be used on OBJECT.")
    #expect(try example.errors(of: .knownDirectives) == example.errors)
    #expect(
      try example.errors(of: .knownArgumentNamesOnDirectives) == [
        "1:74 Unknown argument \"b\" on directive \"@a\". Did you mean \"c\"?"
      ])
  }

  @Test func `directives on a directive and on its extensions are in the order of the source`() throws {
    let example = SchemaCase(
      "extend directive @a @b directive @b on DIRECTIVE_DEFINITION directive @a @b on FIELD",
      "1:21,1:74 The directive \"@b\" can only be used once at this location.")
    #expect(try example.errors(of: .uniqueDirectivesPerLocation) == example.errors)
  }

  @Test func `what graphql-js does not check is left out where it finds something`() {
    let cycle = "directive @a(b: Int @a) on ARGUMENT_DEFINITION type Query { c: Int @deprecated(reason: 5) }"
    #expect(
      SchemaCase(cycle).errorsOfBuilding() == [
        "1:88 Argument \"reason\" has invalid value 5.",
        "1:14,1:21 Directive \"@a\" forms a reference cycle through: \"@a(b:)\", directive application \"@a\".",
      ])
    #expect(
      SchemaCase(cycle + " type D { e: F }").errorsOfBuilding() == [
        "1:105 Unknown type \"F\". Did you mean \"D\"?"
      ])
  }
}
