import Flows
import Postgres

// What comes for waiting nodes, and transitions that change more than their own run.
extension PostgresRunStore {
  public func signals(for claims: [RunClaim]) async throws -> [RunReference: [NodeSignal]] {
    let parameters = Parameters {
      $0.uuids(claims.map(\.run.organizationID.uuid))
      $0.uuids(claims.map(\.run.runID.uuid))
    }
    return try Self.signals(try await database.query(SignalSQL.select, parameters))
  }

  /// Whoever sends something holds the lock of the run's place until it is stored, as does this: what is not
  /// seen here has not been accepted, and is not accepted any more.
  public func closeWaits(of nodes: [NodeAddress], under claim: RunClaim) async throws -> [NodeSignal] {
    let close = Parameters {
      $0.uuid(claim.run.organizationID.uuid)
      $0.uuid(claim.run.runID.uuid)
      $0.int8(claim.epoch)
      $0.uuids(nodes.map(\.node.uuid))
      $0.int8s(nodes.map(\.iteration.rawValue))
    }
    let select = Parameters {
      $0.uuids([claim.run.organizationID.uuid])
      $0.uuids([claim.run.runID.uuid])
    }
    return try await database.transaction { transaction in
      guard try await transaction.execute(SignalSQL.closeWaits, close).rowCount > 0 else { return [] }
      return try Self.signals(try await transaction.query(SignalSQL.select, select))[claim.run] ?? []
    }
  }

  private static func signals(_ rows: RowBatch) throws -> [RunReference: [NodeSignal]] {
    var found: [RunReference: [NodeSignal]] = [:]
    for row in 0..<rows.rowCount {
      guard let organization = rows.uuid(row, 0), let run = rows.uuid(row, 1), let id = rows.uuid(row, 2),
        let node = rows.uuid(row, 3), let kind = rows.string(row, 5).flatMap(NodeSignal.Kind.init(rawValue:)),
        let payload = rows.jsonBytes(row, 6)
      else { continue }
      let reference = RunReference(organizationID: organization.identifier, runID: run.identifier)
      let path = IterationPath(rawValue: rows.int8(row, 4) ?? 0)
      found[reference, default: []].append(
        NodeSignal(
          id: id.identifier, address: NodeAddress(node.identifier, path), kind: kind,
          payload: try JSONValue(parsing: payload)))
    }
    return found
  }

  /// One transition with all that it changes elsewhere, in one transaction. The places of all runs that it
  /// touches are locked before, in the order of their ids, so that no two of these wait for one another.
  func commitEntangled(_ row: RunCommitRows.Row) async throws -> CommitResult {
    let (transition, run) = (row.commit.transition, row.commit.claim.run)
    do {
      let (result, stored) = try await database.joined { transaction in
        let places = Parameters {
          $0.uuid(run.organizationID.uuid)
          $0.uuids(
            ([run.runID] + transition.cancelledChildren + [transition.waitingParent].compactMap { $0 })
              .map(\.uuid))
        }
        try await transaction.execute(SignalSQL.lock, places)
        let answer = try await transaction.execute(RunCommitSQL.commitOne, RunCommitRows.parameters([row]))
        var stored = PostgresRunStore.stored(answer)
        if stored.isEmpty {
          let parameters = RunCommitRows.lookParameters([row], without: [:])
          stored = PostgresRunStore.stored(try await transaction.query(RunCommitSQL.look, parameters))
        }
        let result = PostgresRunStore.result(transition, stored[1])
        if result == .committed { try await settle(transition, of: run, in: transaction) }
        return (result, stored)
      }
      await wakeLimited(after: stored, [row])
      if freesSlots(row.commit) { try? await giveCallSlots() }
      return result
    } catch let error as PostgresError where error.code == .server {
      return error.isAboutData ? .refused(reason: "\(error)") : .unsettled
    }
  }

