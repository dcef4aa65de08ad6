-- memberships
SELECT t.organization_id
  FROM user_organizations d JOIN memberships t ON t.organization_id = d.organization_id
  AND t.user_id = d.user_id
  WHERE d.user_id = $1
  ORDER BY d.created_at, d.organization_id LIMIT 100;

-- organization_by_id
SELECT t.name, t.id
  FROM organizations t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM user_organizations d
  WHERE d.user_id = $1
  AND d.organization_id = t.id);

-- organization_metrics
SELECT s.status, m.runs, m.milliseconds
  FROM unnest('{pending,running,waiting,success,failure,cancelled}'::text[]) AS s (status)
  CROSS JOIN LATERAL (SELECT count(*) AS runs, sum(t.duration) AS milliseconds
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.status = s.status
  AND t.id >= $2
  AND t.id < $3) m;

-- organization_by_id
SELECT t.name, t.id
  FROM organizations t
  WHERE t.id = ANY($2)
  AND EXISTS (SELECT 1
  FROM user_organizations d
  WHERE d.user_id = $1
  AND d.organization_id = t.id);

-- organization_metrics
SELECT s.status, m.runs, m.milliseconds
  FROM unnest('{pending,running,waiting,success,failure,cancelled}'::text[]) AS s (status)
  CROSS JOIN LATERAL (SELECT count(*) AS runs, sum(t.duration) AS milliseconds
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.status = s.status
  AND t.id >= $2
  AND t.id < $3) m;
