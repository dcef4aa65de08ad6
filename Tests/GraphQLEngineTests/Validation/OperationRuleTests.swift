import Testing

@testable import GraphQLEngine

/// § 5.1 Documents and § 5.2 Operations.
@Suite struct OperationRuleTests {
  @Test func `only operations and fragments are executable`() throws {
    try expect(.executableDefinitions, "{ dog { name } } fragment f on Dog { name }")
    try expect(
      .executableDefinitions,
      "{ dog { name } } type Cow { name: String } extend type Dog { color: String } schema { query: Cow } "
        + "extend schema @onQuery directive @d on FIELD",
      "The \"Cow\" definition is not executable. 1:18",
      "The \"Dog\" definition is not executable. 1:44",
      "The \"d\" definition is not executable. 1:123",
      "The schema definition is not executable. 1:100",
      "The schema definition is not executable. 1:78")
  }

  @Test func `the schema has a root type for each operation`() throws {
    try expect(.knownOperationTypes, "query { a } mutation { a }")
    try expect(
      .knownOperationTypes, "query { a } mutation { a } subscription { a }",
      "The mutation operation is not supported by the schema. 1:13",
      "The subscription operation is not supported by the schema. 1:28", schema: querySchema)
  }

  @Test func `operation names are unique`() throws {
    try expect(.uniqueOperationNames, "query A { dog { name } } mutation B { rename { name } }")
    try expect(.uniqueOperationNames, "query A { ...A } fragment A on Query { dog { name } }")
    try expect(
      .uniqueOperationNames, "query A { a }\nquery B { b }\nmutation A { c }\nquery A { d }",
      "There can be only one operation named \"A\". 1:7 3:10",
      "There can be only one operation named \"A\". 1:7 4:7")
  }

  @Test func `an anonymous operation is alone`() throws {
    try expect(.loneAnonymousOperation, "{ dog { name } } fragment f on Dog { name }")
    try expect(.loneAnonymousOperation, "query A { a } query B { b }")
    try expect(
      .loneAnonymousOperation, "{ a } query B { b } { c }",
      "This anonymous operation must be the only defined operation. 1:1",
      "This anonymous operation must be the only defined operation. 1:21")
  }

  @Test func `a subscription selects one root field`() throws {
    try expect(.singleFieldSubscriptions, "subscription { barks { name nickname } }")
    try expect(.singleFieldSubscriptions, "subscription { barks { name } barks { nickname } }")
    try expect(
      .singleFieldSubscriptions, "subscription { ...f } fragment f on Subscription { barks { name } }")
    try expect(.singleFieldSubscriptions, "subscription { ... on Dog { meows } barks { name } }")
    try expect(.singleFieldSubscriptions, "query { dog { name } cat { name } }")
    try expect(.singleFieldSubscriptions, "subscription { a b }", schema: querySchema)
    try expect(
      .singleFieldSubscriptions, "subscription S { barks { name } meows { name } x: meows { name } }",
      "Subscription \"S\" must select only one top level field. 1:33 1:48")
    try expect(
      .singleFieldSubscriptions,
      "subscription { barks { name } ...f } fragment f on Subscription { ... { meows { name } } ...g } "
        + "fragment g on Subscription { ...f z: meows { name } }",
      "Anonymous Subscription must select only one top level field. 1:73 1:131")
  }

  @Test func `a subscription selects at least one root field`() throws {
    try expect(
      .singleFieldSubscriptions, "subscription S { }",
      "Subscription \"S\" must select only one top level field. 1:1")
    try expect(
      .singleFieldSubscriptions, "subscription { ...f ... { } } fragment f on Subscription { }",
      "Anonymous Subscription must select only one top level field. 1:1")
    // Other rules refuse these.
    try expect(.singleFieldSubscriptions, "subscription { ...unknown }")
    try expect(.singleFieldSubscriptions, "subscription { ... on Dog { name } }")
    try expect(.singleFieldSubscriptions, "subscription { ...f } fragment f on Subscription { ...f }")
  }

  @Test func `a subscription selects no introspection field`() throws {
    try expect(
      .singleFieldSubscriptions, "subscription S { t: __typename }",
      "Subscription \"S\" must not select an introspection top level field. 1:18")
    try expect(
      .singleFieldSubscriptions, "subscription { barks { name } __typename }",
      "Anonymous Subscription must not select an introspection top level field. 1:31",
      "Anonymous Subscription must select only one top level field. 1:31")
  }

  @Test func `skip and include are refused at the root of a subscription, through fragments too`() throws {
    try expect(.singleFieldSubscriptions, "subscription ($b: Boolean!) { barks { name @skip(if: $b) } }")
    try expect(
      .singleFieldSubscriptions,
      "subscription S($b: Boolean!) { barks @skip(if: $b) { name } meows @include(if: true) { name } }",
      "Subscription \"S\" must not use `@skip` or `@include` directives in the top level selection. "
        + "1:38 1:67")
    try expect(
      .singleFieldSubscriptions,
      "subscription { ...f ... @skip(if: true) { barks { name } } ...g @include(if: true) } "
        + "fragment f on Subscription { barks @include(if: true) { name } } "
        + "fragment g on Subscription { barks { name } }",
      "Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection. "
        + "1:121 1:25 1:65")
    // Also where the fragment was visited before.
    try expect(
      .singleFieldSubscriptions,
      "subscription { ...f ...f @skip(if: true) } fragment f on Subscription { barks { name } }",
      "Anonymous Subscription must not use `@skip` or `@include` directives in the top level selection. "
        + "1:26")
  }
}
