/// One run of a flow as a state machine without clock, database or sockets: inputs in, actions and a
/// transition out.
///
/// A value that its driver owns. The driver feeds it with `handle`, does what the actions say, and stores
/// `takeTransition()`; a side effect may only be performed after the transition that holds its intent is
/// stored. `RunMachine(plan:snapshot:…)` goes on from what is stored, at any moment.
///
/// The rules, which `docs/flows.md` explains:
/// - A node runs once, when none of its incoming connections can still deliver and at least one has
///   (inclusive join). When none has, it is skipped, and so on along its connections. Inside a loop this
///   holds for each iteration.
/// - When a node fails for good and nothing handles it, nothing new begins: no node, no call, no delay.
///   Calls and evaluations that are under way finish and are recorded, delays end as cancelled, what never
///   began is skipped, and the run fails. A loop that handles errors keeps this to itself.
/// - A cancelled run tells its calls and the runs that it waits for to end, ends its delays, skips what never
///   began, and ends when all have ended. Whichever comes first, failure or cancellation, decides how the run
///   ends.
public struct RunMachine: Sendable {
  /// Bounds of a run.
  public struct Limits: Sendable, Equatable {
    /// The largest input or output of a node in bytes of JSON.
    public var payloadBytes = 256 * 1024
    /// All outputs of a run together in bytes of JSON.
    public var totalBytes = 16 * 1024 * 1024
    /// Nodes that may begin in one run, each iteration counted.
    public var steps = 50_000

    public init() {}
  }

  public enum Input: Sendable, Equatable {
    /// An owner has taken the run, for the first time or again. Always the first input. What has come for its
    /// nodes by then counts, also where nobody was there to take it before they had waited long enough.
    case resumed(at: Instant, isCancelRequested: Bool, signals: [NodeSignal] = [])
    /// What `Action.evaluate` asked for.
    case evaluated(NodeAddress, [Result<JSONValue, ExpressionFailure>], at: Instant)
    /// How `Action.perform` ended.
    case performed(NodeAddress, attempt: Int, ActionOutcome, at: Instant)
    /// Time has passed; what ends now or before goes on.
    case woke(at: Instant)
    /// What `Action.perform` asked for cannot begin yet: its integration has no free slot.
    case postponed(ActionRequest, at: Instant)
    /// What `Action.perform` asked for is not begun by this owner: the next one begins it.
    case withheld(ActionRequest)
    /// Something has come for waiting nodes; what has been seen before is passed over.
    case signalled([NodeSignal], at: Instant)
    /// Somebody wants the run to end.
    case cancelRequested(at: Instant)
  }

  public enum Action: Sendable, Equatable {
    /// Evaluate, and come back with `evaluated`. Without side effects: may be done before anything is
    /// stored, and again.
    case evaluate(NodeAddress, EvaluationRequest)
    /// Perform once the transition is stored, and come back with `performed`.
    case perform(ActionRequest)
    /// Cancel one effect that is under way; how it ends is of no interest any more.
    case cancelEffect(NodeAddress, attempt: Int)
    /// Cancel every effect that is under way; each still comes back with `performed`.
    case cancelEffects
  }

  /// Where a node is between two inputs.
  enum Stage: Sendable {
    case idle
    /// The expressions of its config are being evaluated.
    case preparing
    /// Its side effect is under way.
    case performing
    case sleeping
    /// The last attempt failed; the next begins after a pause.
    case pausing
    /// Something from outside has to happen, until `wakeAt`.
    case awaiting
    /// A run that it started has to end, until `wakeAt`.
    case following
    /// Its integration has to have a free slot, until `wakeAt`.
    case queueing
    /// A loop with iterations under way.
    case looping
    /// Its outcome is known; the conditions of its connections are being evaluated.
    case routing
    case ended

    /// Something is being computed or done.
    var isBusy: Bool { self == .preparing || self == .performing || self == .routing }
    /// Only time or something from outside brings it on.
    var isWaiting: Bool {
      switch self {
      case .sleeping, .pausing, .awaiting, .following, .queueing: true
      case .idle, .preparing, .performing, .looping, .routing, .ended: false
      }
    }
  }

