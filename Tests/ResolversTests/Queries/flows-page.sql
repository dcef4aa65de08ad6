-- flow_page
SELECT t.name, t.status, t.id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- flow_count
SELECT count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1;
