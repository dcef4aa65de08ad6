import GraphQLEngine
import Synchronization
import Testing

/// What resolvers were called with, in order.
final class CallLog: RequestContext {
  private let state = Mutex<[String]>([])
  private let reports = Mutex<[String]>([])

  func note(_ text: String) { state.withLock { $0.append(text) } }
  func report(_ error: any Error, at field: FieldID) { reports.withLock { $0.append("\(error)") } }

  var calls: [String] { state.withLock { $0 } }
  var reported: [String] { reports.withLock { $0 } }
}

struct AuthorRow: Sendable {
  var id: Int
  var name: String
  var nick: String?
  var books: RowList<BookRow>?
}

struct BookRow: Sendable {
  var id: Int
  var title: String
  var price: Double
}

enum AuthorID: LeafField {
  static func write(_ row: UnsafePointer<AuthorRow>, _ out: inout JSONWriter) {
    out.write(id: row.pointee.id)
  }
}
enum AuthorName: LeafField {
  static func write(_ row: UnsafePointer<AuthorRow>, _ out: inout JSONWriter) { out.write(row.pointee.name) }
}
enum AuthorNick: LeafField {
  static func write(_ row: UnsafePointer<AuthorRow>, _ out: inout JSONWriter) { out.write(row.pointee.nick) }
}
enum AuthorBooks: ListField {
  static func rows(_ row: UnsafePointer<AuthorRow>) -> RowSlice<BookRow>? { row.pointee.books?.slice }
}
enum AuthorFavourite: ObjectField {
  static func row(_ row: UnsafePointer<AuthorRow>) -> UnsafePointer<BookRow>? {
    guard let books = row.pointee.books, books.count > 0 else { return nil }
    return books[0]
  }
}
/// The numbers up to the author's id, computed for each row.
enum AuthorNumbers: DerivedField {
  static func derive(
    _ row: UnsafePointer<AuthorRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<Int>
  ) {
    let factor = arguments[0]?.int ?? 1
    if row.pointee.id == 3 { return children.setNull() }
    for number in 0..<row.pointee.id { children.append(number * factor) }
  }
}
enum NumberValue: LeafField {
  static func write(_ row: UnsafePointer<Int>, _ out: inout JSONWriter) { out.write(row.pointee) }
}
enum NumberNext: DerivedField {
  static func derive(
    _ row: UnsafePointer<Int>, _ arguments: borrowing Arguments, into children: inout DerivedRows<Int>
  ) {
    if row.pointee < 3 { children.append(row.pointee + 1) }
  }
}
enum BookTitle: LeafField {
  static func write(_ row: UnsafePointer<BookRow>, _ out: inout JSONWriter) { out.write(row.pointee.title) }
}
enum BookPrice: LeafField {
  static func write(_ row: UnsafePointer<BookRow>, _ out: inout JSONWriter) { out.write(row.pointee.price) }
}

enum Library {
  static let sdl = """
    type Query { authors: [Author!]!, author(id: ID!): Author, broken: [Author!]!, failing: Int, mismatch: Int! }
    type Author {
      id: ID!, name: String!, nick: String, strictNick: String!, books: [Book!], favourite: Book, same: Author!
      numbers(factor: Int = 1): [Number!], bookCount: Int!, friends(first: Int): [Author!]!, editor: Editor, rating: Float
    }
    type Book { title: String!, price: Float!, authorName: String, publisher: Editor }
    type Number { value: Int!, next: Number, double: Int! }
    type Editor { id: ID!, name: String! }
    """

  static let authors = RowList([
    AuthorRow(
      id: 1, name: "Ann", nick: nil,
      books: [
        BookRow(id: 10, title: "A \"quoted\" one", price: 9.5), BookRow(id: 11, title: "Two", price: 3),
      ]),
    AuthorRow(id: 2, name: "Bob", nick: "B", books: []),
    AuthorRow(id: 3, name: "Cid", nick: nil, books: nil),
  ])

  static let editors = Loader<Int> { call in
    (call.context as? CallLog)?.note("editors \(call.keys)")
    let rows: [InputValue] = call.keys.map { ["id": .int($0), "name": .string("E\($0)")] }
    return .ready(.objects(.dynamic(rows)))
  }

