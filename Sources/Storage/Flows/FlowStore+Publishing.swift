import Flows
import Postgres

/// Draft and published version: publishing, and going back to what was.
extension FlowStore {
  /// Makes a flow, as the caller has loaded and checked it, its published version. Where that is so already,
  /// nothing changes.
  /// - Parameter newVersionID: the id of the version when none is stored of the flow as it stands.
  /// - Returns: the id of the version.
  /// - Throws: `StorageError.notFound`; `.revisionConflict` when the flow was changed since it was loaded;
  ///   `.namedByTrigger` when a trigger that is switched on would start nothing any more.
  public func publish(
    _ flow: StoredFlow, newVersionID: Identifier, in organization: Identifier
  ) async throws -> Identifier {
    try await database.transaction { transaction in
      try await FlowVersions.lock(flow, in: organization, transaction)
      try await requireNodesOfTriggers(flow, in: organization, transaction)
      let version = try await FlowVersions.version(
        of: flow, newID: newVersionID, in: organization, transaction)
      let parameters = Parameters {
        $0.uuid(organization.uuid)
        $0.uuid(flow.id.uuid)
        $0.uuid(version.uuid)
      }
      if try await transaction.execute(FlowSQL.publish, parameters).rowCount == 1 {
        WebhookOutbox.tell(.updated, flow: flow.id, in: organization, transaction)
      }
      return version
    }
  }

  /// The nodes that triggers name are there, or nobody would notice that no run begins any more.
  private nonisolated(nonsending) func requireNodesOfTriggers(
    _ flow: StoredFlow, in organization: Identifier, _ transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.id.uuid)
    }
    let named = try await transaction.query(TriggerReads.named, parameters)
    let starts = Set(flow.graph.nodes.filter { $0.kind == .trigger }.map(\.key))
    let all = Set(flow.graph.nodes.map(\.key))
    for row in 0..<named.rowCount {
      for (key, present) in [(named.string(row, 0), starts), (named.string(row, 1), all)] {
        if let key, !present.contains(key) { throw StorageError.namedByTrigger(nodeKey: key) }
      }
    }
  }

  /// A stored version; nil when there is none with this id in the organization, or it cannot be read.
  public func version(_ id: Identifier, in organization: Identifier) async throws -> FlowVersion? {
    let rows = try await database.query(FlowVersionReads.versions, keyParameters(organization, [id]))
    return rows.rowCount == 1 ? FlowVersionReads.version(rows, 0) : nil
  }

  /// What a version has lost since.
  public struct RestoreLosses: Sendable {
    /// The keys of the nodes whose integration is gone.
    public var nodeKeys: [String] = []
    /// Whether the error flow is gone.
    public var errorFlow = false
  }

  /// Gives a flow the name, graph and error flow of one of its versions. A node whose integration is gone has
  /// none then, and the flow no error flow where that is gone.
  /// - Throws: `StorageError.notFound`; `.revisionConflict` when the flow was changed since it was loaded.
  public func restore(
    _ version: FlowVersion, over flow: StoredFlow, in organization: Identifier
  ) async throws -> RestoreLosses {
    var losses = RestoreLosses()
    var graph = version.graph
    let wanted = Set(graph.nodes.compactMap(\.integrationID))
    let present = Set(
      try await IntegrationStore(database).names(of: wanted, in: organization).keys)
    for place in graph.nodes.indices {
      guard let integration = graph.nodes[place].integrationID, !present.contains(integration) else {
        continue
      }
      graph.nodes[place].integrationID = nil
      losses.nodeKeys.append(graph.nodes[place].key)
    }
    var change = Change(name: version.flowName)
    change.errorFlowID = .some(version.errorFlowID)
    if let errorFlow = version.errorFlowID, try await names(of: [errorFlow], in: organization).isEmpty {
      change.errorFlowID = .some(nil)
      losses.errorFlow = true
    }
    try await save(graph, over: flow, change, in: organization)
    return losses
  }
}

/// What is read to compare states of flows: in both statements the flow's id, its name and a document with
/// nodes and connections.
public enum FlowVersionReads {
  /// Versions by id. Parameters: organization, versions.
  public static let versions = Statement(
    "version_definitions",
    """
    SELECT flow_id, definition FROM flow_versions WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])

  /// Flows as they stand, in the same columns; ids are plain UUIDs. Parameters: organization, flows.
  public static let drafts = Statement(
    "draft_definitions",
    """
    SELECT f.id, jsonb_build_object('name', f.name, 'errorFlow', f.error_flow_id, 'nodes', (SELECT coalesce(jsonb_agg(jsonb_build_object(\
    'id', n.id, 'key', n.key, 'title', n.title, 'kind', n.kind, 'detail', n.detail, \
    'integration', n.integration_id, 'parent', n.parent_id, 'config', n.config) \
    ORDER BY n.node_order, n.id), '[]') \
    FROM automation_nodes n WHERE n.organization_id = f.organization_id AND n.flow_id = f.id), \
    'connections', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'from', c.from_node_id, \
    'to', c.to_node_id, 'label', c.label, 'condition', c.condition, 'on', c.outcome) \
    ORDER BY c.connection_order, c.id), '[]') \
    FROM automation_connections c WHERE c.organization_id = f.organization_id AND c.flow_id = f.id)) \
    FROM automation_flows f WHERE f.organization_id = $1 AND f.id = ANY($2)
    """,
    [.uuid, .uuidArray])

  /// A row of `versions`; nil when it cannot be read.
  public static func version(_ rows: RowBatch, _ row: Int) -> FlowVersion? {
    guard let text = rows.jsonBytes(row, 1), let document = try? JSONValue(parsing: text) else { return nil }
    return try? FlowVersion(decoding: document)
  }

  /// A row of `drafts`; nil when it cannot be read.
  public static func draft(_ rows: RowBatch, _ row: Int) -> FlowDifference.State? {
    guard let text = rows.jsonBytes(row, 1), let document = try? JSONValue(parsing: text),
      let name = document["name"]?.string
    else { return nil }
    let graph = FlowGraph(
      nodes: document["nodes"]?.array?.compactMap(node) ?? [],
      connections: document["connections"]?.array?.compactMap(connection) ?? [])
    return FlowDifference.State(name: name, graph: graph, errorFlowID: identifier(document["errorFlow"]))
  }

  private static func node(_ value: JSONValue) -> FlowNode? {
    guard let id = identifier(value["id"]), let key = value["key"]?.string,
      let title = value["title"]?.string, let kind = value["kind"]?.string.flatMap(NodeKind.init(rawValue:))
    else { return nil }
    var node = FlowNode(
      id: id, key: key, title: title, kind: kind, config: value["config"] ?? .object([:]))
    node.detail = value["detail"]?.string ?? ""
    node.integrationID = identifier(value["integration"])
    node.parentID = identifier(value["parent"])
    return node
  }

  private static func connection(_ value: JSONValue) -> FlowConnection? {
    guard let id = identifier(value["id"]), let from = identifier(value["from"]),
      let to = identifier(value["to"])
    else { return nil }
    return FlowConnection(
      id: id, from: from, to: to, label: value["label"]?.string, condition: value["condition"]?.string,
      outcome: value["on"]?.string.flatMap(ConnectionOutcome.init(rawValue:)) ?? .success)
  }

  private static func identifier(_ value: JSONValue?) -> Identifier? {
    guard let digits = value?.string?.filter({ $0 != "-" }), digits.utf8.count == 32,
      let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.dropFirst(16), radix: 16)
    else { return nil }
    return Identifier(high: high, low: low)
  }
}
