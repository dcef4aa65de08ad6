import Flows
import Postgres

/// How many runs of a flow or of an organization, or calls of an integration, may go on at once.
///
/// A limit is so many rows of `run_slots`: a run that is claimed takes a free one and keeps it until the
/// statement that ends the run; while there is none it waits, outside of what claims look at. A slot that is
/// freed is given to the one that waits longest, priorities counted. No counter can be wrong: a slot whose
/// run is gone is free again at the next look. Of calls see `CallSlotSQL`.
public struct RunLimits: Sendable {
  /// What is limited.
  public enum Scope: Sendable {
    case flow(Identifier)
    case organization
    /// The calls that its account makes.
    case integration(Identifier)
  }

  /// The greatest limit.
  public static let maximum = 1000

  private let database: Database

  public init(_ database: Database) { self.database = database }

  /// Sets a limit of 1 to `maximum`, or removes it. What goes on is not stopped: a lower limit holds when
  /// enough of it has ended.
  /// - Throws: `StorageError.notFound`.
  public func set(_ limit: Int?, for scope: Scope, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id(of: scope, in: organization).uuid)
      $0.int4(limit.map { Int32(max(1, min(RunLimits.maximum, $0))) })
    }
    try await database.transaction { transaction in
      let found = try await transaction.execute(RunLimitSQL.lock, parameters)
      guard found.rowCount == 1 else { throw StorageError.notFound }
      for statement in [RunLimitSQL.set, RunLimitSQL.add, RunLimitSQL.remove, RunLimitSQL.free] {
        _ = transaction.send(statement, parameters)
      }
    }
  }

  /// The slots of a flow that is new, and has its limit already.
  static nonisolated(nonsending) func addSlots(
    _ limit: Int?, of flow: Identifier, in organization: Identifier, _ transaction: Transaction
  ) async throws {
    guard let limit else { return }
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.uuid)
      $0.int4(Int32(clamping: limit))
    }
    try await transaction.execute(RunLimitSQL.add, parameters)
  }

  private func id(of scope: Scope, in organization: Identifier) -> Identifier {
    switch scope {
    case .flow(let flow): flow
    case .organization: organization
    case .integration(let integration): integration
    }
  }
}

// What claims and commits ask.
extension PostgresRunStore {
  /// A claimed run and what limits it.
  struct Limited {
    let claim: RunClaim
    let scope: Identifier
  }

  /// Takes slots for claimed runs; those that find none are given up and wait for their scope.
  /// - Returns: the runs that wait now.
  func takeSlots(_ runs: [Limited]) async throws -> Set<RunReference> {
    guard !runs.isEmpty else { return [] }
    let parameters = Parameters {
      $0.uuids(runs.map(\.claim.run.organizationID.uuid))
      $0.uuids(runs.map(\.claim.run.runID.uuid))
      $0.int8s(runs.map(\.claim.epoch))
      $0.uuids(runs.map(\.scope.uuid))
    }
    return Set(PostgresRunStore.runs(try await database.execute(RunLimitSQL.take, parameters)))
  }

  /// Gives free slots to runs that wait for them, which are due then.
  func wakeLimited() async throws {
    let rows = try await database.execute(RunLimitSQL.give)
    for run in PostgresRunStore.runs(rows) { notifier?.queued(run) }
  }

  /// Organization and run in the first two columns.
  private static func runs(_ rows: RowBatch) -> [RunReference] {
    (0..<rows.rowCount).compactMap { row in
      guard let organization = rows.uuid(row, 0), let run = rows.uuid(row, 1) else { return nil }
      return RunReference(organizationID: organization.identifier, runID: run.identifier)
    }
  }

  /// Frees slots of runs that are over, whoever forgot to, and of calls that do not go on.
  func freeSlots() async throws { try await database.execute(RunLimitSQL.heal) }
}

