/// One run of a flow as a state machine without clock, database or sockets: inputs in, actions and a
/// transition out.
///
/// A value that its driver owns. The driver feeds it with `handle`, does what the actions say, and stores
/// `takeTransition()`; a side effect may only be performed after the transition that holds its intent is
/// stored. `RunMachine(version:snapshot:…)` goes on from what is stored, at any moment.
///
/// The rules, which `docs/flows.md` explains:
/// - A node runs once, when none of its incoming connections can still deliver and at least one has
///   (inclusive join). When none has, it is skipped, and so on along its connections.
/// - When a node fails, nothing new begins: no node, no call, no delay. Calls and evaluations that are
///   under way finish and are recorded, delays end as cancelled, what never began is skipped, and the run
///   fails.
/// - A cancelled run tells its calls to end, ends its delays, skips what never began, and ends when all
///   have ended. Whichever comes first, failure or cancellation, decides how the run ends.
public struct RunMachine: Sendable {
  /// Bounds of a run.
  public struct Limits: Sendable, Equatable {
    /// The largest input or output of a node in bytes of JSON.
    public var payloadBytes = 256 * 1024
    /// All outputs of a run together in bytes of JSON.
    public var totalBytes = 16 * 1024 * 1024
    /// Nodes that may begin in one run.
    public var steps = 1000

    public init() {}
  }

  public enum Input: Sendable, Equatable {
    /// An owner has taken the run, for the first time or again. Always the first input.
    case resumed(at: Instant, isCancelRequested: Bool)
    /// What `Action.evaluate` asked for.
    case evaluated(node: Identifier, [Result<JSONValue, ExpressionFailure>], at: Instant)
    /// How `Action.perform` ended.
    case performed(node: Identifier, ActionOutcome, at: Instant)
    /// Time has passed; delays that end now or before go on.
    case woke(at: Instant)
    /// Somebody wants the run to end.
    case cancelRequested(at: Instant)
  }

  public enum Action: Sendable, Equatable {
    /// Evaluate, and come back with `evaluated`. Without side effects: may be done before anything is
    /// stored, and again.
    case evaluate(node: Identifier, EvaluationRequest)
    /// Perform once the transition is stored, and come back with `performed`.
    case perform(ActionRequest)
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
    /// Its outcome is known; the conditions of its connections are being evaluated.
    case routing
    case ended
  }

  public let run: RunReference
  public private(set) var state: RunState
  let plan: RunPlan
  let limits: Limits
  let environment: JSONObject
  let runInput: JSONValue
  let triggerNodeID: Identifier?
  private(set) var startedAt: Instant?
  private(set) var finishedAt: Instant?
  private(set) var output: JSONValue?
  private(set) var error: RunError?

  /// By position in the plan; nil for what was not reached.
  var rows: [NodeRun?]
  var stages: [Stage]
  /// By position in the plan: whether a connection delivered, nil while it still can.
  var deliveries: [Bool?]
  /// Positions of nodes whose incoming connections changed.
  var work: [Int] = []
  /// The first failure; the run ends with it.
  var failing: RunError?
  var isCancelling = false
  /// Nodes that an earlier owner began: they end even while the run is failing.
  var interrupted: Set<Int> = []
  var outputBytes = 0
  var steps = 0

  private var changedRows: Set<Int> = []
  private var events: [RunEvent] = []
  private var step: Int
  private var storedState: RunState

  public init(claimed: ClaimedRun, limits: Limits = Limits()) {
    self.init(
      run: claimed.claim.run, version: claimed.version, snapshot: claimed.snapshot,
      environment: claimed.environment, limits: limits)
  }

  public init(
    run: RunReference, version: FlowVersion, snapshot: RunSnapshot, environment: JSONObject = [:],
    limits: Limits = Limits()
  ) {
    self.run = run
    self.limits = limits
    self.environment = environment
    plan = RunPlan(version)
    state = snapshot.state
    storedState = snapshot.state
    step = snapshot.step
    runInput = snapshot.input
    triggerNodeID = snapshot.triggerNodeID
    startedAt = snapshot.startedAt
    finishedAt = snapshot.finishedAt
    output = snapshot.output
    error = snapshot.error
    rows = Array(repeating: nil, count: plan.nodes.count)
    stages = Array(repeating: .idle, count: plan.nodes.count)
    deliveries = Array(repeating: nil, count: plan.connections.count)
    for row in snapshot.nodeRuns { restore(row) }
  }

  /// When the next delay ends, nil when none is under way.
  public var nextWakeAt: Instant? {
    stages.indices.lazy.filter { stages[$0] == .sleeping }.compactMap { rows[$0]?.wakeAt }.min()
  }

  /// Takes an input in and says what is to be done now.
  public mutating func handle(_ input: Input) -> [Action] {
    guard !state.isFinal else { return [] }
    var actions: [Action] = []
    switch input {
    case .resumed(let at, let isCancelRequested):
      resume(at, isCancelRequested: isCancelRequested, &actions)
      finishTurn(at, &actions)
    case .evaluated(let node, let results, let at):
      guard let place = plan.places[node] else { return [] }
      take(results, at: place, at, &actions)
      finishTurn(at, &actions)
    case .performed(let node, let outcome, let at):
      guard let place = plan.places[node], stages[place] == .performing else { return [] }
      take(outcome, at: place, at, &actions)
      finishTurn(at, &actions)
    case .woke(let at):
      wake(at, &actions)
      finishTurn(at, &actions)
    case .cancelRequested(let at):
      cancel(at, &actions)
      finishTurn(at, &actions)
    }
    return actions
  }

