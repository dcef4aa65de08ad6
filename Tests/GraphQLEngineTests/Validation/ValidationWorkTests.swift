import Testing

@testable import GraphQLEngine

/// Work that budgets must see although it hides in one node: long strings, long names, wide input types.
@Suite struct ValidationWorkTests {
  private func messages(
    _ text: String, against schema: Schema = petSchema, options: ValidationOptions = .init()
  ) throws -> [String] {
    schema.validate(try Document.parse(text, limits: .schema), options: options).map(\.message)
  }

  private func repeated(_ count: Int, _ unit: (Int) -> String) -> String {
    (0..<count).map(unit).joined(separator: " ")
  }

  @Test func `a long string that is compared to thousands of others takes the budget`() throws {
    let long = "\"\"\"" + String(repeating: "x\\\"\"\"", count: 20_000) + "\"\"\""
    let others = repeated(3_000) { _ in "arguments { string(a: \"\"\"x\"\"\") }" }
    let found = try messages("{ arguments { string(a: \(long)) } \(others) }")
    #expect(found.contains { $0.contains("they have differing arguments") })
    #expect(found.contains { $0.contains("(mergeComparisons)") })
    let same = repeated(300) { _ in "arguments { string(a: \(long)) }" }
    #expect(try messages("{ \(same) }") == [])
  }

  @Test func `a hundred errors do not repeat a long name a hundred times`() throws {
    let name = String(repeating: "n", count: 200_000)
    let usages = repeated(200) { "dog { isAtLocation(x: $v\($0)) }" }
    let found = try messages("query \(name) { \(usages) }")
    #expect(found.count == 101)
    #expect(found.allSatisfy { $0.utf8.count < 21_000 })
    #expect(found[0].hasSuffix("…"))
  }

  @Test func `thousands of required arguments and input fields are found by name`() throws {
    let fields = repeated(5_000) { "f\($0): Int!" }
    let wide = schema("type Query { a(\(fields)): Int b(i: I): Int } input I { \(fields) }")
    let given = repeated(5_000) { "f\($0): 1" }
    #expect(try messages("{ a(\(given)) b(i: {\(given)}) }", against: wide) == [])
    let missing = repeated(4_999) { "f\($0): 1" }
    #expect(
      try messages("{ a(\(missing)) b(i: {\(missing)}) }", against: wide) == [
        "Field \"a\" argument \"f4999\" of type \"Int!\" is required, but it was not provided.",
        "Field \"I.f4999\" of required type \"Int!\" was not provided.",
      ])
    #expect(try messages("{ a b(i: {}) }", against: wide).count == 101)
  }

  @Test func `fragments followed from many subscriptions are refused by name`() throws {
    let operations = repeated(400) { "subscription S\($0) { ...F0 }" }
    let chain = repeated(300) { "fragment F\($0) on Subscription { ...F\($0 + 1) }" }
    #expect(
      try messages("\(operations) \(chain) fragment F300 on Subscription { barks { name } }").contains(
        "The document exceeds the limit of 100000 fragment spreads to follow (fragmentVisits)."))
  }

  @Test func `a field with thousands of directives is not searched for each field it merges with`() throws {
    let streaming = schema(
      "type Query { a: [Int] } directive @stream on FIELD directive @d repeatable on FIELD")
    let directives = repeated(5_000) { _ in "@d" }
    #expect(
      try messages("{ a \(directives) \(repeated(5_000) { _ in "a" }) }", against: streaming) == [
        "The document exceeds the limit of 8 directives at one location (directivesPerLocation)."
      ])
  }
}
