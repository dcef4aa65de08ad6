-- integration_page
SELECT t.id, t.name, t.category, t.type, t.capabilities, t.is_connected, t.last_checked, t.revision, t.created_at, t.updated_at, t.user_id, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- integration_page
SELECT t.name, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.is_connected = $4
  ORDER BY t.id DESC LIMIT $2;

-- integration_page
SELECT t.name, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.category = $4
  ORDER BY t.id DESC LIMIT $2;

-- integration_by_id
SELECT t.name, t.type, t.id
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- integration_count
SELECT count(*)
  FROM integrations t
  WHERE t.organization_id = $1;

-- integration_count
SELECT count(*)
  FROM integrations t
  WHERE t.organization_id = $1
  AND t.is_connected = $2;

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);
