import RunStoreSuite
import Testing

@testable import Flows

@Suite struct CommitterTests {
  private static let chain = flow(
    [node("t", .trigger), http("call"), transform("end", "1")], ["t -> call", "call -> end"])

  @Test func `what comes while a transaction is under way is stored together by the next ones`() async throws
  {
    let bench = WorkerBench()
    let store = GatedStore(bench.memory)
    let fence = LeaseFence(clock: bench.clock)
    fence.renewed(sentAt: bench.clock.monotonicMicroseconds(), leaseMilliseconds: 60_000)
    var settings = WorkerSettings()
    settings.commitBatch = 30
    settings.commitFill = 1000
    let committer = TransitionCommitter(
      ports: bench.ports(store), settings: settings, fence: fence, notify: { _ in })
    let claims = try await bench.claims(41, of: CommitterTests.chain)
    let task = Task { await committer.run() }
    let outcomes = await withTaskGroup(of: TransitionCommitter.Outcome.self) { group in
      group.addTask { await committer.commit(RunTransition(step: 1, state: .running), under: claims[0]) }
      await store.waitUntilHeld()
      for claim in claims.dropFirst() {
        group.addTask { await committer.commit(RunTransition(step: 1, state: .running), under: claim) }
      }
      while committer.waitingCount < 40 { await Task.yield() }
      await store.open()
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes == Array(repeating: .stored, count: 41))
    #expect(await store.sizes == [1, 30, 10])
    task.cancel()
    await task.value
    let late = await committer.commit(RunTransition(step: 2, state: .running), under: claims[0])
    #expect(late == .lost)
  }

  @Test func `enough that wait begin a second transaction beside one that does not end`() async throws {
    let bench = WorkerBench()
    let store = GatedStore(bench.memory)
    let fence = LeaseFence(clock: bench.clock)
    fence.renewed(sentAt: bench.clock.monotonicMicroseconds(), leaseMilliseconds: 60_000)
    var settings = WorkerSettings()
    settings.commitFill = 5
    let committer = TransitionCommitter(
      ports: bench.ports(store), settings: settings, fence: fence, notify: { _ in })
    let claims = try await bench.claims(6, of: CommitterTests.chain)
    let task = Task { await committer.run() }
    async let first = committer.commit(RunTransition(step: 1, state: .running), under: claims[0])
    await store.waitUntilHeld()
    await withTaskGroup(of: Void.self) { group in
      for claim in claims.dropFirst() {
        group.addTask {
          let outcome = await committer.commit(RunTransition(step: 1, state: .running), under: claim)
          #expect(outcome == .stored)
        }
      }
    }
    await store.open()
    #expect(await first == .stored)
    task.cancel()
    await task.value
  }

  @Test func `where several runs have ended together, the ends of others wait a moment for one another`()
    async throws
  {
    try await CommitterTests.afterThreeEnds { bench, store, commit in
      async let fourth = commit(4, CommitterTests.end)
      // Company is waited for, and comes.
      await bench.clock.waitForSleeper(milliseconds: 4)
      async let fifth = commit(5, CommitterTests.end)
      #expect(await store.sizes == [1, 3])
      while await store.sizes.count == 2 {
        if commit.committer.waitingCount == 2 { bench.clock.advance(milliseconds: 4) }
        await Task.yield()
      }
      #expect(await [fourth, fifth] == [.stored, .stored])
      #expect(await store.sizes == [1, 3, 2])
    }
  }

  @Test func `a run that goes on waits for no company, and takes along those that do`() async throws {
    try await CommitterTests.afterThreeEnds { bench, store, commit in
      async let fourth = commit(4, CommitterTests.end)
      await bench.clock.waitForSleeper(milliseconds: 4)
      async let fifth = commit(5, RunTransition(step: 1, state: .running))
      #expect(await [fourth, fifth] == [.stored, .stored])
      #expect(await store.sizes == [1, 3, 2])
    }
  }

