import Testing

@testable import GraphQLEngine

/// § 5.5 Fragments.
@Suite struct FragmentRuleTests {
  @Test func `fragment names are unique`() throws {
    try expect(.uniqueFragmentNames, "{ ...A ...B } fragment A on Query { a } fragment B on Query { a }")
    try expect(
      .uniqueFragmentNames, "fragment A on Dog { a }\nfragment A on Dog { b }\nfragment A on Dog { c }",
      "There can be only one fragment named \"A\". 1:10 2:10",
      "There can be only one fragment named \"A\". 1:10 3:10")
  }

  @Test func `of two fragments with a name the last is spread and both are used`() throws {
    try expect(
      .noUnusedFragments, "{ ...A } fragment A on Query { dog { name } } fragment A on Query { cat { name } }"
    )
    #expect(
      try validationErrors("{ ...A } fragment A on Dog { name } fragment A on Query { dog { name } }")
        == ["There can be only one fragment named \"A\". 1:19 1:46"])
  }

  @Test func `type names are known`() throws {
    try expect(
      .knownTypeNames,
      "query($a: String, $b: [ComplexInput!]!) { pet { ... on Pet { name } ... { name } } } "
        + "fragment f on Dog { name }")
    try expect(
      .knownTypeNames, "query($a: [Strin!]) { pet { ... on Badger { name } } }\nfragment f on Peat { name }",
      "Unknown type \"Badger\". 1:36",
      "Unknown type \"Peat\". Did you mean \"Pet\" or \"Cat\"? 2:15",
      "Unknown type \"Strin\". Did you mean \"String\"? 1:12")
  }

  @Test func `built-in scalars are known and suggested where the schema refers to them`() throws {
    let schema = schema("type Query { a(b: Int): String }")
    try expect(
      .knownTypeNames, "query($a: Float, $b: Intt, $c: Bolean, $d: Flot) { a }",
      "Unknown type \"Float\". 1:11", "Unknown type \"Intt\". Did you mean \"Int\"? 1:22",
      "Unknown type \"Bolean\". Did you mean \"Boolean\"? 1:32", "Unknown type \"Flot\". 1:44",
      schema: schema)
  }

  @Test func `fragments are on composite types`() throws {
    try expect(
      .fragmentsOnCompositeTypes,
      "fragment a on Dog { ... on Pet { name } } fragment b on CatOrDog { ... { __typename } } "
        + "fragment c on X { x }"
    )
    try expect(
      .fragmentsOnCompositeTypes,
      "fragment a on Boolean { bad } fragment b on ComplexInput { bad } fragment c on Pet { ... on "
        + "FurColor { bad } }",
      "Fragment \"a\" cannot condition on non composite type \"Boolean\". 1:15",
      "Fragment \"b\" cannot condition on non composite type \"ComplexInput\". 1:45",
      "Fragment cannot condition on non composite type \"FurColor\". 1:93")
  }

  @Test func `fragments are used by an operation`() throws {
    try expect(
      .noUnusedFragments,
      "fragment A on Query { ...B } { dog { ...C } ...A } fragment B on Query { a } fragment C on "
        + "Dog { name }"
    )
    try expect(
      .noUnusedFragments, "{ dog { name } }\nfragment A on Dog { ...B }\nfragment B on Dog { ...A }",
      "Fragment \"A\" is never used. 2:1", "Fragment \"B\" is never used. 3:1")
  }

  @Test func `spread fragments are defined`() throws {
    try expect(.knownFragmentNames, "{ ...A } fragment A on Query { dog { name } }")
    try expect(
      .knownFragmentNames, "{ ...A ... on Query { ...B } } fragment C on Dog { ...D }",
      "Unknown fragment \"A\". 1:6", "Unknown fragment \"B\". 1:26", "Unknown fragment \"D\". 1:55")
  }

  @Test func `a fragment does not spread itself`() throws {
    try expect(
      .noFragmentCycles,
      "fragment A on Dog { ...B ...B ...X } fragment B on Dog { ...C } fragment C on Dog { name }")
    try expect(
      .noFragmentCycles, "fragment A on Human { relatives { ...A } }",
      "Cannot spread fragment \"A\" within itself. 1:35")
    try expect(
      .noFragmentCycles,
      "fragment A on Dog { ...B }\nfragment B on Dog { ...C }\nfragment C on Dog { ...A ...C }",
      "Cannot spread fragment \"A\" within itself via \"B\", \"C\". 1:21 2:21 3:21",
      "Cannot spread fragment \"C\" within itself. 3:26")
  }

  @Test func `cycles are found in the order of outer selection sets first`() throws {
    try expect(
      .noFragmentCycles,
      "fragment A on Dog { mother { ...B } ...C } fragment B on Dog { ...A } fragment C on Dog { ...B }",
      "Cannot spread fragment \"A\" within itself via \"C\", \"B\". 1:37 1:91 1:64")
  }

  @Test func `spreads are possible`() throws {
    try expect(
      .possibleFragmentSpreads,
      "{ dog { ... on Dog { a } ... on Pet { a } ... on CatOrDog { a } ... on Unknown { a } ... { a } ...P } "
        + "pet { ... on Canine { a } ... on CatOrDog { a } } catOrDog { ...P ... on Mammal { a } } "
        + "unknown { ...P } } fragment P on Pet { a }")
    try expect(
      .possibleFragmentSpreads,
      "{ dog { ... on Cat { a } ...H ... on Boolean { a } } human { ... on Pet { a } ... on "
        + "CatOrDog { a } } }"
        + "fragment H on Human { ...C } fragment C on CatOrDog { ...H }",
      "Fragment \"C\" cannot be spread here as objects of type \"Human\" can never be of type "
        + "\"CatOrDog\". 1:126",
      "Fragment \"H\" cannot be spread here as objects of type \"CatOrDog\" can never be of type "
        + "\"Human\". 1:158",
      "Fragment \"H\" cannot be spread here as objects of type \"Dog\" can never be of type \"Human\". 1:26",
      "Fragment cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\". 1:9",
      "Fragment cannot be spread here as objects of type \"Human\" can never be of type \"CatOrDog\". 1:79",
      "Fragment cannot be spread here as objects of type \"Human\" can never be of type \"Pet\". 1:62")
  }
}
