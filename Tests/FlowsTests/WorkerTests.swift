import Flows
import RunStoreSuite
import Synchronization
import Testing

@Suite struct WorkerTests {
  private static let work = flow(
    [
      node("t", .trigger), http("first"), http("second"), transform("shape", "nodes.first.output.body.total"),
      node("choose", .decision), http("third"), node("say", .action, ["type": "log", "message": "m"]),
    ],
    [
      "t -> first", "t -> second", "first -> shape", "shape -> choose", "choose -> third : output == 3",
      "choose -> say", "second -> say",
    ])

  @Test func `queued runs are driven to their end`() async throws {
    let bench = WorkerBench()
    var runs: [RunReference] = []
    for _ in 0..<30 { runs.append(await bench.memory.enqueue(WorkerTests.work.version, input: ["n": 1])) }
    var settings = WorkerBench.punctual
    settings.maximumRuns = 4
    let worker = bench.worker(1, settings: settings)
    await bench.running(worker) {
      for run in runs { await bench.memory.wait(for: run) { $0.isFinal } }
    }
    for run in runs {
      #expect(try await bench.memory.snapshot(of: run).state == .success)
      #expect(await bench.memory.isHeld(run) == false)
      let events = await bench.memory.events(of: run)
      #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
    }
    #expect(bench.performer.calls.count == 90)
    #expect(bench.performer.calls.values.allSatisfy { $0 == 1 })
    #expect(await worker.count == 0)
  }

  private static let nothing = flow([node("t", .trigger)], [])
  private static let four: WorkerSettings = {
    var settings = WorkerBench.punctual
    (settings.maximumRuns, settings.claimBatch) = (4, 20)
    return settings
  }()

  @Test func `runs that end at once are claimed in larger and larger pieces`() async throws {
    let bench = WorkerBench()
    var runs: [RunReference] = []
    for _ in 0..<200 { runs.append(await bench.memory.enqueue(WorkerTests.nothing.version, input: nil)) }
    let store = ProcessStore(bench.memory)
    await bench.running(bench.worker(1, store: store, settings: WorkerTests.four)) {
      for run in runs { await bench.memory.wait(for: run) { $0.isFinal } }
    }
    let limits = await store.claimLimits
    // How many more than half a batch depends on how many of the former ones are stored by then.
    #expect(limits.first == 4 && (11...20).contains(limits.max() ?? 0))
  }

  @Test func `runs that end with their claim are told of, and make way for the next`() async throws {
    let bench = WorkerBench()
    let call = flow([node("t", .trigger), http("call")], ["t -> call"])
    var runs: [RunReference] = []
    for number in 0..<200 {
      let version = number % 40 == 39 ? call.version : WorkerTests.nothing.version
      runs.append(await bench.memory.enqueue(version, input: nil))
    }
    let store = ProcessStore(bench.memory, endsShortRuns: true)
    let told = Mutex<[RunReference]>([])
    let worker = bench.worker(1, store: store, settings: WorkerTests.four) { notice in
      if case .runEnded(let run, .success) = notice { told.withLock { $0.append(run) } }
    }
    await bench.running(worker) { for run in runs { await bench.memory.wait(for: run) { $0.isFinal } } }
    #expect(told.withLock { $0.count } == 200 && told.withLock { Set($0) } == Set(runs))
    #expect(bench.performer.calls.count == 5)
    #expect(await store.claimLimits.max() == 20)
  }

