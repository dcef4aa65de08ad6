-- Fills the Studio's own tables, which `studio migrate` has made, with a deterministic data set of one organization:
-- 200 members, 7 integrations and 20 flows each, 8 nodes and 7 connections a flow, 50 runs of every second flow.
-- Ids are UUIDv7s of the row's time; what follows the time is a hash of the row's kind and numbers.
SET synchronous_commit = off;
BEGIN;
CREATE FUNCTION pg_temp.id(name text, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(name), 1, 3) || 'b'
    || substr(md5(name), 4, 15))::uuid $$;
CREATE TEMP TABLE member ON COMMIT DROP AS
SELECT u, pg_temp.id('user:' || u, t) AS id, t AS at
FROM generate_series(1, 200) u, LATERAL (SELECT timestamptz '2026-01-01 00:00Z' + u * interval '1 hour' AS t) t;
CREATE TEMP TABLE service ON COMMIT DROP AS
SELECT u, k, pg_temp.id('integration:' || u || ':' || k, t) AS id, t AS at
FROM generate_series(1, 200) u, generate_series(1, 7) k,
  LATERAL (SELECT timestamptz '2026-01-02 00:00Z' + (u * 7 + k) * interval '1 minute' AS t) t;
CREATE TEMP TABLE flow ON COMMIT DROP AS
SELECT u, f, pg_temp.id('flow:' || u || ':' || f, t) AS id, t AS at
FROM generate_series(1, 200) u, generate_series(1, 20) f,
  LATERAL (SELECT timestamptz '2026-01-03 00:00Z' + (u * 20 + f) * interval '1 minute' AS t) t;
CREATE TEMP TABLE node ON COMMIT DROP AS
SELECT u, f, n, pg_temp.id('node:' || u || ':' || f || ':' || n, t) AS id, t AS at
FROM flow, generate_series(1, 8) n, LATERAL (SELECT at + interval '1 day' AS t) t;
ANALYZE member, service, flow, node;

INSERT INTO organizations (id, name)
SELECT pg_temp.id('organization:1', timestamptz '2026-01-01 00:00Z'), 'Benchmark';

INSERT INTO users (id, email, name, avatar_url, theme, preferences, created_at, updated_at)
SELECT id, 'user' || u || '@example.test', 'User ' || u, CASE WHEN u % 4 > 0 THEN 'avatars/' || u || '.png' END,
  (ARRAY['copper-tide', 'mint-voltage', 'solar-drift'])[1 + u % 3],
  jsonb_build_object('density', u % 3, 'beta', u % 2 = 0), at, at + interval '31 days'
FROM member;
INSERT INTO memberships (organization_id, user_id, role, created_at)
SELECT o.id, m.id, 'editor', m.at FROM member m, organizations o WHERE o.name = 'Benchmark';
INSERT INTO user_organizations (user_id, organization_id, created_at)
SELECT m.id, o.id, m.at FROM member m, organizations o WHERE o.name = 'Benchmark';

INSERT INTO integrations (organization_id, id, user_id, name, category, type, credentials, capabilities, is_connected,
  last_checked, created_at, updated_at)
SELECT o.id, s.id, m.id,
  (ARRAY['Slack', 'Stripe', 'GitHub', 'Postgres', 'OpenAI', 'Notion', 'PagerDuty'])[k] || ' of user ' || u,
  (ARRAY['messaging', 'finance', 'devtools', 'data', 'ai', 'docs', 'ops'])[k],
  (ARRAY['slack', 'stripe', 'github', 'postgres', 'openai', 'notion', 'pagerduty'])[k],
  decode(md5('secret' || u || k), 'hex'), '["read", "write"]', (u + k) % 3 <> 0,
  timestamptz '2026-03-01 00:00Z' + u * interval '1 minute', s.at, s.at + interval '31 days'
FROM service s JOIN member m USING (u), organizations o WHERE o.name = 'Benchmark';

INSERT INTO automation_flows (organization_id, id, user_id, name, intention, status, last_executed,
  created_at, updated_at)
SELECT o.id, f.id, m.id, 'Flow ' || f || ' of user ' || u,
  'Collect, check and forward the events of source ' || f || ' so that nobody has to do it by hand "twice".',
  (ARRAY['active', 'paused', 'archived'])[1 + (u + f) % 3],
  CASE WHEN f % 2 > 0 THEN timestamptz '2026-03-03 00:00Z' + (u * 20 + f) * interval '1 minute' END,
  f.at, f.at + interval '31 days'
FROM flow f JOIN member m USING (u), organizations o WHERE o.name = 'Benchmark' ORDER BY u, f;

