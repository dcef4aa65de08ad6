import GraphQLEngine
import Testing

@testable import Server

@Suite("Limits of operations")
struct LimitsTests {
  private static let schema = """
    directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT | ARGUMENT_DEFINITION
    directive @listSize(
      assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
    directive @cacheControl(
      maxAge: Int, scope: Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
    enum Scope { PUBLIC PRIVATE }
    type Query {
      cheap: Int
      dear(by: Int @cost(weight: "3")): Int @cost(weight: "2.5")
      list(limit: Int = 7, ids: [Int]): [Item] @listSize(assumedSize: 5, slicingArguments: ["limit", "ids"])
      plain: [Item]
      page(first: Int): Page
      ends(first: Int, last: Int): Page
        @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes"])
      kept: Item @cacheControl(maxAge: 60)
      mine: Item @cacheControl(maxAge: 30, scope: PRIVATE)
      any: Any
    }
    type Page { nodes: [Item] total: Int }
    type Item @cost(weight: "2") { name: String @cacheControl(maxAge: 10) item: Item @cacheControl(inheritMaxAge: true) }
    type Other { name: String }
    union Any = Item | Other
    """

  private func facts(_ query: String) throws -> OperationFacts {
    let schema = try Schema.build(Self.schema)
    var wiring = Wiring()
    wiring.defaultBinding = .member
    let engine = Engine(try ExecutableSchema(schema, wiring))
    return OperationFacts.of(try engine.prepare(query), schema)
  }

  private func cost(_ query: String, _ variables: InputObject = InputObject()) throws -> String {
    try facts(query).cost(variables).header
  }

  @Test(arguments: [
    ("{ cheap }", "fieldCost=0, typeCost=0"), ("{ dear }", "fieldCost=2.5, typeCost=0"),
    ("{ dear(by: 1) }", "fieldCost=5.5, typeCost=0"), ("{ list { name } }", "fieldCost=1, typeCost=14"),
    ("{ list(limit: 2) { name } }", "fieldCost=1, typeCost=4"),
    ("{ list(ids: [1, 2, 3]) { item { name } } }", "fieldCost=4, typeCost=12"),
    ("{ plain { name } }", "fieldCost=1, typeCost=20"),
    ("{ page(first: 3) { nodes { name } } }", "fieldCost=2, typeCost=7"),
    ("{ page { nodes { name } } }", "fieldCost=2, typeCost=21"),
    ("{ any { ... on Item { item { name } } ... on Other { name } } }", "fieldCost=2, typeCost=3"),
    ("{ ...F ...F } fragment F on Query { kept { name } }", "fieldCost=1, typeCost=2"),
  ])
  func `fields and objects have weights, lists have lengths`(query: String, header: String) throws {
    #expect(try cost(query) == header)
  }

  private func given(_ value: InputValue) -> InputObject { value.object ?? InputObject() }

  @Test func `a variable tells a length, its default stands in`() throws {
    let query = "query ($n: Int = 4) { list(limit: $n) { name } }"
    #expect(try cost(query) == "fieldCost=1, typeCost=8")
    #expect(try cost(query, given(["n": 9])) == "fieldCost=1, typeCost=18")
    #expect(try cost(query, given(["n": -9])) == "fieldCost=1, typeCost=0")
    #expect(try cost(query, given(["n": 1e300])).hasSuffix("typeCost=999999999999"))
  }

  @Test func `a variable that is null leaves the length to the next argument`() throws {
    let query = "query ($n: Int = 2, $m: Int) { ends(first: $n, last: $m) { nodes { name } } }"
    #expect(try cost(query) == "fieldCost=2, typeCost=5")
    #expect(try cost(query, given(["n": nil])) == "fieldCost=2, typeCost=41")
    #expect(try cost(query, given(["n": nil, "m": 9])) == "fieldCost=2, typeCost=19")
    #expect(try cost(query, given(["n": 3, "m": 9])) == "fieldCost=2, typeCost=7")
    #expect(try cost("{ ends(last: 4) { nodes { name } } }") == "fieldCost=2, typeCost=9")
  }

  @Test func `levels, breadth and aliases are counted behind fragments`() throws {
    let facts = try facts(
      "{ a: cheap b: cheap cheap ...F } fragment F on Query { kept { item { c: name } } __typename }")
    #expect(facts.depth == 3)
    #expect(facts.breadth == 4)
    #expect(facts.aliases == 3)
  }

  @Test func `aliases below introspection are counted, its levels and its breadth are not`() throws {
    let facts = try facts(
      """
      { cheap t: __typename a: __schema { types { ...T } } b: __type(name: "Item") { ...T ...T } }
      fragment T on __Type { x: name y: fields { z: type { ofType { w: name name } } } y: fields { v: name } }
      """)
    #expect(facts.aliases == 3 + 2 * 5)
    #expect(facts.depth == 1 && facts.breadth == 1)
    #expect(facts.cost(InputObject()).header == "fieldCost=0, typeCost=0")
  }

  @Test(arguments: [
    ("{ kept { item { item { __typename } } } }", "max-age=60, public"),
    ("{ kept { name } }", "max-age=10, public"),
    ("{ kept { item { __typename } } mine { __typename } }", "max-age=30, private"),
    ("{ cheap kept { name } }", nil), ("{ plain { name } }", nil), ("{ __typename }", nil),
  ])
  func `the least hint decides how long an answer is kept`(query: String, header: String?) throws {
    #expect(try facts(query).caching.header(isSignedIn: false) == header)
  }

  @Test func `an execution whose time is up is cancelled, one that has ended is not`() async throws {
    let deadlines = Deadlines(timeout: .milliseconds(20))
    let ended = Cancellation()
    deadlines.forget(deadlines.watch { ended.cancel() })
    let late = Cancellation()
    _ = deadlines.watch { late.cancel() }
    while !late.isCancelled { await Task.yield() }
    #expect(!ended.isCancelled)
  }
}
