import GraphQLEngine
import Testing

private struct ItemRow: Sendable {
  var isBook: Bool
  var name: String
}

private enum ItemName: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.name) }
}

/// `.same` to an interface or union: an edge whose node is abstract.
@Suite("§ 6.4.3 The parent's row as an object of an abstract type")
struct SameRowTests {
  private static let sdl = """
    type Query { edges: [Edge!], items: [ItemEdge!], values: [ItemEdge!] }
    interface Node { id: ID, name: String }
    union Thing = Book | Film
    type Edge { cursor: String, node: Node, untold: Node, thing: Thing }
    type ItemEdge { name: String, node: Node, thing: Thing }
    type Book implements Node { id: ID, name: String, size: Int }
    type Film implements Node { id: ID, name: String }
    """

  private static func engine(as type: String = "Book") throws -> TestEngine {
    let table = MemoryTable([["a", "b"].map { [UInt8]($0.utf8) }, ["one", "two"].map { [UInt8]($0.utf8) }])
    return try TestEngine(sdl) { wiring, schema in
      var entries: [FieldID: TableLayout.Entry] = [:]
      for (position, field) in schema.fields.enumerated() {
        let name = schema.name(field.name)
        let column = ["id": 0, "cursor": 0, "name": 1][name]
        if let column {
          entries[FieldID(rawValue: UInt32(position))] = TableLayout.Entry(column: column, format: .text)
        }
      }
      let layout = TableLayout(entries: entries)
      wiring.bind("Query", "edges", .batch { _ in .ready(.list(.table(table, layout: layout))) })
      wiring.bind("Edge", "cursor", .cell)
      wiring.bind("Edge", "node", .same(as: type))
      wiring.bind("Edge", "thing", .same(as: "Film"))
      wiring.bind("Edge", "untold", .same)
      for type in ["Book", "Film"] {
        wiring.bind(type, "id", .cell)
        wiring.bind(type, "name", .leaf(ItemName.self))
      }
      wiring.bind(
        "Book", "size", .batch { call in .ready(.leaves((0..<call.parents.count).map { $0 + 5 })) })
      let items = [ItemRow(isBook: true, name: "b"), ItemRow(isBook: false, name: "f")]
      for field in ["items", "values"] {
        wiring.bind("Query", field, .batch { _ in .ready(.list(.swift(items))) })
      }
      wiring.bind("ItemEdge", "name", .leaf(ItemName.self))
      for field in ["node", "thing"] { wiring.bind("ItemEdge", field, .same) }
      for type in ["Node", "Thing"] {
        wiring.resolveType(type, of: ItemRow.self) { $0.pointee.isBook ? "Book" : "Film" }
      }
    }
  }

  @Test func `rows of a table are of the type that the binding names`() async throws {
    let text = try await Self.engine().run(
      "{ edges { cursor node { __typename id ... on Book { name size } } thing { ... on Film { id } } } }",
      isValidated: true)
    #expect(
      text
        == #"{"data":{"edges":[{"cursor":"a","node":{"__typename":"Book","id":"a","name":"one","size":5},"thing":{"id":"a"}},{"cursor":"b","node":{"__typename":"Book","id":"b","name":"two","size":6},"thing":{"id":"b"}}]}}"#
    )
  }

  @Test func `without a name the rows of a table have no type`() async throws {
    let text = try await Self.engine().run("{ edges { cursor untold { id } } }", isValidated: true)
    #expect(
      text.hasPrefix(
        #"{"data":{"edges":[{"cursor":"a","untold":null},{"cursor":"b","untold":null}]},"errors":[{"message":"Abstract type \"Node\" must resolve to an Object type at runtime for field \"Edge.untold\"."#
      ))
  }

  @Test func `Swift rows are asked for their type, with and without a batch below`() async throws {
    let text = try await Self.engine().run(
      "{ items { name node { __typename name } } values { thing { __typename ... on Book { name size } } } }",
      isValidated: true)
    #expect(
      text
        == #"{"data":{"items":[{"name":"b","node":{"__typename":"Book","name":"b"}},{"name":"f","node":{"__typename":"Film","name":"f"}}],"values":[{"thing":{"__typename":"Book","name":"b","size":5}},{"thing":{"__typename":"Film"}}]}}"#
    )
  }

  @Test(arguments: ["Edge", "Nobody", "Thing", "Node"])
  func `a type that the field cannot have is refused`(_ type: String) throws {
    let problem = "The field \"Edge.node\" is bound as \"\(type)\", which it cannot be."
    #expect {
      try Self.engine(as: type)
    } throws: { error in
      (error as? WiringError)?.problems == [problem]
    }
  }
}
