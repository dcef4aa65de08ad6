-- execution_page
SELECT t.id, t.status, t.flow_name, t.flow_id, t.user_id, t.version_id, t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- execution_page
SELECT t.id, t.status, t.created_at, t.id
  FROM (SELECT r.*
  FROM (SELECT DISTINCT value
  FROM unnest($5) value) v
  CROSS JOIN LATERAL (SELECT t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.flow_id = $4
  AND CASE WHEN t.created_at < $6 THEN true ELSE false END
  AND t.id < $7
  AND t.status = v.value
  ORDER BY t.id DESC LIMIT $2) r
  ORDER BY r.id DESC LIMIT $2) i JOIN execution_logs t ON t.organization_id = $1
  AND t.id = i.id
  ORDER BY t.id DESC LIMIT $2;

-- execution_count
SELECT count(*)
  FROM execution_logs t
  WHERE t.organization_id = $1;

-- execution_count
SELECT count(*)
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = $2
  AND t.status = ANY($3)
  AND CASE WHEN t.created_at < $4 THEN true ELSE false END
  AND t.id < $5;

-- flow_by_id
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- version_by_id
SELECT t.number, t.id
  FROM flow_versions t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
