import Flows
import GraphQLEngine
import Schema

/// Makes a graph of nodes and connections that a client gave by keys.
struct FlowGraphInput {
  let nodes: [FlowNodeInput]
  let connections: [FlowConnectionInput]
  let makeID: () -> Identifier

  /// Refuses too many nodes and texts out of bounds, all of them together.
  func checkTexts() throws {
    guard nodes.count <= FlowGraph.maximumCount else { throw tooMany("nodes") }
    guard connections.count <= FlowGraph.maximumCount else { throw tooMany("connections") }
    try InputCheck.all(
      nodes.enumerated().map { place, node in
        { try FlowGraphInput.checkTexts(of: node, path: "nodes.\(place)") }
      }
        + connections.enumerated().map { place, connection in
          {
            try InputCheck.texts(
              label: connection.label, condition: connection.condition, path: "connections.\(place).")
          }
        })
  }

  /// The graph; nodes whose key was there before keep their id, so do connections between the same ends.
  /// `checkTexts` has looked at the texts before.
  /// - Throws: `BAD_USER_INPUT` for a connection to a key that no node has.
  func graph(keeping old: FlowGraph = FlowGraph()) throws -> FlowGraph {
    var idByKey: [String: Identifier] = [:]
    for node in old.nodes { idByKey[node.key] = node.id }
    let former = Dictionary(old.nodes.map { ($0.id, $0) }) { first, _ in first }
    var graph = FlowGraph()
    var known: [String: Identifier] = [:]
    for (place, input) in nodes.enumerated() {
      let id = known[input.key] == nil ? idByKey[input.key] ?? makeID() : makeID()
      var node = try node(input, id, place)
      if let former = former[id] { node.keepWantedNames(of: former) }
      graph.nodes.append(node)
      known[input.key] = known[input.key] ?? id
    }
    for (place, input) in nodes.enumerated() {
      graph.nodes[place].parentID = try input.parent.map { try end($0, known, "nodes.\(place).parent") }
    }
    var reusable = old.connections
    for (place, input) in connections.enumerated() {
      let from = try end(input.from, known, "connections.\(place).from")
      let to = try end(input.to, known, "connections.\(place).to")
      var id = makeID()
      if let kept = reusable.firstIndex(where: {
        $0.from == from && $0.to == to && $0.outcome == FlowGraphInput.outcome(input.outcome.rawValue)
      }) {
        id = reusable.remove(at: kept).id
      }
      graph.connections.append(connection(input, id, from, to))
    }
    return graph
  }

  private func node(_ input: FlowNodeInput, _ id: Identifier, _ place: Int) throws -> FlowNode {
    try FlowGraphInput.node(input, id, order: place, path: "nodes.\(place)")
  }

  static func checkTexts(of input: FlowNodeInput, path: String) throws {
    try InputCheck.all(
      { try InputCheck.text(input.title, 1...200, field: "\(path).title") },
      { try InputCheck.text(input.detail, 0...2000, field: "\(path).detail") })
  }

  /// A node whose texts have been checked.
  static func node(_ input: FlowNodeInput, _ id: Identifier, order: Int, path: String) throws -> FlowNode {
    guard let kind = kind(input.kind.rawValue) else {
      throw ServiceError(.badUserInput, "\(path).kind is unknown.", field: "\(path).kind")
    }
    let config = try input.config.map { try JSONValue.checked($0, field: "\(path).config") } ?? .object([:])
    var node = FlowNode(id: id, key: input.key, title: input.title, kind: kind, config: config)
    node.detail = input.detail
    node.order = order
    node.integrationID = try input.integrationId.map {
      try InputID.parse($0, .integration, field: "\(path).integrationId")
    }
    return node
  }

  private static func kind(_ name: String) -> Flows.NodeKind? { Flows.NodeKind(rawValue: name.lowercased()) }

  private func connection(
    _ input: FlowConnectionInput, _ id: Identifier, _ from: Identifier, _ to: Identifier
  ) -> FlowConnection {
    FlowConnection(
      id: id, from: from, to: to, label: input.label, condition: input.condition,
      outcome: FlowGraphInput.outcome(input.outcome.rawValue))
  }

  /// The outcome that the schema has under this name.
  static func outcome(_ name: String) -> Flows.ConnectionOutcome { name == "ERROR" ? .error : .success }

  private func end(_ key: String, _ known: [String: Identifier], _ field: String) throws -> Identifier {
    guard let id = known[key] else {
      throw ServiceError(
        .badUserInput, "\(field) names the node \"\(key)\", which does not exist.", field: field)
    }
    return id
  }

  private func tooMany(_ field: String) -> ServiceError {
    ServiceError(.badUserInput, "\(field) may have \(FlowGraph.maximumCount) entries at most.", field: field)
  }
}
