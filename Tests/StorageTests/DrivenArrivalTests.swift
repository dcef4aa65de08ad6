import Flows
import Postgres
import Storage
import Testing

/// Arrivals whose runs are over with their first turn: driven before they are stored, and stored as what they
/// became.
@Suite struct DrivenArrivalTests {
  private let alice = makeID()

  private static let november: any RunClock = StoppedClock(instant: TestInstants.november)

  /// What receives for a worker with room, unless it is to have none.
  private struct Desk {
    let bench: StorageBench
    let starts = RunStarts()
    let store: ReceivedStore

    init(_ bench: StorageBench, places: Int = 1) {
      self.bench = bench
      store = ReceivedStore(
        bench.database, starts: starts, firstTurns: FirstTurns(bench.database, clock: november))
      PostgresEagerStarts(starts, store: bench.runs).offer(places, owner: makeID())
    }

    func driven(
      _ receiver: ReceivedStore.Receiver, key: String? = nil, _ value: JSONValue = ["body": 1]
    ) async throws -> ReceivedStore.Arrival {
      var arrival = try ReceivedStore.Arrival(receiver, key: key, input: value.text())
      arrival.value = value
      await store.drive(&arrival)
      return arrival
    }

    func expect(
      _ receiver: ReceivedStore.Receiver, _ value: JSONValue = ["body": 1], isDriven: Bool
    ) async throws {
      let arrival = try await driven(receiver, value)
      #expect(arrival.isDriven == isDriven)
    }
  }

