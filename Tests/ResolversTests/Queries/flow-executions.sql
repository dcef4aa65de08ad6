-- flow_page
SELECT t.name, t.id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- execution_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.id, t.status, t.id AS row_place, t.flow_id AS parent_id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place;

-- execution_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.id, t.status, t.error, t.id AS row_place, t.flow_id AS parent_id
  FROM (SELECT r.*
  FROM (SELECT DISTINCT value
  FROM unnest($5) value) v
  CROSS JOIN LATERAL (SELECT t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.status = v.value
  ORDER BY t.id DESC LIMIT $3) r
  ORDER BY r.id DESC LIMIT $3) i JOIN execution_logs t ON t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id = i.id
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place;

-- execution_counts
SELECT t.flow_id, count(*)
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  GROUP BY t.flow_id;

-- execution_counts
SELECT t.flow_id, count(*)
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  AND t.status = ANY($3)
  GROUP BY t.flow_id;
