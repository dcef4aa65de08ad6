extension RunSnapshot {
  /// What a new run begins with that goes on where this failed one ended: the same input and trigger, and
  /// the nodes that succeeded, whose outputs are kept. All else is done again: nodes that failed, were
  /// cancelled or were skipped.
  ///
  /// The rows get ids of their own and belong to `run`; its version must be the one that this run executed.
  /// - Parameter node: the failed node that the caller means; nil for whichever failed.
  /// - Returns: nil when the run did not fail, or `node` is not one of its failed nodes.
  public func forRetry(fromFailedNode node: Identifier? = nil, as run: RunReference, at: Instant)
    -> RunSnapshot?
  {
    guard state == .failure else { return nil }
    if let node, !nodeRuns.contains(where: { $0.nodeID == node && $0.state == .failure }) { return nil }
    var retry = RunSnapshot(input: input, triggerNodeID: triggerNodeID)
    retry.nodeRuns = nodeRuns.filter { $0.state == .success }.map { $0.copied(to: run, at: at) }
    return retry
  }
}

extension NodeRun {
  /// The same row as part of another run.
  fileprivate func copied(to run: RunReference, at: Instant) -> NodeRun {
    var copy = NodeRun(
      id: Identifier.derived(from: [run.runID, nodeID], salt: 1, at: at), node: nodeID, key: key,
      title: title, kind: kind, state: state)
    copy.order = order
    copy.attempt = attempt
    copy.input = input
    copy.output = output
    copy.error = error
    copy.startedAt = startedAt
    copy.finishedAt = finishedAt
    copy.delivered = delivered
    return copy
  }
}
