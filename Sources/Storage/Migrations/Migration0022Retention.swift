/// How long an organization keeps its runs and its audit log, where that is not the server's default; and who
/// does work that one process at a time may do, under a lease by Postgres's clock.
///
/// Null is the server's default, 0 for ever.
let migration0022Retention = """
  CREATE TABLE organization_retention (
    organization_id uuid PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    run_days integer CHECK (run_days BETWEEN 0 AND 36500),
    run_count integer CHECK (run_count BETWEEN 0 AND 1000000000),
    audit_days integer CHECK (audit_days BETWEEN 0 AND 36500),
    updated_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE upkeep_leases (
    name text PRIMARY KEY,
    owner uuid NOT NULL,
    lease_until timestamptz NOT NULL
  );
  """
