/// The number of the runs that `RunSearch` gives pages of. Not all runs are looked at, but those of the flows
/// that ever had a name with the text, and the errors that the index of trigrams gives (decision 15); a run
/// that is found by both counts as one of the first. Of a flow that had no other name an index alone has the
/// number.
enum RunSearchCount<Column: TableColumn> {
  /// Result: one number. `$1` is the organization, `$2` and so on the conditions' values.
  ///
  /// Nil where no text is searched.
  static func sql(_ conditions: [ListCondition<Column>]) -> String? {
    guard let place = conditions.firstIndex(where: { $0.comparison == .isFoundInRun }) else { return nil }
    let pattern = "$\(place + 2)"
    let others = conditions.enumerated().filter { $0.offset != place }
    let bounds = others.map { " AND \($0.element.sql($0.offset + 2))" }.joined()
    let flow = others.first { $0.element.comparison == .equals && $0.element.column.rawValue == "flow_id" }
      .map { "$\($0.offset + 2)" }
    let (owner, value) = flow.map { ("flow_id", $0) } ?? ("organization_id", "$1")
    return """
      WITH named AS MATERIALIZED (SELECT n.flow_id, bool_and(n.name ILIKE \(pattern)) AS always \
      FROM flow_names n WHERE n.organization_id = $1\(flow.map { " AND n.flow_id = \($0)" } ?? "") \
      GROUP BY n.flow_id HAVING bool_or(n.name ILIKE \(pattern))) \
      SELECT \(sum("f.always", bounds)) + \
      \(sum("NOT f.always", " AND \(RunSearch<Column>.name(pattern))\(bounds)")) + \
      (SELECT count(*) FROM execution_logs t WHERE t.error IS NOT NULL \
      AND \(RunSearch<Column>.message(pattern)) AND uuid_hash(t.\(owner)) = uuid_hash(\(value)) \
      AND t.organization_id IS NOT DISTINCT FROM $1 AND NOT \(RunSearch<Column>.name(pattern))\(bounds))
      """
  }

  /// Flow by flow: joined, all runs would be walked for one flow.
  private static func sum(_ flows: String, _ runs: String) -> String {
    """
    (SELECT coalesce(sum(r.count), 0)::bigint FROM named f CROSS JOIN LATERAL (SELECT count(*) \
    FROM execution_logs t WHERE t.organization_id = $1 AND t.flow_id = f.flow_id\(runs)) r WHERE \(flows))
    """
  }
}
