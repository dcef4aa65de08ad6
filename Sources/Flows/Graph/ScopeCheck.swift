// Loops and what is inside them, and the branches of errors.
extension GraphCheck {
  mutating func checkScopes() {
    for (place, node) in graph.nodes.enumerated() {
      guard let parent = node.parentID else { continue }
      guard let loop = places[parent], graph.nodes[loop].kind == .loop else {
        problems.append(
          FlowProblem(
            .invalidParent, "Node \(quoted(node)) is inside something that is not a loop of the flow.",
            node: node.id, field: "parentId"))
        continue
      }
      if node.kind == .trigger {
        problems.append(
          FlowProblem(
            .triggerInLoop, "The trigger \(quoted(node)) is inside a loop; a trigger only starts runs.",
            node: node.id, field: "parentId"))
      }
      checkDepth(of: place)
    }
    let parents = Set(graph.nodes.compactMap(\.parentID))
    for node in graph.nodes where node.kind == .loop && !parents.contains(node.id) {
      problems.append(FlowProblem(.emptyLoop, "The loop \(quoted(node)) has no nodes inside.", node: node.id))
    }
  }

  private mutating func checkDepth(of place: Int) {
    let node = graph.nodes[place]
    var depth = 0
    var next = node.parentID
    while let parent = next, let loop = places[parent], depth <= IterationPath.maximumDepth {
      depth += 1
      next = graph.nodes[loop].parentID
    }
    guard depth > IterationPath.maximumDepth else { return }
    problems.append(
      FlowProblem(
        .nestedTooDeep,
        "Node \(quoted(node)) is inside more than \(IterationPath.maximumDepth) loops, or loops are inside one "
          + "another.", node: node.id, field: "parentId"))
  }

  mutating func checkCrossing(_ connection: FlowConnection, _ source: FlowNode, _ target: FlowNode) {
    guard source.parentID != target.parentID else { return }
    problems.append(
      FlowProblem(
        .crossingConnection,
        "The connection from \(quoted(source)) to \(quoted(target)) crosses the border of a loop.",
        connection: connection.id))
  }

  mutating func checkErrorBranches() {
    let branched = Set(graph.connections.filter { $0.outcome == .error }.map(\.from))
    for node in graph.nodes {
      let isBranch = NodePolicy.read(node).onError == .branch
      if isBranch, !branched.contains(node.id) {
        problems.append(
          FlowProblem(
            .noErrorBranch,
            "Node \(quoted(node)) branches on errors, but no connection leaves it for errors.",
            node: node.id, field: "config.onError"))
      }
      if !isBranch, branched.contains(node.id) {
        problems.append(
          FlowProblem(
            .unusedErrorBranch,
            "A connection for errors leaves \(quoted(node)), whose onError is not 'branch', so it never "
              + "delivers.", node: node.id, field: "config.onError"))
      }
    }
  }
}
