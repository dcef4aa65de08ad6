/// Triggers of events of integrations. Those that ask the service have their next poll in the row: when it is
/// due, who may not disturb it until when, how far it has come. `poll_epoch` counts who has taken it, so that
/// whoever comes too late stores nothing.
///
/// `trigger_items` is what polls have found: its key makes each thing start one run.
let migration0027IntegrationEvents = """
  ALTER TABLE flow_triggers
    DROP CONSTRAINT flow_triggers_kind_check,
    ADD CONSTRAINT flow_triggers_kind_check
      CHECK (kind IN ('schedule', 'webhook', 'flow_event', 'integration')),
    ADD COLUMN integration_id uuid,
    ADD COLUMN poll_due_at timestamptz,
    ADD COLUMN poll_lease_until timestamptz,
    ADD COLUMN poll_epoch bigint NOT NULL DEFAULT 0,
    ADD COLUMN poll_state jsonb,
    ADD COLUMN poll_failures integer NOT NULL DEFAULT 0,
    ADD COLUMN poll_error text CHECK (length(poll_error) <= 500),
    ADD COLUMN last_polled_at timestamptz,
    ADD CONSTRAINT flow_triggers_integration_fkey FOREIGN KEY (organization_id, integration_id)
      REFERENCES integrations (organization_id, id) ON DELETE CASCADE;
  CREATE INDEX flow_triggers_by_integration ON flow_triggers (organization_id, integration_id)
    WHERE integration_id IS NOT NULL;
  CREATE INDEX flow_triggers_polls_due ON flow_triggers (poll_due_at) WHERE poll_due_at IS NOT NULL;

  CREATE TABLE trigger_items (
    organization_id uuid NOT NULL,
    trigger_id uuid NOT NULL,
    item_key text NOT NULL CHECK (length(item_key) BETWEEN 1 AND 255),
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, trigger_id, item_key),
    FOREIGN KEY (organization_id, trigger_id) REFERENCES flow_triggers (organization_id, id) ON DELETE CASCADE
  );
  CREATE INDEX trigger_items_by_age ON trigger_items (organization_id, trigger_id, seen_at);
  """
