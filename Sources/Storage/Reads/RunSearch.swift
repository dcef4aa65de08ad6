/// A page of the runs whose flow's name or whose error's message contains a text (decision 15).
///
/// No one way is right for a text that is everywhere, one that is nowhere and one that was common a month
/// ago. So the statement goes one way after the other, each only where those before have not filled the page:
/// 1. the newest runs, as they lie;
/// 2. for names: the flows that ever had one with the text, and of each its newest runs;
/// 3. for messages: the newest errors as they lie, then period by period, of which an index of trigrams gives
///    the errors with the text. Where there are many periods, all of them are asked at once before: of a rare
///    text that gives everything.
///
/// "Newest" is the first in the page's order, which may be the oldest.
struct RunSearch<Column: TableColumn> {
  /// Runs that are looked at as they lie.
  static var nearRuns: Int { 1000 }
  /// Errors that are looked at as they lie.
  static var nearErrors: Int { 500 }
  /// Errors with the text that are sorted; where there are more, those of a period are walked in order.
  static var fewErrors: Int { 500 }
  /// Periods that are gone through without asking all at once: two or three weeks.
  static var fewPeriods: Int { 12 }

  let rows: PageRows<Column>
  let pattern: String

  var sql: String {
    """
    WITH RECURSIVE newest AS MATERIALIZED (
      SELECT w.id FROM (\(nearest)) w WHERE w.flow_name ILIKE \(pattern) OR w.message ILIKE \(pattern) \
    ORDER BY w.id\(direction) LIMIT \(rows.limit)
    ), named AS MATERIALIZED (
      \(named)
    ), error AS MATERIALIZED (
      SELECT e.* FROM (\(errors)) e WHERE (SELECT count(*) FROM newest) < \(rows.limit)
    ), failed AS MATERIALIZED (
      SELECT id FROM error WHERE message ILIKE \(pattern) LIMIT \(rows.limit)
    ), period AS MATERIALIZED (
      \(periods)
    ), few AS MATERIALIZED (
      \(hits()) AND (SELECT count(*) FROM period) > \(Self.fewPeriods) LIMIT \(Self.fewErrors + 1)
    )
    SELECT \(rows.selection) FROM (SELECT id FROM newest UNION SELECT id FROM named UNION \
    SELECT id FROM failed UNION (\(sorted("few"))) UNION (\(periodByPeriod))) i \
    JOIN execution_logs t ON \(rows.owner) AND t.id = i.id ORDER BY \(rows.sorting) LIMIT \(rows.limit)
    """
  }

  private var direction: String { rows.direction }

  /// All conditions but the text.
  private var bounds: String {
    rows.text.bounds + (rows.text.anyOf.map { " AND t.\($0.column.rawValue) = ANY(\($0.place))" } ?? "")
  }

  private var nearest: String {
    rows.ids(limit: "\(Self.nearRuns)", with: ", t.flow_name, t.error ->> 'message' AS message")
  }

  private var errors: String {
    errors(limit: "\(Self.nearErrors)", with: ", t.error ->> 'message' AS message")
  }

  /// Runs with an error in order. Only failed and cancelled ones have one, so no others are walked.
  private func errors(limit: String, and further: String = "", with columns: String = "") -> String {
    let asked = rows.text.anyOf.map { " WHERE value = ANY(\($0.place))" } ?? ""
    return rows.ids(
      of: "SELECT value FROM unnest('{failure,cancelled}'::text[]) value\(asked)", in: "status", limit: limit,
      and: " AND t.error IS NOT NULL\(further)", with: columns)
  }

  private var named: String {
    let flow = rows.text.flow.map { " AND n.flow_id = \($0)" } ?? ""
    let runs = rows.ids(
      limit: rows.limit, and: " AND t.flow_id = f.flow_id AND \(Self.name(pattern))")
    return """
      SELECT r.id FROM (SELECT DISTINCT n.flow_id FROM flow_names n WHERE n.organization_id = $1\(flow) \
      AND n.name ILIKE \(pattern)) f CROSS JOIN LATERAL (\(runs)) r \
      WHERE (SELECT count(*) FROM newest) < \(rows.limit) ORDER BY r.id\(direction) LIMIT \(rows.limit)
      """
  }

