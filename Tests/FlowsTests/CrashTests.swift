import Flows
import RunStoreSuite
import Testing

@Suite struct CrashTests {
  private static let flows: [FlowBuilder] = {
    var generator = SeededGenerator(state: 99)
    return [ResumeTests.order, retrying, looped] + (0..<6).map { _ in RandomGraphTests.flow(&generator) }
  }()

  /// Retries with pauses, an error branch, and a node that goes on after its error.
  private static let retrying = flow(
    [
      node("t", .trigger),
      http(
        "call", url: "https://a.test/bad",
        ["retry": ["maxAttempts": 3, "delayMilliseconds": 5000], "onError": "branch"]),
      http("instead"), http("shrug", url: "https://a.test/bad", ["onError": "continue"]),
      transform("end", "1"),
    ], ["t -> call", "call !> instead", "t -> shrug", "shrug -> end", "instead -> end"])
  /// Calls and delays in every iteration, one of which fails.
  private static let looped = looping(
    ["items": "[1,2,3]", "mode": "parallel", "concurrency": 2, "onItemError": "continue"],
    [
      http("call", url: "https://a.test/{{ item }}"), node("nap", .delay, ["seconds": "{{ item }}"]),
      transform("x", "index"),
    ], ["call -> nap", "nap -> x"])

  /// Calls whose address says so fail for good.
  private static let answer: @Sendable (ActionRequest) -> ActionOutcome = { request in
    request.call?.url.hasSuffix("/bad") == true
      ? .answered(HTTPAnswer(status: 503, headers: JSONObject(), body: "no")) : .ok
  }

  /// The outcome without faults, and how many commits it takes.
  private func undisturbed(_ flow: FlowBuilder) async throws -> (
    outcome: [String], commits: Int, calls: Set<String>
  ) {
    let bench = WorkerBench(performer: TestPerformer(answer: CrashTests.answer))
    let store = ProcessStore(bench.memory)
    let run = await bench.memory.enqueue(flow.version, input: ["n": 1])
    try await finish(run, on: bench, with: bench.worker(1, store: store, settings: WorkerBench.parking))
    return (try await bench.outcome(run), await store.commits, Set(bench.performer.calls.keys))
  }

  /// Drives a run to its end.
  private func finish(_ run: RunReference, on bench: WorkerBench, with worker: Worker) async throws {
    await bench.running(worker) { await bench.moveTime(for: run) }
  }

  @Test(arguments: CrashTests.flows.indices, [true, false])
  func `a process that dies at any commit changes nothing of the outcome`(index: Int, isStored: Bool)
    async throws
  {
    let flow = CrashTests.flows[index]
    let expected = try await undisturbed(flow)
    for commit in 1...expected.commits {
      let bench = WorkerBench(performer: TestPerformer(answer: CrashTests.answer))
      let run = await bench.memory.enqueue(flow.version, input: ["n": 1])
      let doomed = ProcessStore(
        bench.memory, fault: isStored ? .dieAfterCommit(commit) : .dieBeforeCommit(commit))
      let first = bench.worker(1, store: doomed, settings: WorkerBench.parking)
      let process = Task { await first.run() }
      let mover = Task { await bench.moveTime(for: run) }
      // Should the run end in fewer commits this time, its end counts as the death.
      let end = Task {
        await bench.memory.wait(for: run) { $0.isFinal }
        await doomed.die()
      }
      await doomed.waitForDeath()
      process.cancel()
      await process.value
      if try await !bench.memory.snapshot(of: run).state.isFinal {
        await bench.memory.expireLease(of: first.owner)
        try await finish(run, on: bench, with: bench.worker(2, settings: WorkerBench.parking))
      }
      await bench.memory.wait(for: run) { $0.isFinal }
      await mover.value
      await end.value
      #expect(try await bench.outcome(run) == expected.outcome, "commit \(commit)")
      #expect(Set(bench.performer.calls.keys) == expected.calls, "commit \(commit)")
      #expect(bench.performer.calls.values.allSatisfy { $0 <= 2 }, "commit \(commit)")
      let events = await bench.memory.events(of: run)
      #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
      #expect(events.filter { if case .finished = $0.event.kind { true } else { false } }.count == 1)
    }
  }

  @Test func `a commit whose answer was lost is stored once`() async throws {
    let expected = try await undisturbed(ResumeTests.order)
    for commit in 1...expected.commits {
      let bench = WorkerBench(performer: TestPerformer(answer: CrashTests.answer))
      let run = await bench.memory.enqueue(ResumeTests.order.version, input: ["n": 1])
      let store = ProcessStore(bench.memory, fault: .loseAnswer(commit))
      let retries = Task {
        await bench.clock.waitForSleeper(milliseconds: 200)
        bench.clock.advance(milliseconds: 200)
      }
      try await finish(run, on: bench, with: bench.worker(1, store: store, settings: WorkerBench.parking))
      await retries.value
      #expect(try await bench.outcome(run) == expected.outcome, "commit \(commit)")
      #expect(bench.performer.calls.values.allSatisfy { $0 == 1 }, "commit \(commit)")
      let finished = await bench.memory.events(of: run).filter {
        if case .nodeFinished = $0.event.kind { true } else { false }
      }
      #expect(finished.count == ResumeTests.order.nodes.count)
    }
  }
}
