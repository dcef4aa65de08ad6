/// Runs: logs, node logs and events, partitioned by ranges of the run's UUIDv7, and the queue of runs that
/// are not over.
///
/// `execution_queue` has a row for each run in a state that is not final: claims touch only this small table.
/// `workers` holds one lease a process; Postgres's clock decides when it has expired. Partitions are made by
/// `Partitions.ensure`; the default partition takes what no range covers, so a late server loses nothing.
let migration0003Runs = """
  CREATE TABLE execution_logs (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    flow_name text NOT NULL,
    version_id uuid NOT NULL,
    user_id uuid,
    status text NOT NULL
      CHECK (status IN ('pending', 'running', 'waiting', 'success', 'failure', 'cancelled')),
    trigger_node_id uuid,
    input jsonb,
    result jsonb,
    error jsonb,
    start_time timestamptz,
    end_time timestamptz,
    duration integer,
    wake_at timestamptz,
    step integer NOT NULL DEFAULT 0,
    epoch bigint NOT NULL DEFAULT 0,
    last_sequence integer NOT NULL DEFAULT 0,
    cancel_requested_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
  ) PARTITION BY RANGE (id);
  CREATE INDEX execution_logs_by_flow ON execution_logs (organization_id, flow_id, id);
  CREATE INDEX execution_logs_by_status ON execution_logs (organization_id, status, id);
  CREATE TABLE execution_logs_default PARTITION OF execution_logs DEFAULT;

  CREATE TABLE node_execution_logs (
    organization_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    id uuid NOT NULL,
    node_id uuid NOT NULL,
    node_key text NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    node_order integer NOT NULL,
    status text NOT NULL
      CHECK (status IN ('pending', 'running', 'waiting', 'success', 'failure', 'skipped', 'cancelled')),
    attempt integer NOT NULL DEFAULT 0,
    input jsonb,
    output jsonb,
    error jsonb,
    skip_reason text,
    delivered uuid[] NOT NULL DEFAULT '{}',
    wake_at timestamptz,
    start_time timestamptz,
    end_time timestamptz,
    duration integer,
    PRIMARY KEY (organization_id, execution_id, node_id)
  ) PARTITION BY RANGE (execution_id);
  CREATE INDEX node_execution_logs_by_id ON node_execution_logs (organization_id, id);
  CREATE TABLE node_execution_logs_default PARTITION OF node_execution_logs DEFAULT;

  CREATE TABLE execution_events (
    organization_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL,
    node_id uuid,
    data jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, execution_id, sequence)
  ) PARTITION BY RANGE (execution_id);
  CREATE TABLE execution_events_default PARTITION OF execution_events DEFAULT;

  CREATE TABLE workers (
    id uuid PRIMARY KEY,
    lease_until timestamptz NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE execution_queue (
    organization_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now(),
    owner uuid,
    PRIMARY KEY (organization_id, execution_id)
  );
  CREATE INDEX execution_queue_due ON execution_queue (due_at, execution_id) WHERE owner IS NULL;
  CREATE INDEX execution_queue_by_owner ON execution_queue (owner) WHERE owner IS NOT NULL;
  """
