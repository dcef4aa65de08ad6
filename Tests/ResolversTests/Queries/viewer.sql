-- memberships
SELECT t.organization_id, t.role, t.created_at
  FROM user_organizations d JOIN memberships t ON t.organization_id = d.organization_id
  AND t.user_id = d.user_id
  WHERE d.user_id = $1
  ORDER BY d.created_at, d.organization_id LIMIT 100;

-- user_by_id
SELECT t.id, t.email, t.name, t.avatar_url, t.theme, t.created_at, t.updated_at
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);

-- organization_by_id
SELECT t.id, t.name, t.created_at, t.updated_at
  FROM organizations t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM user_organizations d
  WHERE d.user_id = $1
  AND d.organization_id = t.id);

-- organization_by_id
SELECT t.id, t.name
  FROM organizations t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM user_organizations d
  WHERE d.user_id = $1
  AND d.organization_id = t.id);
