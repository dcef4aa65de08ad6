/// Triggers of flows, and the requests that incoming webhooks have received.
///
/// `automation_flows.schedule` was never read or written: a schedule is a trigger. A delivery has no foreign
/// key, as runs have none: each row would lock its trigger's; what belongs to a trigger that is gone goes
/// with its age.
let migration0017Triggers = """
  ALTER TABLE automation_flows DROP COLUMN schedule;

  CREATE TABLE flow_triggers (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    flow_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('schedule', 'webhook', 'flow_event')),
    node_key text CHECK (length(node_key) BETWEEN 1 AND 64),
    is_enabled boolean NOT NULL DEFAULT true,
    config jsonb NOT NULL,
    url_key bytea,
    secret bytea,
    old_secret bytea,
    old_secret_until timestamptz,
    last_fired_at timestamptz,
    next_fire_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, flow_id) REFERENCES automation_flows (organization_id, id) ON DELETE CASCADE
  );
  CREATE INDEX flow_triggers_by_flow ON flow_triggers (organization_id, flow_id, created_at, id);

  CREATE TABLE trigger_deliveries (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    trigger_id uuid NOT NULL,
    delivery_key text CHECK (length(delivery_key) BETWEEN 1 AND 255),
    replay_of uuid,
    execution_id uuid NOT NULL,
    request jsonb NOT NULL,
    address text,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
  );
  CREATE INDEX trigger_deliveries_by_trigger ON trigger_deliveries (organization_id, trigger_id, id);
  CREATE UNIQUE INDEX trigger_deliveries_key ON trigger_deliveries (organization_id, trigger_id, delivery_key)
    WHERE delivery_key IS NOT NULL;
  CREATE INDEX trigger_deliveries_by_age ON trigger_deliveries (received_at);
  """