  static func note(_ call: FieldCall) {
    let field = call.schema[call.field]
    let name = "\(call.schema.name(field.parent)).\(call.schema.name(field.name))"
    (call.context as? CallLog)?.note("\(name) \(call.parents.count)")
  }

  static func bind(_ wiring: inout Wiring, _ schema: Schema) {
    wiring.bind("Author", "id", .leaf(AuthorID.self))
    wiring.bind("Author", "name", .leaf(AuthorName.self))
    wiring.bind("Author", "nick", .leaf(AuthorNick.self))
    wiring.bind("Author", "strictNick", .leaf(AuthorNick.self))
    wiring.bind("Author", "books", .list(AuthorBooks.self))
    wiring.bind("Author", "favourite", .object(AuthorFavourite.self))
    wiring.bind("Author", "same", .same)
    wiring.bind("Author", "numbers", .derived(AuthorNumbers.self))
    wiring.bind("Number", "value", .leaf(NumberValue.self))
    wiring.bind("Number", "next", .derived(NumberNext.self))
    wiring.bind("Book", "title", .leaf(BookTitle.self))
    wiring.bind("Book", "price", .leaf(BookPrice.self))
    wiring.bind("Editor", "id", .member)
    wiring.bind("Editor", "name", .member)
    bindBatches(&wiring)
  }

  private static func bindBatches(_ wiring: inout Wiring) {
    wiring.bind(
      "Query", "authors",
      .batch {
        note($0); return .ready(.list(.swift(authors)))
      })
    wiring.bind("Query", "broken", .batch { _ in .ready(.list(.swift(["x"]))) })
    wiring.bind(
      "Query", "failing",
      .batch { _ in throw GraphQLError("no", extensions: [.init(key: "code", json: "\"X\"")]) })
    wiring.bind("Query", "mismatch", .batch { _ in .ready(.leaves([1, 2])) })
    wiring.bind(
      "Query", "author",
      .batch { call in
        note(call)
        let id = try call.arguments.decode("id", as: String.self)
        let index =
          authors.count > 0 ? (0..<authors.count).first { String(authors[$0].pointee.id) == id } : nil
        return .ready(.objects(.swift(authors), at: [index ?? -1]))
      })
    wiring.bind(
      "Author", "bookCount",
      .batch { call in
        note(call)
        return .ready(.leaves(try call.parents.rows(of: AuthorRow.self).map { $0.books?.count ?? 0 }))
      })
    wiring.bind(
      "Author", "rating",
      .batch { call in
        let ratings = try call.parents.rows(of: AuthorRow.self).map { $0.id == 2 ? nil : Double($0.id) / 2 }
        return .ready(Column.leaves(ratings).failing([0: GraphQLError("unrated")]))
      })
    wiring.bind(
      "Author", "friends",
      .asyncBatch { call in
        note(call)
        let first = call.arguments.int("first") ?? 2
        let counts = [Int](repeating: first, count: call.parents.count)
        let indexes = (0..<call.parents.count).flatMap { _ in Array(0..<first) }
        return Column.objects(.swift(authors), at: indexes).lists(counts: counts)
      })
    wiring.bind(
      "Author", "editor",
      .loader(editors) { try $0.parents.rows(of: AuthorRow.self).map { $0.id == 2 ? nil : 7 } })
    wiring.bind(
      "Book", "publisher", .loader(editors) { try $0.parents.rows(of: BookRow.self).map { $0.id - 3 } })
    wiring.bind(
      "Book", "authorName",
      .batch { call in
        note(call)
        return .ready(.leaves(try call.parents.rows(of: BookRow.self).map { "of \($0.title)" }))
      })
    wiring.bind(
      "Number", "double",
      .batch { call in
        note(call)
        return .ready(.leaves(try call.parents.rows(of: Int.self).map { $0 * 2 }))
      })
  }

  static func engine(_ limits: EngineLimits = EngineLimits()) throws -> TestEngine {
    try TestEngine(sdl, limits: limits, isDynamic: false, bind)
  }
}