  /// What a transition changes beside its own run. Sent again, it changes nothing more.
  private nonisolated(nonsending) func settle(
    _ transition: RunTransition, of run: RunReference, in transaction: Transaction
  ) async throws {
    if !transition.consumedSignals.isEmpty {
      let used = Parameters {
        $0.uuid(run.organizationID.uuid)
        $0.uuid(run.runID.uuid)
        $0.uuids(transition.consumedSignals.map(\.uuid))
      }
      try await transaction.execute(SignalSQL.delete, used)
    }
    if !transition.endedCalls.isEmpty {
      try await freeSlots(of: transition.endedCalls, run, in: transaction)
    }
    for child in transition.children { try await start(child, of: run, in: transaction) }
    for id in transition.cancelledChildren {
      let child = RunReference(organizationID: run.organizationID, runID: id)
      let key = keyParameters(run.organizationID, [id])
      try await transaction.execute(ExecutionSQL.requestCancel, key)
      database.afterCommit { [notifier] in notifier?.cancelRequested(child) }
    }
    if transition.awaitsCancelledChildren, transition.releasesClaim {
      try await transaction.execute(SignalSQL.parkCancelled, SignalSQL.key(run))
    }
    if let parent = transition.waitingParent {
      try await transaction.execute(SignalSQL.tellParent, SignalSQL.key(run))
      let reference = RunReference(organizationID: run.organizationID, runID: parent)
      database.afterCommit { [notifier] in notifier?.signalled(reference) }
    }
  }

  /// Asks the runs to stop that an abandoned one waits for: nobody is left to use what they give. A child was
  /// made after its parent, so its place is locked after the parent's, as everywhere.
  nonisolated(nonsending) func cancelChildren(
    of run: RunReference, in transaction: Transaction
  ) async throws {
    let rows = try await transaction.query(SignalSQL.followed, SignalSQL.key(run))
    let children = (0..<rows.rowCount).compactMap { row in
      rows.string(row, 0).flatMap { try? TypeID.parse($0, as: .execution) }
    }
    guard !children.isEmpty else { return }
    let keys = keyParameters(run.organizationID, children)
    try await transaction.execute(SignalSQL.lock, keys)
    try await transaction.execute(ExecutionSQL.requestCancel, keys)
    for id in children {
      let child = RunReference(organizationID: run.organizationID, runID: id)
      database.afterCommit { [notifier] in notifier?.cancelRequested(child) }
    }
  }

  private nonisolated(nonsending) func start(
    _ child: ChildRun, of parent: RunReference, in transaction: Transaction
  ) async throws {
    let run = RunReference(organizationID: parent.organizationID, runID: child.id)
    let executions = ExecutionStore(database)
    if try await executions.exists(run) { return }
    let at = Instant(microseconds: Int64(child.id.high >> 16) * 1000)
    do {
      try await executions.enqueue(
        ExecutionStore.NewRun(run: run, flowID: child.flowID, input: child.input, at: at))
    } catch StorageError.notFound {
      return try await refuse(child, of: parent, "There is no such flow.", in: transaction)
    } catch StorageError.archived {
      return try await refuse(child, of: parent, "The flow is archived.", in: transaction)
    } catch is UnrunnableFlow {
      return try await refuse(child, of: parent, "The flow cannot run as it stands.", in: transaction)
    }
    let origin = Parameters {
      $0.uuid(parent.organizationID.uuid)
      $0.uuid(child.id.uuid)
      $0.uuid(parent.runID.uuid)
      $0.uuid(child.waiting?.node.uuid)
      $0.int8(child.waiting?.iteration.rawValue)
      $0.int4(Int32(clamping: child.depth))
      $0.bool(child.purpose == .failure)
    }
    try await transaction.execute(SignalSQL.setOrigin, origin)
    database.afterCommit { [notifier] in notifier?.queued(run) }
  }

  /// A node that waits learns that there is nothing to wait for; an error flow that is gone is left out.
  private nonisolated(nonsending) func refuse(
    _ child: ChildRun, of parent: RunReference, _ reason: String, in transaction: Transaction
  ) async throws {
    guard let address = child.waiting else { return }
    let signal = NodeSignal.flowUnavailable(child, address, reason)
    try await transaction.execute(SignalSQL.insert, SignalSQL.parameters(signal, for: parent))
    database.afterCommit { [notifier] in notifier?.signalled(parent) }
  }
}

extension ExecutionStore {
  /// Stores what a waiting node of a run goes on with, or will when it waits.
  /// - Throws: `StorageError.notFound` when there is no such run, it is over, too much has come for it, or
  ///   its node waits no more.
  public func signal(_ run: RunReference, _ signal: NodeSignal) async throws {
    try await database.transaction { transaction in
      try await transaction.execute(SignalSQL.lock, keyParameters(run.organizationID, [run.runID]))
      let node = SignalSQL.node(signal.address, of: run)
      guard try await transaction.query(SignalSQL.waitsNoMore, node).rowCount == 0,
        try await transaction.execute(SignalSQL.insert, SignalSQL.parameters(signal, for: run)).rowCount == 1
      else { throw StorageError.notFound }
    }
  }

