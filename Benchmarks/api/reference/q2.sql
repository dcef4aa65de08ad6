-- The answer to queries/q2.graphql, made by Postgres alone. @ID@ is the user.
SELECT json_build_object('user', json_build_object('id', u.id, 'name', u.name, 'flows', json_build_object('nodes', (
  SELECT json_agg(json_build_object('id', f.id, 'name', f.name, 'status', upper(f.status),
    'nodes', (
      SELECT json_agg(json_build_object('id', n.id, 'title', n.title, 'kind', upper(n.kind), 'order', n.node_order,
        'integration', CASE WHEN i.id IS NOT NULL THEN
          json_build_object('id', i.id, 'name', i.name, 'type', i.type, 'isConnected', i.is_connected) END)
        ORDER BY n.node_order)
      FROM automation_nodes n
      LEFT JOIN integrations i ON i.organization_id = n.organization_id AND i.id = n.integration_id
      WHERE n.organization_id = f.organization_id AND n.flow_id = f.id),
    'connections', (
      SELECT json_agg(json_build_object('id', c.id, 'from', json_build_object('id', c.from_node_id),
        'to', json_build_object('id', c.to_node_id), 'label', c.label) ORDER BY c.connection_order)
      FROM automation_connections c WHERE c.organization_id = f.organization_id AND c.flow_id = f.id),
    'executionLogs', json_build_object('nodes', coalesce((
      SELECT json_agg(json_build_object('id', l.id, 'status', upper(l.status), 'startTime', l.start_time,
        'duration', l.duration) ORDER BY l.id DESC)
      FROM (SELECT id, status, start_time, duration FROM execution_logs
        WHERE organization_id = f.organization_id AND flow_id = f.id ORDER BY id DESC LIMIT 5) l), '[]')))
    ORDER BY f.id DESC)
  FROM (SELECT organization_id, id, name, status FROM automation_flows
    WHERE organization_id = o.id AND user_id = u.id ORDER BY id DESC LIMIT 20) f))))
FROM users u, organizations o WHERE u.id = @ID@ AND o.name = 'Benchmark'
