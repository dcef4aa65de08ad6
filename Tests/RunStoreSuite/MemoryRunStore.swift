import Flows

/// The run store in memory: the reference for the suite, and what the worker's tests run on.
public actor MemoryRunStore: RunStore {
  private struct Entry {
    let version: FlowVersion
    let environment: JSONObject
    var snapshot: RunSnapshot
    var epoch: Int64 = 0
    var owner: Identifier?
    var notBefore: Instant?
    var isCancelRequested = false
    /// The run waits for its children to end, as it was asked to.
    var hasSeenCancel = false
    var events: [NumberedEvent] = []
    var signals: [NodeSignal] = []
    /// One came while somebody held the run.
    var hasSignal = false
    /// Nothing is accepted for these any more.
    var closed: Set<NodeAddress> = []
    var origin = RunOrigin()
    /// The node of the parent that waits.
    var waitingNode: NodeAddress?

    mutating func append(_ event: RunEvent) {
      events.append(NumberedEvent(sequence: Int64(events.count + 1), event: event))
    }
  }

  private struct Waiter {
    let isMet: ([RunReference: Entry]) -> Bool
    let continuation: CheckedContinuation<Void, Never>
  }

  private let clock: @Sendable () -> Instant
  private var entries: [RunReference: Entry] = [:]
  /// Runs in the order in which they were queued.
  private var order: [RunReference] = []
  private var leases: [Identifier: Instant] = [:]
  private var waiters: [Waiter] = []
  private var lastOrganization: UInt64 = 0
  /// Calls of one integration at once, those that go on, and those that wait in line.
  private var callLimits: [Identifier: Int] = [:]
  private var calls: [(run: RunReference, slot: CallSlot)] = [] {
    didSet { greatestCallCount = max(greatestCallCount, calls.count) }
  }
  /// Slots that were ever taken at once.
  public private(set) var greatestCallCount = 0
  private var line: [(run: RunReference, slot: CallSlot)] = []
  private var lastSignal: UInt64 = 0
  /// Flows that can be started by others.
  private var flows: [Identifier: FlowVersion] = [:]

  public init(clock: @escaping @Sendable () -> Instant) {
    self.clock = clock
  }

  public func heartbeat(owner: Identifier, leaseMilliseconds: Int64, held: [RunClaim]) -> Heartbeat {
    leases[owner] = clock().advanced(byMilliseconds: leaseMilliseconds)
    let kept = held.filter { holds($0) && entries[$0.run]?.owner == owner }
    return Heartbeat(
      cancelRequested: kept.filter { entries[$0.run]?.isCancelRequested == true },
      lost: held.filter { !kept.contains($0) })
  }

  public func claim(owner: Identifier, limit: Int) -> ClaimBatch {
    let now = clock()
    var claimed: [ClaimedRun] = []
    guard isLive(owner, now) else { return ClaimBatch(runs: [], nextWakeAt: nil) }
    for run in order where claimed.count < limit {
      guard var entry = entries[run], isClaimable(entry, now) else { continue }
      entry.epoch += 1
      entry.owner = owner
      entry.notBefore = nil
      entries[run] = entry
      claimed.append(
        ClaimedRun(
          claim: RunClaim(run: run, epoch: entry.epoch), plan: RunPlan(entry.version),
          snapshot: entry.snapshot, environment: entry.environment,
          isCancelRequested: entry.isCancelRequested,
          origin: entry.origin))
    }
    let next = entries.values.compactMap {
      $0.owner == nil && !$0.snapshot.state.isFinal ? $0.notBefore : nil
    }
    return ClaimBatch(runs: claimed, nextWakeAt: next.filter { $0 > now }.min())
  }

  public func commit(_ commits: [RunCommit]) -> [CommitResult] {
    commits.map { commit($0.transition, $0.claim) }
  }

  private func commit(_ transition: RunTransition, _ claim: RunClaim) -> CommitResult {
    guard var entry = entries[claim.run], entry.epoch == claim.epoch else { return .stale }
    // Sent again: stored already, whatever became of the claim with it.
    if entry.snapshot.step == transition.step { return .committed }
    guard entry.owner != nil, !entry.snapshot.state.isFinal, entry.snapshot.step == transition.step - 1 else {
      return .stale
    }
    // Stands for all data that a store cannot keep: no text of Postgres holds U+0000.
    guard !transition.nodeRuns.contains(where: { $0.title.contains("\0") }) else {
      return .refused(reason: "U+0000")
    }
    entry.snapshot.apply(transition)
    for event in transition.events { entry.append(event) }
    entry.notBefore = transition.wakeAt
    entry.hasSeenCancel = transition.awaitsCancelledChildren
    entry.signals.removeAll { transition.consumedSignals.contains($0.id) }
    if transition.releasesClaim {
      entry.owner = nil
      let isTold = transition.awaitsCancelledChildren && !entry.signals.isEmpty
      if entry.hasSignal || isTold { entry.notBefore = clock() }
      entry.hasSignal = false
    }
    entries[claim.run] = entry
    settle(transition, of: claim.run)
    wakeWaiters()
    return .committed
  }

  /// What a transition changes beside its own run.
  private func settle(_ transition: RunTransition, of run: RunReference) {
    for child in transition.children { start(child, of: run) }
    for child in transition.cancelledChildren {
      requestCancel(RunReference(organizationID: run.organizationID, runID: child))
    }
    tellParent(of: run)
    free(transition.endedCalls, of: run)
  }

  private func start(_ child: ChildRun, of parent: RunReference) {
    let run = RunReference(organizationID: parent.organizationID, runID: child.id)
    guard let version = flows[child.flowID] else {
      guard let waiting = child.waiting else { return }
      return signal(
        parent, .flowUnavailable(child, waiting, "There is no such flow."))
    }
    var entry = Entry(version: version, environment: [:], snapshot: RunSnapshot(input: child.input))
    entry.origin = RunOrigin(
      depth: child.depth, isForFailure: child.purpose == .failure,
      waiting: child.waiting == nil ? nil : parent.runID)
    entry.waitingNode = child.waiting
    entry.append(RunEvent(at: clock(), .queued))
    entries[run] = entry
    order.append(run)
  }

  private func tellParent(of run: RunReference) {
    guard let entry = entries[run], entry.snapshot.state.isFinal, let parent = entry.origin.waiting,
      let node = entry.waitingNode
    else { return }
    signal(
      RunReference(organizationID: run.organizationID, runID: parent),
      NodeSignal(
        id: run.runID, address: node, kind: .childEnded,
        payload: [
          "executionId": .string(run.runID.text(.execution)),
          "state": .string(entry.snapshot.state.rawValue), "output": entry.snapshot.output ?? .null,
          "error": entry.snapshot.error?.encoded() ?? .null,
        ]))
  }

  public func signals(for claims: [RunClaim]) -> [RunReference: [NodeSignal]] {
    var found: [RunReference: [NodeSignal]] = [:]
    for claim in claims where holds(claim) { found[claim.run] = entries[claim.run]?.signals }
    return found.filter { !$0.value.isEmpty }
  }

  public func closeWaits(of nodes: [NodeAddress], under claim: RunClaim) -> [NodeSignal] {
    guard holds(claim) else { return [] }
    entries[claim.run]?.closed.formUnion(nodes)
    return entries[claim.run]?.signals ?? []
  }

  /// Something comes for a node.
  public func signal(_ run: RunReference, _ signal: NodeSignal) {
    guard var entry = entries[run], !entry.snapshot.state.isFinal, !entry.closed.contains(signal.address)
    else { return }
    entry.signals.append(signal)
    entry.hasSignal = entry.owner != nil
    if entry.owner == nil { entry.notBefore = nil }
    entries[run] = entry
    wakeWaiters()
  }

  /// Makes a flow one that others can start.
  public func register(_ version: FlowVersion) { flows[version.flowID] = version }

  public func abandon(_ claim: RunClaim, _ error: RunError) {
    guard holds(claim), var entry = entries[claim.run] else { return }
    let now = clock()
    entry.snapshot.state = .failure
    entry.snapshot.finishedAt = now
    entry.snapshot.error = error
    for place in entry.snapshot.nodeRuns.indices where !entry.snapshot.nodeRuns[place].state.isFinal {
      entry.snapshot.nodeRuns[place].state = .cancelled
      entry.snapshot.nodeRuns[place].finishedAt = now
      let child = entry.snapshot.nodeRuns[place].memo?["child"]?.string
      if let id = child.flatMap({ try? TypeID.parse($0, as: .execution) }) {
        requestCancel(RunReference(organizationID: claim.run.organizationID, runID: id))
      }
    }
    entry.append(
      RunEvent(at: now, .finished(RunEvent.RunFinished(state: .failure, output: nil, error: error))))
    entry.owner = nil
    entries[claim.run] = entry
    tellParent(of: claim.run)
    free([], of: claim.run)
    wakeWaiters()
  }

  public func release(_ claim: RunClaim, notBefore: Instant?) {
    guard holds(claim) else { return }
    entries[claim.run]?.owner = nil
    let hasSignal = entries[claim.run]?.hasSignal ?? false
    entries[claim.run]?.notBefore = hasSignal ? nil : notBefore
    entries[claim.run]?.hasSignal = false
    wakeWaiters()
  }

  private func holds(_ claim: RunClaim) -> Bool {
    guard let entry = entries[claim.run] else { return false }
    return entry.epoch == claim.epoch && entry.owner != nil && !entry.snapshot.state.isFinal
  }

  private func isLive(_ owner: Identifier, _ now: Instant) -> Bool { leases[owner].map { $0 > now } ?? false }

  private func isClaimable(_ entry: Entry, _ now: Instant) -> Bool {
    guard !entry.snapshot.state.isFinal else { return false }
    if let owner = entry.owner { return !isLive(owner, now) }
    return entry.isCancelRequested && !entry.hasSeenCancel || entry.notBefore.map { $0 <= now } ?? true
  }
}

