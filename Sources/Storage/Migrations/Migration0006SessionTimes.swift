/// When a session was last used and when it ends, beside the tokens that say so: lists read them.
let migration0006SessionTimes = """
  ALTER TABLE sessions
    ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now();
  UPDATE sessions s SET last_used_at = t.used, expires_at = t.expires FROM (
    SELECT user_id, session_id, max(created_at) AS used, max(expires_at) AS expires FROM session_tokens
    GROUP BY user_id, session_id) t
  WHERE s.user_id = t.user_id AND s.id = t.session_id;
  """
