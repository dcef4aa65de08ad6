import Flows
import Postgres

/// Parameters of the statements that take an organization and a list of keys.
public func keyParameters(_ organization: Identifier, _ keys: some Sequence<Identifier>) -> Parameters {
  Parameters {
    $0.uuid(organization.uuid)
    $0.uuids(keys.lazy.map(\.uuid))
  }
}

/// As above, without a call for each key.
public func keyParameters(_ organization: Identifier, _ keys: [Identifier]) -> Parameters {
  var parameters = Parameters()
  parameters.uuid(organization.uuid)
  parameters.uuids(keys.map(\.uuid))
  return parameters
}

/// The statements that read a tenant table for resolvers: only the selected columns, for all parents at once,
/// and always the owner as `$1`: the organization, or the user for what belongs to a user alone.
///
/// A resolver makes a statement once per cached plan and executes it with parameters that the functions
/// beside it build. Result columns are the selected ones in order, then those that the function names.
public enum TableReads<Column: TableColumn> {
  // MARK: Rows by key

  /// Rows whose `key` column is among the given ids. Result: the columns, with the key at `keyColumn`. Each
  /// row once, in no order.
  public static func rows(
    by key: Column, _ columns: [Column], label: String
  ) -> Statement {
    let sql = """
      SELECT \(list(with(columns, key))) FROM \(Column.table) t \
      WHERE t.\(Column.owner) = $1 AND t.\(key.rawValue) = ANY($2)
      """
    return Statement(label, sql, [.uuid, .uuidArray])
  }

  /// All children of the given parents, those of one parent together and by `order`. Result: the columns,
  /// with the parent at `keyColumn`.
  ///
  /// One index scan for each parent: its order needs no sort, nor does that of the parents.
  public static func children(
    of parent: Column, _ columns: [Column], order: Column, label: String, isFailing: Bool = false
  ) -> Statement {
    let all = with(columns, parent)
    let condition = isFailing ? " AND \(TriggerReads.isFailing("t"))" : ""
    let sql = """
      SELECT \(all.map { "c.\($0.rawValue)" }.joined(separator: ", ")) \
      FROM unnest($2) WITH ORDINALITY AS p (parent, place) CROSS JOIN LATERAL (SELECT \(list(all)) FROM \(Column.table) t \
      WHERE t.\(Column.owner) = $1 AND t.\(parent.rawValue) = p.parent\(condition) \
      ORDER BY t.\(order.rawValue), t.id) c ORDER BY p.place
      """
    return Statement(label, sql, [.uuid, .uuidArray])
  }

  /// Where a column lies in the rows of a statement that has it beside the selected ones.
  public static func keyColumn(_ key: Column, _ columns: [Column]) -> Int {
    columns.firstIndex(of: key) ?? columns.count
  }

  // MARK: Counts of lists; their pages are in PageShape.swift

  /// The number of the organization's rows that meet the conditions. Parameters: organization, the
  /// conditions'.
  public static func count(where conditions: [ListCondition<Column>], label: String) -> Statement {
    let sql =
      RunSearchCount<Column>.sql(conditions)
      ?? "SELECT count(*) FROM \(Column.table) t WHERE t.\(Column.owner) = $1\(all(conditions, from: 2))"
    return Statement(label, sql, [.uuid] + conditions.map(\.type))
  }

  /// The number of rows of each parent that meet the conditions; parents without any are left out.
  /// Result: parent, count. Parameters: organization, parents, the conditions'.
  public static func counts(
    of parent: Column, where conditions: [ListCondition<Column>], label: String
  ) -> Statement {
    let sql = """
      SELECT t.\(parent.rawValue), count(*) FROM \(Column.table) t \
      WHERE t.\(Column.owner) = $1 AND t.\(parent.rawValue) = ANY($2)\(all(conditions, from: 3)) \
      GROUP BY t.\(parent.rawValue)
      """
    return Statement(label, sql, [.uuid, .uuidArray] + conditions.map(\.type))
  }

  /// The number of rows that `link` pairs with each parent; parents without any are left out.
  /// Result: parent, count. Parameters: organization, parents.
  public static func counts(through link: RowLink, label: String) -> Statement {
    let sql = """
      SELECT l.\(link.parent), count(*) FROM \(link.table) l \
      WHERE l.organization_id = $1 AND l.\(link.parent) = ANY($2) GROUP BY l.\(link.parent)
      """
    return Statement(label, sql, [.uuid, .uuidArray])
  }

  // MARK: Text

  /// The columns and one more, which may be among them already.
  static func with(_ columns: [Column], _ key: Column) -> [Column] {
    columns.contains(key) ? columns : columns + [key]
  }

  static func list(_ columns: [Column]) -> String {
    columns.isEmpty ? "NULL" : columns.map { "t.\($0.rawValue)" }.joined(separator: ", ")
  }

  private static func all(_ conditions: [ListCondition<Column>], from number: Int) -> String {
    conditions.enumerated().map { " AND \($1.sql(number + $0))" }.joined()
  }
}
