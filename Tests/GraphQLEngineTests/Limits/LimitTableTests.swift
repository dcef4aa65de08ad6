import Testing

@testable import GraphQLEngine

/// Each row of the table of limits in docs/engine.md: its default, and what a request sees that breaks it.
///
/// `ValidationLimitTests` and `ParseLimitTests` look closer at single ones.
@Suite("docs/engine.md, Limits") struct LimitTableTests {
  private static let sdl = """
    directive @many repeatable on FIELD
    type Query { q: Query n: Int list: [Query] a(i: Int): Int u: U other: Int }
    union U = Query | A
    type A { n: Int }
    """

  private func answer(
    _ query: String, root: InputValue = [:], _ limits: (inout EngineLimits) -> Void = { _ in }
  ) async throws -> String {
    var chosen = EngineLimits()
    limits(&chosen)
    let engine = try TestEngine(Self.sdl, limits: chosen)
    return await engine.run(query, root: root, isValidated: true)
  }

  private func repeated(_ count: Int, _ unit: (Int) -> String) -> String {
    (0..<count).map(unit).joined(separator: " ")
  }

  @Test func `the defaults are those of the table`() {
    let limits = EngineLimits()
    #expect(limits.tokens == 15_000 && limits.depth == 200 && limits.fields == 10_000)
    #expect(limits.errors == 100 && limits.responseBytes == 64 << 20 && limits.planCacheBytes == 64 << 20)
    #expect(!limits.hidesSuggestions)
    let validation = limits.validation
    #expect(validation.maximumErrors == 100 && validation.mergeComparisons == 100_000)
    #expect(validation.fragmentVisits == 100_000 && validation.fieldsAfterFragments == 10_000)
    #expect(validation.depthAfterFragments == 200 && validation.directivesPerLocation == 8)
    #expect(validation.introspectionLists == 2 && validation.suggestionCells == 2_000_000)
    #expect(validation.locationsPerError == 1_000)
    #expect(ParseLimits.request == ParseLimits(tokens: 15_000, nestingDepth: 200))
    #expect(ParseLimits.schema.tokens == nil && ParseLimits.schema.nestingDepth == 200)
    #expect(JSONReader.defaultDepth == 128 && TypeReference.maximumWrappers == 20)
    #expect(DefaultValueSize.maximumValues == 10_000 && DefaultValueSize.maximumDepth == 100)
  }

  @Test func `tokens of a request, not of SDL`() async throws {
    let many = "{ \(repeated(15_000) { _ in "n" }) }"
    #expect(try await answer(many).contains("Document contains more that 15000 tokens. Parsing aborted."))
    #expect(try Document.parse(many, limits: .schema).tokenCount == 15_002)
    let sdl = "type Query { \(repeated(20_000) { "f\($0): Int" }) }"
    #expect(try Schema.build(sdl).fields.count > 20_000)
  }

  @Test func `nesting`() async throws {
    let deep = String(repeating: "{ q ", count: 201) + "{ n }" + String(repeating: "}", count: 201)
    #expect(try await answer(deep).contains("Document nests deeper than 200 levels."))
    #expect(try await answer("{ q { q { n } } }") { $0.depth = 2 }.contains("deeper than 2 levels"))
  }

  @Test func `fields of a plan and after fragments`() async throws {
    let bomb = repeated(20) { "fragment F\($0) on Query { a: q { ...F\($0 + 1) } b: q { ...F\($0 + 1) } }" }
    let query = "{ ...F0 } \(bomb) fragment F20 on Query { n }"
    #expect(try await answer(query).contains("limit of 10000 fields after replacing fragments"))
    #expect(try await answer("{ n q { n } }") { $0.fields = 2 }.contains("more than 2 fields"))
  }

  @Test func `fields of a concrete type that is met while executing`() async throws {
    let items = InputValue.list((0..<500).map { _ in ["__typename": "A", "n": 1] })
    let engine = try TestEngine(
      "type Query { us: [U] } union U = A | B type A { n: Int } type B { n: Int }",
      limits: {
        var limits = EngineLimits(); limits.fields = 3; return limits
      }())
    let text = await engine.run(
      "{ us { ... on A { n m: n o: n } ... on B { n } } }", root: ["us": items], isValidated: true)
    #expect(text.contains("The operation has more than 3 fields."))
    #expect(text.contains("\"us\":[null,null"))
  }

  @Test func `errors and bytes of a response`() async throws {
    let wrong = InputValue.list((0..<500).map { ["n": .string("x\($0)")] })
    let text = try await answer("{ list { n } }", root: ["list": wrong])
    let errors = try JSONReader.read(text)["errors"]?.list ?? []
    #expect(errors.count == 100 || errors.count == 101)
    let items = InputValue.list((0..<10_000).map { ["n": .int($0)] })
    let long = try await answer("{ list { n } }", root: ["list": items]) { $0.responseBytes = 10_000 }
    #expect(long.utf8.count < 12_000)
    #expect(long.contains("10000 bytes"))
  }

  @Test func `bytes of the plan cache`() throws {
    var limits = EngineLimits()
    limits.planCacheBytes = 50_000
    let engine = try TestEngine(Self.sdl, limits: limits).engine
    for number in 0..<200 { _ = try engine.prepare("{ a(i: \(number)) }") }
    #expect(engine.cache.count > 0 && engine.cache.count < 150)
  }

  @Test func `comparisons, fragments, directives and introspection of a document`() async throws {
    let twice = repeated(2) { _ in
      String(repeating: "q {", count: 150) + repeated(400) { "x\($0): n" }
        + String(repeating: "}", count: 150)
    }
    let same = try await answer("{ \(twice) }") { $0.validation.mergeComparisons = 100 }
    #expect(same.contains("limit of 100 comparisons to merge fields (mergeComparisons)"))
    let chain =
      "{ ...A } fragment A on Query { ...B } fragment B on Query { q { ...C } } fragment C on Query { n }"
    #expect(
      try await answer(chain) { $0.validation.fragmentVisits = 2 }.contains(
        "limit of 2 fragment spreads to follow (fragmentVisits)"))
    #expect(
      try await answer(chain) { $0.validation.depthAfterFragments = 1 }.contains("(depthAfterFragments)"))
    #expect(
      try await answer(chain) { $0.validation.fieldsAfterFragments = 1 }.contains("(fieldsAfterFragments)"))
    #expect(
      try await answer("{ n \(repeated(9) { _ in "@many" }) }").contains(
        "limit of 8 directives at one location (directivesPerLocation)"))
    let loop = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    #expect(try await answer(loop).contains("Maximum introspection depth exceeded"))
  }

  @Test func `errors, suggestions and locations of a validation`() async throws {
    let unknown = try await answer("{ \(repeated(200) { "othet\($0)" }) }")
    let messages = try JSONReader.read(unknown)["errors"]?.list ?? []
    #expect(messages.count == 101)
    #expect(
      messages.last?["message"]?.string
        == "Too many validation errors, error limit reached. Validation aborted.")
    #expect(try await answer("{ othe }").contains("Did you mean"))
    #expect(try await answer("{ othe }") { $0.hidesSuggestions = true }.contains("Did you mean") == false)
    #expect(
      try await answer("{ othe }") { $0.validation.suggestionCells = 0 }.contains("Did you mean") == false)
    let repeats = try await answer("{ a(\(repeated(3_000) { _ in "i: 1" })) }")
    #expect(try JSONReader.read(repeats)["errors"]?.list?.first?["locations"]?.list?.count == 1_000)
  }
}