  /// Stores the decision that a node waits for. Of several that come at once one does, under the lock of the
  /// run's place: who is answered that it is stored has decided.
  /// - Throws: `NoDecisionAwaited`.
  public func decide(_ run: RunReference, _ decision: NodeSignal) async throws {
    let node = SignalSQL.node(decision.address, of: run)
    try await database.transaction { transaction in
      try await transaction.execute(SignalSQL.lock, keyParameters(run.organizationID, [run.runID]))
      guard try await transaction.query(SignalSQL.awaitsDecision, node).rowCount == 1,
        try await transaction.execute(SignalSQL.insert, SignalSQL.parameters(decision, for: run)).rowCount
          == 1
      else { throw NoDecisionAwaited() }
    }
  }
}

/// A node waits for no decision, or has one already.
public struct NoDecisionAwaited: Error, Sendable {}

/// The statements about signals and about runs that runs start.
enum SignalSQL {
  /// Signals of a run that wait to be used, at most.
  private static let maximumWaiting = 1_000

  static let select = Statement(
    "run_signals",
    """
    SELECT s.organization_id, s.execution_id, s.id, s.node_id, s.iteration, s.kind, s.payload \
    FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, id) JOIN execution_signals s \
    ON s.organization_id = k.organization_id AND s.execution_id = k.id ORDER BY s.created_at, s.id
    """,
    [.uuidArray, .uuidArray])

  static let delete = Statement(
    "use_signals",
    "DELETE FROM execution_signals WHERE organization_id = $1 AND execution_id = $2 AND id = ANY($3)",
    [.uuid, .uuid, .uuidArray])

  static let lock = Statement(
    "lock_places",
    """
    SELECT 1 FROM execution_queue WHERE organization_id = $1 AND execution_id = ANY($2) \
    ORDER BY organization_id, execution_id FOR UPDATE
    """,
    [.uuid, .uuidArray])

  /// A run that nobody holds is due at once; one that is held is not parked before its owner has looked.
  static let wake = "due_at = least(q.due_at, now()), has_signal = q.owner IS NOT NULL"

  /// No row when the run is over, or has more signals than it may.
  static let insert = Statement(
    "insert_signal",
    """
    WITH place AS (
      UPDATE execution_queue q SET \(wake) WHERE organization_id = $1 AND execution_id = $2 \
    AND (SELECT count(*) FROM execution_signals WHERE organization_id = $1 AND execution_id = $2) \
    < \(maximumWaiting) RETURNING 1
    )
    INSERT INTO execution_signals (organization_id, execution_id, id, node_id, iteration, kind, payload) \
    SELECT $1, $2, $3, $4, $5, $6, $7 FROM place ON CONFLICT DO NOTHING RETURNING id
    """,
    [.uuid, .uuid, .uuid, .uuid, .int8, .text, .jsonb])

