import Flows
import Postgres

/// What the server writes about people, organizations and sessions.
public struct AccountStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A new account: a user, the personal organization and its membership.
  public struct NewAccount: Sendable {
    public var userID: Identifier
    public var organizationID: Identifier
    public var email: String
    public var name: String
    public var passwordHash: String

    public init(
      userID: Identifier, organizationID: Identifier, email: String, name: String, passwordHash: String
    ) {
      self.userID = userID
      self.organizationID = organizationID
      self.email = email
      self.name = name
      self.passwordHash = passwordHash
    }
  }

  /// A refresh token as it is stored: its hash, never its text.
  public struct NewToken: Sendable {
    public var id: Identifier
    public var hash: [UInt8]
    /// From now, by Postgres's clock.
    public var lifetimeSeconds: Int

    public init(id: Identifier, hash: [UInt8], lifetimeSeconds: Int) {
      self.id = id
      self.hash = hash
      self.lifetimeSeconds = lifetimeSeconds
    }
  }

  /// Who a session is for.
  public struct Session: Sendable, Equatable {
    public var userID: Identifier
    public var id: Identifier
    public var organizationID: Identifier

    public init(userID: Identifier, id: Identifier, organizationID: Identifier) {
      self.userID = userID
      self.id = id
      self.organizationID = organizationID
    }
  }

  /// A user as the login needs it.
  public struct Credentials: Sendable {
    public var userID: Identifier
    /// nil for accounts without a password.
    public var passwordHash: String?
  }

  /// Creates user, organization, membership, session and token, or nothing.
  /// - Throws: `StorageError.taken(field: "email")`.
  public func register(_ account: NewAccount, session: Session, token: NewToken) async throws {
    do {
      try await database.transaction { transaction in
        let parameters = Parameters {
          $0.uuid(account.userID.uuid)
          $0.text(account.email)
          $0.text(account.name)
          $0.text(account.passwordHash)
          $0.uuid(account.organizationID.uuid)
        }
        try await transaction.execute(AccountSQL.register, parameters)
        try await open(session, token, in: transaction)
      }
    } catch let error as PostgresError where error.isUniqueViolation {
      throw StorageError.taken(field: "email")
    }
  }

  /// The user with an address, without regard to case.
  public func credentials(email: String) async throws -> Credentials? {
    let rows = try await database.query(AccountSQL.credentials, Parameters { $0.text(email) })
    guard rows.rowCount == 1, let id = rows.uuid(0, 0) else { return nil }
    return Credentials(userID: id.identifier, passwordHash: rows.string(0, 1))
  }

  /// The user's membership in an organization, or the oldest one; nil when there is none.
  public func membership(of user: Identifier, in organization: Identifier?) async throws -> Membership? {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.uuid(organization?.uuid)
    }
    let rows = try await database.query(AccountSQL.membership, parameters)
    guard rows.rowCount == 1, let id = rows.uuid(0, 0), let role = rows.string(0, 1) else { return nil }
    return Membership(organizationID: id.identifier, role: role)
  }

  /// The oldest owner of an organization; nil when there is no such organization.
  public func owner(of organization: Identifier) async throws -> Identifier? {
    let rows = try await database.query(AccountSQL.owner, Parameters { $0.uuid(organization.uuid) })
    return rows.rowCount == 1 ? rows.uuid(0, 0)?.identifier : nil
  }

  /// A user's place in an organization; the role is in lower case.
  public struct Membership: Sendable, Equatable {
    public var organizationID: Identifier
    public var role: String
  }

  /// Opens a session with its first refresh token.
  public func open(_ session: Session, token: NewToken) async throws {
    try await database.transaction { try await open(session, token, in: $0) }
  }

  private nonisolated(nonsending) func open(
    _ session: Session, _ token: NewToken, in transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(session.userID.uuid)
      $0.uuid(session.id.uuid)
      $0.uuid(session.organizationID.uuid)
    }
    try await transaction.execute(AccountSQL.openSession, parameters)
    try await insert(token, of: session, in: transaction)
  }

  private nonisolated(nonsending) func insert(
    _ token: NewToken, of session: Session, in transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(session.userID.uuid)
      $0.uuid(token.id.uuid)
      $0.uuid(session.id.uuid)
      $0.bytea(token.hash)
      $0.int8(Int64(token.lifetimeSeconds))
    }
    try await transaction.execute(AccountSQL.insertToken, parameters)
  }

  /// What became of a refresh token that was presented.
  public enum Rotation: Sendable, Equatable {
    case rotated(Session)
    /// It was used before: the whole session is revoked now.
    case reused
    /// Unknown, expired or of a revoked session.
    case refused
  }

  /// Marks a token as used and stores its successor, in one transaction.
  ///
  /// Reuse of an old token revokes its session: whoever holds the successor loses it too (RFC 9700 § 4.14.2).
  public func rotate(
    user: Identifier, token: Identifier, hash: [UInt8], successor: NewToken
  ) async throws -> Rotation {
    try await database.transaction { transaction in
      let key = Parameters {
        $0.uuid(user.uuid)
        $0.uuid(token.uuid)
        $0.bytea(hash)
      }
      let rows = try await transaction.query(AccountSQL.lockToken, key)
      guard rows.rowCount == 1, let session = rows.uuid(0, 0), let organization = rows.uuid(0, 1),
        let isLive = rows.bool(0, 2), let isUsed = rows.bool(0, 3)
      else { return .refused }
      let owner = Session(
        userID: user, id: session.identifier, organizationID: organization.identifier)
      if isUsed {
        try await transaction.execute(AccountSQL.revokeSession, AccountStore.parameters(of: owner))
        return .reused
      }
      guard isLive else { return .refused }
      try await transaction.execute(AccountSQL.useToken, key)
      try await insert(successor, of: owner, in: transaction)
      return .rotated(owner)
    }
  }

  /// Revokes the session of a token, if there is one to revoke.
  public func revokeSession(user: Identifier, token: Identifier, hash: [UInt8]) async throws -> Session? {
    let parameters = Parameters {
      $0.uuid(user.uuid)
      $0.uuid(token.uuid)
      $0.bytea(hash)
    }
    let rows = try await database.execute(AccountSQL.revokeByToken, parameters)
    guard rows.rowCount == 1, let session = rows.uuid(0, 0), let organization = rows.uuid(0, 1) else {
      return nil
    }
    return Session(userID: user, id: session.identifier, organizationID: organization.identifier)
  }

  private static func parameters(of session: Session) -> Parameters {
    Parameters {
      $0.uuid(session.userID.uuid)
      $0.uuid(session.id.uuid)
    }
  }
}
