import Flows
import Testing

@Suite struct LoopTests {
  private static let list: JSONValue = ["list": [5, 6, 7]]

  @Test func `the nodes of a loop run once for each element, in order`() {
    let flow = looping(
      [:], [http("call", url: "https://a.test/{{ item }}"), transform("pick", "index")], ["call -> pick"])
    #expect(flow.graph.problems().isEmpty)
    var harness = MachineHarness(flow, input: LoopTests.list)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(
      harness.performed.compactMap(\.call?.url) == [
        "https://a.test/5", "https://a.test/6", "https://a.test/7",
      ])
    #expect(Set(harness.performed.map(\.idempotencyKey)).count == 3)
    #expect(harness.row("each")?.output == [0, 1, 2])
    #expect(harness.row("each")?.memo == nil)
    #expect(harness.row("call", 2)?.input == 7)
    #expect(harness.snapshot.output == [0, 1, 2])
    // Sequential: no call begins before the one before has ended.
    let lines = harness.events.map { $0.line([:]) }.filter { $0.hasSuffix("call") }
    #expect(
      lines == ["start call", "success call", "start call", "success call", "start call", "success call"])
  }

  @Test(arguments: [(1, 1), (2, 2), (100, 3)])
  func `a parallel loop has so many iterations under way`(bound: Int64, expected: Int) {
    let flow = looping(["mode": "parallel", "concurrency": .integer(bound)], [http("call")])
    var harness = MachineHarness(flow, input: LoopTests.list)
    harness.begin()
    #expect(harness.effects.count == expected)
    harness.runToEnd()
    #expect(harness.row("each")?.output?.array?.count == 3)
  }

  @Test func `an empty list is an empty list`() {
    var harness = MachineHarness(looping([:], [http("call")]), input: ["list": []])
    harness.runToEnd()
    #expect(harness.states == "after:success each:success t:success")
    #expect(harness.row("each")?.output == [])
  }

  @Test func `pure iterations are evaluated together`() {
    let flow = looping(
      [:], [transform("a", "item"), transform("b", "input"), transform("c", "input")], ["a -> b", "b -> c"])
    var machine = RunMachine(
      run: MachineHarness.run, plan: RunPlan(flow.version),
      snapshot: RunSnapshot(input: ["list": .array((0..<40).map { .integer($0) })]))
    let now = Instant(microseconds: 5)
    var rounds = 0
    var actions = machine.handle(.resumed(at: now, isCancelRequested: false))
    while !actions.isEmpty {
      rounds += 1
      let asked = actions
      actions = []
      for case .evaluate(let address, let request) in asked {
        let results = request.expressions.map { MiniScript.value(of: $0, in: request.scope) }
        actions += machine.handle(.evaluated(address, results, at: now))
      }
    }
    #expect(machine.state == .success)
    // The list, three nodes for all iterations at once, and the node behind the loop.
    #expect(rounds == 5)
    #expect(machine.takeTransition()?.nodeRuns.count == 3 + 120)
  }

  @Test func `loops inside loops see all that is around them`() {
    var flow = looping(
      [:],
      [
        node("inner", .loop, ["items": "item"]), transform("x", "loops.each.index"),
        transform("before", "index"),
      ], ["before -> inner"])
    flow.put("x", in: "inner")
    flow.nodes[3].config = [
      "mapping": [
        "outer": "loops.each.index", "inner": "index", "item": "item", "seen": "nodes.before.output",
        "above": "nodes.t.state", "count": "loops.inner.count",
      ]
    ]
    #expect(flow.graph.problems().isEmpty)
    var harness = MachineHarness(flow, input: ["list": [["a"], ["b", "c"]]])
    harness.runToEnd()
    #expect(
      harness.row("x", 1, 1)?.output == [
        "outer": 1, "inner": 1, "item": "c", "seen": 1, "above": "success", "count": 2,
      ])
    #expect(harness.row("each")?.output?.array?.map { $0.array?.count } == [1, 2])
    #expect(harness.row("x", 0, 0)?.iteration.text == "0.0")
  }

  @Test func `a filter ends its iteration only`() {
    let flow = looping(
      [:], [node("keep", .filter, ["expression": "item == 6"]), transform("x", "item")], ["keep -> x"])
    var harness = MachineHarness(flow, input: LoopTests.list)
    harness.runToEnd()
    #expect(harness.row("each")?.output == [nil, 6, nil])
    #expect(harness.row("x", 0)?.skipReason == .notReached)
  }

  private let answer: MachineHarness.Answer = { request in
    request.iteration.indices == [1] ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
  }

  @Test func `an iteration that fails fails the loop and the run`() {
    let flow = looping([:], [http("call"), transform("x", "1")], ["call -> x"])
    var harness = MachineHarness(flow, input: LoopTests.list, answer: answer)
    harness.runToEnd()
    #expect(harness.snapshot.state == .failure)
    #expect(harness.snapshot.error?.nodeID == flow["call"])
    #expect(
      harness.states
        == "after:skipped call[0]:success call[1]:failure each:failure t:success x[0]:success x[1]:skipped")
    #expect(harness.row("x", 1)?.skipReason == .runFailed)
    #expect(harness.row("each")?.error?.message == "Node 'each' failed: Node 'call' failed: reset")
  }

  @Test func `a loop that handles errors stops its iterations and goes on`() {
    var flow = looping(
      ["onError": "continue", "mode": "parallel"],
      [http("call"), transform("x", "1"), node("nap", .delay, ["seconds": 9])], ["call -> x"])
    flow.nodes[5].config = ["expression": "input.error.code"]
    var harness = MachineHarness(flow, input: LoopTests.list, answer: answer)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(harness.snapshot.output == "REQUEST_FAILED")
    #expect(harness.row("each")?.state == .failure)
    #expect(harness.row("nap", 0)?.state == .cancelled)
    #expect(harness.row("x", 2)?.skipReason == .iterationFailed)
    #expect(harness.row("call", 2)?.state == .success)
  }

  @Test func `with onItemError continue the other iterations go on`() {
    let flow = looping(["onItemError": "continue"], [http("call"), transform("x", "index")], ["call -> x"])
    var harness = MachineHarness(flow, input: LoopTests.list, answer: answer)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    let output = harness.row("each")?.output
    #expect(output?.array?.first == 0)
    #expect(output?.array?.last == 2)
    #expect(output?.array?[1]["error"]?["code"] == "REQUEST_FAILED")
    #expect(harness.row("x", 1)?.skipReason == .iterationFailed)
  }

  @Test(arguments: [
    ("input.list.x", RunError.Code.configInvalid, "config.items must be a list, not null"),
    ("input.list", .iterationLimit, "its list has 3 elements; at most 2 are allowed"),
  ])
  func `a list that cannot be iterated fails the loop`(items: String, code: RunError.Code, reason: String) {
    let flow = looping(["items": .string(items), "maximumIterations": 2], [transform("x", "1")])
    var harness = MachineHarness(flow, input: LoopTests.list)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == code)
    #expect(harness.snapshot.error?.message == "Node 'each' failed: \(reason)")
  }

  @Test func `a loop that takes too long is cut off`() {
    let flow = looping(
      ["timeoutMilliseconds": 1000, "mode": "parallel"], [http("call"), node("nap", .delay, ["seconds": 60])])
    var harness = MachineHarness(flow, input: LoopTests.list)
    harness.begin()
    harness.feed(.woke(at: harness.now.advanced(byMilliseconds: 1000)))
    #expect(harness.cutOff.count == 3)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .nodeTimeout)
    #expect(harness.row("call", 0)?.state == .cancelled)
    #expect(harness.row("nap", 0)?.state == .cancelled)
    #expect(harness.row("each")?.state == .failure)
  }

  @Test(arguments: ["fail", "continue"], ["fail", "continue"])
  func `no loop handles a bound of the whole run, also after a resume`(item: JSONValue, loop: JSONValue) {
    let flow = looping(
      ["onItemError": item, "onError": loop], [http("call"), transform("x", "1")], ["call -> x"])
    var limits = RunMachine.Limits()
    limits.steps = 5
    var harness = MachineHarness(flow, input: LoopTests.list, limits: limits)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .stepLimit)
    #expect(harness.row("call", 2) == nil || harness.row("call", 2)?.state == .skipped)
    for snapshot in harness.snapshots {
      var resumed = MachineHarness(flow, from: snapshot, limits: limits)
      resumed.runToEnd()
      #expect(resumed.snapshot.error?.code == .stepLimit)
    }
  }

  @Test func `what is inside of a loop that is over counts for the bounds of the run, also after a resume`() {
    var flow = looping([:], [transform("x", "1")])
    flow.add("nap", .delay, ["seconds": 60])
    flow.add("last", .transform, ["expression": "1"])
    flow.connect("after -> nap")
    flow.connect("nap -> last")
    // The trigger, the loop, three nodes inside, and two behind.
    var limits = RunMachine.Limits()
    limits.steps = 7
    var harness = MachineHarness(flow, input: LoopTests.list, limits: limits)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .stepLimit)
    for snapshot in harness.snapshots {
      var resumed = MachineHarness(flow, from: snapshot, limits: limits)
      resumed.now = harness.now
      resumed.runToEnd()
      #expect(resumed.snapshot.error?.code == .stepLimit)
    }
  }

  @Test func `cancelling ends all iterations`() {
    let flow = looping(["mode": "parallel"], [http("call"), node("nap", .delay, ["seconds": 60])])
    var harness = MachineHarness(flow, input: LoopTests.list) { _ in .cancelled }
    harness.begin()
    harness.feed(.cancelRequested(at: harness.now))
    harness.runToEnd()
    #expect(harness.snapshot.state == .cancelled)
    #expect(harness.row("each")?.state == .cancelled)
    #expect(harness.row("call", 1)?.state == .cancelled)
    #expect(harness.row("after")?.skipReason == .runCancelled)
  }

  @Test func `a retried run keeps the iterations that succeeded`() throws {
    let flow = looping([:], [http("call"), transform("x", "index")], ["call -> x"])
    var old = MachineHarness(flow, input: LoopTests.list, answer: answer)
    old.runToEnd()
    let next = RunReference(organizationID: FlowBuilder.id(9001), runID: FlowBuilder.id(9003))
    let snapshot = try #require(old.snapshot.forRetry(of: flow.graph, as: next, at: old.now))
    var retried = MachineHarness(flow, from: snapshot)
    retried.now = old.now
    retried.runToEnd()
    #expect(retried.snapshot.state == .success)
    #expect(retried.performed.map { $0.iteration.indices } == [[1], [2]])
    #expect(retried.row("each")?.output == [0, 1, 2])
  }

  @Test func `what is wrong with loops is found when the flow is saved`() {
    func codes(_ change: (inout FlowBuilder) -> Void) -> [FlowProblem.Code] {
      var builder = looping([:], [transform("x", "1")])
      change(&builder)
      return builder.graph.problems().map(\.code)
    }
    #expect(codes { _ in } == [])
    #expect(codes { $0.connect("x -> after") } == [.crossingConnection])
    #expect(codes { $0.put("after", in: "each") }.contains(.crossingConnection))
    #expect(codes { $0.nodes[2].parentID = nil } == [.emptyLoop, .unreachableNode])
    #expect(codes { $0.nodes[2].parentID = $0["t"] }.contains(.invalidParent))
    #expect(codes { $0.nodes[2].parentID = FlowBuilder.id(700) }.contains(.invalidParent))
    #expect(codes { $0.put("t", in: "each") }.contains(.triggerInLoop))
    #expect(codes { $0.put("each", in: "each") }.contains(.nestedTooDeep))
    #expect(codes { $0.nodes[1].config = ["items": 3] }.contains(.invalidConfig))
    for field in ["mode", "concurrency", "maximumIterations", "onItemError"] {
      #expect(codes { $0.nodes[1].config = ["items": "[]", .init(field): "x"] }.contains(.invalidConfig))
    }
    #expect(codes { $0.nodes[1].config = ["items": "[]", "retry": [:]] }.contains(.invalidConfig))
  }

  @Test func `four loops inside one another are too many`() {
    var builder = looping(
      [:], [node("b", .loop, ["items": "[]"]), node("c", .loop, ["items": "[]"]), transform("x", "1")])
    builder.put("c", in: "b")
    builder.put("x", in: "c")
    #expect(builder.graph.problems().isEmpty)
    builder.add("d", .loop, ["items": "[]"])
    builder.put("d", in: "c")
    builder.put("x", in: "d")
    #expect(builder.graph.problems().map(\.code) == [.nestedTooDeep])
    var harness = MachineHarness(builder, input: LoopTests.list)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .flowInvalid)
  }

  @Test func `ten thousand iterations end on a stack of 512 KiB`() {
    let state = onSmallStack {
      let flow = looping(
        ["maximumIterations": 10_000], [node("say", .action, ["type": "log", "message": "m"])])
      let input: JSONValue = ["list": .array(Array(repeating: 1, count: 10_000))]
      var harness = MachineHarness(flow, input: input)
      harness.runToEnd()
      return harness.snapshot.state
    }
    #expect(state == .success)
  }

  @Test func `paths are ordered, and survive their integer`() {
    let paths = [[], [0], [0, 0], [0, 0, 0], [0, 1], [1], [9_999, 9_999, 9_999]].compactMap {
      IterationPath($0)
    }
    #expect(paths.count == 7)
    #expect(paths.sorted() == paths)
    #expect(
      paths.map { IterationPath(rawValue: $0.rawValue).indices } == [
        [], [0], [0, 0], [0, 0, 0], [0, 1], [1], [9_999, 9_999, 9_999],
      ])
    #expect(IterationPath([0, 0, 0, 0]) == nil)
    #expect(IterationPath([10_000]) == nil)
    #expect(IterationPath([-1]) == nil)
  }
}
