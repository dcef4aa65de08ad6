import Flows
import Postgres
import Testing

@testable import Storage

@Suite struct RunQueueTests {
  private let alice = makeID()
  private let bob = makeID()

  @Test func `an organization with many runs does not keep another one waiting`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      for _ in 0..<30 { _ = try await bench.enqueue(flow) }
      let other = try await register("bob@example.com", on: bench.accounts)
      let theirs = try await bench.makeFlow(in: other)
      for _ in 0..<3 { _ = try await bench.enqueue(theirs, in: other) }
      try await bench.lease(alice)
      let store = bench.runs
      let first = try await store.claim(owner: alice, limit: 4).runs.map(\.claim.run.organizationID)
      #expect(first.filter { $0 == other.organization }.count == 2)
      let second = try await store.claim(owner: alice, limit: 4).runs.map(\.claim.run.organizationID)
      #expect(second.filter { $0 == other.organization }.count == 1)
      #expect(second.count == 4)
      let rest = try await store.claim(owner: alice, limit: 100).runs
      #expect(rest.count == 25)
    }
  }

  @Test func `a higher priority goes first, and a lower one has its turn after a minute`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      var runs: [RunReference] = []
      for _ in 0..<4 { runs.append(try await bench.enqueue(flow)) }
      func set(_ run: RunReference, _ priority: Int, seconds: Int) async throws {
        try await bench.script(
          """
          UPDATE execution_queue SET priority = \(priority), due_at = now() - interval '\(seconds) seconds' \
          WHERE execution_id = '\(run.runID)'
          """)
      }
      try await set(runs[0], 2, seconds: 30)
      try await set(runs[1], 1, seconds: 10)
      try await set(runs[2], 0, seconds: 0)
      try await set(runs[3], 2, seconds: 200)
      try await bench.lease(alice)
      let store = bench.runs
      var claimed: [RunReference] = []
      for _ in runs { claimed += try await store.claim(owner: alice, limit: 1).runs.map(\.claim.run) }
      #expect(claimed == [runs[3], runs[2], runs[1], runs[0]])
    }
  }

  @Test func `runs have the priority of their flow unless another one is asked for`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      _ = try await bench.enqueue(flow)
      try await bench.script("UPDATE automation_flows SET run_priority = 2")
      for priority in [nil, RunPriority.high] {
        for intake in [nil, RunIntake(bench.database)] {
          var new = ExecutionStore.NewRun(
            run: RunReference(organizationID: bench.organization, runID: makeID()), flowID: flow.id,
            input: nil, at: try await bench.now())
          new.priority = priority
          try await ExecutionStore(bench.database, intake: intake).enqueue(new)
        }
      }
      let rows = try await bench.row("SELECT priority FROM execution_queue ORDER BY priority")
      #expect((0..<rows.rowCount).map { rows.int2($0, 0) } == [0, 0, 1, 2, 2])
    }
  }

  @Test func `what is committed late, behind what was claimed, is found by a sweep`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      for _ in 0..<3 { _ = try await bench.enqueue(flow) }
      try await bench.lease(alice)
      let store = bench.runs
      #expect(try await store.claim(owner: alice, limit: 3).runs.count == 3)
      let late = try await bench.enqueue(flow)
      try await bench.script("UPDATE execution_queue SET due_at = '2026-01-01' WHERE owner IS NULL")
      #expect(try await store.claim(owner: alice, limit: 3).runs.map(\.claim.run) == [late])
    }
  }

  @Test func `a run that ends its worker again and again is ended, and its neighbours go on`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let poison = try await bench.enqueue(flow)
      let sound = try await bench.enqueue(flow)
      for step in 1...PostgresRunStore.maximumCrashes {
        let owner = makeID()
        let store = bench.runs
        try await bench.lease(owner)
        let claims = try await store.claim(owner: owner, limit: 10).runs.map(\.claim)
        #expect(Set(claims.map(\.run)) == [poison, sound])
        let progress = try #require(claims.first { $0.run == sound })
        #expect(try await store.commit(transition(step), under: progress) == .committed)
        try await bench.script("UPDATE workers SET lease_until = now() - interval '1 second'")
        guard step < PostgresRunStore.maximumCrashes else { break }
        // However long a run that was left behind has to wait.
        try await bench.database.execute(RunQueueSQL.reap)
        try await bench.script("UPDATE execution_queue SET due_at = now()")
      }
      try await bench.lease(bob)
      let rest = try await bench.runs.claim(owner: bob, limit: 10).runs.map(\.claim.run)
      #expect(rest == [sound])
      let events = try await bench.storedEvents(of: poison)
      guard case .finished(let end) = events.last?.event.kind else {
        Issue.record("the poisoned run has no end: \(events)")
        return
      }
      #expect(end.state == .failure)
      #expect(end.error?.code == .runAbandoned)
    }
  }

  /// Its claimer dies.
  private func dieWith(_ run: RunReference, on bench: StorageBench) async throws {
    let owner = makeID()
    try await bench.lease(owner)
    #expect(try await bench.runs.claim(owner: owner, limit: 10).runs.map(\.claim.run) == [run])
    try await bench.script("UPDATE workers SET lease_until = now() - interval '1 second'")
  }

  @Test func `giving a run back untouched forgets none of the deaths it was there at`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      for death in 1..<PostgresRunStore.maximumCrashes {
        try await dieWith(run, on: bench)
        try await bench.database.execute(RunQueueSQL.reap)
        try await bench.script("UPDATE execution_queue SET due_at = now()")
        guard death == 2 else { continue }
        try await bench.lease(alice)
        let claim = try #require(try await bench.runs.claim(owner: alice, limit: 1).runs.first).claim
        try await bench.runs.release(claim, notBefore: nil)
        #expect(try await bench.int("SELECT crashes FROM execution_queue") == 2)
      }
      try await dieWith(run, on: bench)
      try await bench.lease(bob)
      #expect(try await bench.runs.claim(owner: bob, limit: 10).runs.isEmpty)
      guard case .finished(let end) = try await bench.storedEvents(of: run).last?.event.kind else {
        Issue.record("the poisoned run has no end")
        return
      }
      #expect(end.error?.code == .runAbandoned)
    }
  }

  @Test func `a run that has gone on since its worker died is given back without its past`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      try await dieWith(run, on: bench)
      try await bench.database.execute(RunQueueSQL.reap)
      try await bench.lease(alice)
      let claim = try #require(try await bench.runs.claim(owner: alice, limit: 1).runs.first).claim
      #expect(try await bench.runs.commit(transition(1), under: claim) == .committed)
      try await bench.runs.release(claim, notBefore: nil)
      #expect(try await bench.int("SELECT crashes FROM execution_queue") == 0)
    }
  }

  @Test func `a run that is given back stands where it stood`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      var runs: [RunReference] = []
      for _ in 0..<3 { runs.append(try await bench.enqueue(flow)) }
      try await bench.lease(alice)
      try await bench.lease(bob)
      let store = bench.runs
      let claims = try await store.claim(owner: alice, limit: 2).runs.map(\.claim)
      #expect(claims.map(\.run) == Array(runs.prefix(2)))
      for claim in claims { try await store.release(claim, notBefore: nil) }
      var order: [RunReference] = []
      // By a process that has claimed past it, and by one that knows nothing of it.
      order += try await bench.runs.claim(owner: bob, limit: 1).runs.map(\.claim.run)
      for _ in 0..<2 { order += try await store.claim(owner: alice, limit: 1).runs.map(\.claim.run) }
      #expect(Set(order) == Set(runs))
      #expect(order.first == runs[0])
    }
  }

  @Test func `a run whose row is gone leaves the queue`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      _ = try await bench.enqueue(flow)
      try await bench.script("DELETE FROM execution_logs")
      let sound = try await bench.enqueue(flow)
      try await bench.lease(alice)
      #expect(try await bench.runs.claim(owner: alice, limit: 10).runs.map(\.claim.run) == [sound])
      #expect(try await bench.int("SELECT count(*) FROM execution_queue") == 1)
    }
  }

  @Test func `a claim whose answer was lost is given back by the owner's heartbeat`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let run = try await bench.enqueue(flow)
      let store = PostgresRunStore(bench.database, strayPause: .zero)
      _ = try await store.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: [])
      let lost = try #require(try await store.claim(owner: alice, limit: 1).runs.first).claim
      // Held once, it is no stray.
      _ = try await store.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: [lost])
      #expect(try await bench.int("SELECT count(*) FROM execution_queue WHERE owner IS NULL") == 0)
      _ = try await store.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: [])
      #expect(try await bench.int("SELECT count(*) FROM execution_queue WHERE owner IS NULL") == 1)
      let again = try #require(try await store.claim(owner: alice, limit: 1).runs.first).claim
      #expect(again.run == run)
      #expect(again.epoch > lost.epoch)
    }
  }

  @Test func `of a limited flow only so many runs go on, and each end makes room for the next`() async throws
  {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let limits = RunLimits(bench.database)
      try await limits.set(2, for: .flow(flow.id), in: bench.organization)
      #expect(try await bench.int("SELECT maximum FROM run_limits") == 2)
      for _ in 0..<5 { _ = try await bench.enqueue(flow) }
      let free = try await bench.enqueue(try await bench.makeFlow())
      try await bench.lease(alice)
      let store = bench.runs
      let claimed = try await store.claim(owner: alice, limit: 10).runs
      // Others wait for the end of those that hold a slot, so it is stored at once; nobody does for the free
      // one.
      #expect(claimed.filter(\.isAwaited).count == 2)
      #expect(claimed.filter { !$0.isAwaited }.map(\.claim.run) == [free])
      var held = claimed.map(\.claim)
      held.removeAll { $0.run == free }
      #expect(try await store.claim(owner: alice, limit: 10).runs.isEmpty)
      for left in [2, 2, 2, 1, 0] {
        let ending = held.removeFirst()
        #expect(try await store.commit(transition(1, .success), under: ending) == .committed)
        held += try await store.claim(owner: alice, limit: 10).runs.map(\.claim)
        #expect(held.count == left)
      }
      #expect(try await bench.int("SELECT count(*) FROM run_slots WHERE execution_id IS NOT NULL") == 0)
    }
  }

  @Test func `limits of flow and organization hold together, for any number of claimers`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let limits = RunLimits(bench.database)
      try await limits.set(4, for: .flow(flow.id), in: bench.organization)
      try await limits.set(3, for: .organization, in: bench.organization)
      for _ in 0..<20 { _ = try await bench.enqueue(flow) }
      let owners = (0..<4).map { _ in makeID() }
      for owner in owners { try await bench.lease(owner) }
      let claimed = try await withThrowingTaskGroup(of: Int.self) { group in
        for owner in owners {
          group.addTask { try await bench.runs.claim(owner: owner, limit: 5).runs.count }
        }
        return try await group.reduce(0, +)
      }
      #expect(claimed <= 3)
      let rest = try await bench.runs.claim(owner: owners[0], limit: 20).runs.count
      #expect(claimed + rest == 3)
      // Without limits nobody waits.
      try await limits.set(nil, for: .organization, in: bench.organization)
      try await limits.set(nil, for: .flow(flow.id), in: bench.organization)
      #expect(try await bench.runs.claim(owner: owners[0], limit: 50).runs.count == 17)
      let unknown = try await storageError {
        try await limits.set(1, for: .flow(makeID()), in: bench.organization)
      }
      #expect(unknown == .notFound)
    }
  }

  @Test func `a slot whose run is gone is free again, and a cancelled run waits for none`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      try await RunLimits(bench.database).set(1, for: .flow(flow.id), in: bench.organization)
      for _ in 0..<3 { _ = try await bench.enqueue(flow) }
      try await bench.lease(alice)
      let first = try await bench.runs.claim(owner: alice, limit: 10).runs
      #expect(first.count == 1)
      try await bench.script("DELETE FROM execution_queue WHERE owner IS NOT NULL")
      let second = try await bench.runs.claim(owner: alice, limit: 10).runs
      #expect(second.count == 1)
      let waiting = try #require(
        try await bench.row("SELECT execution_id FROM execution_queue WHERE waits_for IS NOT NULL").uuid(0, 0)
      )
      let run = RunReference(organizationID: bench.organization, runID: waiting.identifier)
      #expect(try await bench.executions.requestCancel(run))
      #expect(try await bench.runs.claim(owner: alice, limit: 10).runs.map(\.claim.run) == [run])
    }
  }
}
