/// Figures of runs are counted from indexes alone; a flow has notes about them.
let migration0011Metrics = """
  ALTER TABLE automation_flows ADD COLUMN notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 2000);
  CREATE INDEX execution_logs_by_flow_outcome ON execution_logs (organization_id, flow_id, id)
    INCLUDE (status, duration);
  DROP INDEX execution_logs_by_flow;
  CREATE INDEX execution_logs_by_outcome ON execution_logs (organization_id, status, id) INCLUDE (duration);
  DROP INDEX execution_logs_by_status;
  """
