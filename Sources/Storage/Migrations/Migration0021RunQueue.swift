/// The queue in turns: an organization's places by priority and instant, the timers apart, and the epoch
/// where claims raise it, so that a claim touches this table only.
///
/// `crashes` counts the owners that died with the run while it stayed at step `crash_step`. A limit of a flow
/// or of an organization (`scope` is its id) is so many slots; a run that finds none free waits for the
/// scope.
let migration0021RunQueue = """
  ALTER TABLE execution_queue
    ADD COLUMN epoch bigint NOT NULL DEFAULT 0,
    ADD COLUMN priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),
    ADD COLUMN is_parked boolean NOT NULL DEFAULT false,
    ADD COLUMN crashes smallint NOT NULL DEFAULT 0,
    ADD COLUMN crash_step integer NOT NULL DEFAULT 0,
    ADD COLUMN waits_for uuid;
  UPDATE execution_queue q SET epoch = e.epoch, is_parked = q.due_at > now() FROM execution_logs e
    WHERE e.organization_id = q.organization_id AND e.id = q.execution_id;
  DROP INDEX execution_queue_due;
  CREATE INDEX execution_queue_ready ON execution_queue (organization_id, priority, due_at, execution_id)
    WHERE owner IS NULL AND waits_for IS NULL;
  CREATE INDEX execution_queue_waiting ON execution_queue (organization_id, waits_for, due_at)
    WHERE waits_for IS NOT NULL;
  CREATE INDEX execution_queue_timers ON execution_queue (due_at) WHERE owner IS NULL AND is_parked;
  ALTER TABLE execution_queue SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0);
  ALTER TABLE automation_flows
    ADD COLUMN run_priority smallint NOT NULL DEFAULT 1 CHECK (run_priority BETWEEN 0 AND 2);

  CREATE TABLE run_limits (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    scope uuid NOT NULL,
    maximum integer NOT NULL CHECK (maximum BETWEEN 1 AND 1000),
    PRIMARY KEY (organization_id, scope)
  );
  CREATE TABLE run_slots (
    organization_id uuid NOT NULL,
    scope uuid NOT NULL,
    number integer NOT NULL,
    execution_id uuid,
    PRIMARY KEY (organization_id, scope, number)
  );
  CREATE INDEX run_slots_by_run ON run_slots (organization_id, execution_id) WHERE execution_id IS NOT NULL;
  """
