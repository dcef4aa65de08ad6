-- flow_page
SELECT t.name, $5::text || encode(uuid_send(t.id) || convert_to(lower(t.name), 'UTF8'), 'hex')
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND (lower(t.name), t.id) > ($3, $4)
  ORDER BY lower(t.name), t.id LIMIT $2;

-- flow_count
SELECT count(*)
  FROM automation_flows t
  WHERE t.organization_id = $1;
