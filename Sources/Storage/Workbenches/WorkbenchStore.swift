import Flows
import Postgres

/// What the server writes about workbenches and the flows that lie on them.
public struct WorkbenchStore: Sendable {
  /// Flows on one workbench.
  public static let maximumFlows = 500

  let database: Database

  public init(_ database: Database) { self.database = database }

  public struct NewWorkbench: Sendable {
    public var id: Identifier
    public var userID: Identifier
    public var name: String
    public var purpose: String
    /// A JSON list of strings.
    public var focus: String
    public var flows: [Identifier]

    public init(
      id: Identifier, userID: Identifier, name: String, purpose: String, focus: String, flows: [Identifier]
    ) {
      self.id = id
      self.userID = userID
      self.name = name
      self.purpose = purpose
      self.focus = focus
      self.flows = flows
    }
  }

  /// What an update changes; nil leaves it.
  public struct Change: Sendable {
    public var name: String?
    public var purpose: String?
    /// A JSON list of strings.
    public var focus: String?

    public init(name: String? = nil, purpose: String? = nil, focus: String? = nil) {
      self.name = name
      self.purpose = purpose
      self.focus = focus
    }
  }

  /// What becomes of the flows on a workbench.
  public enum FlowChange: Sendable {
    case add([Identifier])
    case remove([Identifier])
    case replace([Identifier])
  }

  /// - Throws: `StorageError.unknownReference(field: "flowIds")`, `.full`.
  public func create(_ workbench: NewWorkbench, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(workbench.id.uuid)
      $0.uuid(workbench.userID.uuid)
      $0.text(workbench.name)
      $0.text(workbench.purpose)
      $0.jsonb(workbench.focus)
    }
    try await mappingReferences {
      try await database.transaction { transaction in
        try await transaction.execute(WorkbenchSQL.insert, parameters)
        try await apply(.add(workbench.flows), to: workbench.id, organization, in: transaction)
      }
    }
  }

  /// Changes a workbench and what lies on it.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`, `.unknownReference(field: "flowIds")`, `.full`.
  public func update(
    _ id: Identifier, _ change: Change, flows: FlowChange? = nil, expectedRevision: Int?,
    in organization: Identifier
  ) async throws {
    try await mappingReferences {
      try await database.transaction { transaction in
        try await advance(id, change, expectedRevision, organization, in: transaction)
        if let flows { try await apply(flows, to: id, organization, in: transaction) }
      }
    }
  }

  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  public func delete(_ id: Identifier, expectedRevision: Int?, in organization: Identifier) async throws {
    try await database.transaction { transaction in
      try await advance(id, Change(), expectedRevision, organization, in: transaction)
      try await transaction.execute(WorkbenchSQL.delete, keyParameters(organization, [id]))
    }
  }

  /// Raises the revision, which locks the row: changes of one workbench's flows are made one after the other.
  private nonisolated(nonsending) func advance(
    _ id: Identifier, _ change: Change, _ expectedRevision: Int?, _ organization: Identifier,
    in transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.text(change.name)
      $0.text(change.purpose)
      $0.jsonb(change.focus)
      $0.int4(expectedRevision.map { Int32(clamping: $0) })
    }
    if try await transaction.execute(WorkbenchSQL.advance, parameters).rowCount == 1 { return }
    throw StorageError.notUpdated(
      try await transaction.query(WorkbenchSQL.revision, keyParameters(organization, [id])))
  }

  private nonisolated(nonsending) func apply(
    _ change: FlowChange, to id: Identifier, _ organization: Identifier, in transaction: Transaction
  ) async throws {
    let statement: Statement
    let flows: [Identifier]
    switch change {
    case .remove(let gone): (statement, flows) = (WorkbenchSQL.removeFlows, gone)
    case .add(let new): (statement, flows) = (WorkbenchSQL.addFlows, new)
    case .replace(let all):
      (statement, flows) = (WorkbenchSQL.addFlows, all)
      try await transaction.execute(
        WorkbenchSQL.keepFlows, WorkbenchStore.parameters(organization, id, all))
    }
    guard !flows.isEmpty else { return }
    try await transaction.execute(statement, WorkbenchStore.parameters(organization, id, flows))
    let count = try await transaction.query(WorkbenchSQL.countFlows, keyParameters(organization, [id]))
    guard count.int(0, 0) ?? 0 <= WorkbenchStore.maximumFlows else {
      throw StorageError.full(field: "flowIds", maximum: WorkbenchStore.maximumFlows)
    }
  }

  private static func parameters(
    _ organization: Identifier, _ id: Identifier, _ flows: [Identifier]
  ) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.uuids(flows.map(\.uuid))
    }
  }

  private nonisolated(nonsending) func mappingReferences(
    _ body: nonisolated(nonsending) () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let error as PostgresError where error.constraint == "workbench_flows_flow_fkey" {
      throw StorageError.unknownReference(field: "flowIds")
    }
  }
}

/// The statements of `WorkbenchStore`.
enum WorkbenchSQL {
  static let insert = Statement(
    "insert_workbench",
    """
    INSERT INTO workbenches (organization_id, id, user_id, name, purpose, focus) \
    VALUES ($1, $2, $3, $4, $5, $6)
    """,
    [.uuid, .uuid, .uuid, .text, .text, .jsonb])

  static let advance = Statement(
    "advance_workbench",
    """
    UPDATE workbenches SET revision = revision + 1, updated_at = now(), name = coalesce($3, name), \
    purpose = coalesce($4, purpose), focus = coalesce($5, focus) \
    WHERE organization_id = $1 AND id = $2 AND ($6::int IS NULL OR revision = $6) RETURNING revision
    """,
    [.uuid, .uuid, .text, .text, .jsonb, .int4])

  static let revision = Statement(
    "workbench_revision",
    "SELECT revision FROM workbenches WHERE organization_id = $1 AND id = ANY($2)", [.uuid, .uuidArray])

  static let delete = Statement(
    "delete_workbench", "DELETE FROM workbenches WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  static let addFlows = Statement(
    "add_workbench_flows",
    """
    INSERT INTO workbench_flows (organization_id, workbench_id, flow_id) \
    SELECT $1, $2, * FROM unnest($3::uuid[]) ON CONFLICT DO NOTHING
    """,
    [.uuid, .uuid, .uuidArray])

  static let removeFlows = Statement(
    "remove_workbench_flows",
    """
    DELETE FROM workbench_flows WHERE organization_id = $1 AND workbench_id = $2 AND flow_id = ANY($3)
    """,
    [.uuid, .uuid, .uuidArray])

  static let keepFlows = Statement(
    "keep_workbench_flows",
    """
    DELETE FROM workbench_flows WHERE organization_id = $1 AND workbench_id = $2 AND flow_id <> ALL($3)
    """,
    [.uuid, .uuid, .uuidArray])

  static let countFlows = Statement(
    "count_workbench_flows",
    "SELECT count(*) FROM workbench_flows WHERE organization_id = $1 AND workbench_id = ANY($2)",
    [.uuid, .uuidArray])
}
