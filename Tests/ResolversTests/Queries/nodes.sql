-- user_by_id
SELECT t.id, t.name
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- organization_by_id
SELECT t.id, t.name
  FROM organizations t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM user_organizations d
  WHERE d.user_id = $1
  AND d.organization_id = t.id);

-- integration_by_id
SELECT t.id, t.name, t.type
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- flow_by_id
SELECT t.id, t.name
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- version_by_id
SELECT t.id, t.number
  FROM flow_versions t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.id, t.key
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- connection_by_id
SELECT t.id, t.from_node_id, t.to_node_id
  FROM automation_connections t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- execution_by_id
SELECT t.id, t.status
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_execution_by_id
SELECT t.id, t.node_key, t.status
  FROM node_execution_logs t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.key, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
