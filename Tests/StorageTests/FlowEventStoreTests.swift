import Flows
import Postgres
import Storage
import Testing

/// Ends of runs that start runs: told by the statement that ends the run, and made into a run once.
@Suite struct FlowEventStoreTests {
  private func follow(
    _ bench: StorageBench, _ flow: Identifier, _ source: Identifier, _ states: String = #"["SUCCESS"]"#
  ) async throws {
    var trigger = TriggerStore.NewTrigger(id: makeID(), flowID: flow, kind: .flowEvent, config: [:])
    trigger.sourceFlowID = source
    trigger.sourceStates = states
    try await TriggerStore(bench.database).add(trigger, in: bench.organization)
  }

  /// Ends the one run that waits.
  private func end(
    _ bench: StorageBench, _ state: RunState, starting flow: Identifier? = nil,
    _ purpose: ChildRun.Purpose = .subflow
  ) async throws {
    let claim = try await bench.claimOne(bench.account.user).claim
    var end = transition(1, state)
    if let flow {
      end.children = [
        ChildRun(id: makeID(), flowID: flow, input: .null, purpose: purpose, waiting: nil, depth: 1)
      ]
    }
    end.startedAt = TestInstants.november
    end.finishedAt = TestInstants.november.advanced(byMilliseconds: 5)
    #expect(try await bench.runs.commit(end, under: claim) == .committed)
    #expect(try await bench.runs.commit(end, under: claim) == .committed)
  }

  @Test func `the end of a run starts one run of each flow that waits for it`() async throws {
    try await withStorage { bench in
      let source = try await bench.makeFlow(chain(["begin", "end"]))
      let first = try await bench.makeFlow(chain(["begin", "end"]))
      let second = try await bench.makeFlow(chain(["begin", "end"]))
      try await follow(bench, first.id, source.id)
      try await follow(bench, second.id, source.id, #"["FAILURE", "CANCELLED"]"#)
      let run = try await bench.enqueue(source)
      try await end(bench, .success)
      let store = FlowEventStore(bench.database)
      guard case .fired(let started)? = try await store.settleNext(runID: makeID()) else {
        Issue.record("Nothing was started.")
        return
      }
      #expect(try await store.settleNext(runID: makeID()) == nil)
      let row = try await bench.row(
        "SELECT id, flow_id, input FROM execution_logs WHERE status = 'pending'")
      #expect(row.rowCount == 1 && row.uuid(0, 0)?.identifier == started.runID)
      #expect(row.uuid(0, 1)?.identifier == first.id)
      let input = try JSONValue(parsing: row.jsonText(0, 2) ?? "")
      #expect(input["execution"] == .string(run.runID.text(.execution)) && input["status"] == "SUCCESS")
    }
  }

  @Test func `a chain of runs ends at its bound`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      try await follow(bench, flow.id, flow.id)
      _ = try await bench.enqueue(flow)
      let store = FlowEventStore(bench.database)
      for _ in 0..<FlowEventStore.maximumDepth {
        try await end(bench, .success)
        guard case .fired? = try await store.settleNext(runID: makeID()) else {
          Issue.record("The chain ended too early.")
          return
        }
      }
      try await end(bench, .success)
      guard case .tooDeep? = try await store.settleNext(runID: makeID()) else {
        Issue.record("The chain goes on.")
        return
      }
      #expect(try await bench.row("SELECT 1 FROM execution_queue").rowCount == 0)
    }
  }

  @Test(arguments: [ChildRun.Purpose.subflow, .failure])
  func `a chain that goes on by nodes or error flows in between ends at its bound too`(
    purpose: ChildRun.Purpose
  ) async throws {
    try await withStorage { bench in
      let source = try await bench.makeFlow(chain(["begin", "end"]))
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      try await follow(bench, flow.id, source.id)
      _ = try await bench.enqueue(source)
      let store = FlowEventStore(bench.database)
      for _ in 0..<FlowEventStore.maximumDepth {
        try await end(bench, .success)
        guard case .fired? = try await store.settleNext(runID: makeID()) else {
          Issue.record("The chain ended too early.")
          return
        }
        try await end(bench, .failure, starting: source.id, purpose)
      }
      try await end(bench, .success)
      guard case .tooDeep? = try await store.settleNext(runID: makeID()) else {
        Issue.record("The chain goes on.")
        return
      }
      #expect(try await bench.row("SELECT 1 FROM execution_queue").rowCount == 0)
    }
  }

  @Test func `what is off, paused or gone starts nothing`() async throws {
    try await withStorage { bench in
      let source = try await bench.makeFlow(chain(["begin", "end"]))
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      try await follow(bench, flow.id, source.id)
      _ = try await bench.enqueue(source)
      try await end(bench, .success)
      try await bench.flows.update(
        flow.id, .init(status: "paused"), expectedRevision: nil, in: bench.organization)
      let store = FlowEventStore(bench.database)
      #expect(try await store.settleNext(runID: makeID()) == .dropped)
      _ = try await bench.enqueue(source)
      try await end(bench, .success)
      try await bench.flows.delete(flow.id, expectedRevision: nil, in: bench.organization)
      #expect(try await store.settleNext(runID: makeID()) == .dropped)
      #expect(try await store.settleNext(runID: makeID()) == nil)
    }
  }
}
