// Nodes that wait: for an instant, for something from outside, for a run that they started.
extension RunMachine {
  mutating func sleep(
    _ slot: Int, _ delay: DelayConfig, _ amount: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    guard let milliseconds = delay.milliseconds(of: amount) else {
      let maximum = DelayConfig.maximumMilliseconds / delay.unitMilliseconds
      let reason = "\(delay.field) must be a number from 0 to \(maximum)"
      return fail(slot, Failure(.configInvalid, reason), at, &actions)
    }
    sleep(slot, to: at.advanced(byMilliseconds: milliseconds), at, &actions)
  }

  mutating func sleep(_ slot: Int, until value: JSONValue, _ at: Instant, _ actions: inout [Action]) {
    guard let instant = DelayConfig.instant(of: value) else {
      let reason = "config.until must be an instant such as 2026-11-21T09:30:00Z"
      return fail(slot, Failure(.configInvalid, reason), at, &actions)
    }
    guard instant.microseconds(since: at) / 1000 <= DelayConfig.maximumMilliseconds else {
      let reason = "config.until is more than 366 days ahead"
      return fail(slot, Failure(.configInvalid, reason), at, &actions)
    }
    sleep(slot, to: instant, at, &actions)
  }

  private mutating func sleep(
    _ slot: Int, to instant: Instant, _ at: Instant, _ actions: inout [Action]
  ) {
    guard !isStopped(at: slot) else { return settle(slot, .cancelled, delivered: [], at) }
    guard instant > at else { return complete(slot, output: JSONValue(rows[slot]?.input), at, &actions) }
    wait(slot, .sleeping, until: instant, memo: nil)
    // The row says when its first attempt began, and nothing of a later one.
    guard let deadline = deadlines[slot], rows[slot]?.attempt ?? 1 > 1 else { return }
    change(slot) {
      var memo = $0.memo?.object ?? JSONObject()
      memo["deadline"] = .integer(deadline.microseconds)
      $0.memo = .object(memo)
    }
  }

  mutating func wait(_ slot: Int, _ stage: Stage, until instant: Instant, memo: JSONValue?) {
    setStage(slot, stage)
    change(slot) {
      $0.state = .waiting
      $0.wakeAt = instant
      if let memo { $0.memo = memo }
    }
  }

  /// Waits for a webhook or an approval, unless it has come already.
  mutating func awaitSignal(
    _ slot: Int, _ config: WaitConfig, _ message: JSONValue?, _ at: Instant, _ actions: inout [Action]
  ) {
    guard !isStopped(at: slot) else { return settle(slot, .cancelled, delivered: [], at) }
    if let message { log(.info, message.string ?? message.text(), of: slot, at) }
    if let signal = mailbox.removeValue(forKey: address(of: slot)) {
      consumedSignals.append(signal.id)
      return complete(slot, output: signal.payload, at, &actions)
    }
    var end = at.advanced(byMilliseconds: config.timeoutMilliseconds)
    if let deadline = deadlines.removeValue(forKey: slot) { end = min(end, deadline) }
    var memo = rows[slot]?.memo?.object ?? JSONObject()
    memo["wait"] = .string(config.event.rawValue)
    wait(slot, .awaiting, until: end, memo: .object(memo))
  }

  /// What has come from outside. What comes before its node waits is kept; what nobody waits for any more is
  /// used up.
  mutating func take(_ signals: [NodeSignal], _ at: Instant, _ actions: inout [Action]) {
    for signal in signals where seenSignals.insert(signal.id).inserted {
      guard let kind = expected(at: signal.address), kind == signal.kind else {
        consumedSignals.append(signal.id)
        continue
      }
      guard let slot = slot(of: signal.address), stages[slot] != .idle else {
        keep(signal)
        continue
      }
      switch stages[slot] {
      case .awaiting:
        consumedSignals.append(signal.id)
        complete(slot, output: signal.payload, at, &actions)
      case .following:
        consumedSignals.append(signal.id)
        if signal.payload["executionId"]?.string == child(of: slot)?.text(.execution) {
          follow(slot, signal.payload, at, &actions)
        }
      case .queueing:
        consumedSignals.append(signal.id)
        callNow(slot, at, &actions)
      case .ended: consumedSignals.append(signal.id)
      default: keep(signal)
      }
    }
  }

