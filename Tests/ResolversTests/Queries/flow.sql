-- flow_by_id
SELECT t.id, t.name, t.intention, t.status, t.revision, t.last_executed, t.created_at, t.updated_at, t.user_id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_children
SELECT t.id, t.key, t.title, t.kind, t.detail, t.config, t.node_order, t.created_at, t.updated_at, t.integration_id, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  ORDER BY t.flow_id, t.node_order, t.id;

-- connection_children
SELECT t.id, t.label, t.condition, t.created_at, t.from_node_id, t.to_node_id, t.flow_id
  FROM automation_connections t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  ORDER BY t.flow_id, t.connection_order, t.id;

-- user_by_id
SELECT t.name, t.email, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- integration_by_id
SELECT t.id, t.name, t.type, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.key, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
