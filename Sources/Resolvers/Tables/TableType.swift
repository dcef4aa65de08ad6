import Flows
import GraphQLEngine
import Schema
import Storage

/// A GraphQL type whose rows lie in a table: which columns its fields need.
protocol TableType: Sendable {
  associatedtype Column: TableColumn
  associatedtype Leaf: RawRepresentable<String> & Sendable

  /// The name of the GraphQL type.
  static var typeName: String { get }
  /// For people, in messages and statements' names: `flow`.
  static var noun: String { get }
  /// Whose rows the viewer may read: the statements' `$1`.
  static func owner(_ viewer: Viewer) -> Identifier
  /// Where a leaf lies.
  func source(of leaf: Leaf) -> LeafSource<Column>
  /// The columns that the resolver of any other field needs of its parents.
  func keys(of field: String) -> [Column]
}

extension TableType {
  static func owner(_ viewer: Viewer) -> Identifier { viewer.organizationID }
}

/// Which columns a statement reads for a selection, and where the engine finds them. Built once per cached
/// plan.
struct TablePlan<Column: TableColumn>: Sendable {
  var columns: [Column]
  var entries: [FieldID: TableLayout.Entry]
  var keys: [String: Int]
  var layout: TableLayout

  init(columns: [Column], entries: [FieldID: TableLayout.Entry], keys: [String: Int] = [:]) {
    self.columns = columns
    self.entries = entries
    self.keys = keys
    layout = TableLayout(entries: entries, keys: keys)
  }
}

extension TableType {
  /// The columns for what is selected of this type.
  ///
  /// - Parameter selections: below each field that shows these rows: `nodes`, `edges.node`.
  func plan(_ selections: [FieldSelection], schema: GraphQLEngine.Schema) -> TablePlan<Column> {
    var columns = SelectedColumns<Column>()
    var entries: [FieldID: TableLayout.Entry] = [:]
    var keys: [String: Int] = [:]
    guard let type = schema.type(named: Self.typeName) else {
      return TablePlan(columns: [], entries: [:])
    }
    for field in selections.flatMap({ $0.fields(of: type) }) {
      let name = schema.name(schema[field].name)
      if let leaf = Leaf(rawValue: name) {
        let source = source(of: leaf)
        entries[field] = TableLayout.Entry(column: columns.index(of: source.column), format: source.format)
      } else {
        for column in self.keys(of: name) { keys[column.rawValue] = columns.index(of: column) }
      }
    }
    return TablePlan(columns: columns.list, entries: entries, keys: keys)
  }
}

extension TableType {
  /// Where what is selected lies in rows that have all columns of the table, in the order of `allCases`.
  func layoutOfAllColumns(_ selection: FieldSelection, schema: GraphQLEngine.Schema) -> TableLayout {
    let places = Dictionary(uniqueKeysWithValues: Column.allCases.enumerated().map { ($1, $0) })
    var entries: [FieldID: TableLayout.Entry] = [:]
    var keys: [String: Int] = [:]
    guard let type = schema.type(named: Self.typeName) else { return TableLayout(entries: [:]) }
    for field in selection.fields(of: type) {
      let name = schema.name(schema[field].name)
      guard let leaf = Leaf(rawValue: name) else {
        for column in self.keys(of: name) { keys[column.rawValue] = places[column] }
        continue
      }
      let source = source(of: leaf)
      guard let place = places[source.column] else { continue }
      entries[field] = TableLayout.Entry(column: place, format: source.format)
    }
    return TableLayout(entries: entries, keys: keys)
  }
}

/// Columns in the order in which they were asked for, each once.
private struct SelectedColumns<Column: TableColumn> {
  private(set) var list: [Column] = []

  mutating func index(of column: Column) -> Int {
    if let known = list.firstIndex(of: column) { return known }
    list.append(column)
    return list.count - 1
  }
}
