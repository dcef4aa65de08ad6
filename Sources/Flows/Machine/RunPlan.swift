/// A version made ready for execution: positions instead of ids, configs read, neighbours known. It
/// never changes, so the runs of a version share it.
public struct RunPlan: Sendable {
  struct Node: Sendable {
    let node: FlowNode
    let config: Result<NodeConfig, ConfigProblems>
    let policy: NodePolicy
    /// Position of its scope, and its own position among the nodes of the scope.
    var scope = 0
    var local = 0
    /// Positions of connections, in the order of the graph.
    var incoming: [Int] = []
    var outgoing: [Int] = []

    /// Its calls take slots of an integration, where that has a limit.
    var usesSlots: Bool {
      guard node.integrationID != nil, case .success(let config) = config else { return false }
      return config.hasEffect
    }
  }

  struct Connection: Sendable {
    let id: Identifier
    let from: Int
    let to: Int
    let condition: String?
    let outcome: ConnectionOutcome
    /// Its position among the connections of its scope.
    var local = 0
  }

  /// The nodes that run together: those of the flow itself, or those inside one loop.
  struct Scope: Sendable {
    /// The position of the loop; nil for the flow itself.
    let loop: Int?
    /// Positions of its nodes, in their order.
    var nodes: [Int] = []
    var connectionCount = 0
    /// All its nodes are without effects.
    var isPure = true
  }

  public let version: FlowVersion
  /// In the order in which nodes that are ready together begin.
  private(set) var nodes: [Node]
  private(set) var connections: [Connection]
  /// The first is the flow itself.
  private(set) var scopes: [Scope]
  /// By the position of the loop.
  let scopeOfLoop: [Int: Int]
  /// Positions in `nodes`.
  let places: [Identifier: Int]
  /// Why the graph cannot be executed, nil when it can.
  private(set) var error: RunError?

  public init(_ version: FlowVersion) {
    self.version = version
    let ordered = version.graph.nodes.enumerated().sorted {
      ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
    }
    nodes = ordered.map {
      Node(node: $0.element, config: NodeConfig.read($0.element), policy: RunPlan.policy(of: $0.element))
    }
    let places = Dictionary(
      nodes.enumerated().map { ($1.node.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.places = places
    connections = version.graph.connections.compactMap { connection in
      guard let from = places[connection.from], let to = places[connection.to] else { return nil }
      return Connection(
        id: connection.id, from: from, to: to, condition: connection.effectiveCondition,
        outcome: connection.outcome)
    }
    let loops = ordered.indices.filter { ordered[$0].element.kind == .loop }
    scopes = [Scope(loop: nil)] + loops.map { Scope(loop: $0) }
    scopeOfLoop = Dictionary(uniqueKeysWithValues: loops.enumerated().map { ($1, $0 + 1) })
    error = RunPlan.error(version.graph, nodes: places.count, connections: connections)
    placeInScopes()
    for (index, connection) in connections.enumerated() {
      nodes[connection.from].outgoing.append(index)
      nodes[connection.to].incoming.append(index)
      let scope = nodes[connection.from].scope
      connections[index].local = scopes[scope].connectionCount
      scopes[scope].connectionCount += 1
    }
  }

  /// Calls and e-mails keep their timeout themselves; the machine stands behind it with a little more.
  private static func policy(of node: FlowNode) -> NodePolicy {
    var policy = NodePolicy.read(node)
    switch NodeConfig.read(node) {
    case .success(.http(let action)): policy.timeoutMilliseconds = action.timeoutMilliseconds + 5_000
    case .success(.email(let action)): policy.timeoutMilliseconds = action.timeoutMilliseconds + 5_000
    default: break
    }
    return policy
  }

  private mutating func placeInScopes() {
    for place in nodes.indices {
      var scope = 0
      if let parent = nodes[place].node.parentID {
        if let loop = places[parent], let inner = scopeOfLoop[loop] {
          scope = inner
        } else {
          error = error ?? RunPlan.invalid("a node is inside something that is not a loop")
        }
      }
      nodes[place].scope = scope
      nodes[place].local = scopes[scope].nodes.count
      scopes[scope].nodes.append(place)
      if case .success(let config) = nodes[place].config, config.isPure { continue }
      scopes[scope].isPure = false
    }
    if connections.contains(where: { nodes[$0.from].scope != nodes[$0.to].scope }) {
      error = error ?? RunPlan.invalid("a connection crosses the border of a loop")
    }
    if scopes.indices.contains(where: { depth(of: $0) > IterationPath.maximumDepth }) {
      error = error ?? RunPlan.invalid("its loops are nested too deep")
    }
  }

  /// Loops around the nodes of a scope; one more than the bound for any that is too deep.
  private func depth(of scope: Int) -> Int {
    var depth = 0
    var scope = scope
    while let loop = scopes[scope].loop, depth <= IterationPath.maximumDepth {
      depth += 1
      scope = nodes[loop].scope
    }
    return depth
  }

  private static func invalid(_ reason: String) -> RunError {
    RunError(code: .flowInvalid, message: "The flow cannot be executed: \(reason).")
  }

  /// Saving a flow has refused all of this; a version that slipped through must end its run, not hang it.
  private static func error(_ graph: FlowGraph, nodes: Int, connections: [Connection]) -> RunError? {
    if nodes != graph.nodes.count { return invalid("two nodes have the same id") }
    if connections.count != graph.connections.count { return invalid("a connection names an unknown node") }
    if !graph.nodes.contains(where: { $0.kind == .trigger }) { return invalid("it has no trigger") }
    let edges = connections.map { (from: $0.from, to: $0.to) }
    if !CycleSearch(count: nodes, edges: edges).cycles(limit: 1).isEmpty { return invalid("it has a cycle") }
    return nil
  }

  /// The positions of all nodes of the same scope from which a path leads to `place`, itself not included.
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
