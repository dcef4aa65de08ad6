import Flows
import Testing

@Suite struct ResumeTests {
  static let order = flow(
    [
      node("t", .trigger), http("fetch", url: "https://a.test/{{ input.n }}"),
      node("keep", .filter, ["expression": "input.body.total == 3"]),
      node("shape", .transform, ["mapping": ["total": "nodes.fetch.output.body.total"]]),
      node("choose", .decision), http("large"), http("small"), node("nap", .delay, ["seconds": 5]),
      node("say", .action, ["type": "log", "message": "{{ nodes.shape.output.total }}"]),
    ],
    [
      "t -> fetch", "t -> nap", "fetch -> keep", "keep -> shape", "shape -> choose",
      "choose -> large : output.total == 3", "choose -> small", "large -> say : output.status == 200",
      "small -> say", "nap -> say",
    ])

  @Test(arguments: ["success", "failure of fetch", "failure of large", "stop"])
  func `a run that is taken up from any stored state ends the same`(scenario: String) {
    let answer: MachineHarness.Answer = { request in
      switch (scenario, request.nodeKey) {
      case ("failure of fetch", "fetch"), ("failure of large", "large"):
        .failed(RunError(code: .requestFailed, message: "reset"))
      case ("stop", "fetch"): .answered(HTTPAnswer(status: 200, headers: [:], body: ["total": 4]))
      default: .ok
      }
    }
    var whole = MachineHarness(ResumeTests.order, answer: answer)
    whole.runToEnd()
    #expect(whole.snapshots.count > 3 || scenario != "success")
    for snapshot in [RunSnapshot(input: ["n": 1])] + whole.snapshots {
      var resumed = MachineHarness(ResumeTests.order, from: snapshot, answer: answer)
      resumed.now = whole.now
      resumed.runToEnd()
      #expect(resumed.outcome == whole.outcome)
      let keys = Set(whole.performed.map(\.idempotencyKey))
      #expect(resumed.performed.allSatisfy { keys.contains($0.idempotencyKey) })
    }
  }

  @Test func `what was recorded before conditions were evaluated is not done again`() {
    let flow = flow([node("t", .trigger), http("x"), transform("y", "1")], ["t -> x", "x -> y : true"])
    var harness = MachineHarness(flow)
    harness.begin()
    // The answer arrives, and the process ends before the condition is evaluated.
    let actions = harness.machine.handle(.performed(NodeAddress(flow["x"]), attempt: 1, .ok, at: harness.now))
    #expect(actions.count == 1)
    harness.store()
    #expect(harness.row("x")?.state == .running)
    #expect(harness.row("x")?.finishedAt != nil)
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.runToEnd()
    #expect(resumed.performed.isEmpty)
    #expect(resumed.states == "t:success x:success y:success")
  }

  @Test func `taking a run up again says so, and does not start nodes twice`() {
    var harness = MachineHarness(ResumeTests.order)
    harness.begin()
    var resumed = MachineHarness(ResumeTests.order, from: harness.snapshot)
    resumed.runToEnd()
    let lines = resumed.events.map { $0.line([:]) }
    #expect(lines.first == "log The call was interrupted and is made again with the same idempotency key.")
    #expect(!lines.contains("started"))
    #expect(!lines.contains("start fetch"))
  }

  @Test func `a finished run takes nothing in`() {
    var harness = MachineHarness(ResumeTests.order)
    harness.runToEnd()
    var again = MachineHarness(ResumeTests.order, from: harness.snapshot)
    again.begin()
    #expect(again.snapshots.isEmpty)
  }
}
