-- flow_page
SELECT t.name, t.status, t.id, t.id FROM automation_flows t WHERE t.organization_id = $1 AND ($3::uuid IS NULL OR t.id < $3) ORDER BY t.id DESC LIMIT $2;

-- flow_count
SELECT count(*) FROM automation_flows t WHERE t.organization_id = $1;
