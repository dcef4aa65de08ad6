/// Loops, branches for errors, signals, and runs that runs start.
///
/// A row of the node log is about a node in an iteration: `iteration` is the path packed into an integer, 0
/// outside of every loop, and `iterations` the same as a list. `memo` is the machine's own.
/// `execution_signals` holds what waiting nodes go on with; `has_signal` keeps a run that gets one while
/// somebody holds it from being parked.
let migration0025FlowSemantics = """
  ALTER TABLE automation_nodes DROP CONSTRAINT automation_nodes_kind_check,
    ADD CONSTRAINT automation_nodes_kind_check
      CHECK (kind IN ('trigger', 'action', 'filter', 'transform', 'decision', 'delay', 'loop')),
    ADD COLUMN parent_id uuid,
    ADD CONSTRAINT automation_nodes_parent_fkey FOREIGN KEY (organization_id, parent_id)
      REFERENCES automation_nodes (organization_id, id) ON DELETE CASCADE;
  CREATE INDEX automation_nodes_by_parent ON automation_nodes (organization_id, parent_id)
    WHERE parent_id IS NOT NULL;
  ALTER TABLE automation_connections
    ADD COLUMN outcome text NOT NULL DEFAULT 'success' CHECK (outcome IN ('success', 'error'));
  ALTER TABLE automation_flows ADD COLUMN error_flow_id uuid,
    ADD CONSTRAINT automation_flows_error_flow_fkey FOREIGN KEY (organization_id, error_flow_id)
      REFERENCES automation_flows (organization_id, id);
  CREATE INDEX automation_flows_by_error_flow ON automation_flows (organization_id, error_flow_id)
    WHERE error_flow_id IS NOT NULL;

  ALTER TABLE node_execution_logs ADD COLUMN iteration bigint NOT NULL DEFAULT 0,
    ADD COLUMN iterations jsonb, ADD COLUMN memo jsonb, DROP CONSTRAINT node_execution_logs_pkey,
    ADD PRIMARY KEY (organization_id, execution_id, node_id, iteration);

  ALTER TABLE execution_logs ADD COLUMN parent_execution_id uuid, ADD COLUMN parent_node_id uuid,
    ADD COLUMN parent_iteration bigint, ADD COLUMN depth smallint NOT NULL DEFAULT 0,
    ADD COLUMN is_for_failure boolean NOT NULL DEFAULT false;
  ALTER TABLE execution_queue ADD COLUMN has_signal boolean NOT NULL DEFAULT false;

  CREATE TABLE execution_signals (
    organization_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    id uuid NOT NULL,
    node_id uuid NOT NULL,
    iteration bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('resume', 'decision', 'child_ended')),
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, execution_id, id)
  );
  """