// Slots of integrations.
extension MemoryRunStore {
  /// Slots that are taken.
  public var callCount: Int { calls.count }

  public func limitCalls(of integration: Identifier, to limit: Int?) { callLimits[integration] = limit }

  public func takeSlots(for asked: [CallSlot], under claim: RunClaim) -> Set<NodeAddress> {
    guard holds(claim) else { return [] }
    var waiting: Set<NodeAddress> = []
    for slot in asked where callLimits[slot.integrationID] != nil {
      if calls.contains(where: { $0.run == claim.run && $0.slot == slot }) { continue }
      let isLineEmpty = !line.contains { $0.slot.integrationID == slot.integrationID }
      if isLineEmpty, hasRoom(slot.integrationID) {
        calls.append((claim.run, slot))
      } else {
        waiting.insert(slot.address)
        if !line.contains(where: { $0.run == claim.run && $0.slot == slot }) {
          line.append((claim.run, slot))
        }
      }
    }
    give()
    return waiting
  }

  private func hasRoom(_ integration: Identifier) -> Bool {
    calls.count { $0.slot.integrationID == integration } < callLimits[integration] ?? .max
  }

  /// Frees the slots of calls; all of a run that is over.
  private func free(_ ended: [CallSlot], of run: RunReference) {
    let isOver = entries[run]?.snapshot.state.isFinal ?? true
    calls.removeAll { $0.run == run && (isOver || ended.contains($0.slot)) }
    line.removeAll { $0.run == run && (isOver || ended.contains($0.slot)) }
    give()
  }

