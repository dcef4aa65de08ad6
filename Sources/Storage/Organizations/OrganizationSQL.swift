import Postgres

/// Statements about organizations and their members.
enum OrganizationSQL {
  /// Changes of who owns an organization, and of what is counted in it, are made one after the other.
  static let lockOwners = Statement(
    "lock_owners",
    """
    SELECT user_id FROM memberships WHERE organization_id = $1 AND role = 'owner' ORDER BY user_id FOR UPDATE
    """,
    [.uuid])
}
