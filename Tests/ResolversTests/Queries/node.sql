-- flow_by_id
SELECT t.id, t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.id, t.key, t.flow_id, t.id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- flow_by_id
SELECT t.id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_children
SELECT t.key, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  ORDER BY t.flow_id, t.node_order, t.id;

-- flow_by_id
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
