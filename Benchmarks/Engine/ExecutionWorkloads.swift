import GraphQLEngine

/// W6: execution to JSON bytes, through the public resolver API over Swift values.
struct ExecutionWorkloads {
  let folder: WorkloadFolder
  private let items = RowList((0..<1000).map(ItemRow.init))
  private let rows = RowList((0..<100).map(TableRow.init))

  init(folder: WorkloadFolder) { self.folder = folder }

  /// The engine over the schema of W6a and W6c.
  func engine() throws -> Engine {
    let schema = try Schema.build(folder.text(of: "w6_schema.graphql"))
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

  /// The engine over the large schema, for introspection alone.
  func introspectionEngine(_ schema: Schema) throws -> Engine {
    var wiring = Wiring()
    wiring.defaultBinding = .member
    return Engine(try ExecutableSchema(schema, wiring))
  }

  private static let itemFields: [(String, FieldBinding)] = [
    ("id", .leaf(ItemID.self)), ("name", .leaf(ItemName.self)), ("description", .leaf(ItemDescription.self)),
    ("sku", .leaf(ItemSku.self)), ("count", .leaf(ItemCount.self)), ("stock", .leaf(ItemStock.self)),
    ("price", .leaf(ItemPrice.self)), ("rating", .leaf(ItemRating.self)),
    ("active", .leaf(ItemActive.self)), ("featured", .leaf(ItemFeatured.self)),
  ]
}
