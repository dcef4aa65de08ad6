import Flows
import Postgres

/// The statements of `FlowStore`.
enum FlowSQL {
  static let insert = Statement(
    "insert_flow",
    """
    INSERT INTO automation_flows (organization_id, id, user_id, name, intention, status, notes, \
    run_priority, maximum_concurrent_runs, error_flow_id, wanted_error_flow) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    """,
    [.uuid, .uuid, .uuid, .text, .text, .text, .text, .int2, .int4, .uuid, .text])

  static let load = Statement(
    "load_flow",
    """
    SELECT name, status, revision, intention, error_flow_id FROM automation_flows \
    WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])

  /// What a copy has beside that.
  static let loadSettings = Statement(
    "load_flow_settings",
    """
    SELECT notes, run_priority, maximum_concurrent_runs, wanted_error_flow FROM automation_flows \
    WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])

  static let names = Statement(
    "flow_names_by_id",
    "SELECT id, name FROM automation_flows WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  /// The first two flows of each name: names are not unique. The index has them in lower case.
  static let findByName = Statement(
    "flows_by_name",
    """
    SELECT f.id, f.name FROM unnest($2::text[]) AS n (name) CROSS JOIN LATERAL (SELECT id, name \
    FROM automation_flows WHERE organization_id = $1 AND lower(name) = lower(n.name) AND name = n.name \
    LIMIT 2) f
    """,
    [.uuid, .textArray])

  static let loadNodes = Statement(
    "load_nodes",
    """
    SELECT id, key, title, kind, detail, integration_id, config, node_order, parent_id, wanted \
    FROM automation_nodes \
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
    wanted_error_flow = CASE WHEN $9 THEN NULL ELSE wanted_error_flow END, \
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
  static let addNode = Statement(
    "add_node",
    """
    WITH place AS (SELECT coalesce(max(node_order) + 1, 0) AS next FROM automation_nodes \
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
    streamed AS (\(StreamSQL.outbox(flows: "flow f", organization: "$1", happening: "'UPDATED'"))) \
    INSERT INTO automation_nodes AS t (organization_id, flow_id, id, key, title, kind, detail, \
    integration_id, config, node_order) \
    SELECT $1, flow.id, $3, $4, $5, $6, $7, $8, $9, place.next FROM flow, place RETURNING \(nodeColumns)
    """,
    [.uuid, .uuid, .uuid, .text, .text, .text, .text, .uuid, .jsonb, .int4])

  private static let nodeColumns = TableReads<NodeColumn>.list(NodeColumn.allCases)

  /// Adds a node to each of several flows of an organization, as `addNode` does, with the event of the audit
  /// log for each. A flow that somebody else has locked is left out, so that nobody waits for a stranger's
  /// change and no two of these can wait for one another; so is one that was changed since this statement
  /// began: the version that is locked is not one that it sees. Result: all columns of the nodes that were
  /// added. Integrations are counted, because Postgres would read all of the organization's to look for some.
  ///
  /// `$2` to `$17` are arrays with an element for each node; no flow may be among `$2` twice.
  static let addNodes = Statement(
    "add_nodes",
    """
    WITH place AS MATERIALIZED (SELECT i.*, free.revision, free.version, \
    (SELECT coalesce(max(node_order) + 1, 0) FROM automation_nodes \
    WHERE organization_id = $1 AND flow_id = i.flow_id) AS next \
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], \
    $9::jsonb[], $10::int[], $11::uuid[], $12::uuid[], $13::uuid[], $14::text[], $15::text[], $16::text[], \
    $17::text[]) AS i (flow_id, node_id, key, title, kind, detail, integration_id, config, expected, \
    event_id, user_id, api_key_id, object_id, address, user_agent, request_id) \
    CROSS JOIN LATERAL (SELECT revision, ctid AS version FROM automation_flows WHERE organization_id = $1 \
    AND id = i.flow_id FOR NO KEY UPDATE SKIP LOCKED) free \
    WHERE free.revision = coalesce(i.expected, free.revision) \
    AND NOT EXISTS (SELECT 1 FROM automation_nodes WHERE organization_id = $1 AND flow_id = i.flow_id \
    AND key = i.key) AND (i.integration_id IS NULL OR (SELECT count(*) FROM integrations \
    WHERE organization_id = $1 AND id = i.integration_id) = 1)), \
    flow AS (UPDATE automation_flows f SET revision = f.revision + 1, content_revision = f.revision + 1, \
    updated_at = now() FROM place p WHERE f.ctid = p.version AND f.organization_id = $1 \
    AND f.revision = p.revision AND (p.next < \(FlowGraph.maximumCount) OR (SELECT count(*) \
    FROM automation_nodes WHERE organization_id = $1 AND flow_id = p.flow_id) < \(FlowGraph.maximumCount)) \
    RETURNING f.id, f.name, f.status, f.revision, p.node_id, p.key, p.title, p.kind, p.detail, \
    p.integration_id, p.config, p.next, p.event_id, p.user_id, p.api_key_id, p.object_id, p.address, \
    p.user_agent, p.request_id), \
    told AS (\(WebhookOutbox.flowUpdated(from: "flow"))), \
    streamed AS (\(StreamSQL.outbox(raised: "flow", organization: "$1", happening: "'UPDATED'"))), \
    made AS (INSERT INTO automation_nodes AS t (organization_id, flow_id, id, key, title, kind, detail, \
    integration_id, config, node_order) \
    SELECT $1, id, node_id, key, title, kind, detail, integration_id, config, next FROM flow \
    RETURNING \(nodeColumns), \(AuditSQL.shown(.node)) AS snapshot), \
    event AS (INSERT INTO audit_events (organization_id, outcome, action, object_type, after, id, user_id, \
    api_key_id, object_id, address, user_agent, request_id) \
    SELECT $1, 'success', $18, 'node', m.snapshot, p.event_id, p.user_id, p.api_key_id, p.object_id, \
    p.address, p.user_agent, p.request_id FROM made m JOIN flow p ON p.node_id = m.id) \
    SELECT \(nodeColumns) FROM made t
    """,
    [
      .uuid, .uuidArray, .uuidArray, .textArray, .textArray, .textArray, .textArray, .uuidArray, .jsonbArray,
      .int4Array, .uuidArray, .uuidArray, .uuidArray, .textArray, .textArray, .textArray, .textArray, .text,
    ])

  /// Rows that stay as they are keep their `updated_at`.
  static let upsertNodes = Statement(
    "upsert_nodes",
    """
    INSERT INTO automation_nodes AS t (organization_id, flow_id, id, key, title, kind, detail, \
    integration_id, config, node_order, parent_id, wanted) \
    SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], \
    $9::jsonb[], $10::int[], $11::uuid[], $12::jsonb[]) \
    ON CONFLICT (organization_id, id) DO UPDATE SET key = excluded.key, title = excluded.title, \
    kind = excluded.kind, detail = excluded.detail, integration_id = excluded.integration_id, \
    config = excluded.config, node_order = excluded.node_order, parent_id = excluded.parent_id, \
    wanted = excluded.wanted, updated_at = now() \
    WHERE t.flow_id = $2 AND (t.key, t.title, t.kind, t.detail, t.integration_id, t.config, t.node_order, \
    t.parent_id, t.wanted) \
    IS DISTINCT FROM (excluded.key, excluded.title, excluded.kind, excluded.detail, excluded.integration_id, \
    excluded.config, excluded.node_order, excluded.parent_id, excluded.wanted)
    """,
    [
      .uuid, .uuid, .uuidArray, .textArray, .textArray, .textArray, .textArray, .uuidArray, .jsonbArray,
      .int4Array, .uuidArray, .jsonbArray,
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
