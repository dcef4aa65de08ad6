import Flows
import Postgres

/// All that decides the text of a page's statement, beside the columns: equal shapes are the same statement.
///
/// The statements' parameters are, in this order: the owner, the parents where there are any, the limit, the
/// positions behind and before which the page lies, the cursors' head, and the conditions'.
public struct PageShape<Column: TableColumn>: Hashable, Sendable {
  public var order: ListOrder<Column>
  /// Whether the page is cut from the end of the list: its rows come in reversed order.
  public var isBackward: Bool
  /// Whether the page lies behind a position.
  public var hasAfter: Bool
  /// Whether the page lies before a position.
  public var hasBefore: Bool
  /// Whether rows come with their cursors; an order by id has them for nothing.
  public var hasCursors: Bool
  public var conditions: [ListCondition<Column>]

  public init(
    order: ListOrder<Column> = .standard, isBackward: Bool = false, hasAfter: Bool = false,
    hasBefore: Bool = false, hasCursors: Bool = false, conditions: [ListCondition<Column>] = []
  ) {
    self.order = order
    self.isBackward = isBackward
    // The bound where the walk begins is always there, so that the first page has the others' statement.
    self.hasAfter = hasAfter || order.isByID && !isBackward
    self.hasBefore = hasBefore || order.isByID && isBackward
    self.hasCursors = hasCursors && !order.isByID
    self.conditions = conditions
  }

  /// Appends the positions and the cursors' head.
  public func fill(
    _ parameters: inout Parameters, after: ListPosition?, before: ListPosition?, head: String
  ) {
    if hasAfter { fill(&parameters, after) }
    if hasBefore { fill(&parameters, before) }
    if hasCursors { parameters.text(head) }
  }

  private func fill(_ parameters: inout Parameters, _ position: ListPosition?) {
    switch position?.key {
    case .text(let text): parameters.text(text)
    case .instant(let raw): parameters.int8(raw)
    case nil: if !order.isByID { parameters.null() }
    }
    parameters.uuid(position?.id.uuid)
  }

  // MARK: Text

  /// What stands in a statement for the shape; `first` is the number of the first parameter that is its own.
  struct Text {
    /// ` AND …`, or empty.
    var conditions: String
    /// The same without those that have a place of their own below.
    var bounds: String
    /// A column of which several values match, and the parameter with them, where the list is in order of the
    /// ids: an index of that column gives the rows of each value in their order.
    var anyOf: (column: Column, place: String)?
    /// The parameter with the pattern that is searched in runs.
    var search: String?
    /// The parameter with the flow that runs must be of.
    var flow: String?
    /// The row's place for people: its id, or a text.
    var cursor: String
    var types: [PostgresType]
  }

  func text(from first: Int, id: String = "t.id") -> Text {
    var text = Text(conditions: "", bounds: "", cursor: "t.id", types: [])
    var next = first
    let isGreaterBehind = !order.isDescending
    if hasAfter { text.conditions += bound(isGreater: isGreaterBehind, id, &next, &text.types) }
    if hasBefore { text.conditions += bound(isGreater: !isGreaterBehind, id, &next, &text.types) }
    if hasCursors, let bytes = order.positionBytes {
      text.cursor = "$\(next)::text || encode(\(bytes), 'hex')"
      text.types.append(.text)
      next += 1
    }
    text.bounds = text.conditions
    for condition in conditions {
      let sql = " AND \(condition.sql(next, isDescending: isDescending))"
      text.conditions += sql
      switch condition.comparison {
      case .isAnyOf where order.isByID && text.anyOf == nil: text.anyOf = (condition.column, "$\(next)")
      case .isFoundInRun where order.isByID && text.search == nil: text.search = "$\(next)"
      default: text.bounds += sql
      }
      if condition.comparison == .equals, condition.column.rawValue == "flow_id" { text.flow = "$\(next)" }
      text.types.append(condition.type)
      next += 1
    }
    return text
  }

