import Testing

@testable import GraphQLEngine

/// § 5.3.1 Field Selections and § 5.3.3 Leaf Field Selections, and § 5.4 Arguments.
@Suite struct FieldRuleTests {
  @Test func `fields of the type and meta fields are known`() throws {
    try expect(
      .fieldsOnCorrectType,
      "{ __typename __schema { types { name } } __type(name: \"Dog\") { name } "
        + "dog { __typename barks alias: name } catOrDog { __typename ... on Cat { meows } } pet { name } }")
    try expect(.fieldsOnCorrectType, "{ unknown { anything { at { all } } } }", schema: unknownFieldSchema)
    try expect(.fieldsOnCorrectType, "fragment f on Unknown { anything ... on Dog { barks } }")
  }

  /// Has `unknown`, whose type is an object, so that nothing but the leaf rule could complain.
  private let unknownFieldSchema = schema(
    "type Query { unknown: A } type A { anything: B } type B { at: C } type C { all: Int }")

  @Test func `an unknown field is refused with what is similar`() throws {
    try expect(
      .fieldsOnCorrectType, "{ dog { barkVolum } }",
      "Cannot query field \"barkVolum\" on type \"Dog\". Did you mean \"barkVolume\"? 1:9")
    try expect(
      .fieldsOnCorrectType, "{ dog { nicknam { deeper } } cat { nothingLikeIt } }",
      "Cannot query field \"nicknam\" on type \"Dog\". Did you mean \"nickname\"? 1:9",
      "Cannot query field \"nothingLikeIt\" on type \"Cat\". 1:36")
    try expect(
      .fieldsOnCorrectType, "{ dog { __schema { types { name } } } }",
      "Cannot query field \"__schema\" on type \"Dog\". 1:9")
  }

  @Test func `a field of possible types is suggested with an inline fragment`() throws {
    try expect(
      .fieldsOnCorrectType, "{ pet { nickname } }",
      "Cannot query field \"nickname\" on type \"Pet\". Did you mean to use an inline fragment on \"Cat\" "
        + "or \"Dog\"? 1:9")
    try expect(
      .fieldsOnCorrectType, "{ catOrDog { name } }",
      "Cannot query field \"name\" on type \"CatOrDog\". Did you mean to use an inline fragment on \"Pet\", "
        + "\"Canine\", \"Cat\", or \"Dog\"? 1:14")
    try expect(
      .fieldsOnCorrectType, "{ pet { nam } }",
      "Cannot query field \"nam\" on type \"Pet\". Did you mean \"name\"? 1:9")
    try expect(
      .fieldsOnCorrectType, "{ catOrDog { nam } }", "Cannot query field \"nam\" on type \"CatOrDog\". 1:14")
  }