  /// Of several for one node the first counts.
  private mutating func keep(_ signal: NodeSignal) {
    guard mailbox[signal.address] == nil, !isCancelling else { return consumedSignals.append(signal.id) }
    mailbox[signal.address] = signal
  }

  /// What a node goes on with, nil when it waits for nothing.
  private func expected(at address: NodeAddress) -> NodeSignal.Kind? {
    guard let place = plan.places[address.node], case .success(let config) = plan.nodes[place].config else {
      return nil
    }
    switch config {
    case .wait(let wait): return wait.event.signal
    case .flow(let action): return action.waits ? .childEnded : nil
    default: return plan.nodes[place].usesSlots ? .slotGiven : nil
    }
  }
}

// Runs that a run starts.
extension RunMachine {
  mutating func startFlow(
    _ slot: Int, _ action: FlowAction, _ input: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    guard !isStopped(at: slot) else { return settle(slot, .cancelled, delivered: [], at) }
    guard origin.depth < RunOrigin.maximumDepth else {
      let reason = "it is the \(origin.depth + 1)th run in a row that a run started"
      return fail(slot, Failure(.flowUnavailable, reason), at, &actions)
    }
    guard input.encoded().count <= limits.payloadBytes else {
      let reason = "the input of the run is larger than \(limits.payloadBytes) bytes"
      return fail(slot, Failure(.payloadTooLarge, reason), at, &actions)
    }
    let address = address(of: slot)
    let attempt = Identifier(
      high: UInt64(bitPattern: address.iteration.rawValue), low: UInt64(rows[slot]?.attempt ?? 1))
    let id = Identifier.derived(from: [run.runID, address.node, attempt], salt: 2, at: at)
    children.append(
      ChildRun(
        id: id, flowID: action.flowID, input: input, purpose: .subflow,
        waiting: action.waits ? address : nil, depth: origin.depth + 1))
    let name = JSONValue.string(id.text(.execution))
    guard action.waits else { return complete(slot, output: ["executionId": name], at, &actions) }
    let latest = at.advanced(byMilliseconds: NodePolicy.maximumTimeoutMilliseconds)
    var memo = rows[slot]?.memo?.object ?? JSONObject()
    memo["child"] = name
    wait(slot, .following, until: deadlines.removeValue(forKey: slot) ?? latest, memo: .object(memo))
  }

  /// The run that a node waits for.
  func child(of slot: Int) -> Identifier? {
    rows[slot]?.memo?["child"]?.string.flatMap { try? TypeID.parse($0, as: .execution) }
  }

  /// The run that a node waits for is over: `{executionId, state, output, error}`.
  private mutating func follow(
    _ slot: Int, _ end: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    if end["state"]?.string == RunState.success.rawValue {
      return complete(slot, output: JSONValue(end["output"]), at, &actions)
    }
    guard !isCancelling else { return settle(slot, .cancelled, delivered: [], at) }
    let error = end["error"].flatMap(RunError.init(decoding:))
    if error?.code == .flowUnavailable {
      return fail(slot, Failure(.flowUnavailable, error?.message ?? ""), at, &actions)
    }
    let name = end["executionId"]?.string ?? "that it started"
    let reason = "the run \(name) ended as \(end["state"]?.string ?? "failure"): \(error?.message ?? "")"
    fail(slot, Failure(.childFailed, reason), at, &actions)
  }

