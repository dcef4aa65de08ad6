/// A version made ready for execution: positions instead of ids, configs read, neighbours known.
struct RunPlan: Sendable {
  struct Node: Sendable {
    let node: FlowNode
    let config: Result<NodeConfig, ConfigProblems>
    /// Positions of connections, in the order of the graph.
    var incoming: [Int] = []
    var outgoing: [Int] = []
  }

  struct Connection: Sendable {
    let id: Identifier
    let from: Int
    let to: Int
    let condition: String?
  }

  let version: FlowVersion
  /// In the order in which nodes that are ready together begin.
  private(set) var nodes: [Node]
  let connections: [Connection]
  /// Positions in `nodes`.
  let places: [Identifier: Int]
  /// Why the graph cannot be executed, nil when it can.
  let error: RunError?

  init(_ version: FlowVersion) {
    self.version = version
    let ordered = version.graph.nodes.enumerated().sorted {
      ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
    }
    nodes = ordered.map { Node(node: $0.element, config: NodeConfig.read($0.element)) }
    let places = Dictionary(
      nodes.enumerated().map { ($1.node.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.places = places
    connections = version.graph.connections.compactMap { connection in
      guard let from = places[connection.from], let to = places[connection.to] else { return nil }
      return Connection(id: connection.id, from: from, to: to, condition: connection.effectiveCondition)
    }
    error = RunPlan.error(version.graph, nodes: places.count, connections: connections)
    for (index, connection) in connections.enumerated() {
      nodes[connection.from].outgoing.append(index)
      nodes[connection.to].incoming.append(index)
    }
  }

  /// Saving a flow has refused all of this; a version that slipped through must end its run, not hang it.
  private static func error(_ graph: FlowGraph, nodes: Int, connections: [Connection]) -> RunError? {
    func invalid(_ reason: String) -> RunError {
      RunError(code: .flowInvalid, message: "The flow cannot be executed: \(reason).")
    }
    if nodes != graph.nodes.count { return invalid("two nodes have the same id") }
    if connections.count != graph.connections.count { return invalid("a connection names an unknown node") }
    if !graph.nodes.contains(where: { $0.kind == .trigger }) { return invalid("it has no trigger") }
    let edges = connections.map { (from: $0.from, to: $0.to) }
    if !CycleSearch(count: nodes, edges: edges).cycles(limit: 1).isEmpty { return invalid("it has a cycle") }
    return nil
  }

  /// The positions of all nodes from which a path leads to `place`, itself not included.
  func ancestors(of place: Int) -> [Int] {
    var isSeen = [Bool](repeating: false, count: nodes.count)
    var work = [place]
    while let next = work.popLast() {
      for connection in nodes[next].incoming where !isSeen[connections[connection].from] {
        isSeen[connections[connection].from] = true
        work.append(connections[connection].from)
      }
    }
    return isSeen.indices.filter { isSeen[$0] }
  }
}
