import Flows
import Testing

@Suite struct JoinTests {
  @Test func `a diamond joins once, with the outputs of both branches by key`() {
    let flow = flow(
      [node("t", .trigger), transform("a", "input.n"), transform("b", "2"), transform("join", "input")],
      ["t -> a", "t -> b", "a -> join", "b -> join"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "a:success b:success join:success t:success")
    #expect(harness.row("join")?.input == ["a": 1, "b": 2])
    #expect(harness.snapshot.output == ["a": 1, "b": 2])
    #expect(
      harness.events.map { $0.line([:]) } == [
        "started", "start t", "success t", "start a", "start b", "success a", "success b", "start join",
        "success join", "finished success",
      ])
  }

  @Test func `a join runs with what was delivered when the other branch is skipped`() {
    let flow = flow(
      [
        node("t", .trigger), transform("a", "1"), transform("b", "2"), transform("after_b", "3"),
        transform("join", "input"),
      ],
      ["t -> a", "t -> b : false", "b -> after_b", "a -> join", "after_b -> join"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "a:success after_b:skipped b:skipped join:success t:success")
    #expect(harness.row("b")?.skipReason == .notReached)
    #expect(harness.row("b")?.attempt == 0)
    #expect(harness.row("join")?.input == 1)
  }

  @Test func `rows know the place of their node, in whatever order they ran`() {
    var flow = flow(
      [transform("late", "1"), node("t", .trigger), transform("mid", "2"), transform("never", "3")],
      ["t -> mid", "mid -> late", "t -> never : false"])
    // The author's order, the same number twice: then the order of the list decides.
    for (index, order) in [3, 1, 1, 2].enumerated() { flow.nodes[index].order = order }
    var harness = MachineHarness(flow)
    harness.runToEnd()
    let rows = harness.snapshot.nodeRuns.sorted { $0.order < $1.order }
    #expect(rows.map(\.order) == [0, 1, 2, 3])
    #expect(rows.map(\.key) == ["t", "mid", "never", "late"])
  }

  @Test func `a join is skipped when no branch delivers, and so is what follows`() {
    let flow = flow(
      [node("t", .trigger), transform("a", "1"), transform("join", "1"), transform("end", "1")],
      ["t -> a : 0", "t -> join : \"\"", "a -> join", "join -> end"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "a:skipped end:skipped join:skipped t:success")
    #expect(harness.snapshot.state == .success)
    #expect(harness.snapshot.output == nil)
  }

  @Test func `a join waits for a branch that can still deliver`() {
    let flow = flow(
      [node("t", .trigger), transform("a", "1"), http("b"), transform("join", "input")],
      ["t -> a", "t -> b", "a -> join", "b -> join"])
    var harness = MachineHarness(flow)
    harness.begin()
    #expect(harness.states == "a:success b:running t:success")
    harness.runToEnd()
    #expect(harness.row("join")?.input?["a"] == 1)
    #expect(harness.row("join")?.input?["b"]?["body"]?["total"] == 3)
  }

  @Test func `the trigger that began the run fires, the others are skipped`() {
    let flow = flow(
      [node("t1", .trigger), node("t2", .trigger), transform("a", "input"), transform("b", "2")],
      ["t1 -> a", "t2 -> a", "t2 -> b"])
    var harness = MachineHarness(flow, from: RunSnapshot(input: ["n": 5], triggerNodeID: flow["t1"]))
    harness.runToEnd()
    #expect(harness.states == "a:success b:skipped t1:success t2:skipped")
    #expect(harness.row("t2")?.skipReason == .otherTrigger)
    #expect(harness.row("a")?.output == ["n": 5])
  }

  @Test func `a node that nothing leads to is skipped`() {
    let flow = flow([node("t", .trigger), transform("alone", "1")], [])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "alone:skipped t:success")
  }

  @Test(arguments: [
    ("exclusive", "small:success large:skipped other:skipped"),
    ("inclusive", "small:success large:success other:skipped"),
  ])
  func `a decision takes the first or all that match`(mode: String, expected: String) {
    let flow = flow(
      [
        node("t", .trigger), node("choose", .decision, ["mode": .string(mode)]), transform("small", "1"),
        transform("large", "2"), transform("other", "3"),
      ],
      ["t -> choose", "choose -> other", "choose -> small : input.n == 1", "choose -> large : output.n == 1"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    let states = ["small", "large", "other"].compactMap { key in harness.row(key).map { "\(key):\($0.state)" }
    }
    #expect(states.joined(separator: " ") == expected)
  }

  @Test(arguments: ["exclusive", "inclusive"])
  func `a decision without a match takes its default`(mode: String) {
    let flow = flow(
      [
        node("t", .trigger), node("choose", .decision, ["mode": .string(mode)]), transform("a", "1"),
        transform("other", "2"),
      ],
      ["t -> choose", "choose -> other", "choose -> a : input.n == 7"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "a:skipped choose:success other:success t:success")
  }

  @Test func `a condition behind the one that was taken may fail`() {
    let flow = flow(
      [node("t", .trigger), node("choose", .decision), transform("a", "1"), transform("b", "2")],
      ["t -> choose", "choose -> a : true", "choose -> b : throw"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "a:success b:skipped choose:success t:success")
  }

  @Test func `a filter passes its input on or stops its branch`() {
    let flow = flow(
      [
        node("t", .trigger), node("yes", .filter, ["expression": "input.n"]),
        node("no", .filter, ["expression": "input.missing"]), transform("a", "input"),
        transform("b", "input"),
      ],
      ["t -> yes", "t -> no", "yes -> a", "no -> b"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "a:success b:skipped no:success t:success yes:success")
    #expect(harness.row("no")?.output == ["passed": false])
    #expect(harness.row("a")?.input == ["n": 1])
  }
}