  private func give() {
    for (run, slot) in line where hasRoom(slot.integrationID) {
      calls.append((run, slot))
      line.removeAll { $0.run == run && $0.slot == slot }
      lastSignal += 1
      signal(
        run,
        NodeSignal(
          id: Identifier(high: 3, low: lastSignal), address: slot.address, kind: .slotGiven, payload: .null))
    }
  }
}

// The back doors.
extension MemoryRunStore {
  public func enqueue(_ version: FlowVersion, input: JSONValue, environment: JSONObject = [:]) -> RunReference
  {
    lastOrganization += 1
    let run = RunReference(
      organizationID: Identifier(high: 1, low: lastOrganization),
      runID: Identifier(high: 2, low: lastOrganization))
    var entry = Entry(version: version, environment: environment, snapshot: RunSnapshot(input: input))
    entry.append(RunEvent(at: clock(), .queued))
    entries[run] = entry
    order.append(run)
    return run
  }

  public func requestCancel(_ run: RunReference) { entries[run]?.isCancelRequested = true }

  public func expireLease(of owner: Identifier) { leases[owner] = clock() }

  public func snapshot(of run: RunReference) throws -> RunSnapshot {
    guard let entry = entries[run] else { throw ConformanceFailure(description: "no such run") }
    return entry.snapshot
  }

