/// Keys with which programs act for an organization: hashes, never the keys. The key before the last rotation
/// counts until its time is over.
let migration0008APIKeys = """
  CREATE TABLE api_keys (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    hint text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'operator', 'viewer')),
    scopes jsonb NOT NULL DEFAULT '[]',
    key_hash bytea NOT NULL,
    previous_hash bytea,
    previous_until timestamptz,
    is_active boolean NOT NULL DEFAULT true,
    last_used timestamptz,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT api_keys_hash_key UNIQUE (organization_id, key_hash)
  );
  """
