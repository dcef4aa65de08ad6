import Flows
import Schema
import Storage

/// Drawing a flow step by step.
struct GraphOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }
  private var editing: FlowEditing { FlowEditing(context: context) }

  /// Nothing of the flow has to be loaded for it: what was there is right, and what is new is checked alone.
  /// Where the flow's state is in the way, the way of all other changes says what it is.
  nonisolated(nonsending) func addNode(_ input: AddNodeInput) async throws -> Change {
    let flow = try InputID.parse(input.flowId, .flow, field: "flowId")
    let id = services.makeID()
    context.audit(new: .node, id)
    let organization = try context.requireViewer().organizationID
    try FlowGraphInput.checkTexts(of: input.node, path: "node")
    let node = try FlowGraphInput.node(input.node, id, order: 0, path: "node")
    try await FlowCheck(context).require(
      FlowGraph(nodes: [node]), for: .drawing, paths: [id: "node"])
    // Who was slower than another change has seen the flow as it was before that, so he looks once more. A
    // node inside a loop needs the whole flow for its check.
    let tries = input.node.parent != nil ? 0 : input.expectedRevision == nil ? 2 : 1
    let new = NewNode(node, flow: flow, expectedRevision: input.expectedRevision, in: organization)
    for _ in 0..<tries {
      if let stored = try await services.nodeIntake.add(new) {
        return Change(flowID: flow, nodeID: id, node: stored)
      }
    }
    try await editing.edit(flow, expectedRevision: input.expectedRevision, paths: [id: "node"]) { graph in
      var node = node
      node.parentID = try input.node.parent.map { key in
        guard let loop = graph.nodes.first(where: { $0.key == key }) else {
          throw ServiceError(
            .badUserInput, "node.parent names a node that is not in the flow.", field: "node.parent")
        }
        return loop.id
      }
      node.order = (graph.nodes.map(\.order).max() ?? -1) + 1
      graph.nodes.append(node)
      return .drawing
    }
    return Change(flowID: flow, nodeID: id)
  }

  func updateNode(_ input: UpdateNodeInput) async throws -> Change {
    let (flow, id) = try await flowOfNode(input.id, within: input.flowId)
    try InputCheck.all(
      { try InputCheck.optionalText(input.title, 1...200, field: "title") },
      { try InputCheck.optionalText(input.detail, 0...2000, field: "detail") },
      { if let order = input.order { try InputCheck.number(order, 0...Int(Int32.max), field: "order") } })
    let config = try input.config.map { try JSONValue.checked($0, field: "config") }
    let integration = try input.integrationId.map {
      try InputID.parse($0, .integration, field: "integrationId")
    }
    let parent = try input.parentId.map { try InputID.parse($0, .node, field: "parentId") }
    try await editing.edit(flow, expectedRevision: input.expectedRevision, paths: [id: ""]) { graph in
      guard let place = graph.nodes.firstIndex(where: { $0.id == id }) else { throw StorageError.notFound }
      var node = graph.nodes[place]
      node.key = input.key ?? node.key
      node.title = input.title ?? node.title
      node.detail = input.detail ?? node.detail
      node.config = config ?? node.config
      // Null takes the integration away; leaving the field out keeps it.
      if input.gives("integrationId") {
        node.integrationID = integration
        node.wanted.integration = nil
      }
      if node.calledFlow != graph.nodes[place].calledFlow { node.wanted.flow = nil }
      // Likewise with the loop around it.
      if input.gives("parentId") { node.parentID = parent }
      graph.nodes[place] = node
      if let order = input.order { graph.move(id, to: order) }
      return .drawing
    }
    return Change(flowID: flow, nodeID: id)
  }

  func moveNode(_ input: MoveNodeInput) async throws -> Change {
    let (flow, id) = try await flowOfNode(input.id)
    try InputCheck.number(input.order, 0...Int(Int32.max), field: "order")
    try await editing.edit(flow, expectedRevision: input.expectedRevision, paths: [:]) { graph in
      guard graph.nodes.contains(where: { $0.id == id }) else { throw StorageError.notFound }
      graph.move(id, to: input.order)
      return .drawing
    }
    return Change(flowID: flow, nodeID: id)
  }

  func removeNode(_ input: RemoveNodeInput) async throws -> Change {
    let (flow, id) = try await flowOfNode(input.id, within: input.flowId)
    try await editing.edit(flow, expectedRevision: input.expectedRevision, paths: [:]) { graph in
      let gone = graph.inside(id)
      graph.nodes.removeAll { gone.contains($0.id) }
      graph.connections.removeAll { gone.contains($0.from) || gone.contains($0.to) }
      return .drawing
    }
    return Change(flowID: flow, deletedID: input.id)
  }

  func connect(_ input: ConnectNodesInput) async throws -> Change {
    let (flow, from) = try await flowOfNode(input.fromNodeId, field: "fromNodeId")
    let to = try InputID.parse(input.toNodeId, .node, field: "toNodeId")
    try InputCheck.texts(label: input.label, condition: input.condition)
    let id = services.makeID()
    context.audit(new: .connection, id)
    try await editing.edit(flow, expectedRevision: input.expectedRevision, paths: [id: ""]) { graph in
      guard graph.nodes.contains(where: { $0.id == to }) else {
        throw ServiceError(
          .badUserInput, "toNodeId names a node that is not in the same flow.", field: "toNodeId")
      }
      graph.connections.append(
        FlowConnection(
          id: id, from: from, to: to, label: input.label, condition: input.condition,
          outcome: FlowGraphInput.outcome(input.outcome.rawValue)))
      return .drawing
    }
    return Change(flowID: flow, connectionID: id)
  }

  func disconnect(_ input: DisconnectNodesInput) async throws -> Change {
    let organization = try context.requireViewer().organizationID
    let id = try InputID.parse(input.id, .connection)
    context.audit(.connection, id)
    guard let flow = try await services.flows.flow(ofConnection: id, in: organization) else {
      throw StorageError.notFound
    }
    try await editing.edit(flow, expectedRevision: input.expectedRevision, paths: [:]) { graph in
      graph.connections.removeAll { $0.id == id }
      return .drawing
    }
    return Change(flowID: flow, deletedID: input.id)
  }

  /// The flow of a node.
  ///
  /// - Parameter expected: the flow that it must be in.
  private func flowOfNode(
    _ text: String, field: String = "id", within expected: String? = nil
  ) async throws -> (flow: Identifier, node: Identifier) {
    let organization = try context.requireViewer().organizationID
    let id = try InputID.parse(text, .node, field: field)
    context.audit(.node, id)
    let wanted = try expected.map { try InputID.parse($0, .flow, field: "flowId") }
    guard let flow = try await services.flows.flow(ofNode: id, in: organization), wanted ?? flow == flow
    else {
      throw ServiceError.notFound("node", field: field)
    }
    return (flow, id)
  }
}

extension FlowGraph {
  /// A node with all that is inside it.
  fileprivate func inside(_ id: Identifier) -> Set<Identifier> {
    var found: Set = [id]
    var count = 0
    while count < found.count {
      count = found.count
      found.formUnion(nodes.filter { $0.parentID.map(found.contains) ?? false }.map(\.id))
    }
    return found
  }

  /// Moves a node to a place among the nodes and numbers them anew.
  fileprivate mutating func move(_ id: Identifier, to place: Int) {
    nodes.sort { $0.order < $1.order }
    guard let current = nodes.firstIndex(where: { $0.id == id }) else { return }
    let node = nodes.remove(at: current)
    nodes.insert(node, at: min(max(place, 0), nodes.count))
    for index in nodes.indices { nodes[index].order = index }
  }
}
