import Flows
import Testing

@Suite struct SubflowTests {
  private static let other = FlowBuilder.id(6001)

  private static func calling(_ more: JSONObject = [:]) -> FlowBuilder {
    var config: JSONObject = [
      "type": "flow", "flowId": .string(other.text(.flow)), "input": ["n": "{{ input.n }}"],
    ]
    for member in more.members { config[member.key] = member.value }
    return flow(
      [node("t", .trigger), node("sub", .action, .object(config)), transform("after", "input")],
      ["t -> sub", "sub -> after"])
  }

  private func end(_ flow: FlowBuilder, _ child: ChildRun, _ state: String, _ more: JSONObject) -> NodeSignal
  {
    var payload: JSONObject = ["executionId": .string(child.id.text(.execution)), "state": .string(state)]
    for member in more.members { payload[member.key] = member.value }
    return NodeSignal(
      id: FlowBuilder.id(8001), address: NodeAddress(flow["sub"]), kind: .childEnded,
      payload: .object(payload))
  }

  @Test func `a run of another flow is started, and its output is the node's`() throws {
    let flow = SubflowTests.calling()
    #expect(flow.graph.problems().isEmpty)
    var harness = MachineHarness(flow)
    harness.begin()
    let child = try #require(harness.children.first)
    #expect(child.flowID == SubflowTests.other)
    #expect(child.input == ["n": 1])
    #expect(child.waiting == NodeAddress(flow["sub"]))
    #expect(child.depth == 1)
    #expect(harness.snapshot.state == .waiting)
    // Taken up again it starts no other run.
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.now = harness.now
    resumed.begin()
    #expect(resumed.children.isEmpty)
    resumed.feed(.signalled([end(flow, child, "success", ["output": ["x": 1]])], at: resumed.now))
    #expect(resumed.snapshot.output == ["x": 1])
    #expect(resumed.consumedSignals.count == 1)
  }

  @Test func `without waiting the node ends with the id of the run`() {
    let flow = SubflowTests.calling(["wait": false])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(harness.children.map(\.waiting) == [nil])
    #expect(harness.snapshot.output?["executionId"]?.string == harness.children.first?.id.text(.execution))
  }

  @Test func `a run that fails fails its node; a retry starts another run`() throws {
    let flow = SubflowTests.calling(["retry": ["maxAttempts": 2, "on": ["child"], "delayMilliseconds": 1]])
    var harness = MachineHarness(flow)
    harness.begin()
    let error = RunError(code: .requestFailed, message: "reset").encoded()
    harness.feed(.signalled([end(flow, harness.children[0], "failure", ["error": error])], at: harness.now))
    #expect(harness.row("sub")?.state == .waiting)
    _ = harness.step()
    #expect(harness.children.count == 2)
    #expect(harness.children[0].id != harness.children[1].id)
    let last = NodeSignal(
      id: FlowBuilder.id(8002), address: NodeAddress(flow["sub"]), kind: .childEnded,
      payload: end(flow, harness.children[1], "failure", ["error": error]).payload)
    harness.feed(.signalled([last], at: harness.now))
    #expect(harness.snapshot.error?.code == .childFailed)
    #expect(harness.snapshot.error?.message.contains("reset") == true)
  }

  @Test func `cancelling, failing elsewhere and taking too long cancel the child`() {
    let flow = SubflowTests.calling(["timeoutMilliseconds": 1000])
    var cancelled = MachineHarness(flow)
    cancelled.begin()
    cancelled.feed(.cancelRequested(at: cancelled.now))
    #expect(cancelled.cancelledChildren == cancelled.children.map(\.id))
    var late = MachineHarness(flow)
    late.runToEnd()
    #expect(late.snapshot.error?.code == .nodeTimeout)
    #expect(late.cancelledChildren == late.children.map(\.id))
  }

