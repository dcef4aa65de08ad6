import Postgres

/// The statements of `PostgresRunStore`.
enum RunSQL {
  static let renewLease = Statement(
    "renew_lease",
    """
    INSERT INTO workers (id, lease_until) VALUES ($1, now() + $2 * interval '1 millisecond') \
    ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
    """,
    [.uuid, .int8])

  /// What the owner holds, and whether its cancellation was requested.
  static let heldRuns = Statement(
    "held_runs",
    """
    SELECT q.organization_id, q.execution_id, q.epoch, (SELECT e.cancel_requested_at IS NOT NULL \
    FROM execution_logs e WHERE e.organization_id = q.organization_id AND e.id = q.execution_id) \
    FROM execution_queue q WHERE q.owner = $1
    """,
    [.uuid])

  static let nodeRuns = Statement(
    "claimed_node_runs",
    """
    SELECT n.execution_id, n.id, n.node_id, n.node_key, n.title, n.kind, n.status, n.attempt, n.input, \
    n.output, \
    n.error, n.skip_reason, n.start_time, n.end_time, n.wake_at, n.delivered, n.node_order, \
    n.iteration, n.memo \
    FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, id) \
    JOIN node_execution_logs n ON n.organization_id = k.organization_id AND n.execution_id = k.id \
    ORDER BY n.execution_id, n.node_order
    """,
    [.uuidArray, .uuidArray])

  /// Parameters: organizations, and a version of each.
  static let versions = Statement(
    "claimed_versions",
    """
    SELECT v.organization_id, v.id, v.definition FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, id) \
    JOIN flow_versions v ON v.organization_id = k.organization_id AND v.id = k.id
    """,
    [.uuidArray, .uuidArray])

  /// Gives a run back under its epoch. Without an instant it stands where it stood, as if nobody had claimed
  /// it; a requested cancellation makes it due at once.
  ///
  /// The deaths of its workers are counted on unless the run has gone on since: one that is given back
  /// untouched, for want of a place, has not shown that it does no harm.
  static let release = Statement(
    "release_run",
    """
    UPDATE execution_queue q SET owner = NULL, has_signal = false, \
    crashes = CASE WHEN e.step > q.crash_step THEN 0 ELSE q.crashes END, \
    due_at = CASE WHEN e.cancel_requested_at IS NULL AND NOT q.has_signal AND $4 IS NOT NULL THEN $4 \
    ELSE least(q.due_at, now()) END, \
    is_parked = e.cancel_requested_at IS NULL AND NOT q.has_signal AND $4 > now() IS TRUE \
    FROM execution_logs e WHERE e.organization_id = $1 AND e.id = $2 \
    AND q.organization_id = e.organization_id AND q.execution_id = e.id AND q.epoch = $3 \
    AND q.owner IS NOT NULL
    """,
    [.uuid, .uuid, .int8, .timestamptz])
}
