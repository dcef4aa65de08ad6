-- flow_by_id
SELECT t.name, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);
