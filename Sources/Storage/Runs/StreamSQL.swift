import Postgres

/// The statements of an organization's stream, and the pieces with which others write to its outbox.
enum StreamSQL {
  /// Transitions taken from the outbox at once.
  static let batch = 1000

  // MARK: Outbox

  /// Writes the events of runs to the outbox, in the statement that stores them: a row for each organization.
  /// `source` has a row for each transition; the other arguments name what it has: the run, the number of its
  /// last event, the number of its new events, and its flow.
  static func outbox(
    of source: String, organization: String = "organization_id", id: String = "id",
    last: String = "last_sequence", count: String, flow: String = "flow_id"
  ) -> String {
    """
    INSERT INTO event_outbox (organization_id, subject_id, subject_last, count, kind, flow_id, subjects, \
    lasts, counts, flows) SELECT \(organization), (array_agg(\(id)))[1], (array_agg(\(last)))[1], \
    sum(\(count)), 'runs', (array_agg(\(flow)))[1], array_agg(\(id)), array_agg(\(last)), \
    array_agg(\(count)), array_agg(\(flow)) FROM \(source) WHERE \(count) > 0 GROUP BY 1
    """
  }

  /// The same for accepted runs, of which each has its first event.
  static func outbox(accepted source: String, organization: String, id: String, flow: String) -> String {
    outbox(of: source, organization: organization, id: id, last: "1", count: "1", flow: flow)
  }

  /// Writes what happened to flows: `source` has them as `f`, with id, name, status and revision.
  static func outbox(flows source: String, organization: String, happening: String) -> String {
    """
    INSERT INTO event_outbox (organization_id, subject_id, subject_last, kind, flow_id, name, data) \
    SELECT \(organization), f.id, f.revision, 'flow', f.id, \(happening), \
    jsonb_build_object('revision', f.revision) FROM \(source) ON CONFLICT DO NOTHING
    """
  }

  /// The same as one row, of flows whose revision the same statement has raised: nothing else tells of it.
  static func outbox(raised source: String, organization: String, happening: String) -> String {
    """
    INSERT INTO event_outbox (organization_id, subject_id, subject_last, count, kind, flow_id, name, \
    subjects, lasts, counts, flows) SELECT \(organization), (array_agg(id))[1], (array_agg(revision))[1], \
    count(*), 'flows', (array_agg(id))[1], \(happening), array_agg(id), array_agg(revision), array_agg(1), \
    array_agg(id) FROM \(source) HAVING count(*) > 0
    """
  }

  /// Writes that a trigger has begun to fail, or has ceased to: `source` has it, with organization and flow.
  /// No revision tells of it, so the instant tells one from the next.
  static func outbox(trigger source: String, when condition: String) -> String {
    """
    INSERT INTO event_outbox (organization_id, subject_id, subject_last, kind, flow_id, name, data) \
    SELECT f.organization_id, f.id, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, 'flow', f.id, \
    'UPDATED', jsonb_build_object('revision', f.revision) FROM \(source) g JOIN automation_flows f \
    ON f.organization_id = g.organization_id AND f.id = g.flow_id WHERE \(condition) ON CONFLICT DO NOTHING
    """
  }

  /// Writes what happened to integrations, `i` in `source`. A check changes no revision, so the instant tells
  /// one from the next; two in one microsecond are one.
  static func outbox(integrations source: String, happening: String) -> String {
    """
    INSERT INTO event_outbox AS o (organization_id, subject_id, subject_last, kind, name, data) \
    SELECT i.organization_id, i.id, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, \
    'integration', \(happening), jsonb_build_object('isConnected', i.is_connected) FROM \(source) \
    ON CONFLICT (organization_id, subject_id, subject_last) WHERE name IS NOT NULL DO UPDATE SET name = excluded.name, \
    data = excluded.data
    """
  }

  // MARK: Sequencing

  /// Organizations with something in the outbox, a thousand at most. One index look-up for each.
  static let waiting = Statement(
    "outbox_organizations",
    """
    WITH RECURSIVE o AS (
      (SELECT organization_id FROM event_outbox ORDER BY organization_id LIMIT 1)
      UNION ALL
      SELECT (SELECT x.organization_id FROM event_outbox x WHERE x.organization_id > o.organization_id \
    ORDER BY x.organization_id LIMIT 1) FROM o WHERE o.organization_id IS NOT NULL
    )
    SELECT organization_id FROM o WHERE organization_id IS NOT NULL LIMIT 1000
    """)

