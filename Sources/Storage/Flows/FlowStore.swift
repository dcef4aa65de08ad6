import Flows
import Postgres

/// What the server writes about flows, their nodes and connections.
///
/// Every change of a graph goes through `save`: the caller loads the graph, changes it, checks it, and saves
/// it on the revision that it loaded; a change by somebody else in between is a conflict, never a lost
/// update.
public struct FlowStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A flow as an editor needs it.
  public struct StoredFlow: Sendable {
    public var id: Identifier
    public var name: String
    public var intention: String
    /// `active`, `paused` or `archived`.
    public var status: String
    public var revision: Int
    public var graph: FlowGraph
    /// The flow of which a run is started when a run of this one fails.
    public var errorFlowID: Identifier?
  }

  public struct NewFlow: Sendable {
    public var id: Identifier
    public var userID: Identifier
    public var name: String
    public var intention: String
    public var status: String
    public var graph: FlowGraph
    public var notes = ""
    public var runPriority = RunPriority.normal
    public var maximumConcurrentRuns: Int?
    /// The flow of which a run is started when one fails; it may be this one.
    public var errorFlowID: Identifier?
    /// The name of one that is not there, for the flow's next export.
    public var wantedErrorFlow: String?
    /// What starts its runs, each with this flow's id; at most `TriggerStore.maximum`.
    public var triggers: [TriggerStore.NewTrigger] = []

    public init(
      id: Identifier, userID: Identifier, name: String, intention: String, status: String, graph: FlowGraph
    ) {
      self.id = id
      self.userID = userID
      self.name = name
      self.intention = intention
      self.status = status
      self.graph = graph
    }
  }

  /// What an update changes beside the graph; nil leaves it.
  public struct Change: Sendable {
    public var name: String?
    public var intention: String?
    public var status: String?
    public var notes: String?
    /// The flow of which a run is started when one fails; `.some(nil)` takes it away.
    public var errorFlowID: Identifier??
    public var runPriority: RunPriority?

    public init(
      name: String? = nil, intention: String? = nil, status: String? = nil, notes: String? = nil
    ) {
      self.name = name
      self.intention = intention
      self.status = status
      self.notes = notes
    }
  }

  /// The flow with its whole graph; nil when there is none with this id in the organization.
  public func load(_ id: Identifier, in organization: Identifier) async throws -> StoredFlow? {
    let key = keyParameters(organization, [id])
    // One snapshot for all three, so that the graph is the revision's.
    return try await database.transaction(.repeatableRead, readOnly: true) { transaction in
      let flow = transaction.send(FlowSQL.load, key)
      let nodes = transaction.send(FlowSQL.loadNodes, key)
      let connections = transaction.send(FlowSQL.loadConnections, key)
      return try FlowRows.flow(
        id, try await flow.value, nodes: try await nodes.value, connections: try await connections.value)
    }
  }

  /// Loads a flow and does something with it while nobody else changes it. All of it is one transaction, or a
  /// part of the one that the task has joined.
  /// - Throws: `StorageError.notFound`.
  public func withLocked<Value>(
    _ id: Identifier, in organization: Identifier,
    _ body: nonisolated(nonsending) (StoredFlow) async throws -> Value
  ) async throws -> Value {
    // What waits for the commit of a joined transaction waits for that one.
    guard !database.isJoined else { return try await lockAndLoad(id, organization, body) }
    return try await database.joined { _ in try await lockAndLoad(id, organization, body) }
  }

  private nonisolated(nonsending) func lockAndLoad<Value>(
    _ id: Identifier, _ organization: Identifier,
    _ body: nonisolated(nonsending) (StoredFlow) async throws -> Value
  ) async throws -> Value {
    try await database.execute(FlowVersions.lockFlow, keyParameters(organization, [id]))
    guard let flow = try await load(id, in: organization) else { throw StorageError.notFound }
    return try await body(flow)
  }

  /// - Throws: `StorageError.unknownReference` with the field `integrationId`, `errorFlowId` or `triggers`.
  public func create(_ flow: NewFlow, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.id.uuid)
      $0.uuid(flow.userID.uuid)
      $0.text(flow.name)
      $0.text(flow.intention)
      $0.text(flow.status)
      $0.text(flow.notes)
      $0.int2(flow.runPriority.rawValue)
      $0.int4(flow.maximumConcurrentRuns.map { Int32(clamping: $0) })
      $0.uuid(flow.errorFlowID?.uuid)
      $0.text(flow.wantedErrorFlow)
    }
    try await mappingReferences {
      try await database.transaction { transaction in
        try await transaction.execute(FlowSQL.insert, parameters)
        try await write(flow.graph, of: flow.id, organization, in: transaction)
        try await RunLimits.addSlots(flow.maximumConcurrentRuns, of: flow.id, in: organization, transaction)
        for trigger in flow.triggers {
          try await TriggerStore.insert(trigger, in: organization, transaction)
        }
        WebhookOutbox.tell(.created, flow: flow.id, in: organization, transaction)
      }
    }
  }

  /// Changes a flow without its graph.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`, `.unknownReference(field: "errorFlowId")`.
  public func update(
    _ id: Identifier, _ change: Change, expectedRevision: Int?, in organization: Identifier
  ) async throws {
    try await mappingReferences {
      try await database.transaction { transaction in
        try await advance(id, change, expectedRevision, organization, in: transaction)
        WebhookOutbox.tell(.updated, flow: id, in: organization, transaction)
      }
    }
  }

  /// Replaces the graph of a flow that had `old` at `revision`.
  /// - Throws: `StorageError.notFound`, `.revisionConflict`, `.unknownReference`.
  public func save(
    _ new: FlowGraph, over old: StoredFlow, _ change: Change = Change(), in organization: Identifier
  ) async throws {
    try await mappingReferences {
      try await database.transaction { transaction in
        try await advance(old.id, change, old.revision, organization, graph: true, in: transaction)
        let gone = FlowRows.removed(from: old.graph, to: new)
        try await transaction.execute(
          FlowSQL.deleteConnections, keyParameters(organization, gone.connections))
        try await transaction.execute(FlowSQL.deleteNodes, keyParameters(organization, gone.nodes))
        try await write(new, of: old.id, organization, in: transaction)
        WebhookOutbox.tell(.updated, flow: old.id, in: organization, transaction)
      }
    }
  }

  /// Adds a node behind all others of a flow, in one statement.
  ///
  /// - Returns: the row with all columns of `NodeColumn`; nil where nothing was changed because the flow or
  ///   the integration does not exist, or the flow has another revision, is full or has the node's key
  ///   already. `load` and `save` tell which.
  func add(_ new: NewNode) async throws -> RowBatch? {
    let node = new.node
    let parameters = Parameters {
      $0.uuid(new.organizationID.uuid)
      $0.uuid(new.flowID.uuid)
      $0.uuid(node.id.uuid)
      $0.text(node.key)
      $0.text(node.title)
      $0.text(node.kind.rawValue)
      $0.text(node.detail)
      $0.uuid(node.integrationID?.uuid)
      $0.jsonb(node.config.text())
      $0.int4(new.expectedRevision.map { Int32(clamping: $0) })
    }
    let rows = try await database.execute(FlowSQL.addNode, parameters)
    return rows.rowCount == 1 ? rows : nil
  }

  /// - Throws: `StorageError.notFound`, `.revisionConflict`.
  public func delete(_ id: Identifier, expectedRevision: Int?, in organization: Identifier) async throws {
    try await database.transaction { transaction in
      try await advance(id, Change(), expectedRevision, organization, in: transaction)
      WebhookOutbox.tell(.deleted, flow: id, in: organization, transaction)
      try await transaction.execute(FlowSQL.delete, keyParameters(organization, [id]))
    }
  }

  /// The flow that a node belongs to.
  public func flow(ofNode id: Identifier, in organization: Identifier) async throws -> Identifier? {
    let rows = try await database.query(FlowSQL.flowOfNode, keyParameters(organization, [id]))
    return rows.rowCount == 1 ? rows.uuid(0, 0)?.identifier : nil
  }

  /// The flow that a connection belongs to.
  public func flow(ofConnection id: Identifier, in organization: Identifier) async throws -> Identifier? {
    let rows = try await database.query(FlowSQL.flowOfConnection, keyParameters(organization, [id]))
    return rows.rowCount == 1 ? rows.uuid(0, 0)?.identifier : nil
  }

  /// Raises the revision and applies the change, when the flow is at the expected revision.
  /// - Parameter graph: whether the graph changes too.
  private nonisolated(nonsending) func advance(
    _ id: Identifier, _ change: Change, _ expectedRevision: Int?, _ organization: Identifier,
    graph: Bool = false, in transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.text(change.name)
      $0.text(change.intention)
      $0.text(change.status)
      $0.int4(expectedRevision.map { Int32(clamping: $0) })
      $0.text(change.notes)
      $0.bool(graph)
      $0.bool(change.errorFlowID != nil)
      $0.uuid((change.errorFlowID ?? nil)?.uuid)
      $0.int2(change.runPriority?.rawValue)
    }
    if try await transaction.execute(FlowSQL.advance, parameters).rowCount == 1 { return }
    throw StorageError.notUpdated(
      try await transaction.query(FlowSQL.revision, keyParameters(organization, [id])))
  }

  /// Inserts or updates all nodes and connections, each kind in one statement.
  private nonisolated(nonsending) func write(
    _ graph: FlowGraph, of flow: Identifier, _ organization: Identifier, in transaction: Transaction
  ) async throws {
    if !graph.nodes.isEmpty {
      try await transaction.execute(
        FlowSQL.upsertNodes, FlowRows.parameters(graph.nodes, of: flow, organization))
    }
    if !graph.connections.isEmpty {
      try await transaction.execute(
        FlowSQL.upsertConnections, FlowRows.parameters(graph.connections, of: flow, organization))
    }
  }

  private nonisolated(nonsending) func mappingReferences(
    _ body: nonisolated(nonsending) () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let error as PostgresError {
      switch error.constraint {
      case "automation_nodes_integration_fkey": throw StorageError.unknownReference(field: "integrationId")
      case "automation_flows_error_flow_fkey": throw StorageError.unknownReference(field: "errorFlowId")
      case "flow_triggers_integration_fkey", "flow_triggers_source_fkey":
        throw StorageError.unknownReference(field: "triggers")
      default: throw error
      }
    }
  }
}
