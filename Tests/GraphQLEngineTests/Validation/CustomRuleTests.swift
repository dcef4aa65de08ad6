import Testing

@testable import GraphQLEngine

/// The rules beyond the specification, and how rules are chosen.
@Suite struct CustomRuleTests {
  @Test func `deprecated fields, arguments, input fields and enum values are reported on demand`() throws {
    try expect(
      .noDeprecatedCustom,
      "{ dog { name oldName } arguments { old(a: 1) color(a: TAN) complex(a: {oldField: 1}) int "
        + "@many(old: 1) } }",
      "Directive \"@many\" argument \"old\" is deprecated. No longer supported 1:96",
      "Field \"Arguments.old\" argument \"a\" is deprecated. Too old. 1:40",
      "The enum value \"FurColor.TAN\" is deprecated. Too pale. 1:55",
      "The field Dog.oldName is deprecated. Use name. 1:14",
      "The input field ComplexInput.oldField is deprecated. No longer supported 1:72")
    #expect(try validationErrors("{ dog { oldName } }") == [])
  }

  @Test func `introspection can be refused`() throws {
    try expect(.noSchemaIntrospectionCustom, "{ dog { __typename name } }")
    try expect(
      .noSchemaIntrospectionCustom, "{ __schema { types { kind } } }",
      "GraphQL introspection has been disabled, but the requested query contained the field "
        + "\"__schema\". 1:3",
      "GraphQL introspection has been disabled, but the requested query contained the field \"kind\". 1:22",
      "GraphQL introspection has been disabled, but the requested query contained the field \"types\". 1:14")
  }

  @Test func `introspection nests lists only so deep`() throws {
    try expect(
      .maxIntrospectionDepth,
      "{ __schema { types { ...T inputFields { type { ofType { name } } } } } __type(name: \"T\") }"
        + "fragment T on __Type { fields { type { fields { name } } } interfaces { possibleTypes { name } } }"
    )
    try expect(
      .maxIntrospectionDepth,
      "{ __schema { types { fields { type { ...T } } } } x: __type(name: \"T\") { ...T } "
        + "y: __type(name: \"T\") { interfaces { ... { fields { type { inputFields { name } } } } } } }"
        + "fragment T on __Type { ...T interfaces { ...U } } fragment U on __Type { possibleTypes { "
        + "name ...T } }",
      "Maximum introspection depth exceeded 1:3", "Maximum introspection depth exceeded 1:81")
  }

  @Test func `spreads that double at every level are measured once each`() throws {
    var text = "{ __schema { types { ...F0 } } } "
    for level in 0..<100 {
      text +=
        "fragment F\(level) on __Type { a: ofType { ...F\(level + 1) } b: ofType { ...F\(level + 1) } } "
    }
    text += "fragment F100 on __Type { name }"
    try expect(
      .maxIntrospectionDepth, text,
      "The document exceeds the limit of 10000 fields after replacing fragments (fieldsAfterFragments). 1:1")
  }

  @Test func `rules are chosen by graphql-js's names`() throws {
    #expect(ValidationRule(named: "ScalarLeafsRule") == .scalarLeafs)
    #expect(ValidationRule(named: "ScalarLeafs") == nil)
    #expect(Set(ValidationRule.allCases.map(\.name)).count == 34)
    for rule in ValidationRule.allCases { #expect(ValidationRule(named: rule.name) == rule) }
    #expect(ValidationRules.specified.contains(.maxIntrospectionDepth))
    #expect(!ValidationRules.specified.contains(.noDeprecatedCustom))
    let none = ValidationOptions(rules: [])
    #expect(try validationErrors("{ a { b(c: $d) } ...f }", options: none) == [])
  }
}
