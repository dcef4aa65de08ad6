import Flows
import RunStoreSuite
import Synchronization

/// Signals that a test sends. The mutex protects the continuations.
final class TestSignals: RunSignals {
  private let continuations = Mutex<[AsyncStream<RunSignal>.Continuation]>([])

  func signals() async -> AsyncStream<RunSignal> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: RunSignal.self, bufferingPolicy: .bufferingNewest(16))
    continuations.withLock { $0.append(continuation) }
    return stream
  }

  func send(_ signal: RunSignal) {
    for continuation in continuations.withLock({ $0 }) { continuation.yield(signal) }
  }
}

/// Answers calls at once, or holds those of a node until the test or a cancellation ends them; counts them by
/// idempotency key. The mutex protects all of it.
final class TestPerformer: ActionPerformer {
  private struct State {
    var calls: [String: Int] = [:]
    var waiters: [CheckedContinuation<Void, Never>] = []
    var heldKeys: Set<String>
    var held: [AsyncStream<Void>.Continuation] = []
    var isHeld = false
  }

  private let state: Mutex<State>
  private let answer: @Sendable (ActionRequest) -> ActionOutcome

  init(
    holding keys: Set<String> = [],
    answer: @escaping @Sendable (ActionRequest) -> ActionOutcome = { _ in .ok }
  ) {
    state = Mutex(State(heldKeys: keys))
    self.answer = answer
  }

  var calls: [String: Int] { state.withLock { $0.calls } }

  func perform(_ request: ActionRequest) async -> ActionOutcome {
    // Never yields; ends by cancellation, or when it is released.
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let (isHeld, waiters) = state.withLock { state in
      state.calls[request.idempotencyKey, default: 0] += 1
      guard state.heldKeys.contains(request.nodeKey) else {
        return (false, [CheckedContinuation<Void, Never>]())
      }
      state.isHeld = true
      state.held.append(continuation)
      defer { state.waiters = [] }
      return (true, state.waiters)
    }
    for waiter in waiters { waiter.resume() }
    guard isHeld else { return answer(request) }
    for await _ in stream {}
    return Task.isCancelled ? .cancelled : answer(request)
  }

  /// Answers what is held.
  func release() {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.finish() }
  }

  /// Returns when a call that is held is under way.
  func waitUntilHeld() async {
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        if !state.isHeld { state.waiters.append(continuation) }
        return state.isHeld
      }
      if isHeld { continuation.resume() }
    }
  }
}

struct StoreUnreachable: Error {}