  private func bound(
    isGreater: Bool, _ id: String, _ next: inout Int, _ types: inout [PostgresType]
  ) -> String {
    let sign = isGreater ? ">" : "<"
    guard let expression = order.expression, let type = order.keyType else {
      // An index can use the bound also when the parameter is null: all ids lie between these two.
      let end = isGreater ? "00000000-0000-0000-0000-000000000000" : "ffffffff-ffff-ffff-ffff-ffffffffffff"
      defer { next += 1 }
      types.append(.uuid)
      return " AND \(id) \(sign) coalesce($\(next)::uuid, '\(end)')"
    }
    defer { next += 2 }
    types += [type, .uuid]
    let minute = order.minute.map { " AND \($0) \(sign)= date_trunc('minute', $\(next) AT TIME ZONE 'UTC')" }
    return "\(minute ?? "") AND (\(expression), \(id)) \(sign) ($\(next), $\(next + 1))"
  }

  /// Whether the rows are read from the greatest on.
  var isDescending: Bool { order.isDescending != isBackward }

  /// The order in which the rows are read.
  func sorting(id: String = "t.id") -> String {
    let direction = isDescending ? " DESC" : ""
    return [order.minute, order.expression, id].compactMap { $0.map { $0 + direction } }.joined(
      separator: ", ")
  }
}

// MARK: - Statements

extension TableReads {
  /// One page of the owner's rows. Result: the columns, then the row's place: its id, or its cursor.
  /// Parameters: owner, limit, the shape's.
  public static func page(_ columns: [Column], _ shape: PageShape<Column>, label: String) -> Statement {
    let text = shape.text(from: 3)
    let rows = PageRows(
      selection: "\(list(columns)), \(text.cursor)", owner: "t.\(Column.owner) = $1", limit: "$2",
      sorting: shape.sorting(), isDescending: shape.isDescending, text: text)
    return Statement(label, rows.sql, [.uuid, .int4] + text.types)
  }

  /// One page for each parent, in one statement. Result: the columns, then the row's place, then the parent.
  /// Parameters: owner, parents, limit, the shape's.
  public static func pages(
    of parent: Column, _ columns: [Column], _ shape: PageShape<Column>, label: String
  ) -> Statement {
    var text = shape.text(from: 4)
    if parent.rawValue == "flow_id" { text.flow = "p.id" }
    let rows = PageRows(
      selection: "\(list(columns)), \(text.cursor) AS row_place, t.\(parent.rawValue) AS parent_id",
      owner: "t.\(Column.owner) = $1 AND t.\(parent.rawValue) = p.id", limit: "$3",
      sorting: shape.sorting(), isDescending: shape.isDescending, text: text)
    return Statement(label, lateral(rows.sql), [.uuid, .uuidArray, .int4] + text.types)
  }

  /// One page for each parent of the rows that `link` pairs with it. Result: the columns, then the row's
  /// place, then the parent. Parameters: owner, parents, limit, the shape's.
  public static func pages(
    through link: RowLink, _ columns: [Column], _ shape: PageShape<Column>, label: String
  ) -> Statement {
    let child = "l.\(link.child)"
    let text = shape.text(from: 4, id: child)
    let sql = lateral(
      """
      SELECT \(list(columns)), \(text.cursor) AS row_place, p.id AS parent_id FROM \(link.table) l \
      JOIN \(Column.table) t ON t.organization_id = l.organization_id AND t.id = \(child) \
      WHERE l.organization_id = $1 AND l.\(link.parent) = p.id\(text.conditions) \
      ORDER BY \(shape.sorting(id: child)) LIMIT $3
      """)
    return Statement(label, sql, [.uuid, .uuidArray, .int4] + text.types)
  }

  /// The parents come in their order by themselves, and the rows of each in that of their subquery: nothing
  /// is sorted again.
  private static func lateral(_ rows: String) -> String {
    """
    SELECT c.* FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place) CROSS JOIN LATERAL (\(rows)) c \
    ORDER BY p.place
    """
  }
}
