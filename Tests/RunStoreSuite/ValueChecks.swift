import Flows

/// What a run is given and gives is stored as it is, however often it comes and wherever it is the same.
extension RunStoreCheck {
  static let values = [
    RunStoreCheck("values that are the same in several places are stored in each") { bench in
      let large = bench.large("x")
      let run = try await bench.enqueue(large)
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1, .success)
      let (first, second) = try await (bench.ended(0, large, large), bench.ended(1, large, large))
      transition.nodeRuns = [first, second]
      transition.output = large
      transition.events += [first, second].flatMap(bench.events)
      transition.events.append(
        RunEvent(at: first.startedAt!, .finished(.init(state: .success, output: large, error: nil))))
      let commit = RunCommit(transition, under: claimed.claim, input: large)
      try equal(try await bench.store.commit([commit]), [.committed], "the commit")
      try await bench.expect(transition, of: run)
    },
    RunStoreCheck("values that differ only in their order, their form or not at all") { bench in
      let input: JSONValue = ["a": "caf\u{e9}", "b": [1, nil, 2.5], "c": bench.large("y")]
      let reordered: JSONValue = ["b": [1, nil, 2.5], "c": bench.large("y"), "a": "caf\u{e9}"]
      let decomposed: JSONValue = ["a": "cafe\u{301}", "b": [1, nil, 2.5], "c": bench.large("y")]
      let run = try await bench.enqueue(input)
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1)
      let rows = try await [bench.ended(0, input, decomposed), bench.ended(1, decomposed, reordered)]
      transition.nodeRuns = rows
      transition.events += rows.flatMap(bench.events)
      let commit = RunCommit(transition, under: claimed.claim, input: input)
      try equal(try await bench.store.commit([commit]), [.committed], "the commit")
      let stored = try await bench.expect(transition, of: run)
      // `==` takes both forms of the letter for the same.
      let texts = stored.compactMap { $0.output?["a"]?.string.map { Array($0.utf8) } }
      try equal(texts, [Array("cafe\u{301}".utf8), Array("caf\u{e9}".utf8)], "the letters")
    },
    RunStoreCheck("nothing, null, and small values") { bench in
      let run = try await bench.enqueue(.null)
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1, .success)
      let rows = try await [bench.ended(0, .null, nil), bench.ended(1, nil, false)]
      transition.nodeRuns = rows
      transition.output = .null
      // In an event null is nothing.
      transition.events += rows.flatMap(bench.events).filter { $0.kind.name == "node_finished" }.dropFirst()
      let commit = RunCommit(transition, under: claimed.claim, input: .null)
      try equal(try await bench.store.commit([commit]), [.committed], "the commit")
      try await bench.expect(transition, of: run)
    },
    RunStoreCheck("several runs with the same values, sent together, keep their own") { bench in
      let inputs = (0..<4).map { bench.large("\($0 / 2)") }
      var commits: [RunCommit] = []
      for input in inputs { _ = try await bench.enqueue(input) }
      try await bench.lease(bench.alice)
      for claimed in try await bench.claim(bench.alice, limit: 4) {
        let input = claimed.snapshot.input
        var transition = try await bench.started(1, .success)
        transition.output = bench.large("the same")
        transition.nodeRuns = [
          try await bench.ended(0, input, input), try await bench.ended(1, input, transition.output),
        ]
        transition.events += transition.nodeRuns.flatMap(bench.events)
        commits.append(RunCommit(transition, under: claimed.claim, input: input))
      }
      let results = try await bench.store.commit(commits)
      try equal(results, Array(repeating: .committed, count: 4), "the commits")
      for commit in commits { try await bench.expect(commit.transition, of: commit.claim.run) }
    },
    RunStoreCheck("what an event says stays when its node goes on") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var (first, last) = try await (bench.started(1), bench.finished(2))
      var row = try await bench.ended(1, bench.large("in"), nil)
      row.state = .running
      row.finishedAt = nil
      first.nodeRuns = [row]
      first.events += bench.events(row).prefix(1)
      let end = try await bench.ended(1, bench.large("in"), bench.large("out"))
      last.nodeRuns = [end]
      last.events += bench.events(end).suffix(1)
      // An iteration of a loop that is tried again writes the same row.
      let path = IterationPath([0])
      var (before, after) = try await (
        bench.ended(0, bench.large("one"), bench.large("two"), path),
        bench.ended(0, bench.large("three"), bench.large("four"), path)
      )
      (before.attempt, after.attempt) = (1, 1)
      first.nodeRuns.append(before)
      first.events += bench.events(before)
      last.nodeRuns.append(after)
      last.events += bench.events(after)
      for transition in [first, last] {
        try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the commit")
      }
      let events = try await bench.fixture.events(of: run)
      try equal(events.dropFirst().map(\.event), first.events + last.events, "the events")
    },
  ]
}

extension Bench {
  /// A value of which an event and a row of the log need not have a copy each.
  fileprivate func large(_ text: String) -> JSONValue {
    ["text": .string(String(repeating: text, count: 300)), "list": [1, 2.5, true, nil]]
  }

  /// The row of a node that has succeeded.
  fileprivate func ended(
    _ place: Int, _ input: JSONValue?, _ output: JSONValue?, _ path: IterationPath? = nil
  ) async throws -> NodeRun {
    let (node, now) = (version.graph.nodes[place], try await fixture.now())
    var row = NodeRun(
      id: Identifier(at: now, random: (UInt64(place), 3)), node: node.id, key: node.key, title: node.title,
      kind: node.kind, state: .success, iteration: path ?? .root)
    (row.order, row.attempt, row.input, row.output) = (place, 1, input, output)
    (row.startedAt, row.finishedAt) = (now, now)
    return row
  }

  /// What a subscriber is told of a row.
  fileprivate func events(_ row: NodeRun) -> [RunEvent] {
    let started = RunEvent.NodeStarted(
      node: row.nodeID, iteration: row.iteration, key: row.key, attempt: row.attempt, input: row.input)
    return [.nodeStarted(started), .nodeFinished(RunEvent.NodeFinished(row))].map {
      RunEvent(at: row.startedAt ?? Instant(microseconds: 0), $0)
    }
  }

  @discardableResult
  fileprivate func expect(_ transition: RunTransition, of run: RunReference) async throws -> [NodeRun] {
    let snapshot = try await fixture.snapshot(of: run)
    try equal(snapshot.nodeRuns.sorted { $0.order < $1.order }, transition.nodeRuns, "the rows")
    try equal(snapshot.output, transition.output, "the output")
    let events = try await fixture.events(of: run)
    try equal(events.dropFirst().map(\.event), transition.events, "the events")
    return snapshot.nodeRuns.sorted { $0.order < $1.order }
  }
}
