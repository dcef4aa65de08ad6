import Flows
import Postgres

/// The statements of `FlowStore`.
enum FlowSQL {
  static let insert = Statement(
    "insert_flow",
    """
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention, status) \
    VALUES ($1, $2, $3, $4, $5, $6)
    """,
    [.uuid, .uuid, .uuid, .text, .text, .text])

  static let load = Statement(
    "load_flow",
    """
    SELECT name, status, revision, intention, error_flow_id FROM automation_flows \
    WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])

  static let loadNodes = Statement(
    "load_nodes",
    """
    SELECT id, key, title, kind, detail, integration_id, config, node_order, parent_id FROM automation_nodes \
    WHERE organization_id = $1 AND flow_id = ANY($2) ORDER BY node_order, id
    """,
    [.uuid, .uuidArray])

  static let loadConnections = Statement(
    "load_connections",
    """
    SELECT id, from_node_id, to_node_id, label, condition, outcome FROM automation_connections \
    WHERE organization_id = $1 AND flow_id = ANY($2) ORDER BY connection_order, id
    """,
    [.uuid, .uuidArray])

  static let advance = Statement(
    "advance_flow",
    """
    UPDATE automation_flows SET revision = revision + 1, updated_at = now(), name = coalesce($3, name), \
    intention = coalesce($4, intention), status = coalesce($5, status), notes = coalesce($7, notes), \
    error_flow_id = CASE WHEN $9 THEN $10 ELSE error_flow_id END, \
    run_priority = coalesce($11, run_priority), \
    content_revision = CASE WHEN $8 OR $9 OR $3 <> name THEN revision + 1 ELSE content_revision END \
    WHERE organization_id = $1 AND id = $2 AND ($6::int IS NULL OR revision = $6) RETURNING revision
    """,
    [.uuid, .uuid, .text, .text, .text, .int4, .text, .bool, .bool, .uuid, .int2])

  /// Makes a version the published one; no row where it is already.
  static let publish = Statement(
    "publish_flow",
    """
    UPDATE automation_flows SET published_version_id = $3, published_revision = revision, \
    revision = revision + 1, updated_at = now() \
    WHERE organization_id = $1 AND id = $2 AND published_version_id IS DISTINCT FROM $3 RETURNING revision
    """,
    [.uuid, .uuid, .uuid])

  static let revision = Statement(
    "flow_revision",
    "SELECT revision FROM automation_flows WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  /// Flows whose error flow is deleted have none from then on.
  static let delete = Statement(
    "delete_flow",
    """
    WITH freed AS (UPDATE automation_flows SET error_flow_id = NULL \
    WHERE organization_id = $1 AND error_flow_id = ANY($2) AND NOT id = ANY($2)) \
    DELETE FROM automation_flows WHERE organization_id = $1 AND id = ANY($2)
    """, [.uuid, .uuidArray])

  static let deleteNodes = Statement(
    "delete_nodes", "DELETE FROM automation_nodes WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  static let deleteConnections = Statement(
    "delete_connections", "DELETE FROM automation_connections WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  static let flowOfNode = Statement(
    "flow_of_node",
    "SELECT flow_id FROM automation_nodes WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  static let flowOfConnection = Statement(
    "flow_of_connection",
    "SELECT flow_id FROM automation_connections WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  /// Adds a node behind the others of a flow and raises the flow's revision; no row where the flow is gone,
  /// is at another revision than `$10` (or, without that, than this statement has seen), is full, has the
  /// node's key, or where the integration does not exist. Result: all columns of the node.
  ///
  /// Who waits for the flow's lock was slower: its snapshot's revision is not the flow's any more.
  static let addNode = addNodeParts.statement

  static let addNodeParts = Insertion(
    label: "add_node",
    noun: .node,
    sources: """
      place AS (SELECT coalesce(max(node_order) + 1, 0) AS next FROM automation_nodes \
      WHERE organization_id = $1 AND flow_id = $2), \
      flow AS (UPDATE automation_flows SET revision = revision + 1, content_revision = revision + 1, \
      updated_at = now() \
      WHERE organization_id = $1 AND id = $2 AND revision = coalesce($10, \
      (SELECT revision FROM automation_flows WHERE organization_id = $1 AND id = $2)) \
      AND ((SELECT next FROM place) < \(FlowGraph.maximumCount) OR (SELECT count(*) FROM automation_nodes \
      WHERE organization_id = $1 AND flow_id = $2) < \(FlowGraph.maximumCount)) \
      AND NOT EXISTS (SELECT 1 FROM automation_nodes WHERE organization_id = $1 AND flow_id = $2 AND key = $4) \
      AND ($8 IS NULL OR EXISTS (SELECT 1 FROM integrations WHERE organization_id = $1 AND id = $8)) \
      RETURNING id, name, status, revision), \
      told AS (\(WebhookOutbox.flowUpdated(from: "flow"))), \
      streamed AS (\(StreamSQL.outbox(flows: "flow f", organization: "$1", happening: "'UPDATED'")))
      """,
    insert: """
      INSERT INTO automation_nodes AS t (organization_id, flow_id, id, key, title, kind, detail, \
      integration_id, config, node_order) \
      SELECT $1, flow.id, $3, $4, $5, $6, $7, $8, $9, place.next FROM flow, place
      """,
    columns: TableReads<NodeColumn>.list(NodeColumn.allCases),
    types: [.uuid, .uuid, .uuid, .text, .text, .text, .text, .uuid, .jsonb, .int4])

  /// Rows that stay as they are keep their `updated_at`.
  static let upsertNodes = Statement(
    "upsert_nodes",
    """
    INSERT INTO automation_nodes AS t (organization_id, flow_id, id, key, title, kind, detail, \
    integration_id, config, node_order, parent_id) \
    SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], \
    $9::jsonb[], $10::int[], $11::uuid[]) \
    ON CONFLICT (organization_id, id) DO UPDATE SET key = excluded.key, title = excluded.title, \
    kind = excluded.kind, detail = excluded.detail, integration_id = excluded.integration_id, \
    config = excluded.config, node_order = excluded.node_order, parent_id = excluded.parent_id, \
    updated_at = now() \
    WHERE t.flow_id = $2 AND (t.key, t.title, t.kind, t.detail, t.integration_id, t.config, t.node_order, \
    t.parent_id) \
    IS DISTINCT FROM (excluded.key, excluded.title, excluded.kind, excluded.detail, excluded.integration_id, \
    excluded.config, excluded.node_order, excluded.parent_id)
    """,
    [
      .uuid, .uuid, .uuidArray, .textArray, .textArray, .textArray, .textArray, .uuidArray, .jsonbArray,
      .int4Array, .uuidArray,
    ])

  static let upsertConnections = Statement(
    "upsert_connections",
    """
    INSERT INTO automation_connections AS t (organization_id, flow_id, id, from_node_id, to_node_id, label, \
    condition, connection_order, outcome) \
    SELECT $1, $2, * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::int[], \
    $9::text[]) \
    ON CONFLICT (organization_id, id) DO UPDATE SET from_node_id = excluded.from_node_id, \
    to_node_id = excluded.to_node_id, label = excluded.label, condition = excluded.condition, \
    connection_order = excluded.connection_order, outcome = excluded.outcome WHERE t.flow_id = $2
    """,
    [.uuid, .uuid, .uuidArray, .uuidArray, .uuidArray, .textArray, .textArray, .int4Array, .textArray])
}
