import Flows
import Testing

@Suite struct WaitTests {
  private static func waiting(_ wait: JSONValue, _ more: JSONObject = [:]) -> FlowBuilder {
    var config: JSONObject = ["wait": wait]
    for member in more.members { config[member.key] = member.value }
    return flow(
      [node("t", .trigger), node("w", .delay, .object(config)), transform("after", "input")],
      ["t -> w", "w -> after"])
  }

  private func signal(
    _ flow: FlowBuilder, _ kind: NodeSignal.Kind, _ payload: JSONValue, _ number: Int = 1,
    _ indices: [Int] = []
  ) -> NodeSignal {
    NodeSignal(
      id: FlowBuilder.id(8000 + number), address: NodeAddress(flow["w"], IterationPath(indices)!), kind: kind,
      payload: payload)
  }

  @Test(arguments: [("webhook", NodeSignal.Kind.resume), ("approval", .decision)])
  func `a node waits for what it is told of`(word: String, kind: NodeSignal.Kind) {
    let flow = WaitTests.waiting(["for": .string(word), "timeoutMilliseconds": 60_000])
    var harness = MachineHarness(flow)
    harness.begin()
    #expect(harness.snapshot.state == .waiting)
    #expect(harness.row("w")?.wakeAt == harness.now.advanced(byMilliseconds: 60_000))
    // Taken up again, it still waits.
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.begin()
    resumed.feed(.signalled([signal(flow, kind, ["ok": true])], at: harness.now))
    #expect(resumed.snapshot.state == .success)
    #expect(resumed.snapshot.output == ["ok": true])
    #expect(resumed.consumedSignals == [FlowBuilder.id(8001)])
  }

  @Test(arguments: [("webhook", NodeSignal.Kind.resume), ("approval", .decision)])
  func `what has come counts, though nobody was there to take it in time`(word: String, kind: NodeSignal.Kind)
  {
    let flow = WaitTests.waiting(["for": .string(word), "timeoutMilliseconds": 60_000])
    var harness = MachineHarness(flow)
    harness.begin()
    var late = MachineHarness(flow, from: harness.snapshot)
    late.now = harness.now.advanced(byMilliseconds: 120_000)
    late.feed(
      .resumed(at: late.now, isCancelRequested: false, signals: [signal(flow, kind, ["ok": true])]))
    #expect(late.snapshot.state == .success)
    #expect(late.snapshot.output == ["ok": true])
    #expect(late.consumedSignals == [FlowBuilder.id(8001)])
    // A request to cancel is older than whoever takes the run up.
    var cancelled = MachineHarness(flow, from: harness.snapshot)
    cancelled.feed(
      .resumed(at: late.now, isCancelRequested: true, signals: [signal(flow, kind, ["ok": true])]))
    #expect(cancelled.snapshot.state == .cancelled)
    #expect(cancelled.consumedSignals == [FlowBuilder.id(8001)])
  }

  @Test func `what is being computed is not woken at its deadline, what is performed is`() {
    let call = flow([node("t", .trigger), http("call", url: "https://a.test/{{ input }}")], ["t -> call"])
    var machine = RunMachine(
      run: MachineHarness.run, plan: RunPlan(call.version), snapshot: RunSnapshot(input: 1))
    let now = Instant(microseconds: 5)
    let actions = machine.handle(.resumed(at: now, isCancelRequested: false))
    guard case .evaluate(let address, let request)? = actions.first else {
      Issue.record("nothing is to be evaluated: \(actions)")
      return
    }
    #expect(machine.nextWakeAt == nil)
    let values = [Result<JSONValue, ExpressionFailure>](
      repeating: .success("1"), count: request.expressions.count)
    _ = machine.handle(.evaluated(address, values, at: now))
    #expect(machine.nextWakeAt != nil)
  }

