// How a node begins: the join, its input, its expressions, and what its kind does.
extension RunMachine {
  /// Begins or skips a node once all its incoming connections are decided.
  mutating func decide(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    let number = frameOfSlot[slot]
    guard stages[slot] == .idle, !isStopped(number), !isHeld(number) else { return }
    let node = planned(slot)
    if node.incoming.isEmpty {
      if number > 0 { return begin(slot, at, &actions) }
      guard node.node.kind == .trigger else { return skip(slot, .notReached, at) }
      let isMeant = triggerNodeID == nil || triggerNodeID == node.node.id
      return isMeant ? begin(slot, at, &actions) : skip(slot, .otherTrigger, at)
    }
    let first = frames[number].firstConnection
    let incoming = node.incoming.map { deliveries[first + plan.connections[$0].local] }
    guard incoming.allSatisfy({ $0 != nil }) else { return }
    incoming.contains(true) ? begin(slot, at, &actions) : skip(slot, .notReached, at)
  }

  mutating func skip(_ slot: Int, _ reason: SkipReason, _ at: Instant) {
    var row = newRow(slot, .skipped, at)
    row.skipReason = reason
    row.finishedAt = at
    add(row, at: slot)
    setStage(slot, .ended)
    emit(.nodeFinished(RunEvent.NodeFinished(row)), at)
    deliver(row, from: slot)
  }

  private func newRow(_ slot: Int, _ state: NodeState, _ at: Instant) -> NodeRun {
    let node = planned(slot).node
    let path = frames[frameOfSlot[slot]].path
    let id = Identifier.derived(from: [run.runID, node.id, path.parent], salt: 1, at: at)
    var row = NodeRun(
      id: id, node: node.id, key: node.key, title: node.title, kind: node.kind, state: state, iteration: path)
    row.order = place(of: slot)
    return row
  }

  private mutating func begin(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    steps += 1
    var row = newRow(slot, .running, at)
    row.attempt = 1
    row.startedAt = at
    let (input, isMerged) = input(of: slot)
    let isTooLarge = isMerged && input.encoded().count > limits.payloadBytes
    row.input = isTooLarge ? nil : input
    add(row, at: slot)
    emitStart(row, at)
    // Of this stage a failure may be handled.
    setStage(slot, .preparing)
    if isTooLarge {
      let failure = Failure(.payloadTooLarge, "its input is larger than \(limits.payloadBytes) bytes")
      return fail(slot, failure, at, &actions)
    }
    guard steps <= limits.steps else {
      let reason = "the run began more than \(limits.steps) nodes"
      return fail(slot, Failure(.stepLimit, reason, isFinal: true), at, &actions)
    }
    prepare(slot, at, &actions)
  }

  private mutating func emitStart(_ row: NodeRun, _ at: Instant) {
    emit(
      .nodeStarted(
        RunEvent.NodeStarted(
          node: row.nodeID, iteration: row.iteration, key: row.key, attempt: row.attempt, input: row.input)),
      at)
  }

  /// Begins the next attempt of a node that failed.
  mutating func beginAgain(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    change(slot) {
      $0.state = .running
      $0.attempt += 1
      $0.wakeAt = nil
      $0.error = nil
      $0.output = nil
    }
    if let row = rows[slot] { emitStart(row, at) }
    setStage(slot, .preparing)
    prepare(slot, at, &actions)
  }

  /// What the incoming connections delivered: the output of one source, or several by their keys. A trigger
  /// gets the run's input, what begins an iteration its item.
  private func input(of slot: Int) -> (value: JSONValue, isMerged: Bool) {
    let frame = frames[frameOfSlot[slot]]
    let sources = planned(slot).incoming.map { plan.connections[$0] }.filter {
      deliveries[frame.firstConnection + $0.local] == true
    }.map(\.from)
    func output(_ place: Int) -> JSONValue {
      JSONValue(rows[frame.firstSlot + plan.nodes[place].local]?.output)
    }
    switch Set(sources).count {
    case 0: return (frame.loop.map { _ in item(of: frame) } ?? runInput, false)
    case 1: return (output(sources[0]), false)
    default:
      let members = sources.map {
        JSONObject.Member(key: plan.nodes[$0].node.key, value: output($0))
      }
      return (.object(JSONObject(members)), true)
    }
  }

  mutating func log(_ level: RunEvent.LogLevel, _ message: String, of slot: Int, _ at: Instant) {
    let (node, address) = (planned(slot).node, address(of: slot))
    emit(
      .logLine(
        RunEvent.LogLine(
          node: node.id, iteration: address.iteration, key: node.key, level: level, message: message)), at)
  }

  /// Begins again what an owner left without an outcome. An effect goes out with the same idempotency key,
  /// or not at all.
  mutating func restart(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    guard !uncalled.contains(slot) else { return prepare(slot, at, &actions) }
    interrupted.insert(slot)
    let node = planned(slot)
    if case .success(let config) = node.config, config.hasEffect {
      if node.policy.onUnknownOutcome == .fail {
        let reason = "the call was interrupted; whether it took effect is not known"
        return fail(slot, Failure(.unknownOutcome, reason), at, &actions)
      }
      let message = "The call was interrupted and is made again with the same idempotency key."
      log(.warn, message, of: slot, at)
    }
    prepare(slot, at, &actions)
  }

  mutating func prepare(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    let node = planned(slot)
    if let timeout = node.policy.timeoutMilliseconds {
      deadlines[slot] = at.advanced(byMilliseconds: timeout)
    }
    switch node.config {
    case .failure(let problems):
      let reason = problems.list.prefix(3).map { "\($0.field): \($0.message)" }.joined(separator: "; ")
      fail(slot, Failure(.configInvalid, reason), at, &actions)
    case .success(let config):
      let expressions = config.expressions.map(\.text)
      guard !expressions.isEmpty else { return execute(slot, config, [], at, &actions) }
      let scope = scope(of: slot, output: nil, for: expressions)
      actions.append(
        .evaluate(address(of: slot), EvaluationRequest(expressions: expressions, scope: scope)))
    }
  }

