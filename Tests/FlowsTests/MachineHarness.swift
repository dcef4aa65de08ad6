import Flows

/// Drives a machine without tasks: evaluates at once, stores each transition, performs effects in order.
/// Time moves by a millisecond with each input, and to the next delay's end when nothing else is to be
/// done.
struct MachineHarness {
  typealias Answer = (ActionRequest) -> ActionOutcome

  var machine: RunMachine
  var snapshot: RunSnapshot
  /// What was stored after each transition.
  var snapshots: [RunSnapshot] = []
  var events: [RunEvent] = []
  var performed: [ActionRequest] = []
  var effects: [ActionRequest] = []
  var hasCancelledEffects = false
  var cutOff: [NodeAddress] = []
  var children: [ChildRun] = []
  var cancelledChildren: [Identifier] = []
  var consumedSignals: [Identifier] = []
  var endedCalls: [CallSlot] = []
  /// Of each transition that waits: whether its cancellation is known.
  var parkings: [Bool] = []
  var now = Instant(microseconds: 1_700_000_000_000_000)
  let answer: Answer

  static let run = RunReference(organizationID: FlowBuilder.id(9001), runID: FlowBuilder.id(9002))

  init(
    _ flow: FlowBuilder, input: JSONValue = ["n": 1], from snapshot: RunSnapshot? = nil,
    limits: RunMachine.Limits = RunMachine.Limits(), origin: RunOrigin = RunOrigin(),
    answer: @escaping Answer = { _ in .ok }
  ) {
    self.snapshot = snapshot ?? RunSnapshot(input: input)
    machine = RunMachine(
      run: MachineHarness.run, plan: RunPlan(flow.version), snapshot: self.snapshot,
      surroundings: RunMachine.Surroundings(
        environment: ["region": "eu"], origin: origin, links: PlainLinks()),
      limits: limits)
    self.answer = answer
  }

  private var hasBegun = false

  /// From the claim, or from where it stands, to the end of the run.
  mutating func runToEnd() {
    if !hasBegun { begin() }
    while step() {}
  }

  mutating func begin(isCancelRequested: Bool = false) {
    hasBegun = true
    feed(.resumed(at: tick(), isCancelRequested: isCancelRequested))
  }

  /// Performs one effect, or lets the next delay end; false when the run is over or stuck.
  mutating func step() -> Bool {
    guard !machine.state.isFinal else { return false }
    if !effects.isEmpty {
      let effect = effects.removeFirst()
      performed.append(effect)
      feed(.performed(effect.address, attempt: effect.attempt, answer(effect), at: tick()))
      return true
    }
    guard let wakeAt = machine.nextWakeAt else { return false }
    now = max(now, wakeAt)
    feed(.woke(at: now))
    return true
  }

  mutating func feed(_ input: RunMachine.Input) {
    var queue = machine.handle(input)
    while !queue.isEmpty {
      switch queue.removeFirst() {
      case .evaluate(let address, let request):
        let results = request.expressions.map { MiniScript.value(of: $0, in: request.scope) }
        queue += machine.handle(.evaluated(address, results, at: tick()))
      case .perform(let request): effects.append(request)
      case .cancelEffect(let address, let attempt):
        cutOff.append(address)
        effects.removeAll { $0.address == address && $0.attempt == attempt }
      case .cancelEffects: hasCancelledEffects = true
      }
    }
    store()
  }

  mutating func store() {
    guard let transition = machine.takeTransition() else { return }
    snapshot.apply(transition)
    snapshots.append(snapshot)
    events += transition.events
    children += transition.children
    cancelledChildren += transition.cancelledChildren
    consumedSignals += transition.consumedSignals
    endedCalls += transition.endedCalls
    if transition.state == .waiting { parkings.append(transition.awaitsCancelledChildren) }
  }

  private mutating func tick() -> Instant {
    now = now.advanced(byMilliseconds: 1)
    return now
  }

  func row(_ key: String, _ indices: Int...) -> NodeRun? {
    snapshot.nodeRuns.first { $0.key == key && $0.iteration.indices == indices }
  }

  /// "a:success b:skipped" in the order of keys.
  var states: String {
    snapshot.nodeRuns.sorted { ($0.key, $0.iteration) < ($1.key, $1.iteration) }.map {
      "\($0.key)\($0.iteration == .root ? "" : "[\($0.iteration.text)]"):\($0.state)"
    }.joined(separator: " ")
  }

  /// What of a run does not depend on when and how often it was interrupted.
  var outcome: [String] {
    let rows = snapshot.nodeRuns.sorted { ($0.key, $0.iteration) < ($1.key, $1.iteration) }.map {
      "\($0.key)\($0.iteration.text) \($0.state) \($0.attempt) \(String(describing: $0.input)) \(String(describing: $0.output)) "
        + "\(String(describing: $0.error)) \(String(describing: $0.skipReason)) \($0.delivered)"
    }
    return rows + [
      "\(snapshot.state) \(String(describing: snapshot.output)) \(String(describing: snapshot.error))"
    ]
  }
}

/// Addresses that say what they are for.
struct PlainLinks: ResumeLinks {
  func url(for address: NodeAddress, of run: RunReference) -> String {
    "https://studio.test/resume/\(address.node.low)/\(address.iteration.text)"
  }
}

extension ActionOutcome {
  static let ok = ActionOutcome.answered(
    HTTPAnswer(status: 200, headers: ["content-type": "application/json"], body: ["total": 3]))
}

extension RunEvent {
  /// A word or two for transcripts.
  func line(_ keys: [Identifier: String]) -> String {
    switch kind {
    case .nodeStarted(let event): "start \(event.key)"
    case .nodeFinished(let event): "\(event.state) \(event.key)"
    case .nodeRetrying(let event): "retry \(event.key)"
    case .logLine(let line): "log \(line.message)"
    case .waiting: "waiting"
    case .finished(let event): "finished \(event.state)"
    case .queued, .started: kind.name
    }
  }
}
