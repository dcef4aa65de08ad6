import Flows
import Postgres

/// A run that a trigger starts within its own transaction, by the flow's current version.
struct TriggeredRun: Sendable {
  var run: RunReference
  var flowID: Identifier
  var nodeKey: String?
  /// JSON.
  var input: String

  /// - Throws: `MissingVersion` when the version of the flow as it stands is not stored yet.
  nonisolated(nonsending) func insert(_ transaction: Transaction) async throws {
    let node = try await nodeID(transaction)
    let parameters = Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(run.runID.uuid)
      $0.uuid(flowID.uuid)
      $0.jsonb(input)
      $0.uuid(node?.uuid)
    }
    guard try await transaction.execute(TriggeredRun.statement, parameters).rowCount == 1 else {
      throw MissingVersion(flow: flowID, organization: run.organizationID)
    }
  }

  /// The node that the run begins with, in the version that it executes; nil for all triggers. The flow stays
  /// at that version until the run is stored.
  private nonisolated(nonsending) func nodeID(_ transaction: Transaction) async throws -> Identifier? {
    guard let nodeKey else { return nil }
    let parameters = Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(flowID.uuid)
      $0.text(nodeKey)
    }
    let rows = try await transaction.execute(TriggeredRun.node, parameters)
    guard rows.rowCount == 1, let id = rows.string(0, 0) else { return nil }
    return try TypeID.parse(id, as: .node)
  }

  private static let node = Statement(
    "node_of_triggered_run",
    """
    SELECT \(FlowVersions.triggerNode(key: "$3")) FROM automation_flows f \
    WHERE f.organization_id = $1 AND f.id = $2 FOR NO KEY UPDATE OF f
    """,
    [.uuid, .uuid, .text])

  private static let statement = Statement(
    "insert_triggered_run",
    """
    WITH flow AS (
      UPDATE automation_flows f SET last_executed = now() FROM flow_versions v \
    WHERE f.organization_id = $1 AND f.id = $3 AND v.organization_id = $1 AND v.flow_id = $3 \
    AND v.id = coalesce(f.published_version_id, \(FlowVersions.standing)) \
    RETURNING f.id, f.name, f.run_priority, v.id AS version_id
    ), run AS (
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, input, \
    last_sequence, trigger_node_id) \
    SELECT $1, $2, flow.id, flow.name, flow.version_id, 'pending', $4, 1, $5 FROM flow
    ), event AS (
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at) \
    SELECT $1, $2, 1, 'queued', now() FROM flow
    ), streamed AS (
      \(StreamSQL.outbox(accepted: "flow", organization: "$1", id: "$2", flow: "$3"))
    )
    INSERT INTO execution_queue (organization_id, execution_id, priority) \
    SELECT $1, $2, flow.run_priority FROM flow RETURNING execution_id
    """,
    [.uuid, .uuid, .uuid, .jsonb, .uuid])
}

/// The flow as it stands has no version yet; it is stored in a transaction of its own, since a graph is read
/// by one.
struct MissingVersion: Error {
  var flow: Identifier
  var organization: Identifier

  func store(in database: Database, newID: Identifier) async throws {
    try await ReceivedStore(database).makeVersion(of: flow, newID: newID, in: organization)
  }
}
