import GraphQLEngine

// The rows of W6 and their fields, written as generated code writes them: a static function for each leaf.

/// The row of W6a: ten scalars.
struct ItemRow: Sendable {
  let id: String
  let name: String
  let description: String
  let sku: String
  let count: Int
  let stock: Int
  let price: Double
  let rating: Double
  let active: Bool
  let featured: Bool

  /// The formulas of the peers, so that the answers are byte-identical.
  init(_ i: Int) {
    id = String(i)
    name = "Item number \(i)"
    description = "Description of item \(i): lorem ipsum dolor sit amet"
    sku = "SKU-\(100_000 + i * 37)"
    count = i * 7
    stock = (i * 13) % 1000
    price = Double(i) * 1.25 + 0.5
    rating = Double(i % 50) / 10
    active = i % 2 == 0
    featured = i % 10 == 0
  }
}

enum ItemID: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.id) }
}
enum ItemName: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.name) }
}
enum ItemDescription: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.description)
  }
}
enum ItemSku: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.sku) }
}
enum ItemCount: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.count) }
}
enum ItemStock: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.stock) }
}
enum ItemPrice: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.price) }
}
enum ItemRating: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.rating) }
}
enum ItemActive: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) { out.write(row.pointee.active) }
}
enum ItemFeatured: LeafField {
  static func write(_ row: UnsafePointer<ItemRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.featured)
  }
}

/// The rows of W6c: 100 rows of 10 groups of 10 cells.
struct CellRow: Sendable {
  let id: String
  let value: Int
  let label: String
}

struct GroupRow: Sendable {
  let id: String
  let cells: RowList<CellRow>
}

struct TableRow: Sendable {
  let id: String
  let groups: RowList<GroupRow>

  init(_ a: Int) {
    id = String(a)
    groups = RowList(
      (0..<10).map { b in
        GroupRow(
          id: "\(a)-\(b)",
          cells: RowList(
            (0..<10).map { c in
              CellRow(id: "\(a)-\(b)-\(c)", value: a * 100 + b * 10 + c, label: "cell \(a) \(b) \(c)")
            }))
      })
  }
}

enum RowID: LeafField {
  static func write(_ row: UnsafePointer<TableRow>, _ out: inout JSONWriter) { out.write(row.pointee.id) }
}
enum RowGroups: ListField {
  static func rows(_ row: UnsafePointer<TableRow>) -> RowSlice<GroupRow>? { row.pointee.groups.slice }
}
enum GroupID: LeafField {
  static func write(_ row: UnsafePointer<GroupRow>, _ out: inout JSONWriter) { out.write(row.pointee.id) }
}
enum GroupCells: ListField {
  static func rows(_ row: UnsafePointer<GroupRow>) -> RowSlice<CellRow>? { row.pointee.cells.slice }
}
enum CellID: LeafField {
  static func write(_ row: UnsafePointer<CellRow>, _ out: inout JSONWriter) { out.write(row.pointee.id) }
}
enum CellValue: LeafField {
  static func write(_ row: UnsafePointer<CellRow>, _ out: inout JSONWriter) { out.write(row.pointee.value) }
}
enum CellLabel: LeafField {
  static func write(_ row: UnsafePointer<CellRow>, _ out: inout JSONWriter) { out.write(row.pointee.label) }
}
