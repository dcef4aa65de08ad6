import Flows
import RunStoreSuite
import Testing

/// Calls of an integration that has a limit.
@Suite struct SlotTests {
  private static let account = FlowBuilder.id(4001)

  /// A flow whose calls are of the account.
  private static func calling(_ builder: FlowBuilder) -> FlowBuilder {
    var builder = builder
    for place in builder.nodes.indices where builder.nodes[place].kind == .action {
      builder.nodes[place].integrationID = account
    }
    return builder
  }

  private static let one = calling(
    flow(
      [node("t", .trigger), http("call"), transform("after", "input.body.total")],
      ["t -> call", "call -> after"]))

  private func given(_ number: Int = 1, _ flow: FlowBuilder = one) -> NodeSignal {
    NodeSignal(
      id: FlowBuilder.id(8000 + number), address: NodeAddress(flow["call"]), kind: .slotGiven, payload: .null)
  }

  @Test func `a call without a slot waits as a row, and is made when it has one`() throws {
    var harness = MachineHarness(SlotTests.one)
    harness.begin()
    let request = harness.effects.removeFirst()
    harness.feed(.postponed(request, at: harness.now))
    #expect(harness.snapshot.state == .waiting)
    #expect(harness.row("call")?.state == .waiting)
    // Another owner goes on from the rows.
    var resumed = MachineHarness(SlotTests.one, from: harness.snapshot)
    resumed.now = harness.now
    resumed.begin()
    #expect(resumed.effects.isEmpty)
    resumed.feed(.signalled([given()], at: resumed.now))
    #expect(resumed.consumedSignals == [given().id])
    #expect(resumed.effects.map(\.idempotencyKey) == [request.idempotencyKey])
    #expect(resumed.effects.map(\.mayHaveHappened) == [false])
    resumed.runToEnd()
    #expect(resumed.snapshot.output == 3)
    #expect(resumed.row("call")?.attempt == 1)
  }

  @Test func `a slot that comes before its node waits is asked for again at once`() {
    var harness = MachineHarness(SlotTests.one)
    harness.begin()
    harness.feed(.signalled([given()], at: harness.now))
    harness.feed(.postponed(harness.effects.removeFirst(), at: harness.now))
    #expect(harness.effects.count == 1)
    harness.feed(.postponed(harness.effects.removeFirst(), at: harness.now))
    #expect(harness.row("call")?.state == .waiting)
    harness.feed(.signalled([given(2)], at: harness.now))
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
  }

  @Test func `a repeated call that has to wait is still known as one`() throws {
    var harness = MachineHarness(SlotTests.one)
    harness.begin()
    var resumed = MachineHarness(SlotTests.one, from: harness.snapshot)
    resumed.now = harness.now
    resumed.begin()
    #expect(resumed.effects.map(\.mayHaveHappened) == [true])
    resumed.feed(.postponed(resumed.effects.removeFirst(), at: resumed.now))
    var third = MachineHarness(SlotTests.one, from: resumed.snapshot)
    third.now = resumed.now
    third.begin()
    third.feed(.signalled([given()], at: third.now))
    #expect(third.effects.map(\.mayHaveHappened) == [true])
  }

  @Test func `waiting for a slot ends with a cancellation, and after a day`() {
    for isCancelled in [true, false] {
      var harness = MachineHarness(SlotTests.one)
      harness.begin()
      harness.feed(.postponed(harness.effects.removeFirst(), at: harness.now))
      if isCancelled {
        harness.feed(.cancelRequested(at: harness.now))
        #expect(harness.states == "after:skipped call:cancelled t:success")
      } else {
        harness.runToEnd()
        #expect(harness.snapshot.error?.code == .waitTimeout)
      }
      #expect(
        harness.endedCalls.contains(CallSlot(NodeAddress(SlotTests.one["call"]), of: SlotTests.account)))
    }
  }

  @Test(arguments: [1, 3])
  func `iterations and runs never make more calls at once than the limit`(limit: Int) async throws {
    let bench = WorkerBench()
    let looped = SlotTests.calling(
      looping(["mode": "parallel", "concurrency": 8], [http("call")]))
    await bench.memory.limitCalls(of: SlotTests.account, to: limit)
    var runs: [RunReference] = []
    for _ in 0..<4 {
      runs.append(await bench.memory.enqueue(looped.version, input: ["list": [1, 2, 3, 4, 5, 6]]))
    }
    try await bench.running(bench.worker(1)) {
      try await bench.running(bench.worker(2)) {
        for run in runs {
          while try await !bench.memory.snapshot(of: run).state.isFinal {
            bench.signals.send(.queued)
            for run in runs { bench.signals.send(.signalled(run)) }
            await Task.yield()
          }
        }
      }
    }
    for run in runs { #expect(try await bench.memory.snapshot(of: run).state == .success) }
    #expect(bench.performer.calls.count == 24)
    #expect(bench.performer.calls.values.allSatisfy { $0 == 1 })
    #expect(await bench.memory.greatestCallCount <= limit)
    #expect(await bench.memory.callCount == 0)
  }
}