  public let run: RunReference
  public internal(set) var state: RunState
  let plan: RunPlan
  let limits: Limits
  let environment: JSONObject
  let runInput: JSONValue
  let triggerNodeID: Identifier?
  let origin: RunOrigin
  let links: any ResumeLinks
  private(set) var startedAt: Instant?
  private(set) var finishedAt: Instant?
  private(set) var output: JSONValue?
  private(set) var error: RunError?

  /// The flow itself, and each iteration that has begun.
  var frames: [Frame] = []
  var frameOfKey: [Frame.Key: Int] = [:]
  /// By slot: a node in a frame. Nil for what was not reached.
  var rows: [NodeRun?] = []
  var stages: [Stage] = []
  var frameOfSlot: [Int] = []
  /// By position in a frame: whether a connection delivered, nil while it still can.
  var deliveries: [Bool?] = []
  /// By the slot of a loop that is under way.
  var loops: [Int: LoopState] = [:]
  /// Iterations that wait for their turn.
  var heldCount = 0

  /// Slots of nodes whose incoming connections changed.
  var work: [Int] = []
  /// Frames that may be over.
  var settling: Set<Int> = []
  /// The first failure that nothing handles; the run ends with it.
  var failing: RunError?
  var isCancelling = false
  /// Slots of nodes that an earlier owner began: they end even while the run is failing.
  var interrupted: Set<Int> = []
  /// Slots of nodes that are stored as begun though nothing has been called for them.
  var uncalled: Set<Int> = []
  var outputBytes = 0
  var steps = 0
  /// Slots whose stage `isBusy`.
  private(set) var busyCount = 0
  /// Slots whose stage `isWaiting`.
  private(set) var waiting: Set<Int> = []
  /// When a node's attempt is over at the latest, by slot.
  var deadlines: [Int: Instant] = [:]
  /// What has come for nodes that do not wait yet.
  var mailbox: [NodeAddress: NodeSignal] = [:]
  var seenSignals: Set<Identifier> = []
  var consumedSignals: [Identifier] = []
  var children: [ChildRun] = []
  var cancelledChildren: [Identifier] = []

  private var changedRows: Set<Int> = []
  private var events: [RunEvent] = []
  private var step: Int
  private var storedState: RunState

  public init(claimed: ClaimedRun, limits: Limits = Limits(), links: any ResumeLinks = NoResumeLinks()) {
    self.init(
      run: claimed.claim.run, plan: claimed.plan, snapshot: claimed.snapshot,
      surroundings: Surroundings(environment: claimed.environment, origin: claimed.origin, links: links),
      limits: limits)
  }

  /// What a run knows besides its flow and its rows.
  public struct Surroundings: Sendable {
    public var environment: JSONObject
    public var origin: RunOrigin
    public var links: any ResumeLinks

    public init(
      environment: JSONObject = [:], origin: RunOrigin = RunOrigin(),
      links: any ResumeLinks = NoResumeLinks()
    ) {
      self.environment = environment
      self.origin = origin
      self.links = links
    }
  }

  public init(
    run: RunReference, plan: RunPlan, snapshot: RunSnapshot,
    surroundings: Surroundings = Surroundings(), limits: Limits = Limits()
  ) {
    self.run = run
    self.limits = limits
    environment = surroundings.environment
    origin = surroundings.origin
    links = surroundings.links
    self.plan = plan
    state = snapshot.state
    storedState = snapshot.state
    step = snapshot.step
    runInput = snapshot.input
    // A replay may execute a version that does not have the trigger any more.
    triggerNodeID = snapshot.triggerNodeID.flatMap { plan.places[$0] == nil ? nil : $0 }
    startedAt = snapshot.startedAt
    finishedAt = snapshot.finishedAt
    output = snapshot.output
    error = snapshot.error
    openFrame(scope: 0, loop: nil, index: 0, path: .root)
    // The rows of a loop come before those of its iterations.
    for row in snapshot.nodeRuns.sorted(by: { $0.iteration < $1.iteration }) { restore(row) }
  }

