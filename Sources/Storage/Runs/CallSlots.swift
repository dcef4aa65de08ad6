import Flows
import Postgres

// Slots of integrations, each for one call at a time.
//
// A call takes its slot before its intent is stored, and the transition that stores its outcome frees it, in
// one transaction. A slot that is freed is given to the first in the line, with a signal that wakes its run:
// nobody who comes later takes it first. What dies between is done by the next look at dead owners.
extension PostgresRunStore {
  public func takeSlots(
    for calls: [CallSlot], under claim: RunClaim
  ) async throws -> Set<NodeAddress> {
    let organization = claim.run.organizationID
    let limited = calls.filter { limits.isLimited($0.integrationID, in: organization) }
    guard !limited.isEmpty else { return [] }
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(claim.run.runID.uuid)
      $0.int8(claim.epoch)
      $0.uuids(limited.map(\.integrationID.uuid))
      $0.uuids(limited.map(\.address.node.uuid))
      $0.int8s(limited.map(\.address.iteration.rawValue))
    }
    let rows = try await database.execute(CallSlotSQL.take, parameters)
    var waiting: Set<NodeAddress> = []
    for row in 0..<rows.rowCount {
      guard let node = rows.uuid(row, 0), let iteration = rows.int8(row, 1) else { continue }
      waiting.insert(NodeAddress(node.identifier, IterationPath(rawValue: iteration)))
    }
    // One may have been freed after this call had looked and before it stood in the line.
    if !waiting.isEmpty { try? await giveCallSlots() }
    return waiting
  }

  /// Whether a transition frees slots beside its own run's.
  func freesSlots(_ commit: RunCommit) -> Bool {
    commit.transition.endedCalls.contains {
      limits.isLimited($0.integrationID, in: commit.claim.run.organizationID)
    }
  }

  /// Frees the slots of calls that are over, in the transaction that stores how they ended.
  nonisolated(nonsending) func freeSlots(
    of calls: [CallSlot], _ run: RunReference, in transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(run.runID.uuid)
      $0.uuids(calls.map(\.address.node.uuid))
      $0.int8s(calls.map(\.address.iteration.rawValue))
    }
    try await transaction.execute(CallSlotSQL.free, parameters)
  }

  /// Gives free slots to those in line, and wakes their runs.
  func giveCallSlots() async throws {
    let rows = try await database.execute(CallSlotSQL.give)
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0), let run = rows.uuid(row, 1) else { continue }
      notifier?.signalled(RunReference(organizationID: organization.identifier, runID: run.identifier))
    }
  }

  /// What limits the runs that an owner holds: a limit that was set since they were claimed.
  func learnLimits(of organizations: Set<Identifier>) async throws {
    guard !organizations.isEmpty else { return }
    let rows = try await database.query(
      CallSlotSQL.limited, Parameters { $0.uuids(organizations.map(\.uuid)) })
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0)?.identifier else { continue }
      limits.learn(Set((rows.uuidArray(row, 1) ?? []).map(\.identifier)), of: organization)
    }
  }
}

/// The statements about slots of integrations. `RunLimitSQL.heal` frees those of runs that do not go on.
enum CallSlotSQL {
  static let limited = Statement(
    "limited_scopes",
    """
    SELECT o.id, (SELECT array_agg(l.scope) FROM run_limits l WHERE l.organization_id = o.id) \
    FROM unnest($1::uuid[]) AS o (id)
    """,
    [.uuidArray])

  /// Gives free slots to calls of one run that have none, unless somebody is in line before them; the others
  /// get into the line. The answer names those. Another claim's epoch finds and changes nothing.
  static let take = Statement(
    "take_call_slots",
    """
    WITH call AS MATERIALIZED (
      SELECT c.*, now() + (q.priority - 1) * interval '1 minute' AS rank, \
    row_number() OVER (PARTITION BY c.scope ORDER BY c.place) AS turn \
    FROM unnest($4::uuid[], $5::uuid[], $6::bigint[]) WITH ORDINALITY AS c (scope, node_id, iteration, place) \
    JOIN execution_queue q ON q.organization_id = $1 AND q.execution_id = $2 AND q.epoch = $3 \
    JOIN run_limits l ON l.organization_id = $1 AND l.scope = c.scope \
    WHERE NOT EXISTS (SELECT 1 FROM run_slots s WHERE s.organization_id = $1 AND s.scope = c.scope \
    AND s.execution_id = $2 AND s.node_id = c.node_id AND s.iteration = c.iteration)
    ), free AS MATERIALIZED (
      SELECT f.*, row_number() OVER (PARTITION BY f.scope ORDER BY f.number) AS turn \
    FROM (SELECT scope, count(*) AS count FROM call GROUP BY 1) d CROSS JOIN LATERAL (\
    SELECT s.scope, s.number FROM run_slots s \
    JOIN run_limits l ON l.organization_id = s.organization_id AND l.scope = s.scope \
    WHERE s.organization_id = $1 AND s.scope = d.scope AND s.execution_id IS NULL AND s.number <= l.maximum \
    AND NOT EXISTS (SELECT 1 FROM slot_waiters w WHERE w.organization_id = $1 AND w.scope = d.scope) \
    ORDER BY s.number LIMIT d.count FOR UPDATE OF s SKIP LOCKED) f
    ), given AS (
      UPDATE run_slots s SET execution_id = $2, node_id = c.node_id, iteration = c.iteration \
    FROM free f JOIN call c ON c.scope = f.scope AND c.turn = f.turn \
    WHERE s.organization_id = $1 AND s.scope = f.scope AND s.number = f.number RETURNING c.place
    ), waiting AS (
      INSERT INTO slot_waiters (organization_id, scope, execution_id, node_id, iteration, rank) \
    SELECT $1, c.scope, $2, c.node_id, c.iteration, c.rank FROM call c \
    WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.place = c.place) ON CONFLICT DO NOTHING
    )
    SELECT c.node_id, c.iteration FROM call c \
    WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.place = c.place)
    """,
    [.uuid, .uuid, .int8, .uuidArray, .uuidArray, .int8Array])

