/// Ends of runs that start runs of other flows: a row for each trigger and run, waiting until its run is
/// made; its key makes it one. `depth` counts the runs that have started one another up to it.
let migration0024FlowEvents = """
  ALTER TABLE flow_triggers ADD COLUMN source_flow_id uuid, ADD COLUMN source_states jsonb,
    ADD CONSTRAINT flow_triggers_source_fkey FOREIGN KEY (organization_id, source_flow_id)
      REFERENCES automation_flows (organization_id, id) ON DELETE CASCADE;
  CREATE INDEX flow_triggers_by_source ON flow_triggers (organization_id, source_flow_id)
    WHERE source_flow_id IS NOT NULL;

  CREATE TABLE trigger_events (
    organization_id uuid NOT NULL,
    trigger_id uuid NOT NULL,
    source_execution_id uuid NOT NULL,
    depth smallint NOT NULL,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'fired', 'dropped')),
    due_at timestamptz NOT NULL DEFAULT now(),
    execution_id uuid,
    settled_at timestamptz,
    PRIMARY KEY (organization_id, trigger_id, source_execution_id)
  );
  CREATE INDEX trigger_events_due ON trigger_events (due_at) WHERE status = 'waiting';
  CREATE INDEX trigger_events_by_run ON trigger_events (organization_id, execution_id)
    WHERE execution_id IS NOT NULL;
  CREATE INDEX trigger_events_settled ON trigger_events (settled_at) WHERE settled_at IS NOT NULL;
  """
