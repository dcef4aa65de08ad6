// How a node ends: its outcome, its bounds, and which of its connections deliver.
extension RunMachine {
  /// How a call ended.
  mutating func take(_ outcome: ActionOutcome, at slot: Int, _ at: Instant, _ actions: inout [Action]) {
    switch outcome {
    case .answered(let answer): take(answer, at: slot, at, &actions)
    case .completed(let output): complete(slot, output: output, at, &actions)
    case .failed(let error): fail(slot, Failure(error.code, error.message), at, &actions)
    case .rejected(let error, let errorClass, let asked):
      let failure = Failure(error.code, error.message, errorClass: errorClass, asked: asked)
      fail(slot, failure, at, &actions)
    case .cancelled:
      let message = "The call was cancelled; whether it took effect is not known."
      guard isCancelling else {
        return fail(slot, Failure(.unknownOutcome, "the call was interrupted"), at, &actions)
      }
      change(slot) { $0.error = RunError(code: .unknownOutcome, message: message) }
      settle(slot, .cancelled, delivered: [], at)
    }
  }

  private mutating func take(
    _ answer: HTTPAnswer, at slot: Int, _ at: Instant, _ actions: inout [Action]
  ) {
    let object: JSONObject = [
      "status": .integer(Int64(answer.status)), "headers": .object(answer.headers), "body": answer.body,
    ]
    guard case .success(.http(let action)) = planned(slot).config, !action.expects(status: answer.status)
    else { return complete(slot, output: .object(object), at, &actions) }
    var failure = Failure(
      .unexpectedStatus, "the answer has the unexpected status \(answer.status)",
      errorClass: ErrorClass(status: answer.status))
    failure.asked = answer.headers["retry-after"]?.string.flatMap {
      RetryAfter.milliseconds($0, now: at)
    }
    if JSONValue.object(object).encoded().count <= limits.payloadBytes { failure.answer = object }
    fail(slot, failure, at, &actions)
  }

  /// A node has its output; `stops` keeps all its connections from delivering.
  mutating func complete(
    _ slot: Int, output: JSONValue, stops: Bool = false, _ at: Instant, _ actions: inout [Action]
  ) {
    let size = output.encoded().count
    guard size <= limits.payloadBytes else {
      let reason = "its output of \(size) bytes is larger than \(limits.payloadBytes) bytes"
      return fail(slot, Failure(.payloadTooLarge, reason), at, &actions)
    }
    guard outputBytes + size <= limits.totalBytes else {
      let reason = "the outputs of the run are larger than \(limits.totalBytes) bytes together"
      return fail(slot, Failure(.payloadTooLarge, reason, isFinal: true), at, &actions)
    }
    outputBytes += size
    change(slot) {
      $0.output = output
      $0.finishedAt = at
    }
    stops ? settle(slot, .success, delivered: [], at) : route(slot, at, &actions)
  }

  /// The connections that can deliver as the node ended: those of a success, or those of an error that is
  /// handled by a branch.
  func candidates(of slot: Int) -> [RunPlan.Connection] {
    let node = planned(slot)
    let isError = node.policy.onError == .branch && rows[slot]?.error != nil
    let outcome: ConnectionOutcome = isError ? .error : .success
    return node.outgoing.lazy.map { plan.connections[$0] }.filter { $0.outcome == outcome }
  }

  /// Asks for the conditions of a node's connections, or lets all deliver when none has one.
  mutating func route(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    guard !isCancelling else { return settle(slot, outcome(of: slot), delivered: [], at) }
    let candidates = candidates(of: slot)
    let conditions = candidates.compactMap(\.condition)
    guard !conditions.isEmpty else {
      return settle(slot, outcome(of: slot), delivered: candidates.map(\.id), at)
    }
    setStage(slot, .routing)
    let scope = scope(of: slot, output: rows[slot]?.output, for: conditions)
    actions.append(.evaluate(address(of: slot), EvaluationRequest(expressions: conditions, scope: scope)))
  }

  /// How a node ends whose output is known.
  func outcome(of slot: Int) -> NodeState { rows[slot]?.error == nil ? .success : .failure }