/// The statements about limits.
enum RunLimitSQL {
  /// One change at a time; nothing is found for a flow or an integration that is not there.
  static let lock = Statement(
    "lock_run_limit",
    """
    SELECT 1 FROM organizations o WHERE o.id = $1 AND ($1 = $2 OR EXISTS (SELECT 1 FROM automation_flows f \
    WHERE f.organization_id = $1 AND f.id = $2) OR EXISTS (SELECT 1 FROM integrations i \
    WHERE i.organization_id = $1 AND i.id = $2)) AND coalesce($3, 1) > 0 FOR NO KEY UPDATE
    """, types)

  static let set = Statement(
    "set_run_limit",
    """
    WITH organization AS (
      UPDATE organizations SET maximum_concurrent_runs = $3 WHERE id = $1 AND $1 = $2
    ), flow AS (
      UPDATE automation_flows SET maximum_concurrent_runs = $3 WHERE organization_id = $1 AND id = $2
    )
    UPDATE integrations SET maximum_concurrent_calls = $3 WHERE organization_id = $1 AND id = $2
    """, types)

  static let add = Statement(
    "add_run_slots",
    """
    INSERT INTO run_slots (organization_id, scope, number) SELECT $1, $2, n FROM generate_series(1, $3) n \
    ON CONFLICT DO NOTHING
    """, types)

  static let remove = Statement(
    "remove_run_slots",
    """
    DELETE FROM run_slots WHERE organization_id = $1 AND scope = $2 \
    AND ($3 IS NULL OR number > $3 AND execution_id IS NULL)
    """, types)

  /// Without a limit nobody waits.
  static let free = Statement(
    "free_waiting_runs",
    """
    UPDATE execution_queue SET waits_for = NULL, due_at = now() \
    WHERE organization_id = $1 AND waits_for = $2 AND $3 IS NULL
    """, types)

  private static let types: [PostgresType] = [.uuid, .uuid, .int4]

  /// Gives free slots to claimed runs, one for each that has none of its scope yet, unless somebody has been
  /// waiting for it; the others let go of their claim and wait. The answer names those.
  static let take = Statement(
    "take_run_slots",
    """
    WITH needed AS MATERIALIZED (
      SELECT i.*, row_number() OVER (PARTITION BY i.organization_id, i.scope ORDER BY i.place) AS turn \
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[]) WITH ORDINALITY \
    AS i (organization_id, run, epoch, scope, place) \
    WHERE NOT EXISTS (SELECT 1 FROM run_slots s WHERE s.organization_id = i.organization_id \
    AND s.scope = i.scope AND s.execution_id = i.run)
    ), free AS MATERIALIZED (
      SELECT f.*, row_number() OVER (PARTITION BY f.organization_id, f.scope ORDER BY f.number) AS turn \
    FROM (SELECT organization_id, scope, count(*) AS count FROM needed GROUP BY 1, 2) d CROSS JOIN LATERAL (\
    SELECT s.organization_id, s.scope, s.number FROM run_slots s \
    JOIN run_limits l ON l.organization_id = s.organization_id AND l.scope = s.scope \
    WHERE s.organization_id = d.organization_id AND s.scope = d.scope AND s.execution_id IS NULL \
    AND s.number <= l.maximum AND NOT EXISTS (SELECT 1 FROM execution_queue w \
    WHERE w.organization_id = d.organization_id AND w.waits_for = d.scope) \
    ORDER BY s.number LIMIT d.count FOR UPDATE OF s SKIP LOCKED) f
    ), given AS (
      UPDATE run_slots s SET execution_id = n.run FROM free f JOIN needed n \
    ON n.organization_id = f.organization_id AND n.scope = f.scope AND n.turn = f.turn \
    WHERE s.organization_id = f.organization_id AND s.scope = f.scope AND s.number = f.number \
    RETURNING s.organization_id, s.execution_id
    )
    UPDATE execution_queue q SET owner = NULL, waits_for = n.scope FROM needed n \
    WHERE q.organization_id = n.organization_id AND q.execution_id = n.run AND q.epoch = n.epoch \
    AND NOT EXISTS (SELECT 1 FROM given g WHERE g.organization_id = n.organization_id \
    AND g.execution_id = n.run) RETURNING q.organization_id, q.execution_id
    """,
    [.uuidArray, .uuidArray, .int8Array, .uuidArray])

