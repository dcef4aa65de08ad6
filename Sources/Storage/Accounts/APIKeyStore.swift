import Flows
import Postgres

/// What the server writes about API keys, and how it knows one.
public struct APIKeyStore: Sendable {
  /// Keys of one organization that work.
  public static let maximumKeys = 100

  let database: Database

  public init(_ database: Database) { self.database = database }

  public struct NewKey: Sendable {
    public var id: Identifier
    public var userID: Identifier
    public var name: String
    /// In lower case.
    public var role: String
    /// A JSON list of scopes.
    public var scopes: String
    /// Microseconds since 1970; nil for never.
    public var expiresAt: Int64?

    public init(
      id: Identifier, userID: Identifier, name: String, role: String, scopes: String, expiresAt: Int64?
    ) {
      self.id = id
      self.userID = userID
      self.name = name
      self.role = role
      self.scopes = scopes
      self.expiresAt = expiresAt
    }
  }

  /// A key's secret as it is stored: its hash, and what people recognize it by.
  public struct Secret: Sendable {
    public var hash: [UInt8]
    public var hint: String

    public init(hash: [UInt8], hint: String) {
      self.hash = hash
      self.hint = hint
    }
  }

  /// A key that works, with the roles that bound it; both in lower case.
  public struct FoundKey: Sendable {
    public var userID: Identifier
    public var role: String
    /// The role of the user who created it, now.
    public var creatorRole: String
    /// A JSON list of scopes.
    public var scopes: [UInt8]
    /// Microseconds since 1970; nil for never.
    public var expiresAt: Int64?
    public var hash: [UInt8]
    /// Of the key before the last rotation, as long as it counts.
    public var previousHash: [UInt8]?
    /// Whether its last use is not yet stored to the minute.
    public var isUseDue: Bool
  }

  /// - Throws: `StorageError.past(field: "expiresAt")`, `.full(field: "apiKeys", …)`.
  public func create(_ key: NewKey, _ secret: Secret, in organization: Identifier) async throws {
    try await database.transaction { transaction in
      // Two at once must not pass the bound together.
      try await transaction.execute(OrganizationSQL.lockOwners, Parameters { $0.uuid(organization.uuid) })
      let bounds = Parameters {
        $0.uuid(organization.uuid)
        $0.timestamptz(microseconds: key.expiresAt)
      }
      let rows = try await transaction.query(APIKeySQL.bounds, bounds)
      guard rows.bool(0, 1) == true else { throw StorageError.past(field: "expiresAt") }
      guard rows.int(0, 0) ?? 0 < APIKeyStore.maximumKeys else {
        throw StorageError.full(field: "apiKeys", maximum: APIKeyStore.maximumKeys)
      }
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(key.id.uuid)
        $0.uuid(key.userID.uuid)
        $0.text(key.name)
        $0.text(secret.hint)
        $0.text(key.role)
        $0.jsonb(key.scopes)
        $0.bytea(secret.hash)
        $0.timestamptz(microseconds: key.expiresAt)
      }
      try await transaction.execute(APIKeySQL.insert, parameters)
    }
  }

  /// Gives a key that works another secret.
  /// - Throws: `StorageError.notFound`.
  public func rotate(
    _ id: Identifier, to secret: Secret, graceSeconds: Int, in organization: Identifier
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.bytea(secret.hash)
      $0.text(secret.hint)
      $0.int8(Int64(graceSeconds))
    }
    guard try await database.execute(APIKeySQL.rotate, parameters).affectedRows == 1 else {
      throw StorageError.notFound
    }
  }

  /// - Throws: `StorageError.notFound` when there is no such key that was not revoked.
  public func revoke(_ id: Identifier, in organization: Identifier) async throws {
    let parameters = keyParameters(organization, [id])
    guard try await database.execute(APIKeySQL.revoke, parameters).affectedRows == 1 else {
      throw StorageError.notFound
    }
  }

  /// A key that was neither revoked nor is over, of somebody who is still a member.
  public func find(_ id: Identifier, in organization: Identifier) async throws -> FoundKey? {
    let rows = try await database.query(APIKeySQL.find, keyParameters(organization, [id]))
    guard rows.rowCount == 1, let user = rows.uuid(0, 0), let role = rows.string(0, 1),
      let creatorRole = rows.string(0, 2), let scopes = rows.jsonBytes(0, 3), let hash = rows.byteArray(0, 5)
    else { return nil }
    return FoundKey(
      userID: user.identifier, role: role, creatorRole: creatorRole, scopes: Array(scopes),
      expiresAt: rows.microseconds(0, 4), hash: hash, previousHash: rows.byteArray(0, 6),
      isUseDue: rows.bool(0, 7) ?? false)
  }

  /// Stores that a key is used now; once a minute, whoever calls how often.
  public func noteUse(of id: Identifier, in organization: Identifier) async throws {
    try await database.execute(APIKeySQL.noteUse, keyParameters(organization, [id]))
  }
}

/// The statements of `APIKeyStore`.
enum APIKeySQL {
  static let bounds = Statement(
    "api_key_bounds",
    """
    SELECT count(*), $2::timestamptz IS NULL OR $2 > now() FROM api_keys WHERE organization_id = $1 \
    AND is_active AND (expires_at IS NULL OR expires_at > now())
    """,
    [.uuid, .timestamptz])

  static let insert = Statement(
    "insert_api_key",
    """
    INSERT INTO api_keys (organization_id, id, user_id, name, hint, role, scopes, key_hash, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """,
    [.uuid, .uuid, .uuid, .text, .text, .text, .jsonb, .bytea, .timestamptz])

  static let rotate = Statement(
    "rotate_api_key",
    """
    UPDATE api_keys SET key_hash = $3, hint = $4, updated_at = now(), \
    previous_hash = CASE WHEN $5 > 0 THEN key_hash END, \
    previous_until = CASE WHEN $5 > 0 THEN now() + $5 * interval '1 second' END \
    WHERE organization_id = $1 AND id = $2 AND is_active AND (expires_at IS NULL OR expires_at > now())
    """,
    [.uuid, .uuid, .bytea, .text, .int8])

  static let revoke = Statement(
    "revoke_api_key",
    """
    UPDATE api_keys SET is_active = false, updated_at = now(), previous_hash = NULL, previous_until = NULL \
    WHERE organization_id = $1 AND id = ANY($2) AND is_active
    """,
    [.uuid, .uuidArray])

  static let find = Statement(
    "find_api_key",
    """
    SELECT k.user_id, k.role, m.role, k.scopes, k.expires_at, k.key_hash, \
    CASE WHEN k.previous_until > now() THEN k.previous_hash END, \
    k.last_used IS NULL OR k.last_used < now() - interval '1 minute' \
    FROM api_keys k JOIN memberships m ON m.organization_id = k.organization_id AND m.user_id = k.user_id \
    WHERE k.organization_id = $1 AND k.id = ANY($2) AND k.is_active \
    AND (k.expires_at IS NULL OR k.expires_at > now())
    """,
    [.uuid, .uuidArray])

  static let noteUse = Statement(
    "note_api_key_use",
    """
    UPDATE api_keys SET last_used = now() WHERE organization_id = $1 AND id = ANY($2) \
    AND (last_used IS NULL OR last_used < now() - interval '1 minute')
    """,
    [.uuid, .uuidArray])
}
