extension FlowGraph {
  /// All that is wrong with the graph and its configs, except for the syntax of its expressions; at most
  /// `maximumProblems`, errors and warnings in the order of the rules.
  public func problems() -> [FlowProblem] {
    var check = GraphCheck(self)
    check.run()
    return Array(check.problems.prefix(FlowGraph.maximumProblems))
  }

  /// All that is wrong with the graph, its configs and its expressions.
  public nonisolated(nonsending) func problems(
    checking checker: some ExpressionChecker
  ) async throws(ExpressionsUnavailable) -> [FlowProblem] {
    var check = GraphCheck(self)
    check.run()
    let problems = Array(check.problems.prefix(FlowGraph.maximumProblems))
    guard problems.count < FlowGraph.maximumProblems, nodes.count <= FlowGraph.maximumCount,
      connections.count <= FlowGraph.maximumCount
    else { return problems }
    let syntax = try await ExpressionCheck(self, check.configs).problems(checking: checker)
    return Array((problems + syntax).prefix(FlowGraph.maximumProblems))
  }

  /// Problems reported at once.
  public static let maximumProblems = 100
}

/// One pass over a graph, rule by rule. Everything is iterative: a client decides how long the chains are.
struct GraphCheck {
  let graph: FlowGraph
  var problems: [FlowProblem] = []
  /// Of each node that was looked at; nil where it is wrong.
  private(set) var configs: [NodeConfig?] = []
  /// Positions of the nodes; of two with one id the first.
  let places: [Identifier: Int]
  /// Connections between two known and different nodes.
  private var edges: [(from: Int, to: Int)] = []

