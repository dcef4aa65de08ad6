-- flow_page
SELECT t.name, t.id, t.user_id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- node_children
SELECT c.key, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.key, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- flow_counts
SELECT t.user_id, count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.user_id = ANY($2)
  GROUP BY t.user_id;
