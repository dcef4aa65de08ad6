// How a node begins: the join, its input, its expressions, and what its kind does.
extension RunMachine {
  /// Begins or skips a node once all its incoming connections are decided.
  mutating func decide(_ place: Int, _ at: Instant, _ actions: inout [Action]) {
    guard stages[place] == .idle, failing == nil, !isCancelling else { return }
    let node = plan.nodes[place]
    if node.incoming.isEmpty {
      guard node.node.kind == .trigger else { return skip(place, .notReached, at) }
      let isMeant = triggerNodeID == nil || triggerNodeID == node.node.id
      return isMeant ? begin(place, at, &actions) : skip(place, .otherTrigger, at)
    }
    let incoming = node.incoming.map { deliveries[$0] }
    guard incoming.allSatisfy({ $0 != nil }) else { return }
    incoming.contains(true) ? begin(place, at, &actions) : skip(place, .notReached, at)
  }

  mutating func skip(_ place: Int, _ reason: SkipReason, _ at: Instant) {
    var row = newRow(place, .skipped, at)
    row.skipReason = reason
    row.finishedAt = at
    add(row, at: place)
    stages[place] = .ended
    emit(.nodeFinished(RunEvent.NodeFinished(row)), at)
    deliver(row, from: place)
  }

  private func newRow(_ place: Int, _ state: NodeState, _ at: Instant) -> NodeRun {
    let node = plan.nodes[place].node
    let id = Identifier.derived(from: [run.runID, node.id], salt: 1, at: at)
    var row = NodeRun(
      id: id, node: node.id, key: node.key, title: node.title, kind: node.kind, state: state)
    row.order = place
    return row
  }

  private mutating func begin(_ place: Int, _ at: Instant, _ actions: inout [Action]) {
    steps += 1
    var row = newRow(place, .running, at)
    row.attempt = 1
    row.startedAt = at
    let (input, isMerged) = input(of: place)
    let isTooLarge = isMerged && input.encoded().count > limits.payloadBytes
    row.input = isTooLarge ? nil : input
    add(row, at: place)
    emit(
      .nodeStarted(
        RunEvent.NodeStarted(node: row.nodeID, key: row.key, attempt: row.attempt, input: row.input)), at)
    if isTooLarge {
      return fail(place, .payloadTooLarge, "its input is larger than \(limits.payloadBytes) bytes", at)
    }
    guard steps <= limits.steps else {
      return fail(place, .stepLimit, "the run began more than \(limits.steps) nodes", at)
    }
    prepare(place, at, &actions)
  }

  /// What the incoming connections delivered: the output of one source, or several by their keys. A trigger
  /// gets the run's input.
  private func input(of place: Int) -> (value: JSONValue, isMerged: Bool) {
    let sources = plan.nodes[place].incoming.filter { deliveries[$0] == true }.map {
      plan.connections[$0].from
    }
    switch sources.count {
    case 0: return (runInput, false)
    case 1: return (JSONValue(rows[sources[0]]?.output), false)
    default:
      let members = sources.map {
        JSONObject.Member(key: plan.nodes[$0].node.key, value: JSONValue(rows[$0]?.output))
      }
      return (.object(JSONObject(members)), true)
    }
  }

  private mutating func log(_ level: RunEvent.LogLevel, _ message: String, of place: Int, _ at: Instant) {
    let node = plan.nodes[place].node
    emit(.logLine(RunEvent.LogLine(node: node.id, key: node.key, level: level, message: message)), at)
  }

  /// Begins again what an owner left without an outcome. An effect goes out with the same idempotency key.
  mutating func restart(_ place: Int, _ at: Instant, _ actions: inout [Action]) {
    interrupted.insert(place)
    if case .success(let config) = plan.nodes[place].config, config.hasEffect {
      let message = "The call was interrupted and is made again with the same idempotency key."
      log(.warn, message, of: place, at)
    }
    prepare(place, at, &actions)
  }

  private mutating func prepare(_ place: Int, _ at: Instant, _ actions: inout [Action]) {
    switch plan.nodes[place].config {
    case .failure(let problems):
      let reason = problems.list.prefix(3).map { "\($0.field): \($0.message)" }.joined(separator: "; ")
      fail(place, .configInvalid, reason, at)
    case .success(let config):
      let expressions = config.expressions.map(\.text)
      guard !expressions.isEmpty else { return execute(place, config, [], at, &actions) }
      stages[place] = .preparing
      let scope = scope(of: place, output: nil, for: expressions)
      let node = plan.nodes[place].node.id
      actions.append(.evaluate(node: node, EvaluationRequest(expressions: expressions, scope: scope)))
    }
  }

