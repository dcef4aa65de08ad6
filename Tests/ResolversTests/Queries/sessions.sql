-- session_page
SELECT t.id, t.created_at, t.last_used_at, t.expires_at, t.organization_id, $3::text || encode(uuid_send(t.id) || timestamptz_send(t.last_used_at), 'hex')
  FROM sessions t
  WHERE t.user_id = $1
  AND (t.revoked_at IS NULL) = $4
  AND (t.expires_at > now()) = $5
  ORDER BY t.last_used_at, t.id LIMIT $2;

-- session_count
SELECT count(*)
  FROM sessions t
  WHERE t.user_id = $1
  AND (t.revoked_at IS NULL) = $2
  AND (t.expires_at > now()) = $3;

-- organization_by_id
SELECT t.name, t.id
  FROM organizations t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM user_organizations d
  WHERE d.user_id = $1
  AND d.organization_id = t.id);