/// What one process sees of the store: it can lose the connection before or after a commit, or die.
actor ProcessStore: RunStore {
  enum Fault: Sendable {
    /// The commit never arrives; the process is dead from then on.
    case dieBeforeCommit(Int)
    /// The commit is stored; the process is dead from then on.
    case dieAfterCommit(Int)
    /// The answer to the commit is lost once.
    case loseAnswer(Int)
  }

  private let memory: MemoryRunStore
  private let fault: Fault?
  private let endsShortRuns: Bool
  /// What comes in the moment before the waits of a run are closed.
  private let late: NodeSignal?
  /// So many times the waits of runs can't be closed.
  private let failingClosings: Int
  private(set) var closings = 0
  private var closingWaiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  private(set) var commits = 0
  /// How many runs each claim asked for.
  private(set) var claimLimits: [Int] = []
  private var isDead = false
  private var deathWaiters: [CheckedContinuation<Void, Never>] = []

  /// - Parameter endsShortRuns: whether claims end what is over with its first turn.
  init(
    _ memory: MemoryRunStore, fault: Fault? = nil, endsShortRuns: Bool = false, late: NodeSignal? = nil,
    failingClosings: Int = 0
  ) {
    self.memory = memory
    self.fault = fault
    self.endsShortRuns = endsShortRuns
    self.late = late
    self.failingClosings = failingClosings
  }

  func die() {
    isDead = true
    for waiter in deathWaiters { waiter.resume() }
    deathWaiters = []
  }

  /// Returns when the waits of a run were to be closed so many times.
  func waitForClosing(_ count: Int) async {
    if closings >= count { return }
    await withCheckedContinuation { closingWaiters.append((count, $0)) }
  }

  func waitForDeath() async {
    if isDead { return }
    await withCheckedContinuation { deathWaiters.append($0) }
  }

  private func checkAlive() throws {
    if isDead { throw StoreUnreachable() }
  }

  func heartbeat(owner: Identifier, leaseMilliseconds: Int64, held: [RunClaim]) async throws -> Heartbeat {
    try checkAlive()
    return await memory.heartbeat(owner: owner, leaseMilliseconds: leaseMilliseconds, held: held)
  }

  func claim(owner: Identifier, limit: Int) async throws -> ClaimBatch {
    try checkAlive()
    claimLimits.append(limit)
    let batch = await memory.claim(owner: owner, limit: limit)
    return endsShortRuns ? await endShortRuns(of: batch) : batch
  }

  private func endShortRuns(of batch: ClaimBatch) async -> ClaimBatch {
    var (runs, ended) = ([ClaimedRun](), [RunReference]())
    for claimed in batch.runs {
      let transition = FirstTurn.transition(
        of: claimed.claim.run, plan: claimed.plan, snapshot: claimed.snapshot, limits: RunMachine.Limits(),
        at: Instant(microseconds: 1))
      if let transition, await memory.commit([RunCommit(transition, under: claimed.claim)]) == [.committed] {
        ended.append(claimed.claim.run)
      } else {
        runs.append(claimed)
      }
    }
    return ClaimBatch(runs: runs, ended: ended, nextWakeAt: batch.nextWakeAt)
  }

  func commit(_ transitions: [RunCommit]) async throws -> [CommitResult] {
    try checkAlive()
    commits += 1
    switch fault {
    case .dieBeforeCommit(commits):
      die()
      throw StoreUnreachable()
    case .dieAfterCommit(commits):
      _ = await memory.commit(transitions)
      die()
      throw StoreUnreachable()
    case .loseAnswer(commits):
      _ = await memory.commit(transitions)
      throw StoreUnreachable()
    default: return await memory.commit(transitions)
    }
  }

  func signals(for claims: [RunClaim]) async throws -> [RunReference: [NodeSignal]] {
    try checkAlive()
    return await memory.signals(for: claims)
  }

  func closeWaits(of nodes: [NodeAddress], under claim: RunClaim) async throws -> [NodeSignal] {
    try checkAlive()
    let isFailing = closings < failingClosings
    if !isFailing, let late { await memory.signal(claim.run, late) }
    closings += 1
    for waiter in closingWaiters where waiter.count <= closings { waiter.continuation.resume() }
    closingWaiters.removeAll { $0.count <= closings }
    if isFailing { throw StoreUnreachable() }
    return await memory.closeWaits(of: nodes, under: claim)
  }

  func takeSlots(for calls: [CallSlot], under claim: RunClaim) async throws -> Set<NodeAddress> {
    try checkAlive()
    return await memory.takeSlots(for: calls, under: claim)
  }

  func abandon(_ claim: RunClaim, _ error: RunError) async throws {
    try checkAlive()
    await memory.abandon(claim, error)
  }

  func release(_ claim: RunClaim, notBefore: Instant?) async throws {
    try checkAlive()
    await memory.release(claim, notBefore: notBefore)
  }
}

/// A worker on the memory store, with everything around it.
struct WorkerBench: Sendable {
  let clock: TestClock
  let memory: MemoryRunStore
  let signals = TestSignals()
  let performer: TestPerformer

  init(performer: TestPerformer = TestPerformer()) {
    let clock = TestClock()
    self.clock = clock
    self.performer = performer
    memory = MemoryRunStore(clock: { clock.now() })
  }

  func worker(
    _ number: Int, store: (any RunStore)? = nil, evaluator: any ExpressionEvaluator = MiniScript(),
    settings: WorkerSettings = WorkerBench.punctual,
    notify: @escaping @Sendable (WorkerNotice) -> Void = { _ in }
  ) -> Worker {
    Worker(
      owner: FlowBuilder.id(7000 + number),
      ports: WorkerPorts(
        store: store ?? memory, evaluator: evaluator, performer: performer, clock: clock, signals: signals),
      settings: settings, notify: notify)
  }

  /// Starts a worker, lets `body` do its part, then stops it and waits for its end.
  func running(_ worker: Worker, _ body: () async throws -> Void) async rethrows {
    let task = Task { await worker.run() }
    do {
      try await body()
    } catch {
      task.cancel()
      throw error
    }
    await worker.stop()
    await task.value
  }

  /// Drives the time: whenever the run is parked until an instant, it is that instant. Returns when the run
  /// is over.
  func moveTime(for run: RunReference) async {
    while let instant = await memory.waitUntilParked(run) {
      clock.advance(to: instant)
      signals.send(.queued)
    }
  }

  /// Nobody waits for company: the clock stands still.
  static let punctual: WorkerSettings = {
    var settings = WorkerSettings()
    settings.companyMicroseconds = 0
    return settings
  }()

  /// Every delay parks its run, and no lease ends by itself.
  static let parking: WorkerSettings = {
    var settings = punctual
    settings.heldDelayMilliseconds = 0
    settings.leaseMilliseconds = 10_000_000
    return settings
  }()

  /// The rows without what depends on times and owners.
  func outcome(_ run: RunReference) async throws -> [String] {
    let snapshot = try await memory.snapshot(of: run)
    return snapshot.nodeRuns.sorted { $0.key < $1.key }.map {
      "\($0.key) \($0.state) \(String(describing: $0.output)) \(String(describing: $0.error)) \($0.delivered)"
    } + ["\(snapshot.state) \(String(describing: snapshot.output)) \(String(describing: snapshot.error))"]
  }
}
