/// Drives one claimed run: feeds its machine, has expressions evaluated, stores transitions, performs
/// effects.
///
/// Lives in one task of a `Worker`; effects and short delays are child tasks that report to its inbox. Pure
/// steps are stored together; a barrier stands only before an effect (its intent) and after it (its
/// outcome).
struct RunDriver: Sendable {
  /// What reaches a driver from outside.
  enum Message: Sendable {
    case performed(ActionRequest, ActionOutcome)
    case timePassed
    /// What had come before has been heard.
    case goOn
    case cancelRequested
    case signalled([NodeSignal])
    /// Begin nothing more; give the run back when the effects under way have ended.
    case stop
    /// Give the run back now.
    case abandon
    case lost
  }

  private enum End {
    case done
    case lost
    case givenBack(notBefore: Instant?)
    /// Given back before anything of it was done.
    case noPlace
  }

  private enum Stored {
    case kept
    /// Together with the claim: the run is final or waits for long.
    case released
    /// The run is over: what it became cannot be stored.
    case ended
    case lost
  }

  /// Evaluations of one batch: a run has no more of them in the sandbox's queue at once.
  private static let maximumEvaluations = 64

  let claimed: ClaimedRun
  let ports: WorkerPorts
  let settings: WorkerSettings
  let fence: LeaseFence
  let committer: TransitionCommitter
  let places: RunPlaces
  let notify: @Sendable (WorkerNotice) -> Void
  let inbox: AsyncStream<Message>
  let sender: AsyncStream<Message>.Continuation

  var run: RunReference { claimed.claim.run }

  /// Drives the run until it is final, waits for long, is lost, or has to be given back.
  /// - Returns: false when there was no place for it.
  func drive() async -> Bool {
    // Leaving the group waits for the effects, so nobody else begins the run while one of them still goes on.
    let end = await withDiscardingTaskGroup(returning: End.self) { group in
      let end = await begin(in: &group)
      group.cancelAll()
      return end
    }
    switch end {
    case .done: break
    case .lost: notify(.runLost(run))
    case .givenBack(let notBefore): await giveBack(notBefore: notBefore)
    case .noPlace:
      await giveBack(notBefore: nil)
      return false
    }
    return true
  }

  private func giveBack(notBefore: Instant?) async {
    do {
      try await ports.store.release(claimed.claim, notBefore: notBefore)
    } catch {
      notify(.releaseFailed(run, error))
    }
  }

  /// Takes a place for the run unless it ends at once, and drives it.
  private func begin(in group: inout DiscardingTaskGroup) async -> End {
    var machine = RunMachine(claimed: claimed, limits: settings.limits, links: ports.links)
    var turn = Turn(committedAt: ports.clock.monotonicMicroseconds())
    ports.beforeDriving?(claimed.snapshot)
    let now = ports.clock.now()
    guard let last = await lastSignals(for: machine, at: now) else { return .givenBack(notBefore: soon) }
    turn.add(
      machine.handle(
        .resumed(
          at: now, isCancelRequested: claimed.isCancelRequested, signals: claimed.signals + last)))
    if !machine.state.isFinal {
      guard places.take() else { return .noPlace }
      turn.hasPlace = true
    }
    let end = await drive(&turn, &machine, in: &group)
    leavePlace(&turn)
    return end
  }

  private func leavePlace(_ turn: inout Turn) {
    if turn.hasPlace { places.leave() }
    turn.hasPlace = false
  }

