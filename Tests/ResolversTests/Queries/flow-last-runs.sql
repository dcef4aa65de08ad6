-- flow_page
SELECT t.name, t.id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY t.id LIMIT $2;

-- execution_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.status, t.id AS row_place, t.flow_id AS parent_id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY t.id LIMIT $3) c
  ORDER BY p.place;

-- execution_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.status, t.id AS row_place, t.flow_id AS parent_id
  FROM (SELECT r.*
  FROM (SELECT DISTINCT value
  FROM unnest($5) value) v
  CROSS JOIN LATERAL (SELECT t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
  AND t.status = v.value
  ORDER BY t.id LIMIT $3) r
  ORDER BY r.id LIMIT $3) i JOIN execution_logs t ON t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id = i.id
  ORDER BY t.id LIMIT $3) c
  ORDER BY p.place;

-- version_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.number, t.id AS row_place, t.flow_id AS parent_id
  FROM flow_versions t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place;