  @Test func `a run whose end is waited for, and one that ends alone, wait for nobody`() async throws {
    try await CommitterTests.afterThreeEnds { _, store, commit in
      var child = CommitterTests.end
      child.waitingParent = FlowBuilder.id(1)
      #expect(await commit(4, child) == .stored)
      #expect(await commit(5, CommitterTests.end) == .stored)
      #expect(await store.sizes == [1, 3, 1, 1])
    }
    try await CommitterTests.afterThreeEnds { _, store, commit in
      let outcome = await commit.committer.commit(
        CommitterTests.end, under: commit.claims[4], isAwaited: true)
      #expect(outcome == .stored)
      #expect(await store.sizes == [1, 3, 1])
    }
  }

  @Test func `a run that somebody has locked goes with others again, then alone, and hinders nobody`()
    async throws
  {
    let bench = WorkerBench()
    let store = GatedStore(bench.memory)
    let fence = LeaseFence(clock: bench.clock)
    fence.renewed(sentAt: bench.clock.monotonicMicroseconds(), leaseMilliseconds: 60_000)
    let settings = WorkerSettings()
    let committer = TransitionCommitter(
      ports: bench.ports(store), settings: settings, fence: fence, notify: { _ in })
    let claims = try await bench.claims(3, of: CommitterTests.chain)
    // Four times with others, and once alone.
    await store.lock(claims[1].run, times: 5)
    let step = RunTransition(step: 1, state: .running)
    let task = Task { await committer.run() }
    async let first = committer.commit(step, under: claims[0])
    await store.waitUntilHeld()
    async let locked = committer.commit(step, under: claims[1])
    async let last = committer.commit(step, under: claims[2])
    while committer.waitingCount < 2 { await Task.yield() }
    await store.open()
    #expect(await [first, last] == [.stored, .stored])
    await bench.clock.waitForSleeper(milliseconds: settings.retryMilliseconds)
    #expect(await store.sizes == [1, 2, 1, 1, 1, 1])
    bench.clock.advance(milliseconds: settings.retryMilliseconds)
    #expect(await locked == .stored)
    #expect(await store.sizes == [1, 2, 1, 1, 1, 1, 1])
    task.cancel()
    await task.value
  }

  private static let end: RunTransition = {
    var end = RunTransition(step: 1, state: .success)
    end.releasesClaim = true
    return end
  }()

  /// Stores the transition of a claimed run by its number.
  private struct Commit: Sendable {
    let committer: TransitionCommitter
    let claims: [RunClaim]

    func callAsFunction(_ number: Int, _ transition: RunTransition) async -> TransitionCommitter.Outcome {
      await committer.commit(transition, under: claims[number])
    }
  }

