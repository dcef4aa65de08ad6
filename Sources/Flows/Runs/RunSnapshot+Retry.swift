extension RunSnapshot {
  /// What a new run begins with that goes on where this failed one ended: the same input and trigger, and
  /// the nodes that succeeded or whose failure was handled; their outputs are kept. All else is done again:
  /// nodes that failed, were cancelled or were skipped. A loop goes on with the iterations that did not
  /// succeed. Of one that is over all is kept, also what failed in it: it is not done again, and would be
  /// told nowhere.
  ///
  /// The rows get ids of their own and belong to `run`; its version must be the one that this run executed.
  /// - Parameter graph: what the run executed.
  /// - Parameter node: the failed node that the caller means; nil for whichever failed.
  /// - Returns: nil when the run did not fail, or `node` is not one of its failed nodes.
  public func forRetry(
    of graph: FlowGraph, fromFailedNode node: Identifier? = nil, as run: RunReference, at: Instant
  ) -> RunSnapshot? {
    guard state == .failure else { return nil }
    if let node, !nodeRuns.contains(where: { $0.nodeID == node && $0.state == .failure }) { return nil }
    var retry = RunSnapshot(input: input, triggerNodeID: triggerNodeID)
    let over = LoopsThatAreOver(nodeRuns, graph)
    retry.nodeRuns = nodeRuns.compactMap { row in
      if row.state == .success || row.isHandledFailure || over.contain(row) {
        return row.copied(to: run, at: at)
      }
      return row.kind == .loop && row.memo?["items"] != nil ? row.reopened(in: run, at: at) : nil
    }
    return retry
  }
}

/// The loops of a run that a retry of it does not enter again.
private struct LoopsThatAreOver {
  private let loops: Set<NodeAddress>
  /// The loops around nodes.
  private let parents: [Identifier: Identifier]

  init(_ rows: [NodeRun], _ graph: FlowGraph) {
    loops = Set(
      rows.lazy.filter { $0.kind == .loop && ($0.state == .success || $0.isHandledFailure) }
        .map { NodeAddress($0.nodeID, $0.iteration) })
    parents = Dictionary(
      graph.nodes.compactMap { node in node.parentID.map { (node.id, $0) } }, uniquingKeysWith: { $1 })
  }

  func contain(_ row: NodeRun) -> Bool {
    guard !loops.isEmpty else { return false }
    var (node, path) = (row.nodeID, row.iteration)
    while path != .root, let loop = parents[node] {
      (node, path) = (loop, path.outer)
      if loops.contains(NodeAddress(node, path)) { return true }
    }
    return false
  }
}

extension NodeRun {
  /// The same row as part of another run.
  fileprivate func copied(to run: RunReference, at: Instant) -> NodeRun {
    var copy = NodeRun(
      id: Identifier.derived(from: [run.runID, nodeID, iteration.parent], salt: 1, at: at), node: nodeID,
      key: key, title: title, kind: kind, state: state, iteration: iteration)
    copy.order = order
    copy.attempt = attempt
    copy.input = input
    copy.output = output
    copy.error = error
    copy.skipReason = skipReason
    copy.startedAt = startedAt
    copy.finishedAt = finishedAt
    copy.delivered = delivered
    copy.memo = memo
    return copy
  }

  /// The same loop as part of another run, under way again.
  fileprivate func reopened(in run: RunReference, at: Instant) -> NodeRun {
    var copy = copied(to: run, at: at)
    copy.state = .running
    copy.output = nil
    copy.error = nil
    copy.startedAt = at
    copy.finishedAt = nil
    copy.delivered = []
    return copy
  }
}