  static let free = Statement(
    "free_call_slots",
    """
    WITH call AS MATERIALIZED (
      SELECT * FROM unnest($3::uuid[], $4::bigint[]) AS c (node_id, iteration)
    ), gone AS (
      DELETE FROM slot_waiters w USING call c WHERE w.organization_id = $1 AND w.execution_id = $2 \
    AND w.node_id = c.node_id AND w.iteration = c.iteration
    )
    UPDATE run_slots s SET execution_id = NULL FROM call c WHERE s.organization_id = $1 \
    AND s.execution_id = $2 AND s.node_id = c.node_id AND s.iteration = c.iteration
    """,
    [.uuid, .uuid, .uuidArray, .int8Array])

  /// Slots that are given by one statement, of one integration, where it has no limit any more.
  private static let unlimitedStep = 100

  /// As many of those in line as there are free slots, the first of each line first; where the limit is gone
  /// all, a hundred at a time. Each is told by a signal. Whoever is locked is left to the next time, so that
  /// this waits for nobody.
  static let give = Statement(
    "give_call_slots",
    """
    WITH line AS MATERIALIZED (
      SELECT DISTINCT organization_id, scope FROM slot_waiters
    ), open AS MATERIALIZED (
      SELECT i.*, l.maximum, CASE WHEN l.maximum IS NULL THEN \(unlimitedStep) ELSE (\
    SELECT count(*) FROM run_slots s WHERE s.organization_id = i.organization_id AND s.scope = i.scope \
    AND s.execution_id IS NULL AND s.number <= l.maximum) END AS room FROM line i \
    LEFT JOIN run_limits l ON l.organization_id = i.organization_id AND l.scope = i.scope
    ), next AS MATERIALIZED (
      SELECT w.*, o.maximum, row_number() OVER (PARTITION BY w.organization_id, w.scope \
    ORDER BY w.rank, w.execution_id, w.node_id, w.iteration) AS turn \
    FROM open o CROSS JOIN LATERAL (SELECT w.* FROM slot_waiters w \
    JOIN execution_queue q ON q.organization_id = w.organization_id AND q.execution_id = w.execution_id \
    WHERE w.organization_id = o.organization_id AND w.scope = o.scope \
    ORDER BY w.rank, w.execution_id, w.node_id, w.iteration LIMIT o.room FOR UPDATE OF w, q SKIP LOCKED) w
    ), free AS MATERIALIZED (
      SELECT f.*, row_number() OVER (PARTITION BY f.organization_id, f.scope ORDER BY f.number) AS turn \
    FROM (SELECT organization_id, scope, maximum, count(*) AS count FROM next \
    WHERE maximum IS NOT NULL GROUP BY 1, 2, 3) d CROSS JOIN LATERAL (\
    SELECT s.organization_id, s.scope, s.number FROM run_slots s \
    WHERE s.organization_id = d.organization_id AND s.scope = d.scope AND s.execution_id IS NULL \
    AND s.number <= d.maximum ORDER BY s.number LIMIT d.count FOR UPDATE SKIP LOCKED) f
    ), given AS (
      UPDATE run_slots s SET execution_id = n.execution_id, node_id = n.node_id, iteration = n.iteration \
    FROM free f JOIN next n ON n.organization_id = f.organization_id AND n.scope = f.scope AND n.turn = f.turn \
    WHERE s.organization_id = f.organization_id AND s.scope = f.scope AND s.number = f.number \
    RETURNING s.organization_id, s.scope, s.execution_id, s.node_id, s.iteration
    ), told AS MATERIALIZED (
      SELECT * FROM given UNION ALL SELECT organization_id, scope, execution_id, node_id, iteration \
    FROM next WHERE maximum IS NULL
    ), gone AS (
      DELETE FROM slot_waiters w USING told t WHERE w.organization_id = t.organization_id \
    AND w.scope = t.scope AND w.execution_id = t.execution_id AND w.node_id = t.node_id \
    AND w.iteration = t.iteration
    ), woken AS (
      UPDATE execution_queue q SET \(SignalSQL.wake) \
    FROM (SELECT DISTINCT organization_id, execution_id FROM told) t \
    WHERE q.organization_id = t.organization_id AND q.execution_id = t.execution_id
    ), signals AS (
      INSERT INTO execution_signals (organization_id, execution_id, id, node_id, iteration, kind, payload) \
    SELECT organization_id, execution_id, gen_random_uuid(), node_id, iteration, 'slot_given', 'null' FROM told
    )
    SELECT DISTINCT organization_id, execution_id FROM told
    """)
}
