import Postgres

/// The statements that change claimed runs.
///
/// Each demands the claim's epoch in the queue, and locks the run's place in the queue before it touches its
/// row. So does everybody who changes a run: whoever has the place never waits for the row.
enum RunCommitSQL {
  /// Transitions of many runs. A run whose place is locked by somebody else is left alone, so that nobody
  /// waits here, and no two of these can wait for one another.
  static let commitMany = many(nodes(firstOfNodes) + conflicts)

  /// The same for the first transitions of runs: none of their nodes has a row, so Postgres need not look for
  /// one and make room for it, which costs more than the row (manual, `INSERT`, "ON CONFLICT").
  static let commitManyFirst = many(nodes(firstOfNodes))

  /// The same for one run, waiting for its place.
  static let commitOne = one(nodes(firstOfNodes) + conflicts)

  /// The first transition of one run.
  static let commitOneFirst = one(nodes(firstOfNodes))

  /// The only transitions of runs whose places in the queue the transaction has locked already.
  static let endLocked = Statement("end_runs", ends, types)

  private static func many(_ nodes: String) -> Statement {
    Statement("commit_runs", commit(places: "FOR UPDATE OF q SKIP LOCKED", nodes), types)
  }

  private static func one(_ nodes: String) -> Statement {
    Statement("commit_run", commit(places: "FOR UPDATE OF q", nodes), types)
  }

  /// For each run that is stored by this call its number in the call, the step, and whether it freed a slot
  /// that another run may wait for. What became of the others `look` says.
  ///
  /// `$1` to `$19` are arrays with an element for each run; nodes are `$20` to `$40`, each with the number of
  /// its run. Numbers count from 1. The last of a run are its row of events, a list of the JSON values that
  /// it and its nodes have (`RunValues`), and what a final transition says instead of a row of events.
  private static func commit(places lock: String, _ nodes: String) -> String {
    """
    WITH input AS MATERIALIZED (
      \(transitions(1))
    ), place AS MATERIALIZED (
      SELECT i.number FROM input i JOIN execution_queue q ON q.organization_id = i.organization_id \
    AND q.execution_id = i.id AND q.epoch = i.epoch ORDER BY q.organization_id, q.execution_id \(lock)
    ), run AS (
      \(update(from: "input i JOIN place ON place.number = i.number"))
    ), queued AS (
      UPDATE execution_queue q SET owner = NULL, \
    has_signal = false, crashes = 0, \
    due_at = CASE WHEN run.cancel_requested_at IS NULL AND NOT q.has_signal \
    THEN coalesce(run.wake_at, now()) ELSE now() END, \
    is_parked = run.cancel_requested_at IS NULL AND NOT q.has_signal AND run.wake_at > now() IS TRUE \
    FROM run WHERE q.organization_id = run.organization_id AND q.execution_id = run.id \
    AND run.is_released AND NOT run.is_final
    ), events AS (
      INSERT INTO execution_events (organization_id, execution_id, sequence, count, kind, data, at) \
    SELECT organization_id, id, last_sequence, events, event_kind, event_data, event_at FROM run \
    WHERE events > 0 AND NOT is_final
    ), \(changes(nodes))
    """
  }

  /// The same of final transitions, with no look at the places.
  private static let ends = """
    WITH run AS (
      \(update(from: "(\(transitions(1))) i"))
    ), \(changes(nodes(firstOfNodes)))
    """

  /// The runs' rows; the argument is SQL of this module: what has the transitions.
  private static func update(from input: String) -> String {
    """
    UPDATE execution_logs e SET step = i.step, epoch = i.epoch, status = i.status, start_time = i.start_time, \
    end_time = i.end_time, duration = i.duration, \
    result = \(RunValues.value("i.result", of: "i.given", input: "e.input")), error = i.error, \
    wake_at = i.wake_at, last_sequence = e.last_sequence + i.events, end_events = i.ending FROM \(input) \
    WHERE e.organization_id = i.organization_id AND e.id = i.id \
    AND e.step = i.step - 1 AND e.status IN ('pending', 'running', 'waiting') \
    RETURNING i.number, i.is_final, i.is_released, i.events, i.event_kind, i.event_data, i.event_at, \
    i.given, e.input, \(columns)
    """
  }

