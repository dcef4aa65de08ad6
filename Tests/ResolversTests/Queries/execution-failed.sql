-- execution_by_id
SELECT t.status, t.input, t.result, t.error, t.id, t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_execution_children
SELECT t.node_key, t.status, t.attempt, t.output, t.error, t.node_id, t.execution_id
  FROM node_execution_logs t
  WHERE t.organization_id = $1
  AND t.execution_id = ANY($2)
  ORDER BY t.execution_id, t.node_order, t.id;

-- node_by_id
SELECT t.title, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
