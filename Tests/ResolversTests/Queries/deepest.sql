-- user_by_id
SELECT t.id, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- flow_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.name, t.id, t.id AS row_place, t.user_id AS parent_id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.user_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place, c.row_place DESC;

-- node_children
SELECT t.key, t.integration_id, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  ORDER BY t.flow_id, t.node_order, t.id;

-- connection_children
SELECT t.label, t.condition, t.from_node_id, t.to_node_id, t.flow_id
  FROM automation_connections t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  ORDER BY t.flow_id, t.connection_order, t.id;

-- execution_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.id, t.status, t.id AS row_place, t.flow_id AS parent_id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place, c.row_place DESC;

-- node_execution_children
SELECT t.node_key, t.status, t.execution_id
  FROM node_execution_logs t
  WHERE t.organization_id = $1
  AND t.execution_id = ANY($2)
  ORDER BY t.execution_id, t.node_order, t.id;

-- integration_by_id
SELECT t.name, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.key, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
