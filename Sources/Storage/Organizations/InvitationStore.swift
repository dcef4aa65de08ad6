import Flows
import Postgres

/// What the server writes about invitations.
public struct InvitationStore: Sendable {
  /// Invitations of one organization that wait for an answer.
  public static let maximumInvitations = 200

  let database: Database

  public init(_ database: Database) { self.database = database }

  public struct NewInvitation: Sendable {
    public var id: Identifier
    /// Who invites.
    public var userID: Identifier
    public var email: String
    /// In lower case.
    public var role: String
    public var tokenHash: [UInt8]
    /// From now, by Postgres's clock.
    public var lifetimeSeconds: Int

    public init(
      id: Identifier, userID: Identifier, email: String, role: String, tokenHash: [UInt8],
      lifetimeSeconds: Int
    ) {
      self.id = id
      self.userID = userID
      self.email = email
      self.role = role
      self.tokenHash = tokenHash
      self.lifetimeSeconds = lifetimeSeconds
    }
  }

  /// Invites an address; an invitation of the same address that waits is replaced.
  /// - Throws: `StorageError.taken(field: "email")` when a member has the address, `.full`.
  public func invite(_ invitation: NewInvitation, to organization: Identifier) async throws {
    try await database.transaction { transaction in
      try await transaction.execute(OrganizationSQL.lockOwners, Parameters { $0.uuid(organization.uuid) })
      let address = Parameters {
        $0.uuid(organization.uuid)
        $0.text(invitation.email)
      }
      try await transaction.execute(InvitationSQL.replace, address)
      let bounds = try await transaction.query(InvitationSQL.bounds, address)
      guard bounds.bool(0, 1) == false else { throw StorageError.taken(field: "email") }
      guard bounds.int(0, 0) ?? 0 < InvitationStore.maximumInvitations else {
        throw StorageError.full(field: "email", maximum: InvitationStore.maximumInvitations)
      }
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(invitation.id.uuid)
        $0.uuid(invitation.userID.uuid)
        $0.text(invitation.email)
        $0.text(invitation.role)
        $0.bytea(invitation.tokenHash)
        $0.int8(Int64(invitation.lifetimeSeconds))
      }
      try await transaction.execute(InvitationSQL.insert, parameters)
    }
  }

  /// Takes an invitation back that was not accepted.
  /// - Throws: `StorageError.notFound`.
  public func revoke(_ id: Identifier, in organization: Identifier) async throws {
    let parameters = keyParameters(organization, [id])
    guard try await database.execute(InvitationSQL.revoke, parameters).affectedRows == 1 else {
      throw StorageError.notFound
    }
  }

  /// Who accepts which invitation.
  public struct Acceptance: Sendable {
    public var invitation: Identifier
    public var tokenHash: [UInt8]
    public var userID: Identifier
    /// The id of the membership that comes of it.
    public var membershipID: Identifier

    public init(
      invitation: Identifier, tokenHash: [UInt8], userID: Identifier, membershipID: Identifier
    ) {
      self.invitation = invitation
      self.tokenHash = tokenHash
      self.userID = userID
      self.membershipID = membershipID
    }
  }

  /// Makes the user a member with the invitation's role.
  /// - Throws: `StorageError.notFound` when there is no such invitation that waits, or it is for another
  ///   address; `.taken(field: "membership")` when the user is a member; `.full`.
  public func accept(_ acceptance: Acceptance, in organization: Identifier) async throws {
    try await database.transaction { transaction in
      try await OrganizationStore.requireRoom(for: acceptance.userID, in: transaction)
      let organizationKey = Parameters { $0.uuid(organization.uuid) }
      try await transaction.execute(OrganizationSQL.lockOwners, organizationKey)
      let key = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(acceptance.invitation.uuid)
        $0.bytea(acceptance.tokenHash)
        $0.uuid(acceptance.userID.uuid)
      }
      let found = try await transaction.query(InvitationSQL.open, key)
      guard found.rowCount == 1, let role = found.string(0, 0) else { throw StorageError.notFound }
      let count = try await transaction.query(OrganizationSQL.countMembers, organizationKey)
      guard count.int(0, 0) ?? 0 < OrganizationStore.maximumMembers else {
        throw StorageError.full(field: "token", maximum: OrganizationStore.maximumMembers)
      }
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(acceptance.membershipID.uuid)
        $0.uuid(acceptance.userID.uuid)
        $0.text(role)
      }
      guard try await transaction.execute(OrganizationSQL.join, parameters).rowCount == 1 else {
        throw StorageError.taken(field: "membership")
      }
      try await transaction.execute(
        InvitationSQL.accept, keyParameters(organization, [acceptance.invitation]))
    }
  }
}

/// Statements about invitations.
enum InvitationSQL {
  static let replace = Statement(
    "replace_invitation",
    "DELETE FROM invitations WHERE organization_id = $1 AND lower(email) = lower($2) AND accepted_at IS NULL",
    [.uuid, .text])

  /// How many wait, and whether a member has the address.
  static let bounds = Statement(
    "invitation_bounds",
    """
    SELECT (SELECT count(*) FROM invitations WHERE organization_id = $1 AND accepted_at IS NULL \
    AND expires_at > now()), EXISTS (SELECT 1 FROM users u JOIN memberships m ON m.user_id = u.id \
    WHERE lower(u.email) = lower($2) AND m.organization_id = $1)
    """,
    [.uuid, .text])

  static let insert = Statement(
    "insert_invitation",
    """
    INSERT INTO invitations (organization_id, id, user_id, email, role, token_hash, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second')
    """,
    [.uuid, .uuid, .uuid, .text, .text, .bytea, .int8])

  static let revoke = Statement(
    "revoke_invitation",
    "DELETE FROM invitations WHERE organization_id = $1 AND id = ANY($2) AND accepted_at IS NULL",
    [.uuid, .uuidArray])

  /// The role of an invitation that waits, for the user whose address it names.
  static let open = Statement(
    "open_invitation",
    """
    SELECT i.role FROM invitations i JOIN users u ON u.id = $4 AND lower(u.email) = lower(i.email) \
    WHERE i.organization_id = $1 AND i.id = $2 AND i.token_hash = $3 AND i.accepted_at IS NULL \
    AND i.expires_at > now() FOR UPDATE OF i
    """,
    [.uuid, .uuid, .bytea, .uuid])

  static let accept = Statement(
    "accept_invitation",
    "UPDATE invitations SET accepted_at = now() WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])
}
