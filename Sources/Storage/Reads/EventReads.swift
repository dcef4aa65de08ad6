import Flows
import Postgres

/// The numbered events of runs.
public enum EventReads {
  /// A stretch of a run's events, in order. Result: sequence, kind, data, at. Parameters: organization, run,
  /// the number behind which to begin, limit.
  public static let after = Statement(
    "events_after",
    """
    SELECT e.sequence, e.kind, e.data, e.at FROM (\(EventRow.rows(of: "$2", in: "$1", after: "$3")) \
    ORDER BY sequence LIMIT $4) r \
    CROSS JOIN LATERAL \(EventRow.unfold("r")) e WHERE e.sequence > $3 ORDER BY e.sequence LIMIT $4
    """,
    [.uuid, .uuid, .int4, .int4])

  /// The number of each run's last event, whether the run is over, and its id. Parameters: organization,
  /// runs.
  static let end = Statement(
    "events_end",
    """
    SELECT last_sequence, status IN ('success', 'failure', 'cancelled'), id FROM execution_logs \
    WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])

  public static func parameters(
    _ run: RunReference, after sequence: Int, limit: Int
  ) -> Parameters {
    Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(run.runID.uuid)
      $0.int4(Int32(clamping: sequence))
      $0.int4(Int32(clamping: limit))
    }
  }
}
