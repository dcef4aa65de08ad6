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

-- flow_counts
SELECT t.user_id, count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.user_id = ANY($2)
  GROUP BY t.user_id;

-- node_children
SELECT c.key, c.kind, c.flow_id
  FROM unnest($2) WITH ORDINALITY AS p (parent, place)
  CROSS JOIN LATERAL (SELECT t.key, t.kind, t.flow_id
  FROM automation_nodes t
  WHERE t.organization_id = $1
  AND t.flow_id = p.parent
  ORDER BY t.node_order, t.id) c
  ORDER BY p.place;
