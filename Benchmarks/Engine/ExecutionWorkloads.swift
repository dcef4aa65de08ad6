import GraphQLEngine

/// W6: execution to JSON bytes, through the public resolver API over Swift values.
struct ExecutionWorkloads {
  let folder: String
  private let items = RowList((0..<1000).map(ItemRow.init))
  private let rows = RowList((0..<100).map(TableRow.init))

  init(folder: String) { self.folder = folder }

  /// The engine over the schema of W6a and W6c.
  func engine() throws -> Engine {
    let schema = try Schema.build(text(of: "w6_schema.graphql"))
    var wiring = Wiring()
    let items = items
    let rows = rows
    wiring.bind("Query", "items", .batch { _ in .ready(.list(.swift(items))) })
    wiring.bind("Query", "rows", .batch { _ in .ready(.list(.swift(rows))) })
    for (field, binding) in Self.itemFields { wiring.bind("Item", field, binding) }
    wiring.bind("Row", "id", .leaf(RowID.self))
    wiring.bind("Row", "groups", .list(RowGroups.self))
    wiring.bind("Group", "id", .leaf(GroupID.self))
    wiring.bind("Group", "cells", .list(GroupCells.self))
    wiring.bind("Cell", "id", .leaf(CellID.self))
    wiring.bind("Cell", "value", .leaf(CellValue.self))
    wiring.bind("Cell", "label", .leaf(CellLabel.self))
    return Engine(try ExecutableSchema(schema, wiring))
  }

  /// The engine over GitHub's schema, for introspection alone.
  func introspectionEngine() throws -> Engine {
    var wiring = Wiring()
    wiring.defaultBinding = .member
    return Engine(try ExecutableSchema(try Schema.build(text(of: "w4_github.graphql")), wiring))
  }

  /// The operation of a file.
  func operation(_ file: String, _ engine: Engine) throws -> PreparedOperation {
    try engine.prepare(text(of: file))
  }

  private func text(of file: String) throws -> String {
    String(decoding: try contents(of: "\(folder)/\(file)"), as: UTF8.self)
  }

  private static let itemFields: [(String, FieldBinding)] = [
    ("id", .leaf(ItemID.self)), ("name", .leaf(ItemName.self)), ("description", .leaf(ItemDescription.self)),
    ("sku", .leaf(ItemSku.self)), ("count", .leaf(ItemCount.self)), ("stock", .leaf(ItemStock.self)),
    ("price", .leaf(ItemPrice.self)), ("rating", .leaf(ItemRating.self)),
    ("active", .leaf(ItemActive.self)), ("featured", .leaf(ItemFeatured.self)),
  ]
}
