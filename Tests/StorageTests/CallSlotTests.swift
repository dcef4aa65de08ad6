import Flows
import Postgres
import RunStoreSuite
import Testing

@testable import Storage

/// Slots of integrations on Postgres, beside what the conformance suite says about them.
@Suite struct CallSlotTests {
  private let alice = makeID()
  private let bob = makeID()
  private let account = makeID()
  private let node = makeID()

  private func call(_ index: Int = 0) -> CallSlot {
    CallSlot(NodeAddress(node, IterationPath([index]) ?? .root), of: account)
  }

  /// So many claimed runs of an organization whose account makes so many calls at once.
  private func claimed(
    _ count: Int, limit: Int, _ bench: StorageBench, _ store: PostgresRunStore
  ) async throws -> [RunClaim] {
    let flow = try await bench.makeFlow()
    for _ in 0..<count { _ = try await bench.enqueue(flow) }
    try await bench.script(
      """
      INSERT INTO integrations (organization_id, id, name, category, type, credentials) \
      VALUES ('\(bench.organization)', '\(account)', 'Shop', 'messaging', 'slack', '')
      """)
    try await RunLimits(bench.database).set(limit, for: .integration(account), in: bench.organization)
    try await bench.lease(alice)
    return try await store.claim(owner: alice, limit: count).runs.map(\.claim).sorted {
      $0.run.runID < $1.run.runID
    }
  }

  private func waiting(_ store: PostgresRunStore, _ claim: RunClaim) async throws -> Bool {
    try await !store.takeSlots(for: [call()], under: claim).isEmpty
  }

  private func transition(_ step: Int, _ ended: [CallSlot] = []) -> RunTransition {
    var transition = RunTransition(step: step, state: .running)
    transition.endedCalls = ended
    return transition
  }

  @Test func `the line goes by priority, a step counted like a minute, then by who came first`() async throws
  {
    try await withStorage { bench in
      let store = bench.runs
      let runs = try await claimed(5, limit: 1, bench, store)
      for (run, priority) in zip(runs, [1, 2, 1, 0, 1]) {
        try await bench.script(
          "UPDATE execution_queue SET priority = \(priority) WHERE execution_id = '\(run.run.runID)'")
      }
      #expect(try await !waiting(store, runs[0]))
      for run in runs.dropFirst() { #expect(try await waiting(store, run)) }
      var order: [RunClaim] = []
      var next = runs[0]
      for _ in runs.dropFirst() {
        #expect(try await store.commit(transition(1, [call()]), under: next) == .committed)
        next = try #require(try await store.signals(for: runs.filter { !order.contains($0) }).keys.first)
          .claim(in: runs)
        order.append(next)
      }
      #expect(order == [runs[3], runs[2], runs[4], runs[1]])
    }
  }

  @Test func `a slot of a run whose owner died is free when another one does not go on with it`() async throws
  {
    try await withStorage { bench in
      let store = bench.runs
      let runs = try await claimed(2, limit: 1, bench, store)
      #expect(try await !waiting(store, runs[0]))
      #expect(try await waiting(store, runs[1]))
      // Parked by the reaper, because it has seen several owners die.
      try await bench.script(
        """
        UPDATE execution_queue SET owner = NULL, is_parked = true, due_at = now() + interval '1 minute' \
        WHERE execution_id = '\(runs[0].run.runID)'
        """)
      try await store.freeSlots()
      try await store.giveCallSlots()
      #expect(try await store.signals(for: [runs[1]])[runs[1].run]?.map(\.kind) == [.slotGiven])
      #expect(try await !waiting(store, runs[1]))
      // A run that is over leaves nothing.
      try await bench.script("DELETE FROM execution_queue")
      try await store.freeSlots()
      #expect(try await bench.int("SELECT count(*) FROM run_slots WHERE execution_id IS NOT NULL") == 0)
      #expect(try await bench.int("SELECT count(*) FROM slot_waiters") == 0)
    }
  }

  @Test func `without a limit nobody stays in line, also when the integration is gone`() async throws {
    try await withStorage { bench in
      let store = bench.runs
      let runs = try await claimed(3, limit: 1, bench, store)
      for (place, run) in runs.enumerated() { #expect(try await waiting(store, run) == (place > 0)) }
      try await bench.script("DELETE FROM integrations")
      try await store.giveCallSlots()
      #expect(try await store.signals(for: runs).count == 2)
      // Before this process has read that there is no limit, and after.
      #expect(try await !waiting(store, runs[1]))
      _ = try await store.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: runs)
      #expect(!store.limits.isLimited(account, in: bench.organization))
    }
  }

  @Test func `a limit that is set while a run goes on is learned with the heartbeat`() async throws {
    try await withStorage { bench in
      let store = bench.runs
      let runs = try await claimed(2, limit: 5, bench, store)
      let other = PostgresRunStore(bench.database)
      #expect(try await other.takeSlots(for: [call(1), call(2)], under: runs[0]).isEmpty)
      #expect(try await bench.int("SELECT count(*) FROM run_slots WHERE execution_id IS NOT NULL") == 0)
      _ = try await other.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: runs)
      try await RunLimits(bench.database).set(1, for: .integration(account), in: bench.organization)
      #expect(try await other.takeSlots(for: [call(1), call(2)], under: runs[0]).count == 1)
    }
  }

