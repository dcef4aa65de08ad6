-- flow_page
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY t.id LIMIT $2;

-- flow_page
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY t.id LIMIT $2;

-- flow_page
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  AND t.id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
  ORDER BY t.id DESC LIMIT $2;