  @Test func `waiting forgets nothing of the attempts before`() {
    let flow = WaitTests.waiting(
      ["for": "approval", "timeoutMilliseconds": 1000],
      ["retry": ["maxAttempts": 5, "limits": ["timeout": 1]]])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .waitTimeout)
    #expect(harness.row("w")?.attempt == 2)
  }

  @Test func `what is of another kind, or comes twice, is used up without effect`() {
    let flow = WaitTests.waiting(["for": "approval"])
    var harness = MachineHarness(flow)
    harness.begin()
    harness.feed(.signalled([signal(flow, .resume, 1)], at: harness.now))
    #expect(harness.snapshot.state == .waiting)
    #expect(harness.consumedSignals.count == 1)
    let decision = signal(flow, .decision, 2, 2)
    harness.feed(.signalled([decision, decision, signal(flow, .decision, 3, 3)], at: harness.now))
    #expect(harness.snapshot.output == 2)
    #expect(harness.consumedSignals == [8001, 8002, 8003].map { FlowBuilder.id($0) })
  }

  @Test func `what comes before its node waits is kept`() {
    var flow = WaitTests.waiting(["for": "webhook"])
    flow.add("call", .action, ["type": "http", "method": "GET", "url": "https://a.test"])
    flow.connections.remove(at: 0)
    flow.connect("t -> call")
    flow.connect("call -> w")
    var harness = MachineHarness(flow)
    harness.begin()
    harness.feed(.signalled([signal(flow, .resume, 7), signal(flow, .resume, 8, 2)], at: harness.now))
    #expect(harness.row("w") == nil)
    #expect(harness.consumedSignals == [FlowBuilder.id(8002)])
    harness.runToEnd()
    #expect(harness.snapshot.output == 7)
    #expect(harness.consumedSignals == [FlowBuilder.id(8002), FlowBuilder.id(8001)])
  }

  @Test func `what nobody came to wait for is used up by the end`() {
    var flow = WaitTests.waiting(["for": "webhook"])
    flow.connections[0].condition = "false"
    var harness = MachineHarness(flow)
    harness.machine = RunMachine(
      run: MachineHarness.run, plan: RunPlan(flow.version), snapshot: RunSnapshot(input: 1))
    let now = harness.now
    _ = harness.machine.handle(.resumed(at: now, isCancelRequested: false))
    _ = harness.machine.handle(.signalled([signal(flow, .resume, 7)], at: now))
    _ = harness.machine.handle(.evaluated(NodeAddress(flow["t"]), [.success(false)], at: now))
    harness.store()
    #expect(harness.snapshot.state == .success)
    #expect(harness.consumedSignals == [FlowBuilder.id(8001)])
  }

  @Test func `a wait that is too long fails, or goes around it`() {
    var failed = MachineHarness(WaitTests.waiting(["for": "webhook", "timeoutMilliseconds": 1000]))
    failed.runToEnd()
    #expect(failed.snapshot.error?.code == .waitTimeout)
    #expect(failed.row("w")?.durationMicroseconds == 1_000_000)
    var handled = MachineHarness(
      WaitTests.waiting(["for": "webhook", "timeoutMilliseconds": 1000], ["onError": "continue"]))
    handled.runToEnd()
    #expect(handled.snapshot.output?["error"]?["code"] == "WAIT_TIMEOUT")
  }

  @Test func `cancelling ends a wait`() {
    var harness = MachineHarness(WaitTests.waiting(["for": "approval"]))
    harness.begin()
    harness.feed(.cancelRequested(at: harness.now))
    #expect(harness.snapshot.state == .cancelled)
    #expect(harness.row("w")?.state == .cancelled)
  }

  @Test func `each iteration waits for its own`() {
    var flow = looping(["mode": "parallel"], [node("w", .delay, ["wait": ["for": "approval"]])])
    flow.nodes[3].config = ["expression": "nodes.each.output"]
    var harness = MachineHarness(flow, input: ["list": ["a", "b"]])
    harness.begin()
    harness.feed(.signalled([signal(flow, .decision, "second", 1, [1])], at: harness.now))
    #expect(harness.snapshot.state == .waiting)
    harness.feed(.signalled([signal(flow, .decision, "first", 2, [0])], at: harness.now))
    #expect(harness.snapshot.output == ["first", "second"])
  }

  @Test func `the address for resuming is known before the node waits`() {
    var flow = WaitTests.waiting(["for": "webhook", "message": "see {{ run.resumeUrls.w }}"])
    flow.nodes[2].config = ["expression": "run.resumeUrls.w"]
    var harness = MachineHarness(flow)
    harness.begin()
    #expect(harness.events.map { $0.line([:]) }.contains("log see https://studio.test/resume/2/"))
    harness.feed(.signalled([signal(flow, .resume, 1)], at: harness.now))
    #expect(harness.snapshot.output == "https://studio.test/resume/2/")
  }

  @Test(arguments: [
    ("2023-11-14T22:14:20Z", Int64(59_999_000)), ("2023-11-14T23:14:20.5+01:00", 60_499_000),
    ("{{ input.at }}", 59_999_000),
    ("2020-01-01T00:00:00Z", 0),
  ])
  func `a delay until an instant`(until: String, expected: Int64) {
    let flow = flow([node("t", .trigger), node("d", .delay, ["until": .string(until)])], ["t -> d"])
    var harness = MachineHarness(flow, input: ["at": 1_700_000_060_000])
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    let duration = harness.row("d")?.durationMicroseconds ?? -1
    #expect(abs(duration - expected) <= 1000)
  }

  @Test(arguments: ["2090-01-01T00:00:00Z", "{{ input.at }}"])
  func `an instant that is none, or too far, fails the node`(until: String) {
    let flow = flow([node("t", .trigger), node("d", .delay, ["until": .string(until)])], ["t -> d"])
    var harness = MachineHarness(flow, input: ["at": "tomorrow"])
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .configInvalid)
  }

  static let wrong: [(JSONValue, String)] = [
    (["until": "noon"], "config.until"), (["until": "2026-02-30T00:00:00Z"], "config.until"),
    (["wait": ["for": "rain"]], "config.wait.for"), (["wait": 1], "config.wait.for"),
    (["wait": ["for": "webhook", "timeoutMilliseconds": 0]], "config.wait.timeoutMilliseconds"),
    (["until": 1, "seconds": 1], "config"),
  ]

  @Test(arguments: WaitTests.wrong)
  func `a wait that cannot be read is a problem`(config: JSONValue, field: String) {
    let problems = flow([node("t", .trigger), node("d", .delay, config)], ["t -> d"]).graph.problems()
    #expect(problems.map(\.field) == [field])
  }
}