  @Test func `many ask and end at once, and no slot has two calls`() async throws {
    try await withStorage { bench in
      let store = bench.runs
      let runs = try await claimed(24, limit: 3, bench, store)
      let counter = SlotCounter()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for run in runs {
          group.addTask {
            while try await waiting(store, run) { try await Task.sleep(for: .milliseconds(2)) }
            await counter.begin()
            await counter.end()
            #expect(try await store.commit(transition(1, [call()]), under: run) == .committed)
          }
        }
        try await group.waitForAll()
      }
      #expect(await counter.ended == 24)
      #expect(await counter.greatest <= 3)
      #expect(try await bench.int("SELECT count(*) FROM run_slots WHERE execution_id IS NOT NULL") == 0)
      #expect(try await bench.int("SELECT count(*) FROM slot_waiters") == 0)
    }
  }

  @Test func `runs that wait for a slot of their flow get it by priority, whoever comes meanwhile`()
    async throws
  {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      try await RunLimits(bench.database).set(1, for: .flow(flow.id), in: bench.organization)
      var runs: [RunReference] = []
      for _ in 0..<4 { runs.append(try await bench.enqueue(flow)) }
      let store = bench.runs
      try await bench.lease(alice)
      var held = try #require(try await store.claim(owner: alice, limit: 10).runs.first).claim
      var left = runs.filter { $0 != held.run }
      let urgent = left[2]
      try await bench.script(
        "UPDATE execution_queue SET priority = 0 WHERE execution_id = '\(urgent.runID)'")
      for expected in [urgent, left[0], left[1]] {
        var end = RunTransition(step: 1, state: .success)
        end.finishedAt = try await bench.now()
        #expect(try await store.commit(end, under: held) == .committed)
        // The slot is given: who comes now, at another process too, waits.
        let late = try await bench.enqueue(flow)
        let next = try await store.claim(owner: alice, limit: 10).runs.map(\.claim)
        #expect(next.map(\.run) == [expected])
        held = try #require(next.first)
        left.append(late)
      }
    }
  }
}

extension RunReference {
  fileprivate func claim(in claims: [RunClaim]) throws -> RunClaim {
    try #require(claims.first { $0.run == self })
  }
}

/// Calls under way at once.
private actor SlotCounter {
  private var underWay = 0
  private(set) var greatest = 0
  private(set) var ended = 0

  func begin() {
    underWay += 1
    greatest = max(greatest, underWay)
  }

  func end() {
    underWay -= 1
    ended += 1
  }
}
