import Postgres

/// The statements that find what is to be claimed, and claim it.
enum RunQueueSQL {
  /// The worker of an id while its lease holds, else no row. The argument is SQL of this module.
  static func liveWorker(_ id: String) -> String {
    "SELECT id FROM workers WHERE id = \(id) AND lease_until > now()"
  }

  /// Claims due runs of organizations for an owner with a live lease, at most `$6` of each and `$7` in all:
  /// of every organization the first, then of every one the second, and so on. Each claim raises the epoch,
  /// so a former owner commits nothing.
  ///
  /// Rows are updated by their physical place: the planner guesses a tenth of the queue for a LIMIT that it
  /// does not know, and would join the whole queue with it.
  static let claim = Statement(
    "claim_runs",
    """
    WITH \(due), taken AS (
      UPDATE execution_queue q SET owner = $1, epoch = q.epoch + 1 \
    WHERE q.ctid = ANY (ARRAY(SELECT place FROM candidate \(chosen))) \
    RETURNING q.organization_id, q.execution_id, q.epoch, q.due_at, q.priority
    )
    \(runs(in: "taken"))
    """,
    dueTypes)

  /// The same runs as `claim`, locked and not claimed: what becomes of them is for the rest of the
  /// transaction. `$8` bounds in milliseconds how long it may stand still, so that the runs of a process that
  /// does go to others as soon as its lease would let them.
  static let lockDue = Statement(
    "lock_due_runs",
    """
    WITH \(due), found AS (
      SELECT organization_id, execution_id, epoch, due_at, priority FROM candidate \(chosen)
    ), bounded AS MATERIALIZED (
      SELECT set_config('idle_in_transaction_session_timeout', $8, true)
    )
    \(runs(in: "found")) CROSS JOIN bounded
    """,
    dueTypes + [.text])

  /// Claims runs that the same transaction has locked: `$2` are their organizations, `$3` the runs.
  static let claimLocked = Statement(
    "claim_runs",
    """
    WITH taken AS (
      UPDATE execution_queue q SET owner = $1, epoch = q.epoch + 1 \
    FROM unnest($2::uuid[], $3::uuid[]) AS i (organization_id, execution_id) \
    WHERE q.organization_id = i.organization_id AND q.execution_id = i.execution_id \
    RETURNING q.organization_id, q.execution_id, q.epoch, q.due_at, q.priority
    )
    \(runs(in: "taken"))
    """,
    [.uuid, .uuidArray, .uuidArray])

  private static let dueTypes: [PostgresType] = [
    .uuid, .uuidArray, .timestamptzArray, .timestamptzArray, .timestamptzArray, .int4, .int4,
  ]

  /// Locks due runs that nobody has: at most `$6` of each priority of each organization.
  ///
  /// Within an organization a priority's step counts like a minute of waiting. `$3` to `$5` are watermarks,
  /// an instant for each organization and priority: what lies before them was claimed, and beside a long
  /// transaction its dead places would have to be walked again and again.
  private static let due = """
    turn AS MATERIALIZED (
      SELECT * FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) \
    AS t (organization_id, high, normal, low) \
    WHERE EXISTS (\(liveWorker("$1")))
    ), candidate AS MATERIALIZED (
      SELECT turn.organization_id, p.priority::smallint AS priority, q.*, \
    row_number() OVER (PARTITION BY turn.organization_id ORDER BY q.rank, q.execution_id) AS number FROM turn \
    CROSS JOIN LATERAL (VALUES (0, turn.high, interval '-1 minute'), (1, turn.normal, interval '0'), \
    (2, turn.low, interval '1 minute')) AS p (priority, since, shift) \
    CROSS JOIN LATERAL (SELECT c.ctid AS place, c.due_at + p.shift AS rank, c.execution_id, c.epoch, \
    c.due_at FROM execution_queue c WHERE c.organization_id = turn.organization_id AND c.priority = p.priority \
    AND c.owner IS NULL AND c.waits_for IS NULL AND c.due_at >= p.since AND c.due_at <= now() \
    ORDER BY c.due_at, c.execution_id LIMIT $6 FOR UPDATE SKIP LOCKED) q
    )
    """

  /// Those of them whose turn it is.
  private static let chosen = "WHERE number <= $6 ORDER BY number, rank LIMIT $7"

