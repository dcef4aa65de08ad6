import Flows
import Postgres

/// What the server writes about organizations and their members.
public struct OrganizationStore: Sendable {
  /// Organizations of one user.
  public static let maximumOrganizations = 100
  /// Members of one organization.
  public static let maximumMembers = 500

  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A user's place in an organization; the role is in lower case.
  public struct Member: Sendable, Equatable {
    public var userID: Identifier
    public var role: String

    public init(userID: Identifier, role: String) {
      self.userID = userID
      self.role = role
    }
  }

  // MARK: Organizations

  /// Creates an organization that the user owns.
  /// - Throws: `StorageError.full(field: "organizations", …)`.
  public func create(
    _ organization: Identifier, named name: String, membership: Identifier, owner user: Identifier
  ) async throws {
    try await database.transaction { transaction in
      try await OrganizationStore.requireRoom(for: user, in: transaction)
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.text(name)
        $0.uuid(membership.uuid)
        $0.uuid(user.uuid)
      }
      try await transaction.execute(OrganizationSQL.create, parameters)
    }
  }

  /// - Throws: `StorageError.notFound`.
  public func rename(_ organization: Identifier, to name: String) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.text(name)
    }
    guard try await database.execute(OrganizationSQL.rename, parameters).affectedRows == 1 else {
      throw StorageError.notFound
    }
  }

  /// Lets the tokens of a session be for another organization of its user.
  /// - Throws: `StorageError.notFound` when the session is over or the user is not a member.
  public func moveSession(
    _ session: Identifier, of user: Identifier, to organization: Identifier
  ) async throws {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.uuid(session.uuid)
      $0.uuid(organization.uuid)
    }
    guard try await database.execute(OrganizationSQL.moveSession, parameters).affectedRows == 1 else {
      throw StorageError.notFound
    }
  }

  // MARK: Members

  /// The member with a membership's id.
  public func member(_ id: Identifier, in organization: Identifier) async throws -> Member? {
    let rows = try await database.query(OrganizationSQL.member, keyParameters(organization, [id]))
    guard rows.rowCount == 1, let user = rows.uuid(0, 0), let role = rows.string(0, 1) else { return nil }
    return Member(userID: user.identifier, role: role)
  }

  /// Gives a member another role, if theirs is still the one that the caller knows.
  /// - Throws: `StorageError.notFound`, `.lastOwner`.
  public func changeRole(
    of member: Member, to role: String, in organization: Identifier
  ) async throws {
    try await database.transaction { transaction in
      let others = try await otherOwners(than: member, organization, in: transaction)
      if member.role == "owner", role != "owner", others == 0 { throw StorageError.lastOwner }
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(member.userID.uuid)
        $0.text(member.role)
        $0.text(role)
      }
      guard try await transaction.execute(OrganizationSQL.changeRole, parameters).affectedRows == 1 else {
        throw StorageError.notFound
      }
    }
  }

  /// Ends a membership, if its role is still the one that the caller knows. The user's API keys and open
  /// invitations end with it.
  /// - Throws: `StorageError.notFound`, `.lastOwner`.
  public func remove(_ member: Member, from organization: Identifier) async throws {
    try await database.transaction { transaction in
      let others = try await otherOwners(than: member, organization, in: transaction)
      if member.role == "owner", others == 0 { throw StorageError.lastOwner }
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(member.userID.uuid)
        $0.text(member.role)
      }
      guard try await transaction.execute(OrganizationSQL.remove, parameters).affectedRows == 1 else {
        throw StorageError.notFound
      }
      let pair = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(member.userID.uuid)
      }
      for statement in OrganizationSQL.cleanUp { try await transaction.execute(statement, pair) }
    }
  }

  /// How many owners there are beside a member. An organization always has one: owners go one after the
  /// other.
  private nonisolated(nonsending) func otherOwners(
    than member: Member, _ organization: Identifier, in transaction: Transaction
  ) async throws -> Int {
    let owners = try await transaction.execute(
      OrganizationSQL.lockOwners, Parameters { $0.uuid(organization.uuid) })
    return (0..<owners.rowCount).count { owners.uuid($0, 0)?.identifier != member.userID }
  }

  /// Locks the user, so that two at once do not pass the bound together.
  static nonisolated(nonsending) func requireRoom(
    for user: Identifier, in transaction: Transaction
  ) async throws {
    let key = Parameters { $0.uuid(user.uuid) }
    try await transaction.execute(OrganizationSQL.lockUser, key)
    let count = try await transaction.query(OrganizationSQL.countOfUser, key)
    guard count.int(0, 0) ?? 0 < maximumOrganizations else {
      throw StorageError.full(field: "organizations", maximum: maximumOrganizations)
    }
  }
}