  /// Makes the others wait who number the same organization's events. A statement of its own: what follows
  /// sees all that they have committed (manual § 13.2.1).
  static let lock = Statement(
    "lock_stream", "SELECT last_number FROM organization_streams WHERE organization_id = $1 FOR UPDATE",
    [.uuid])

  static let begin = Statement(
    "begin_stream",
    """
    INSERT INTO organization_streams (organization_id) SELECT id FROM organizations WHERE id = $1 \
    ON CONFLICT (organization_id) DO NOTHING
    """,
    [.uuid])

  /// What is left of an organization that is gone.
  static let forget = Statement(
    "forget_outbox",
    """
    DELETE FROM event_outbox o WHERE o.organization_id = $1 \
    AND NOT EXISTS (SELECT 1 FROM organizations WHERE id = $1)
    """,
    [.uuid])

  /// Moves a batch to the stream and numbers it; the answer is how many rows of the outbox it had. Both looks
  /// into the outbox see the same rows, by one snapshot, and neither depends on how many the planner expects.
  static let move = Statement(
    "move_events",
    """
    WITH taken AS MATERIALIZED (
      DELETE FROM event_outbox o WHERE o.organization_id = $1 AND o.number <= (SELECT max(number) FROM (\
    SELECT number FROM event_outbox WHERE organization_id = $1 ORDER BY number LIMIT $2) k) RETURNING o.*
    ), numbered AS (
      SELECT taken.*, sum(count) OVER (ORDER BY number) AS total FROM taken
    ), moved AS (
      INSERT INTO organization_events (organization_id, id, last_number, count, kind, subject_id, \
    subject_last, flow_id, name, data, at, subjects, lasts, counts, flows) \
    SELECT $1, (SELECT studio_uuid_v7()), (SELECT last_number FROM organization_streams \
    WHERE organization_id = $1) + n.total, n.count, n.kind, n.subject_id, n.subject_last, n.flow_id, n.name, \
    n.data, n.at, n.subjects, n.lasts, n.counts, n.flows FROM numbered n
    ), counted AS (
      UPDATE organization_streams SET last_number = last_number + (SELECT sum(count) FROM taken) \
    WHERE organization_id = $1 AND EXISTS (SELECT 1 FROM taken)
    )
    SELECT count(*) FROM taken
    """,
    [.uuid, .int4])

  // MARK: Reading

  /// A stretch of events behind a number, in order. Result: number, kind, subject, flow, the run's own
  /// number, name, data, at. Of a run whose events are gone the own number is null.
  static let after = Statement(
    "stream_after",
    """
    SELECT s.last_number - s.subject_last + coalesce(e.sequence, s.subject_last), s.kind, s.subject_id, \
    s.flow_id, e.sequence, coalesce(e.kind, s.name), coalesce(e.data, s.data), coalesce(e.at, s.at) \
    FROM (SELECT p.*, CASE r.kind WHEN 'runs' THEN 'run' WHEN 'flows' THEN 'flow' ELSE r.kind END AS kind, \
    r.name, CASE r.kind WHEN 'flows' THEN jsonb_build_object('revision', p.subject_last) ELSE r.data END \
    AS data, r.at \
    FROM (SELECT * FROM organization_events WHERE organization_id = $1 AND last_number > $2 \
    ORDER BY last_number LIMIT $3) r CROSS JOIN LATERAL \(subjects("r")) \
    AS p (last_number, count, subject_id, subject_last, flow_id) \
    WHERE p.last_number > $2 ORDER BY p.last_number LIMIT $3) s \
    LEFT JOIN LATERAL (SELECT u.* FROM (\(events)) r CROSS JOIN LATERAL \(EventRow.unfold("r")) \
    AS u (sequence, kind, data, at) WHERE s.kind = 'run' AND u.sequence > $2 - s.last_number + s.subject_last) e ON true \
    ORDER BY s.last_number, e.sequence LIMIT $3
    """,
    [.uuid, .int8, .int4])

