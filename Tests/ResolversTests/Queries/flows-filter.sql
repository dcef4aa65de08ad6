-- flow_page
SELECT t.name, t.intention, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.status = $4
  AND (t.name ILIKE $5 OR t.intention ILIKE $5)
  ORDER BY t.id DESC LIMIT $2;

-- flow_page
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND (t.name ILIKE $4 OR t.intention ILIKE $4)
  ORDER BY t.id DESC LIMIT $2;

-- flow_page
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND (t.name ILIKE $4 OR t.intention ILIKE $4)
  ORDER BY t.id DESC LIMIT $2;

-- flow_page
SELECT t.name, t.user_id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.status = $4
  ORDER BY t.id DESC LIMIT $2;

-- flow_count
SELECT count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.status = $2
  AND (t.name ILIKE $3 OR t.intention ILIKE $3);

-- flow_count
SELECT count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND (t.name ILIKE $2 OR t.intention ILIKE $2);

-- flow_count
SELECT count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.status = $2;

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);
