-- execution_page
SELECT t.id, t.id
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;
