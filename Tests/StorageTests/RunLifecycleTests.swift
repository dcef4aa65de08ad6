import Flows
import Postgres
import Storage
import Testing

@Suite struct RunLifecycleTests {
  private let alice = makeID()
  private let bob = makeID()

  @Test func `a run goes from the queue to its end, and every event has its number`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claimed = try await bench.claimOne(alice)
      #expect(claimed.claim.run == run)
      let first = try await bench.runs.commit(transition(1, lines: 2), under: claimed.claim)
      let last = try await bench.runs.commit(transition(2, .success, lines: 1), under: claimed.claim)
      #expect([first, last] == [.committed, .committed])
      let events = try await bench.storedEvents(of: run)
      #expect(events.map(\.sequence) == [1, 2, 3, 4, 5])
      #expect(events.first?.event.kind == .queued)
      #expect(events.last?.event.kind == .finished(.init(state: .success, output: nil, error: nil)))
      let row = try await bench.row("SELECT status, duration, last_sequence FROM execution_logs")
      #expect(row.string(0, 0) == "success")
      #expect(row.int(0, 1) == 1500)
      #expect(row.int(0, 2) == 5)
      let queued = try await bench.int("SELECT count(*) FROM execution_queue")
      #expect(queued == 0)
    }
  }

  @Test func `a stale epoch, a repeated and a skipped step store nothing`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(alice).claim
      let stale = RunClaim(run: run, epoch: claim.epoch - 1)
      let foreign = RunClaim(
        run: RunReference(organizationID: makeID(), runID: run.runID), epoch: claim.epoch)
      let results = [
        try await bench.runs.commit(transition(1), under: stale),
        try await bench.runs.commit(transition(1), under: foreign),
        try await bench.runs.commit(transition(1), under: claim),
        try await bench.runs.commit(transition(1, lines: 7), under: claim),
        try await bench.runs.commit(transition(3), under: claim),
      ]
      #expect(results == [.stale, .stale, .committed, .committed, .stale])
      #expect(try await bench.storedEvents(of: run).map(\.sequence) == [1, 2])
    }
  }

  @Test func `a run whose flow cannot be read fails alone, and the others are claimed`() async throws {
    try await withStorage { bench in
      let broken = try await bench.enqueue(try await bench.makeFlow())
      try await bench.script("UPDATE flow_versions SET definition = '{\"format\": 99}'")
      let sound = try await bench.enqueue(try await bench.makeFlow())
      _ = try await bench.runs.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: [])
      let batch = try await bench.runs.claim(owner: alice, limit: 10)
      #expect(batch.runs.map(\.claim.run) == [sound])
      let events = try await bench.storedEvents(of: broken)
      guard case .finished(let end) = events.last?.event.kind else {
        Issue.record("the broken run has no end: \(events)")
        return
      }
      #expect(end.state == .failure)
      #expect(end.error?.code == .flowInvalid)
      let queued = try await bench.int("SELECT count(*) FROM execution_queue")
      #expect(queued == 1)
    }
  }

  @Test func `an owner that died loses its runs to the next, under a higher epoch`() async throws {
    try await withStorage { bench in
      _ = try await bench.enqueue(try await bench.makeFlow())
      let old = try await bench.claimOne(alice).claim
      try await bench.script("UPDATE workers SET lease_until = now() - interval '2 days'")
      let new = try await bench.claimOne(bob).claim
      #expect(new.run == old.run)
      #expect(new.epoch > old.epoch)
      let late = try await bench.runs.commit(transition(1), under: old)
      #expect(late == .stale)
      // Whoever is long gone and holds nothing is forgotten by the next claim.
      _ = try await bench.runs.claim(owner: bob, limit: 1)
      let workers = try await bench.int("SELECT count(*) FROM workers")
      #expect(workers == 1)
    }
  }

  @Test func `a released claim is lost, and releases nothing again`() async throws {
    try await withStorage { bench in
      _ = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(alice).claim
      try await bench.runs.release(claim, notBefore: nil)
      let heartbeat = try await bench.runs.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: [claim])
      #expect(heartbeat.lost == [claim])
      try await bench.runs.release(
        claim, notBefore: try await bench.now().advanced(byMilliseconds: 3_600_000))
      let again = try await bench.runs.claim(owner: alice, limit: 1).runs
      #expect(again.count == 1)
    }
  }

  @Test func `a cancellation makes a waiting run due, once, and never a finished one`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(alice).claim
      var wait = transition(1, .waiting)
      wait.wakeAt = try await bench.now().advanced(byMilliseconds: 3_600_000)
      wait.releasesClaim = true
      _ = try await bench.runs.commit(wait, under: claim)
      let asleep = try await bench.runs.claim(owner: alice, limit: 1)
      #expect(asleep.runs.isEmpty)
      #expect(asleep.nextWakeAt == wait.wakeAt)
      let first = try await bench.executions.requestCancel(run)
      let second = try await bench.executions.requestCancel(run)
      #expect([first, second] == [true, true])
      let due = try await bench.claimOne(alice)
      #expect(due.isCancelRequested)
      _ = try await bench.runs.commit(transition(2, .cancelled), under: due.claim)
      let late = try await bench.executions.requestCancel(run)
      #expect(!late)
      let unknown = try await storageError {
        try await bench.executions.requestCancel(RunReference(organizationID: makeID(), runID: run.runID))
      }
      #expect(unknown == .notFound)
    }
  }

  @Test func `a cancellation that comes before the wait begins is not slept through`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(alice).claim
      _ = try await bench.executions.requestCancel(run)
      var wait = transition(1, .waiting)
      wait.wakeAt = try await bench.now().advanced(byMilliseconds: 3_600_000)
      wait.releasesClaim = true
      _ = try await bench.runs.commit(wait, under: claim)
      let due = try await bench.claimOne(alice)
      #expect(due.isCancelRequested)
    }
  }

  @Test func `many claimers and cancellations at once share no run and wait for no one`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      var runs: [RunReference] = []
      for _ in 0..<60 { runs.append(try await bench.enqueue(flow)) }
      let queued = runs
      let owners = (0..<6).map { _ in makeID() }
      for owner in owners { try await bench.lease(owner) }
      let claimed = try await withThrowingTaskGroup(of: [RunReference].self) { group in
        for owner in owners {
          group.addTask { try await bench.runs.claim(owner: owner, limit: 10).runs.map(\.claim.run) }
        }
        group.addTask {
          for run in queued.reversed() { _ = try await bench.executions.requestCancel(run) }
          return []
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(Set(claimed).count == claimed.count)
      let rest = try await bench.runs.claim(owner: owners[0], limit: 60).runs
      #expect(claimed.count + rest.count == 60)
    }
  }

  @Test func `runs that commit at once keep numbers without gaps`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      for _ in 0..<8 { _ = try await bench.enqueue(flow) }
      try await bench.lease(alice)
      let claims = try await bench.runs.claim(owner: alice, limit: 8).runs.map(\.claim)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for claim in claims {
          group.addTask {
            for step in 1...6 {
              // Sent twice at once, as after a lost answer.
              async let twin = bench.runs.commit(transition(step, lines: step), under: claim)
              let one = try await bench.runs.commit(transition(step, lines: step), under: claim)
              let other = try await twin
              #expect([one, other] == [.committed, .committed])
            }
          }
        }
        try await group.waitForAll()
      }
      for claim in claims {
        #expect(try await bench.storedEvents(of: claim.run).map(\.sequence) == Array(1...22))
      }
    }
  }

  @Test func `many transitions wait for no run that somebody else has locked`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      for _ in 0..<3 { _ = try await bench.enqueue(flow) }
      try await bench.lease(alice)
      let claims = try await bench.runs.claim(owner: alice, limit: 3).runs.map(\.claim)
      let commits = claims.map { RunCommit(transition(1, .success), under: $0) }
      try await bench.database.transaction { other in
        let key = Parameters { $0.uuid(claims[1].run.runID.uuid) }
        try await other.execute(
          Statement("lock", "SELECT 1 FROM execution_queue WHERE execution_id = $1 FOR UPDATE", [.uuid]), key)
        #expect(try await bench.runs.commit(commits) == [.committed, .unsettled, .committed])
      }
      // The ones that are stored already are recognized.
      #expect(try await bench.runs.commit(commits) == [.committed, .committed, .committed])
      let queued = try await bench.int("SELECT count(*) FROM execution_queue")
      #expect(queued == 0)
    }
  }

  @Test func `a hundred transitions are one statement`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      for _ in 0..<100 { _ = try await bench.enqueue(flow) }
      try await bench.lease(alice)
      let claims = try await bench.runs.claim(owner: alice, limit: 100).runs.map(\.claim)
      let before = bench.database.statistics.statements
      let results = try await bench.runs.commit(
        claims.map { RunCommit(transition(1, .success, lines: 3), under: $0) })
      #expect(results == Array(repeating: .committed, count: 100))
      #expect(bench.database.statistics.statements - before == 1)
      #expect(try await bench.int("SELECT count(*) FROM run_events") == 500)
      let rows = try await bench.int("SELECT count(*) FROM execution_events")
      #expect(rows == 100, "the last transition's events are with the run")
    }
  }

  @Test func `the same revision is stored as one version, a changed flow as the next`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { _ = try await bench.enqueue(flow) } }
        try await group.waitForAll()
      }
      try await bench.flows.save(chain(["begin", "other"]), over: flow, in: bench.organization)
      let stale = try await storageError { try await bench.enqueue(flow) }
      #expect(stale == .revisionConflict(current: 2))
      let changed = try #require(try await bench.flows.load(flow.id, in: bench.organization))
      _ = try await bench.enqueue(changed)
      let rows = try await bench.row(
        """
        SELECT v.number, v.revision, count(*) FROM execution_logs e JOIN flow_versions v ON v.id = \
        e.version_id \
        GROUP BY 1, 2 ORDER BY 1
        """)
      #expect((0..<rows.rowCount).map { rows.int($0, 0) } == [1, 2])
      #expect((0..<rows.rowCount).map { rows.int($0, 1) } == [1, 2])
      #expect((0..<rows.rowCount).map { rows.int($0, 2) } == [4, 1])
    }
  }

  @Test func `what a program puts into its output is stored, U+0000 included`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow(), input: ["a": "\u{0}"])
      let claim = try await bench.claimOne(alice).claim
      var step = transition(1, .success)
      step.output = ["text": "a\u{0}b", "number": 1e300, "deep": [[[["\u{1F600}"]]]]]
      let result = try await bench.runs.commit(step, under: claim)
      #expect(result == .committed)
      let row = try await bench.row("SELECT result ->> 'text' FROM execution_logs")
      #expect(row.string(0, 0) == "a\u{FFFD}b")
      #expect(try await bench.executions.exists(run))
    }
  }
}
