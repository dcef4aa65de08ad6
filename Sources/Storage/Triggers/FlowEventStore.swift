import Flows
import Postgres

/// Runs that start runs: the end of a run writes a row for each trigger that waits for it, in the statement
/// that ends it; a worker makes a run of each row, in one transaction. So none is lost and none comes twice.
public struct FlowEventStore: Sendable {
  /// Runs that start one another in a row; a longer chain is taken for a cycle and ends.
  public static let maximumDepth = 10

  let database: Database

  public init(_ database: Database) { self.database = database }

  /// What became of an event.
  public enum Settled: Sendable, Equatable {
    case fired(RunReference)
    /// The trigger or its flow is not active any more.
    case dropped
    /// The chain of runs is too long.
    case tooDeep(source: RunReference)
  }

  /// Takes the longest waiting event that nobody else works at and starts its run.
  /// - Returns: nil when none waits.
  public func settleNext(runID: Identifier) async throws -> Settled? {
    for _ in 1...3 {
      do {
        return try await settle(runID)
      } catch let missing as MissingVersion {
        try await missing.store(in: database, newID: runID)
      }
    }
    return nil
  }

  private func settle(_ runID: Identifier) async throws -> Settled? {
    var taken: TakenEvent?
    do {
      return try await database.transaction { transaction in
        let rows = try await transaction.execute(FlowEventSQL.take)
        guard rows.rowCount == 1, let event = TakenEvent(rows) else { return nil }
        taken = event
        return try await settle(event, runID, transaction)
      }
    } catch let missing as MissingVersion {
      throw missing
    } catch {
      // It must not keep the others waiting.
      if let taken { _ = try? await database.execute(FlowEventSQL.postpone, taken.key) }
      throw error
    }
  }

  private nonisolated(nonsending) func settle(
    _ event: TakenEvent, _ runID: Identifier, _ transaction: Transaction
  ) async throws -> Settled {
    guard let flow = event.flow, event.isActive, event.depth <= FlowEventStore.maximumDepth else {
      try await transaction.execute(FlowEventSQL.end, event.ending("dropped", run: nil))
      return event.depth > FlowEventStore.maximumDepth ? .tooDeep(source: event.source) : .dropped
    }
    let run = TriggeredRun(
      run: RunReference(organizationID: event.source.organizationID, runID: runID), flowID: flow,
      nodeKey: event.nodeKey, input: event.input)
    try await run.insert(transaction)
    try await transaction.execute(FlowEventSQL.end, event.ending("fired", run: runID))
    return .fired(run.run)
  }

  /// Deletes events that were settled so many days ago, a thousand at a time.
  /// - Returns: how many.
  @discardableResult
  public func prune(days: Int) async throws -> Int {
    let parameters = Parameters { $0.int4(Int32(clamping: days)) }
    var count = 0
    while true {
      let pruned = try await database.execute(FlowEventSQL.prune, parameters).rowCount
      count += pruned
      if pruned < FlowEventSQL.pruneBatch { return count }
    }
  }
}

/// An event with what it starts; a row of `FlowEventSQL.take`.
private struct TakenEvent: Sendable {
  var trigger: Identifier
  var source: RunReference
  var depth: Int
  /// Nil when the trigger is gone.
  var flow: Identifier?
  var nodeKey: String?
  var isActive: Bool
  var input: String

  init?(_ rows: RowBatch) {
    guard let organization = rows.uuid(0, 0), let trigger = rows.uuid(0, 1), let run = rows.uuid(0, 2),
      let depth = rows.int(0, 3)
    else { return nil }
    self.trigger = trigger.identifier
    source = RunReference(organizationID: organization.identifier, runID: run.identifier)
    self.depth = depth
    flow = rows.uuid(0, 4)?.identifier
    nodeKey = rows.string(0, 5)
    isActive = rows.bool(0, 6) ?? false
    input = rows.jsonText(0, 7) ?? "null"
  }

  var key: Parameters {
    Parameters {
      $0.uuid(source.organizationID.uuid)
      $0.uuid(trigger.uuid)
      $0.uuid(source.runID.uuid)
    }
  }