  @Test func `suggestions can be hidden`() throws {
    let options = ValidationOptions(hidesSuggestions: true)
    #expect(
      try validationErrors("{ pet { nickname } dog { barkVolum } }", options: options) == [
        "Cannot query field \"barkVolum\" on type \"Dog\". 1:26",
        "Cannot query field \"nickname\" on type \"Pet\". 1:9",
      ])
    #expect(
      try validationErrors(
        "{ arguments { int(b: 1) color(a: BROW) } dog { ... on Dogs { name } } }", options: options)
        == [
          "Unknown argument \"b\" on field \"Arguments.int\". 1:19",
          "Unknown type \"Dogs\". 1:55",
          "Value \"BROW\" does not exist in \"FurColor\" enum. 1:34",
        ])
  }

  @Test func `leaves have no selection set, composite types have one`() throws {
    try expect(.scalarLeafs, "{ dog { barks mother { name } } catOrDog { __typename } }")
    try expect(.scalarLeafs, "{ dog { unknown { a } } }")
    try expect(
      .scalarLeafs, "{ dogs human dog { barks { loud } } cat { furColor { red } } }",
      "Field \"barks\" must not have a selection since type \"Boolean\" has no subfields. 1:26",
      "Field \"dogs\" of type \"[Dog!]!\" must have a selection of subfields. "
        + "Did you mean \"dogs { ... }\"? 1:3",
      "Field \"furColor\" must not have a selection since type \"FurColor\" has no subfields. 1:52",
      "Field \"human\" of type \"Human\" must have a selection of subfields. "
        + "Did you mean \"human { ... }\"? 1:8")
  }

  @Test func `selection sets may be empty`() throws {
    #expect(try validationErrors("{ }") == [])
    #expect(try validationErrors("{ dog { } catOrDog { ... on Cat { } } }") == [])
  }

  @Test func `arguments are known`() throws {
    try expect(.knownArgumentNames, "{ dog { isAtLocation(x: 1, y: 2) @include(if: true) } }")
    try expect(.knownArgumentNames, "{ dog { unknown(x: 1) @unknown(y: 2) } }")
    try expect(
      .knownArgumentNames, "{ dog @skip(unless: true) { isHouseTrained(atOtherHome: true, dont: 1) } }",
      "Unknown argument \"atOtherHome\" on field \"Dog.isHouseTrained\". Did you mean \"atOtherHomes\"? 1:44",
      "Unknown argument \"dont\" on field \"Dog.isHouseTrained\". 1:63",
      "Unknown argument \"unless\" on directive \"@skip\". 1:13")
    try expect(
      .knownArgumentNames,
      "{ dog @onField(iff: true) { name @include(iff: true) } pet { name(surnam: true) } }",
      "Unknown argument \"iff\" on directive \"@include\". Did you mean \"if\"? 1:43",
      "Unknown argument \"iff\" on directive \"@onField\". 1:16",
      "Unknown argument \"surnam\" on field \"Pet.name\". Did you mean \"surname\"? 1:67")
  }

  @Test func `argument names are unique`() throws {
    try expect(.uniqueArgumentNames, "{ arguments { two(a: 1, b: 2) @many(n: 1) @many(n: 1) } }")
    try expect(
      .uniqueArgumentNames, "{ arguments { two(a: 1, b: 2, a: 3, c: 4, b: 5, a: 6) int @many(n: 1, n: 2) } }",
      "There can be only one argument named \"a\". 1:19 1:31 1:49",
      "There can be only one argument named \"b\". 1:25 1:43",
      "There can be only one argument named \"n\". 1:65 1:71")
  }

  @Test func `required arguments are given`() throws {
    try expect(.providedRequiredArguments, "{ arguments { two(b: 1, a: 2) int withDefault } }")
    try expect(.providedRequiredArguments, "{ arguments { unknown } dog @unknown { name } }")
    try expect(.providedRequiredArguments, "query($x: Int!) { arguments { nonNullInt(a: $x) } }")
    try expect(
      .providedRequiredArguments, "{ arguments { two(a: 1) n: two nonNullInt(b: 2) int @many @include } }",
      "Directive \"@include\" argument \"if\" of type \"Boolean!\" is required, but it was not "
        + "provided. 1:59",
      "Directive \"@many\" argument \"n\" of type \"Int!\" is required, but it was not provided. 1:53",
      "Field \"nonNullInt\" argument \"a\" of type \"Int!\" is required, but it was not provided. 1:32",
      "Field \"two\" argument \"a\" of type \"Int!\" is required, but it was not provided. 1:25",
      "Field \"two\" argument \"b\" of type \"Int!\" is required, but it was not provided. 1:15",
      "Field \"two\" argument \"b\" of type \"Int!\" is required, but it was not provided. 1:25")
  }

  @Test func `required arguments and fields beyond the sixty-fourth are not forgotten`() throws {
    let optional = (0..<70).map { "a\($0): Int" }.joined(separator: " ")
    let wide = schema(
      "type Query { f(\(optional), last: Int!): Int g(in: I): Int } input I { \(optional) last: Int! }")
    try expect(.providedRequiredArguments, "{ f(last: 1) }", schema: wide)
    try expect(.valuesOfCorrectType, "{ g(in: {last: 1}) }", schema: wide)
    try expect(
      .providedRequiredArguments, "{ f }",
      "Field \"f\" argument \"last\" of type \"Int!\" is required, but it was not provided. 1:3", schema: wide
    )
    try expect(
      .valuesOfCorrectType, "{ g(in: {a1: 1}) }",
      "Field \"I.last\" of required type \"Int!\" was not provided. 1:9", schema: wide)
  }
}
