import Flows
import Postgres

/// What the server writes about outgoing webhooks. Secrets come sealed and are never read for a resolver.
public struct WebhookStore: Sendable {
  /// Webhooks of one organization.
  public static let maximum = 100

  let database: Database

  public init(_ database: Database) { self.database = database }

  public struct NewWebhook: Sendable {
    public var id: Identifier
    public var userID: Identifier
    public var url: String
    public var description: String
    /// A JSON list of the schema's names.
    public var eventTypes: String
    public var isActive: Bool
    /// Encrypted under the master key.
    public var secret: [UInt8]

    public init(
      id: Identifier, userID: Identifier, url: String, eventTypes: String, secret: [UInt8]
    ) {
      self.id = id
      self.userID = userID
      self.url = url
      description = ""
      self.eventTypes = eventTypes
      isActive = true
      self.secret = secret
    }
  }

  /// What an update changes; nil leaves it.
  public struct Change: Sendable {
    public var url: String?
    public var description: String?
    /// A JSON list of the schema's names.
    public var eventTypes: String?
    public var isActive: Bool?

    public init(
      url: String? = nil, description: String? = nil, eventTypes: String? = nil, isActive: Bool? = nil
    ) {
      self.url = url
      self.description = description
      self.eventTypes = eventTypes
      self.isActive = isActive
    }
  }

  /// - Throws: `StorageError.full(field: "url")`.
  public func create(_ webhook: NewWebhook, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(webhook.id.uuid)
      $0.uuid(webhook.userID.uuid)
      $0.text(webhook.url)
      $0.text(webhook.description)
      $0.jsonb(webhook.eventTypes)
      $0.bool(webhook.isActive)
      $0.bytea(webhook.secret)
      $0.int4(Int32(WebhookStore.maximum))
    }
    guard try await database.execute(WebhookSQL.insert, parameters).rowCount == 1 else {
      throw StorageError.full(field: "url", maximum: WebhookStore.maximum)
    }
  }

  /// Changes a webhook; one that is switched off has nothing to wait for any more.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  public func update(
    _ id: Identifier, _ change: Change, expectedRevision: Int?, in organization: Identifier
  ) async throws {
    try await database.transaction { transaction in
      try await advance(id, change, expectedRevision, organization, in: transaction)
      if change.isActive == false {
        try await transaction.execute(WebhookSQL.cancelWaiting, keyParameters(organization, [id]))
      }
    }
  }

  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  public func delete(_ id: Identifier, expectedRevision: Int?, in organization: Identifier) async throws {
    try await database.transaction { transaction in
      try await advance(id, Change(), expectedRevision, organization, in: transaction)
      try await transaction.execute(WebhookSQL.delete, keyParameters(organization, [id]))
    }
  }

  /// Replaces the sealed secret; the former one signs beside it for a day.
  /// - Throws: `StorageError.notFound`.
  public func rotate(_ id: Identifier, to secret: [UInt8], in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.bytea(secret)
    }
    guard try await database.execute(WebhookSQL.rotate, parameters).rowCount == 1 else {
      throw StorageError.notFound
    }
  }

  /// Raises the revision, which locks the row.
  private nonisolated(nonsending) func advance(
    _ id: Identifier, _ change: Change, _ expectedRevision: Int?, _ organization: Identifier,
    in transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.text(change.url)
      $0.text(change.description)
      $0.jsonb(change.eventTypes)
      $0.bool(change.isActive)
      $0.int4(expectedRevision.map { Int32(clamping: $0) })
    }
    if try await transaction.execute(WebhookSQL.advance, parameters).rowCount == 1 { return }
    throw StorageError.notUpdated(
      try await transaction.query(WebhookSQL.revision, keyParameters(organization, [id])))
  }
}

/// The statements of `WebhookStore`.
enum WebhookSQL {
  static let insert = Statement(
    "insert_webhook",
    """
    INSERT INTO webhooks (organization_id, id, user_id, url, description, event_types, is_active, secret) \
    SELECT $1, $2, $3, $4, $5, $6, $7, $8 \
    WHERE (SELECT count(*) FROM webhooks WHERE organization_id = $1) < $9 RETURNING id
    """,
    [.uuid, .uuid, .uuid, .text, .text, .jsonb, .bool, .bytea, .int4])

  static let advance = Statement(
    "advance_webhook",
    """
    UPDATE webhooks SET revision = revision + 1, updated_at = now(), url = coalesce($3, url), \
    description = coalesce($4, description), event_types = coalesce($5, event_types), \
    is_active = coalesce($6, is_active), \
    disabled_reason = CASE WHEN $6 IS NULL THEN disabled_reason END, \
    failing_since = CASE WHEN $6 IS DISTINCT FROM true THEN failing_since END \
    WHERE organization_id = $1 AND id = $2 AND ($7::int IS NULL OR revision = $7) RETURNING revision
    """,
    [.uuid, .uuid, .text, .text, .jsonb, .bool, .int4])

  static let revision = Statement(
    "webhook_revision",
    "SELECT revision FROM webhooks WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  static let cancelWaiting = Statement(
    "cancel_webhook_deliveries",
    """
    UPDATE webhook_deliveries SET status = 'cancelled', due_at = NULL, finished_at = now() \
    WHERE organization_id = $1 AND webhook_id = ANY($2) AND status = 'pending'
    """,
    [.uuid, .uuidArray])

  static let delete = Statement(
    "delete_webhook", "DELETE FROM webhooks WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  static let rotate = Statement(
    "rotate_webhook_secret",
    """
    UPDATE webhooks SET old_secret = secret, old_secret_until = now() + interval '24 hours', secret = $3, \
    revision = revision + 1, updated_at = now() \
    WHERE organization_id = $1 AND id = $2 RETURNING id
    """,
    [.uuid, .uuid, .bytea])
}