  /// Results of the expressions of a config or of conditions, whichever the node waits for.
  mutating func take(
    _ results: [Result<JSONValue, ExpressionFailure>], at place: Int, _ at: Instant,
    _ actions: inout [Action]
  ) {
    switch stages[place] {
    case .routing: choose(place, results, at)
    case .preparing:
      guard case .success(let config) = plan.nodes[place].config else { return }
      var values: [JSONValue] = []
      for (expression, result) in zip(config.expressions, results) {
        switch result {
        case .success(let value): values.append(value)
        case .failure(let failure):
          return fail(place, failure.code, "the expression in \(expression.field): \(failure.described)", at)
        }
      }
      execute(place, config, values, at, &actions)
    case .idle, .performing, .sleeping, .ended: break  // Cancelled meanwhile.
    }
  }

  /// Does what the node's kind does, with the values of its expressions.
  private mutating func execute(
    _ place: Int, _ config: NodeConfig, _ values: [JSONValue], _ at: Instant, _ actions: inout [Action]
  ) {
    let input = JSONValue(rows[place]?.input)
    var values = values[...]
    switch config {
    case .trigger, .decision: complete(place, output: input, at, &actions)
    case .filter:
      guard values.first?.isTruthy != true else { return complete(place, output: input, at, &actions) }
      complete(place, output: ["passed": false], stops: true, at, &actions)
    case .transform: complete(place, output: values.first ?? .null, at, &actions)
    case .mapping(let fields):
      let members = zip(fields, values).map {
        JSONObject.Member(key: String($0.field.dropFirst("config.mapping.".count)), value: $1)
      }
      complete(place, output: .object(JSONObject(members)), at, &actions)
    case .log(let action):
      let filled = action.message.filled(&values)
      let message = filled.string ?? filled.text()
      log(action.level, message, of: place, at)
      complete(place, output: ["message": .string(message)], at, &actions)
    case .delay(let delay): sleep(place, delay, delay.amount.filled(&values), at, &actions)
    case .http(let action): call(place, action, action.request.filled(&values), at, &actions)
    case .connector(let action):
      let call = ConnectorCall(operation: action.operation, input: action.input.filled(&values))
      perform(place, .connector(call), at, &actions)
    case .email(let action): send(place, action, action.message.filled(&values), at, &actions)
    }
  }

  private mutating func sleep(
    _ place: Int, _ delay: DelayConfig, _ amount: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    guard failing == nil else { return settle(place, .cancelled, delivered: [], at) }
    guard let milliseconds = delay.milliseconds(of: amount) else {
      let maximum = DelayConfig.maximumMilliseconds / delay.unitMilliseconds
      return fail(place, .configInvalid, "\(delay.field) must be a number from 0 to \(maximum)", at)
    }
    guard milliseconds > 0 else {
      return complete(place, output: JSONValue(rows[place]?.input), at, &actions)
    }
    stages[place] = .sleeping
    change(place) {
      $0.state = .waiting
      $0.wakeAt = at.advanced(byMilliseconds: milliseconds)
    }
  }

  private mutating func send(
    _ place: Int, _ action: EmailAction, _ message: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    do {
      perform(place, .email(try action.call(message)), at, &actions)
    } catch {
      fail(place, .configInvalid, "\(error.field): \(error.message)", at)
    }
  }

  private mutating func call(
    _ place: Int, _ action: HTTPAction, _ request: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    guard failing == nil || interrupted.contains(place) else {
      return settle(place, .cancelled, delivered: [], at)
    }
    do {
      perform(place, .http(try action.call(request)), at, &actions)
    } catch {
      fail(place, .configInvalid, "\(error.field): \(error.message)", at)
    }
  }

  private mutating func perform(
    _ place: Int, _ effect: ActionEffect, _ at: Instant, _ actions: inout [Action]
  ) {
    guard failing == nil || interrupted.contains(place) else {
      return settle(place, .cancelled, delivered: [], at)
    }
    stages[place] = .performing
    let attempt = rows[place]?.attempt ?? 1
    actions.append(
      .perform(ActionRequest(run: run, node: plan.nodes[place].node, attempt: attempt, effect: effect)))
  }
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
