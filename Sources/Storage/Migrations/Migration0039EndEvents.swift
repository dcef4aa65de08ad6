/// The events of the transition that ends a run lie in the run's own row (`EventRow`): JSON as text, because
/// it is read seldom and stored often, and Postgres parses what it takes as `jsonb`.
///
/// The view shows events one by one, for people and tests, wherever they lie.
let migration0039EndEvents = """
  ALTER TABLE execution_logs ADD COLUMN end_events text COMPRESSION lz4;
  ALTER TABLE execution_logs ALTER COLUMN end_events SET STATISTICS 0;
  CREATE OR REPLACE VIEW run_events AS
    SELECT r.organization_id, r.execution_id, e.* FROM (
      SELECT organization_id, execution_id, sequence, count, kind, data, at FROM execution_events
      UNION ALL
      SELECT organization_id, id, last_sequence, jsonb_array_length(end_events::jsonb), 'several',
        end_events::jsonb, end_time FROM execution_logs WHERE end_events IS NOT NULL
    ) r
    CROSS JOIN LATERAL (
      SELECT r.sequence, r.kind, r.data, r.at WHERE r.kind <> 'several'
      UNION ALL
      SELECT r.sequence - r.count + i.place::integer, i.item ->> 0,
        CASE WHEN i.item -> 3 IS NULL THEN i.item -> 2
        WHEN i.item ->> 3 = 'run' THEN coalesce((
          SELECT jsonb_build_object('output', l.result) FROM execution_logs l
          WHERE l.organization_id = r.organization_id AND l.id = r.execution_id), '{}') || (i.item -> 2)
        ELSE coalesce((
          SELECT CASE i.item ->> 0 WHEN 'node_started' THEN jsonb_build_object('input', n.input)
            ELSE jsonb_build_object('input', n.input, 'output', n.output) END
          FROM node_execution_logs n WHERE n.organization_id = r.organization_id
          AND n.execution_id = r.execution_id AND n.node_id = (i.item ->> 3)::uuid AND n.iteration = 0),
          '{}') || (i.item -> 2) END,
        timestamptz 'epoch' + (i.item ->> 1)::bigint * interval '1 microsecond'
      FROM jsonb_array_elements(CASE r.kind WHEN 'several' THEN r.data ELSE '[]' END)
        WITH ORDINALITY AS i (item, place)
    ) e;
  """