  /// The committer's last transaction had three runs' ends.
  private static func afterThreeEnds(
    _ body: (WorkerBench, GatedStore, Commit) async throws -> Void
  ) async throws {
    let bench = WorkerBench()
    let store = GatedStore(bench.memory)
    let fence = LeaseFence(clock: bench.clock)
    fence.renewed(sentAt: bench.clock.monotonicMicroseconds(), leaseMilliseconds: 60_000)
    let committer = TransitionCommitter(
      ports: bench.ports(store), settings: WorkerSettings(), fence: fence, notify: { _ in })
    let commit = Commit(committer: committer, claims: try await bench.claims(6, of: CommitterTests.chain))
    let task = Task { await committer.run() }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { #expect(await commit(0, end) == .stored) }
      await store.waitUntilHeld()
      for number in 1...3 { group.addTask { #expect(await commit(number, end) == .stored) } }
      while committer.waitingCount < 3 { await Task.yield() }
      await store.open()
    }
    try await body(bench, store, commit)
    task.cancel()
    await task.value
  }

  @Test func `a run whose transition cannot be stored ends as a failure, and its neighbours go on`()
    async throws
  {
    let bench = WorkerBench()
    var poisoned = CommitterTests.chain
    poisoned.nodes[1].title = "a\0b"
    var sound: [RunReference] = []
    for _ in 0..<5 { sound.append(await bench.memory.enqueue(CommitterTests.chain.version, input: nil)) }
    let poison = await bench.memory.enqueue(poisoned.version, input: nil)
    for _ in 0..<5 { sound.append(await bench.memory.enqueue(CommitterTests.chain.version, input: nil)) }
    await bench.running(bench.worker(1)) {
      for run in sound + [poison] { await bench.memory.wait(for: run) { $0.isFinal } }
    }
    let end = try await bench.memory.snapshot(of: poison)
    #expect(end.state == .failure)
    #expect(end.error?.code == .runAbandoned)
    for run in sound { #expect(try await bench.memory.snapshot(of: run).state == .success) }
  }
}

extension WorkerBench {
  fileprivate func ports(_ store: any RunStore) -> WorkerPorts {
    WorkerPorts(store: store, evaluator: MiniScript(), performer: performer, clock: clock, signals: signals)
  }

  /// Claims of so many new runs.
  fileprivate func claims(_ count: Int, of flow: FlowBuilder) async throws -> [RunClaim] {
    for _ in 0..<count { _ = await memory.enqueue(flow.version, input: nil) }
    let owner = FlowBuilder.id(7000)
    _ = await memory.heartbeat(owner: owner, leaseMilliseconds: 60_000, held: [])
    return await memory.claim(owner: owner, limit: count).runs.map(\.claim)
  }
}

/// Holds the first commit until it is opened, counts the transitions of each, and has a run that somebody
/// else has locked.
private actor GatedStore: RunStore {
  private let memory: MemoryRunStore
  private(set) var sizes: [Int] = []
  private var lockedRun: RunReference?
  private var lockedTimes = 0
  private var isOpen = false
  private var held: [CheckedContinuation<Void, Never>] = []
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(_ memory: MemoryRunStore) { self.memory = memory }

  func commit(_ commits: [RunCommit]) async throws -> [CommitResult] {
    sizes.append(commits.count)
    if sizes.count == 1, !isOpen {
      for waiter in waiters { waiter.resume() }
      await withCheckedContinuation { held.append($0) }
    }
    var results: [CommitResult] = []
    for commit in commits {
      if commit.claim.run == lockedRun, lockedTimes > 0 {
        lockedTimes -= 1
        results.append(.unsettled)
      } else {
        results += await memory.commit([commit])
      }
    }
    return results
  }

  /// The next so many commits find the run locked.
  func lock(_ run: RunReference, times: Int) { (lockedRun, lockedTimes) = (run, times) }

  func open() {
    isOpen = true
    for continuation in held { continuation.resume() }
  }

  func waitUntilHeld() async {
    if sizes.isEmpty { await withCheckedContinuation { waiters.append($0) } }
  }

  func heartbeat(owner: Identifier, leaseMilliseconds: Int64, held: [RunClaim]) async throws -> Heartbeat {
    await memory.heartbeat(owner: owner, leaseMilliseconds: leaseMilliseconds, held: held)
  }
  func claim(owner: Identifier, limit: Int) async throws -> ClaimBatch {
    await memory.claim(owner: owner, limit: limit)
  }
  func signals(for claims: [RunClaim]) async throws -> [RunReference: [NodeSignal]] {
    await memory.signals(for: claims)
  }
  func closeWaits(of nodes: [NodeAddress], under claim: RunClaim) async throws -> [NodeSignal] {
    await memory.closeWaits(of: nodes, under: claim)
  }
  func takeSlots(for calls: [CallSlot], under claim: RunClaim) async throws -> Set<NodeAddress> {
    await memory.takeSlots(for: calls, under: claim)
  }
  func abandon(_ claim: RunClaim, _ error: RunError) async throws { await memory.abandon(claim, error) }
  func release(_ claim: RunClaim, notBefore: Instant?) async throws {
    await memory.release(claim, notBefore: notBefore)
  }
}