  func ending(_ status: String, run: Identifier?) -> Parameters {
    var parameters = key
    parameters.text(status)
    parameters.uuid(run?.uuid)
    return parameters
  }
}

/// The statements of `FlowEventStore`.
enum FlowEventSQL {
  static let pruneBatch = 1000

  /// A part of the statements that end runs: `run` has the runs' rows, and which of them are final.
  ///
  /// A run that a node or a failure has started belongs to the chain of the run above it: else a chain that
  /// takes turns between the two would have no end.
  static let raised = """
    INSERT INTO trigger_events (organization_id, trigger_id, source_execution_id, depth) \
    SELECT t.organization_id, t.id, run.id, 1 + coalesce((WITH RECURSIVE above (id) AS (\
    SELECT run.id UNION ALL SELECT l.parent_execution_id FROM above JOIN execution_logs l \
    ON l.organization_id = run.organization_id AND l.id = above.id WHERE l.parent_execution_id IS NOT NULL) \
    SELECT max(e.depth) FROM above JOIN trigger_events e ON e.organization_id = run.organization_id \
    AND e.execution_id = above.id), 0) \
    FROM run JOIN flow_triggers t ON t.organization_id = run.organization_id \
    AND t.source_flow_id = run.flow_id AND t.is_enabled AND t.source_states ? upper(run.status) \
    WHERE run.is_final ON CONFLICT DO NOTHING
    """

  /// A result that would not fit into an input with what stands around it is left out.
  static let take = Statement(
    "take_flow_event",
    """
    SELECT e.organization_id, e.trigger_id, e.source_execution_id, e.depth, t.flow_id, t.node_key, \
    coalesce(t.is_enabled AND f.status = 'active' AND (t.node_key IS NULL \
    OR \(FlowVersions.triggerNode(key: "t.node_key")) IS NOT NULL), false), \
    jsonb_build_object('execution', studio_type_id('exec', s.id), 'status', upper(s.status), \
    'flow', jsonb_build_object('id', studio_type_id('flow', s.flow_id), 'name', s.flow_name), \
    'result', CASE WHEN length(s.result::text) <= 250000 THEN s.result END, 'error', s.error) \
    FROM trigger_events e \
    LEFT JOIN flow_triggers t ON t.organization_id = e.organization_id AND t.id = e.trigger_id \
    LEFT JOIN automation_flows f ON f.organization_id = t.organization_id AND f.id = t.flow_id \
    LEFT JOIN execution_logs s ON s.organization_id = e.organization_id AND s.id = e.source_execution_id \
    WHERE e.status = 'waiting' AND e.due_at <= now() ORDER BY e.due_at LIMIT 1 FOR UPDATE OF e SKIP LOCKED
    """)

  static let postpone = Statement(
    "postpone_flow_event",
    """
    UPDATE trigger_events SET due_at = now() + interval '1 minute' \
    WHERE organization_id = $1 AND trigger_id = $2 AND source_execution_id = $3
    """,
    [.uuid, .uuid, .uuid])

  static let end = Statement(
    "end_flow_event",
    """
    WITH event AS (
      UPDATE trigger_events SET status = $4, execution_id = $5, settled_at = now() \
    WHERE organization_id = $1 AND trigger_id = $2 AND source_execution_id = $3
    )
    UPDATE flow_triggers SET last_fired_at = now() \
    WHERE organization_id = $1 AND id = $2 AND $5::uuid IS NOT NULL
    """,
    [.uuid, .uuid, .uuid, .text, .uuid])

  static let prune = Statement(
    "prune_flow_events",
    """
    DELETE FROM trigger_events d USING (SELECT organization_id, trigger_id, source_execution_id \
    FROM trigger_events WHERE settled_at < now() - $1 * interval '1 day' ORDER BY settled_at \
    LIMIT \(pruneBatch)) old WHERE d.organization_id = old.organization_id \
    AND d.trigger_id = old.trigger_id AND d.source_execution_id = old.source_execution_id \
    RETURNING d.trigger_id
    """,
    [.int4])
}
