import Flows
import Testing

@Suite struct NodeKindTests {
  private func single(_ kind: NodeKind, _ config: JSONValue) -> FlowBuilder {
    flow([node("t", .trigger), node("x", kind, config)], ["t -> x"])
  }

  @Test func `a mapping makes an object`() {
    var harness = MachineHarness(
      single(.transform, ["mapping": ["id": "input.n", "where": "env.region", "who": "flow.name"]]))
    harness.runToEnd()
    #expect(harness.row("x")?.output == ["id": 1, "where": "eu", "who": "Test"])
  }

  @Test func `an expression sees its ancestors and nobody else`() {
    let flow = flow(
      [
        node("t", .trigger), transform("a", "7"), transform("side", "8"),
        node(
          "x", .transform,
          [
            "mapping": [
              "near": "nodes.a.output", "far": "nodes.t.output.n", "none": "nodes.side.output",
              "state": "nodes.a.state", "run": "run.input.n",
            ]
          ]),
      ],
      ["t -> a", "t -> side", "a -> x"])
    var harness = MachineHarness(flow)
    harness.runToEnd()
    #expect(
      harness.row("x")?.output == ["near": 7, "far": 1, "none": nil, "state": "success", "run": 1])
  }

  @Test func `templates fill an http call, and a sole template keeps its type`() throws {
    var harness = MachineHarness(
      single(
        .action,
        [
          "type": "http", "method": "post", "url": "https://api.test/{{ input.n }}/{{ env.region }}",
          "headers": ["X-Region": "{{ env.region }}", "X-None": "{{ input.none }}"],
          "query": ["page": 2, "n": "{{ input.n }}"],
          "body": ["all": "{{ input }}", "list": ["{{ input.n }}", "n is {{ input.n }}"]],
          "timeoutMilliseconds": 5000, "expectedStatuses": ["2xx", 404],
        ]))
    harness.runToEnd()
    let call = try #require(harness.performed.first?.call)
    #expect(call.method == "POST")
    #expect(call.url == "https://api.test/1/eu")
    #expect(call.headers == [HTTPCall.Field(name: "X-Region", value: "eu")])
    #expect(
      call.query == [HTTPCall.Field(name: "page", value: "2"), HTTPCall.Field(name: "n", value: "1")])
    #expect(call.body == ["all": ["n": 1], "list": [1, "n is 1"]])
    #expect(call.timeoutMilliseconds == 5000)
    #expect(harness.row("x")?.output?["status"] == 200)
    #expect(
      harness.performed.first?.idempotencyKey
        == "\(MachineHarness.run.runID.text(.execution)):\(FlowBuilder.id(2).text(.node)):1")
  }

  @Test func `an e-mail takes its addresses, subject and text from templates`() throws {
    var harness = MachineHarness(
      single(
        .action,
        [
          "type": "email", "to": "{{ input.to }}", "cc": ["a@x.test", "B, \"C\" <b@x.test>, c@x.test"],
          "replyTo": "r@x.test", "from": "Shop <shop@x.test>", "subject": "Order {{ input.n }}",
          "text": "{{ input.n }}", "html": "<b>{{ input.n }}</b>", "timeoutMilliseconds": 700,
        ]), input: ["n": 7, "to": ["\"Day, Ann\" <ann@x.test>", "bob@x.test"]])
    harness.runToEnd()
    guard case .email(let call) = harness.performed.first?.effect else {
      Issue.record("no e-mail")
      return
    }
    #expect(call.to == ["\"Day, Ann\" <ann@x.test>", "bob@x.test"])
    #expect(call.cc == ["a@x.test", "B", "\"C\" <b@x.test>", "c@x.test"])
    #expect(call.bcc == [] && call.replyTo == ["r@x.test"] && call.from == "Shop <shop@x.test>")
    #expect(call.subject == "Order 7" && call.text == "7" && call.html == "<b>7</b>")
    #expect(call.timeoutMilliseconds == 700)
  }

  @Test func `an e-mail without a recipient fails its node`() throws {
    var harness = MachineHarness(
      single(.action, ["type": "email", "to": "{{ input.to }}", "subject": "s", "text": "t"]),
      input: ["to": .null])
    harness.runToEnd()
    #expect(harness.performed.isEmpty)
    #expect(harness.row("x")?.error?.code == .configInvalid)
  }

  @Test(arguments: [
    ("a\u{0A}b", "config.headers.X-A: A header's value must be one line"),
    ("{\"o\":1}", "config.headers.X-A: A string or a number is needed, not an object"),
  ])
  func `a header that a template spoils fails the node`(value: String, reason: String) {
    let input: JSONValue = ["h": (try? JSONValue(parsing: value)) ?? .string(value)]
    var harness = MachineHarness(
      single(
        .action,
        ["type": "http", "method": "GET", "url": "https://a.test", "headers": ["X-A": "{{ input.h }}"]]),
      input: input)
    harness.runToEnd()
    #expect(harness.performed.isEmpty)
    #expect(harness.snapshot.error?.message == "Node 'x' failed: \(reason)")
  }

  @Test func `a template that makes no URL fails the node`() {
    var harness = MachineHarness(
      single(.action, ["type": "http", "method": "GET", "url": "{{ input.missing }}"]))
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .configInvalid)
  }

  @Test func `an unexpected status fails the node and keeps the answer`() {
    let answer = ActionOutcome.answered(HTTPAnswer(status: 503, headers: [:], body: "busy"))
    var harness = MachineHarness(flow([node("t", .trigger), http("x")], ["t -> x"]), answer: { _ in answer })
    harness.runToEnd()
    #expect(harness.row("x")?.state == .failure)
    #expect(harness.row("x")?.output?["body"] == "busy")
    #expect(harness.snapshot.error?.code == .unexpectedStatus)
    #expect(harness.snapshot.error?.nodeID == FlowBuilder.id(2))
  }

  @Test func `a log action writes a line`() {
    var harness = MachineHarness(
      single(.action, ["type": "log", "level": "warn", "message": "n is {{ input.n }}"]))
    harness.runToEnd()
    let line = RunEvent.LogLine(node: FlowBuilder.id(2), key: "x", level: .warn, message: "n is 1")
    #expect(harness.events.contains { $0.kind == .logLine(line) })
    #expect(harness.snapshot.output == ["message": "n is 1"])
  }

  @Test func `a delay waits until its instant and passes its input on`() throws {
    var harness = MachineHarness(
      flow(
        [node("t", .trigger), node("x", .delay, ["seconds": 90]), transform("after", "input")],
        ["t -> x", "x -> after"]))
    harness.begin()
    #expect(harness.snapshot.state == .waiting)
    let row = try #require(harness.row("x"))
    #expect(row.state == .waiting)
    #expect(row.wakeAt == row.startedAt?.advanced(byMilliseconds: 90_000))
    harness.feed(.woke(at: harness.now))
    #expect(harness.snapshot.state == .waiting)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(harness.row("after")?.input == ["n": 1])
    #expect(harness.row("x")?.wakeAt == nil)
    #expect(harness.events.map { $0.line([:]) }.filter { $0 == "waiting" }.count == 1)
  }

  @Test func `a run waits only when nothing else is to be done`() {
    var harness = MachineHarness(
      flow(
        [node("t", .trigger), node("d", .delay, ["durationMilliseconds": "{{ input.n }}"]), http("x")],
        ["t -> d", "t -> x"]))
    harness.begin()
    #expect(harness.snapshot.state == .running)
    _ = harness.step()
    #expect(harness.snapshot.state == .waiting)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
  }

  @Test(arguments: [JSONValue.string("x"), -1, 1e300, nil])
  func `a delay for a nonsense time fails`(amount: JSONValue) {
    var harness = MachineHarness(single(.delay, ["seconds": "{{ input.n }}"]), input: ["n": amount])
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .configInvalid)
  }

  @Test func `an output over the bound fails its node`() {
    var limits = RunMachine.Limits()
    limits.payloadBytes = 20
    var harness = MachineHarness(
      single(.transform, ["expression": "\"123456789012345678901\""]), limits: limits)
    harness.runToEnd()
    #expect(harness.row("x")?.state == .failure)
    #expect(
      harness.snapshot.error?.message == "Node 'x' failed: its output of 23 bytes is larger than 20 bytes")
  }

  @Test func `outputs that are too large together fail the run, also after a resume`() {
    var limits = RunMachine.Limits()
    limits.totalBytes = 30
    let chain = flow(
      [node("t", .trigger), http("call"), transform("a", "\"1234567890\"")], ["t -> call", "call -> a"])
    let answer = ActionOutcome.answered(HTTPAnswer(status: 200, headers: [:], body: nil))
    var harness = MachineHarness(chain, limits: limits, answer: { _ in answer })
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .payloadTooLarge)
    var resumed = MachineHarness(chain, from: harness.snapshots[0], limits: limits, answer: { _ in answer })
    resumed.runToEnd()
    #expect(resumed.outcome == harness.outcome)
  }

  @Test func `a joined input over the bound fails its node`() {
    var limits = RunMachine.Limits()
    limits.payloadBytes = 20
    let both = flow(
      [
        node("t", .trigger), transform("a", "\"12345678\""), transform("b", "\"12345678\""),
        transform("j", "1"),
      ],
      ["t -> a", "t -> b", "a -> j", "b -> j"])
    var harness = MachineHarness(both, limits: limits)
    harness.runToEnd()
    #expect(harness.snapshot.error?.message == "Node 'j' failed: its input is larger than 20 bytes")
  }

  @Test func `results that are too large together are left out with a warning`() {
    var limits = RunMachine.Limits()
    limits.payloadBytes = 20
    var harness = MachineHarness(
      flow(
        [node("t", .trigger), transform("a", "\"12345678\""), transform("b", "\"12345678\"")],
        ["t -> a", "t -> b"]), limits: limits)
    harness.runToEnd()
    #expect(harness.snapshot.state == .success)
    #expect(harness.snapshot.output == nil)
    #expect(harness.events.contains { $0.line([:]).hasPrefix("log The results of the last nodes") })
  }

  @Test func `more steps than allowed fail the run`() {
    var limits = RunMachine.Limits()
    limits.steps = 2
    var harness = MachineHarness(
      flow([node("t", .trigger), transform("a", "1"), transform("b", "1")], ["t -> a", "a -> b"]),
      limits: limits)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .stepLimit)
  }

  @Test(arguments: [
    ([FlowBuilder.id(1)], [(1, 1)], "it has no trigger"),
    ([FlowBuilder.id(1), FlowBuilder.id(1)], [], "two nodes have the same id"),
    ([FlowBuilder.id(1)], [(1, 9)], "a connection names an unknown node"),
  ])
  func `a version that cannot be executed ends its run`(
    ids: [Identifier], arrows: [(Int, Int)], reason: String
  ) {
    var builder = FlowBuilder()
    builder.nodes = ids.map { FlowNode(id: $0, key: "k", title: "K", kind: .transform) }
    builder.connections = arrows.map {
      FlowConnection(id: FlowBuilder.id(77), from: FlowBuilder.id($0.0), to: FlowBuilder.id($0.1))
    }
    var harness = MachineHarness(builder)
    harness.runToEnd()
    #expect(harness.snapshot.state == .failure)
    #expect(harness.snapshot.error?.message == "The flow cannot be executed: \(reason).")
  }

  @Test func `a version with a cycle ends its run`() {
    let cyclic = flow(
      [node("t", .trigger), transform("a", "1"), transform("b", "1")], ["t -> a", "a -> b", "b -> a"])
    var harness = MachineHarness(cyclic)
    harness.runToEnd()
    #expect(harness.snapshot.error?.code == .flowInvalid)
    #expect(harness.states == "a:skipped b:skipped t:skipped")
  }
}

@Suite struct ConnectorNodeTests {
  @Test func `templates fill an operation's input, and its output is the node's`() throws {
    let config: JSONValue = [
      "type": "connector", "operation": "create_issue",
      "input": ["title": "Order {{ input.n }}", "labels": ["{{ env.region }}"], "number": "{{ input.n }}"],
    ]
    let flow = flow([node("t", .trigger), node("x", .action, config)], ["t -> x"])
    var harness = MachineHarness(flow) { _ in .completed(["id": 7]) }
    harness.runToEnd()
    let call = ConnectorCall(
      operation: "create_issue", input: ["title": "Order 1", "labels": ["eu"], "number": 1])
    #expect(harness.performed.map(\.effect) == [.connector(call)])
    #expect(harness.row("x")?.output == ["id": 7])
  }
}
