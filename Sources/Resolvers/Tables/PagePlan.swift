import Flows
import GraphQLEngine
import Postgres
import Storage
import Synchronization

/// What one field with pages reads, whatever its arguments: kept in the cached plan.
struct PagePlan<Column: TableColumn>: Sendable {
  var columns: [Column]
  /// Of the rows of a list in its standard order without a filter.
  var layout: TableLayout
  /// Whether rows, their cursors or the page's ends are selected; a count alone needs none.
  var showsRows: Bool
  var showsCursors: Bool
  var showsCount: Bool
  /// The edges' `cursor` fields; they read the column behind the selected ones.
  private let cursors: [FieldID]
  private let rows: TablePlan<Column>
  private let statements = StatementsByShape<Column>()

  init(_ rows: TablePlan<Column>, _ selection: FieldSelection, schema: GraphQLEngine.Schema) {
    let edges = selection["edges"]
    cursors = edges.types.flatMap { edges.fields(of: $0) }.filter {
      schema.name(schema[$0].name) == "cursor"
    }
    self.rows = rows
    columns = rows.columns
    showsRows = ["nodes", "edges", "pageInfo"].contains { selection.contains($0) }
    showsCursors = !cursors.isEmpty || selection.contains("pageInfo")
    showsCount = selection.contains("totalCount")
    layout = rows.layout
    layout = layout(cursor: .typeID(prefix: "cursor"))
  }

  /// The layout of rows with these cursors.
  func layout(head: CursorHead, isByID: Bool) -> TableLayout {
    guard !cursors.isEmpty else { return layout }
    if isByID { return head.text == "cursor" ? layout : layout(cursor: .typeID(prefix: head.text)) }
    return layout(cursor: .text)
  }

  private func layout(cursor format: CellFormat) -> TableLayout {
    guard !cursors.isEmpty else { return layout }
    var entries = rows.entries
    for field in cursors {
      entries[field] = TableLayout.Entry(column: columns.count, format: format)
    }
    return TableLayout(entries: entries, keys: rows.keys)
  }

  /// The statement for a shape, built when it is first needed.
  func statement(_ shape: PageShape<Column>, _ build: ([Column], PageShape<Column>) -> Statement) -> Statement
  {
    statements.find(shape) { build(columns, shape) }
  }
}

/// The statements of one field by the shape of its pages; the lock protects them. A field's arguments make a
/// handful of shapes, so the bound is never met by a well-meant client.
private final class StatementsByShape<Column: TableColumn>: Sendable {
  private static var maximum: Int { 64 }
  private let known = Mutex<[PageShape<Column>: Statement]>([:])

  func find(_ shape: PageShape<Column>, _ build: () -> Statement) -> Statement {
    if let statement = known.withLock({ $0[shape] }) { return statement }
    let statement = build()
    known.withLock { known in
      if known.count >= StatementsByShape.maximum { known.removeAll(keepingCapacity: true) }
      known[shape] = statement
    }
    return statement
  }
}
