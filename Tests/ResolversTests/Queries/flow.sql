-- flow_by_id
SELECT t.id, t.name, t.intention, t.status, t.revision, t.last_executed, t.created_at, t.updated_at, t.user_id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_children
SELECT c.id, c.key, c.title, c.kind, c.detail, c.config, c.node_order, c.created_at, c.updated_at, c.integration_id, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.id, t.key, t.title, t.kind, t.detail, t.config, t.node_order, t.created_at, t.updated_at, t.integration_id, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

-- connection_children
SELECT c.id, c.label, c.condition, c.created_at, c.from_node_id, c.to_node_id, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.id, t.label, t.condition, t.created_at, t.from_node_id, t.to_node_id, t.flow_id
  FROM automation_connections t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.connection_order, t.id) c
  ORDER BY p.place;

-- user_by_id
SELECT t.name, t.email, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- integration_by_id
SELECT t.id, t.name, t.type
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.key, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