  /// What is read of runs with their places in the queue. A run that is gone has no row in the answer's
  /// later columns. The last two are what `RunSurroundings` says. The argument is SQL of this module.
  private static func runs(in places: String) -> String {
    """
    SELECT t.organization_id, t.execution_id, t.epoch, e.version_id, e.status, e.input, e.trigger_node_id, \
    e.step, e.start_time, e.end_time, e.result, e.error, e.cancel_requested_at IS NOT NULL, now(), t.due_at, \
    t.priority, e.depth, e.is_for_failure, \
    CASE WHEN e.parent_node_id IS NOT NULL THEN e.parent_execution_id END, \
    \(RunSurroundings.columns(of: "t.organization_id", where: "t.number = 1")) \
    FROM (SELECT *, row_number() OVER (PARTITION BY organization_id) AS number FROM \(places)) t \
    LEFT JOIN LATERAL (SELECT * FROM execution_logs e \
    WHERE e.organization_id = t.organization_id AND e.id = t.execution_id LIMIT 1) e ON true
    """
  }

  /// Organizations with something due, by priority, and the first instant of each: a step in the index for
  /// each of them, however many runs they have.
  static let sweep = Statement(
    "sweep_queue",
    """
    WITH RECURSIVE head AS (
      (SELECT organization_id, priority, due_at FROM execution_queue \
    WHERE owner IS NULL AND waits_for IS NULL ORDER BY organization_id, priority, due_at LIMIT 1)
      UNION ALL
      SELECT n.* FROM head CROSS JOIN LATERAL (\
    SELECT q.organization_id, q.priority, q.due_at FROM execution_queue q \
    WHERE q.owner IS NULL AND q.waits_for IS NULL AND (q.organization_id, q.priority) > (head.organization_id, head.priority) \
    ORDER BY q.organization_id, q.priority, q.due_at LIMIT 1) n
    )
    SELECT organization_id, priority, due_at FROM head WHERE due_at <= now() LIMIT 10000
    """)

  /// The next instant at which a parked run comes due.
  static let nextWake = Statement(
    "next_wake",
    """
    SELECT due_at FROM execution_queue WHERE owner IS NULL AND is_parked AND due_at > now() \
    ORDER BY due_at LIMIT 1
    """)

  /// Runs whose owners died with them at the same step for the last time: `$1` is how often before.
  static let poisoned = Statement(
    "poisoned_runs",
    """
    SELECT q.organization_id, q.execution_id, q.epoch FROM execution_queue q \
    WHERE q.owner IN (SELECT id FROM workers WHERE lease_until <= now()) AND q.crashes >= $1 \
    AND q.crash_step >= (SELECT e.step FROM execution_logs e WHERE e.organization_id = q.organization_id \
    AND e.id = q.execution_id)
    """,
    [.int4])

  /// Gives back the runs of owners whose lease has expired, and forgets owners that are long gone and hold
  /// nothing. Rows that are locked are left to the next time: two reapers never wait for one another.
  ///
  /// A run that was there more often waits longer, each a different time, so that one that ends its worker
  /// soon stands alone with it.
  static let reap = Statement(
    "reap_runs",
    """
    WITH dead AS (
      SELECT id FROM workers WHERE lease_until <= now()
    ), forgotten AS (
      DELETE FROM workers w WHERE w.lease_until < now() - interval '1 day' \
    AND NOT EXISTS (SELECT 1 FROM execution_queue q WHERE q.owner = w.id)
    ), left_behind AS MATERIALIZED (
      SELECT organization_id, execution_id, crashes, crash_step FROM execution_queue \
    WHERE owner IN (SELECT id FROM dead) FOR UPDATE SKIP LOCKED
    ), counted AS (
      SELECT l.organization_id, l.execution_id, e.step, \
    CASE WHEN e.step > l.crash_step THEN 1 ELSE l.crashes + 1 END AS crashes \
    FROM left_behind l CROSS JOIN LATERAL (SELECT step FROM execution_logs e \
    WHERE e.organization_id = l.organization_id AND e.id = l.execution_id LIMIT 1) e
    )
    UPDATE execution_queue q SET owner = NULL, crashes = c.crashes, crash_step = c.step, \
    is_parked = c.crashes > 1, due_at = CASE WHEN c.crashes > 1 THEN now() + power(4, c.crashes - 1) * \
    (1 + abs(hashtext(c.execution_id::text) % 1000)) / 1000.0 * interval '1 second' \
    ELSE least(q.due_at, now()) END \
    FROM counted c WHERE q.organization_id = c.organization_id AND q.execution_id = c.execution_id
    """)
}
