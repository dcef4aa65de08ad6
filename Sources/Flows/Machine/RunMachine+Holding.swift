// Iterations that wait for their turn.
//
// A run that goes on where another one failed may have more iterations half done than its loops may have
// under way: all that had failed behind their first nodes. The first of them go on, the others are held back.
extension RunMachine {
  /// How many iterations of a loop may be under way at once.
  func concurrency(of slot: Int) -> Int {
    guard case .success(.loop(let config)) = planned(slot).config,
      let scope = plan.scopeOfLoop[place(of: slot)]
    else { return 0 }
    // Nothing can tell whether pure nodes of several iterations are evaluated together.
    return plan.scopes[scope].isPure ? max(config.concurrency, RunMachine.pureIterations) : config.concurrency
  }

  /// Iterations of pure nodes that are under way at once.
  private static let pureIterations = 64

  /// Holds back what was restored beyond what may be under way.
  mutating func holdBack() {
    for slot in loops.keys where stages[slot] == .looping {
      let open = frames.indices.filter { frames[$0].loop == slot && frames[$0].leftCount > 0 }
      for frame in open.dropFirst(concurrency(of: slot)) {
        frames[frame].isHeld = true
        loops[slot]?.underWay -= 1
        loops[slot]?.held.append(frame)
        heldCount += 1
      }
    }
  }

  /// Whether nothing of a frame may begin yet.
  func isHeld(_ frame: Int) -> Bool {
    guard heldCount > 0 else { return false }
    var frame = frame
    while let loop = frames[frame].loop {
      if frames[frame].isHeld { return true }
      frame = frameOfSlot[loop]
    }
    return false
  }

  /// Lets as many iterations of a loop go on as may be under way.
  mutating func releaseHeld(of slot: Int, _ at: Instant, _ actions: inout [Action]) {
    let limit = concurrency(of: slot)
    while let loop = loops[slot], loop.underWay < limit, let frame = loop.held.first {
      loops[slot]?.held.removeFirst()
      loops[slot]?.underWay += 1
      frames[frame].isHeld = false
      heldCount -= 1
      goOn(in: frame, at, &actions)
    }
  }

  /// Puts to work what is ready in a frame, and in the loops inside.
  private mutating func goOn(in frame: Int, _ at: Instant, _ actions: inout [Action]) {
    settling.insert(frame)
    let first = frames[frame].firstSlot
    for slot in first..<first + plan.scopes[frames[frame].scope].nodes.count {
      if stages[slot] == .idle { work.append(slot) }
      guard stages[slot] == .looping else { continue }
      for inner in frames.indices where frames[inner].loop == slot && !frames[inner].isHeld {
        goOn(in: inner, at, &actions)
      }
      advance(slot, at, &actions)
    }
  }

  /// An iteration is over: it is not under way any more, or never was.
  mutating func leave(_ frame: Int, of loop: Int) {
    guard frames[frame].isHeld else {
      loops[loop]?.underWay -= 1
      return
    }
    frames[frame].isHeld = false
    loops[loop]?.held.removeAll { $0 == frame }
    heldCount -= 1
  }
}
