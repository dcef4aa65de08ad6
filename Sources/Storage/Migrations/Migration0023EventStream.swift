/// The stream of an organization's events, numbered without gaps.
///
/// Whoever changes something writes to `event_outbox` in the same transaction; `EventSequencer` moves it from
/// there to `organization_events` and gives the numbers. A row stands for `count` events in a row: those of a
/// run's transition, whose contents lie in `execution_events`. `last_number` and `subject_last` are the
/// numbers of the last of them, in the stream and in the run.
///
/// `organization_events` is partitioned by when its rows were numbered, as logs are: `id` is a UUIDv7 that
/// the rows of one batch share.
let migration0023EventStream = """
  CREATE TABLE event_outbox (
    organization_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    subject_last bigint NOT NULL,
    count integer NOT NULL DEFAULT 1,
    kind text NOT NULL CHECK (kind IN ('run', 'flow', 'integration')),
    flow_id uuid,
    name text,
    data jsonb,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organization_id, subject_id, subject_last)
  );

  CREATE TABLE organization_streams (
    organization_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    last_number bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50);

  CREATE TABLE organization_events (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    last_number bigint NOT NULL,
    count integer NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    subject_last bigint NOT NULL,
    flow_id uuid,
    name text,
    data jsonb,
    at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, last_number, id)
  ) PARTITION BY RANGE (id);
  CREATE TABLE organization_events_default PARTITION OF organization_events DEFAULT;
  """