  private func withDesk(
    _ graph: FlowGraph = shortGraph(), places: Int = 1,
    _ body: (Desk, ReceivedStore.Receiver) async throws -> Void
  ) async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(graph)
      let receiver = try await bench.receiver(try await bench.makeWebhook(flow.id))
      try await body(Desk(bench, places: places), receiver)
    }
  }

  @Test func `a run that was driven first is stored like one that a worker has driven`() async throws {
    try await withDesk { desk, receiver in
      let (bench, input) = (desk.bench, JSONValue.object(["longer": [1, ["é": nil]], "a": "x"]))
      let first = try await desk.driven(receiver, input)
      #expect(first.isDriven)
      let outcomes = try await desk.store.accept([first])
      guard case .stored(.ended(let transition)) = outcomes.first else {
        Issue.record("not stored as what it became: \(outcomes)")
        return
      }
      #expect(transition.state == .success && transition.events.first?.kind == .queued)
      #expect(try await bench.int("SELECT count(*)::int FROM execution_queue") == 0)
      let second = try ReceivedStore.Arrival(receiver, input: input.text())
      #expect(try await desk.store.accept([second]) == [.stored(.queued)])
      let claimed = try await bench.claimOne(alice)
      var machine = RunMachine(claimed: claimed)
      _ = machine.handle(.resumed(at: TestInstants.november, isCancelRequested: false))
      let taken = machine.takeTransition()
      let commit = try #require(taken)
      #expect(try await bench.runs.commit(commit, under: claimed.claim) == .committed)
      for what in timelessRows + [DrivenArrivalTests.delivery] {
        let driven = try await bench.text(what, of: first.runID)
        #expect(try await bench.text(what, of: second.runID) == driven, "\(what)")
        #expect(driven != nil)
      }
      #expect(
        try await bench.text(
          "SELECT concat_ws(' ', count(*), min(sequence), max(sequence)) FROM run_events WHERE execution_id = $1",
          of: first.runID) == "13 1 13")
      let rows = try await bench.int("SELECT count(*) FROM execution_events")
      #expect(rows == 1, "that of the second's queueing")
    }
  }

  private static let delivery =
    "SELECT (request::text || (execution_id = $1)::text) FROM trigger_deliveries WHERE execution_id = $1"

  @Test func `many are stored together, each delivery once, with the hints of their last use`() async throws {
    try await withDesk { desk, receiver in
      let bench = desk.bench
      var batch: [ReceivedStore.Arrival] = []
      for key in ["a", nil, "a", "b"] { batch.append(try await desk.driven(receiver, key: key)) }
      let outcomes = try await desk.store.accept(batch)
      let places = outcomes.indices.filter {
        if case .stored(.ended) = outcomes[$0] { true } else { false }
      }
      #expect(places == [0, 1, 3] || places == [1, 2, 3])
      let (kept, other) = places[0] == 0 ? (0, 2) : (2, 0)
      #expect(outcomes[other] == .undecided)
      #expect(try await desk.store.accept([batch[other]]) == [.duplicate(run: batch[kept].runID)])
      for table in ["execution_logs", "trigger_deliveries"] {
        #expect(try await bench.int("SELECT count(*)::int FROM \(table)") == 3, "\(table)")
      }
      #expect(try await bench.int("SELECT count(*)::int FROM run_events WHERE kind = 'finished'") == 3)
      #expect(try await bench.int("SELECT count(*)::int FROM node_execution_logs") == 12)
      #expect(
        try await bench.int(
          """
          SELECT count(*)::int FROM flow_triggers t JOIN automation_flows f ON f.id = t.flow_id \
          WHERE t.last_fired_at IS NOT NULL AND f.last_executed IS NOT NULL
          """) == 1)
    }
  }

  @Test
  func `when a trigger was used last is written once a second, and what comes between is stored as well`()
    async throws
  {
    try await withDesk { desk, receiver in
      let bench = desk.bench
      for isDriven in [true, true, false, true] {
        var arrival = try await desk.driven(receiver)
        if !isDriven { arrival.leaveUndriven() }
        guard case .stored = try await desk.store.accept([arrival]).first else {
          Issue.record("not stored")
          return
        }
      }
      #expect(try await bench.int("SELECT count(*)::int FROM trigger_deliveries") == 4)
      #expect(try await bench.row("SELECT last_fired_at FROM flow_triggers").microseconds(0, 0) != nil)
      let first = try await bench.int("SELECT xmin::text::int FROM flow_triggers")
      _ = try await desk.store.accept([try await desk.driven(receiver)])
      #expect(try await bench.int("SELECT xmin::text::int FROM flow_triggers") == first)
      try await Task.sleep(for: .milliseconds(1_100))
      _ = try await desk.store.accept([try await desk.driven(receiver)])
      #expect(try await bench.int("SELECT xmin::text::int FROM flow_triggers") != first)
    }
  }

  @Test func `its end is told to webhooks and raises what waits for it`() async throws {
    try await withDesk { desk, receiver in
      let bench = desk.bench
      let waiting = try await bench.makeFlow(chain(["begin", "end"]))
      try await bench.script(
        """
        INSERT INTO webhooks (organization_id, id, url, event_types, secret) \
        SELECT id, studio_uuid_v7(), 'https://hooks.test/', '["EXECUTION_SUCCEEDED"]', '\\x01' \
        FROM organizations;
        INSERT INTO flow_triggers (organization_id, id, flow_id, kind, config, source_flow_id, source_states) \
        SELECT id, studio_uuid_v7(), '\(waiting.id)', 'flow_event', '{}', '\(receiver.flowID)', '["SUCCESS"]' \
        FROM organizations
        """)
      _ = try await desk.store.accept([try await desk.driven(receiver)])
      #expect(try await bench.int("SELECT count(*)::int FROM webhook_deliveries") == 1)
      #expect(try await bench.int("SELECT count(*)::int FROM trigger_events") == 1)
    }
  }

  @Test func `what has a limit of runs goes through the queue`() async throws {
    try await withDesk { desk, receiver in
      let limits = RunLimits(desk.bench.database)
      try await limits.set(1, for: .flow(receiver.flowID), in: desk.bench.organization)
      var arrival = try await desk.driven(receiver)
      #expect(arrival.isDriven)
      #expect(try await desk.store.accept([arrival]) == [.undecided])
      #expect(try await desk.bench.int("SELECT count(*)::int FROM trigger_deliveries") == 0)
      arrival.leaveUndriven()
      #expect(try await desk.store.accept([arrival]) == [.stored(.queued)])
      try await desk.expect(receiver, isDriven: false)
    }
  }

  @Test func `what was changed since it was read takes nothing`() async throws {
    try await withDesk { desk, receiver in
      let arrival = try await desk.driven(receiver)
      try await desk.bench.flows.update(
        receiver.flowID, .init(status: "paused"), expectedRevision: nil, in: desk.bench.organization)
      #expect(try await desk.store.accept([arrival]) == [.stale])
      #expect(try await desk.bench.int("SELECT count(*)::int FROM execution_logs") == 0)
    }
  }

  @Test func `runs that need more, large ones, and those of a busy worker are left to the queue`()
    async throws
  {
    try await withDesk(chain(["begin", "end"])) { desk, receiver in
      for _ in 0..<2 { try await desk.expect(receiver, isDriven: false) }
    }
    try await withDesk(places: 0) { desk, receiver in
      try await desk.expect(receiver, isDriven: false)
    }
    try await withDesk { desk, receiver in
      let large = JSONValue.object(["text": .string(String(repeating: "x", count: 70_000))])
      try await desk.expect(receiver, large, isDriven: false)
      try await desk.expect(receiver, isDriven: true)
      PostgresEagerStarts(desk.starts, store: desk.bench.runs).close()
      try await desk.expect(receiver, isDriven: false)
    }
  }
}
