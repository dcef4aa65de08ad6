import Flows
import Postgres
import Testing

@testable import Storage

/// Claims that end what is over with its first turn, in the transaction that takes it from the queue.
@Suite struct EndedClaimTests {
  private let alice = makeID()
  private let bob = makeID()

  private static let november: any RunClock = StoppedClock(instant: TestInstants.november)

  /// A store of a process that is careful no more and has driven a run of the flow.
  private func makeStore(
    _ bench: StorageBench, knowing flow: FlowStore.StoredFlow, carefulFor: Duration = .zero
  ) async throws -> PostgresRunStore {
    let firstTurns = FirstTurns(bench.database, clock: EndedClaimTests.november, carefulFor: carefulFor)
    let store = PostgresRunStore(bench.database, firstTurns: firstTurns)
    try await bench.lease(alice)
    try await bench.lease(bob)
    let run = try await bench.enqueue(flow)
    let batch = try await store.claim(owner: alice, limit: 10)
    #expect(batch.runs.map(\.claim.run) == [run] && batch.ended.isEmpty)
    try await finish(try #require(batch.runs.first), in: store)
    return store
  }

  /// What a worker does with a run that is over with its first turn.
  private func finish(_ claimed: ClaimedRun, in store: PostgresRunStore) async throws {
    var machine = RunMachine(claimed: claimed)
    _ = machine.handle(.resumed(at: TestInstants.november, isCancelRequested: false))
    let taken = machine.takeTransition()
    #expect(try await store.commit(try #require(taken), under: claimed.claim) == .committed)
  }

  private func withFlow(
    _ graph: FlowGraph = shortGraph(), _ body: (StorageBench, FlowStore.StoredFlow) async throws -> Void
  ) async throws {
    try await withStorage { bench in try await body(bench, try await bench.makeFlow(graph)) }
  }

  /// That the next claim takes these runs from the queue and ends none of them.
  private func expectPlainClaim(
    _ runs: [RunReference], of store: PostgresRunStore, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let batch = try await store.claim(owner: alice, limit: 10)
    #expect(Set(batch.runs.map(\.claim.run)) == Set(runs), sourceLocation: sourceLocation)
    #expect(
      batch.ended.isEmpty && batch.runs.allSatisfy { $0.claim.epoch > 0 }, sourceLocation: sourceLocation)
  }

