import Postgres

/// Statements about organizations and their members.
enum OrganizationSQL {
  static let create = Statement(
    "create_organization",
    """
    WITH new_organization AS (
      INSERT INTO organizations (id, name) VALUES ($1, $2)
    ), new_membership AS (
      INSERT INTO memberships (organization_id, id, user_id, role) VALUES ($1, $3, $4, 'owner')
    )
    INSERT INTO user_organizations (user_id, organization_id) VALUES ($4, $1)
    """,
    [.uuid, .text, .uuid, .uuid])

  static let rename = Statement(
    "rename_organization", "UPDATE organizations SET name = $2, updated_at = now() WHERE id = $1",
    [.uuid, .text])

  static let moveSession = Statement(
    "move_session",
    """
    UPDATE sessions SET organization_id = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL \
    AND EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = $3 AND m.user_id = $1)
    """,
    [.uuid, .uuid, .uuid])

  /// Changes of who owns an organization, and of what is counted in it, are made one after the other.
  static let lockOwners = Statement(
    "lock_owners",
    """
    SELECT user_id FROM memberships WHERE organization_id = $1 AND role = 'owner' ORDER BY user_id FOR UPDATE
    """,
    [.uuid])

  static let lockUser = Statement(
    "lock_user", "SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", [.uuid])

  static let countOfUser = Statement(
    "count_organizations", "SELECT count(*) FROM user_organizations WHERE user_id = $1", [.uuid])

  static let countMembers = Statement(
    "count_members", "SELECT count(*) FROM memberships WHERE organization_id = $1", [.uuid])

  static let member = Statement(
    "member", "SELECT user_id, role FROM memberships WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  static let changeRole = Statement(
    "change_member_role",
    "UPDATE memberships SET role = $4 WHERE organization_id = $1 AND user_id = $2 AND role = $3",
    [.uuid, .uuid, .text, .text])

  static let remove = Statement(
    "remove_member", "DELETE FROM memberships WHERE organization_id = $1 AND user_id = $2 AND role = $3",
    [.uuid, .uuid, .text])

  /// What ends with a membership. Parameters: organization, user.
  static let cleanUp = [
    Statement(
      "forget_organization", "DELETE FROM user_organizations WHERE organization_id = $1 AND user_id = $2",
      [.uuid, .uuid]),
    Statement(
      "revoke_member_keys",
      """
      UPDATE api_keys SET is_active = false, updated_at = now(), previous_hash = NULL, previous_until = NULL \
      WHERE organization_id = $1 AND user_id = $2 AND is_active
      """,
      [.uuid, .uuid]),
    Statement(
      "revoke_member_invitations",
      "DELETE FROM invitations WHERE organization_id = $1 AND user_id = $2 AND accepted_at IS NULL",
      [.uuid, .uuid]),
  ]

  static let join = Statement(
    "join_organization",
    """
    WITH new_membership AS (
      INSERT INTO memberships (organization_id, id, user_id, role) VALUES ($1, $2, $3, $4)
      ON CONFLICT (organization_id, user_id) DO NOTHING RETURNING organization_id, user_id
    )
    INSERT INTO user_organizations (user_id, organization_id) SELECT user_id, organization_id \
    FROM new_membership RETURNING user_id
    """,
    [.uuid, .uuid, .uuid, .text])
}
