// How a node ends: its outcome, its bounds, and which of its connections deliver.
extension RunMachine {
  /// How a call ended.
  mutating func take(_ outcome: ActionOutcome, at place: Int, _ at: Instant, _ actions: inout [Action]) {
    switch outcome {
    case .answered(let answer):
      let output: JSONValue = [
        "status": .integer(Int64(answer.status)), "headers": .object(answer.headers), "body": answer.body,
      ]
      guard case .success(.http(let action)) = plan.nodes[place].config,
        !action.expects(status: answer.status)
      else { return complete(place, output: output, at, &actions) }
      if output.encoded().count <= limits.payloadBytes { change(place) { $0.output = output } }
      fail(place, .unexpectedStatus, "the answer has the unexpected status \(answer.status)", at)
    case .completed(let output): complete(place, output: output, at, &actions)
    case .failed(let error): fail(place, error.code, error.message, at)
    case .cancelled:
      let message = "The call was cancelled; whether it took effect is not known."
      guard isCancelling else { return fail(place, .unknownOutcome, "the call was interrupted", at) }
      change(place) { $0.error = RunError(code: .unknownOutcome, message: message) }
      settle(place, .cancelled, delivered: [], at)
    }
  }

  /// A node has its output; `stops` keeps all its connections from delivering.
  mutating func complete(
    _ place: Int, output: JSONValue, stops: Bool = false, _ at: Instant, _ actions: inout [Action]
  ) {
    let size = output.encoded().count
    guard size <= limits.payloadBytes else {
      return fail(
        place, .payloadTooLarge, "its output of \(size) bytes is larger than \(limits.payloadBytes) bytes", at
      )
    }
    guard outputBytes + size <= limits.totalBytes else {
      return fail(
        place, .payloadTooLarge, "the outputs of the run are larger than \(limits.totalBytes) bytes together",
        at)
    }
    outputBytes += size
    change(place) {
      $0.output = output
      $0.finishedAt = at
    }
    stops ? settle(place, .success, delivered: [], at) : route(place, at, &actions)
  }

  /// Asks for the conditions of a node's connections, or lets all deliver when none has one.
  mutating func route(_ place: Int, _ at: Instant, _ actions: inout [Action]) {
    guard !isCancelling else { return settle(place, .success, delivered: [], at) }
    let outgoing = plan.nodes[place].outgoing.map { plan.connections[$0] }
    let conditions = outgoing.compactMap(\.condition)
    guard !conditions.isEmpty else {
      return settle(place, .success, delivered: outgoing.map(\.id), at)
    }
    stages[place] = .routing
    let scope = scope(of: place, output: rows[place]?.output, for: conditions)
    let node = plan.nodes[place].node.id
    actions.append(.evaluate(node: node, EvaluationRequest(expressions: conditions, scope: scope)))
  }

  /// Which connections deliver, by the results of those that have a condition.
  mutating func choose(_ place: Int, _ results: [Result<JSONValue, ExpressionFailure>], _ at: Instant) {
    var isDecision = false
    var takesFirst = false
    if case .success(.decision(let mode)) = plan.nodes[place].config {
      isDecision = true
      takesFirst = mode == .exclusive
    }
    let outgoing = plan.nodes[place].outgoing.map { plan.connections[$0] }
    var matching: Set<Identifier> = []
    for (connection, result) in zip(outgoing.filter { $0.condition != nil }, results) {
      // A condition behind the one that was taken does not count, nor does its failure.
      if takesFirst, !matching.isEmpty { break }
      switch result {
      case .success(let value): if value.isTruthy { matching.insert(connection.id) }
      case .failure(let failure):
        let target = plan.nodes[connection.to].node.key
        return fail(
          place, failure.code, "the condition of its connection to '\(target)': \(failure.described)", at)
      }
    }
    // Without a condition: the default of a decision, else a connection that always delivers.
    if !isDecision || matching.isEmpty {
      matching.formUnion(outgoing.filter { $0.condition == nil }.map(\.id))
    }
    settle(place, .success, delivered: outgoing.map(\.id).filter(matching.contains), at)
  }

  /// Gives a node that began its final state.
  mutating func settle(_ place: Int, _ state: NodeState, delivered: [Identifier], _ at: Instant) {
    change(place) {
      $0.state = state
      $0.delivered = delivered
      $0.wakeAt = nil
      $0.finishedAt = $0.finishedAt ?? at
    }
    stages[place] = .ended
    guard let row = rows[place] else { return }
    emit(.nodeFinished(RunEvent.NodeFinished(row)), at)
    if state == .success { deliver(row, from: place) }
  }

  /// Ends a node, and with it the run: nothing begins any more, delays end now.
  mutating func fail(_ place: Int, _ code: RunError.Code, _ reason: String, _ at: Instant) {
    let key = plan.nodes[place].node.key
    let error = RunError(code: code, message: "Node '\(key)' failed: \(reason)")
    change(place) { $0.error = error }
    settle(place, .failure, delivered: [], at)
    if !isCancelling, failing == nil {
      failing = RunError(code: code, message: error.message, nodeID: plan.nodes[place].node.id)
    }
    for other in stages.indices where stages[other] == .sleeping {
      settle(other, .cancelled, delivered: [], at)
    }
  }

  /// Ends what can end at once and tells effects to end.
  mutating func cancel(_ at: Instant, _ actions: inout [Action]) {
    guard !isCancelling, failing == nil else { return }
    isCancelling = true
    for place in stages.indices {
      switch stages[place] {
      case .preparing, .sleeping: settle(place, .cancelled, delivered: [], at)
      case .routing: settle(place, .success, delivered: [], at)
      case .idle, .performing, .ended: break
      }
    }
    if stages.contains(.performing) { actions.append(.cancelEffects) }
  }

  /// Calls that an earlier owner began and whose cancellation is requested are not made again.
  mutating func cancelInterrupted(_ at: Instant) {
    for place in stages.indices where stages[place] == .preparing {
      guard case .success(.http) = plan.nodes[place].config else { continue }
      let message =
        "The call was interrupted before the run was cancelled; whether it took effect is not known."
      change(place) { $0.error = RunError(code: .unknownOutcome, message: message) }
    }
  }
}
