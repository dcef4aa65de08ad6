/// Limits of integrations, and one truth about all limits: the column of what is limited. What claims go by,
/// `run_limits`, is a view of them.
///
/// A slot of an integration is one call's, of a node in an iteration. A call that finds none has a row in
/// `slot_waiters`; the line goes by `rank`, the time at which it asked, moved by its run's priority.
///
/// A delivery that is not over has an instant at which somebody looks at it.
let migration0030CallLimits = """
  ALTER TABLE integrations
    ADD COLUMN maximum_concurrent_calls integer CHECK (maximum_concurrent_calls BETWEEN 1 AND 1000);
  ALTER TABLE automation_flows ADD CHECK (maximum_concurrent_runs BETWEEN 1 AND 1000);
  ALTER TABLE organizations ADD CHECK (maximum_concurrent_runs BETWEEN 1 AND 1000);
  CREATE INDEX integrations_limited ON integrations (organization_id, id)
    WHERE maximum_concurrent_calls IS NOT NULL;
  CREATE INDEX automation_flows_limited ON automation_flows (organization_id, id)
    WHERE maximum_concurrent_runs IS NOT NULL;
  CREATE INDEX organizations_limited ON organizations (id) WHERE maximum_concurrent_runs IS NOT NULL;
  DROP TABLE run_limits;
  CREATE VIEW run_limits AS
    SELECT organization_id, id AS scope, maximum_concurrent_runs AS maximum FROM automation_flows
      WHERE maximum_concurrent_runs IS NOT NULL
    UNION ALL SELECT id, id, maximum_concurrent_runs FROM organizations
      WHERE maximum_concurrent_runs IS NOT NULL
    UNION ALL SELECT organization_id, id, maximum_concurrent_calls FROM integrations
      WHERE maximum_concurrent_calls IS NOT NULL;

  ALTER TABLE run_slots ADD COLUMN node_id uuid, ADD COLUMN iteration bigint;
  CREATE TABLE slot_waiters (
    organization_id uuid NOT NULL,
    scope uuid NOT NULL,
    execution_id uuid NOT NULL,
    node_id uuid NOT NULL,
    iteration bigint NOT NULL,
    rank timestamptz NOT NULL,
    PRIMARY KEY (organization_id, scope, execution_id, node_id, iteration)
  );
  CREATE INDEX slot_waiters_in_line ON slot_waiters (organization_id, scope, rank, execution_id);
  CREATE INDEX slot_waiters_by_run ON slot_waiters (organization_id, execution_id);
  ALTER TABLE execution_signals DROP CONSTRAINT execution_signals_kind_check,
    ADD CONSTRAINT execution_signals_kind_check
      CHECK (kind IN ('resume', 'decision', 'child_ended', 'slot_given'));
  DROP INDEX execution_queue_waiting;
  CREATE INDEX execution_queue_waiting ON execution_queue (organization_id, waits_for, priority, due_at)
    WHERE waits_for IS NOT NULL;

  ALTER TABLE webhook_deliveries
    ADD CHECK (due_at IS NOT NULL OR status NOT IN ('pending', 'sending'));
  """