  /// What goes with the rows of `run`, and the answer.
  private static func changes(_ nodes: String) -> String {
    """
    nodes AS (
      \(nodes)
    ), dequeued AS (
      DELETE FROM execution_queue q USING run \
    WHERE q.organization_id = run.organization_id AND q.execution_id = run.id AND run.is_final
    ), forgotten AS (
      DELETE FROM execution_signals s USING run WHERE s.organization_id = run.organization_id \
    AND s.execution_id = run.id AND run.is_final
    ), freed AS (
      UPDATE run_slots s SET execution_id = NULL FROM run \
    WHERE s.organization_id = run.organization_id AND s.execution_id = run.id AND run.is_final \
    RETURNING run.number
    ), streamed AS (
      \(StreamSQL.outbox(of: "run", count: "events"))
    ), told AS (
      \(told)
    ), raised AS (
      \(FlowEventSQL.raised)
    )
    SELECT number, step, number IN (SELECT number FROM freed) FROM run
    """
  }

  /// What of a run's row the other parts of the statement need.
  private static let columns = """
    e.organization_id, e.id, e.step, e.status, e.flow_id, e.flow_name, e.start_time, e.end_time, e.duration, \
    e.error, e.wake_at, e.cancel_requested_at, e.last_sequence
    """

  /// What is stored of runs that a commit did not store: the number of the run and the step. That of its
  /// transition, under its epoch, means that an earlier call has stored it; the one before, that it is still
  /// to be stored. Then whether it never will be: the run is over, or another claim's. Parameters:
  /// organizations, runs, epochs, steps, numbers.
  static let look = Statement(
    "look_at_runs",
    """
    SELECT i.number, e.step, e.status IN ('success', 'failure', 'cancelled') OR NOT EXISTS (\
    SELECT 1 FROM execution_queue q WHERE q.organization_id = i.organization_id AND q.execution_id = i.id \
    AND q.epoch = i.epoch) FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::int[]) \
    AS i (organization_id, id, epoch, step, number) JOIN execution_logs e \
    ON e.organization_id = i.organization_id AND e.id = i.id AND (e.epoch = i.epoch OR e.step = i.step - 1)
    """,
    [.uuidArray, .uuidArray, .int8Array, .int4Array, .int4Array])

  /// The first parameter of the nodes, behind those of the transitions.
  static let firstOfNodes = transitionTypes.count + 1

  /// A row for each transition: nineteen arrays, of which the first parameter is named.
  static func transitions(_ first: Int) -> String {
    """
    SELECT * FROM unnest(\(parameters(transitionTypes.count, first))) WITH ORDINALITY AS i \
    (organization_id, id, epoch, step, status, start_time, end_time, duration, result, error, wake_at, \
    events, is_final, is_released, event_kind, event_data, event_at, given, ending, number)
    """
  }

  /// Inserts the nodes of `run`, whose rows have the numbers that the nodes name, the run's input, and the
  /// list of its values: twenty-one arrays, of which the first parameter is named.
  static func nodes(_ first: Int) -> String {
    """
    INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind, \
    node_order, status, attempt, input, output, error, skip_reason, delivered, wake_at, start_time, \
    end_time, duration, iteration, iterations, memo) \
    SELECT run.organization_id, run.id, n.id, n.node_id, n.node_key, n.title, n.kind, n.node_order, \
    n.status, n.attempt, \(RunValues.value("n.input", of: "run.given", input: "run.input")), \
    \(RunValues.value("n.output", of: "run.given", input: "run.input")), n.error, n.skip_reason, \
    coalesce(string_to_array(nullif(n.delivered, ''), ',')::uuid[], '{}'), n.wake_at, n.start_time, \
    n.end_time, n.duration, n.iteration, n.iterations, n.memo \
    FROM unnest(\(parameters(nodeTypes.count, first))) \
    AS n (number, id, node_id, node_key, title, kind, node_order, status, attempt, input, output, error, \
    skip_reason, delivered, wake_at, start_time, end_time, duration, iteration, iterations, memo) \
    JOIN run ON run.number = n.number
    """
  }

  /// `$1, $2, …`
  private static func parameters(_ count: Int, _ first: Int) -> String {
    (first..<first + count).map { "$\($0)" }.joined(separator: ", ")
  }