  /// Rows of an organization's stream of which a read looks for those of a flow at most.
  static let walk = 5000

  /// The same of one flow's runs, `$4`, among the next rows of the stream. Result: as above, then behind
  /// which number the stream is stored, up to which it was looked at, and whether it goes on behind that; one
  /// row with these alone where there is no event.
  static let afterOfFlow = Statement(
    "flow_stream_after",
    """
    WITH near AS MATERIALIZED (SELECT * FROM organization_events WHERE organization_id = $1 \
    AND last_number > $2 ORDER BY last_number LIMIT \(walk)) \
    SELECT s.last_number - s.subject_last + coalesce(e.sequence, s.subject_last), 'run', s.subject_id, \
    s.flow_id, e.sequence, e.kind, e.data, coalesce(e.at, s.at), b.first, b.last, b.is_full \
    FROM (SELECT coalesce((SELECT f.last_number - f.count FROM organization_events f \
    WHERE f.organization_id = $1 ORDER BY f.last_number LIMIT 1), o.last_number) AS first, \
    coalesce((SELECT max(last_number) FROM near), o.last_number) AS last, \
    (SELECT count(*) FROM near) = \(walk) AS is_full \
    FROM organization_streams o WHERE o.organization_id = $1) b \
    LEFT JOIN LATERAL (SELECT p.*, r.at FROM near r CROSS JOIN LATERAL \(subjects("r")) \
    AS p (last_number, count, subject_id, subject_last, flow_id) \
    WHERE r.kind IN ('run', 'runs') AND (r.flow_id = $4 OR r.flows @> ARRAY[$4]) \
    AND p.flow_id = $4 AND p.last_number > $2 ORDER BY p.last_number LIMIT $3) s ON true \
    LEFT JOIN LATERAL (SELECT u.* FROM (\(events)) r CROSS JOIN LATERAL \(EventRow.unfold("r")) \
    AS u (sequence, kind, data, at) WHERE u.sequence > $2 - s.last_number + s.subject_last) e ON true \
    ORDER BY s.last_number, e.sequence LIMIT $3
    """,
    [.uuid, .int8, .int4, .uuid])

  /// The flows whose runs have events among the next rows of the stream behind a number; up to which number
  /// that was looked at, and whether the stream goes on behind it.
  static let changedFlows = Statement(
    "changed_flows",
    """
    WITH near AS MATERIALIZED (SELECT last_number, kind, flow_id, flows FROM organization_events \
    WHERE organization_id = $1 AND last_number > $2 ORDER BY last_number LIMIT \(walk)) \
    SELECT (SELECT array_agg(DISTINCT f.id) FROM near r \
    CROSS JOIN LATERAL unnest(coalesce(r.flows, ARRAY[r.flow_id])) AS f (id) \
    WHERE r.kind IN ('run', 'runs')), max(last_number), count(*) = \(walk) FROM near
    """,
    [.uuid, .int8])

  /// The rows of events of the subject `s`.
  private static let events = EventRow.rows(
    of: "s.subject_id", in: "$1", after: "s.subject_last - s.count", until: "s.subject_last")

  /// SQL that makes the subjects of a row of `organization_events` again, each with the number of its last
  /// event and how many they are. The argument is SQL of this module: the row's name.
  private static func subjects(_ row: String) -> String {
    """
    (SELECT \(row).last_number, \(row).count, \(row).subject_id, \(row).subject_last, \(row).flow_id \
    WHERE \(row).subjects IS NULL UNION ALL SELECT \(row).last_number - \(row).count + \
    sum(u.count) OVER (ORDER BY u.place ROWS UNBOUNDED PRECEDING), u.count, u.subject_id, u.last, u.flow_id \
    FROM unnest(\(row).subjects, \(row).lasts, \(row).counts, \(row).flows) WITH ORDINALITY \
    AS u (subject_id, last, count, flow_id, place) WHERE \(row).subjects IS NOT NULL)
    """
  }
}

/// What resolvers read of streams.
public enum StreamReads {
  /// The number of the last event; no row where there was none yet. Parameter: organization.
  public static let end = Statement(
    "stream_end", "SELECT last_number FROM organization_streams WHERE organization_id = $1", [.uuid])
}