  @Test(arguments: ["cancelled", "success", "failure"])
  func `a cancelled run ends when its child has ended, however that did`(state: String) {
    let flow = SubflowTests.calling(["timeoutMilliseconds": 1000])
    var harness = MachineHarness(flow)
    harness.begin()
    harness.feed(.cancelRequested(at: harness.now))
    #expect(harness.snapshot.state == .waiting)
    #expect(harness.parkings == [false, true])
    // Neither the node's time nor another owner ends it before.
    var resumed = MachineHarness(flow, from: harness.snapshot)
    resumed.now = harness.now.advanced(byMilliseconds: 60_000)
    resumed.begin(isCancelRequested: true)
    resumed.feed(.woke(at: resumed.now))
    #expect(resumed.snapshot.state == .waiting)
    #expect(resumed.parkings == [true])
    #expect(resumed.cancelledChildren == harness.children.map(\.id))
    resumed.feed(.signalled([end(flow, harness.children[0], state, ["output": 5])], at: resumed.now))
    #expect(resumed.snapshot.state == .cancelled)
    #expect(resumed.row("sub")?.state == (state == "success" ? .success : .cancelled))
    #expect(resumed.row("after")?.state == .skipped)
  }

  @Test func `a cancelled run waits for the children of its iterations, and keeps no other signals`() {
    let call: JSONValue = ["type": "flow", "flowId": .string(SubflowTests.other.text(.flow))]
    let flow = looping(
      ["mode": "parallel"], [node("sub", .action, call), node("w", .delay, ["wait": ["for": "approval"]])],
      ["sub -> w"])
    var harness = MachineHarness(flow, input: ["list": [1, 2]])
    harness.begin()
    let paths = [0, 1].compactMap { IterationPath([$0]) }
    let early = NodeSignal(
      id: FlowBuilder.id(8100), address: NodeAddress(flow["w"], paths[0]), kind: .decision, payload: 1)
    harness.feed(.signalled([early], at: harness.now))
    harness.feed(.cancelRequested(at: harness.now))
    #expect(harness.consumedSignals == [early.id])
    for (place, path) in paths.enumerated() {
      #expect(harness.snapshot.state == .waiting)
      let child = harness.children[place]
      let payload: JSONValue = ["executionId": .string(child.id.text(.execution)), "state": "cancelled"]
      let end = NodeSignal(
        id: child.id, address: NodeAddress(flow["sub"], path), kind: .childEnded, payload: payload)
      harness.feed(.signalled([end], at: harness.now))
    }
    #expect(harness.snapshot.state == .cancelled)
  }

  @Test func `runs that start runs are bounded`() {
    var harness = MachineHarness(SubflowTests.calling(), origin: RunOrigin(depth: 8))
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .flowUnavailable)
    #expect(harness.children.isEmpty)
  }

  @Test(arguments: [(false, 1), (true, 0)])
  func `a failed run starts its error flow, unless it is a run of one`(isForFailure: Bool, expected: Int) {
    let broken = flow([node("t", .trigger), transform("x", "throw")], ["t -> x"])
    var version = broken.version
    version.errorFlowID = SubflowTests.other
    var machine = RunMachine(
      run: MachineHarness.run, plan: RunPlan(version), snapshot: RunSnapshot(input: 1),
      surroundings: RunMachine.Surroundings(origin: RunOrigin(depth: 1, isForFailure: isForFailure)))
    let now = Instant(microseconds: 5)
    for case .evaluate(let address, _) in machine.handle(.resumed(at: now, isCancelRequested: false)) {
      let failure = ExpressionFailure(kind: .thrown, message: "Error: x")
      _ = machine.handle(.evaluated(address, [.failure(failure)], at: now))
    }
    let transition = machine.takeTransition()
    #expect(transition?.state == .failure)
    #expect(transition?.children.count == expected)
    guard let child = transition?.children.first else { return }
    #expect(child.purpose == .failure)
    #expect(child.waiting == nil)
    #expect(child.input["error"]?["node"] == "x")
    #expect(child.input["run"]?["id"]?.string == MachineHarness.run.runID.text(.execution))
  }

  static let wrong: [(JSONValue, String)] = [
    (["type": "flow"], "config.flowId"), (["type": "flow", "flowId": "exec_x"], "config.flowId"),
    (["type": "flow", "flowId": .string(SubflowTests.other.text(.flow)), "wait": 1], "config.wait"),
  ]

  @Test(arguments: SubflowTests.wrong)
  func `a config that cannot be read is a problem`(config: JSONValue, field: String) {
    #expect(
      flow([node("t", .trigger), node("x", .action, config)], ["t -> x"]).graph.problems().map(\.field) == [
        field
      ])
  }
}
