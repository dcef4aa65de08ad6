/// Of a transition's events the large inputs and outputs lie in the rows of the nodes and the run, where they
/// stand anyway: an event names the place (`EventRow`). People and tests see them as before.
let migration0038SharedValues = """
  CREATE OR REPLACE VIEW run_events AS
    SELECT r.organization_id, r.execution_id, e.* FROM execution_events r
    CROSS JOIN LATERAL (
      SELECT r.sequence, r.kind, r.data, r.at WHERE r.count = 1
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
      FROM jsonb_array_elements(CASE WHEN r.count > 1 THEN r.data ELSE '[]' END)
        WITH ORDINALITY AS i (item, place)
    ) e;
  """