INSERT INTO automation_nodes (organization_id, id, flow_id, key, title, kind, detail, integration_id, config,
  node_order, created_at, updated_at)
SELECT o.id, n.id, f.id, 'step' || n, 'Step ' || n || ' of flow ' || f,
  (ARRAY['trigger', 'action', 'filter', 'transform', 'decision', 'delay', 'action', 'action'])[n],
  'Detail text of step ' || n || ' in flow ' || f || ' of user ' || n.u,
  CASE WHEN n % 3 > 0 THEN s.id END,
  CASE n WHEN 1 THEN '{}' WHEN 3 THEN '{"expression": "true"}' WHEN 4 THEN '{"expression": "input"}'
    WHEN 5 THEN '{}' WHEN 6 THEN '{"seconds": 1}' ELSE '{"type": "log", "message": "''done''"}' END::jsonb,
  n, n.at, n.at + interval '31 days'
FROM node n JOIN flow f USING (u, f) LEFT JOIN service s ON s.u = n.u AND s.k = 1 + (f + n) % 7, organizations o
WHERE o.name = 'Benchmark' ORDER BY n.u, f, n;

INSERT INTO automation_connections (organization_id, id, flow_id, from_node_id, to_node_id, label, condition,
  connection_order, created_at)
SELECT o.id, pg_temp.id('connection:' || u || ':' || f || ':' || a.n, c.t), f.id, a.id, b.id,
  CASE WHEN a.n % 2 > 0 THEN 'then ' || a.n END, CASE WHEN a.n = 5 THEN 'input.count > 3' END, a.n, c.t
FROM node a JOIN node b USING (u, f) JOIN flow f USING (u, f), organizations o,
  LATERAL (SELECT a.at + interval '1 day' AS t) c
WHERE b.n = a.n + 1 AND o.name = 'Benchmark' ORDER BY u, f, a.n;

INSERT INTO flow_versions (organization_id, id, flow_id, number, revision, definition, created_at)
SELECT o.id, pg_temp.id('version:' || u || ':' || f, f.at), f.id, 1, 1, '{}', f.at
FROM flow f, organizations o WHERE f % 2 > 0 AND o.name = 'Benchmark';

-- Run r of all flows lies close to the others in time, so that a page of the newest runs touches many flows.
CREATE TEMP TABLE run ON COMMIT DROP AS
SELECT f.u, f.f, r, pg_temp.id('run:' || f.u || ':' || f.f || ':' || r, t.t + interval '5 milliseconds') AS id, t.t AS at,
  (ARRAY['success', 'success', 'success', 'failure', 'success', 'pending', 'success', 'cancelled'])
    [1 + (f.u + f.f + r) % 8] AS status,
  40 + (f.u * 131 + f.f * 17 + r * 7) % 9000 AS milliseconds
FROM flow f, generate_series(1, 50) r, LATERAL (SELECT timestamptz '2026-03-10 00:00Z'
  + (r * 2000 + ((f.u * 37 + f.f * 11) % 200) * 10 + (f.f - 1) / 2) * interval '1.25 seconds' AS t) t
WHERE f.f % 2 > 0;

INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, user_id, status, result, error,
  start_time, end_time, duration, created_at)
SELECT o.id, r.id, f.id, 'Flow ' || f || ' of user ' || u, pg_temp.id('version:' || u || ':' || f, f.at), m.id, r.status,
  CASE WHEN r.status = 'success' THEN jsonb_build_object('items', r, 'bytes', u * f * r) END,
  CASE WHEN r.status = 'failure' THEN '{"code": "EXPRESSION_FAILED", "message": "step failed"}'::jsonb END,
  r.at, CASE WHEN r.status <> 'pending' THEN r.at + milliseconds * interval '1 millisecond' END,
  CASE WHEN r.status <> 'pending' THEN milliseconds END, r.at + interval '5 milliseconds'
FROM run r JOIN flow f USING (u, f) JOIN member m USING (u), organizations o
WHERE o.name = 'Benchmark' ORDER BY r.id;

INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind, node_order, status,
  attempt, start_time, duration)
SELECT o.id, r.id, pg_temp.id('node run:' || u || ':' || f || ':' || r || ':' || n, r.at), d.id, 'step' || n,
  'Step ' || n || ' of flow ' || f, (ARRAY['trigger', 'action'])[n], n,
  r.status, 1, r.at, milliseconds / (n + 1)
FROM run r JOIN node d USING (u, f), organizations o WHERE n <= 2 AND o.name = 'Benchmark' ORDER BY r.id, n;
COMMIT;
VACUUM ANALYZE;
