-- flow_page
SELECT t.name, t.last_executed, $3::text || encode(uuid_send(t.id) || timestamptz_send(coalesce(t.last_executed, '-infinity'::timestamptz)), 'hex')
  FROM automation_flows t
  WHERE t.organization_id = $1
  ORDER BY coalesce(t.last_executed, '-infinity'::timestamptz) DESC, t.id DESC LIMIT $2;

-- flow_page
SELECT t.name, $3::text || encode(uuid_send(t.id) || timestamptz_send(coalesce(t.last_executed, '-infinity'::timestamptz)), 'hex')
  FROM automation_flows t
  WHERE t.organization_id = $1
  ORDER BY coalesce(t.last_executed, '-infinity'::timestamptz), t.id LIMIT $2;

-- flow_page
SELECT t.name, t.updated_at, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  ORDER BY t.updated_minute, t.updated_at, t.id LIMIT $2;