  private func drive(
    _ turn: inout Turn, _ machine: inout RunMachine, in group: inout DiscardingTaskGroup
  ) async -> End {
    var messages = inbox.makeAsyncIterator()
    while true {
      if turn.evaluations.isEmpty || isCommitDue(turn) || turn.isBlocked {
        withholdIfStopping(&turn, &machine)
        guard await admit(&turn, &machine) else { return .lost }
        switch await commit(&turn, &machine) {
        case .kept: turn.committedAt = ports.clock.monotonicMicroseconds()
        case .released: return released(machine)
        case .ended: return .done
        case .lost: return .lost
        }
        if !turn.isStopping { startEffects(&turn, in: &group) }
        if turn.isStopping, turn.tasks.isEmpty { return .givenBack(notBefore: wakeAt(machine)) }
      }
      if !turn.evaluations.isEmpty, !turn.isBlocked {
        await evaluate(&turn, &machine)
        guard isCommitDue(turn), !turn.isBlocked else { continue }
        // A run that computes for long hears what has come meanwhile.
        sender.yield(.goOn)
      }
      if turn.isBlocked, turn.tasks.isEmpty {
        return .givenBack(notBefore: soon)
      }
      let wakeAt = turn.isBlocked ? machine.nextWakeAt.map { max($0, soon) } : machine.nextWakeAt
      startTimer(&turn, until: wakeAt, in: &group)
      guard let message = await messages.next() else { return .givenBack(notBefore: self.wakeAt(machine)) }
      switch message {
      case .lost: return .lost
      case .abandon: return .givenBack(notBefore: self.wakeAt(machine))
      default: await take(message, &turn, &machine)
      }
    }
  }

  private func take(_ message: Message, _ turn: inout Turn, _ machine: inout RunMachine) async {
    let now = ports.clock.now()
    turn.isBlocked = false
    switch message {
    case .performed(let request, let outcome):
      turn.tasks[Turn.Effect(request)] = nil
      turn.add(
        machine.handle(.performed(request.address, attempt: request.attempt, outcome, at: now)))
    case .signalled(let signals): turn.add(machine.handle(.signalled(signals, at: now)))
    case .timePassed:
      turn.timerEndsAt = nil
      await wake(&turn, &machine, at: now)
    case .cancelRequested: turn.add(machine.handle(.cancelRequested(at: now)))
    case .stop: turn.isStopping = true
    case .goOn, .abandon, .lost: break
    }
    if machine.state.isFinal { turn.evaluations = [] }
    turn.cancelEffects()
  }

  private func wake(_ turn: inout Turn, _ machine: inout RunMachine, at now: Instant) async {
    guard let last = await lastSignals(for: machine, at: now) else { return turn.isBlocked = true }
    if !last.isEmpty { turn.add(machine.handle(.signalled(last, at: now))) }
    turn.add(machine.handle(.woke(at: now)))
  }

  /// What had been accepted for nodes whose time to wait is over; nil when the store cannot say, and they
  /// must not fail yet.
  private func lastSignals(for machine: RunMachine, at now: Instant) async -> [NodeSignal]? {
    let nodes = machine.waitsEnding(at: now)
    guard !nodes.isEmpty else { return [] }
    do {
      return try await ports.store.closeWaits(of: nodes, under: claimed.claim)
    } catch {
      notify(.signalsUnavailable(run, error))
      return nil
    }
  }

  /// When what could not be reached is tried again.
  private var soon: Instant { ports.clock.now().advanced(byMilliseconds: settings.unavailableMilliseconds) }

  /// Calls that a stopping process will not make must not be stored as made.
  private func withholdIfStopping(_ turn: inout Turn, _ machine: inout RunMachine) {
    guard turn.isStopping else { return }
    for request in turn.effects { turn.add(machine.handle(.withheld(request))) }
    turn.effects = []
  }

  private func released(_ machine: RunMachine) -> End {
    if machine.state.isFinal { notify(.runEnded(run, machine.state)) }
    return .done
  }

  /// A run that is given back while it waits keeps its instant.
  private func wakeAt(_ machine: RunMachine) -> Instant? {
    machine.state == .waiting ? machine.nextWakeAt : nil
  }

  private func isLong(_ wakeAt: Instant?) -> Bool {
    guard let wakeAt else { return false }
    return wakeAt.microseconds(since: ports.clock.now()) > settings.heldDelayMilliseconds * 1000
  }

  private func isCommitDue(_ turn: Turn) -> Bool {
    ports.clock.monotonicMicroseconds() - turn.committedAt >= settings.commitMilliseconds * 1000
  }
}

extension RunDriver {
  /// What is to be done between two messages.
  struct Turn {
    struct Effect: Hashable {
      let address: NodeAddress
      let attempt: Int

