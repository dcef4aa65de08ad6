/// Outgoing webhooks and what is to be delivered to them.
///
/// A delivery is written by the transaction of what it tells, with the text that will be sent; so the texts
/// of ids and instants are made here. Deliveries that are not over are claimed by `due_at`: a claim moves it
/// behind the end of its lease and raises the epoch, and a result demands that epoch.
let migration0007Webhooks = """
  CREATE FUNCTION studio_type_id(prefix text, id uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT prefix || '_' || string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', 1 + substring(
      B'00' || ('x' || replace(id::text, '-', ''))::bit(128) FROM 5 * place + 1 FOR 5)::bit(5)::int, 1), ''
      ORDER BY place) FROM generate_series(0, 25) place
  $$;
  CREATE FUNCTION studio_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT overlay(overlay(replace(gen_random_uuid()::text, '-', '') PLACING lpad(to_hex(
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') FROM 1 FOR 12)
      PLACING '7' FROM 13 FOR 1)::uuid
  $$;
  CREATE FUNCTION studio_instant(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  $$;

  CREATE TABLE webhooks (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    user_id uuid,
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 200),
    event_types jsonb NOT NULL,
    secret bytea NOT NULL,
    old_secret bytea,
    old_secret_until timestamptz,
    is_active boolean NOT NULL DEFAULT true,
    disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
    failing_since timestamptz,
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
  );

  CREATE TABLE webhook_deliveries (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    event_type text NOT NULL,
    payload jsonb NOT NULL,
    status text NOT NULL DEFAULT 'pending'
      CHECK (status IN ('pending', 'sending', 'delivered', 'failed', 'cancelled')),
    due_at timestamptz DEFAULT now(),
    epoch bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    round integer NOT NULL DEFAULT 0,
    attempted_at timestamptz,
    response_status integer,
    response_excerpt text,
    error text,
    duration integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, webhook_id) REFERENCES webhooks (organization_id, id) ON DELETE CASCADE
  );
  CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (organization_id, webhook_id, id);
  CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE status IN ('pending', 'sending');
  CREATE INDEX webhook_deliveries_over ON webhook_deliveries (finished_at) WHERE finished_at IS NOT NULL;
  """
