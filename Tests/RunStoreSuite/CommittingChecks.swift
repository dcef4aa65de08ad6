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
    RunStoreCheck("transitions of many runs are stored together, each under its own epoch and step") {
      bench in
      let claims = try await bench.claimMany(4)
      let now = try await bench.fixture.now()
      var transitions: [RunTransition] = []
      for number in claims.indices {
        var transition = try await bench.started(1)
        transition.nodeRuns = [bench.row(.running, at: now)]
        transition.events += (0..<number).map {
          RunEvent(at: now, .logLine(RunEvent.LogLine(node: nil, level: .info, message: "\(number).\($0)")))
        }
        transitions.append(transition)
      }
      transitions[1].step = 2
      let stale = RunClaim(run: claims[2].run, epoch: claims[2].epoch - 1)
      let results = try await bench.store.commit([
        RunCommit(transitions[0], under: claims[0]), RunCommit(transitions[1], under: claims[1]),
        RunCommit(transitions[2], under: stale), RunCommit(transitions[3], under: claims[3]),
      ])
      try equal(results, [.committed, .stale, .stale, .committed], "the results")
      for (number, claim) in claims.enumerated() {
        let isStored = number == 0 || number == 3
        let snapshot = try await bench.fixture.snapshot(of: claim.run)
        let events = try await bench.fixture.events(of: claim.run)
        try equal(snapshot.step, isStored ? 1 : 0, "the step of run \(number)")
        try equal(snapshot.nodeRuns, isStored ? transitions[number].nodeRuns : [], "rows of run \(number)")
        try equal(
          events.map(\.sequence), Array(1...Int64(isStored ? number + 2 : 1)), "numbers of run \(number)")
        if isStored { try equal(events.dropFirst().map(\.event), transitions[number].events, "events") }
      }
      let again = try await bench.store.commit([
        RunCommit(transitions[3], under: claims[3]), RunCommit(try await bench.finished(2), under: claims[0]),
      ])
      try equal(again, [.committed, .committed], "one again beside one that is new")
      try equal(try await bench.fixture.events(of: claims[3].run).count, 5, "events after the repetition")
    },
    RunStoreCheck("a transition that cannot be stored fails alone") { bench in
      let claims = try await bench.claimMany(3)
      let now = try await bench.fixture.now()
      var poison = try await bench.started(1)
      poison.nodeRuns = [bench.row(.running, at: now, title: "a\0b")]
      let results = try await bench.store.commit([
        RunCommit(try await bench.started(1), under: claims[0]), RunCommit(poison, under: claims[1]),
        RunCommit(try await bench.finished(1), under: claims[2]),
      ])
      try equal([results[0], results[2]], [.committed, .committed], "the neighbours")
      guard case .refused = results[1] else {
        throw ConformanceFailure(description: "the poison was answered with \(results[1])")
      }
      try equal(try await bench.fixture.snapshot(of: claims[1].run).step, 0, "the step of the poisoned run")
      guard case .refused = try await bench.store.commit(poison, under: claims[1]) else {
        throw ConformanceFailure(description: "the poison alone was not refused")
      }
    },
    RunStoreCheck("a run that is abandoned ends as a failure, its open rows cancelled") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1)
      transition.nodeRuns = [bench.row(.running, at: try await bench.fixture.now())]
      _ = try await bench.store.commit(transition, under: claimed.claim)
      let error = RunError(code: .runAbandoned, message: "no way")
      try await bench.store.abandon(RunClaim(run: run, epoch: claimed.claim.epoch - 1), error)
      try equal(try await bench.fixture.snapshot(of: run).state, .running, "abandoned under a stale epoch")
      for _ in 0..<2 { try await bench.store.abandon(claimed.claim, error) }
      let snapshot = try await bench.fixture.snapshot(of: run)
      try equal(snapshot.state, .failure, "the state")
      try equal(snapshot.error, error, "the error")
      try check(snapshot.finishedAt != nil, "the end")
      try equal(snapshot.nodeRuns.map(\.state), [.cancelled], "the rows")
      let events = try await bench.fixture.events(of: run)
      try equal(
        events.last?.event.kind, .finished(.init(state: .failure, output: nil, error: error)),
        "the last event")
      try equal(events.map(\.sequence), [1, 2, 3], "the numbers")
      try equal(
        try await bench.store.commit(try await bench.finished(2), under: claimed.claim), .stale,
        "a late commit")
      try check(try await bench.claim(bench.alice).isEmpty, "an abandoned run was claimed")
    },
  ]
}
