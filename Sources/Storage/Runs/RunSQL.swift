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

  /// Those of the given claims that the owner still holds, and whether their cancellation was requested.
  static let heldRuns = Statement(
    "held_runs",
    """
    SELECT e.organization_id, e.id, e.cancel_requested_at IS NOT NULL \
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS held (organization_id, id, epoch) \
    JOIN execution_logs e ON e.organization_id = held.organization_id AND e.id = held.id \
    AND e.epoch = held.epoch \
    JOIN execution_queue q ON q.organization_id = e.organization_id AND q.execution_id = e.id AND q.owner = $4
    """,
    [.uuidArray, .uuidArray, .int8Array, .uuid])

  /// Gives back the runs of owners whose lease has expired, and forgets owners that are long gone and hold
  /// nothing. Rows that are locked are left to the next time: two reapers never wait for one another.
  static let reap = Statement(
    "reap_runs",
    """
    WITH dead AS (
      SELECT id FROM workers WHERE lease_until <= now()
    ), forgotten AS (
      DELETE FROM workers w WHERE w.lease_until < now() - interval '1 day' \
    AND NOT EXISTS (SELECT 1 FROM execution_queue q WHERE q.owner = w.id)
    ), left_behind AS (
      SELECT organization_id, execution_id FROM execution_queue WHERE owner IN (SELECT id FROM dead) \
    FOR UPDATE SKIP LOCKED
    )
    UPDATE execution_queue q SET owner = NULL, due_at = least(q.due_at, now()) FROM left_behind l \
    WHERE q.organization_id = l.organization_id AND q.execution_id = l.execution_id
    """)

  /// Claims due runs for an owner with a live lease. Each claim raises the epoch, so a former owner commits
  /// nothing.
  ///
  /// Rows are taken by their physical place: the planner guesses a tenth of the queue for a LIMIT that it
  /// does not know, and would join the whole queue with it.
  ///
  /// Whoever locks a run's place in the queue and its row takes the place first: so do `commit` and
  /// `requestCancel`.
  static let claim = Statement(
    "claim_runs",
    """
    WITH taken AS (
      UPDATE execution_queue q SET owner = $1 WHERE q.ctid = ANY (ARRAY(\
    SELECT ctid FROM execution_queue \
    WHERE owner IS NULL AND due_at <= now() AND EXISTS (SELECT 1 FROM workers WHERE id = $1 AND lease_until \
    > now()) \
    ORDER BY due_at, execution_id LIMIT $2 FOR UPDATE SKIP LOCKED)) \
    RETURNING q.organization_id, q.execution_id
    )
    UPDATE execution_logs e SET epoch = e.epoch + 1 FROM taken \
    WHERE e.organization_id = taken.organization_id AND e.id = taken.execution_id \
    RETURNING e.organization_id, e.id, e.epoch, e.version_id, e.status, e.input, e.trigger_node_id, e.step, \
    e.start_time, e.end_time, e.result, e.error, e.cancel_requested_at IS NOT NULL, now()
    """,
    [.uuid, .int4])

  static let nextWake = Statement(
    "next_wake", "SELECT min(due_at) FROM execution_queue WHERE owner IS NULL AND due_at > now()")

  static let nodeRuns = Statement(
    "claimed_node_runs",
    """
    SELECT n.execution_id, n.id, n.node_id, n.node_key, n.title, n.kind, n.status, n.attempt, n.input, \
    n.output, \
    n.error, n.skip_reason, n.start_time, n.end_time, n.wake_at, n.delivered, n.node_order \
    FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, id) \
    JOIN node_execution_logs n ON n.organization_id = k.organization_id AND n.execution_id = k.id \
    ORDER BY n.execution_id, n.node_order
    """,
    [.uuidArray, .uuidArray])

  /// The named values of organizations. Parameter: organizations.
  static let environments = Statement(
    "claimed_environments",
    """
    SELECT organization_id, jsonb_object_agg(name, value) FROM organization_values \
    WHERE organization_id = ANY($1) GROUP BY organization_id
    """,
    [.uuidArray])

  static let versions = Statement(
    "claimed_versions",
    """
    SELECT DISTINCT v.id, v.definition FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, id) \
    JOIN execution_logs e ON e.organization_id = k.organization_id AND e.id = k.id \
    JOIN flow_versions v ON v.organization_id = e.organization_id AND v.id = e.version_id
    """,
    [.uuidArray, .uuidArray])

  /// Gives a run back under its epoch. A requested cancellation makes it due at once.
  static let release = Statement(
    "release_run",
    """
    UPDATE execution_queue q SET owner = NULL, \
    due_at = CASE WHEN e.cancel_requested_at IS NULL THEN coalesce($4, now()) ELSE now() END \
    FROM execution_logs e WHERE e.organization_id = $1 AND e.id = $2 AND e.epoch = $3 \
    AND q.organization_id = e.organization_id AND q.execution_id = e.id AND q.owner IS NOT NULL
    """,
    [.uuid, .uuid, .int8, .timestamptz])
}