      init(_ address: NodeAddress, _ attempt: Int) {
        self.address = address
        self.attempt = attempt
      }

      init(_ request: ActionRequest) { self.init(request.address, request.attempt) }
    }

    var evaluations: [(address: NodeAddress, request: EvaluationRequest)] = []
    /// Their intents are not stored yet.
    var effects: [ActionRequest] = []
    /// Those of them that have a slot of their integration, or need none.
    var admitted: Set<Effect> = []
    /// Effects under way.
    var tasks: [Effect: Task<ActionOutcome, Never>] = [:]
    /// To be cut off.
    var cancelled: [Effect] = []
    var timerEndsAt: Instant?
    /// By the monotonic clock.
    var committedAt: Int64
    var isStopping = false
    /// It has one of the worker's places.
    var hasPlace = false
    /// The sandbox or the store could not be reached: what needs it waits for the next message, or for the
    /// next owner.
    var isBlocked = false

    mutating func add(_ actions: [RunMachine.Action]) {
      for action in actions {
        switch action {
        case .evaluate(let address, let request): evaluations.append((address, request))
        case .perform(let request): effects.append(request)
        case .cancelEffect(let address, let attempt): cancelled.append(Effect(address, attempt))
        case .cancelEffects: cancelled += tasks.keys
        }
      }
    }

    mutating func cancelEffects() {
      for effect in cancelled { tasks[effect]?.cancel() }
      cancelled = []
    }
  }

  /// Has evaluated what waits for it, so many in a batch that what comes meanwhile is heard soon.
  private func evaluate(_ turn: inout Turn, _ machine: inout RunMachine) async {
    let asked = turn.evaluations.prefix(RunDriver.maximumEvaluations)
    do {
      let results = try await ports.evaluator.evaluate(asked.map(\.request))
      let now = ports.clock.now()
      turn.evaluations.removeFirst(asked.count)
      for (evaluation, values) in zip(asked, results) {
        turn.add(machine.handle(.evaluated(evaluation.address, values, at: now)))
      }
    } catch {
      notify(.expressionsUnavailable(run, error))
      turn.isBlocked = true
    }
  }

  /// Stores what has changed.
  private func commit(_ turn: inout Turn, _ machine: inout RunMachine) async -> Stored {
    guard var transition = machine.takeTransition() else { return fence.isHeld ? .kept : .lost }
    transition.releasesClaim =
      transition.state.isFinal || (transition.state == .waiting && isLong(transition.wakeAt))
    // Nothing is left but to store it.
    if transition.releasesClaim { leavePlace(&turn) }
    switch await committer.commit(
      transition, under: claimed.claim, input: claimed.snapshot.input, isAwaited: claimed.isAwaited)
    {
    case .stored: return transition.releasesClaim ? .released : .kept
    case .lost: return .lost
    case .ended: return .ended
    }
  }

  private func startEffects(_ turn: inout Turn, in group: inout DiscardingTaskGroup) {
    for request in turn.effects {
      let task = Task { [performer = ports.performer] in await performer.perform(request) }
      turn.tasks[Turn.Effect(request)] = task
      group.addTask { [sender] in
        let outcome = await withTaskCancellationHandler {
          await task.value
        } onCancel: {
          task.cancel()
        }
        sender.yield(.performed(request, outcome))
      }
    }
    turn.effects = []
    turn.admitted = []
  }

  /// Waits for the end of a short delay or of an effect's time; a timer that is set for then or before is
  /// enough.
  private func startTimer(
    _ turn: inout Turn, until wakeAt: Instant?, in group: inout DiscardingTaskGroup
  ) {
    guard let wakeAt else { return }
    if let timerEndsAt = turn.timerEndsAt, timerEndsAt <= wakeAt { return }
    turn.timerEndsAt = wakeAt
    let microseconds = wakeAt.microseconds(since: ports.clock.now())
    group.addTask { [clock = ports.clock, sender] in
      guard (try? await clock.sleep(microseconds: microseconds)) != nil else { return }
      sender.yield(.timePassed)
    }
  }
}
