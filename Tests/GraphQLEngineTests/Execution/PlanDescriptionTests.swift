import GraphQLEngine
import Synchronization
import Testing

/// The calls that a tracer is told of.
private final class CallTrace: ExecutionTracer {
  private let state = Mutex<[String]>([])

  func willCall(_ call: TracedCall) { state.withLock { $0.append("\(call.fields) \(call.count)") } }
  func didCall() { state.withLock { $0.append("done") } }

  var calls: [String] { state.withLock { $0 } }
}

@Suite("What a plan will do, and what it did")
struct PlanDescriptionTests {
  private static let sdl = """
    type Query { authors(first: Int): [Author!]!, any: Named }
    interface Named { name: String }
    type Author implements Named { name: String, address: Address, books: [Book!], friend: Author }
    type Address { city: String }
    type Book implements Named { name: String, author: Author }
    """

  private static let people = Loader<String> { call in
    .ready(.objects(.dynamic(call.keys.map { ["name": .string($0)] })))
  }

  private static func engine() throws -> Engine {
    try TestEngine(sdl, isDynamic: false) { wiring, _ in bind(&wiring) }.engine
  }

  private static func bind(_ wiring: inout Wiring) {
    for (type, field) in [
      ("Author", "name"), ("Author", "address"), ("Address", "city"), ("Book", "name"),
    ] { wiring.bind(type, field, .member) }
    wiring.bind(
      "Query", "authors",
      .batch { _ in .ready(.list(.dynamic([["name": "A", "address": ["city": "C"]], ["name": "B"]]))) })
    wiring.bind("Query", "any", .batch { _ in .ready(.nulls(1)) })
    wiring.bind(
      "Author", "books",
      .batch { call in
        .ready(
          .objects(.dynamic([["name": "x"], ["name": "y"]])).lists(
            counts: [2] + Array(repeating: 0, count: call.parents.count - 1)))
      })
    let keys: @Sendable (FieldCall) throws -> [String?] = { call in
      (0..<call.parents.count).map { "p\($0)" }
    }
    wiring.bind("Author", "friend", .loader(people, keys: keys))
    wiring.bind("Book", "author", .loader(people, keys: keys))
  }

  @Test func `each fetched field is a step with its level, path and leaves`() throws {
    let engine = try Self.engine()
    let plan = try engine.describe(
      try engine.prepare(
        "{ all: authors { n: name address { city } friend { name } books { name author { name } } } }"))
    #expect(
      plan.text == """
        1 batch all (Query.authors: [Author!]!) { n address.city }
          2 loader all.friend (Author.friend: Author) { name }
          2 batch all.books (Author.books: [Book!]) { name }
            3 loader all.books.author (Book.author: Author) { name }

        """)
    #expect(plan.levelCount == 3)
  }

  @Test func `of an abstract type each possible type has its steps`() throws {
    let engine = try Self.engine()
    let plan = try engine.describe(
      try engine.prepare("{ any { name ... on Author { friend { name } } ... on Book { author { name } } } }")
    )
    #expect(plan.steps.map(\.coordinate) == ["Query.any", "Author.friend", "Book.author"])
    #expect(plan.steps[0].leaves == ["name"])
  }

  @Test func `variables decide what is skipped, and are checked`() throws {
    let engine = try Self.engine()
    let operation = try engine.prepare(
      "query ($f: Boolean!) { authors { name friend @include(if: $f) { name } } }")
    var variables = InputObject()
    variables.append("f", false)
    #expect(try engine.describe(operation, variables: variables).steps.count == 1)
    #expect(throws: RequestErrors.self) { try engine.describe(operation) }
  }

  @Test func `a tracer is told of each call with the fields that it serves`() async throws {
    let engine = try Self.engine()
    let operation = try engine.prepare(
      "{ a: authors { name friend { name } } b: authors { friend { name } } }")
    let numbers = try engine.describe(operation).steps.map(\.number)
    let trace = CallTrace()
    var request = ExecutionRequest()
    request.tracer = trace
    let response = await engine.execute(operation, request)
    #expect(response.errors.isEmpty)
    #expect(
      trace.calls == [
        "[\(numbers[0])] 1", "done", "[\(numbers[2])] 1", "done", "[\(numbers[1]), \(numbers[3])] 2", "done",
      ])
  }
}