  /// When something ends by itself, nil when nothing does.
  public var nextWakeAt: Instant? {
    let wakes = waiting.lazy.compactMap { rows[$0]?.wakeAt }.min()
    // What is being computed looks at its deadline itself.
    let ends = deadlines.lazy.filter { [stages] in stages[$0.key] != .preparing && stages[$0.key] != .routing
    }
    guard let deadline = ends.map(\.value).min() else { return wakes }
    return wakes.map { min($0, deadline) } ?? deadline
  }

  /// Takes an input in and says what is to be done now.
  public mutating func handle(_ input: Input) -> [Action] {
    guard !state.isFinal else { return [] }
    var actions: [Action] = []
    switch input {
    case .resumed(let at, let isCancelRequested, let signals):
      resume(at, isCancelRequested: isCancelRequested, signals, &actions)
      finishTurn(at, &actions)
    case .evaluated(let address, let results, let at):
      guard let slot = slot(of: address) else { return [] }
      take(results, at: slot, at, &actions)
      finishTurn(at, &actions)
    case .performed(let address, let attempt, let outcome, let at):
      guard let slot = slot(of: address), stages[slot] == .performing, rows[slot]?.attempt == attempt else {
        return []
      }
      take(outcome, at: slot, at, &actions)
      finishTurn(at, &actions)
    case .postponed(let request, let at):
      guard let slot = slot(of: request.address), stages[slot] == .performing,
        rows[slot]?.attempt == request.attempt
      else { return [] }
      postpone(slot, request, at, &actions)
      finishTurn(at, &actions)
    case .withheld(let request): withhold(request)
    case .woke(let at):
      wake(at, &actions)
      finishTurn(at, &actions)
    case .signalled(let signals, let at):
      take(signals, at, &actions)
      finishTurn(at, &actions)
    case .cancelRequested(let at):
      cancel(at, &actions)
      finishTurn(at, &actions)
    }
    return actions
  }

  /// What has changed since the last call and must be stored together; nil when nothing has.
  public mutating func takeTransition() -> RunTransition? {
    guard !changedRows.isEmpty || !events.isEmpty || !consumedSignals.isEmpty || state != storedState else {
      return nil
    }
    step += 1
    var transition = RunTransition(step: step, state: state)
    transition.startedAt = startedAt
    transition.finishedAt = finishedAt
    transition.output = output
    transition.error = error
    transition.nodeRuns = storedRows(changedRows.sorted())
    transition.endedCalls = changedRows.sorted().compactMap(endedCall)
    transition.events = events
    transition.consumedSignals = consumedSignals
    transition.children = children
    transition.cancelledChildren = cancelledChildren
    transition.waitingParent = state.isFinal ? origin.waiting : nil
    transition.wakeAt = state == .waiting ? nextWakeAt : nil
    transition.awaitsCancelledChildren = state == .waiting && isCancelling
    changedRows.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    consumedSignals = []
    children = []
    cancelledChildren = []
    storedState = state
    return transition
  }
}

// What the other files of the machine build on.
extension RunMachine {
  func place(of slot: Int) -> Int {
    let frame = frames[frameOfSlot[slot]]
    return plan.scopes[frame.scope].nodes[slot - frame.firstSlot]
  }

  func planned(_ slot: Int) -> RunPlan.Node { plan.nodes[place(of: slot)] }

  func address(of slot: Int) -> NodeAddress {
    NodeAddress(planned(slot).node.id, frames[frameOfSlot[slot]].path)
  }

  /// The slot of a node in an iteration that has begun.
  func slot(of address: NodeAddress) -> Int? {
    guard let place = plan.places[address.node] else { return nil }
    let node = plan.nodes[place]
    return frameOfKey[Frame.Key(scope: node.scope, path: address.iteration)].map {
      frames[$0].firstSlot + node.local
    }
  }

  mutating func emit(_ kind: RunEvent.Kind, _ at: Instant) {
    events.append(RunEvent(at: at, kind))
  }

  /// Changes a row and remembers that it must be stored.
  mutating func change(_ slot: Int, _ body: (inout NodeRun) -> Void) {
    guard var row = rows[slot] else { return }
    body(&row)
    rows[slot] = row
    changedRows.insert(slot)
  }

  mutating func add(_ row: NodeRun, at slot: Int) {
    rows[slot] = row
    changedRows.insert(slot)
  }

