import Synchronization

/// Stores the transitions of all runs that a worker drives. While a transaction is under way those that come
/// collect, and the next one takes them together: the busier the worker, the fewer its transactions. Where
/// several runs have just ended together, the last transitions of others wait a moment for one another.
///
/// One for a worker, whose `run()` is the task in which everything is sent. Drivers call `commit` from their
/// tasks; the mutex protects what waits.
final class TransitionCommitter: Sendable {
  /// What a driver learns about its transition.
  enum Outcome: Sendable {
    case stored
    /// The run is no longer ours, or the lease could not be renewed in time.
    case lost
    /// It cannot be stored, so the run was ended as a failure.
    case ended
  }

  private struct Waiting: Sendable {
    let commit: RunCommit
    let isAwaited: Bool
    let answer: UnsafeContinuation<Outcome, Never>
    /// How often it was sent with others, and its run was locked by somebody.
    var lockedCount = 0

    /// Whether somebody goes on when it is stored: the run itself, the one that started it, or who waits for
    /// its end.
    var isUrgent: Bool {
      isAwaited || !commit.transition.releasesClaim || commit.transition.waitingParent != nil
    }
  }

  /// Whether those that wait do so for others to come.
  private enum Company {
    case none
    case isAwaited
    case wasAwaited
  }

  private struct State {
    var waiting: [Waiting] = []
    var urgentCount = 0
    /// Of the last transaction.
    var lastCount = 0
    var company = Company.none
    var isClosed = false

    mutating func put(_ new: [Waiting], first isFirst: Bool = false) {
      waiting = isFirst ? new + waiting : waiting + new
      urgentCount += new.count(where: \.isUrgent)
    }

    mutating func take(_ maximum: Int) -> [Waiting] {
      let batch = Array(waiting.prefix(maximum))
      waiting.removeFirst(batch.count)
      urgentCount -= batch.count(where: \.isUrgent)
      (lastCount, company) = (batch.count, .none)
      return batch
    }

    /// Whether the next transaction waits for more runs to end: several have just ended together, and of
    /// these nothing is left but to be read. A run that goes on, or that ends alone, waits for nobody.
    func waitsForCompany(_ fill: Int) -> Bool {
      waiting.count < fill && urgentCount == 0 && lastCount >= TransitionCommitter.companions
        && company != .wasAwaited
    }
  }

  /// Transactions of several transitions that are under way at most.
  private static let maximumFlights = 2
  /// Who looks for runs to claim may lock those that others have just claimed, for a moment: so often a
  /// transition goes with others before it waits for its run alone.
  private static let maximumLocked = 3
  /// A transaction of so many tells that runs end at a pace at which waiting for others pays.
  private static let companions = 3

  private let ports: WorkerPorts
  private let settings: WorkerSettings
  private let fence: LeaseFence
  private let notify: @Sendable (WorkerNotice) -> Void
  private let state = Mutex(State())
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation
  private let flights = Atomic<Int>(0)
  /// Transitions that give up their runs' claims, and are not stored yet.
  private let releasing = Atomic<Int>(0)