  @Test func `what was claimed ahead and finds no place is there for others`() async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["call"]))
    let call = flow([node("t", .trigger), http("call")], ["t -> call"])
    for _ in 0..<60 { _ = await bench.memory.enqueue(WorkerTests.nothing.version, input: nil) }
    for _ in 0..<20 { _ = await bench.memory.enqueue(call.version, input: nil) }
    let worker = bench.worker(1, settings: WorkerTests.four)
    let task = Task { await worker.run() }
    await bench.performer.waitUntilHeld()
    let other = Worker(
      owner: FlowBuilder.id(7002),
      ports: WorkerPorts(
        store: bench.memory, evaluator: MiniScript(), performer: TestPerformer(), clock: bench.clock,
        signals: bench.signals), settings: WorkerBench.punctual)
    await bench.running(other) {
      await bench.memory.waitUntilEnded(76) { bench.signals.send(.queued) }
    }
    task.cancel()
    await task.value
    #expect(bench.performer.calls.count == 4)
  }

  @Test func `pure nodes are stored together, with barriers around effects only`() async throws {
    let bench = WorkerBench()
    let chain = flow(
      [node("t", .trigger)] + (0..<20).map { transform("n\($0)", "1") } + [http("call")] + [
        transform("end", "1")
      ],
      ["t -> n0"] + (1..<20).map { "n\($0 - 1) -> n\($0)" } + [
        "n19 -> call", "call -> end : output.status == 200",
      ])
    let run = await bench.memory.enqueue(chain.version, input: nil)
    let store = ProcessStore(bench.memory)
    await bench.running(bench.worker(1, store: store)) {
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    #expect(try await bench.memory.snapshot(of: run).state == .success)
    #expect(await store.commits == 2)
  }

  @Test func `a new run is taken when a signal tells of it`() async throws {
    let bench = WorkerBench()
    await bench.running(bench.worker(1)) {
      // The queue is empty: the worker sleeps until the poll, and time stands still.
      await bench.clock.waitForSleeper(milliseconds: 1000)
      let run = await bench.memory.enqueue(WorkerTests.work.version, input: nil)
      bench.signals.send(.queued)
      await bench.memory.wait(for: run) { $0.isFinal }
    }
  }

  @Test func `a new run is taken by the poll when the signal was lost`() async throws {
    let bench = WorkerBench()
    await bench.running(bench.worker(1)) {
      await bench.clock.waitForSleeper(milliseconds: 1000)
      let run = await bench.memory.enqueue(WorkerTests.work.version, input: nil)
      bench.clock.advance(milliseconds: 1000)
      await bench.memory.wait(for: run) { $0.isFinal }
    }
  }

  @Test func `a short delay is held, a long one gives the run up until it is due`() async throws {
    let bench = WorkerBench()
    let short = flow([node("t", .trigger), node("d", .delay, ["durationMilliseconds": 1234])], ["t -> d"])
    let long = flow([node("t", .trigger), node("d", .delay, ["seconds": 3600])], ["t -> d"])
    let first = await bench.memory.enqueue(short.version, input: 1)
    let second = await bench.memory.enqueue(long.version, input: 2)
    var settings = WorkerBench.punctual
    settings.leaseMilliseconds = 100_000_000
    settings.pollMilliseconds = 10_000_000
    await bench.running(bench.worker(1, settings: settings)) {
      await bench.memory.wait(for: first) { $0 == .waiting }
      await bench.memory.wait(for: second) { $0 == .waiting }
      #expect(await bench.memory.isHeld(first))
      #expect(await bench.memory.isHeld(second) == false)
      await bench.clock.waitForSleeper(milliseconds: 1234)
      bench.clock.advance(milliseconds: 1234)
      await bench.memory.wait(for: first) { $0.isFinal }
      // The ended run rings, so the worker looks again and learns the next instant.
      bench.clock.advance(milliseconds: 3_600_000)
      bench.signals.send(.queued)
      await bench.memory.wait(for: second) { $0.isFinal }
    }
    #expect(try await bench.memory.snapshot(of: second).output == 2)
  }

  @Test func `cancelling reaches a call that is under way`() async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["first"]))
    let run = await bench.memory.enqueue(WorkerTests.work.version, input: nil)
    await bench.running(bench.worker(1)) {
      await bench.performer.waitUntilHeld()
      await bench.memory.requestCancel(run)
      bench.signals.send(.cancelRequested(run))
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    let snapshot = try await bench.memory.snapshot(of: run)
    #expect(snapshot.state == .cancelled)
    #expect(snapshot.nodeRuns.first { $0.key == "first" }?.state == .cancelled)
    #expect(snapshot.nodeRuns.first { $0.key == "say" }?.skipReason == .runCancelled)
  }

  @Test func `cancelling reaches a call by the heartbeat when the signal was lost`() async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["first"]))
    let run = await bench.memory.enqueue(WorkerTests.work.version, input: nil)
    await bench.running(bench.worker(1)) {
      await bench.performer.waitUntilHeld()
      await bench.memory.requestCancel(run)
      await bench.clock.waitForSleeper(milliseconds: 3000)
      bench.clock.advance(milliseconds: 3000)
      await bench.memory.wait(for: run) { $0 == .cancelled }
    }
  }

  @Test func `cancelling ends a run that waits for long`() async throws {
    let bench = WorkerBench()
    let long = flow([node("t", .trigger), node("d", .delay, ["seconds": 3600])], ["t -> d"])
    let run = await bench.memory.enqueue(long.version, input: nil)
    await bench.running(bench.worker(1)) {
      await bench.memory.wait(for: run) { $0 == .waiting }
      await bench.memory.requestCancel(run)
      bench.signals.send(.cancelRequested(run))
      await bench.memory.wait(for: run) { $0 == .cancelled }
    }
  }

  @Test func `stopping gives back a run whose call does not end, and another worker makes the same call`()
    async throws
  {
    let bench = WorkerBench(performer: TestPerformer(holding: ["first"]))
    // One call only: the outcome of a second one might be stored just when the grace ends.
    let single = flow([node("t", .trigger), http("first")], ["t -> first"])
    let run = await bench.memory.enqueue(single.version, input: nil)
    var settings = WorkerBench.punctual
    settings.stopGraceMilliseconds = 1777
    let worker = bench.worker(1, settings: settings)
    let task = Task { await worker.run() }
    await bench.performer.waitUntilHeld()
    await worker.stop()
    // After the grace the call is cancelled and the run released.
    await bench.clock.waitForSleeper(milliseconds: 1777)
    bench.clock.advance(milliseconds: 1777)
    await bench.memory.waitUntilReleased(run)
    await task.value
    #expect(try await bench.memory.snapshot(of: run).state == .running)
    let next = WorkerBenchCopy(bench, performer: TestPerformer())
    await bench.running(next.worker) { await bench.memory.wait(for: run) { $0.isFinal } }
    #expect(try await bench.memory.snapshot(of: run).state == .success)
    let request = ActionRequest(
      run: run, node: single.nodes[1], attempt: 1, call: HTTPCall(method: "GET", url: ""))
    #expect(bench.performer.calls[request.idempotencyKey] == 1)
    #expect(next.performer.calls[request.idempotencyKey] == 1)
  }

  @Test func `a run that computes for long hears that it is to end`() async throws {
    let bench = WorkerBench()
    let long = looping([:], [transform("one", "1")])
    let run = await bench.memory.enqueue(
      long.version, input: ["list": .array((0..<1_000).map { .integer($0) })])
    // Each batch takes longer than commits wait; the tenth is the last before somebody wants it to end.
    let evaluator = SlowEvaluator(clock: bench.clock, milliseconds: 110) { count in
      if count == 4 {
        await bench.memory.requestCancel(run)
        bench.signals.send(.cancelRequested(run))
      }
      // The worker needs a moment to hear it.
      if count >= 4 { try? await Task.sleep(for: .milliseconds(1)) }
    }
    await bench.running(bench.worker(1, evaluator: evaluator)) {
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    #expect(try await bench.memory.snapshot(of: run).state == .cancelled)
    #expect(evaluator.count < 15)
  }

  @Test func `a call that a stopping worker did not make is made by the next one`() async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["first"]))
    let two = flow(
      [node("t", .trigger), http("first"), http("second", ["onUnknownOutcome": "fail"])],
      ["t -> first", "first -> second"])
    let run = await bench.memory.enqueue(two.version, input: nil)
    let worker = bench.worker(1)
    let task = Task { await worker.run() }
    await bench.performer.waitUntilHeld()
    await worker.stop()
    bench.performer.release()
    await bench.memory.waitUntilReleased(run)
    await task.value
    #expect(bench.performer.calls.count == 1)
    let next = WorkerBenchCopy(bench, performer: TestPerformer())
    await bench.running(next.worker) { await bench.memory.wait(for: run) { $0.isFinal } }
    #expect(try await bench.memory.snapshot(of: run).state == .success)
    #expect(next.performer.calls.count == 1)
  }

  @Test func `an unreachable sandbox delays a run and fails nothing`() async throws {
    let bench = WorkerBench()
    let run = await bench.memory.enqueue(WorkerTests.work.version, input: nil)
    let evaluator = FlakyEvaluator(failures: 3)
    await bench.running(bench.worker(1, evaluator: evaluator, settings: WorkerBench.parking)) {
      await bench.moveTime(for: run)
    }
    #expect(evaluator.failuresLeft < 0)
    #expect(try await bench.memory.snapshot(of: run).state == .success)
    #expect(bench.performer.calls.values.allSatisfy { $0 == 1 })
  }

  @Test func `a worker that cannot renew its lease stores nothing more`() async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["first"]))
    // One call only: the commit of a second one would be tried again on a clock that stands still.
    let single = flow([node("t", .trigger), http("first")], ["t -> first"])
    let run = await bench.memory.enqueue(single.version, input: nil)
    let store = ProcessStore(bench.memory)
    let lost = AsyncStream.makeStream(of: RunReference.self)
    let worker = bench.worker(1, store: store) { notice in
      if case .runLost(let run) = notice { lost.continuation.yield(run) }
    }
    let task = Task { await worker.run() }
    await bench.performer.waitUntilHeld()
    await store.die()
    var losses = lost.stream.makeAsyncIterator()
    // Beyond the lease by its own clock; the next heartbeat fails and the run is let go.
    await bench.clock.waitForSleeper(milliseconds: 3000)
    bench.clock.advance(milliseconds: 20_000)
    #expect(await losses.next() == run)
    task.cancel()
    await task.value
    #expect(try await bench.memory.snapshot(of: run).state == .running)
  }
}