  /// What has changed since the last call and must be stored together; nil when nothing has.
  public mutating func takeTransition() -> RunTransition? {
    guard !changedRows.isEmpty || !events.isEmpty || state != storedState else { return nil }
    step += 1
    var transition = RunTransition(step: step, state: state)
    transition.startedAt = startedAt
    transition.finishedAt = finishedAt
    transition.output = output
    transition.error = error
    transition.nodeRuns = changedRows.sorted().compactMap { rows[$0] }
    transition.events = events
    transition.wakeAt = state == .waiting ? nextWakeAt : nil
    changedRows.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    storedState = state
    return transition
  }
}

// What the other files of the machine build on.
extension RunMachine {
  mutating func emit(_ kind: RunEvent.Kind, _ at: Instant) {
    events.append(RunEvent(at: at, kind))
  }

  /// Changes a row and remembers that it must be stored.
  mutating func change(_ place: Int, _ body: (inout NodeRun) -> Void) {
    guard var row = rows[place] else { return }
    body(&row)
    rows[place] = row
    changedRows.insert(place)
  }

  mutating func add(_ row: NodeRun, at place: Int) {
    rows[place] = row
    changedRows.insert(place)
  }

  private mutating func restore(_ row: NodeRun) {
    guard let place = plan.places[row.nodeID] else { return }
    rows[place] = row
    switch row.state {
    case .pending: stages[place] = .idle
    case .waiting: stages[place] = .sleeping
    case .running: stages[place] = row.finishedAt == nil ? .preparing : .routing
    case .success, .failure, .skipped, .cancelled: stages[place] = .ended
    }
    if row.startedAt != nil { steps += 1 }
    if let output = row.output { outputBytes += output.encoded().count }
    if row.state == .failure { failing = failing ?? runError(of: row) }
    // The connections of a failed or cancelled node stay open: its descendants are skipped when the run ends.
    if row.state == .success || row.state == .skipped { deliver(row, from: place) }
  }

  func runError(of row: NodeRun) -> RunError? {
    row.error.map { RunError(code: $0.code, message: $0.message, nodeID: row.nodeID) }
  }

  /// Sets the outgoing connections of a node that ended and puts their targets to work.
  mutating func deliver(_ row: NodeRun, from place: Int) {
    for index in plan.nodes[place].outgoing {
      deliveries[index] = row.delivered.contains(plan.connections[index].id)
      work.append(plan.connections[index].to)
    }
  }

  private mutating func resume(_ at: Instant, isCancelRequested: Bool, _ actions: inout [Action]) {
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
      return
    }
    for place in plan.nodes.indices {
      switch stages[place] {
      case .idle: if plan.nodes[place].incoming.isEmpty { work.append(place) }
      case .preparing: restart(place, at, &actions)
      case .routing: route(place, at, &actions)
      case .performing, .sleeping, .ended: break
      }
    }
    wake(at, &actions)
  }

  private mutating func wake(_ at: Instant, _ actions: inout [Action]) {
    for place in stages.indices where stages[place] == .sleeping {
      guard let row = rows[place], let wakeAt = row.wakeAt, wakeAt <= at else { continue }
      state = .running
      complete(place, output: row.input ?? .null, at, &actions)
    }
  }

  /// Lets everything begin that can, then looks whether the run waits or is over.
  private mutating func finishTurn(_ at: Instant, _ actions: inout [Action]) {
    while !work.isEmpty {
      // Of those that are ready together the one with the lowest position begins first.
      let places = Set(work).sorted()
      work.removeAll(keepingCapacity: true)
      for place in places { decide(place, at, &actions) }
    }
    if stages.contains(where: { $0 == .preparing || $0 == .performing || $0 == .routing }) { return }
    if failing == nil, !isCancelling, let wakeAt = nextWakeAt {
      if state != .waiting {
        state = .waiting
        emit(.waiting(until: wakeAt), at)
      }
      return
    }
    conclude(at)
  }

  private mutating func conclude(_ at: Instant) {
    for place in stages.indices where stages[place] == .sleeping {
      settle(place, .cancelled, delivered: [], at)
    }
    let reason: SkipReason = failing != nil ? .runFailed : isCancelling ? .runCancelled : .notReached
    for place in stages.indices where stages[place] == .idle { skip(place, reason, at) }
    work.removeAll()
    finishedAt = at
    if let failing {
      state = .failure
      error = failing
    } else if isCancelling {
      state = .cancelled
      error = RunError(code: .cancelled, message: "The run was cancelled.")
    } else {
      state = .success
      output = result(at)
    }
    emit(.finished(RunEvent.RunFinished(state: state, output: output, error: error)), at)
  }

  /// The output of the last nodes: of one as it is, of several by their keys.
  private mutating func result(_ at: Instant) -> JSONValue? {
    let last = plan.nodes.indices.filter {
      plan.nodes[$0].outgoing.isEmpty && rows[$0]?.state == .success
    }
    if last.count == 1 { return rows[last[0]]?.output }
    guard !last.isEmpty else { return nil }
    let members = last.map {
      JSONObject.Member(key: plan.nodes[$0].node.key, value: JSONValue(rows[$0]?.output))
    }
    let result = JSONValue.object(JSONObject(members))
    guard result.encoded().count <= limits.payloadBytes else {
      let message = "The results of the last nodes are larger than \(limits.payloadBytes) bytes together."
      emit(.logLine(RunEvent.LogLine(node: nil, level: .warn, message: message)), at)
      return nil
    }
    return result
  }
}