  @Test func `a run that ends with its claim is stored like one that a worker has driven`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      let input = JSONValue.object([
        "longer": [1, ["é": nil]], "a": "x", "text": .string(String(repeating: "y", count: 200)),
      ])
      let first = try await bench.enqueue(flow, input: input)
      let batch = try await store.claim(owner: alice, limit: 10)
      #expect(batch.ended == [first] && batch.runs.isEmpty && batch.count == 1)
      #expect(try await bench.int("SELECT count(*)::int FROM execution_queue") == 0)
      let second = try await bench.enqueue(flow, input: input)
      let claimed = try await bench.claimOne(alice)
      try await finish(claimed, in: store)
      for what in timelessRows {
        let ended = try await bench.text(what, of: first.runID)
        #expect(try await bench.text(what, of: second.runID) == ended, "\(what)")
        #expect(ended != nil)
      }
    }
  }

  @Test func `what needs more is claimed beside what ends`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      let other = try await bench.makeFlow()
      var (short, long) = ([RunReference](), [RunReference]())
      for _ in 0..<5 {
        short.append(try await bench.enqueue(flow))
        long.append(try await bench.enqueue(other))
      }
      let batch = try await store.claim(owner: alice, limit: 20)
      #expect(Set(batch.ended) == Set(short) && Set(batch.runs.map(\.claim.run)) == Set(long))
      #expect(batch.runs.allSatisfy { $0.claim.epoch == 1 && $0.snapshot.input == ["a": 1] })
      #expect(
        try await bench.int(
          "SELECT count(*)::int FROM execution_queue WHERE owner = '\(alice)' AND epoch = 1") == 5)
      // Now its version is known too, and that it needs more.
      long = [try await bench.enqueue(other)]
      try await expectPlainClaim(long, of: store)
      try await expectPlainClaim([], of: store)
    }
  }

  @Test func `no more are ended than were asked for`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      for _ in 0..<7 { _ = try await bench.enqueue(flow) }
      for count in [3, 3, 1, 0] {
        #expect(try await store.claim(owner: alice, limit: 3).ended.count == count)
      }
      #expect(try await bench.int("SELECT count(*)::int FROM execution_logs WHERE status = 'success'") == 8)
    }
  }

  @Test func `two processes end each run once`() async throws {
    try await withFlow { bench, flow in
      let stores = [try await makeStore(bench, knowing: flow), try await makeStore(bench, knowing: flow)]
      var runs: Set<RunReference> = []
      for _ in 0..<60 { runs.insert(try await bench.enqueue(flow)) }
      let taken = try await withThrowingTaskGroup(of: [RunReference].self) { group in
        for (store, owner) in zip(stores, [alice, bob]) {
          group.addTask {
            var taken: [RunReference] = []
            for _ in 0..<20 {
              let batch = try await store.claim(owner: owner, limit: 7)
              #expect(batch.runs.isEmpty)
              taken += batch.ended
            }
            return taken
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(taken.count == 60 && Set(taken) == runs)
      #expect(try await bench.int("SELECT count(*)::int FROM node_execution_logs") == 62 * 4)
      #expect(try await bench.int("SELECT count(end_events)::int FROM execution_logs") == 62)
      #expect(try await bench.int("SELECT count(*)::int FROM run_events WHERE kind = 'finished'") == 62)
    }
  }

  @Test func `the next claim begins behind what ended with this one`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      for _ in 0..<3 { _ = try await bench.enqueue(flow) }
      try await bench.script(
        "UPDATE execution_queue SET priority = 2, due_at = now() - interval '1 hour'")
      #expect(try await store.claim(owner: alice, limit: 2).ended.count == 2)
      let turn = store.turns.next(limit: 2)
      let hourAgo = try await bench.row("SELECT now() - interval '61 minutes'")
      let since = try #require(turn.since.first)
      #expect(turn.organizations == [bench.organization])
      #expect(try since[2] > #require(hourAgo.instant(0, 0)))
    }
  }

  @Test func `a process that is still careful stores its claims first`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow, carefulFor: .seconds(600))
      try await expectPlainClaim([try await bench.enqueue(flow)], of: store)
    }
  }

  @Test func `an owner without a live lease ends nothing`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      _ = try await bench.enqueue(flow)
      try await bench.script(
        "UPDATE workers SET lease_until = now() - interval '1 second' WHERE id = '\(alice)'")
      #expect(try await store.claim(owner: alice, limit: 10).count == 0)
    }
  }

  @Test(arguments: [
    "UPDATE execution_logs SET cancel_requested_at = now() WHERE status = 'pending'",
    """
    UPDATE execution_logs SET parent_execution_id = id, parent_node_id = id WHERE status = 'pending'
    """,
    """
    UPDATE execution_logs SET input = jsonb_build_object('text', repeat('x', 70000)) WHERE status = 'pending'
    """,
  ])
  func `what its end would not be the whole of is left to the worker`(_ change: String) async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      let run = try await bench.enqueue(flow)
      try await bench.script(change)
      try await expectPlainClaim([run], of: store)
    }
  }

  @Test func `what somebody has claimed before is claimed, for it may be what he died of`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      let run = try await bench.enqueue(flow)
      let claimed = try await bench.claimOne(bob)
      #expect(claimed.claim.run == run)
      try await store.release(claimed.claim, notBefore: nil)
      try await expectPlainClaim([run], of: store)
    }
  }

  @Test(arguments: ["automation_flows", "organizations"])
  func `what has a limit of runs waits for its turn`(_ table: String) async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      _ = try await bench.enqueue(flow)
      // There is no slot yet, so nothing may go on.
      try await bench.script("UPDATE \(table) SET maximum_concurrent_runs = 5")
      try await expectPlainClaim([], of: store)
      #expect(
        try await bench.int("SELECT count(*)::int FROM execution_queue WHERE waits_for IS NOT NULL") == 1)
    }
  }

  @Test func `what the server refuses is claimed, and hinders no other`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      let runs = [try await bench.enqueue(flow), try await bench.enqueue(flow)]
      try await bench.script(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON node_execution_logs FOR EACH ROW
          WHEN (NEW.execution_id = '\(runs[1].runID)') EXECUTE FUNCTION refuse();
        """)
      try await expectPlainClaim(runs, of: store)
      #expect(try await bench.int("SELECT count(*)::int FROM node_execution_logs") == 4)
    }
  }

  @Test func `a process that stands still keeps no run from others`() async throws {
    try await withFlow { bench, flow in
      let store = try await makeStore(bench, knowing: flow)
      _ = try await bench.enqueue(flow)
      try await withDatabase(bench.connectionInfo) { other in
        let standstill: Void? = try? await other.transaction { transaction in
          #expect(try await transaction.execute(RunQueueSQL.lockDue, lock(in: bench)).rowCount == 1)
          #expect(try await store.claim(owner: alice, limit: 5).count == 0)
          try await bench.script("SELECT pg_sleep(1)")
          #expect(try await store.claim(owner: alice, limit: 5).count == 1)
        }
        #expect(standstill == nil, "its connection was not ended")
      }
    }
  }

  /// Locks for a tenth of a second what waits in the queue.
  private func lock(in bench: StorageBench) -> Parameters {
    let turn = RunTurns.Turn(
      organizations: [bench.organization], since: [[Instant](repeating: TestInstants.november, count: 3)],
      share: 5)
    var parameters = DueRuns(owner: bob, limit: 5, turn: turn).parameters
    parameters.text("100")
    return parameters
  }
}
