-- flow_page
SELECT t.name, t.id, t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $2;

-- flow_metrics
SELECT f.id, f.created_at, f.notes, m.runs, m.failures, m.successes, m.milliseconds
  FROM automation_flows f LEFT JOIN LATERAL (SELECT count(*) AS runs, count(*) FILTER (WHERE t.status = 'failure') AS failures, count(*) FILTER (WHERE t.status = 'success') AS successes, sum(t.duration) FILTER (WHERE t.status IN ('success', 'failure')) AS milliseconds
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = f.id
  AND t.id >= $3
  AND t.id < $4) m ON true
  WHERE f.organization_id = $1
  AND f.id = ANY($2)
  AND $3::uuid IS NOT NULL
  AND $4::uuid IS NOT NULL;

-- flow_metrics
SELECT f.id, f.created_at, NULL::text, m.runs, m.failures, m.successes, m.milliseconds
  FROM automation_flows f LEFT JOIN LATERAL (SELECT count(*) AS runs, count(*) FILTER (WHERE t.status = 'failure') AS failures, count(*) FILTER (WHERE t.status = 'success') AS successes, sum(t.duration) FILTER (WHERE t.status IN ('success', 'failure')) AS milliseconds
  FROM execution_logs t
  WHERE t.organization_id = $1
  AND t.flow_id = f.id
  AND t.id >= $3
  AND t.id < $4) m ON true
  WHERE f.organization_id = $1
  AND f.id = ANY($2)
  AND $3::uuid IS NOT NULL
  AND $4::uuid IS NOT NULL;
