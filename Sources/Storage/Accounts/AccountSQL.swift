import Postgres

/// The statements of `AccountStore`.
enum AccountSQL {
  static let register = Statement(
    "register",
    """
    WITH new_user AS (
      INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4)
    ), new_organization AS (
      INSERT INTO organizations (id, name) VALUES ($5, $3)
    ), new_membership AS (
      INSERT INTO memberships (organization_id, id, user_id, role) VALUES ($5, $5, $1, 'owner')
    )
    INSERT INTO user_organizations (user_id, organization_id) VALUES ($1, $5)
    """,
    [.uuid, .text, .text, .text, .uuid])

  static let credentials = Statement(
    "credentials", "SELECT id, password_hash FROM users WHERE lower(email) = lower($1)", [.text])

  static let membership = Statement(
    "membership",
    """
    SELECT m.organization_id, m.role FROM user_organizations d \
    JOIN memberships m ON m.organization_id = d.organization_id AND m.user_id = d.user_id \
    WHERE d.user_id = $1 AND ($2::uuid IS NULL OR d.organization_id = $2) \
    ORDER BY d.created_at, d.organization_id LIMIT 1
    """,
    [.uuid, .uuid])

  static let owner = Statement(
    "organization_owner",
    """
    SELECT user_id FROM memberships WHERE organization_id = $1 AND role = 'owner' \
    ORDER BY created_at, user_id LIMIT 1
    """,
    [.uuid])

  static let openSession = Statement(
    "open_session", "INSERT INTO sessions (user_id, id, organization_id) VALUES ($1, $2, $3)",
    [.uuid, .uuid, .uuid])

  /// A session lives as long as its newest token.
  static let insertToken = Statement(
    "insert_token",
    """
    WITH used AS (
      UPDATE sessions SET last_used_at = now(), expires_at = now() + $5 * interval '1 second'
      WHERE user_id = $1 AND id = $3
    )
    INSERT INTO session_tokens (user_id, id, session_id, token_hash, expires_at) \
    VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')
    """,
    [.uuid, .uuid, .uuid, .bytea, .int8])

  /// Locks the session first, so that two uses of one family are decided one after the other.
  static let lockToken = Statement(
    "lock_token",
    """
    SELECT s.id, s.organization_id, t.expires_at > now() AND s.revoked_at IS NULL, t.used_at IS NOT NULL \
    FROM session_tokens t JOIN sessions s ON s.user_id = t.user_id AND s.id = t.session_id \
    WHERE t.user_id = $1 AND t.id = $2 AND t.token_hash = $3 FOR UPDATE
    """,
    [.uuid, .uuid, .bytea])

  static let useToken = Statement(
    "use_token",
    "UPDATE session_tokens SET used_at = now() WHERE user_id = $1 AND id = $2 AND token_hash = $3",
    [.uuid, .uuid, .bytea])

  static let revokeSession = Statement(
    "revoke_session",
    "UPDATE sessions SET revoked_at = now() WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL",
    [.uuid, .uuid])

  static let revokeByToken = Statement(
    "revoke_by_token",
    """
    UPDATE sessions s SET revoked_at = now() FROM session_tokens t \
    WHERE t.user_id = $1 AND t.id = $2 AND t.token_hash = $3 \
    AND s.user_id = t.user_id AND s.id = t.session_id AND s.revoked_at IS NULL \
    RETURNING s.id, s.organization_id
    """,
    [.uuid, .uuid, .bytea])

  static let revokeOthers = Statement(
    "revoke_other_sessions",
    """
    UPDATE sessions SET revoked_at = now() \
    WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL AND expires_at > now()
    """,
    [.uuid, .uuid])

  static let passwordHash = Statement(
    "password_hash", "SELECT password_hash FROM users WHERE id = $1", [.uuid])

  static let changePassword = Statement(
    "change_password",
    "UPDATE users SET password_hash = $3, updated_at = now() WHERE id = $1 AND password_hash = $2",
    [.uuid, .text, .text])

  static let updateProfile = Statement(
    "update_profile",
    """
    WITH former AS (
      SELECT id, avatar_key FROM users WHERE id = $1 FOR UPDATE
    ), discarded AS (
      INSERT INTO file_removals (user_id, key) SELECT id, avatar_key FROM former \
    WHERE $3 AND avatar_key IS NOT NULL ON CONFLICT (user_id, key) DO UPDATE SET due_at = now()
    )
    UPDATE users u SET name = coalesce($2, name), avatar_url = CASE WHEN $3 THEN $4 ELSE avatar_url END, \
    avatar_key = CASE WHEN NOT $3 THEN u.avatar_key END, updated_at = now() FROM former WHERE u.id = former.id
    """,
    [.uuid, .text, .bool, .text])

  static let setTheme = Statement(
    "set_theme", "UPDATE users SET theme = $2, updated_at = now() WHERE id = $1", [.uuid, .text])

  /// Members that are given replace those of the same name; nulls are not kept.
  static let setPreferences = Statement(
    "set_preferences",
    """
    UPDATE users SET preferences = jsonb_strip_nulls(preferences - 'values' || ($2::jsonb - 'values')) || \
    jsonb_build_object('values', coalesce($2::jsonb -> 'values', preferences -> 'values', '{}')), \
    updated_at = now() WHERE id = $1
    """,
    [.uuid, .jsonb])

  static let preferences = Statement(
    "preferences",
    """
    SELECT preferences ->> 'language', preferences ->> 'timeZone', coalesce(preferences -> 'values', '{}') \
    FROM users WHERE id = $1
    """,
    [.uuid])

  static let timeZone = Statement(
    "time_zone", "SELECT count(*) FROM pg_timezone_names WHERE name = $1", [.text])
}
