/// The events of a transition are one row: `sequence` is the number of the last of them, `count` how many
/// they are. `data` of a row with more than one is a list, of each its kind, microseconds since 1970 and
/// payload.
///
/// `run_events` shows them one by one, for people and tests; what the program reads begins at a number
/// (`EventRow.unfold`).
///
/// So is what a statement says about runs to an organization's stream: `subjects`, `lasts`, `counts` and
/// `flows` have an element for each run, of which the first is in the columns of old too. Rows of the outbox
/// are in the order of `number`: of two transitions of a run the second statement begins when the first is
/// committed.
let migration0028EventRows = """
  ALTER TABLE execution_events ADD COLUMN count integer NOT NULL DEFAULT 1 CHECK (count > 0),
    DROP COLUMN node_id;
  CREATE VIEW run_events AS
    SELECT r.organization_id, r.execution_id, e.* FROM execution_events r
    CROSS JOIN LATERAL (
      SELECT r.sequence, r.kind, r.data, r.at WHERE r.count = 1
      UNION ALL
      SELECT r.sequence - r.count + i.place::integer, i.item ->> 0, i.item -> 2,
        timestamptz 'epoch' + (i.item ->> 1)::bigint * interval '1 microsecond'
      FROM jsonb_array_elements(CASE WHEN r.count > 1 THEN r.data ELSE '[]' END)
        WITH ORDINALITY AS i (item, place)
    ) e;

  CREATE SEQUENCE event_outbox_number;
  ALTER TABLE event_outbox ADD COLUMN number bigint, ADD COLUMN subjects uuid[], ADD COLUMN lasts integer[],
    ADD COLUMN counts integer[], ADD COLUMN flows uuid[], DROP CONSTRAINT event_outbox_kind_check,
    ADD CONSTRAINT event_outbox_kind_check CHECK (kind IN ('run', 'runs', 'flow', 'integration'));
  UPDATE event_outbox o SET number = n.number FROM (
    SELECT organization_id, subject_id, subject_last,
      row_number() OVER (ORDER BY place, subject_id, subject_last) AS number
    FROM (SELECT *, max(at) OVER (PARTITION BY organization_id, subject_id ORDER BY subject_last) AS place
      FROM event_outbox) p
  ) n WHERE o.organization_id = n.organization_id AND o.subject_id = n.subject_id
    AND o.subject_last = n.subject_last;
  SELECT setval('event_outbox_number', (SELECT coalesce(max(number), 0) + 1 FROM event_outbox));
  ALTER TABLE event_outbox ALTER COLUMN number SET DEFAULT nextval('event_outbox_number'),
    DROP CONSTRAINT event_outbox_pkey, ADD PRIMARY KEY (organization_id, number);
  ALTER SEQUENCE event_outbox_number OWNED BY event_outbox.number;
  CREATE UNIQUE INDEX event_outbox_named ON event_outbox (organization_id, subject_id, subject_last)
    WHERE name IS NOT NULL;
  ALTER TABLE organization_events ADD COLUMN subjects uuid[], ADD COLUMN lasts integer[],
    ADD COLUMN counts integer[], ADD COLUMN flows uuid[];
  """
