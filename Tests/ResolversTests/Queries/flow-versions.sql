-- flow_by_id
SELECT t.id
  FROM automation_flows t
  WHERE t.organization_id = $1
  AND t.id = ANY($2);

-- version_pages
SELECT c.*
  FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)
  CROSS JOIN LATERAL (SELECT t.id, t.number, t.revision, t.definition, t.created_at, t.id AS row_place, t.flow_id AS parent_id
  FROM flow_versions t
  WHERE t.organization_id = $1
  AND t.flow_id = p.id
  AND t.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  ORDER BY t.id DESC LIMIT $3) c
  ORDER BY p.place;

-- version_counts
SELECT t.flow_id, count(*)
  FROM flow_versions t
  WHERE t.organization_id = $1
  AND t.flow_id = ANY($2)
  GROUP BY t.flow_id;
