import Flows
import Postgres

/// Users as another member may see them.
public enum UserReads {
  /// Users with the given ids who are members of the organization. Result: the columns, with the id
  /// at `keyColumn`.
  /// Parameters: organization, ids.
  public static func rows(_ columns: [UserColumn], label: String) -> Statement {
    let sql = """
      SELECT \(TableReads<UserColumn>.list(TableReads.with(columns, .id))) FROM users t WHERE t.id = ANY($2) AND EXISTS (\
      SELECT 1 FROM memberships m WHERE m.organization_id = $1 AND m.user_id = t.id)
      """
    return Statement(label, sql, [.uuid, .uuidArray])
  }
}

/// Organizations as a member may see them.
public enum OrganizationReads {
  /// Organizations with the given ids of which the user is a member. Result: the columns, with the id
  /// at `keyColumn`.
  /// Parameters: user, ids.
  public static func rows(_ columns: [OrganizationColumn], label: String) -> Statement {
    let sql = """
      SELECT \(TableReads<OrganizationColumn>.list(TableReads.with(columns, .id))) FROM organizations t \
      WHERE t.id = ANY($2) AND EXISTS (\
      SELECT 1 FROM user_organizations d WHERE d.user_id = $1 AND d.organization_id = t.id)
      """
    return Statement(label, sql, [.uuid, .uuidArray])
  }

  /// The user's organizations, the oldest membership first, at most 100. Result: the columns. Parameters:
  /// user.
  public static func own(_ columns: [OrganizationColumn], label: String) -> Statement {
    let sql = """
      SELECT \(TableReads<OrganizationColumn>.list(columns)) FROM user_organizations d \
      JOIN organizations t ON t.id = d.organization_id \
      WHERE d.user_id = $1 ORDER BY d.created_at, d.organization_id LIMIT 100
      """
    return Statement(label, sql, [.uuid])
  }

  /// The user's memberships, the oldest first, at most 100. Result: the columns. Parameters: user.
  public static func memberships(_ columns: [MembershipColumn], label: String) -> Statement {
    let sql = """
      SELECT \(TableReads<MembershipColumn>.list(columns)) FROM user_organizations d \
      JOIN memberships t ON t.organization_id = d.organization_id AND t.user_id = d.user_id \
      WHERE d.user_id = $1 ORDER BY d.created_at, d.organization_id LIMIT 100
      """
    return Statement(label, sql, [.uuid])
  }
}
