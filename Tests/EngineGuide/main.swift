import GraphQLEngine

let schema = try Schema.build(
  """
  type Query { books(first: Int! = 10): [Book!]! }
  type Book { id: ID!, title: String!, author: Author!, reviewCount: Int! }
  type Author { name: String! }
  type Subscription { bookAdded: Book! }
  """)

struct BookRow: Sendable {
  var id: Int
  var title: String
  var authorID: Int
}

struct AuthorRow: Sendable {
  var name: String
}

enum Book_id: LeafField {
  static func write(_ row: UnsafePointer<BookRow>, _ out: inout JSONWriter) { out.write(id: row.pointee.id) }
}

enum Book_title: LeafField {
  static func write(_ row: UnsafePointer<BookRow>, _ out: inout JSONWriter) { out.write(row.pointee.title) }
}

enum Author_name: LeafField {
  static func write(_ row: UnsafePointer<AuthorRow>, _ out: inout JSONWriter) { out.write(row.pointee.name) }
}

let books = [
  BookRow(id: 1, title: "A Tale of Two Servers", authorID: 7),
  BookRow(id: 2, title: "The Batch", authorID: 7),
]

// Called once per level with the distinct keys of all fields that use it; one object per key, in their order.
let authors = Loader<Int> { call in
  .ready(.objects(.swift(call.keys.map { AuthorRow(name: "Author \($0)") })))
}

var wiring = Wiring()
wiring.bind("Book", "id", .leaf(Book_id.self))
wiring.bind("Book", "title", .leaf(Book_title.self))
wiring.bind("Author", "name", .leaf(Author_name.self))
wiring.bind(
  "Query", "books",
  .batch { call in
    let first = call.arguments.int("first") ?? 10
    return .ready(.list(.swift(Array(books.prefix(first)))))
  })
wiring.bind(
  "Book", "author", .loader(authors) { call in try call.parents.rows(of: BookRow.self).map(\.authorID) })
// One call for all books of the level, as a task.
wiring.bind(
  "Book", "reviewCount",
  .asyncBatch { call in .leaves(try call.parents.rows(of: BookRow.self).map { $0.id * 3 }) })
wiring.bind(
  "Subscription", "bookAdded",
  .stream { _ in
    AsyncThrowingStream<Column, any Error> { continuation in
      for book in books { continuation.yield(.object(.swift([book]))) }
      continuation.finish()
    }
  })

let engine = Engine(try ExecutableSchema(schema, wiring))

let operation = try engine.prepare(
  "query($n: Int!) { books(first: $n) { id title author { name } reviewCount } }")
let request = ExecutionRequest(variables: InputObject([.init(name: "n", value: 1)]))
let response = await engine.execute(operation, request)
print(response.text)

let subscription = try engine.prepare("subscription { bookAdded { title } }")
for await event in try await engine.subscribe(subscription) { print(event.text) }