  /// Nodes that have rows already.
  private static let conflicts = """
     ON CONFLICT (organization_id, execution_id, node_id, iteration) DO UPDATE SET status = excluded.status, \
    attempt = excluded.attempt, input = excluded.input, output = excluded.output, error = excluded.error, \
    skip_reason = excluded.skip_reason, delivered = excluded.delivered, wake_at = excluded.wake_at, \
    start_time = excluded.start_time, end_time = excluded.end_time, duration = excluded.duration, \
    memo = excluded.memo
    """

  static let types = transitionTypes + nodeTypes

  private static let transitionTypes: [PostgresType] = [
    .uuidArray, .uuidArray, .int8Array, .int4Array, .textArray, .timestamptzArray, .timestamptzArray,
    .int4Array, .int4Array, .jsonbArray, .timestamptzArray, .int4Array, .boolArray, .boolArray,
    .textArray, .jsonbArray, .timestamptzArray, .jsonbArray, .textArray,
  ]

  private static let nodeTypes: [PostgresType] = [
    .int4Array, .uuidArray, .uuidArray, .textArray, .textArray, .textArray, .int4Array, .textArray,
    .int4Array, .int4Array, .int4Array, .jsonbArray, .textArray, .textArray, .timestamptzArray,
    .timestamptzArray, .timestamptzArray, .int4Array, .int8Array, .jsonbArray, .jsonbArray,
  ]

  /// Ends a run as a failure under its epoch: `$4` is the error, `$5` what its last event says.
  static let abandon = Statement(
    "abandon_run",
    """
    WITH place AS MATERIALIZED (
      SELECT 1 FROM execution_queue WHERE organization_id = $1 AND execution_id = $2 AND epoch = $3 FOR UPDATE
    ), run AS (
      UPDATE execution_logs SET status = 'failure', epoch = $3, end_time = now(), \
    duration = extract(epoch FROM now() - start_time) * 1000, error = $4, wake_at = NULL, \
    last_sequence = last_sequence + 1 WHERE organization_id = $1 AND id = $2 \
    AND status IN ('pending', 'running', 'waiting') AND EXISTS (SELECT 1 FROM place) \
    RETURNING true AS is_final, execution_logs.*
    ), nodes AS (
      UPDATE node_execution_logs n SET status = 'cancelled', end_time = now(), wake_at = NULL FROM run \
    WHERE n.organization_id = $1 AND n.execution_id = $2 AND n.status IN ('pending', 'running', 'waiting')
    ), event AS (
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, data, at) \
    SELECT $1, $2, last_sequence, 'finished', $5, now() FROM run
    ), dequeued AS (
      DELETE FROM execution_queue WHERE organization_id = $1 AND execution_id = $2 \
    AND EXISTS (SELECT 1 FROM place)
    ), freed AS (
      UPDATE run_slots SET execution_id = NULL WHERE organization_id = $1 AND execution_id = $2 \
    AND EXISTS (SELECT 1 FROM place)
    ), streamed AS (
      \(StreamSQL.outbox(of: "run", count: "1"))
    ), told AS (
      \(told)
    ), raised AS (
      \(FlowEventSQL.raised)
    )
    SELECT 1 FROM run
    """,
    [.uuid, .uuid, .int8, .jsonb, .jsonb])

  /// What webhooks are told when runs end, in the statement that ends them.
  static let told = WebhookOutbox.insertion(
    event: "end_event.name", at: "run.end_time",
    data: """
      jsonb_build_object('id', studio_type_id('exec', run.id), 'status', upper(run.status), \
      'flow', jsonb_build_object('id', studio_type_id('flow', run.flow_id), 'name', run.flow_name), \
      'startTime', studio_instant(run.start_time), 'endTime', studio_instant(run.end_time), \
      'durationMs', run.duration, 'error', run.error)
      """,
    from: """
      run CROSS JOIN LATERAL (SELECT CASE run.status WHEN 'success' THEN 'EXECUTION_SUCCEEDED' \
      WHEN 'failure' THEN 'EXECUTION_FAILED' ELSE 'EXECUTION_CANCELLED' END AS name) end_event \
      JOIN webhooks w ON w.organization_id = run.organization_id WHERE run.is_final AND
      """)
}
