import Flows
import Postgres

/// What the API writes about triggers of flows. Secrets come sealed.
public struct TriggerStore: Sendable {
  /// Triggers of one flow.
  public static let maximum = 20

  let database: Database

  public init(_ database: Database) { self.database = database }

  /// What makes a trigger start runs.
  public enum Kind: String, Sendable {
    case schedule, webhook
    case flowEvent = "flow_event"
    case integration
  }

  public struct NewTrigger: Sendable {
    public var id: Identifier
    public var flowID: Identifier
    public var kind: Kind
    /// The trigger node that it starts; nil for all of the flow's.
    public var nodeKey: String?
    public var isEnabled = true
    public var config: JSONValue
    /// Encrypted: the unguessable part of a webhook's URL.
    public var urlKey: [UInt8]?
    /// Encrypted: what requests are signed with.
    public var secret: [UInt8]?
    /// Of a flow's events: the flow whose runs it waits for, and how they end, a JSON list of the schema's
    /// names.
    public var sourceFlowID: Identifier?
    public var sourceStates: String?
    /// Of an event of an integration.
    public var integrationID: Identifier?
    /// Whether the service is asked for its events: at once, then from time to time.
    public var polls = false
    /// Of a schedule: the first instant behind another.
    public var nextFire: (@Sendable (Instant) -> FireStore.Fire?)?

    public init(id: Identifier, flowID: Identifier, kind: Kind, config: JSONValue) {
      self.id = id
      self.flowID = flowID
      self.kind = kind
      self.config = config
    }
  }

  /// What an update changes; nil leaves it.
  public struct Change: Sendable {
    public var config: JSONValue?
    public var isEnabled: Bool?
    /// The inner nil takes the node away.
    public var nodeKey: String??
    /// Encrypted.
    public var urlKey: [UInt8]?
    /// Encrypted; the former one is accepted beside it for a day.
    public var secret: [UInt8]?
    /// Whether it has no secret any more, nor a former one.
    public var forgetsSecret = false
    /// A JSON list of the schema's names.
    public var sourceStates: String?
    public var integrationID: Identifier?
    /// Of a flow's events.
    public var sourceFlowID: Identifier?
    /// Of one that asks its service: whether it asks at once, or not any more; nil leaves it. One that is
    /// switched off does not ask.
    public var polls: Bool?
    /// Whether it forgets how far it has come.
    public var restartsPolling = false
    /// Of a schedule that is changed: the first instant behind another, by the schedule as it is then.
    public var nextFire: (@Sendable (Instant) -> FireStore.Fire?)?

    public init() {}
  }

  /// A trigger as an editor needs it.
  public struct StoredTrigger: Sendable {
    public var id: Identifier
    public var flowID: Identifier
    public var kind: Kind
    public var nodeKey: String?
    public var isEnabled: Bool
    public var config: JSONValue
    public var revision: Int
    public var hasSecret: Bool
    public var integrationID: Identifier?
    /// Of a flow's events: the flow whose runs it waits for, and how they end, a JSON list of the schema's
    /// names.
    public var sourceFlowID: Identifier?
    public var sourceStates: String?
  }

  /// Nil when there is none with this id in the organization.
  public func load(_ id: Identifier, in organization: Identifier) async throws -> StoredTrigger? {
    let rows = try await database.query(TriggerSQL.load, keyParameters(organization, [id]))
    return rows.rowCount == 1 ? try TriggerStore.trigger(rows, 0) : nil
  }

  /// A row of `TriggerSQL.load`; nil for a kind that only another version knows.
  static func trigger(_ rows: RowBatch, _ row: Int) throws -> StoredTrigger? {
    guard let id = rows.uuid(row, 0), let flow = rows.uuid(row, 1),
      let kind = rows.string(row, 2).flatMap(Kind.init(rawValue:)),
      let config = rows.jsonBytes(row, 5), let revision = rows.int(row, 6)
    else { return nil }
    return StoredTrigger(
      id: id.identifier, flowID: flow.identifier, kind: kind, nodeKey: rows.string(row, 3),
      isEnabled: rows.bool(row, 4) ?? false, config: try JSONValue(parsing: config), revision: revision,
      hasSecret: rows.bool(row, 7) ?? false, integrationID: rows.uuid(row, 8)?.identifier,
      sourceFlowID: rows.uuid(row, 9)?.identifier,
      sourceStates: rows.jsonBytes(row, 10).map { String(decoding: $0, as: UTF8.self) })
  }

