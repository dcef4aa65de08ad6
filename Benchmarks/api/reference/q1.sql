-- The answer to queries/q1.graphql, made by Postgres alone. @ID@ is the flow.
SELECT json_build_object('flow', json_build_object('id', f.id, 'name', f.name, 'intention', f.intention,
  'status', upper(f.status), 'revision', f.revision, 'createdAt', f.created_at, 'updatedAt', f.updated_at,
  'lastExecutedAt', f.last_executed))
FROM automation_flows f WHERE f.id = @ID@
