import Postgres

/// The statements of `Pruning`.
enum RetentionSQL {
  /// The longest that any organization has set, in days; 0 when one keeps for ever, null when none has set
  /// any.
  static let longest = Statement(
    "longest_retention",
    """
    SELECT CASE WHEN bool_or(run_days = 0) THEN 0 ELSE max(run_days) END, \
    CASE WHEN bool_or(audit_days = 0) THEN 0 ELSE max(audit_days) END FROM organization_retention
    """)

  static let partitions = Statement(
    "partitions_of_table",
    """
    SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
    JOIN pg_class p ON p.oid = i.inhparent WHERE p.relname = $1 \
    AND p.relnamespace = current_schema()::regnamespace ORDER BY c.relname
    """,
    [.text])

  static let monthIsOver = Statement(
    "month_is_over",
    """
    SELECT NOT EXISTS (SELECT 1 FROM execution_queue WHERE execution_id >= $1 AND execution_id < $2) \
    AND NOT EXISTS (SELECT 1 FROM execution_logs WHERE id >= $1 AND id < $2 \
    AND (status IN ('pending', 'running', 'waiting') OR end_time >= $3))
    """,
    [.uuid, .uuid, .timestamptz])

  static let organizations = Statement(
    "retention_of_organizations",
    """
    SELECT o.id, r.run_days, r.run_count, r.audit_days FROM organizations o \
    LEFT JOIN organization_retention r ON r.organization_id = o.id WHERE o.id > $1 ORDER BY o.id LIMIT $2
    """,
    [.uuid, .int4])

  static let runNumber = Statement(
    "run_by_number",
    "SELECT id FROM execution_logs WHERE organization_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1",
    [.uuid, .int8])

  /// A run whose row is locked, or that still has a place in the queue, is left to the next time.
  static let deleteRuns = Statement(
    "prune_runs",
    """
    WITH over AS MATERIALIZED (SELECT l.id FROM execution_logs l WHERE l.organization_id = $1 AND l.id < $2 \
    AND l.status IN ('success', 'failure', 'cancelled') AND ($3::timestamptz IS NULL OR l.end_time < $3) \
    AND NOT EXISTS (SELECT 1 FROM execution_queue q \
    WHERE q.organization_id = l.organization_id AND q.execution_id = l.id) \
    ORDER BY l.id LIMIT $4 FOR UPDATE SKIP LOCKED), \
    events AS (DELETE FROM execution_events e USING over \
    WHERE e.organization_id = $1 AND e.execution_id = over.id AND e.execution_id < $2), \
    nodes AS (DELETE FROM node_execution_logs n USING over \
    WHERE n.organization_id = $1 AND n.execution_id = over.id AND n.execution_id < $2), \
    runs AS (DELETE FROM execution_logs l USING over \
    WHERE l.organization_id = $1 AND l.id = over.id AND l.id < $2 RETURNING 1) \
    SELECT count(*) FROM runs
    """,
    [.uuid, .uuid, .timestamptz, .int4])

  static let deleteAuditEvents = Statement(
    "prune_audit_events",
    """
    WITH over AS MATERIALIZED (SELECT id FROM audit_events WHERE organization_id = $1 AND id < $2 \
    ORDER BY id LIMIT $3), \
    events AS (DELETE FROM audit_events a USING over \
    WHERE a.organization_id = $1 AND a.id = over.id AND a.id < $2 RETURNING 1) SELECT count(*) FROM events
    """,
    [.uuid, .uuid, .int4])

  /// Taken, or renewed by its owner; Postgres's clock decides when it is over.
  static let takeLease = Statement(
    "take_pruning_lease",
    """
    INSERT INTO upkeep_leases AS l (name, owner, lease_until) \
    VALUES ('pruning', $1, now() + make_interval(secs => $2)) \
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until \
    WHERE l.owner = excluded.owner OR l.lease_until < now() RETURNING 1
    """,
    [.uuid, .int4])

  static let releaseLease = Statement(
    "release_pruning_lease", "DELETE FROM upkeep_leases WHERE name = 'pruning' AND owner = $1", [.uuid])
}