  /// Has a run of the error flow queued with the end of this one; a failure of that run starts nothing.
  mutating func startErrorFlow(_ error: RunError, _ at: Instant) {
    guard let flow = plan.version.errorFlowID, !origin.isForFailure,
      origin.depth < RunOrigin.maximumDepth
    else { return }
    var described = error.encoded().object ?? JSONObject()
    described["node"] = JSONValue(error.nodeID.flatMap { plan.places[$0] }.map { plan.nodes[$0].node.key })
    let input: JSONValue = [
      "run": [
        "id": .string(run.runID.text(.execution)), "startedAt": JSONValue(startedAt?.description),
        "finishedAt": .string(at.description),
      ],
      "flow": [
        "id": .string(plan.version.flowID.text(.flow)), "name": .string(plan.version.flowName),
        "version": .integer(Int64(plan.version.number)),
      ],
      "error": .object(described),
    ]
    let id = Identifier.derived(from: [run.runID, flow], salt: 4, at: at)
    children.append(
      ChildRun(
        id: id, flowID: flow, input: input, purpose: .failure, waiting: nil, depth: origin.depth + 1))
  }
}

// Time.
extension RunMachine {
  /// Nodes that wait for something from outside and fail when they are woken now: what has been accepted for
  /// them counts first.
  public func waitsEnding(at: Instant) -> [NodeAddress] {
    waiting.sorted().filter { stages[$0] == .awaiting && rows[$0]?.wakeAt.map { $0 <= at } == true }
      .map { address(of: $0) }
  }

  /// Brings on what ends now or before.
  mutating func wake(_ at: Instant, _ actions: inout [Action]) {
    for slot in waiting.sorted() {
      guard stages[slot].isWaiting, let row = rows[slot], let wakeAt = row.wakeAt else { continue }
      let deadline = deadlines[slot]
      guard min(wakeAt, deadline ?? wakeAt) <= at else { continue }
      state = .running
      switch stages[slot] {
      case .pausing: beginAgain(slot, at, &actions)
      case .awaiting:
        fail(slot, Failure(.waitTimeout, "what it waited for did not happen in time"), at, &actions)
      case .following: timeOut(slot, at, &actions)
      case .queueing:
        fail(slot, Failure(.waitTimeout, "its integration had no room for it in time"), at, &actions)
      default:
        if let deadline, deadline < wakeAt {
          timeOut(slot, at, &actions)
        } else {
          complete(slot, output: row.input ?? .null, at, &actions)
        }
      }
    }
    for slot in deadlines.filter({ $0.value <= at }).keys.sorted() {
      guard stages[slot] == .performing || stages[slot] == .looping else { continue }
      state = .running
      timeOut(slot, at, &actions)
    }
  }

  /// An attempt has used up the node's time.
  mutating func timeOut(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    let milliseconds = planned(slot).policy.timeoutMilliseconds ?? 0
    let failure = Failure(.nodeTimeout, "it was not done within \(milliseconds) ms")
    deadlines[slot] = nil
    switch stages[slot] {
    case .performing:
      actions.append(.cancelEffect(address(of: slot), attempt: rows[slot]?.attempt ?? 1))
      fail(slot, failure, at, &actions)
    case .following:
      if let child = child(of: slot) { cancelledChildren.append(child) }
      fail(slot, failure, at, &actions)
    case .looping: timeOutLoop(slot, failure, at, &actions)
    default: fail(slot, failure, at, &actions)
    }
  }

  /// Stops what is inside a loop, and cuts off its effects.
  private mutating func timeOutLoop(
    _ slot: Int, _ failure: Failure, _ at: Instant, _ actions: inout [Action]
  ) {
    guard !isStopped(at: slot), loops[slot]?.failing == nil else { return }
    let error = RunError(code: failure.code, message: failure.reason, nodeID: planned(slot).node.id)
    loops[slot]?.failing = error
    for inner in stages.indices where stages[inner] == .performing && isStopped(at: inner) {
      actions.append(.cancelEffect(address(of: inner), attempt: rows[inner]?.attempt ?? 1))
      change(inner) {
        $0.error = RunError(
          code: .unknownOutcome, message: "The call was cut off; whether it took effect is not known.")
      }
      settle(inner, .cancelled, delivered: [], at)
    }
    endStopped(at, &actions)
  }
}
