/// Who did what to which object, and from where. Rows are only ever added; partitioned like the logs of runs,
/// so that old months can be dropped. They outlive what they are about: no foreign keys.
let migration0013AuditEvents = """
  CREATE TABLE audit_events (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    user_id uuid,
    api_key_id uuid,
    action text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('success', 'failure')),
    object_type text,
    object_id text,
    before jsonb,
    after jsonb,
    address text,
    user_agent text,
    request_id text,
    PRIMARY KEY (organization_id, id)
  ) PARTITION BY RANGE (id);
  CREATE INDEX audit_events_by_object ON audit_events (organization_id, object_id, id);
  CREATE INDEX audit_events_by_user ON audit_events (organization_id, user_id, id);
  CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT;
  """
