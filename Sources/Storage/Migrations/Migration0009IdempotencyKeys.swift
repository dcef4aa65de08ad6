/// The keys under which mutations were executed, with their answers, for a day.
let migration0009IdempotencyKeys = """
  CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    mutation text NOT NULL,
    input_hash text NOT NULL,
    answer bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, user_id, key)
  );
  CREATE INDEX idempotency_keys_over ON idempotency_keys (expires_at);
  """
