/// Calls of an account that its processes have been given, of each documented limit of its service; and what
/// the service told one of them. `starts` are microseconds since 1970. Rows change often: half a page is left
/// free for their next versions.
let migration0034CallPaces = """
  CREATE TABLE call_paces (
    organization_id uuid NOT NULL,
    integration_id uuid NOT NULL,
    starts bigint[] NOT NULL DEFAULT '{}',
    counts integer[] NOT NULL DEFAULT '{}',
    granted integer NOT NULL DEFAULT 0,
    blocked_until timestamptz,
    remaining integer,
    resets_at timestamptz,
    told_at timestamptz,
    PRIMARY KEY (organization_id, integration_id),
    FOREIGN KEY (organization_id, integration_id) REFERENCES integrations (organization_id, id) ON DELETE CASCADE
  ) WITH (fillfactor = 50);
  """
