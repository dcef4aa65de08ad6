import Testing

@testable import GraphQLEngine

/// § 5.7 Directives, and those of incremental delivery.
@Suite struct DirectiveRuleTests {
  @Test func `directives are known and in their places`() throws {
    try expect(
      .knownDirectives,
      "query($a: Int @onVariable) @onQuery { dog @include(if: true) { name @onField ...f @skip(if: true) "
        + "... @include(if: true) { name } } } fragment f on Dog @many(n: 1) { name }")
    try expect(
      .knownDirectives,
      "query @unknown { dog @onQuery { name } ...f @onField } mutation @onQuery { a } "
        + "subscription @onQuery { a } fragment f on Query @onQuery { ... @onQuery { a } }",
      "Directive \"@onField\" may not be used on FRAGMENT_SPREAD. 1:45",
      "Directive \"@onQuery\" may not be used on FIELD. 1:22",
      "Directive \"@onQuery\" may not be used on FRAGMENT_DEFINITION. 1:128",
      "Directive \"@onQuery\" may not be used on INLINE_FRAGMENT. 1:143",
      "Directive \"@onQuery\" may not be used on MUTATION. 1:65",
      "Directive \"@onQuery\" may not be used on SUBSCRIPTION. 1:93",
      "Unknown directive \"@unknown\". 1:7")
    try expect(
      .knownDirectives, "query($a: Int @onField) { a }",
      "Directive \"@onField\" may not be used on VARIABLE_DEFINITION. 1:15")
  }

  @Test func `directives that are not repeatable stand once at a place`() throws {
    try expect(
      .uniqueDirectivesPerLocation,
      "{ dog @onField @many(n: 1) @many(n: 2) @unknown @unknown { name @onField } cat @onField { name } }")
    try expect(
      .uniqueDirectivesPerLocation, "{ dog @onField @skip(if: true) @onField @onField { name } }",
      "The directive \"@onField\" can only be used once at this location. 1:7 1:32",
      "The directive \"@onField\" can only be used once at this location. 1:7 1:41")
  }

  private let incremental = schema(
    """
    type Query { a: A l: [Int!]! } type Mutation { a: A l: [Int] } type Subscription { a: A l: [Int] }
    type A { a: A b: Int l: [Int] }
    """, incremental: true)

  @Test func `root fields of mutations and subscriptions are neither deferred nor streamed`() throws {
    try expect(
      .deferStreamDirectiveOnRootField,
      "{ ... @defer { a { b } } l @stream } mutation { a { ... @defer { b } l @stream } }",
      schema: incremental)
    try expect(
      .deferStreamDirectiveOnRootField,
      "mutation { ...f @defer l @stream } subscription { ... @defer { a { b } } l @stream } "
        + "fragment f on Mutation { ... @defer { a { b } } }",
      "Defer directive cannot be used on root mutation type \"Mutation\". 1:115",
      "Defer directive cannot be used on root mutation type \"Mutation\". 1:17",
      "Defer directive cannot be used on root subscription type \"Subscription\". 1:55",
      "Stream directive cannot be used on root mutation type \"Mutation\". 1:26",
      "Stream directive cannot be used on root subscription type \"Subscription\". 1:76", schema: incremental)
  }

  @Test func `what a subscription reaches is deferred or streamed only when it can be switched off`() throws {
    try expect(
      .deferStreamDirectiveOnValidOperations,
      "{ a { ...f @defer l @stream } } subscription ($x: Boolean) { a { ... @defer(if: $x) { b } "
        + "l @stream(if: false) ...g } } fragment g on A { ... @defer(if: false) { b } } "
        + "fragment f on A { ... @defer { b } }", schema: incremental)
    try expect(
      .deferStreamDirectiveOnValidOperations,
      "fragment f on A { ... @defer(if: true) { b } } subscription { a { ...f ... @defer { b } "
        + "l @stream(if: 1) } }",
      "Defer directive not supported on subscription operations. Disable `@defer` by setting the `if` "
        + "argument to `false`. 1:23",
      "Defer directive not supported on subscription operations. Disable `@defer` by setting the `if` "
        + "argument to `false`. 1:76",
      "Stream directive not supported on subscription operations. Disable `@stream` by setting the `if` "
        + "argument to `false`. 1:91", schema: incremental)
  }

  @Test func `labels are unique strings`() throws {
    try expect(
      .deferStreamDirectiveLabel,
      "{ a { ... @defer(label: \"a\") { b } ... @defer(label: null) { b } ... @defer { b } "
        + "l @stream(label: \"b\") } }", schema: incremental)
    try expect(
      .deferStreamDirectiveLabel,
      "query($x: String) { a { ... @defer(label: \"a\") { b } l @stream(label: \"\\u0061\") "
        + "... @defer(label: $x) { b } } }",
      "Argument \"@defer(label:)\" must be a static string. 1:85",
      "Value for arguments \"defer(label:)\" and \"stream(label:)\" must be unique across all Defer/Stream "
        + "directive usages. 1:29 1:56", schema: incremental)
  }

  @Test func `only lists are streamed`() throws {
    try expect(
      .streamDirectiveOnListField, "{ l @stream a { l @stream unknown @stream } }", schema: incremental)
    try expect(
      .streamDirectiveOnListField, "{ a @stream { b @stream } }",
      "Directive \"@stream\" cannot be used on non-list field \"A.b\". 1:17",
      "Directive \"@stream\" cannot be used on non-list field \"Query.a\". 1:5", schema: incremental)
  }

  @Test func `without defer and stream in the schema they are unknown`() throws {
    #expect(
      try validationErrors("{ ... @defer { a } }", against: querySchema) == [
        "Unknown directive \"@defer\". 1:7"
      ])
  }
}