  /// Moves a node on and keeps all that is counted.
  mutating func setStage(_ slot: Int, _ stage: Stage) {
    let old = stages[slot]
    guard old != stage else { return }
    stages[slot] = stage
    busyCount += (stage.isBusy ? 1 : 0) - (old.isBusy ? 1 : 0)
    if stage.isWaiting { waiting.insert(slot) } else if old.isWaiting { waiting.remove(slot) }
    let frame = frameOfSlot[slot]
    if old == .idle { frames[frame].openCount += 1 }
    guard stage == .ended else { return }
    frames[frame].openCount -= 1
    frames[frame].leftCount -= 1
    deadlines[slot] = nil
    if frame > 0 { settling.insert(frame) }
  }

  /// Sets the outgoing connections of a node that ended and puts their targets to work.
  mutating func deliver(_ row: NodeRun, from slot: Int) {
    let frame = frames[frameOfSlot[slot]]
    for index in planned(slot).outgoing {
      let connection = plan.connections[index]
      deliveries[frame.firstConnection + connection.local] = row.delivered.contains(connection.id)
      work.append(frame.firstSlot + plan.nodes[connection.to].local)
    }
  }

  private mutating func resume(
    _ at: Instant, isCancelRequested: Bool, _ signals: [NodeSignal], _ actions: inout [Action]
  ) {
    if state == .pending {
      startedAt = at
      emit(.started, at)
    }
    state = .running
    if let error = plan.error {
      failing = error
      return
    }
    if isCancelRequested, failing == nil {
      cancelInterrupted(at)
      cancel(at, &actions)
      return take(signals, at, &actions)
    }
    holdBack()
    for slot in stages.indices {
      switch stages[slot] {
      case .idle: if planned(slot).incoming.isEmpty { work.append(slot) }
      case .preparing: restart(slot, at, &actions)
      case .routing: route(slot, at, &actions)
      case .looping: advance(slot, at, &actions)
      case .performing, .sleeping, .pausing, .awaiting, .following, .queueing, .ended: break
      }
    }
    take(signals, at, &actions)
    wake(at, &actions)
  }

  /// Lets everything begin that can, then looks whether the run waits or is over.
  private mutating func finishTurn(_ at: Instant, _ actions: inout [Action]) {
    while !work.isEmpty || !settling.isEmpty {
      // Of those that are ready together the one with the lowest position begins first.
      let slots = Set(work).sorted()
      work.removeAll(keepingCapacity: true)
      for slot in slots { decide(slot, at, &actions) }
      guard work.isEmpty else { continue }
      let frames = settling.sorted(by: >)
      settling.removeAll(keepingCapacity: true)
      for frame in frames { settle(frame: frame, at, &actions) }
    }
    if busyCount > 0 {
      state = .running
      return
    }
    // A cancelled run waits for nothing but the ends of its children.
    if failing == nil, let wakeAt = nextWakeAt {
      if state != .waiting {
        state = .waiting
        if !isCancelling { emit(.waiting(until: wakeAt), at) }
      }
      return
    }
    conclude(at)
  }

  private mutating func conclude(_ at: Instant) {
    for slot in stages.indices where stages[slot] != .idle && stages[slot] != .ended {
      settle(slot, .cancelled, delivered: [], at)
    }
    let reason = skipReason(in: 0)
    for slot in stages.indices where stages[slot] == .idle { skip(slot, reason, at) }
    work.removeAll()
    settling.removeAll()
    consumedSignals += mailbox.values.map(\.id).sorted()
    mailbox = [:]
    finishedAt = at
    if let failing {
      state = .failure
      error = failing
      startErrorFlow(failing, at)
    } else if isCancelling {
      state = .cancelled
      error = RunError(code: .cancelled, message: "The run was cancelled.")
    } else {
      state = .success
      output = result(ofFrame: 0)
      if let result = output, result.encoded().count > limits.payloadBytes {
        let message = "The results of the last nodes are larger than \(limits.payloadBytes) bytes together."
        emit(.logLine(RunEvent.LogLine(node: nil, level: .warn, message: message)), at)
        output = nil
      }
    }
    emit(.finished(RunEvent.RunFinished(state: state, output: output, error: error)), at)
  }
}
