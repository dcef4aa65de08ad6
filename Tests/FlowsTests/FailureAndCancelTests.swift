import Flows
import Testing

@Suite struct FailureAndCancelTests {
  private let siblings = flow(
    [
      node("t", .trigger), http("bad"), http("good"), node("nap", .delay, ["seconds": 60]),
      transform("after", "1"),
    ],
    ["t -> bad", "t -> good", "t -> nap", "good -> after", "bad -> after"])

  @Test func `when a node fails, siblings under way finish, delays end, nothing begins, and the run fails`() {
    var harness = MachineHarness(siblings) {
      $0.nodeKey == "bad" ? .failed(RunError(code: .requestTimeout, message: "no answer in 5 s")) : .ok
    }
    harness.begin()
    _ = harness.step()
    #expect(harness.states == "bad:failure good:running nap:cancelled t:success")
    #expect(harness.snapshot.state == .running)
    harness.runToEnd()
    #expect(harness.states == "after:skipped bad:failure good:success nap:cancelled t:success")
    #expect(harness.row("after")?.skipReason == .runFailed)
    #expect(harness.snapshot.state == .failure)
    #expect(
      harness.snapshot.error
        == RunError(
          code: .requestTimeout, message: "Node 'bad' failed: no answer in 5 s", nodeID: siblings["bad"]))
  }

  @Test(arguments: [
    ("throw", RunError.Code.expressionFailed, "the expression in config.expression: Error: thrown"),
    ("loop", RunError.Code.expressionTimeout, "the expression in config.expression: too slow"),
  ])
  func `an expression that fails fails its node`(text: String, code: RunError.Code, reason: String) {
    var harness = MachineHarness(flow([node("t", .trigger), transform("x", text)], ["t -> x"]))
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == code)
    #expect(harness.snapshot.error?.message == "Node 'x' failed: \(reason)")
  }

  @Test func `a condition that fails fails the node that it leaves`() {
    var harness = MachineHarness(
      flow([node("t", .trigger), transform("x", "1"), transform("y", "1")], ["t -> x", "x -> y : throw"]))
    harness.runToEnd()
    #expect(harness.states == "t:success x:failure y:skipped")
    #expect(harness.row("x")?.output == 1)
    #expect(
      harness.snapshot.error?.message
        == "Node 'x' failed: the condition of its connection to 'y': Error: thrown")
  }

  @Test func `a config that cannot be read fails its node`() {
    var harness = MachineHarness(
      flow([node("t", .trigger), node("x", .action, ["type": "fax"])], ["t -> x"]))
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .configInvalid)
  }

  @Test func `nothing with an effect begins once the run is failing`() {
    // Both are being prepared together; the first fails before the call of the second is made.
    let flow = flow(
      [
        node("t", .trigger), transform("bad", "throw"), http("call", url: "https://a.test/{{ input.n }}"),
        node("nap", .delay, ["seconds": "{{ input.n }}"]),
      ],
      ["t -> bad", "t -> call", "t -> nap"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.performed.isEmpty)
    #expect(harness.states == "bad:failure call:cancelled nap:cancelled t:success")
  }

  @Test func `cancelling tells calls to end, ends delays, and skips the rest`() {
    var harness = MachineHarness(siblings, answer: { _ in .cancelled })
    harness.begin()
    harness.feed(.cancelRequested(at: harness.now))
    #expect(harness.hasCancelledEffects)
    #expect(harness.states == "bad:running good:running nap:cancelled t:success")
    #expect(harness.snapshot.state == .running)
    harness.feed(.cancelRequested(at: harness.now))
    harness.runToEnd()
    #expect(harness.states == "after:skipped bad:cancelled good:cancelled nap:cancelled t:success")
    #expect(harness.row("after")?.skipReason == .runCancelled)
    #expect(harness.row("good")?.error?.code == .unknownOutcome)
    #expect(harness.snapshot.state == .cancelled)
    #expect(harness.snapshot.error?.code == .cancelled)
  }

  @Test func `a call that ended before the cancellation reached it is recorded as it ended`() {
    var harness = MachineHarness(siblings) {
      $0.nodeKey == "good" ? .ok : .failed(RunError(code: .requestFailed, message: "reset"))
    }
    harness.begin()
    harness.feed(.cancelRequested(at: harness.now))
    harness.runToEnd()
    #expect(harness.states == "after:skipped bad:failure good:success nap:cancelled t:success")
    #expect(harness.snapshot.state == .cancelled)
  }

  @Test func `a run that is failing stays a failure when it is cancelled`() {
    var harness = MachineHarness(siblings) {
      $0.nodeKey == "bad" ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    harness.begin()
    _ = harness.step()
    harness.feed(.cancelRequested(at: harness.now))
    harness.runToEnd()
    #expect(harness.snapshot.state == .failure)
  }

  @Test func `a waiting run ends at once when it is cancelled`() {
    var harness = MachineHarness(
      flow([node("t", .trigger), node("nap", .delay, ["seconds": 60])], ["t -> nap"]))
    harness.begin()
    harness.feed(.cancelRequested(at: harness.now))
    #expect(harness.snapshot.state == .cancelled)
    #expect(harness.events.last?.line([:]) == "finished cancelled")
  }

  @Test func `a run that was cancelled in the queue does nothing`() {
    var harness = MachineHarness(siblings)
    harness.begin(isCancelRequested: true)
    #expect(harness.states == "after:skipped bad:skipped good:skipped nap:skipped t:skipped")
    #expect(harness.snapshot.state == .cancelled)
  }

  @Test func `an interrupted call is not repeated for a cancelled run`() {
    var harness = MachineHarness(siblings)
    harness.begin()
    var resumed = MachineHarness(siblings, from: harness.snapshot)
    resumed.begin(isCancelRequested: true)
    #expect(resumed.effects.isEmpty)
    #expect(resumed.snapshot.state == .cancelled)
    #expect(resumed.row("good")?.error?.code == .unknownOutcome)
  }

  @Test func `a late result of an evaluation changes nothing after a cancellation`() {
    let slow = flow([node("t", .trigger), transform("x", "1")], ["t -> x"])
    var machine = RunMachine(
      run: MachineHarness.run, plan: RunPlan(slow.version), snapshot: RunSnapshot(input: nil))
    let now = Instant(microseconds: 5)
    #expect(machine.handle(.resumed(at: now, isCancelRequested: false)).count == 1)
    #expect(machine.handle(.cancelRequested(at: now)) == [])
    #expect(machine.state == .cancelled)
    #expect(machine.handle(.evaluated(NodeAddress(slow["x"]), [.success(1)], at: now)) == [])
    #expect(machine.takeTransition()?.nodeRuns.map(\.state) == [.success, .cancelled])
    #expect(machine.takeTransition() == nil)
  }

  @Test func `an interrupted call of a failing run is made again and recorded`() {
    var harness = MachineHarness(siblings) {
      $0.nodeKey == "bad" ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    harness.begin()
    _ = harness.step()
    var resumed = MachineHarness(siblings, from: harness.snapshot)
    resumed.begin(isCancelRequested: true)
    resumed.runToEnd()
    #expect(resumed.performed.map(\.nodeKey) == ["good"])
    #expect(resumed.snapshot.state == .failure)
  }
}
