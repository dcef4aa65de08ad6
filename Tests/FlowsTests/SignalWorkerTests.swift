import Flows
import RunStoreSuite
import Testing

@Suite struct SignalWorkerTests {
  private static let waiting = flow(
    [node("t", .trigger), node("w", .delay, ["wait": ["for": "approval"]]), transform("after", "input")],
    ["t -> w", "w -> after"])

  private func decision(_ flow: FlowBuilder, _ payload: JSONValue) -> NodeSignal {
    NodeSignal(id: FlowBuilder.id(8001), address: NodeAddress(flow["w"]), kind: .decision, payload: payload)
  }

  @Test func `a parked run goes on with what comes for it`() async throws {
    let bench = WorkerBench()
    let run = await bench.memory.enqueue(SignalWorkerTests.waiting.version, input: nil)
    await bench.running(bench.worker(1)) {
      _ = await bench.memory.waitUntilParked(run)
      await bench.memory.signal(run, decision(SignalWorkerTests.waiting, ["approved": true]))
      bench.signals.send(.signalled(run))
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    #expect(try await bench.memory.snapshot(of: run).output == ["approved": true])
  }

  /// Whether the run is parked when its time is over, or held by a call beside the wait; how often the store
  /// cannot be asked before.
  @Test(.timeLimit(.minutes(1)), arguments: [true, false], [0, 2])
  func `a decision that is stored in the moment its time is over counts`(isParked: Bool, failures: Int)
    async throws
  {
    let bench = WorkerBench(performer: TestPerformer(holding: ["call"]))
    var flow = flow(
      [
        node("t", .trigger), transform("after", "input"),
        node("w", .delay, ["wait": ["for": "approval", "timeoutMilliseconds": 2345]]),
      ], ["t -> w", "w -> after"])
    if !isParked {
      flow.add("call", .action, ["type": "http", "method": "GET", "url": "https://a.test"])
      flow.connect("t -> call")
    }
    let store = ProcessStore(
      bench.memory, late: decision(flow, ["approved": true]), failingClosings: failures)
    var settings = WorkerBench.parking
    settings.unavailableMilliseconds = 777
    let run = await bench.memory.enqueue(flow.version, input: nil)
    await bench.running(bench.worker(1, store: store, settings: settings)) {
      guard !isParked else { return await bench.moveTime(for: run) }
      await bench.performer.waitUntilHeld()
      for milliseconds in [2345] + Array(repeating: Int64(777), count: failures) {
        await bench.clock.waitForSleeper(milliseconds: milliseconds)
        bench.clock.advance(milliseconds: milliseconds)
      }
      await store.waitForClosing(failures + 1)
      await bench.memory.waitUntilUsed(run)
      await bench.memory.requestCancel(run)
      bench.signals.send(.cancelRequested(run))
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    let after = try await bench.memory.snapshot(of: run).nodeRuns.first { $0.key == "after" }
    #expect(after?.output == ["approved": true])
    #expect(await store.closings == failures + 1)
  }

  /// Holds the run by a call beside the wait.
  private static let held: FlowBuilder = {
    var builder = waiting
    builder.add("call", .action, ["type": "http", "method": "GET", "url": "https://a.test"])
    builder.connect("t -> call")
    return builder
  }()

  @Test(arguments: [true, false])
  func `a run that is held is told by a hint, or by the heartbeat`(isHinted: Bool) async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["call"]))
    let flow = SignalWorkerTests.held
    let run = await bench.memory.enqueue(flow.version, input: nil)
    await bench.running(bench.worker(1)) {
      await bench.performer.waitUntilHeld()
      await bench.memory.signal(run, decision(flow, 7))
      if isHinted {
        bench.signals.send(.signalled(run))
      } else {
        await bench.clock.waitForSleeper(milliseconds: 3000)
        bench.clock.advance(milliseconds: 3000)
      }
      await bench.memory.waitUntilUsed(run)
      await bench.memory.requestCancel(run)
      bench.signals.send(.cancelRequested(run))
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    #expect(try await bench.memory.snapshot(of: run).nodeRuns.first { $0.key == "after" }?.output == 7)
  }