  /// - Throws: `StorageError.notFound` for the flow, `.full(field: "flowId")`.
  public func add(_ trigger: NewTrigger, in organization: Identifier) async throws {
    try await database.transaction { transaction in
      let flow = keyParameters(organization, [trigger.flowID])
      guard try await transaction.query(TriggerSQL.lockFlow, flow).rowCount == 1 else {
        throw StorageError.notFound
      }
      try await TriggerStore.insert(trigger, in: organization, transaction)
    }
  }

  /// Adds a trigger to a flow that is locked or new.
  /// - Throws: `StorageError.full(field: "flowId")`.
  static nonisolated(nonsending) func insert(
    _ trigger: NewTrigger, in organization: Identifier, _ transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(trigger.id.uuid)
      $0.uuid(trigger.flowID.uuid)
      $0.text(trigger.kind.rawValue)
      $0.text(trigger.nodeKey)
      $0.bool(trigger.isEnabled)
      $0.jsonb(trigger.config.text())
      $0.bytea(trigger.urlKey)
      $0.bytea(trigger.secret)
      $0.int4(Int32(TriggerStore.maximum))
      $0.uuid(trigger.sourceFlowID?.uuid)
      $0.jsonb(trigger.sourceStates)
      $0.uuid(trigger.integrationID?.uuid)
      $0.bool(trigger.polls && trigger.isEnabled)
    }
    guard try await transaction.execute(TriggerSQL.insert, parameters).rowCount == 1 else {
      throw StorageError.full(field: "flowId", maximum: maximum)
    }
    if trigger.isEnabled, let nextFire = trigger.nextFire {
      try await schedule(trigger.id, nextFire, in: organization, transaction)
    }
  }

  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  public func update(
    _ id: Identifier, _ change: Change, expectedRevision: Int?, in organization: Identifier
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.jsonb(change.config?.text())
      $0.bool(change.isEnabled)
      $0.bool(change.nodeKey != nil)
      $0.text(change.nodeKey.flatMap { $0 })
      $0.bytea(change.urlKey)
      $0.bytea(change.secret)
      $0.int4(expectedRevision.map { Int32(clamping: $0) })
      $0.jsonb(change.sourceStates)
      $0.uuid(change.integrationID?.uuid)
      $0.bool(change.polls)
      $0.bool(change.restartsPolling)
      $0.uuid(change.sourceFlowID?.uuid)
      $0.bool(change.forgetsSecret)
    }
    try await database.transaction { transaction in
      let rows = try await transaction.execute(TriggerSQL.advance, parameters)
      guard rows.rowCount == 1 else {
        throw StorageError.notUpdated(
          try await transaction.query(TriggerSQL.revision, keyParameters(organization, [id])))
      }
      guard let nextFire = change.nextFire else { return }
      try await transaction.execute(FireSQL.clear, keyParameters(organization, [id]))
      if rows.bool(0, 1) ?? false {
        try await TriggerStore.schedule(id, nextFire, in: organization, transaction)
      }
    }
  }

  /// Stores the instant that is next, behind now and behind all that were settled.
  private static nonisolated(nonsending) func schedule(
    _ id: Identifier, _ nextFire: @Sendable (Instant) -> FireStore.Fire?, in organization: Identifier,
    _ transaction: Transaction
  ) async throws {
    let rows = try await transaction.query(FireSQL.horizon, keyParameters(organization, [id]))
    guard let horizon = rows.instant(0, 0) else { return }
    try await FireStore.insert(
      nextFire(horizon), of: TriggerReference(organizationID: organization, triggerID: id), transaction)
  }

  /// Keeps the secret that a service has told, sealed; false when there is one already.
  public func keep(_ secret: [UInt8], of key: TriggerReference) async throws -> Bool {
    let parameters = Parameters {
      $0.uuid(key.organizationID.uuid)
      $0.uuid(key.triggerID.uuid)
      $0.bytea(secret)
    }
    return try await database.execute(TriggerSQL.keepSecret, parameters).rowCount == 1
  }

  /// Removes a trigger; what it has received goes with its age.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  public func remove(_ id: Identifier, expectedRevision: Int?, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.int4(expectedRevision.map { Int32(clamping: $0) })
    }
    try await database.transaction { transaction in
      if try await transaction.execute(TriggerSQL.delete, parameters).rowCount == 1 { return }
      throw StorageError.notUpdated(
        try await transaction.query(TriggerSQL.revision, keyParameters(organization, [id])))
    }
  }
}

