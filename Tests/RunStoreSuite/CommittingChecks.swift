import Flows

extension RunStoreCheck {
  static let committing = [
    RunStoreCheck("a transition is stored whole, its events numbered without gaps") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1)
      let now = try await bench.fixture.now()
      transition.nodeRuns = [bench.row(.running, at: now)]
      transition.events.append(
        RunEvent(at: now, .logLine(RunEvent.LogLine(node: nil, level: .warn, message: "mind ä\"\n"))))
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the commit")
      let snapshot = try await bench.fixture.snapshot(of: run)
      try equal(snapshot.state, .running, "the state")
      try equal(snapshot.step, 1, "the step")
      try equal(snapshot.startedAt, transition.startedAt, "the start")
      try equal(snapshot.nodeRuns, transition.nodeRuns, "the rows")
      let events = try await bench.fixture.events(of: run)
      try equal(events.map(\.sequence), [1, 2, 3], "the numbers")
      try equal(events.dropFirst().map(\.event), transition.events, "the events")
    },
    RunStoreCheck("a node row is replaced by its next state, with all its columns") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      let now = try await bench.fixture.now()
      var row = bench.row(.waiting, at: now)
      row.wakeAt = now.advanced(byMilliseconds: 5)
      var transition = try await bench.started(1)
      transition.nodeRuns = [row]
      _ = try await bench.store.commit(transition, under: claimed.claim)
      try equal(try await bench.fixture.snapshot(of: run).nodeRuns, [row], "the waiting row")
      row.state = .failure
      row.wakeAt = nil
      row.finishedAt = now.advanced(byMilliseconds: 1)
      row.output = ["status": 500]
      row.error = RunError(code: .unexpectedStatus, message: "no", nodeID: row.nodeID)
      row.skipReason = .runFailed
      row.delivered = [bench.version.graph.connections[0].id]
      var next = try await bench.started(2)
      next.nodeRuns = [row]
      _ = try await bench.store.commit(next, under: claimed.claim)
      try equal(try await bench.fixture.snapshot(of: run).nodeRuns, [row], "the failed row")
    },
    RunStoreCheck("a transition that is sent again is stored once") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      let transition = try await bench.started(1)
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the first time")
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the second time")
      try equal(try await bench.fixture.events(of: run).count, 2, "events")
      let last = try await bench.finished(2)
      try equal(try await bench.store.commit(last, under: claimed.claim), .committed, "the end")
      try equal(try await bench.store.commit(last, under: claimed.claim), .committed, "the end, again")
      try equal(try await bench.fixture.events(of: run).count, 3, "events at the end")
    },
    RunStoreCheck("a transition that leaves out a step is refused") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      try equal(
        try await bench.store.commit(try await bench.started(2), under: claimed.claim), .stale,
        "step 2 after 0")
      try equal(try await bench.fixture.snapshot(of: run), RunSnapshot(input: ["a": 1]), "the run")
    },
    RunStoreCheck("a stale epoch changes nothing") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      let stale = RunClaim(run: run, epoch: claimed.claim.epoch - 1)
      var transition = try await bench.started(1)
      transition.nodeRuns = [bench.row(.running, at: try await bench.fixture.now())]
      try equal(try await bench.store.commit(transition, under: stale), .stale, "the commit")
      try equal(try await bench.fixture.snapshot(of: run), RunSnapshot(input: ["a": 1]), "the run")
      try equal(try await bench.fixture.events(of: run).count, 1, "events")
    },
    RunStoreCheck("a final run never changes and is never claimed again") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      let transition = try await bench.finished(1)
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the end")
      let snapshot = try await bench.fixture.snapshot(of: run)
      try equal(snapshot.state, .success, "the state")
      try equal(snapshot.output, ["done": true], "the output")
      try equal(snapshot.finishedAt, transition.finishedAt, "the end")
      try equal(
        try await bench.store.commit(try await bench.started(2), under: claimed.claim), .stale,
        "a further step")
      try await bench.fixture.requestCancel(run)
      try check(try await bench.claim(bench.alice).isEmpty, "a final run was claimed")
      try equal(try await bench.fixture.snapshot(of: run), snapshot, "the run")
    },
    RunStoreCheck("the error of a failed run is stored") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1, .failure)
      transition.error = RunError(
        code: .requestTimeout, message: "Node 'step' failed", nodeID: bench.version.graph.nodes[1].id)
      transition.finishedAt = transition.startedAt
      _ = try await bench.store.commit(transition, under: claimed.claim)
      try equal(try await bench.fixture.snapshot(of: run).error, transition.error, "the error")
    },
  ]
}
