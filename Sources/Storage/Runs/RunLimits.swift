import Flows
import Postgres

/// How many runs of a flow, or of an organization, may go on at once.
///
/// A limit is so many rows of `run_slots`: a run that is claimed takes a free one and keeps it until the
/// statement that ends the run; while there is none it waits, outside of what claims look at. No counter can
/// be wrong: a slot whose run is gone is free again at the next look.
public struct RunLimits: Sendable {
  /// What is limited.
  public enum Scope: Sendable {
    case flow(Identifier)
    case organization
  }

  /// The greatest limit.
  public static let maximum = 1000

  private let database: Database

  public init(_ database: Database) { self.database = database }

  /// Sets a limit of 1 to `maximum` runs, or removes it. Runs that go on are not stopped: a lower limit holds
  /// when enough of them have ended.
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
      for statement in [
        RunLimitSQL.set, RunLimitSQL.add, RunLimitSQL.remove, RunLimitSQL.free, RunLimitSQL.show,
      ] {
        _ = transaction.send(statement, parameters)
      }
    }
  }

  /// The limit of a scope.
  public func limit(of scope: Scope, in organization: Identifier) async throws -> Int? {
    let key = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id(of: scope, in: organization).uuid)
    }
    let rows = try await database.query(RunLimitSQL.find, key)
    return rows.rowCount == 1 ? rows.int(0, 0) : nil
  }

  private func id(of scope: Scope, in organization: Identifier) -> Identifier {
    switch scope {
    case .flow(let flow): flow
    case .organization: organization
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

  /// Makes runs that wait for a scope due again, as many as it has free slots.
  func wakeLimited() async throws {
    let rows = try await database.execute(RunLimitSQL.wake)
    for run in PostgresRunStore.runs(rows) { notifier?.queued(run) }
  }

  /// Organization and run in the first two columns.
  private static func runs(_ rows: RowBatch) -> [RunReference] {
    (0..<rows.rowCount).compactMap { row in
      guard let organization = rows.uuid(row, 0), let run = rows.uuid(row, 1) else { return nil }
      return RunReference(organizationID: organization.identifier, runID: run.identifier)
    }
  }

  /// Frees slots of runs that are over, whoever forgot to.
  func freeSlots() async throws { try await database.execute(RunLimitSQL.heal) }
}

/// The statements about limits.
enum RunLimitSQL {
  static let find = Statement(
    "run_limit", "SELECT maximum FROM run_limits WHERE organization_id = $1 AND scope = $2", [.uuid, .uuid])

  /// One change at a time; nothing is found for a flow that is not there.
  static let lock = Statement(
    "lock_run_limit",
    """
    SELECT 1 FROM organizations o WHERE o.id = $1 AND ($1 = $2 OR EXISTS (SELECT 1 FROM automation_flows f \
    WHERE f.organization_id = $1 AND f.id = $2)) AND coalesce($3, 1) > 0 FOR NO KEY UPDATE
    """, types)

  static let set = Statement(
    "set_run_limit",
    """
    WITH gone AS (DELETE FROM run_limits WHERE organization_id = $1 AND scope = $2 AND $3 IS NULL)
    INSERT INTO run_limits (organization_id, scope, maximum) SELECT $1, $2, $3 WHERE $3 IS NOT NULL \
    ON CONFLICT (organization_id, scope) DO UPDATE SET maximum = excluded.maximum
    """, types)

  /// What readers see; it says nothing to claims.
  static let show = Statement(
    "show_run_limit",
    """
    WITH shown AS (UPDATE organizations SET maximum_concurrent_runs = $3 WHERE id = $1 AND $1 = $2) \
    UPDATE automation_flows SET maximum_concurrent_runs = $3 WHERE organization_id = $1 AND id = $2
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

  /// Gives free slots to claimed runs, one for each that has none of its scope yet; the others let go of
  /// their claim and wait. The answer names those.
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
    AND s.number <= l.maximum ORDER BY s.number LIMIT d.count FOR UPDATE OF s SKIP LOCKED) f
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

  /// As many of those that wait as there are free slots, the longest waiting first.
  static let wake = Statement(
    "wake_limited_runs",
    """
    UPDATE execution_queue SET waits_for = NULL, due_at = now() WHERE ctid = ANY (ARRAY(\
    SELECT w.place FROM run_limits l CROSS JOIN LATERAL (SELECT q.ctid AS place FROM execution_queue q \
    WHERE q.organization_id = l.organization_id AND q.waits_for = l.scope ORDER BY q.due_at \
    LIMIT (SELECT count(*) FROM run_slots s WHERE s.organization_id = l.organization_id \
    AND s.scope = l.scope AND s.execution_id IS NULL AND s.number <= l.maximum) FOR UPDATE SKIP LOCKED) w)) \
    RETURNING organization_id, execution_id
    """)

  static let heal = Statement(
    "heal_run_slots",
    """
    UPDATE run_slots s SET execution_id = NULL WHERE s.execution_id IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM execution_queue q WHERE q.organization_id = s.organization_id \
    AND q.execution_id = s.execution_id)
    """)
}
