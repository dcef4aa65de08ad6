-- flow_by_id
SELECT t.id, t.name
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_by_id
SELECT t.id, t.key, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- flow_by_id
SELECT t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- node_children
SELECT c.key, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.key, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

-- flow_by_id
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