/// A second process on the same memory store, with a performer of its own.
struct WorkerBenchCopy: Sendable {
  let worker: Worker
  let performer: TestPerformer

  init(_ bench: WorkerBench, performer: TestPerformer) {
    self.performer = performer
    worker = Worker(
      owner: FlowBuilder.id(7999),
      ports: WorkerPorts(
        store: bench.memory, evaluator: MiniScript(), performer: performer, clock: bench.clock,
        signals: bench.signals), settings: WorkerBench.punctual)
  }
}

/// Moves the time with each batch, and tells how many there were. The mutex protects the count.
final class SlowEvaluator: ExpressionEvaluator {
  private let batches = Mutex(0)
  private let clock: TestClock
  private let milliseconds: Int64
  private let told: @Sendable (Int) async -> Void

  init(clock: TestClock, milliseconds: Int64, told: @escaping @Sendable (Int) async -> Void) {
    self.clock = clock
    self.milliseconds = milliseconds
    self.told = told
  }

  var count: Int { batches.withLock { $0 } }

  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    let count = batches.withLock { batches in
      batches += 1
      return batches
    }
    clock.advance(milliseconds: milliseconds)
    await told(count)
    return try await MiniScript().evaluate(requests)
  }
}

/// Cannot be reached a few times, then works. The mutex protects the count.
final class FlakyEvaluator: ExpressionEvaluator {
  private let left: Mutex<Int>

  init(failures: Int) { left = Mutex(failures) }

  var failuresLeft: Int { left.withLock { $0 } }

  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]] {
    let isDown = left.withLock { left in
      left -= 1
      return left >= 0
    }
    if isDown { throw ExpressionsUnavailable(message: "no sandbox") }
    return try await MiniScript().evaluate(requests)
  }
}
