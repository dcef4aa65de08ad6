import Flows
import Postgres

/// What runs of a stretch of time came to: counted from the runs themselves, with covering indexes, so that
/// neither a run's row nor a partition outside of the time is read.
public enum MetricsReads {
  /// The figures of each flow. Result: flow, created at, notes (null unless asked for), runs, failures,
  /// successes, the sum of their milliseconds. Parameters: organization, flows, the bounds' ids.
  public static func flows(notes: Bool, figures: Bool, label: String) -> Statement {
    let counted = """
      LEFT JOIN LATERAL (SELECT count(*) AS runs, count(*) FILTER (WHERE t.status = 'failure') AS failures, \
      count(*) FILTER (WHERE t.status = 'success') AS successes, \
      sum(t.duration) FILTER (WHERE t.status IN ('success', 'failure')) AS milliseconds \
      FROM execution_logs t WHERE t.organization_id = $1 AND t.flow_id = f.id AND t.id >= $3 AND t.id < $4) m \
      ON true
      """
    let sql = """
      SELECT f.id, f.created_at, \(notes ? "f.notes" : "NULL::text"), \
      \(figures ? "m.runs, m.failures, m.successes, m.milliseconds" : "0::bigint, 0::bigint, 0::bigint, 0::bigint") \
      FROM automation_flows f \(figures ? counted + " " : "")\
      WHERE f.organization_id = $1 AND f.id = ANY($2) AND $3::uuid IS NOT NULL AND $4::uuid IS NOT NULL
      """
    return Statement(label, sql, [.uuid, .uuidArray, .uuid, .uuid])
  }

  /// The figures of an organization by status. Result: status, runs, the sum of their milliseconds.
  /// Parameters: organization, the bounds' ids.
  public static let organization = Statement(
    "organization_metrics",
    """
    SELECT s.status, m.runs, m.milliseconds FROM unnest(\
    '{pending,running,waiting,success,failure,cancelled}'::text[]) AS s (status) CROSS JOIN LATERAL (\
    SELECT count(*) AS runs, sum(t.duration) AS milliseconds FROM execution_logs t \
    WHERE t.organization_id = $1 AND t.status = s.status AND t.id >= $2 AND t.id < $3) m
    """,
    [.uuid, .uuid, .uuid])

  /// The least id of an instant: ids begin with their milliseconds.
  public static func bound(_ instant: Instant) -> Identifier {
    Identifier(high: UInt64(clamping: instant.microseconds / 1000) << 16, low: 0)
  }
}
