import Flows

extension Bench {
  /// A run that was claimed and parked for an hour.
  fileprivate func parked() async throws -> ClaimedRun {
    _ = try await enqueue()
    let claimed = try await claimOne(alice)
    var transition = try await started(1, .waiting)
    transition.wakeAt = try await fixture.now().advanced(byMilliseconds: 3_600_000)
    transition.releasesClaim = true
    try equal(try await store.commit(transition, under: claimed.claim), .committed, "the wait")
    return claimed
  }

  fileprivate func signal(_ number: UInt64, _ payload: JSONValue = ["ok": true]) -> NodeSignal {
    NodeSignal(
      id: Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number),
      address: NodeAddress(version.graph.nodes[1].id, IterationPath([3, 0]) ?? .root), kind: .resume,
      payload: payload)
  }

  /// The row of a node that waits for a call.
  fileprivate func waitingNode(_ address: NodeAddress) -> NodeRun {
    let node = version.graph.nodes[1]
    var row = NodeRun(
      id: Identifier(high: 0x0190_0000_0000_7001, low: 0x8000_0000_0000_0001), node: address.node,
      key: node.key, title: "", kind: .delay, state: .waiting, iteration: address.iteration)
    row.memo = ["wait": "webhook"]
    return row
  }

  fileprivate func child(_ flow: Identifier, _ purpose: ChildRun.Purpose = .subflow) async throws -> ChildRun
  {
    ChildRun(
      id: Identifier(at: try await fixture.now(), random: (5, 6)), flowID: flow, input: ["child": 1],
      purpose: purpose, waiting: purpose == .subflow ? NodeAddress(version.graph.nodes[1].id) : nil, depth: 1)
  }
}