  init(
    ports: WorkerPorts, settings: WorkerSettings, fence: LeaseFence,
    notify: @escaping @Sendable (WorkerNotice) -> Void
  ) {
    self.ports = ports
    self.settings = settings
    self.fence = fence
    self.notify = notify
    (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Transitions that wait for a transaction.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Runs of which nothing is left to do but to store their last transition.
  var releasingCount: Int { releasing.load(ordering: .relaxed) }

  /// Whether something is being stored, or waits for it.
  var isBusy: Bool { flights.load(ordering: .relaxed) > 0 || waitingCount > 0 }

  /// Returns when the transition is stored, or will never be.
  /// - Parameters:
  ///   - input: the run's.
  ///   - isAwaited: whether somebody waits for the run's end.
  func commit(
    _ transition: RunTransition, under claim: RunClaim, input: JSONValue? = nil, isAwaited: Bool = false
  ) async -> Outcome {
    if transition.releasesClaim { releasing.add(1, ordering: .relaxed) }
    defer { if transition.releasesClaim { releasing.subtract(1, ordering: .relaxed) } }
    return await withUnsafeContinuation { answer in
      let waiting = Waiting(
        commit: RunCommit(transition, under: claim, input: input), isAwaited: isAwaited, answer: answer)
      let isClosed = state.withLock { state in
        if !state.isClosed { state.put([waiting]) }
        return state.isClosed
      }
      if isClosed { return answer.resume(returning: .lost) }
      ringer.yield()
    }
  }

  /// Sends what comes until the task is cancelled; whoever still waits then has lost its run.
  /// - Parameter stored: called after each transaction.
  func run(stored: @escaping @Sendable () async -> Void = {}) async {
    await withDiscardingTaskGroup { group in
      for await _ in bell {
        // Runs that were claimed together and have nothing to wait for come to their ends one after the
        // other: behind those that are ready to go on the first one is not stored alone.
        await Task.yield()
        while let batch = takeBatch(in: &group) {
          group.addTask {
            let unsettled = await self.store(batch)
            self.flights.subtract(1, ordering: .relaxed)
            self.ringer.yield()
            await stored()
            await self.settle(unsettled)
          }
        }
      }
    }
    let rest = state.withLock { state in
      defer { state = State(isClosed: true) }
      return state.waiting
    }
    for waiting in rest { waiting.answer.resume(returning: .lost) }
  }

  /// The transitions of the next transaction, if one may begin now. Only `run` calls it.
  private func takeBatch(in group: inout DiscardingTaskGroup) -> [Waiting]? {
    let underWay = flights.load(ordering: .relaxed)
    guard underWay < TransitionCommitter.maximumFlights else { return nil }
    let (batch, beginsToWait) = state.withLock { state -> ([Waiting]?, Bool) in
      guard state.waiting.count >= (underWay == 0 ? 1 : settings.commitFill) else { return (nil, false) }
      guard settings.companyMicroseconds > 0, state.waitsForCompany(settings.commitFill) else {
        return (state.take(settings.commitBatch), false)
      }
      defer { state.company = .isAwaited }
      return (nil, state.company == .none)
    }
    if beginsToWait { group.addTask { await self.endCompany() } }
    if batch != nil { flights.add(1, ordering: .relaxed) }
    return batch
  }

  private func endCompany() async {
    try? await ports.clock.sleep(microseconds: settings.companyMicroseconds)
    state.withLock { if $0.company == .isAwaited { $0.company = .wasAwaited } }
    ringer.yield()
  }
}

// One transaction.
extension TransitionCommitter {
  /// Stores transitions, and tells each driver what became of its own; returns those that have to be sent
  /// again, alone.
  private func store(_ batch: [Waiting]) async -> [Waiting] {
    guard let results = await send(batch.map(\.commit)) else {
      for waiting in batch { waiting.answer.resume(returning: .lost) }
      return []
    }
    var alone: [Waiting] = []
    var again: [Waiting] = []
    for (waiting, result) in zip(batch, results) {
      switch result {
      case .committed: waiting.answer.resume(returning: .stored)
      case .stale: waiting.answer.resume(returning: .lost)
      case .unsettled where waiting.lockedCount < TransitionCommitter.maximumLocked:
        again.append(waiting)
        again[again.count - 1].lockedCount += 1
      case .unsettled, .refused: alone.append(waiting)
      }
    }
    return alone + sendAgain(again)
  }

  /// Puts transitions before those that wait; returns them when nothing is sent together any more.
  private func sendAgain(_ batch: [Waiting]) -> [Waiting] {
    state.withLock { state in
      guard !state.isClosed else { return batch }
      state.put(batch, first: true)
      return []
    }
  }

  private func settle(_ unsettled: [Waiting]) async {
    guard !unsettled.isEmpty else { return }
    await withDiscardingTaskGroup { group in
      for waiting in unsettled { group.addTask { await self.settle(waiting) } }
    }
  }

  /// Sends one transition alone until its outcome is known.
  private func settle(_ waiting: Waiting) async {
    while let result = await send([waiting.commit])?.first {
      switch result {
      case .committed: return waiting.answer.resume(returning: .stored)
      case .stale: return waiting.answer.resume(returning: .lost)
      case .refused(let reason):
        let isEnded = await abandon(waiting.commit.claim, reason)
        return waiting.answer.resume(returning: isEnded ? .ended : .lost)
      case .unsettled:
        guard await pause() else { return waiting.answer.resume(returning: .lost) }
      }
    }
    waiting.answer.resume(returning: .lost)
  }

  /// What the store says; nil when the lease is lost before it says anything.
  private func send(_ commits: [RunCommit]) async -> [CommitResult]? {
    while fence.isHeld {
      do {
        return try await ports.store.commit(commits)
      } catch {
        // Whether they are stored is not known; the same steps sent again are stored at most once.
        notify(.commitFailed(count: commits.count, error))
        guard await pause() else { return nil }
      }
    }
    return nil
  }

  /// Whether the run is over now.
  private func abandon(_ claim: RunClaim, _ reason: String) async -> Bool {
    let error = RunError(code: .runAbandoned, message: "What the run did cannot be stored.")
    while fence.isHeld {
      do {
        try await ports.store.abandon(claim, error)
        notify(.runAbandoned(claim.run, reason: reason))
        return true
      } catch {
        notify(.commitFailed(count: 1, error))
        guard await pause() else { return false }
      }
    }
    return false
  }

  /// False when the task is cancelled.
  private func pause() async -> Bool {
    (try? await ports.clock.sleep(microseconds: settings.retryMilliseconds * 1000)) != nil
  }
}