  /// Results of the expressions of a config or of conditions, whichever the node waits for.
  mutating func take(
    _ results: [Result<JSONValue, ExpressionFailure>], at slot: Int, _ at: Instant,
    _ actions: inout [Action]
  ) {
    switch stages[slot] {
    case .routing: choose(slot, results, at, &actions)
    case .preparing:
      guard case .success(let config) = planned(slot).config else { return }
      if let deadline = deadlines[slot], deadline < at { return timeOut(slot, at, &actions) }
      var values: [JSONValue] = []
      for (expression, result) in zip(config.expressions, results) {
        switch result {
        case .success(let value): values.append(value)
        case .failure(let failure):
          let reason = "the expression in \(expression.field): \(failure.described)"
          return fail(slot, Failure(failure.code, reason), at, &actions)
        }
      }
      execute(slot, config, values, at, &actions)
    case .idle, .performing, .sleeping, .pausing, .awaiting, .following, .queueing, .looping, .ended:
      break  // Ended meanwhile.
    }
  }

  /// Does what the node's kind does, with the values of its expressions.
  private mutating func execute(
    _ slot: Int, _ config: NodeConfig, _ values: [JSONValue], _ at: Instant, _ actions: inout [Action]
  ) {
    let input = JSONValue(rows[slot]?.input)
    var values = values[...]
    switch config {
    case .trigger, .decision: complete(slot, output: input, at, &actions)
    case .filter:
      guard values.first?.isTruthy != true else { return complete(slot, output: input, at, &actions) }
      complete(slot, output: ["passed": false], stops: true, at, &actions)
    case .transform: complete(slot, output: values.first ?? .null, at, &actions)
    case .mapping(let fields):
      let members = zip(fields, values).map {
        JSONObject.Member(key: String($0.field.dropFirst("config.mapping.".count)), value: $1)
      }
      complete(slot, output: .object(JSONObject(members)), at, &actions)
    case .log(let action):
      let filled = action.message.filled(&values)
      let message = filled.string ?? filled.text()
      log(action.level, message, of: slot, at)
      complete(slot, output: ["message": .string(message)], at, &actions)
    case .delay(let delay): sleep(slot, delay, delay.amount.filled(&values), at, &actions)
    case .until(let instant): sleep(slot, until: instant.filled(&values), at, &actions)
    case .wait(let wait): awaitSignal(slot, wait, wait.message?.filled(&values), at, &actions)
    case .http(let action): call(slot, action, action.request.filled(&values), at, &actions)
    case .connector(let action):
      let call = ConnectorCall(operation: action.operation, input: action.input.filled(&values))
      perform(slot, .connector(call), at, &actions)
    case .email(let action): send(slot, action, action.message.filled(&values), at, &actions)
    case .loop(let loop): startLoop(slot, loop, loop.items.filled(&values), at, &actions)
    case .flow(let action): startFlow(slot, action, action.input?.filled(&values) ?? input, at, &actions)
    }
  }

  private mutating func call(
    _ slot: Int, _ action: HTTPAction, _ request: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    do {
      perform(slot, .http(try action.call(request)), at, &actions)
    } catch {
      fail(slot, Failure(.configInvalid, "\(error.field): \(error.message)"), at, &actions)
    }
  }

  private mutating func send(
    _ slot: Int, _ action: EmailAction, _ message: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    do {
      perform(slot, .email(try action.call(message)), at, &actions)
    } catch {
      fail(slot, Failure(.configInvalid, "\(error.field): \(error.message)"), at, &actions)
    }
  }

  /// Nothing has been called: whoever goes on evaluates and calls, and need not fear to do so twice. A call
  /// that may have happened under an earlier owner stays as it is stored.
  mutating func withhold(_ request: ActionRequest) {
    guard let slot = slot(of: request.address), stages[slot] == .performing,
      rows[slot]?.attempt == request.attempt, !request.mayHaveHappened
    else { return }
    setStage(slot, .preparing)
    change(slot) { _ in }
  }

  private mutating func perform(
    _ slot: Int, _ effect: ActionEffect, _ at: Instant, _ actions: inout [Action]
  ) {
    guard !isStopped(at: slot) || interrupted.contains(slot) else {
      return settle(slot, .cancelled, delivered: [], at)
    }
    setStage(slot, .performing)
    // Stored before it is called.
    if uncalled.remove(slot) != nil { change(slot) { _ in } }
    let attempt = rows[slot]?.attempt ?? 1
    let (node, isRepetition) = (planned(slot), interrupted.remove(slot) != nil)
    var request = ActionRequest(
      run: run, node: node.node, iteration: address(of: slot).iteration, attempt: attempt, effect: effect)
    let memo = rows[slot]?.memo
    request.keyAttempt = memo?["key"]?.integer.map { Int(clamping: $0) } ?? attempt
    request.mayHaveHappened = (isRepetition || memo?["cut"] != nil) && node.policy.onUnknownOutcome == nil
    actions.append(.perform(request))
  }
}

extension IterationPath {
  /// For identifiers that follow from an iteration.
  var parent: Identifier { Identifier(high: 0, low: UInt64(bitPattern: rawValue)) }
}

extension ExpressionFailure {
  var code: RunError.Code {
    switch kind {
    case .syntax, .thrown: .expressionFailed
    case .timeout: .expressionTimeout
    case .tooLarge: .expressionTooLarge
    }
  }
}
