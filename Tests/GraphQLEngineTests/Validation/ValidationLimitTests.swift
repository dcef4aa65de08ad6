import Testing

@testable import GraphQLEngine

/// Documents that would be expensive for a careless validator: each is answered within a budget, on a small
/// stack.
@Suite struct ValidationLimitTests {
  /// The messages for a document, validated on a stack of 512 KiB.
  private func messages(
    _ text: String, against schema: Schema = petSchema, options: ValidationOptions = .init()
  ) async throws -> [String] {
    let document = try Document.parse(text, limits: .schema)
    return await onSmallStack { schema.validate(document, options: options).map(\.message) }
  }

  private func repeated(_ count: Int, _ unit: (Int) -> String) -> String {
    (0..<count).map(unit).joined(separator: " ")
  }

  @Test func `ten thousand identical fields merge`() async throws {
    #expect(try await messages("{ dog { \(repeated(9_990) { _ in "name" }) } }") == [])
    #expect(try await messages("{ \(repeated(3_000) { _ in "dog { owner { name } }" }) }") == [])
  }

  @Test func `ten thousand conflicting fields give as many errors as the limit`() async throws {
    let found = try await messages("{ dog { \(repeated(9_000) { "x: name(surname: \($0))" }) } }")
    #expect(found.count == 101)
    #expect(found.last == "Too many validation errors, error limit reached. Validation aborted.")
  }

  @Test func `a set of fields under hundreds of types merges`() async throws {
    let types = repeated(600) { "type T\($0) implements N { id: ID n: N }" }
    let wide = schema("type Query { n: N } interface N { id: ID n: N } \(types)")
    let fragments = repeated(600) { "... on T\($0) { id n { id } }" }
    #expect(try await messages("{ n { \(fragments) } }", against: wide) == [])
    let budget = "The document exceeds the limit of 100000 comparisons to merge fields (mergeComparisons)."
    let others = repeated(600) { _ in "n { id }" }
    #expect(try await messages("{ n { \(fragments) \(others) } }", against: wide) == [budget])
  }

