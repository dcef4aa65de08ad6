-- user_by_id
SELECT t.id
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
  ORDER BY p.place;

-- node_children
SELECT c.key, c.integration_id, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.key, t.integration_id, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

-- connection_children
SELECT c.label, c.condition, c.from_node_id, c.to_node_id, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.label, t.condition, t.from_node_id, t.to_node_id, t.flow_id
  FROM automation_connections t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.connection_order, t.id) c
  ORDER BY p.place;

-- execution_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.id, t.status, t.id AS row_place, t.flow_id AS parent_id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place;

-- node_execution_children
SELECT c.node_key, c.status, c.execution_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.node_key, t.status, t.execution_id
  FROM node_execution_logs t
  WHERE t.organization_id = $1
  AND t.execution_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

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
