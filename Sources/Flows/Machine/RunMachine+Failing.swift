/// Why an attempt of a node failed.
struct Failure: Sendable {
  let code: RunError.Code
  let reason: String
  let errorClass: ErrorClass
  /// Milliseconds that the other side asks to wait for.
  var asked: Int64?
  /// The answer, kept as the node's output.
  var answer: JSONObject?
  /// A bound of the whole run: no policy helps.
  let isFinal: Bool

  init(
    _ code: RunError.Code, _ reason: String, errorClass: ErrorClass? = nil, asked: Int64? = nil,
    isFinal: Bool = false
  ) {
    self.code = code
    self.reason = reason
    self.errorClass = errorClass ?? ErrorClass(code)
    self.asked = asked
    self.isFinal = isFinal
  }
}

// What becomes of a failure: another attempt, a way around it, or the end.
extension RunMachine {
  mutating func fail(_ slot: Int, _ failure: Failure, _ at: Instant, _ actions: inout [Action]) {
    let node = planned(slot)
    let error = RunError(code: failure.code, message: "Node '\(node.node.key)' failed: \(failure.reason)")
    let isRouting = stages[slot] == .routing
    change(slot) {
      $0.error = error
      if let answer = failure.answer { $0.output = .object(answer) }
    }
    let isStopped = isStopped(at: slot)
    if !failure.isFinal, !isStopped, !isRouting, let pause = pause(before: slot, failure) {
      return self.pause(slot, milliseconds: pause, error, failure, at)
    }
    guard node.policy.onError != .fail, !failure.isFinal, !isStopped else {
      if failure.isFinal { change(slot) { $0.memo = ["final": true] } }
      settle(slot, .failure, delivered: [], at)
      let told = RunError(code: failure.code, message: error.message, nodeID: node.node.id)
      return raise(told, from: slot, isFinal: failure.isFinal, at, &actions)
    }
    handle(slot, error, failure, isRouting: isRouting, at, &actions)
  }

  /// The milliseconds before the next attempt, nil when there is none.
  private func pause(before slot: Int, _ failure: Failure) -> Int64? {
    guard let retry = planned(slot).policy.retry, let row = rows[slot] else { return nil }
    let retries = Int(clamping: row.memo?["retries"]?[failure.errorClass.rawValue]?.integer ?? 0)
    guard retry.allows(failure.errorClass, attempt: row.attempt, retries: retries) else { return nil }
    return retry.delayMilliseconds(
      after: row.attempt, chance: chance(of: row), asked: failure.asked)
  }

  /// A number from 0 up to 1 that follows from the run, the node and its attempt: the machine knows no dice.
  private func chance(of row: NodeRun) -> Double {
    let attempt = Identifier(high: UInt64(bitPattern: row.iteration.rawValue), low: UInt64(row.attempt))
    let number = Identifier.derived(
      from: [run.runID, row.nodeID, attempt], salt: 3, at: Instant(microseconds: 0))
    return Double(number.low & (1 << 53 - 1)) / Double(UInt64(1) << 53)
  }

  private mutating func pause(
    _ slot: Int, milliseconds: Int64, _ error: RunError, _ failure: Failure, _ at: Instant
  ) {
    let name = failure.errorClass.rawValue
    let wakeAt = at.advanced(byMilliseconds: milliseconds)
    change(slot) {
      $0.state = .waiting
      $0.wakeAt = wakeAt
      var retries = $0.memo?["retries"]?.object ?? JSONObject()
      retries[name] = .integer((retries[name]?.integer ?? 0) + 1)
      var memo: JSONObject = ["retries": .object(retries)]
      // Without an answer it may have happened: whoever knows the key tells that it is the same again.
      if failure.errorClass.isWithoutAnswer {
        memo["key"] = $0.memo?["key"] ?? .integer(Int64($0.attempt))
        if failure.code == .nodeTimeout { memo["cut"] = true }
      }
      $0.memo = .object(memo)
    }
    deadlines[slot] = nil
    setStage(slot, .pausing)
    if let row = rows[slot] {
      emit(.nodeRetrying(RunEvent.NodeRetrying(row, retryAt: wakeAt, error: error)), at)
    }
  }

  /// Goes on around a failure: the node's output is the error, and its connections deliver.
  private mutating func handle(
    _ slot: Int, _ error: RunError, _ failure: Failure, isRouting: Bool, _ at: Instant,
    _ actions: inout [Action]
  ) {
    var object = failure.answer ?? JSONObject()
    object["error"] = [
      "code": .string(error.code.rawValue), "message": .string(error.message),
      "attempts": .integer(Int64(rows[slot]?.attempt ?? 1)),
    ]
    if JSONValue.object(object).encoded().count > limits.payloadBytes { object = ["error": error.encoded()] }
    change(slot) {
      $0.output = .object(object)
      $0.finishedAt = at
      var memo = $0.memo?.object ?? JSONObject()
      memo["handled"] = true
      $0.memo = .object(memo)
    }
    guard isRouting else { return route(slot, at, &actions) }
    // A condition failed: only what needs none can be taken.
    let open = candidates(of: slot).filter { $0.condition == nil }.map(\.id)
    settle(slot, .failure, delivered: open, at)
  }
}
