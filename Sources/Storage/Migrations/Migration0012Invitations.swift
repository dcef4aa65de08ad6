/// Memberships get ids, and people are invited: a row for each invitation, with the hash of its token.
let migration0012Invitations = """
  ALTER TABLE memberships
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD CONSTRAINT memberships_id_key UNIQUE (organization_id, id);

  CREATE TABLE invitations (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (length(email) <= 254),
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'operator', 'viewer')),
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
  );
  CREATE UNIQUE INDEX invitations_open_key ON invitations (organization_id, lower(email))
    WHERE accepted_at IS NULL;
  CREATE INDEX invitations_by_user ON invitations (organization_id, user_id);
  CREATE INDEX api_keys_by_user ON api_keys (organization_id, user_id);
  """