  /// Which connections deliver, by the results of those that have a condition.
  mutating func choose(
    _ slot: Int, _ results: [Result<JSONValue, ExpressionFailure>], _ at: Instant, _ actions: inout [Action]
  ) {
    var isDecision = false
    var takesFirst = false
    if case .success(.decision(let mode)) = planned(slot).config {
      isDecision = true
      takesFirst = mode == .exclusive
    }
    let candidates = candidates(of: slot)
    var matching: Set<Identifier> = []
    for (connection, result) in zip(candidates.filter { $0.condition != nil }, results) {
      // A condition behind the one that was taken does not count, nor does its failure.
      if takesFirst, !matching.isEmpty { break }
      switch result {
      case .success(let value): if value.isTruthy { matching.insert(connection.id) }
      case .failure(let failure):
        let target = plan.nodes[connection.to].node.key
        let reason = "the condition of its connection to '\(target)': \(failure.described)"
        return fail(slot, Failure(failure.code, reason), at, &actions)
      }
    }
    // Without a condition: the default of a decision, else a connection that always delivers.
    if !isDecision || matching.isEmpty {
      matching.formUnion(candidates.filter { $0.condition == nil }.map(\.id))
    }
    let delivered = candidates.map(\.id).filter(matching.contains)
    settle(slot, outcome(of: slot), delivered: delivered, at)
  }

  /// Gives a node that began its final state.
  mutating func settle(_ slot: Int, _ state: NodeState, delivered: [Identifier], _ at: Instant) {
    change(slot) {
      $0.state = state
      $0.delivered = delivered
      $0.wakeAt = nil
      $0.finishedAt = $0.finishedAt ?? at
      // The list of a loop that failed is kept: a run that retries this one goes on with it.
      let memo = $0.memo
      let isKept = state != .success && ["items", "handled", "final"].contains { memo?[$0] != nil }
      if !isKept { $0.memo = nil }
    }
    setStage(slot, .ended)
    guard let row = rows[slot] else { return }
    emit(.nodeFinished(RunEvent.NodeFinished(row)), at)
    if state == .success || row.isHandledFailure { deliver(row, from: slot) }
  }

  /// Ends what can end at once and tells effects to end.
  mutating func cancel(_ at: Instant, _ actions: inout [Action]) {
    guard !isCancelling, failing == nil else { return }
    isCancelling = true
    var hasEffects = false
    for slot in stages.indices {
      switch stages[slot] {
      case .preparing: settle(slot, .cancelled, delivered: [], at)
      case .sleeping, .pausing, .awaiting, .queueing: abandon(slot, at)
      case .following: cancelChild(of: slot, at)
      case .routing: settle(slot, outcome(of: slot), delivered: [], at)
      case .performing: hasEffects = true
      case .idle, .looping, .ended: break
      }
    }
    consumedSignals += mailbox.values.map(\.id).sorted()
    mailbox = [:]
    endStopped(at, &actions)
    if hasEffects { actions.append(.cancelEffects) }
  }

  /// The node ends with the run that it waits for: that one is asked to end, again by each owner.
  private mutating func cancelChild(of slot: Int, _ at: Instant) {
    guard let child = child(of: slot) else { return abandon(slot, at) }
    cancelledChildren.append(child)
    change(slot) { $0.wakeAt = at.advanced(byMilliseconds: RunMachine.maximumEndingMilliseconds) }
  }

  /// How long a cancelled run waits for the ends of its children at most. Theirs need seconds.
  static let maximumEndingMilliseconds: Int64 = 24 * 3_600_000

  /// Calls that an earlier owner began and whose cancellation is requested are not made again.
  mutating func cancelInterrupted(_ at: Instant) {
    for slot in stages.indices where stages[slot] == .preparing && hasEffect(slot) {
      if uncalled.contains(slot) { continue }
      let message =
        "The call was interrupted before the run was cancelled; whether it took effect is not known."
      change(slot) { $0.error = RunError(code: .unknownOutcome, message: message) }
    }
  }
}