/// The statements of `TriggerStore`.
enum TriggerSQL {
  static let load = Statement(
    "load_trigger", "SELECT \(columns) FROM flow_triggers WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  /// Of a flow, in the order in which they were added.
  static let loadOfFlow = Statement(
    "load_triggers_of_flow",
    """
    SELECT \(columns) FROM flow_triggers WHERE organization_id = $1 AND flow_id = ANY($2) \
    ORDER BY created_at, id
    """,
    [.uuid, .uuidArray])

  private static let columns = """
    id, flow_id, kind, node_key, is_enabled, config, revision, secret IS NOT NULL, integration_id, \
    source_flow_id, source_states
    """

  /// Two that add at once are counted one after the other.
  static let lockFlow = Statement(
    "lock_flow_of_trigger",
    "SELECT 1 FROM automation_flows WHERE organization_id = $1 AND id = ANY($2) FOR NO KEY UPDATE",
    [.uuid, .uuidArray])

  static let insert = Statement(
    "insert_trigger",
    """
    INSERT INTO flow_triggers (organization_id, id, flow_id, kind, node_key, is_enabled, config, url_key, \
    secret, source_flow_id, source_states, integration_id, poll_due_at) \
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12, $13, CASE WHEN $14 THEN now() END \
    WHERE (SELECT count(*) FROM flow_triggers WHERE organization_id = $1 AND flow_id = $3) < $10 RETURNING id
    """,
    [
      .uuid, .uuid, .uuid, .text, .text, .bool, .jsonb, .bytea, .bytea, .int4, .uuid, .jsonb,
      .uuid, .bool,
    ])

  static let advance = Statement(
    "advance_trigger",
    """
    UPDATE flow_triggers SET revision = revision + 1, updated_at = now(), config = coalesce($3, config), \
    is_enabled = coalesce($4, is_enabled), node_key = CASE WHEN $5 THEN $6 ELSE node_key END, \
    url_key = coalesce($7, url_key), \
    old_secret = CASE WHEN $15 THEN NULL WHEN $8::bytea IS NULL THEN old_secret ELSE secret END, \
    old_secret_until = CASE WHEN $8::bytea IS NULL THEN old_secret_until ELSE now() + interval '24 hours' END, \
    secret = CASE WHEN NOT $15 THEN coalesce($8, secret) END, source_states = coalesce($10, source_states), \
    integration_id = coalesce($11, integration_id), source_flow_id = coalesce($14, source_flow_id), \
    poll_due_at = CASE WHEN $12::bool IS NULL THEN poll_due_at \
    WHEN $12 AND coalesce($4, is_enabled) THEN now() END, \
    poll_epoch = poll_epoch + ($12::bool IS NOT NULL)::int, \
    poll_lease_until = CASE WHEN $12::bool IS NULL THEN poll_lease_until END, \
    poll_state = CASE WHEN NOT $13 THEN poll_state END, \
    poll_failures = CASE WHEN $13 THEN 0 ELSE poll_failures END, \
    poll_error = CASE WHEN NOT $13 THEN poll_error END \
    WHERE organization_id = $1 AND id = $2 AND ($9::int IS NULL OR revision = $9) RETURNING revision, is_enabled
    """,
    [
      .uuid, .uuid, .jsonb, .bool, .bool, .text, .bytea, .bytea, .int4, .jsonb, .uuid, .bool, .bool,
      .uuid, .bool,
    ])

  static let keepSecret = Statement(
    "keep_trigger_secret",
    """
    UPDATE flow_triggers SET secret = $3, revision = revision + 1, updated_at = now() \
    WHERE organization_id = $1 AND id = $2 AND secret IS NULL RETURNING id
    """,
    [.uuid, .uuid, .bytea])

  static let revision = Statement(
    "trigger_revision",
    "SELECT revision FROM flow_triggers WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  static let delete = Statement(
    "delete_trigger",
    """
    DELETE FROM flow_triggers WHERE organization_id = $1 AND id = $2 \
    AND ($3::int IS NULL OR revision = $3) RETURNING id
    """,
    [.uuid, .uuid, .int4])
}
