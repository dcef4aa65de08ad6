import Flows
import GraphQLEngine
import Schema
import Storage

/// Duplicating flows, and carrying them from one Studio to another.
struct FlowCopyOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  func duplicate(_ input: DuplicateFlowInput) async throws -> Change {
    let viewer = try context.requireViewer()
    try InputCheck.optionalText(input.name, 1...200, field: "name")
    let flow = try await load(input.id, viewer)
    let copy = FlowStore.NewFlow(
      id: services.makeID(), userID: viewer.userID, name: input.name ?? FlowCopyOperations.name(of: flow),
      intention: flow.intention, status: "paused", graph: flow.graph.copied(services.makeID))
    context.audit(new: .flow, copy.id)
    try await services.flows.create(copy, in: viewer.organizationID)
    return Change(flowID: copy.id)
  }

  func export(_ input: ExportFlowInput) async throws -> ExportFlowPayload {
    let viewer = try context.requireViewer()
    let flow = try await load(input.id, viewer)
    let names = try await services.integrations.names(
      of: Set(flow.graph.nodes.compactMap(\.integrationID)), in: viewer.organizationID)
    let document = FlowDocument(flow, integrations: names).encoded()
    return ExportFlowPayload(document: RawJSON(document.encoded()))
  }

  func importFlow(_ input: ImportFlowInput) async throws -> ImportedFlow {
    let viewer = try context.requireViewer()
    try InputCheck.optionalText(input.name, 1...200, field: "name")
    let value = try JSONValue.checked(input.document, field: "document")
    let document = try FlowDocument(reading: value, makeID: services.makeID)
    let found = try await services.integrations.find(
      Set(document.nodes.compactMap(\.integration)), in: viewer.organizationID)
    let graph = document.graph(integrations: found)
    try await FlowCheck(context).require(graph, for: .saving, paths: document.paths)
    let flow = FlowStore.NewFlow(
      id: services.makeID(), userID: viewer.userID, name: input.name ?? document.name,
      intention: document.intention, status: input.status.rawValue.lowercased(), graph: graph)
    context.audit(new: .flow, flow.id)
    try await services.flows.create(flow, in: viewer.organizationID)
    let missing = document.nodes.compactMap { entry -> MissingIntegration? in
      guard let named = entry.integration, found[named] == nil else { return nil }
      return MissingIntegration(nodeKey: entry.node.key, type: named.type, name: named.name)
    }
    return ImportedFlow(flowID: flow.id, missing: missing)
  }

  private func load(_ text: String, _ viewer: Viewer) async throws -> FlowStore.StoredFlow {
    let id = try InputID.parse(text, .flow)
    context.audit(.flow, id)
    guard let flow = try await services.flows.load(id, in: viewer.organizationID) else {
      throw StorageError.notFound
    }
    return flow
  }

  /// The name of a copy, cut so that it is not too long.
  private static func name(of flow: FlowStore.StoredFlow) -> String {
    let suffix = " (copy)"
    return flow.name.prefix(200 - suffix.count) + suffix
  }
}

/// The row of `ImportFlowPayload`.
struct ImportedFlow: Sendable {
  var flowID: Identifier
  var missing: [MissingIntegration]
}

extension FlowGraph {
  /// The same graph under new ids.
  fileprivate func copied(_ makeID: () -> Identifier) -> FlowGraph {
    var newID: [Identifier: Identifier] = [:]
    for node in self.nodes { newID[node.id] = makeID() }
    let nodes = self.nodes.map { node in
      var copy = FlowNode(
        id: newID[node.id] ?? makeID(), key: node.key, title: node.title, kind: node.kind, config: node.config
      )
      copy.detail = node.detail
      copy.integrationID = node.integrationID
      copy.order = node.order
      copy.parentID = node.parentID.flatMap { newID[$0] }
      return copy
    }
    let connections = self.connections.compactMap { connection -> FlowConnection? in
      guard let from = newID[connection.from], let to = newID[connection.to] else { return nil }
      return FlowConnection(
        id: makeID(), from: from, to: to, label: connection.label, condition: connection.condition,
        outcome: connection.outcome)
    }
    return FlowGraph(nodes: nodes, connections: connections)
  }
}
