// Calls that wait until their integration has a slot for them.
//
// The driver asks the store for slots before an intent is stored; nothing has been called of what waits here.
extension RunMachine {
  /// How long a call waits in line at most.
  static let maximumQueueingMilliseconds: Int64 = 24 * 3_600_000

  /// A call found no free slot. The line is a row, and so is the node's waiting.
  mutating func postpone(
    _ slot: Int, _ request: ActionRequest, _ at: Instant, _ actions: inout [Action]
  ) {
    if let signal = mailbox.removeValue(forKey: request.address) {
      // One came free meanwhile: the driver asks again.
      consumedSignals.append(signal.id)
      return actions.append(.perform(request))
    }
    guard !isStopped(at: slot) else { return settle(slot, .cancelled, delivered: [], at) }
    var memo = rows[slot]?.memo?.object ?? JSONObject()
    memo["slot"] = true
    if request.mayHaveHappened { memo["repeats"] = true }
    // The time of an attempt is that of its call.
    deadlines[slot] = nil
    let latest = at.advanced(byMilliseconds: RunMachine.maximumQueueingMilliseconds)
    wait(slot, .queueing, until: latest, memo: .object(memo))
  }

  /// A slot is the node's: its expressions are evaluated anew, and the driver finds the slot taken for it.
  mutating func callNow(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    if rows[slot]?.memo?["repeats"] != nil { interrupted.insert(slot) }
    change(slot) {
      $0.state = .running
      $0.wakeAt = nil
      $0.memo = $0.memoOfAttempts
    }
    state = .running
    setStage(slot, .preparing)
    prepare(slot, at, &actions)
  }

  /// The call of a node that does not go on any more.
  func endedCall(_ slot: Int) -> CallSlot? {
    guard planned(slot).usesSlots, let integration = planned(slot).node.integrationID,
      let row = rows[slot], row.startedAt != nil, !stages[slot].holdsPlace
    else { return nil }
    return CallSlot(address(of: slot), of: integration)
  }
}

extension RunMachine.Stage {
  /// The node's call goes on, is about to begin, or waits in line.
  fileprivate var holdsPlace: Bool {
    switch self {
    case .preparing, .performing, .queueing: true
    case .idle, .sleeping, .pausing, .awaiting, .following, .looping, .routing, .ended: false
    }
  }
}
