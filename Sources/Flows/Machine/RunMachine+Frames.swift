/// One execution of the nodes of a scope: the flow itself, or an iteration of a loop.
struct Frame: Sendable {
  struct Key: Hashable, Sendable {
    let scope: Int
    let path: IterationPath
  }

  let scope: Int
  /// The slot of the loop; nil for the flow itself.
  let loop: Int?
  /// The position in the loop's list.
  let index: Int
  let path: IterationPath
  /// Where its nodes begin among the slots, and its connections among the deliveries.
  let firstSlot: Int
  let firstConnection: Int
  /// Nodes that have begun and not ended.
  var openCount = 0
  /// Nodes that have not ended.
  var leftCount: Int
  /// Why this iteration ends early, when its loop goes on.
  var failing: RunError?
  /// Its loop has enough others under way: nothing of it begins yet.
  var isHeld = false
  var isOver = false
}

/// A loop that is under way.
struct LoopState: Sendable {
  let items: [JSONValue]
  /// The first element whose iteration has not begun.
  private(set) var next = 0
  /// Elements behind it whose iterations have begun: a retried run keeps what later ones have done.
  private var ahead: Set<Int> = []
  var underWay = 0
  /// Iterations that have begun in another run and wait for their turn.
  var held: [Int] = []
  /// The results of the iterations that are over.
  var results: [JSONValue?]
  /// The first failure inside that no iteration and no inner loop handles.
  var failing: RunError?

  init(items: [JSONValue]) {
    self.items = items
    results = Array(repeating: nil, count: items.count)
  }

  /// An iteration has begun.
  mutating func begin(_ index: Int) {
    underWay += 1
    ahead.insert(index)
    while ahead.remove(next) != nil { next += 1 }
  }
}

// Frames: they open, stop early, and are over.
extension RunMachine {
  @discardableResult
  mutating func openFrame(scope: Int, loop: Int?, index: Int, path: IterationPath) -> Int {
    let count = plan.scopes[scope].nodes.count
    let number = frames.count
    frames.append(
      Frame(
        scope: scope, loop: loop, index: index, path: path, firstSlot: rows.count,
        firstConnection: deliveries.count, leftCount: count))
    frameOfKey[Frame.Key(scope: scope, path: path)] = number
    rows.append(contentsOf: repeatElement(nil, count: count))
    stages.append(contentsOf: repeatElement(.idle, count: count))
    frameOfSlot.append(contentsOf: repeatElement(number, count: count))
    deliveries.append(contentsOf: repeatElement(nil, count: plan.scopes[scope].connectionCount))
    if let loop { loops[loop]?.begin(index) }
    return number
  }

  /// Whether nothing new may begin in a frame: the run ends, or a failure around it is being handled.
  func isStopped(_ frame: Int) -> Bool {
    if failing != nil || isCancelling { return true }
    var frame = frame
    while let loop = frames[frame].loop {
      if frames[frame].failing != nil || loops[loop]?.failing != nil { return true }
      frame = frameOfSlot[loop]
    }
    return false
  }

  func isStopped(at slot: Int) -> Bool { isStopped(frameOfSlot[slot]) }

  func skipReason(in frame: Int) -> SkipReason {
    if failing != nil { return .runFailed }
    if isCancelling { return .runCancelled }
    return isStopped(frame) ? .iterationFailed : .notReached
  }

  /// A node failed for good. The failure goes up through the loops until one handles it; what it stops ends
  /// its delays now and begins nothing more.
  mutating func raise(
    _ error: RunError, from slot: Int, isFinal: Bool, _ at: Instant, _ actions: inout [Action]
  ) {
    if mark(error, from: slot, isFinal: isFinal) { endStopped(at, &actions) }
  }

  /// Ends all that waits inside of what was stopped, and looks at every iteration again.
  mutating func endStopped(_ at: Instant, _ actions: inout [Action]) {
    for slot in waiting.sorted() where isStopped(at: slot) && !(isCancelling && stages[slot] == .following) {
      abandon(slot, at)
    }
    for frame in frames.indices.dropFirst() where !frames[frame].isOver { settling.insert(frame) }
    guard heldCount > 0 else { return }
    for slot in loops.keys.sorted() where isStopped(at: slot) { advance(slot, at, &actions) }
  }

  /// Marks what a failure stops: an iteration, a loop that handles it, or the run.
  /// - Parameter isFinal: a bound of the whole run, which no loop handles.
  /// - Returns: false when that is stopped already.
  @discardableResult
  mutating func mark(_ error: RunError, from slot: Int, isFinal: Bool) -> Bool {
    guard !isCancelling, failing == nil else { return false }
    if isFinal {
      failing = error
      return true
    }
    var frame = frameOfSlot[slot]
    while let loop = frames[frame].loop {
      guard case .success(.loop(let config)) = planned(loop).config else { break }
      if config.onItemError == .continue {
        guard frames[frame].failing == nil else { return false }
        frames[frame].failing = error
        return true
      }
      guard loops[loop]?.failing == nil else { return false }
      loops[loop]?.failing = error
      if planned(loop).policy.onError != .fail { return true }
      frame = frameOfSlot[loop]
    }
    failing = error
    return true
  }

