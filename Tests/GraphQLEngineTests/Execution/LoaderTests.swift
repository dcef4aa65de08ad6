import GraphQLEngine
import Testing

@Suite("§ 6.4.2 Loaders: values by key")
struct LoaderTests {
  private static let sdl = """
    type Query { authors: [Author!]!, author(id: Int!): Author, book: Book }
    type Author { id: Int, books: [Book!], count: Int, tags: [String!], meta: Meta, strict: Int! }
    type Book { title: String, author: Author }
    type Meta { a: Int, list: [Meta] }
    """

  private static func note(_ name: String, _ call: LoaderCall<Int>) {
    (call.context as? CallLog)?.note("\(name) \(call.keys)")
  }

  /// Author n has n - 1 books and tags; nobody knows author 4, and 5 fails.
  private static let books = Loader<Int> { call in
    note("books", call)
    let counts = call.keys.map { $0 == 4 ? -1 : $0 - 1 }
    let rows: [InputValue] = call.keys.flatMap { key in
      key == 4 ? [] : (1..<key).map { ["title": .string("\(key).\($0)"), "by": .int(key)] }
    }
    var errors: [Int: any Error] = [:]
    for (index, key) in call.keys.enumerated() where key == 5 { errors[index] = GraphQLError("no books") }
    return .ready(.objects(.dynamic(rows)).lists(counts: counts).failing(errors))
  }
  private static let counts = Loader<Int> { call in
    note("counts", call)
    return .async { .leaves(call.keys.map { $0 == 4 ? nil : $0 * 10 }) }
  }
  private static let tags = Loader<Int> { call in
    .ready(
      .leaves(call.keys.flatMap { key in (1..<key).map { "t\($0)" } }).lists(counts: call.keys.map { $0 - 1 })
    )
  }
  private static let metas = Loader<Int> { call in
    .ready(.dynamic(call.keys.map { $0 == 4 ? .null : ["a": .int($0), "list": [["a": 1], nil]] }))
  }
  private static let short = Loader<Int> { _ in .ready(.leaves([1])) }
  private static let people = Loader<Int> { call in
    note("people", call)
    return .ready(.objects(.dynamic(call.keys.map { ["id": .int($0)] })))
  }

  private static func engine() throws -> TestEngine {
    try TestEngine(sdl) { wiring, _ in
      let id: @Sendable (FieldCall) throws -> [Int?] = { call in
        try call.parents.rows(of: InputValue.self).map { $0["id"]?.int }
      }
      wiring.bind("Author", "books", .loader(books, keys: id))
      wiring.bind("Author", "count", .loader(counts, keys: id))
      wiring.bind("Author", "tags", .loader(tags, keys: id))
      wiring.bind("Author", "meta", .loader(metas, keys: id))
      wiring.bind("Author", "strict", .loader(short, keys: id))
      wiring.bind("Query", "author", .loader(people) { [$0.arguments.int("id")] })
      wiring.bind(
        "Book", "author",
        .loader(people) { try $0.parents.rows(of: InputValue.self).map { $0["by"]?.int } })
    }
  }

  private func run(_ query: String, _ ids: String, _ log: CallLog = CallLog()) async throws -> String {
    let root = try JSONReader.read(#"{"authors":[\#(ids)]}"#)
    return try await Self.engine().run(query, root: root, context: log, isValidated: true)
  }

  @Test func `lists of objects by key`() async throws {
    let log = CallLog()
    let text = try await run(
      "{ authors { books { title } } }", #"{"id":3},{"id":1},{},{"id":4},{"id":3},{"id":2}"#, log)
    #expect(
      text
        == #"{"data":{"authors":[{"books":[{"title":"3.1"},{"title":"3.2"}]},{"books":[]},{"books":null},{"books":null},{"books":[{"title":"3.1"},{"title":"3.2"}]},{"books":[{"title":"2.1"}]}]}}"#
    )
    #expect(log.calls == ["books [3, 1, 4, 2]"])
  }

  @Test func `the error of a key is the error of its parents`() async throws {
    let text = try await run("{ authors { books { title } } }", #"{"id":5},{"id":2},{"id":5}"#)
    #expect(
      text.hasPrefix(#"{"data":{"authors":[{"books":null},{"books":[{"title":"2.1"}]},{"books":null}]},"#))
    #expect(
      text.contains(#""path":["authors",0,"books"]"#) && text.contains(#""path":["authors",2,"books"]"#))
  }

  @Test func `leaves, lists of leaves and JSON values by key`() async throws {
    let text = try await run(
      "{ authors { count tags meta { a list { a } } } }", #"{"id":3},{"id":4},{},{"id":3}"#)
    let third = #"{"count":30,"tags":["t1","t2"],"meta":{"a":3,"list":[{"a":1},null]}}"#
    #expect(
      text
        == #"{"data":{"authors":[\#(third),{"count":null,"tags":["t1","t2","t3"],"meta":null},{"count":null,"tags":null,"meta":null},\#(third)]}}"#
    )
  }

  @Test func `a key is loaded once per request, at whatever level it is met`() async throws {
    let log = CallLog()
    let text = try await Self.engine().run(
      "{ a: author(id: 2) { books { author { books { title } count } } count } b: author(id: 3) { count } }",
      root: [:], context: log, isValidated: true)
    #expect(
      text
        == #"{"data":{"a":{"books":[{"author":{"books":[{"title":"2.1"}],"count":20}}],"count":20},"b":{"count":30}}}"#
    )
    #expect(log.calls.filter { $0.hasPrefix("counts") } == ["counts [2, 3]"])
  }

  @Test func `too few values are a fault of the loader`() async throws {
    let log = CallLog()
    let text = try await run("{ authors { strict } }", #"{"id":1},{"id":2}"#, log)
    #expect(text.contains("Internal error"))
    #expect(log.reported.contains { $0.contains("one value or one list for each key") })
  }
}
