import Flows
import Postgres

/// Flows between rows and the domain's values.
enum FlowRows {
  /// The columns of `FlowSQL.load`, `loadNodes` and `loadConnections`; nil when there is no such flow.
  static func flow(
    _ id: Identifier, _ flow: RowBatch, nodes: RowBatch, connections: RowBatch
  ) throws -> FlowStore.StoredFlow? {
    guard flow.rowCount == 1, let name = flow.string(0, 0), let status = flow.string(0, 1),
      let revision = flow.int(0, 2), let intention = flow.string(0, 3)
    else { return nil }
    let graph = FlowGraph(
      nodes: try (0..<nodes.rowCount).compactMap { try node(nodes, $0) },
      connections: (0..<connections.rowCount).compactMap { connection(connections, $0) })
    return FlowStore.StoredFlow(
      id: id, name: name, intention: intention, status: status, revision: revision, graph: graph,
      errorFlowID: flow.uuid(0, 4)?.identifier)
  }

  private static func node(_ rows: RowBatch, _ row: Int) throws -> FlowNode? {
    guard let id = rows.uuid(row, 0), let key = rows.string(row, 1), let title = rows.string(row, 2),
      let kind = rows.string(row, 3).flatMap(NodeKind.init(rawValue:)), let config = rows.jsonBytes(row, 6)
    else { return nil }
    var node = FlowNode(
      id: id.identifier, key: key, title: title, kind: kind, config: try JSONValue(parsing: config))
    node.detail = rows.string(row, 4) ?? ""
    node.integrationID = rows.uuid(row, 5)?.identifier
    node.order = rows.int(row, 7) ?? 0
    node.parentID = rows.uuid(row, 8)?.identifier
    node.wanted = WantedNames(try rows.jsonBytes(row, 9).map { try JSONValue(parsing: $0) })
    return node
  }

  private static func connection(_ rows: RowBatch, _ row: Int) -> FlowConnection? {
    guard let id = rows.uuid(row, 0), let from = rows.uuid(row, 1), let to = rows.uuid(row, 2) else {
      return nil
    }
    return FlowConnection(
      id: id.identifier, from: from.identifier, to: to.identifier, label: rows.string(row, 3),
      condition: rows.string(row, 4),
      outcome: rows.string(row, 5).flatMap(ConnectionOutcome.init(rawValue:)) ?? .success)
  }

  /// What the old graph has and the new one has not.
  static func removed(
    from old: FlowGraph, to new: FlowGraph
  ) -> (nodes: [Identifier], connections: [Identifier]) {
    let nodes = Set(new.nodes.map(\.id))
    let connections = Set(new.connections.map(\.id))
    return (
      old.nodes.map(\.id).filter { !nodes.contains($0) },
      old.connections.map(\.id).filter { !connections.contains($0) }
    )
  }

  /// Parameters of `FlowSQL.upsertNodes`.
  static func parameters(
    _ nodes: [FlowNode], of flow: Identifier, _ organization: Identifier
  ) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.uuid)
      $0.uuids(nodes.map(\.id.uuid))
      $0.texts(nodes.map(\.key))
      $0.texts(nodes.map(\.title))
      $0.texts(nodes.map(\.kind.rawValue))
      $0.texts(nodes.map(\.detail))
      $0.uuids(nodes.map { $0.integrationID?.uuid })
      $0.jsonbs(nodes.map { $0.config.text() })
      $0.int4s(nodes.map { Int32(clamping: $0.order) })
      $0.uuids(nodes.map { $0.parentID?.uuid })
      $0.jsonbs(nodes.map { $0.wanted.isEmpty ? nil : $0.wanted.json.text() })
    }
  }

  /// Parameters of `FlowSQL.upsertConnections`.
  static func parameters(
    _ connections: [FlowConnection], of flow: Identifier, _ organization: Identifier
  ) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(flow.uuid)
      $0.uuids(connections.map(\.id.uuid))
      $0.uuids(connections.map(\.from.uuid))
      $0.uuids(connections.map(\.to.uuid))
      $0.texts(connections.map(\.label))
      $0.texts(connections.map(\.condition))
      $0.int4s(connections.indices.map { Int32(clamping: $0) })
      $0.texts(connections.map(\.outcome.rawValue))
    }
  }
}