@Suite("§ 6.3 Execution over Swift rows and batches")
struct BatchExecutionTests {
  @Test func `resident leaves and lists are written from rows`() async throws {
    let text = await try Library.engine().run(
      "{ authors { id __typename name nick books { title price } } }", isValidated: true)
    #expect(
      text
        == #"{"data":{"authors":[{"id":"1","__typename":"Author","name":"Ann","nick":null,"books":[{"title":"A \"quoted\" one","price":9.5},{"title":"Two","price":3}]},{"id":"2","__typename":"Author","name":"Bob","nick":"B","books":[]},{"id":"3","__typename":"Author","name":"Cid","nick":null,"books":null}]}}"#
    )
  }

  @Test func `objects the same row and derived rows nest`() async throws {
    let text = await try Library.engine().run(
      "{ authors { favourite { title } same { same { name } } numbers(factor: 2) { value next { value next { value } } } } }",
      isValidated: true)
    #expect(
      text
        == #"{"data":{"authors":[{"favourite":{"title":"A \"quoted\" one"},"same":{"same":{"name":"Ann"}},"numbers":[{"value":0,"next":{"value":1,"next":{"value":2}}}]},{"favourite":null,"same":{"same":{"name":"Bob"}},"numbers":[{"value":0,"next":{"value":1,"next":{"value":2}}},{"value":2,"next":{"value":3,"next":null}}]},{"favourite":null,"same":{"same":{"name":"Cid"}},"numbers":null}]}}"#
    )
  }

  @Test func `a batch below resident rows is called once for all of them`() async throws {
    let log = CallLog()
    let text = await try Library.engine().run(
      "{ authors { same { books { authorName title } favourite { authorName } numbers { double next { double } } } } }",
      context: log)
    #expect(
      text
        == #"{"data":{"authors":[{"same":{"books":[{"authorName":"of A \"quoted\" one","title":"A \"quoted\" one"},{"authorName":"of Two","title":"Two"}],"favourite":{"authorName":"of A \"quoted\" one"},"numbers":[{"double":0,"next":{"double":2}}]}},{"same":{"books":[],"favourite":null,"numbers":[{"double":0,"next":{"double":2}},{"double":2,"next":{"double":4}}]}},{"same":{"books":null,"favourite":null,"numbers":null}}]}}"#
    )
    #expect(
      log.calls.sorted() == [
        "Book.authorName 1", "Book.authorName 2", "Number.double 3", "Number.double 3", "Query.authors 1",
      ])
  }

  @Test(arguments: [1, 3])
  func `each batch is called once per level whatever the number of parents`(_ first: Int) async throws {
    let log = CallLog()
    let response = await try Library.engine().response(
      "{ authors { bookCount friends(first: \(first)) { name bookCount friends(first: 1) { bookCount } } } }",
      context: log)
    #expect(!response.hasErrors)
    #expect(
      log.calls == [
        "Query.authors 1", "Author.bookCount 3", "Author.friends 3", "Author.bookCount \(first)",
        "Author.friends \(first)", "Author.bookCount 1",
      ])
  }

  @Test func `a row that several parents share is resolved once`() async throws {
    let text = await try Library.engine().run("{ authors { friends(first: 1) { name bookCount } } }")
    let friends = #"{"friends":[{"name":"Ann","bookCount":2}]}"#
    #expect(text == #"{"data":{"authors":[\#(friends),\#(friends),\#(friends)]}}"#)
  }

  @Test func `fields that fragments repeat are merged and called once`() async throws {
    let log = CallLog()
    let text = await try Library.engine().run(
      "{ authors { ...A bookCount ... on Author { books { title } bookCount } } } fragment A on Author { bookCount books { price } id }",
      context: log)
    #expect(
      text.hasPrefix(
        #"{"data":{"authors":[{"bookCount":2,"books":[{"price":9.5,"title":"A \"quoted\" one"},"#))
    #expect(log.calls == ["Query.authors 1", "Author.bookCount 3"])
  }

  @Test func `the same field under two aliases is called for each`() async throws {
    let log = CallLog()
    let text = await try Library.engine().run(
      "{ a: author(id: 1) { name } b: author(id: 9) { name } }", context: log)
    #expect(text == #"{"data":{"a":{"name":"Ann"},"b":null}}"#)
    #expect(log.calls.count == 2)
  }

  @Test func `keys are loaded together and once per request`() async throws {
    let log = CallLog()
    let text = await try Library.engine().run(
      "{ authors { editor { id name } books { publisher { name id } } friends(first: 1) { editor { id name } } } }",
      context: log)
    #expect(
      text.hasPrefix(
        #"{"data":{"authors":[{"editor":{"id":"7","name":"E7"},"books":[{"publisher":{"name":"E7","id":"7"}},{"publisher":{"name":"E8","id":"8"}}],"friends":[{"editor":{"id":"7","name":"E7"}}]},{"editor":null"#
      ))
    // The two orders of fields are two sets of selected fields.
    #expect(log.calls.filter { $0.hasPrefix("editors") }.sorted() == ["editors [7, 8]", "editors [7]"])
  }

  @Test func `errors stand at the field of their parent`() async throws {
    let response = await try Library.engine().response("{ authors { rating } failing }")
    #expect(
      response.text.hasPrefix(
        #"{"data":{"authors":[{"rating":null},{"rating":null},{"rating":1.5}],"failing":null}"#))
    #expect(response.errors.map(\.message) == ["unrated", "no"])
    #expect(response.errors[0].path == [.key("authors"), .index(0), .key("rating")])
    #expect(response.errors[1].extensions == [ErrorExtension(key: "code", json: "\"X\"")])
  }

  @Test func `null in a non-null leaf of a row takes its object or list with it`() async throws {
    let response = await try Library.engine().response("{ authors { name strictNick } }")
    #expect(response.text.hasPrefix(#"{"data":null,"#))
    #expect(
      response.errors.map(\.message) == ["Cannot return null for non-nullable field Author.strictNick."])
    #expect(response.errors[0].path == [.key("authors"), .index(0), .key("strictNick")])
    let one = await try Library.engine().response(
      "{ a: author(id: 1) { name strictNick } b: author(id: 2) { strictNick } }")
    #expect(one.text.hasPrefix(#"{"data":{"a":null,"b":{"strictNick":"B"}}"#))
  }

  @Test func `faults of resolvers are internal errors and are reported`() async throws {
    let log = CallLog()
    let response = await try Library.engine().response("{ broken { name } }", context: log)
    #expect(
      response.text
        == #"{"data":null,"errors":[{"message":"Internal error","locations":[{"line":1,"column":3}],"path":["broken"],"extensions":{"code":"INTERNAL"}}]}"#
    )
    #expect(log.reported.count == 1)
    let counts = await try Library.engine().response("{ mismatch }", context: log)
    #expect(counts.errors.map(\.message) == ["Internal error"])
    #expect(log.reported.last?.contains("2 values for 1 parents") == true)
  }

  @Test func `a cell of a Swift row is an internal error`() async throws {
    let engine = try TestEngine(
      "type Query { authors: [Author] } type Author { name: String, id: ID }", isDynamic: false
    ) {
      wiring, _ in
      wiring.bind("Query", "authors", .batch { _ in .ready(.list(.swift(Library.authors))) })
      wiring.bind("Author", "name", .leaf(AuthorName.self))
      wiring.bind("Author", "id", .cell)
    }
    let response = await engine.response("{ authors { name id } }")
    #expect(
      response.text.hasPrefix(#"{"data":{"authors":[{"name":"Ann","id":null},{"name":"Bob","id":null},"#))
    #expect(response.errors.map(\.message) == [String](repeating: "Internal error", count: 3))
  }

  @Test func `a wiring must bind every field and only fields`() throws {
    let schema = try Schema.build("type Query { a: Int, b: Int }")
    var wiring = Wiring()
    wiring.bind("Query", "a", .cell)
    wiring.bind("Query", "c", .cell)
    wiring.scalar("Lost", ScalarCoercion { (value: InputValue) throws(ScalarError) in value })
    wiring.resolveType("Query", of: Int.self) { _ in "X" }
    #expect {
      _ = try ExecutableSchema(schema, wiring)
    } throws: { error in
      (error as? WiringError)?.problems == [
        "The field \"Query.b\" has no binding.",
        "There is a binding for \"Query.c\", which the schema does not have.",
        "There is a coercion for the scalar \"Lost\", which the schema does not have.",
        "There is a type resolver for \"Query\", which is no abstract type.",
      ]
    }
  }
}