extension RunStoreCheck {
  static let signalling = [
    RunStoreCheck("a signal makes a parked run claimable, and is told to its owner") { bench in
      let first = try await bench.parked()
      try await bench.fixture.signal(first.claim.run, bench.signal(1))
      let claimed = try await bench.claimOne(bench.alice)
      let told = try await bench.store.signals(for: [claimed.claim])
      try equal(told, [claimed.claim.run: [bench.signal(1)]], "the signals")
    },
    RunStoreCheck("a signal is told until a transition uses it") { bench in
      let first = try await bench.parked()
      try await bench.fixture.signal(first.claim.run, bench.signal(1))
      try await bench.fixture.signal(first.claim.run, bench.signal(2, "second"))
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(2)
      transition.consumedSignals = [bench.signal(1).id]
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the commit")
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "again")
      let told = try await bench.store.signals(for: [claimed.claim])
      try equal(told, [claimed.claim.run: [bench.signal(2, "second")]], "what is left")
      var last = try await bench.finished(3)
      last.consumedSignals = [bench.signal(2).id]
      try equal(try await bench.store.commit(last, under: claimed.claim), .committed, "the end")
    },
    RunStoreCheck("what came for a wait before it was closed is told, and nothing is accepted after it") {
      bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1, .waiting)
      transition.nodeRuns = [bench.waitingNode(bench.signal(1).address)]
      transition.wakeAt = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the wait")
      let nodes = [bench.signal(1).address]
      let stale = RunClaim(run: run, epoch: claimed.claim.epoch - 1)
      try equal(try await bench.store.closeWaits(of: nodes, under: stale), [], "what another claim is told")
      try await bench.fixture.signal(run, bench.signal(1))
      for time in ["once", "again"] {
        let told = try await bench.store.closeWaits(of: nodes, under: claimed.claim)
        try equal(told, [bench.signal(1)], time)
      }
      try? await bench.fixture.signal(run, bench.signal(2))
      let told = try await bench.store.signals(for: [claimed.claim])
      try equal(told, [run: [bench.signal(1)]], "what there is afterwards")
    },
    RunStoreCheck("a signal that comes while the run is held keeps it from being parked, once") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      try await bench.fixture.signal(run, bench.signal(1))
      var transition = try await bench.started(1, .waiting)
      transition.wakeAt = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      transition.releasesClaim = true
      _ = try await bench.store.commit(transition, under: claimed.claim)
      let again = try await bench.claimOne(bench.alice)
      transition.step = 2
      _ = try await bench.store.commit(transition, under: again.claim)
      try check(try await bench.claim(bench.alice).isEmpty, "claimed again for the same signal")
    },
    RunStoreCheck("a child is queued with its parent's transition, and its end is told to the parent") {
      bench in
      let run = try await bench.enqueue()
      let parent = try await bench.claimOne(bench.alice)
      let child = try await bench.child(bench.version.flowID)
      var transition = try await bench.started(1, .waiting)
      transition.children = [child]
      transition.wakeAt = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      transition.releasesClaim = true
      try equal(try await bench.store.commit(transition, under: parent.claim), .committed, "the commit")
      try equal(try await bench.store.commit(transition, under: parent.claim), .committed, "again")
      let claimed = try await bench.claimOne(bench.alice)
      try equal(claimed.claim.run.runID, child.id, "the child")
      try equal(claimed.snapshot.input, ["child": 1], "its input")
      try equal(claimed.origin, RunOrigin(depth: 1, waiting: run.runID), "where it comes from")
      var end = try await bench.finished(1)
      end.waitingParent = run.runID
      try equal(try await bench.store.commit(end, under: claimed.claim), .committed, "its end")
      let again = try await bench.claimOne(bench.alice)
      try equal(again.claim.run, run, "the parent")
      let told = try await bench.store.signals(for: [again.claim])[run]
      try equal(told?.map(\.kind), [.childEnded], "the signal")
      try equal(told?.first?.address, child.waiting, "the node")
      try equal(told?.first?.payload["state"], "success", "the state")
      try equal(told?.first?.payload["output"], ["done": true], "the output")
      try equal(told?.first?.payload["executionId"]?.string, child.id.text(.execution), "the run")
    },
    RunStoreCheck("a child that cannot be started is told at once") { bench in
      let run = try await bench.enqueue()
      let parent = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1)
      transition.children = [try await bench.child(Identifier(high: 9, low: 9))]
      try equal(try await bench.store.commit(transition, under: parent.claim), .committed, "the commit")
      let told = try await bench.store.signals(for: [parent.claim])[run]
      try equal(told?.first?.payload["error"]?["code"], "FLOW_UNAVAILABLE", "the error")
      var last = try await bench.finished(2)
      last.children = [try await bench.child(Identifier(high: 9, low: 9), .failure)]
      try equal(
        try await bench.store.commit(last, under: parent.claim), .committed, "an error flow that is gone")
    },
    RunStoreCheck("a cancelled run that waits for its children is due when something comes, not before") {
      bench in
      let run = try await bench.enqueue()
      let first = try await bench.claimOne(bench.alice)
      try await bench.fixture.requestCancel(run)
      var transition = try await bench.started(1, .waiting)
      transition.wakeAt = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      transition.awaitsCancelledChildren = true
      transition.releasesClaim = true
      try equal(try await bench.store.commit(transition, under: first.claim), .committed, "the commit")
      try check(try await bench.claim(bench.alice).isEmpty, "claimed for its cancellation")
      try await bench.fixture.signal(run, bench.signal(1))
      let second = try await bench.claimOne(bench.alice)
      try check(second.isCancelRequested, "the next owner must know of it")
      // What came meanwhile makes it due at once.
      transition.step = 2
      _ = try await bench.store.commit(transition, under: second.claim)
      try equal(try await bench.claimOne(bench.alice).claim.run, run, "the run")
    },
    RunStoreCheck("cancelled children are asked to stop; an abandoned child is told to its parent") { bench in
      let run = try await bench.enqueue()
      let parent = try await bench.claimOne(bench.alice)
      let child = try await bench.child(bench.version.flowID)
      var transition = try await bench.started(1)
      transition.children = [child]
      _ = try await bench.store.commit(transition, under: parent.claim)
      transition = try await bench.started(2)
      transition.cancelledChildren = [child.id]
      try equal(try await bench.store.commit(transition, under: parent.claim), .committed, "the commit")
      let claimed = try await bench.claimOne(bench.alice)
      try check(claimed.isCancelRequested, "the child must be asked to stop")
      try await bench.store.abandon(claimed.claim, RunError(code: .runAbandoned, message: "no"))
      let told = try await bench.store.signals(for: [parent.claim])[run]
      try equal(told?.first?.payload["state"], "failure", "the signal")
    },
    RunStoreCheck("the children of an abandoned run are asked to stop") { bench in
      let run = try await bench.enqueue()
      let parent = try await bench.claimOne(bench.alice)
      let child = try await bench.child(bench.version.flowID)
      var transition = try await bench.started(1)
      transition.children = [child]
      let node = bench.version.graph.nodes[1]
      var row = NodeRun(
        id: Identifier(high: 7, low: 7), node: node.id, key: node.key, title: node.title, kind: node.kind,
        state: .waiting)
      row.attempt = 1
      row.startedAt = transition.startedAt
      row.memo = ["child": .string(child.id.text(.execution))]
      transition.nodeRuns = [row]
      try equal(try await bench.store.commit(transition, under: parent.claim), .committed, "the commit")
      try await bench.store.abandon(parent.claim, RunError(code: .runAbandoned, message: "no"))
      try equal(try await bench.fixture.snapshot(of: run).state, .failure, "the parent")
      let claimed = try await bench.claimOne(bench.alice)
      try equal(claimed.claim.run.runID, child.id, "the run")
      try check(claimed.isCancelRequested, "the child must be asked to stop")
    },
  ]
}