  @Test func `nested conflicts have a bound in depth and in length`() async throws {
    let nest = { (depth: Int, leaf: String) in
      String(repeating: "mother {", count: depth) + leaf + String(repeating: "}", count: depth)
    }
    let found = try await messages("{ dog { \(nest(90, "x: name")) \(nest(90, "x: nickname")) } }")
    #expect(found.count == 1)
    #expect(found[0].hasSuffix("Use different aliases on the fields to fetch both if this was intentional."))
    let deep = try await messages("{ dog { \(nest(190, "x: name")) \(nest(190, "x: nickname")) } }")
    #expect(
      deep == ["The document exceeds the limit of 100000 comparisons to merge fields (mergeComparisons)."])
    let wide = repeated(2_000) { "x\($0): name" }
    let other = repeated(2_000) { "x\($0): nickname" }
    let long = try await messages("{ dog { \(wide) } dog { \(other) } }")
    #expect(long.count == 1)
    #expect(long[0].utf8.count < 20_000)
  }

  @Test func `a thousand fragments that spread each other are answered`() async throws {
    let spreads = repeated(100) { "...F\($0)" }
    let all = repeated(1_000) { "fragment F\($0) on Dog { name \(spreads) ...F\(($0 * 7 + 1) % 1_000) }" }
    let found = try await messages("{ dog { ...F0 } } \(all)")
    #expect(found.count == 101)
    #expect(found.contains { $0.hasPrefix("Cannot spread fragment") })
  }

  @Test func `a chain of a thousand fragments is valid`() async throws {
    let chain = repeated(1_000) { "fragment F\($0) on Dog { name ...F\($0 + 1) }" }
    #expect(try await messages("{ dog { ...F0 } } \(chain) fragment F1000 on Dog { name }") == [])
    let backwards = repeated(1_000) { "fragment F\(1_000 - $0) on Dog { name ...F\(999 - $0) }" }
    #expect(try await messages("\(backwards) fragment F0 on Dog { name } { dog { ...F1000 } }") == [])
  }

  @Test func `fragments that nest too deep are refused by name`() async throws {
    let chain = repeated(300) { "fragment F\($0) on Dog { mother { ...F\($0 + 1) } }" }
    #expect(
      try await messages("{ dog { ...F0 } } \(chain) fragment F300 on Dog { name }") == [
        "The document exceeds the limit of 200 levels of selection sets after replacing fragments "
          + "(depthAfterFragments)."
      ])
  }

  @Test func `fragments that double at every level are refused by name`() async throws {
    let bomb = repeated(100) {
      "fragment F\($0) on Dog { a: mother { ...F\($0 + 1) } b: mother { ...F\($0 + 1) } }"
    }
    #expect(
      try await messages("{ dog { ...F0 } } \(bomb) fragment F100 on Dog { name }") == [
        "The document exceeds the limit of 10000 fields after replacing fragments (fieldsAfterFragments)."
      ])
  }

  @Test func `fragments followed from many operations are refused by name`() async throws {
    let operations = repeated(400) { "query Q\($0) { dog { ...F0 } }" }
    let chain = repeated(300) { "fragment F\($0) on Dog { name ...F\($0 + 1) }" }
    #expect(
      try await messages("\(operations) \(chain) fragment F300 on Dog { name }") == [
        "The document exceeds the limit of 100000 fragment spreads to follow (fragmentVisits)."
      ])
  }

  @Test func `ten thousand directives at one place are refused by name`() async throws {
    #expect(try await messages("{ dog \(repeated(8) { _ in "@many(n: 1)" }) { name } }") == [])
    #expect(
      try await messages("{ dog \(repeated(10_000) { _ in "@many(n: 1)" }) { name } }") == [
        "The document exceeds the limit of 8 directives at one location (directivesPerLocation)."
      ])
  }

  @Test func `huge lists and deep input objects are followed without recursion`() async throws {
    let list = repeated(50_000) { _ in "\"a\"" }
    #expect(try await messages("{ arguments { strings(a: [\(list)]) } }") == [])
    let deep = String(repeating: "{requiredField: true, nested: ", count: 190) + "null"
    let closed = deep + String(repeating: "}", count: 190)
    #expect(try await messages("{ arguments { complex(a: \(closed)) complex(a: \(closed)) } }") == [])
    let lists = String(repeating: "[", count: 190) + String(repeating: "]", count: 190)
    #expect(try await messages("{ arguments { json(a: \(lists)) } }") == [])
  }

  @Test func `thousands of arguments, fields of objects and variables are not compared in pairs`()
    async throws
  {
    let fields = repeated(10_000) { "k\($0): 1" }
    #expect(try await messages("{ arguments { json(a: {\(fields)}) json(a: {\(fields)}) } }") == [])
    let reversed = repeated(10_000) { "k\(9_999 - $0): 1" }
    #expect(
      try await messages("{ arguments { json(a: {\(fields)}) json(a: {\(reversed)}) } }") == [
        "The document exceeds the limit of 100000 comparisons to merge fields (mergeComparisons)."
      ])
    let options = ValidationOptions(rules: ValidationRules([.uniqueArgumentNames]))
    #expect(try await messages("{ f(\(repeated(10_000) { _ in "a: 1" })) }", options: options).count == 1)
    let definitions = repeated(10_000) { "$v\($0): Int" }
    #expect(try await messages("query(\(definitions)) { dog { name } }").count == 101)
  }

  @Test func `an error has a bounded number of locations`() async throws {
    let document = try Document.parse("{ f(\(repeated(3_000) { _ in "a: 1" })) }", limits: .schema)
    let options = ValidationOptions(rules: ValidationRules([.uniqueArgumentNames]))
    let error = petSchema.validate(document, options: options)[0]
    #expect(error.locations.count == 1_000)
    #expect(error.locations.last == .init(line: 1, column: 5 + 999 * 5))
  }

  @Test func `suggestions are only looked for while there is budget`() async throws {
    var options = ValidationOptions(rules: ValidationRules([.fieldsOnCorrectType]))
    options.limits.suggestionCells = 100
    let found = try await messages("{ dog { \(repeated(50) { "nickname\($0)" }) } }", options: options)
    #expect(found.first?.hasSuffix("Did you mean \"nickname\"?") == true)
    #expect(found.last == "Cannot query field \"nickname49\" on type \"Dog\".")
  }

  @Test func `a name of any length is looked up and suggested within bounds`() async throws {
    let name = String(repeating: "n", count: 100_000)
    let found = try await messages("{ dog { \(name) } }")
    #expect(found.count == 1)
    #expect(found[0].hasPrefix("Cannot query field \"nnnn"))
    #expect(found[0].hasSuffix("n…") && found[0].utf8.count < 21_000)
  }

  @Test func `the limits can be set`() async throws {
    var options = ValidationOptions()
    options.limits.maximumErrors = 2
    #expect(
      try await messages("{ a b c d }", options: options) == [
        "Cannot query field \"a\" on type \"Query\".", "Cannot query field \"b\" on type \"Query\".",
        "Too many validation errors, error limit reached. Validation aborted.",
      ])
  }
}
