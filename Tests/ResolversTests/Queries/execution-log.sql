-- execution_by_id
SELECT t.id, t.flow_name, t.status, t.input, t.result, t.created_at, t.start_time, t.end_time, t.duration, t.last_sequence, t.error, t.flow_id, t.version_id, t.user_id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_execution_children
SELECT c.id, c.node_id, c.node_key, c.title, c.kind, c.status, c.attempt, c.start_time, c.end_time, c.duration, c.input, c.output, c.skip_reason, c.error, c.execution_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.id, t.node_id, t.node_key, t.title, t.kind, t.status, t.attempt, t.start_time, t.end_time, t.duration, t.input, t.output, t.skip_reason, t.error, t.execution_id
  FROM node_execution_logs t
  WHERE t.organization_id = $1
  AND t.execution_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

-- flow_by_id
SELECT t.id, t.name
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- version_by_id
SELECT t.id, t.number, t.flow_id
  FROM flow_versions t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- node_by_id
SELECT t.key, t.title, t.integration_id, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- flow_by_id
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- integration_by_id
SELECT t.name, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
