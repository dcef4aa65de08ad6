import Flows
import Postgres
import Storage
import Testing

/// Runs that their process's worker drives without the queue.
@Suite struct EagerStartTests {
  private let alice = makeID()

  /// An intake whose runs a worker takes, and that worker's side of it.
  private struct Desk {
    let starts = RunStarts()
    let executions: ExecutionStore
    let worker: PostgresEagerStarts

    init(_ bench: StorageBench) {
      executions = ExecutionStore(bench.database, intake: RunIntake(bench.database, starts: starts))
      worker = PostgresEagerStarts(starts, store: bench.runs)
    }

    func enqueue(
      _ flow: FlowStore.StoredFlow, in bench: StorageBench, input: JSONValue = nil
    ) async throws -> (run: RunReference, acceptance: Acceptance) {
      let run = RunReference(organizationID: bench.organization, runID: makeID())
      let new = ExecutionStore.NewRun(
        run: run, flowID: flow.id, input: input, at: TestInstants.november)
      return (run, try await executions.enqueue(new))
    }
  }

  private let owned = "SELECT count(*)::int FROM execution_queue WHERE owner IS NOT NULL AND epoch = 1"

  /// A flow whose version is stored already; its first run is over.
  private func makeFlow(_ bench: StorageBench) async throws -> FlowStore.StoredFlow {
    let flow = try await bench.makeFlow()
    _ = try await bench.enqueue(flow)
    let first = try await bench.claimOne(alice)
    #expect(try await bench.runs.commit(transition(1, .success), under: first.claim) == .committed)
    return flow
  }

  @Test func `a run that is accepted while its worker has room is claimed with it, and reads the same`()
    async throws
  {
    try await withStorage { bench in
      let (desk, flow) = (Desk(bench), try await makeFlow(bench))
      try await bench.script(
        "INSERT INTO organization_values (organization_id, name, value) SELECT id, 'region', '\"eu\"' FROM organizations"
      )
      desk.worker.offer(2, owner: alice)
      let input: JSONValue = ["longer": 1, "b": [["zz": 1, "y": 2.5]], "a": "\u{e9}", "é": 3, "ab": nil]
      let (run, acceptance) = try await desk.enqueue(flow, in: bench, input: input)
      #expect(acceptance == .started)
      #expect(try await bench.int(owned) == 1)
      #expect(desk.worker.takenPlaces == 1)
      let claimed = try #require(try await desk.worker.next()?.first)
      #expect(claimed.claim == RunClaim(run: run, epoch: 1))
      #expect(claimed.version.graph == flow.graph)
      #expect(claimed.environment == ["region": "eu"])
      let stored = try await bench.row("SELECT input FROM execution_logs WHERE input ? 'longer'")
      let text = try #require(stored.jsonBytes(0, 0))
      #expect(claimed.snapshot.input.text() == (try JSONValue(parsing: text)).text())
      desk.worker.begun()
      #expect(desk.worker.takenPlaces == 0)
      #expect(try await bench.runs.claim(owner: alice, limit: 10).runs.isEmpty)
      #expect(try await bench.runs.commit(transition(1, .success), under: claimed.claim) == .committed)
      #expect(try await bench.int("SELECT count(*)::int FROM execution_queue") == 0)
    }
  }

  @Test func `without room, without a lease and after the end runs go through the queue`() async throws {
    try await withStorage { bench in
      let (desk, flow) = (Desk(bench), try await makeFlow(bench))
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .queued)
      desk.worker.offer(1, owner: alice)
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .started)
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .queued)
      #expect(try await desk.worker.next()?.count == 1)
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .queued)
      desk.worker.begun()
      desk.worker.offer(5, owner: makeID())
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .queued)
      #expect(desk.worker.takenPlaces == 0)
      desk.worker.offer(5, owner: alice)
      desk.worker.close()
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .queued)
      #expect(try await desk.worker.next() == nil)
      #expect(try await bench.int(owned) == 1)
      #expect(try await bench.runs.claim(owner: alice, limit: 10).runs.count == 5)
    }
  }

  @Test func `a limited flow lets no more of them go on than others`() async throws {
    try await withStorage { bench in
      let (desk, flow) = (Desk(bench), try await makeFlow(bench))
      try await RunLimits(bench.database).set(1, for: .flow(flow.id), in: bench.organization)
      desk.worker.offer(3, owner: alice)
      var begun: [ClaimedRun] = []
      for _ in 0..<3 {
        #expect(try await desk.enqueue(flow, in: bench).acceptance == .started)
        begun += try #require(try await desk.worker.next())
        desk.worker.begun()
      }
      #expect(begun.count == 1)
      #expect(
        try await bench.int("SELECT count(*)::int FROM execution_queue WHERE waits_for IS NOT NULL") == 2)
    }
  }

  @Test func `what a worker does not take it gives back with its heartbeat`() async throws {
    try await withStorage { bench in
      let (desk, flow) = (Desk(bench), try await makeFlow(bench))
      desk.worker.offer(1, owner: alice)
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .started)
      let store = PostgresRunStore(bench.database, strayPause: .zero)
      _ = try await store.heartbeat(owner: alice, leaseMilliseconds: 60_000, held: [])
      #expect(try await bench.int(owned) == 0)
      #expect(try await store.claim(owner: alice, limit: 10).runs.count == 1)
    }
  }

  @Test func `a worker drives what its process accepts, and gives back what comes when it stops`()
    async throws
  {
    try await withStorage { bench in
      let (desk, flow) = (Desk(bench), try await makeFlow(bench))
      let hub = RunEventHub(bench.database)
      var ports = WorkerPorts(
        store: bench.runs, evaluator: Identity(), performer: Nobody(), clock: WallClock(), signals: hub)
      ports.starts = desk.worker
      let (ends, ended) = AsyncStream<RunReference>.makeStream()
      let worker = Worker(owner: makeID(), ports: ports) { notice in
        if case .runEnded(let run, .success) = notice { ended.yield(run) }
      }
      let task = Task { await worker.run() }
      var acceptance = Acceptance.queued
      var run: RunReference?
      // The worker offers places when it has looked into the queue for the first time.
      while acceptance == .queued { (run, acceptance) = try await desk.enqueue(flow, in: bench) }
      for await end in ends where end == run { break }
      await worker.stop()
      await task.value
      #expect(try await desk.enqueue(flow, in: bench).acceptance == .queued)
      #expect(try await bench.int("SELECT count(*)::int FROM execution_queue WHERE owner IS NOT NULL") == 0)
    }
  }
}

private struct Identity: ExpressionEvaluator {
  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    requests.map { $0.expressions.map { _ in .success(.bool(true)) } }
  }
}

private struct Nobody: ActionPerformer {
  func perform(_ request: ActionRequest) async -> ActionOutcome { .cancelled }
}

/// The machine's clock.
private struct WallClock: RunClock {
  func now() -> Instant { Instant(microseconds: Int64(SystemTime.microseconds)) }
  func monotonicMicroseconds() -> Int64 { SystemTime.microseconds }
  func sleep(microseconds: Int64) async throws {
    try await Task.sleep(for: .microseconds(max(0, microseconds)))
  }
}

private enum SystemTime {
  static let start = ContinuousClock.now
  static var microseconds: Int64 {
    let (seconds, rest) = start.duration(to: .now).components
    return TestInstants.november.microseconds + seconds * 1_000_000 + rest / 1_000_000_000_000
  }
}
