/// Avatars that the Studio keeps, and the stored files that are to be deleted.
let migration0014Avatars = """
  ALTER TABLE users ADD COLUMN avatar_key text;
  CREATE TABLE file_removals (
    user_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) <= 200),
    due_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
  );
  CREATE INDEX file_removals_due ON file_removals (due_at);
  """