  /// Gives the free slots of every scope to those who wait for it: by the instant at which they were due, a
  /// priority's step counted like a minute, as claims do. Nobody who comes later takes such a slot first.
  static let give = Statement(
    "give_run_slots",
    """
    WITH open AS MATERIALIZED (
      SELECT l.*, (SELECT count(*) FROM run_slots s WHERE s.organization_id = l.organization_id \
    AND s.scope = l.scope AND s.execution_id IS NULL AND s.number <= l.maximum) AS room FROM run_limits l \
    WHERE EXISTS (SELECT 1 FROM execution_queue q WHERE q.organization_id = l.organization_id \
    AND q.waits_for = l.scope)
    ), next AS MATERIALIZED (
      SELECT o.organization_id, o.scope, o.maximum, w.execution_id, row_number() OVER (\
    PARTITION BY o.organization_id, o.scope ORDER BY w.rank, w.execution_id) AS turn FROM open o \
    CROSS JOIN LATERAL (SELECT q.execution_id, q.due_at + p.shift AS rank FROM (VALUES \
    (0, interval '-1 minute'), (1, interval '0'), (2, interval '1 minute')) AS p (priority, shift) \
    CROSS JOIN LATERAL (SELECT c.execution_id, c.due_at FROM execution_queue c \
    WHERE c.organization_id = o.organization_id AND c.waits_for = o.scope AND c.priority = p.priority \
    ORDER BY c.due_at, c.execution_id LIMIT o.room FOR UPDATE SKIP LOCKED) q) w
    ), free AS MATERIALIZED (
      SELECT f.*, row_number() OVER (PARTITION BY f.organization_id, f.scope ORDER BY f.number) AS turn \
    FROM (SELECT organization_id, scope, maximum, count(*) AS count FROM next GROUP BY 1, 2, 3) d \
    CROSS JOIN LATERAL (SELECT s.organization_id, s.scope, s.number FROM run_slots s \
    WHERE s.organization_id = d.organization_id AND s.scope = d.scope AND s.execution_id IS NULL \
    AND s.number <= d.maximum ORDER BY s.number LIMIT d.count FOR UPDATE SKIP LOCKED) f
    ), given AS (
      UPDATE run_slots s SET execution_id = n.execution_id FROM free f JOIN next n \
    ON n.organization_id = f.organization_id AND n.scope = f.scope AND n.turn = f.turn \
    WHERE s.organization_id = f.organization_id AND s.scope = f.scope AND s.number = f.number \
    RETURNING s.organization_id, s.execution_id
    )
    UPDATE execution_queue q SET waits_for = NULL, due_at = now() FROM given g \
    WHERE q.organization_id = g.organization_id AND q.execution_id = g.execution_id \
    RETURNING q.organization_id, q.execution_id
    """)

  /// Slots of runs without a place in the queue; and of calls, those whose runs wait for something else that
  /// may take long: another owner after deaths, a slot of their flow. They ask again when they go on. Who
  /// stands in line for a run that is over stands there no more.
  static let heal = Statement(
    "heal_run_slots",
    """
    WITH gone AS (
      DELETE FROM slot_waiters w WHERE NOT EXISTS (SELECT 1 FROM execution_queue q \
    WHERE q.organization_id = w.organization_id AND q.execution_id = w.execution_id)
    )
    UPDATE run_slots s SET execution_id = NULL WHERE s.execution_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM execution_queue q WHERE q.organization_id = s.organization_id \
    AND q.execution_id = s.execution_id AND (s.node_id IS NULL \
    OR q.owner IS NOT NULL OR q.due_at <= now() AND q.waits_for IS NULL))
    """)
}