  static func parameters(_ signal: NodeSignal, for run: RunReference) -> Parameters {
    Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(run.runID.uuid)
      $0.uuid(signal.id.uuid)
      $0.uuid(signal.address.node.uuid)
      $0.int8(signal.address.iteration.rawValue)
      $0.text(signal.kind.rawValue)
      $0.jsonb(signal.payload.text())
    }
  }

  /// Tells the end of a run to the node of another one that waits for it.
  static let tellParent = Statement(
    "tell_parent",
    """
    WITH child AS (
      SELECT * FROM execution_logs WHERE organization_id = $1 AND id = $2 AND parent_node_id IS NOT NULL \
    AND status IN ('success', 'failure', 'cancelled')
    ), place AS (
      UPDATE execution_queue q SET \(wake) FROM child WHERE q.organization_id = $1 \
    AND q.execution_id = child.parent_execution_id RETURNING 1
    )
    INSERT INTO execution_signals (organization_id, execution_id, id, node_id, iteration, kind, payload) \
    SELECT $1, child.parent_execution_id, child.id, child.parent_node_id, child.parent_iteration, \
    'child_ended', jsonb_build_object('executionId', studio_type_id('exec', child.id), 'state', \
    child.status, \
    'output', child.result, 'error', child.error) FROM child, place ON CONFLICT DO NOTHING
    """,
    [.uuid, .uuid])

  static func key(_ run: RunReference) -> Parameters {
    Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(run.runID.uuid)
    }
  }

  /// Locks the place of a run, and of the one that waits for it, in the order of their ids.
  static let lockWithParent = Statement(
    "lock_with_parent",
    """
    SELECT q.execution_id FROM execution_queue q WHERE q.organization_id = $1 AND (q.execution_id = $2 \
    OR q.execution_id = (SELECT e.parent_execution_id FROM execution_logs e WHERE e.organization_id = $1 \
    AND e.id = $2 AND e.parent_node_id IS NOT NULL)) ORDER BY q.organization_id, q.execution_id FOR UPDATE
    """,
    [.uuid, .uuid])

  /// The runs that a run waited for when it was abandoned.
  static let followed = Statement(
    "followed_runs",
    """
    SELECT memo ->> 'child' FROM node_execution_logs WHERE organization_id = $1 AND execution_id = $2 \
    AND status = 'cancelled' AND memo ->> 'child' IS NOT NULL
    """,
    [.uuid, .uuid])

  /// A cancelled run that waits for the ends of its children: it is due when one is told, not at once for its
  /// cancellation, of which it knows.
  static let parkCancelled = Statement(
    "park_cancelled_run",
    """
    UPDATE execution_queue q SET due_at = e.wake_at, is_parked = true FROM execution_logs e \
    WHERE q.organization_id = $1 AND q.execution_id = $2 AND q.owner IS NULL \
    AND e.organization_id = $1 AND e.id = $2 AND e.wake_at IS NOT NULL AND NOT EXISTS (\
    SELECT 1 FROM execution_signals s WHERE s.organization_id = $1 AND s.execution_id = $2)
    """,
    [.uuid, .uuid])

  static let setOrigin = Statement(
    "set_origin",
    """
    UPDATE execution_logs SET parent_execution_id = $3, parent_node_id = $4, parent_iteration = $5, \
    depth = $6, is_for_failure = $7 WHERE organization_id = $1 AND id = $2
    """,
    [.uuid, .uuid, .uuid, .uuid, .int8, .int4, .bool])

  static let awaitsDecision = Statement(
    "awaits_decision",
    """
    SELECT 1 FROM node_execution_logs WHERE organization_id = $1 AND execution_id = $2 \
    AND node_id = $3 AND iteration = $4 AND status = 'waiting' AND memo ->> 'wait' = 'approval' \
    AND memo -> 'closed' IS NULL AND NOT EXISTS (\
    SELECT 1 FROM execution_signals WHERE organization_id = $1 AND execution_id = $2 \
    AND node_id = $3 AND iteration = $4 AND kind = 'decision')
    """,
    [.uuid, .uuid, .uuid, .int8])

  /// Nodes that have ended without what they waited for, or are about to.
  static let waitsNoMore = Statement(
    "waits_no_more",
    """
    SELECT 1 FROM node_execution_logs WHERE organization_id = $1 AND execution_id = $2 \
    AND node_id = $3 AND iteration = $4 AND (status IN ('failure', 'skipped', 'cancelled') \
    OR status = 'waiting' AND memo -> 'closed' IS NOT NULL)
    """,
    [.uuid, .uuid, .uuid, .int8])

  /// Marks nodes that wait, of a run that the claim holds, as those that nothing is accepted for any more.
  /// Arrays: nodes, iterations.
  static let closeWaits = Statement(
    "close_waits",
    """
    WITH place AS MATERIALIZED (
      SELECT 1 FROM execution_queue WHERE organization_id = $1 AND execution_id = $2 AND epoch = $3 FOR UPDATE
    )
    UPDATE node_execution_logs n SET memo = n.memo || '{"closed": true}' \
    FROM unnest($4::uuid[], $5::bigint[]) AS k (node_id, iteration), place \
    WHERE n.organization_id = $1 AND n.execution_id = $2 AND n.node_id = k.node_id \
    AND n.iteration = k.iteration AND n.status = 'waiting' RETURNING 1
    """,
    [.uuid, .uuid, .int8, .uuidArray, .int8Array])

  /// A node of a run.
  static func node(_ address: NodeAddress, of run: RunReference) -> Parameters {
    Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(run.runID.uuid)
      $0.uuid(address.node.uuid)
      $0.int8(address.iteration.rawValue)
    }
  }
}
