-- execution_by_id
SELECT t.status, t.input, t.result, t.error, t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_execution_children
SELECT c.node_key, c.status, c.attempt, c.output, c.error, c.node_id, c.execution_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.node_key, t.status, t.attempt, t.output, t.error, t.node_id, t.execution_id
  FROM node_execution_logs t
  WHERE t.organization_id = $1
  AND t.execution_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

-- node_by_id
SELECT t.title, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
