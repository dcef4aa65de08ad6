import Flows
import Testing

/// Which runs are over with their first turn.
@Suite struct FirstTurnTests {
  private func transition(_ flow: FlowBuilder, _ input: JSONValue = ["a": 1]) -> RunTransition? {
    var limits = RunMachine.Limits()
    limits.payloadBytes = 1000
    return FirstTurn.transition(
      of: MachineHarness.run, plan: RunPlan(flow.version), snapshot: RunSnapshot(input: input),
      limits: limits,
      at: Instant(microseconds: 1_700_000_000_000_000))
  }

  private static func log(_ key: String, _ message: String) -> (String, NodeKind, JSONValue) {
    node(key, .action, ["type": "log", "message": .string(message)])
  }

  @Test func `what evaluates, calls and waits for nothing is over at once, as the machine has it`() throws {
    let flow = flow(
      [
        node("t", .trigger), node("d", .decision), FirstTurnTests.log("a", "one"),
        FirstTurnTests.log("b", "two"),
      ],
      ["t -> d", "d -> a", "d -> b"])
    let found = try #require(transition(flow))
    var harness = MachineHarness(flow, input: ["a": 1])
    harness.runToEnd()
    #expect(found.state == .success && found.releasesClaim)
    #expect(found.nodeRuns.map(\.key) == harness.snapshot.nodeRuns.map(\.key))
    #expect(found.nodeRuns.map(\.output) == harness.snapshot.nodeRuns.map(\.output))
    #expect(found.output == harness.snapshot.output)
    #expect(found.events.map(\.kind.name) == harness.events.map(\.kind.name))
  }

  @Test func `what needs more has no such turn`() {
    let flows = [
      flow([node("t", .trigger), transform("x", "input.a")], ["t -> x"]),
      flow([node("t", .trigger), FirstTurnTests.log("x", "{{ input.a }}")], ["t -> x"]),
      flow([node("t", .trigger), FirstTurnTests.log("x", "said")], ["t -> x : input.a > 1"]),
      flow([node("t", .trigger), node("x", .delay, ["durationMilliseconds": 1])], ["t -> x"]),
      flow(
        [node("t", .trigger), node("x", .action, ["type": "http", "url": "https://a.test/"])], ["t -> x"]),
      flow([node("t", .trigger), node("x", .action, ["type": "flow", "flowId": "flow_1"])], ["t -> x"]),
    ]
    for flow in flows { #expect(transition(flow) == nil) }
  }

  @Test func `what fails is left to the worker`() {
    // Two outputs that are too large together.
    let flow = flow(
      [node("t", .trigger), node("d", .decision), node("e", .decision), FirstTurnTests.log("end", "said")],
      ["t -> d", "t -> e", "d -> end", "e -> end"])
    #expect(transition(flow) != nil)
    #expect(transition(flow, ["text": .string(String(repeating: "x", count: 600))]) == nil)
  }
}
