-- The answer to queries/q3.graphql, made by Postgres alone: @FIRST@ runs behind the newest @SKIPPED@.
SELECT json_build_object('executionLogs', json_build_object('nodes', json_agg(
  json_build_object('id', l.id, 'status', upper(l.status), 'startTime', l.start_time, 'duration', l.duration,
    'flow', json_build_object('name', f.name, 'creator', json_build_object('email', u.email))) ORDER BY l.id DESC)))
FROM (SELECT l.* FROM execution_logs l JOIN organizations o ON o.id = l.organization_id AND o.name = 'Benchmark'
  ORDER BY l.id DESC LIMIT @FIRST@ OFFSET @SKIPPED@) l
JOIN automation_flows f ON f.organization_id = l.organization_id AND f.id = l.flow_id JOIN users u ON u.id = f.user_id
