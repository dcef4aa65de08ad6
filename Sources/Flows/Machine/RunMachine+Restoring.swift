// Going on from stored rows.
extension RunMachine {
  /// Rows as they are stored. Of a node that is still being prepared is said that nothing has been called:
  /// its next owner need not fear to call it twice.
  mutating func storedRows(_ slots: [Int]) -> [NodeRun] {
    slots.compactMap { slot in
      guard var row = rows[slot] else { return nil }
      guard stages[slot] == .preparing, !interrupted.contains(slot), hasEffect(slot) else { return row }
      uncalled.insert(slot)
      var memo = row.memo?.object ?? JSONObject()
      memo["uncalled"] = true
      row.memo = .object(memo)
      return row
    }
  }

  func hasEffect(_ slot: Int) -> Bool {
    guard case .success(let config) = planned(slot).config else { return false }
    return config.hasEffect
  }

  /// Takes a row up. Rows inside a loop that is over are of no interest any more.
  mutating func restore(_ row: NodeRun) {
    // What the run has used up of its bounds counts wherever it was used.
    if row.startedAt != nil { steps += 1 }
    if let output = row.output { outputBytes += output.encoded().count }
    guard let place = plan.places[row.nodeID], let frame = restoredFrame(of: place, row.iteration) else {
      return
    }
    let slot = frames[frame].firstSlot + plan.nodes[place].local
    rows[slot] = row
    setStage(slot, stage(of: row))
    if row.memo?["uncalled"] != nil {
      uncalled.insert(slot)
      rows[slot]?.memo = row.memoOfAttempts
    }
    restoreTime(of: row, at: slot)
    if row.kind == .loop, stages[slot] == .looping {
      loops[slot] = LoopState(items: row.memo?["items"]?.array ?? [])
    }
    let isHandled = row.isHandledFailure
    if row.state == .failure, !isHandled, let error = row.error {
      let told = RunError(code: error.code, message: error.message, nodeID: row.nodeID)
      mark(told, from: slot, isFinal: row.memo?["final"] != nil)
    }
    // The connections of a failed or cancelled node stay open: its descendants are skipped when all ends.
    if row.state == .success || row.state == .skipped || isHandled { deliver(row, from: slot) }
  }

  private func stage(of row: NodeRun) -> Stage {
    switch row.state {
    case .pending: return .idle
    case .success, .failure, .skipped, .cancelled: return .ended
    case .running:
      if row.finishedAt != nil { return .routing }
      return row.kind == .loop && row.memo?["items"] != nil ? .looping : .preparing
    case .waiting:
      if row.memo?["wait"] != nil { return .awaiting }
      if row.memo?["child"] != nil { return .following }
      if row.memo?["slot"] != nil { return .queueing }
      return row.error != nil ? .pausing : .sleeping
    }
  }

  /// A call that is made again has its whole time again; for what only waits the time goes on.
  private mutating func restoreTime(of row: NodeRun, at slot: Int) {
    guard stages[slot] == .sleeping || stages[slot] == .looping, let startedAt = row.startedAt,
      let timeout = planned(slot).policy.timeoutMilliseconds
    else { return }
    let ofLaterAttempt = row.memo?["deadline"]?.integer.map { Instant(microseconds: $0) }
    deadlines[slot] = ofLaterAttempt ?? startedAt.advanced(byMilliseconds: timeout)
  }

  private mutating func restoredFrame(of place: Int, _ path: IterationPath) -> Int? {
    let scope = plan.nodes[place].scope
    let key = Frame.Key(scope: scope, path: path)
    if let known = frameOfKey[key] { return known }
    guard let loopPlace = plan.scopes[scope].loop, let index = path.indices.last,
      let outer = frameOfKey[Frame.Key(scope: plan.nodes[loopPlace].scope, path: path.outer)]
    else { return nil }
    let loop = frames[outer].firstSlot + plan.nodes[loopPlace].local
    guard let state = loops[loop], index < state.items.count else { return nil }
    return openFrame(scope: scope, loop: loop, index: index, path: path)
  }
}

extension IterationPath {
  /// The iteration around the innermost loop.
  var outer: IterationPath { IterationPath(indices.dropLast()) ?? .root }

  init?(_ indices: ArraySlice<Int>) { self.init(Array(indices)) }
}
