-- execution_page
SELECT t.id, t.id FROM execution_logs t WHERE t.organization_id = $1 AND ($3::uuid IS NULL OR t.id < $3) ORDER BY t.id DESC LIMIT $2;
