/// The rows of one page as a statement, by the way that suits the conditions.
///
/// Without several values of a column and without a text, an index gives the rows in their order and the
/// other conditions are looked at on the way. Of several values each has its own stretch of an index; what
/// they give is merged, so the rows of other values are never walked. A text is found by `RunSearch`.
struct PageRows<Column: TableColumn> {
  /// Over the table's row `t`.
  let selection: String
  /// What the rows belong to, over `t`.
  let owner: String
  let limit: String
  let sorting: String
  let isDescending: Bool
  let text: PageShape<Column>.Text

  var sql: String {
    if let pattern = text.search { return RunSearch(rows: self, pattern: pattern).sql }
    guard text.anyOf != nil else { return plain }
    // The ids are merged, then the page's rows are read by their key.
    return """
      SELECT \(selection) FROM (\(ids(limit: limit))) i JOIN \(Column.table) t ON \(owner) AND t.id = i.id \
      ORDER BY \(sorting) LIMIT \(limit)
      """
  }

  private var plain: String {
    """
    SELECT \(selection) FROM \(Column.table) t WHERE \(owner)\(text.conditions) \
    ORDER BY \(sorting) LIMIT \(limit)
    """
  }

  /// The ids of the first rows that meet the conditions, but for the text, in order.
  ///
  /// - Parameters:
  ///   - further: more conditions over `t`, beginning with AND.
  ///   - columns: more columns of the result, each beginning with a comma.
  func ids(limit: String, and further: String = "", with columns: String = "") -> String {
    guard let anyOf = text.anyOf else {
      return """
        SELECT t.id\(columns) FROM \(Column.table) t WHERE \(owner)\(text.bounds)\(further) \
        ORDER BY t.id\(direction) LIMIT \(limit)
        """
    }
    return ids(
      of: "SELECT DISTINCT value FROM unnest(\(anyOf.place)) value", in: anyOf.column.rawValue, limit: limit,
      and: further, with: columns)
  }

  /// The same, of rows that have one of the values in a column.
  func ids(
    of values: String, in column: String, limit: String, and further: String, with columns: String
  ) -> String {
    """
    SELECT r.* FROM (\(values)) v CROSS JOIN LATERAL (SELECT t.id\(columns) FROM \(Column.table) t \
    WHERE \(owner)\(text.bounds) AND t.\(column) = v.value\(further) ORDER BY t.id\(direction) \
    LIMIT \(limit)) r ORDER BY r.id\(direction) LIMIT \(limit)
    """
  }

  var direction: String { isDescending ? " DESC" : "" }
}
