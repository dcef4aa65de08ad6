import Flows
import Postgres

/// What the runs of an organization find around them: its named values, and what of it has a limit of runs.
///
/// Whatever claims runs reads it with them, in two columns that only the first row of each organization has.
struct RunSurroundings: Sendable {
  var values = JSONObject()
  /// Flows, integrations, or the organization itself.
  var limited: Set<Identifier> = []

  init() {}

  /// The two columns; the arguments are SQL of this module: an organization, and whether a row is to have
  /// them.
  static func columns(of organization: String, where isFirst: String) -> String {
    """
    CASE WHEN \(isFirst) THEN (SELECT coalesce(jsonb_object_agg(v.name, v.value), '{}') \
    FROM organization_values v WHERE v.organization_id = \(organization)) END, \
    CASE WHEN \(isFirst) THEN ARRAY(SELECT l.scope FROM run_limits l \
    WHERE l.organization_id = \(organization)) END
    """
  }

  /// Nil in a row that has none.
  /// - Throws: when the values cannot be read.
  init?(_ rows: RowBatch, _ row: Int, column: Int) throws {
    guard let bytes = rows.jsonBytes(row, column) else { return nil }
    values = try JSONValue(parsing: bytes).object ?? JSONObject()
    limited = Set((rows.uuidArray(row, column + 1) ?? []).map(\.identifier))
  }
}
