-- integration_page
SELECT t.name, t.type, t.user_id, $3::text || encode(uuid_send(t.id) || convert_to(lower(t.name), 'UTF8'), 'hex')
  FROM integrations t
  WHERE t.organization_id = $1
  AND (t.name ILIKE $4)
  ORDER BY lower(t.name) DESC, t.id DESC LIMIT $2;

-- integration_count
SELECT count(*)
  FROM integrations t
  WHERE t.organization_id = $1
  AND (t.name ILIKE $2);

-- user_by_id
SELECT t.name, t.id
  FROM users t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM memberships m
  WHERE m.organization_id = $1
  AND m.user_id = t.id);