  init(_ graph: FlowGraph) {
    self.graph = graph
    places = Dictionary(graph.nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func run() {
    guard checkCounts() else { return }
    checkNodes()
    checkScopes()
    checkConnections()
    checkDecisions()
    checkErrorBranches()
    checkCycles()
    checkReachability()
  }

  private mutating func checkCounts() -> Bool {
    let maximum = FlowGraph.maximumCount
    if graph.nodes.count > maximum {
      problems.append(
        FlowProblem(.tooManyNodes, "The flow has \(graph.nodes.count) nodes; at most \(maximum) are allowed.")
      )
    }
    if graph.connections.count > maximum {
      problems.append(
        FlowProblem(
          .tooManyConnections,
          "The flow has \(graph.connections.count) connections; at most \(maximum) are allowed."))
    }
    return problems.isEmpty
  }

  private mutating func checkNodes() {
    if !graph.nodes.contains(where: { $0.kind == .trigger }) {
      problems.append(FlowProblem(.noTrigger, "The flow has no trigger node, so nothing can start it."))
    }
    var ids: Set<Identifier> = []
    var keys: Set<String> = []
    for node in graph.nodes {
      if !ids.insert(node.id).inserted {
        problems.append(
          FlowProblem(.duplicateNode, "Two nodes have the id of \(quoted(node)).", node: node.id, field: "id")
        )
      }
      if !GraphCheck.isKey(node.key) {
        problems.append(
          FlowProblem(
            .invalidKey,
            "The key \(GraphCheck.quoted(node.key)) of \(quoted(node)) must be a letter or underscore, then "
              + "letters, digits or underscores, 64 at most.", node: node.id, field: "key"))
      } else if !keys.insert(node.key).inserted {
        problems.append(
          FlowProblem(.duplicateKey, "Two nodes have the key '\(node.key)'.", node: node.id, field: "key"))
      }
      switch NodeConfig.read(node) {
      case .success(let config): configs.append(config)
      case .failure(let found):
        configs.append(nil)
        for problem in found.list.prefix(FlowGraph.maximumProblems) {
          problems.append(
            FlowProblem(
              .invalidConfig, "Node \(quoted(node)): \(problem.message).", node: node.id, field: problem.field
            ))
        }
      }
    }
  }

  private mutating func checkConnections() {
    var seen: Set<Arrow> = []
    for connection in graph.connections {
      let from = place(connection.from, connection, "from")
      let to = place(connection.to, connection, "to")
      guard let from, let to else { continue }
      let (source, target) = (graph.nodes[from], graph.nodes[to])
      let arrow = "The connection from \(quoted(source)) to \(quoted(target))"
      if from == to {
        problems.append(
          FlowProblem(
            .selfConnection, "Node \(quoted(source)) is connected to itself.", node: source.id,
            connection: connection.id))
        continue
      }
      if !seen.insert(Arrow(from: from, to: to, outcome: connection.outcome)).inserted {
        problems.append(
          FlowProblem(.duplicateConnection, "\(arrow) is there twice.", connection: connection.id))
        continue
      }
      if target.kind == .trigger {
        problems.append(
          FlowProblem(
            .connectionToTrigger, "\(arrow) leads to a trigger; a trigger only starts runs.", node: target.id,
            connection: connection.id, field: "to"))
      }
      checkCrossing(connection, source, target)
      edges.append((from, to))
    }
  }

  private struct Arrow: Hashable {
    let from: Int
    let to: Int
    let outcome: ConnectionOutcome
  }

  private mutating func place(_ id: Identifier, _ connection: FlowConnection, _ field: String) -> Int? {
    if let place = places[id] { return place }
    let other = places[field == "from" ? connection.to : connection.from].map { graph.nodes[$0] }
    let known = other.map { field == "from" ? " to \(quoted($0))" : " from \(quoted($0))" } ?? ""
    problems.append(
      FlowProblem(
        .unknownNode,
        "The connection\(known) names a node that the flow does not have: \(id.text(.node)).",
        connection: connection.id, field: field))
    return nil
  }

  private mutating func checkDecisions() {
    let outgoing = Dictionary(grouping: graph.connections, by: \.from)
    for node in graph.nodes where node.kind == .decision {
      let branches = (outgoing[node.id] ?? []).filter { $0.outcome == .success }
      if branches.isEmpty {
        problems.append(
          FlowProblem(.noBranch, "The decision \(quoted(node)) has no outgoing connection.", node: node.id))
      }
      let defaults = branches.filter { $0.effectiveCondition == nil }
      for extra in defaults.dropFirst() {
        problems.append(
          FlowProblem(
            .severalDefaults,
            "The decision \(quoted(node)) has several connections without a condition; "
              + "only one can be its default.",
            node: node.id, connection: extra.id, field: "condition"))
      }
    }
  }

  private mutating func checkCycles() {
    guard !edges.isEmpty else { return }
    for cycle in CycleSearch(count: graph.nodes.count, edges: edges).cycles(
      limit: FlowGraph.maximumProblems)
    {
      let path = (cycle + [cycle[0]]).prefix(20).map { quoted(graph.nodes[$0]) }.joined(separator: " → ")
      problems.append(
        FlowProblem(.cycle, "The nodes \(path) form a cycle.", node: graph.nodes[cycle[0]].id))
    }
  }

  private mutating func checkReachability() {
    let triggers = graph.nodes.indices.filter { graph.nodes[$0].kind == .trigger }
    guard !triggers.isEmpty else { return }
    let targets = Dictionary(grouping: edges + entries(), by: \.from)
    var isReached = [Bool](repeating: false, count: graph.nodes.count)
    var work = triggers
    while let place = work.popLast() {
      guard !isReached[place] else { continue }
      isReached[place] = true
      work.append(contentsOf: (targets[place] ?? []).map(\.to))
    }
    for (place, node) in graph.nodes.enumerated() where !isReached[place] {
      problems.append(
        FlowProblem(
          .unreachableNode, "No path leads from a trigger to \(quoted(node)), so it never runs.",
          node: node.id))
    }
  }

  /// From each loop to the nodes inside it that begin its iterations.
  private func entries() -> [(from: Int, to: Int)] {
    let fed = Set(edges.map(\.to))
    return graph.nodes.indices.compactMap { place in
      guard let parent = graph.nodes[place].parentID, let loop = places[parent], !fed.contains(place) else {
        return nil
      }
      return (loop, place)
    }
  }

  func quoted(_ node: FlowNode) -> String { GraphCheck.quoted(node.name) }

  static func quoted(_ name: String) -> String { "'\(name.prefix(80))'" }

  private static func isKey(_ key: String) -> Bool {
    guard let first = key.utf8.first, key.utf8.count <= 64, !isDigit(first) else { return false }
    return key.utf8.allSatisfy { byte in
      isDigit(byte) || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
