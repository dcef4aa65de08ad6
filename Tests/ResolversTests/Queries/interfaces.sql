-- flow_by_id
SELECT t.id, t.name, t.user_id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- workbench_by_id
SELECT t.id, t.name
  FROM workbenches t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- flow_linked_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.id, t.id AS row_place, p.id AS parent_id
  FROM workbench_flows l JOIN automation_flows t ON t.organization_id = l.organization_id
  AND t.id = l.flow_id
  WHERE l.organization_id = $1
  AND l.workbench_id = p.id
  AND l.flow_id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY l.flow_id LIMIT $3) c
  ORDER BY p.place;

-- user_by_id
SELECT t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);
