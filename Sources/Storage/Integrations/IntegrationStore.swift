import Flows
import Postgres

/// What the server writes about integrations.
public struct IntegrationStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  public struct NewIntegration: Sendable {
    public var id: Identifier
    public var userID: Identifier
    public var name: String
    public var category: String
    public var type: String
    /// Encrypted under the master key.
    public var credentials: [UInt8]
    /// A JSON list of strings.
    public var capabilities: String
    /// Why somebody must connect the account first; nil when nobody must.
    public var attention: String?

    public init(
      id: Identifier, userID: Identifier, name: String, category: String, type: String,
      credentials: [UInt8], capabilities: String
    ) {
      self.id = id
      self.userID = userID
      self.name = name
      self.category = category
      self.type = type
      self.credentials = credentials
      self.capabilities = capabilities
    }
  }

  /// What an update changes; nil leaves it.
  public struct Change: Sendable {
    public var name: String?
    public var credentials: [UInt8]?
    public var expectedRevision: Int?
    /// With new credentials: why somebody must connect the account first; nil when nobody must.
    public var attention: String?

    public init(name: String?, credentials: [UInt8]?, expectedRevision: Int?) {
      self.name = name
      self.credentials = credentials
      self.expectedRevision = expectedRevision
    }
  }

  /// - Throws: `StorageError.taken(field: "name")`.
  public func create(_ integration: NewIntegration, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(integration.id.uuid)
      $0.uuid(integration.userID.uuid)
      $0.text(integration.name)
      $0.text(integration.category)
      $0.text(integration.type)
      $0.bytea(integration.credentials)
      $0.jsonb(integration.capabilities)
      $0.text(integration.attention)
    }
    try await mappingNames {
      try await database.transaction { transaction in
        let rows = try await transaction.execute(IntegrationStore.insert, parameters)
        WebhookOutbox.tell(.created, integration: integration.id, in: organization, transaction)
        return rows
      }
    }
  }

  /// - Throws: `StorageError.notFound`, `.revisionConflict`, `.taken(field: "name")`.
  public func update(_ id: Identifier, _ change: Change, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.text(change.name)
      $0.bytea(change.credentials)
      $0.int4(change.expectedRevision.map { Int32(clamping: $0) })
      $0.text(change.attention)
    }
    let rows = try await mappingNames {
      try await database.transaction { transaction in
        let rows = try await transaction.execute(IntegrationStore.update, parameters)
        if rows.rowCount == 1 {
          WebhookOutbox.tell(.updated, integration: id, in: organization, transaction)
        }
        return rows
      }
    }
    if rows.rowCount == 1 { return }
    throw StorageError.notUpdated(
      try await database.query(IntegrationStore.revision, keyParameters(organization, [id])))
  }

  /// The type of an integration; nil when there is none with this id in the organization.
  public func type(of id: Identifier, in organization: Identifier) async throws -> String? {
    let rows = try await database.query(IntegrationStore.selectType, keyParameters(organization, [id]))
    return rows.rowCount == 1 ? rows.string(0, 0) : nil
  }

  /// The type and the sealed credentials of an integration; nil when there is none with this id in the
  /// organization.
  public func credentials(
    of id: Identifier, in organization: Identifier
  ) async throws -> (type: String, credentials: [UInt8])? {
    let rows = try await database.query(
      IntegrationStore.selectCredentials, keyParameters(organization, [id]))
    guard rows.rowCount == 1, let type = rows.string(0, 0), let credentials = rows.byteArray(0, 1) else {
      return nil
    }
    return (type, credentials)
  }

  /// Notes what a check of the credentials found; that is no change of the integration's own.
  public func note(isConnected: Bool, _ id: Identifier, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.bool(isConnected)
    }
    try await database.transaction { transaction in
      try await transaction.execute(IntegrationStore.noteConnection, parameters)
      WebhookOutbox.tell(.updated, integration: id, in: organization, transaction)
    }
  }

  /// Deletes it; when `force`, nodes that use it lose it, and its triggers go with it.
  /// - Throws: `StorageError.notFound`; `.inUse(by:)` with the names of the flows, at most 20.
  public func delete(_ id: Identifier, force: Bool, in organization: Identifier) async throws {
    let key = keyParameters(organization, [id])
    try await database.transaction { transaction in
      guard try await transaction.query(IntegrationStore.lock, key).rowCount == 1 else {
        throw StorageError.notFound
      }
      let users = try await transaction.query(IntegrationStore.usingFlows, key)
      if users.rowCount > 0 {
        guard force else {
          throw StorageError.inUse(by: (0..<users.rowCount).compactMap { users.string($0, 0) })
        }
        try await transaction.execute(IntegrationStore.detach, key)
      }
      WebhookOutbox.tell(.deleted, integration: id, in: organization, transaction)
      try await transaction.execute(IntegrationStore.delete, key)
    }
  }

  @discardableResult
  private nonisolated(nonsending) func mappingNames(
    _ body: nonisolated(nonsending) () async throws -> RowBatch
  ) async throws -> RowBatch {
    do {
      return try await body()
    } catch let error as PostgresError where error.constraint == "integrations_name_key" {
      throw StorageError.taken(field: "name")
    }
  }

  private static let insert = Statement(
    "insert_integration",
    """
    INSERT INTO integrations \
    (organization_id, id, user_id, name, category, type, credentials, capabilities, attention) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """,
    [.uuid, .uuid, .uuid, .text, .text, .text, .bytea, .jsonb, .text])
  private static let update = Statement(
    "update_integration",
    """
    UPDATE integrations SET name = coalesce($3, name), credentials = coalesce($4, credentials), \
    token_version = token_version + ($4::bytea IS NOT NULL)::int, \
    attention = CASE WHEN $4::bytea IS NULL THEN attention ELSE $6 END, \
    refresh_owner = CASE WHEN $4::bytea IS NULL THEN refresh_owner END, \
    refresh_until = CASE WHEN $4::bytea IS NULL THEN refresh_until END, \
    is_connected = is_connected AND $6 IS NULL, \
    revision = revision + 1, updated_at = now() \
    WHERE organization_id = $1 AND id = $2 AND ($5::int IS NULL OR revision = $5) RETURNING id
    """,
    [.uuid, .uuid, .text, .bytea, .int4, .text])
  private static let revision = Statement(
    "integration_revision",
    "SELECT revision FROM integrations WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])
  private static let selectType = Statement(
    "integration_type",
    "SELECT type FROM integrations WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])
  private static let selectCredentials = Statement(
    "integration_credentials",
    "SELECT type, credentials FROM integrations WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])
  private static let noteConnection = Statement(
    "note_integration_connection",
    """
    UPDATE integrations SET is_connected = $3, last_checked = now() \
    WHERE organization_id = $1 AND id = $2
    """,
    [.uuid, .uuid, .bool])
  private static let lock = Statement(
    "lock_integration",
    "SELECT 1 FROM integrations WHERE organization_id = $1 AND id = ANY($2) FOR UPDATE", [.uuid, .uuidArray])
  private static let usingFlows = Statement(
    "integration_flows",
    """
    SELECT f.name FROM automation_flows f WHERE f.organization_id = $1 AND f.id IN (\
    SELECT flow_id FROM automation_nodes WHERE organization_id = $1 AND integration_id = ANY($2) \
    UNION SELECT flow_id FROM flow_triggers WHERE organization_id = $1 AND integration_id = ANY($2)) \
    GROUP BY f.name ORDER BY f.name LIMIT 20
    """,
    [.uuid, .uuidArray])
  private static let detach = Statement(
    "detach_integration",
    """
    UPDATE automation_nodes SET integration_id = NULL, updated_at = now() \
    WHERE organization_id = $1 AND integration_id = ANY($2)
    """,
    [.uuid, .uuidArray])
  private static let delete = Statement(
    "delete_integration", "DELETE FROM integrations WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])
}
