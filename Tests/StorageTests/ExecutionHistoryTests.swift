import Flows
import Postgres
import Storage
import Testing

@Suite struct ExecutionHistoryTests {
  private func past(
    _ flow: FlowStore.StoredFlow, _ ending: ExecutionHistory.Ending, daysAgo: Int64
  ) -> ExecutionHistory.PastRun {
    let at = TestInstants.november.advanced(byMilliseconds: -86_400_000 * daysAgo)
    let endings: [ExecutionHistory.NodeEnding] = [
      .success, ending == .success ? .success : .failure,
      ending == .success ? .success : .skipped(.runFailed),
    ]
    let nodes = zip(flow.graph.nodes, endings).map { node, ending in
      ExecutionHistory.NodeOutcome(
        id: makeID(at), nodeID: node.id, ending, durationMilliseconds: 250)
    }
    return ExecutionHistory.PastRun(
      id: makeID(at), ending, startedAt: at, durationMilliseconds: 750, nodes: nodes)
  }

  @Test func `past runs are stored whole, in bulk, and nobody drives them`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let runs = (0..<250).map {
        past(flow, ExecutionHistory.Ending.allCases[$0 % 3], daysAgo: Int64($0 % 60))
      }
      let history = ExecutionHistory(bench.database)
      try await history.insert(
        runs, of: flow, by: bench.account.user, in: bench.organization, newVersionID: makeID())
      let counts = try await bench.row(
        """
        SELECT (SELECT count(*) FROM execution_logs WHERE version_id = (SELECT id FROM flow_versions)), \
        (SELECT count(*) FROM node_execution_logs), (SELECT count(*) FROM execution_queue), \
        (SELECT count(*) FROM execution_logs WHERE status = 'failure' AND duration = 750)
        """)
      #expect((0..<4).map { counts.int(0, $0) } == [250, 750, 0, 83])
      let run = RunReference(organizationID: bench.organization, runID: runs[1].id)
      let events = try await bench.storedEvents(of: run)
      #expect(events.map(\.sequence) == Array(1...8))
      #expect(
        events.map(\.event.kind.name) == [
          "queued", "started", "node_started", "node_finished", "node_started", "node_finished",
          "node_finished", "finished",
        ])
      let stored = try await bench.row(
        "SELECT last_executed FROM automation_flows")
      #expect(stored.microseconds(0, 0) == TestInstants.november.microseconds)
      try await bench.lease(bench.account.user)
      let claimed = try await bench.runs.claim(owner: bench.account.user, limit: 1)
      #expect(claimed.runs.isEmpty)
    }
  }

  @Test func `a changed flow, a stranger's flow and an unknown node store nothing`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      let history = ExecutionHistory(bench.database)
      var old = flow
      old.revision = 0
      var unknown = past(flow, .success, daysAgo: 1)
      unknown.nodes[1].nodeID = makeID()
      let attempts: [(FlowStore.StoredFlow, ExecutionHistory.PastRun, Identifier)] = [
        (old, past(flow, .success, daysAgo: 1), bench.organization),
        (flow, past(flow, .success, daysAgo: 1), makeID()),
        (flow, unknown, bench.organization),
      ]
      var errors: [StorageError?] = []
      for (flow, run, organization) in attempts {
        errors.append(
          try await storageError {
            try await history.insert([run], of: flow, by: nil, in: organization, newVersionID: makeID())
          })
      }
      #expect(errors == [.revisionConflict(current: 1), .notFound, .unknownReference(field: "nodeId")])
      let count = try await bench.int(
        "SELECT (SELECT count(*) FROM execution_logs) + (SELECT count(*) FROM flow_versions)")
      #expect(count == 0)
    }
  }
}