  public func events(of run: RunReference) -> [NumberedEvent] { entries[run]?.events ?? [] }

  public func isHeld(_ run: RunReference) -> Bool { entries[run]?.owner != nil }

  /// Returns when the run's stored state meets the condition.
  public func wait(for run: RunReference, until isMet: @escaping @Sendable (RunState) -> Bool) async {
    await wait(run) { isMet($0.snapshot.state) }
  }

  /// Returns when no signal waits for the run.
  public func waitUntilUsed(_ run: RunReference) async {
    await wait(run) { $0.signals.isEmpty }
  }

  /// Runs that were ever queued.
  public var count: Int { entries.count }

  /// Returns when nobody holds the run.
  public func waitUntilReleased(_ run: RunReference) async {
    await wait(run) { $0.owner == nil }
  }

  /// Returns when nobody holds the run and it cannot be claimed before an instant, with that instant; or
  /// with nil when it is final.
  public func waitUntilParked(_ run: RunReference) async -> Instant? {
    while true {
      await wait(run) { [clock] entry in
        entry.snapshot.state.isFinal || entry.owner == nil && entry.notBefore.map { $0 > clock() } ?? false
      }
      guard let entry = entries[run], !entry.snapshot.state.isFinal else { return nil }
      // Where several wait for it, it may have been claimed since: it is not over for that.
      if let instant = entry.notBefore { return instant }
    }
  }

  /// Returns when so many runs are over. `changed` is called with each change before.
  public func waitUntilEnded(_ count: Int, changed: @escaping @Sendable () -> Void) async {
    await wait { entries in
      changed()
      return entries.values.count { $0.snapshot.state.isFinal } >= count
    }
  }

  private func wait(_ run: RunReference, _ isMet: @escaping (Entry) -> Bool) async {
    await wait { entries in entries[run].map(isMet) ?? false }
  }

  private func wait(_ isMet: @escaping ([RunReference: Entry]) -> Bool) async {
    await withCheckedContinuation { continuation in
      waiters.append(Waiter(isMet: isMet, continuation: continuation))
      wakeWaiters()
    }
  }

  private func wakeWaiters() {
    let isMet = waiters.map { $0.isMet(entries) }
    let met = zip(waiters, isMet).filter(\.1).map(\.0)
    waiters = zip(waiters, isMet).filter { !$0.1 }.map(\.0)
    for waiter in met { waiter.continuation.resume() }
  }
}

/// The memory store as the suite sees it.
public struct MemoryRunStoreFixture: RunStoreFixture {
  private let memory: MemoryRunStore
  private let clock: @Sendable () -> Instant

  public init(clock: @escaping @Sendable () -> Instant) {
    memory = MemoryRunStore(clock: clock)
    self.clock = clock
  }

  public var store: any RunStore { memory }
  public func now() -> Instant { clock() }
  public func enqueue(_ version: FlowVersion, input: JSONValue, environment: JSONObject) async -> RunReference
  {
    await memory.register(version)
    return await memory.enqueue(version, input: input, environment: environment)
  }
  public func requestCancel(_ run: RunReference) async { await memory.requestCancel(run) }
  public func signal(_ run: RunReference, _ signal: NodeSignal) async { await memory.signal(run, signal) }
  public func limitCalls(of integration: Identifier, to limit: Int?, for run: RunReference) async {
    await memory.limitCalls(of: integration, to: limit)
  }
  public func expireLease(of owner: Identifier) async { await memory.expireLease(of: owner) }
  public func snapshot(of run: RunReference) async throws -> RunSnapshot {
    try await memory.snapshot(of: run)
  }
  public func events(of run: RunReference) async -> [NumberedEvent] { await memory.events(of: run) }
}