  /// Ends a node that waits, and the run that it waits for.
  mutating func abandon(_ slot: Int, _ at: Instant) {
    if stages[slot] == .following, let child = child(of: slot) { cancelledChildren.append(child) }
    settle(slot, .cancelled, delivered: [], at)
  }

  /// Looks whether an iteration is over, and lets its loop go on then.
  mutating func settle(frame number: Int, _ at: Instant, _ actions: inout [Action]) {
    let frame = frames[number]
    guard let loop = frame.loop, !frame.isOver, frame.openCount == 0 else { return }
    let isStopped = isStopped(number)
    guard frame.leftCount == 0 || isStopped else { return }
    frames[number].isOver = true
    let slots = frame.firstSlot..<frame.firstSlot + plan.scopes[frame.scope].nodes.count
    for slot in slots where stages[slot] == .idle { skip(slot, skipReason(in: number), at) }
    settling.remove(number)
    leave(number, of: loop)
    let failure = frame.failing.map { JSONValue.object(["error": $0.encoded()]) }
    let result = failure ?? result(ofFrame: number)
    loops[loop]?.results[frame.index] = result
    advance(loop, at, &actions)
  }

  /// The output of the last nodes that ran: of one as it is, of several by their keys.
  func result(ofFrame number: Int) -> JSONValue? {
    let frame = frames[number]
    let first = frame.firstSlot
    let last = (first..<first + plan.scopes[frame.scope].nodes.count).filter { slot in
      guard let row = rows[slot], row.state == .success || row.isHandledFailure else { return false }
      return candidates(of: slot).isEmpty
    }
    if last.count == 1 { return rows[last[0]]?.output }
    guard !last.isEmpty else { return nil }
    return .object(
      JSONObject(
        last.map { JSONObject.Member(key: planned($0).node.key, value: JSONValue(rows[$0]?.output)) }))
  }
}

// Loops.
extension RunMachine {
  mutating func startLoop(
    _ slot: Int, _ config: LoopConfig, _ items: JSONValue, _ at: Instant, _ actions: inout [Action]
  ) {
    guard !isStopped(at: slot) else { return settle(slot, .cancelled, delivered: [], at) }
    guard let list = items.array else {
      let reason = "config.items must be a list, not \(items.kindName)"
      return fail(slot, Failure(.configInvalid, reason), at, &actions)
    }
    guard list.count <= config.maximumIterations else {
      let reason = "its list has \(list.count) elements; at most \(config.maximumIterations) are allowed"
      return fail(slot, Failure(.iterationLimit, reason), at, &actions)
    }
    guard items.encoded().count <= limits.payloadBytes else {
      return fail(
        slot, Failure(.payloadTooLarge, "its list is larger than \(limits.payloadBytes) bytes"), at, &actions)
    }
    setStage(slot, .looping)
    change(slot) { $0.memo = ["items": items] }
    loops[slot] = LoopState(items: list)
    advance(slot, at, &actions)
  }

  /// Begins iterations as far as it may, or ends the loop.
  mutating func advance(_ slot: Int, _ at: Instant, _ actions: inout [Action]) {
    guard var loop = loops[slot], stages[slot] == .looping, let scope = plan.scopeOfLoop[place(of: slot)]
    else { return }
    if loop.failing != nil || isStopped(at: slot) {
      guard loop.underWay == 0, loop.held.isEmpty else { return }
      return endEarly(slot, loop, at, &actions)
    }
    guard !isHeld(frameOfSlot[slot]) else { return }
    if !loop.held.isEmpty {
      releaseHeld(of: slot, at, &actions)
      loop = loops[slot] ?? loop
    }
    if loop.next < loop.items.count {
      for _ in loop.underWay..<max(concurrency(of: slot), loop.underWay) { beginIteration(slot, scope) }
      return
    }
    guard loop.underWay == 0 else { return }
    loops[slot] = nil
    change(slot) { $0.memo = nil }
    complete(slot, output: .array(loop.results.map { $0 ?? .null }), at, &actions)
  }

  private mutating func beginIteration(_ slot: Int, _ scope: Int) {
    guard let loop = loops[slot], loop.next < loop.items.count else { return }
    let path = frames[frameOfSlot[slot]].path.appending(loop.next)
    let frame = openFrame(scope: scope, loop: slot, index: loop.next, path: path)
    settling.insert(frame)
    for place in plan.scopes[scope].nodes where plan.nodes[place].incoming.isEmpty {
      work.append(frames[frame].firstSlot + plan.nodes[place].local)
    }
  }

  /// A loop that something stopped and whose iterations have ended.
  private mutating func endEarly(
    _ slot: Int, _ loop: LoopState, _ at: Instant, _ actions: inout [Action]
  ) {
    loops[slot] = nil
    guard let error = loop.failing, !isCancelling else {
      return settle(slot, .cancelled, delivered: [], at)
    }
    fail(slot, Failure(error.code, error.message), at, &actions)
  }
}
