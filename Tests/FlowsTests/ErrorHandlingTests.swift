import Flows
import Testing

@Suite struct ErrorHandlingTests {
  private let failing: MachineHarness.Answer = { request in
    request.nodeKey == "call" ? .answered(HTTPAnswer(status: 500, headers: [:], body: "down")) : .ok
  }

  @Test func `with continue the ordinary connections deliver the error`() {
    let flow = flow(
      [node("t", .trigger), http("call", ["onError": "continue"]), transform("after", "input.error.code")],
      ["t -> call", "call -> after"])
    var harness = MachineHarness(flow, answer: failing)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(harness.states == "after:success call:failure t:success")
    #expect(harness.row("call")?.output?["status"] == 500)
    #expect(harness.row("call")?.error?.code == .unexpectedStatus)
    #expect(harness.snapshot.output == "UNEXPECTED_STATUS")
  }

  private let branching = flow(
    [
      node("t", .trigger), http("call", ["onError": "branch"]), transform("good", "1"), transform("bad", "2"),
      transform("worse", "3"), transform("both", "input"),
    ],
    [
      "t -> call", "call -> good", "call !> bad", "call !> worse : output.error.code == nodes",
      "good -> both",
      "bad -> both",
    ])

  @Test func `with branch an error takes the connections for errors, a success the others`() {
    #expect(branching.graph.problems().isEmpty)
    var bad = MachineHarness(branching, answer: failing)
    bad.runToEnd()
    #expect(bad.states == "bad:success both:success call:failure good:skipped t:success worse:skipped")
    #expect(bad.snapshot.state == .success)
    #expect(bad.row("both")?.output == 2)
    var good = MachineHarness(branching)
    good.runToEnd()
    #expect(good.states == "bad:skipped both:success call:success good:success t:success worse:skipped")
  }

  @Test func `a run that handles errors ends the same from every stored state`() {
    for answer in [failing, { _ in .ok }] {
      var whole = MachineHarness(branching, answer: answer)
      whole.runToEnd()
      for snapshot in whole.snapshots {
        var resumed = MachineHarness(branching, from: snapshot, answer: answer)
        resumed.now = whole.now
        resumed.runToEnd()
        #expect(resumed.outcome == whole.outcome)
      }
    }
  }

  @Test func `retries come first, then the branch`() {
    var builder = branching
    builder.nodes[1].config = [
      "type": "http", "method": "GET", "url": "https://a.test", "onError": "branch",
      "retry": ["maxAttempts": 3, "delayMilliseconds": 1],
    ]
    var harness = MachineHarness(builder, answer: failing)
    harness.runToEnd()
    #expect(harness.performed.count == 3)
    #expect(harness.row("call")?.output?["error"]?["attempts"] == 3)
    #expect(harness.row("bad")?.state == .success)
  }

  @Test func `a condition that fails leaves what needs no condition`() {
    let flow = flow(
      [
        node("t", .trigger), node("x", .transform, ["expression": "1", "onError": "continue"]),
        transform("never", "1"), transform("always", "input.error.code"),
      ],
      ["t -> x", "x -> never : throw", "x -> always"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(harness.states == "always:success never:skipped t:success x:failure")
    #expect(harness.row("always")?.output == "EXPRESSION_FAILED")
  }

  @Test func `a bound of the whole run cannot be handled`() {
    let flow = flow(
      [node("t", .trigger), node("x", .transform, ["expression": "1", "onError": "continue"])], ["t -> x"])
    var limits = RunMachine.Limits()
    limits.steps = 1
    var harness = MachineHarness(flow, limits: limits)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .stepLimit)
  }

  @Test func `a branch needs its connection, and a connection its branch`() {
    var builder = branching
    builder.connections.removeAll { $0.outcome == .error }
    #expect(builder.graph.problems().filter { $0.severity == .error }.map(\.code) == [.noErrorBranch])
    builder = branching
    builder.nodes[1].config = ["type": "http", "method": "GET", "url": "https://a.test"]
    #expect(builder.graph.problems().map(\.code) == [.unusedErrorBranch])
  }

  @Test func `a version keeps outcomes, parents and its error flow`() throws {
    var builder = looping([:], [transform("x", "1")])
    builder.connect("t !> after")
    let version = FlowVersion(
      id: FlowBuilder.id(1), flowID: FlowBuilder.id(2), flowName: "F", number: 1, graph: builder.graph,
      errorFlowID: FlowBuilder.id(3))
    #expect(try FlowVersion(decoding: JSONValue(parsing: version.encoded().text())) == version)
  }
}