  @Test func `a call that takes too long is cut off by the driver's clock`() async throws {
    let bench = WorkerBench(performer: TestPerformer(holding: ["call"]))
    let slow = flow([node("t", .trigger), http("call", ["timeoutMilliseconds": 2345])], ["t -> call"])
    let run = await bench.memory.enqueue(slow.version, input: nil)
    await bench.running(bench.worker(1)) {
      await bench.performer.waitUntilHeld()
      await bench.clock.waitForSleeper(milliseconds: 7345)
      bench.clock.advance(milliseconds: 7345)
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    #expect(try await bench.memory.snapshot(of: run).error?.code == .nodeTimeout)
  }

  private static let callee: FlowVersion = {
    let flow = flow([node("t", .trigger), transform("x", "input.n")], ["t -> x"])
    return FlowVersion(
      id: FlowBuilder.id(6002), flowID: FlowBuilder.id(6001), flowName: "Callee", number: 1, graph: flow.graph
    )
  }()

  private static func caller(_ id: Identifier) -> FlowBuilder {
    flow(
      [
        node("t", .trigger),
        node(
          "sub", .action,
          ["type": "flow", "flowId": .string(id.text(.flow)), "input": ["n": "{{ input.n }}"]]),
        transform("after", "input"),
      ], ["t -> sub", "sub -> after"])
  }

  @Test func `a run of another flow gives its result to the node that started it`() async throws {
    let bench = WorkerBench()
    await bench.memory.register(SignalWorkerTests.callee)
    let caller = SignalWorkerTests.caller(FlowBuilder.id(6001))
    let run = await bench.memory.enqueue(caller.version, input: ["n": 42])
    await bench.running(bench.worker(1)) {
      _ = await bench.memory.waitUntilParked(run)
      bench.signals.send(.queued)
      await bench.memory.wait(for: run) { entry in
        if !entry.isFinal { bench.signals.send(.queued) }
        return entry.isFinal
      }
    }
    #expect(try await bench.memory.snapshot(of: run).output == 42)
  }

  @Test func `a flow that is not there fails its node`() async throws {
    let bench = WorkerBench()
    let caller = SignalWorkerTests.caller(FlowBuilder.id(6009))
    let run = await bench.memory.enqueue(caller.version, input: ["n": 42])
    await bench.running(bench.worker(1)) {
      await bench.memory.wait(for: run) { entry in
        if !entry.isFinal { bench.signals.send(.queued) }
        return entry.isFinal
      }
    }
    #expect(try await bench.memory.snapshot(of: run).error?.code == .flowUnavailable)
  }

  @Test(arguments: 1...6, [true, false])
  func `a worker that dies around a sub-flow changes nothing`(commit: Int, isStored: Bool) async throws {
    let bench = WorkerBench()
    await bench.memory.register(SignalWorkerTests.callee)
    let caller = SignalWorkerTests.caller(FlowBuilder.id(6001))
    let run = await bench.memory.enqueue(caller.version, input: ["n": 42])
    let doomed = ProcessStore(
      bench.memory, fault: isStored ? .dieAfterCommit(commit) : .dieBeforeCommit(commit))
    let first = bench.worker(1, store: doomed, settings: WorkerBench.parking)
    let process = Task { await first.run() }
    let end = Task {
      await bench.memory.wait(for: run) { state in
        if !state.isFinal { bench.signals.send(.queued) }
        return state.isFinal
      }
      await doomed.die()
    }
    await doomed.waitForDeath()
    process.cancel()
    await process.value
    await bench.memory.expireLease(of: first.owner)
    await bench.running(bench.worker(2, settings: WorkerBench.parking)) {
      await bench.memory.wait(for: run) { $0.isFinal }
    }
    await end.value
    #expect(try await bench.memory.snapshot(of: run).output == 42)
    #expect(await bench.memory.count == 2)
  }
}
