/// The instants of schedules: the next one of each waits, those before it say what became of them.
///
/// The key makes an instant of a schedule one row, so that two servers never fire it twice.
let migration0019Schedules = """
  CREATE TABLE trigger_fires (
    organization_id uuid NOT NULL,
    trigger_id uuid NOT NULL,
    fire_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'fired', 'skipped', 'missed')),
    is_queued boolean NOT NULL DEFAULT false,
    execution_id uuid,
    is_open boolean NOT NULL DEFAULT false,
    settled_at timestamptz,
    PRIMARY KEY (organization_id, trigger_id, fire_at),
    FOREIGN KEY (organization_id, trigger_id) REFERENCES flow_triggers (organization_id, id) ON DELETE CASCADE
  );
  CREATE INDEX trigger_fires_due ON trigger_fires (due_at) WHERE status = 'waiting';
  CREATE INDEX trigger_fires_open ON trigger_fires (organization_id, trigger_id) WHERE is_open;
  CREATE INDEX trigger_fires_settled ON trigger_fires (settled_at) WHERE settled_at IS NOT NULL;
  """