  // MARK: Trigrams

  /// Errors with the text by their trigrams, those of a period or all, whatever the other conditions: so
  /// their number is that of the index's own answer. No other index serves: it would be taken where it is the
  /// worse one.
  private func hits(ofPeriod period: String? = nil) -> String {
    let (owner, value) = rows.text.flow.map { ("flow_id", $0) } ?? ("organization_id", "$1")
    var scope = "uuid_hash(t.\(owner)) = uuid_hash(\(value))"
    if let period {
      // The range leaves out the partitions of other months.
      scope = """
        studio_scope(t.\(owner), studio_period(t.id)) = studio_scope(\(value), \(period)) \
        AND \(RunSearch.range(of: period))
        """
    }
    return """
      SELECT t.id, t.flow_id, t.status, t.created_at, t.organization_id FROM execution_logs t \
      WHERE t.error IS NOT NULL AND \(Self.message(pattern)) AND \(scope) \
      AND t.organization_id IS NOT DISTINCT FROM $1
      """
  }

  /// Those hits that meet the other conditions, where there are few; otherwise none.
  private func sorted(_ hits: String) -> String {
    """
    SELECT t.id FROM \(hits) t WHERE \(rows.owner) AND (SELECT count(*) FROM \(hits)) <= \(Self.fewErrors)\(bounds) \
    ORDER BY t.id\(direction) LIMIT \(rows.limit)
    """
  }

  // MARK: Periods

  private static func range(of period: String) -> String {
    "t.id >= studio_period_start(\(period)) AND t.id < studio_period_start(\(period) + 1)"
  }

  /// The periods that have errors which meet the other conditions, in order; none where all errors were
  /// looked at as they lie.
  private var periods: String {
    let next =
      rows.isDescending
      ? "t.id < studio_period_start(period.number)" : "t.id >= studio_period_start(period.number + 1)"
    let isNeeded = """
      (SELECT count(*) FROM newest) < \(rows.limit) AND (SELECT count(*) FROM failed) < \(rows.limit) \
      AND (SELECT count(*) FROM error) = \(Self.nearErrors)
      """
    return """
      (\(period(" AS number", isNeeded))) UNION ALL \
      SELECT (\(period("", next))) FROM period WHERE period.number IS NOT NULL
      """
  }

  private func period(_ name: String, _ condition: String) -> String {
    "SELECT studio_period(e.id)\(name) FROM (\(errors(limit: "1", and: " AND \(condition)"))) e"
  }

  /// The periods come in their order and so do the runs of each: the page is full with the first ones.
  private var periodByPeriod: String {
    """
    SELECT r.id FROM period CROSS JOIN LATERAL (WITH hit AS MATERIALIZED (\
    \(hits(ofPeriod: "period.number")) LIMIT \(Self.fewErrors + 1)) \
    SELECT h.id FROM (\(sorted("hit"))) h UNION ALL SELECT w.id FROM (\(walked)) w) r \
    WHERE (SELECT count(*) FROM period) <= \(Self.fewPeriods) \
    OR (SELECT count(*) FROM few) > \(Self.fewErrors) LIMIT \(rows.limit)
    """
  }

  /// The period's errors with the text as they lie, where its hits are many.
  private var walked: String {
    errors(
      limit: rows.limit,
      and: """
         AND \(Self.message(pattern)) AND \(RunSearch.range(of: "period.number")) AND (SELECT count(*) FROM hit) > \(Self.fewErrors)
        """)
  }
}

extension RunSearch {
  /// Whether the name of the run's flow contains the text; over `t`.
  static func name(_ pattern: String) -> String { "t.flow_name ILIKE \(pattern)" }

  /// Whether the message of the run's error contains the text; over `t`. An index has the expression.
  static func message(_ pattern: String) -> String { "t.error ->> 'message' ILIKE \(pattern)" }
}
