-- workbench_page
SELECT t.id, t.name, t.purpose, t.focus, t.revision, t.created_at, t.updated_at, t.user_id, t.id
  FROM workbenches t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- workbench_page
SELECT t.name, t.id
  FROM workbenches t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND (t.name ILIKE $4 OR t.purpose ILIKE $4)
  ORDER BY t.id DESC LIMIT $2;

-- workbench_page
SELECT t.name, $3::text || encode(uuid_send(t.id) || convert_to(lower(t.name), 'UTF8'), 'hex')
  FROM workbenches t
  WHERE t.organization_id = $1
  ORDER BY lower(t.name) DESC, t.id DESC LIMIT $2;

-- workbench_by_id
SELECT t.name, t.id
  FROM workbenches t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- workbench_count
SELECT count(*)
  FROM workbenches t
  WHERE t.organization_id = $1;

-- flow_linked_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.name, t.id AS row_place, p.id AS parent_id
  FROM workbench_flows l JOIN automation_flows t ON t.organization_id = l.organization_id
  AND t.id = l.flow_id
  WHERE l.organization_id = $1
  AND l.workbench_id = p.id
  AND l.flow_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY l.flow_id DESC LIMIT $3) c
  ORDER BY p.place;

-- flow_linked_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.name, t.status, t.id AS row_place, p.id AS parent_id
  FROM workbench_flows l JOIN automation_flows t ON t.organization_id = l.organization_id
  AND t.id = l.flow_id
  WHERE l.organization_id = $1
  AND l.workbench_id = p.id
  AND l.flow_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY l.flow_id DESC LIMIT $3) c
  ORDER BY p.place;

-- flow_linked_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.name, $4::text || encode(uuid_send(t.id) || convert_to(lower(t.name), 'UTF8'), 'hex') AS row_place, p.id AS parent_id
  FROM workbench_flows l JOIN automation_flows t ON t.organization_id = l.organization_id
  AND t.id = l.flow_id
  WHERE l.organization_id = $1
  AND l.workbench_id = p.id
  ORDER BY lower(t.name) DESC, l.flow_id DESC LIMIT $3) c
  ORDER BY p.place;

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- flow_linked_counts
SELECT l.workbench_id, count(*)
  FROM workbench_flows l
  WHERE l.organization_id = $1
  AND l.workbench_id = ANY($2)
  GROUP BY l.workbench_id;
