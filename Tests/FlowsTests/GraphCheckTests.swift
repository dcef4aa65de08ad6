import Flows
import Testing

@Suite struct GraphCheckTests {
  private let good = flow(
    [
      node("t", .trigger), http("fetch"), node("keep", .filter, ["expression": "input.ok"]),
      transform("shape", "1"),
      node("choose", .decision), node("nap", .delay, ["seconds": 1]),
      node("say", .action, ["type": "log", "message": "{{ input }}"]),
    ],
    [
      "t -> fetch", "fetch -> keep", "keep -> shape", "shape -> choose", "choose -> nap : output == 1",
      "choose -> say",
    ])

  private func codes(_ builder: FlowBuilder) -> [FlowProblem.Code] { builder.graph.problems().map(\.code) }

  @Test func `a good flow has no problems`() async throws {
    #expect(good.graph.problems() == [])
    #expect(try await good.graph.problems(checking: MiniScript()) == [])
  }

  @Test func `a connection to an unknown node names what is known`() throws {
    var builder = good
    builder.connections[0].to = FlowBuilder.id(777)
    let problem = try #require(builder.graph.problems().first)
    #expect(problem.code == .unknownNode)
    #expect(
      problem.message
        == "The connection from 't' names a node that the flow does not have: \(FlowBuilder.id(777).text(.node))."
    )
    #expect(problem.connectionID == builder.connections[0].id)
    #expect(problem.field == "to")
    builder.connections[0].from = FlowBuilder.id(778)
    #expect(codes(builder).prefix(2) == [.unknownNode, .unknownNode])
  }

  @Test func `a cycle is named node by node`() {
    var builder = good
    builder.connect("choose -> fetch : true")
    let cycles = builder.graph.problems().filter { $0.code == .cycle }
    #expect(
      cycles.map(\.message) == [
        "The nodes 'fetch' → 'keep' → 'shape' → 'choose' → 'fetch' form a cycle."
      ])
  }

  @Test func `two cycles are two problems, and what hangs between them is in neither`() {
    let builder = flow(
      [node("t", .trigger)] + ["a", "b", "mid", "c", "d"].map { transform($0, "1") },
      ["t -> a", "a -> b", "b -> a", "b -> mid", "mid -> c", "c -> d", "d -> c"])
    let cycles = builder.graph.problems().filter { $0.code == .cycle }.map(\.message)
    #expect(
      cycles.sorted() == [
        "The nodes 'a' → 'b' → 'a' form a cycle.", "The nodes 'c' → 'd' → 'c' form a cycle.",
      ])
  }

  @Test func `keys are identifiers and unique`() {
    var builder = good
    builder.nodes[1].key = "keep"
    #expect(codes(builder) == [.duplicateKey])
    for key in ["", "1a", "a-b", "ä", "a b", String(repeating: "k", count: 65)] {
      builder.nodes[1].key = key
      #expect(codes(builder) == [.invalidKey], "\(key)")
    }
    builder.nodes[1].key = "_A9"
    #expect(codes(builder) == [])
  }

  @Test func `a flow without a trigger says only that of its reach`() {
    var builder = good
    builder.nodes[0].kind = .transform
    builder.nodes[0].config = ["expression": "1"]
    #expect(codes(builder) == [.noTrigger])
  }

  @Test func `unreachable nodes are warnings`() throws {
    var builder = good
    builder.connections.remove(at: 1)
    let problems = builder.graph.problems()
    #expect(problems.map(\.code) == Array(repeating: .unreachableNode, count: 5))
    #expect(problems.allSatisfy { $0.severity == .warning })
    #expect(problems[0].message == "No path leads from a trigger to 'keep', so it never runs.")
  }

  @Test func `odd connections are refused`() {
    var builder = good
    builder.connect("fetch -> fetch")
    builder.connect("t -> fetch")
    builder.connect("t -> keep")
    builder.connect("nap -> t")
    let found = codes(builder)
    #expect(found.contains(.selfConnection))
    #expect(found.contains(.duplicateConnection))
    #expect(found.contains(.connectionToTrigger))
    #expect(found.contains(.cycle))
  }

  @Test func `a decision has branches and one default at most`() {
    var builder = good
    builder.connect("choose -> shape")
    #expect(codes(builder).contains(.severalDefaults))
    let choose = builder["choose"]
    builder.connections.removeAll { $0.from == choose }
    #expect(codes(builder).contains(.noBranch))
  }

  @Test func `two nodes with one id are refused`() {
    var builder = good
    builder.nodes.append(builder.nodes[1])
    #expect(codes(builder).prefix(2) == [.duplicateNode, .duplicateKey])
  }

  @Test func `too many nodes or connections are one problem each`() {
    var builder = FlowBuilder()
    for index in 0..<501 { builder.add("n\(index)", .trigger) }
    #expect(codes(builder) == [.tooManyNodes])
    builder.connections = Array(repeating: good.connections[0], count: 501)
    #expect(codes(builder) == [.tooManyNodes, .tooManyConnections])
  }

  @Test func `no more than 100 problems are reported`() {
    var builder = FlowBuilder()
    for index in 0..<300 { builder.add("n\(index)", .filter) }
    #expect(codes(builder).count == 100)
  }

  @Test func `expressions that do not parse are named with line and column`() async throws {
    var builder = good
    builder.connections[4].condition = "output == ((("
    builder.nodes[3].config = ["expression": "((("]
    builder.nodes[6].config = ["type": "log", "message": "it is {{ \"(((\" }}"]
    let problems = try await builder.graph.problems(checking: MiniScript())
    #expect(problems.map(\.code) == [.invalidExpression, .invalidExpression, .invalidExpression])
    #expect(
      problems.map(\.message) == [
        "The expression in config.expression of 'shape' does not parse: "
          + "Unexpected end of script (line 1, column 3).",
        "The expression in config.message of 'say' does not parse: "
          + "Unexpected end of script (line 1, column 5).",
        "The condition of the connection from 'choose' to 'nap' does not parse: "
          + "Unexpected end of script (line 1, column 13).",
      ])
    #expect(problems[2].connectionID == builder.connections[4].id)
  }

  @Test func `an expression that is too long is not even checked`() async throws {
    var builder = good
    builder.connections[4].condition = String(repeating: "1", count: 10_001)
    let problems = try await builder.graph.problems(checking: MiniScript())
    #expect(problems.map(\.code) == [.invalidExpression])
    #expect(problems[0].message.hasSuffix("is longer than 10000 bytes."))
  }
}

@Suite struct ConfigTests {
  /// The field and message of the first problem of a node's config, or "fine".
  private func problem(_ kind: NodeKind, _ config: JSONValue) -> String {
    var node = FlowNode(id: FlowBuilder.id(2), key: "x", title: "X", kind: kind, config: config)
    node.order = 1
    let trigger = FlowNode(id: FlowBuilder.id(1), key: "t", title: "T", kind: .trigger)
    let graph = FlowGraph(
      nodes: [trigger, node],
      connections: [FlowConnection(id: FlowBuilder.id(3), from: trigger.id, to: node.id)])
    let found = graph.problems().first { $0.code == .invalidConfig }
    return found.map { "\($0.field ?? "") \($0.message)" } ?? "fine"
  }

  private static let call: JSONObject = ["type": "http", "method": "GET", "url": "https://a.test"]

  private static func call(_ field: String, _ value: JSONValue) -> JSONValue {
    var config = call
    config[field] = value
    return .object(config)
  }

  static let actions: [(JSONValue, String)] = [
    (
      JSONValue.object([:]),
      "config.type Node 'x': The config needs a type: 'http', 'connector', 'email', 'flow' or 'log'."
    ),
    ([], "config Node 'x': The config must be an object, not a list."),
    (
      ["type": 1],
      "config.type Node 'x': The type must be 'http', 'connector', 'email', 'flow' or 'log', not a number."
    ),
    (
      ["type": "fax"],
      "config.type Node 'x': Unknown action type 'fax'; it must be 'http', 'connector', 'email', 'flow' or 'log'."
    ),
    (["type": "email", "to": "", "subject": "s", "text": "t"], "config.to Node 'x': There is no recipient."),
    (["type": "email", "subject": "s", "text": "t"], "config.to Node 'x': An e-mail needs a recipient."),
    (
      ["type": "email", "to": "a@b.test", "subject": "s"],
      "config.text Node 'x': An e-mail needs a text or html."
    ),
    (["type": "log"], "config.message Node 'x': A log action needs a message."),
    (
      ["type": "log", "message": "m", "level": "loud"],
      "config.level Node 'x': The level must be 'debug', 'info', 'warn' or 'error'."
    ),
    (
      ["type": "log", "message": "{{ a"],
      "config.message Node 'x': The '{{' at character 1 is not closed by '}}'."
    ),
    (
      ["type": "log", "message": "x {{ }}"], "config.message Node 'x': The template at character 3 is empty."
    ),
    (["type": "log", "message": ["a": ["{{ {a: '}}'}.a }}", "{{ [1][0] }} }}"]]], "fine"),
    (
      ["type": "http", "url": "https://a"],
      "config.method Node 'x': The config needs a method: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS."
    ),
    (
      ["type": "http", "method": "GET"], "config.url Node 'x': The config needs a url: an http or https URL."
    ),
    (
      call("method", "BREW"),
      "config.method Node 'x': The method must be one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS."
    ),
    (call("url", "ftp://a"), "config.url Node 'x': The URL must begin with http:// or https://."),
    (call("url", "{{ input.url }}"), "fine"),
    (call("headers", []), "config.headers Node 'x': The headers must be an object, not a list."),
    (call("headers", ["a b": "1"]), "config.headers.a b Node 'x': This is not a header's name."),
    (call("headers", ["Host": "1"]), "config.headers.Host Node 'x': The server sets this header itself."),
    (call("headers", ["X-A": [1]]), "config.headers.X-A Node 'x': A string or a number is needed here."),
    (call("query", ["": 1]), "config.query. Node 'x': A query parameter needs a name."),
    (
      call("timeoutMilliseconds", 0),
      "config.timeoutMilliseconds Node 'x': The timeout must be 1 to 300000 milliseconds."
    ),
    (call("timeoutMilliseconds", 1000), "fine"),
    (call("body", ["a": "{{ input.b }}"]), "fine"),
  ]

  @Test(arguments: ConfigTests.actions)
  func `an action's config`(config: JSONValue, expected: String) {
    #expect(problem(.action, config) == expected)
  }

  static let statuses: [(JSONValue, Bool)] = [
    ([200, "404", "5xx", "300-302"], true), ([], false), ("2xx", false), ([99], false), (["6xx"], false),
    (["300-200"], false), (["1-2-3"], false), ([true], false), (["2x"], false),
  ]

  @Test(arguments: ConfigTests.statuses)
  func `expected statuses`(statuses: JSONValue, isFine: Bool) {
    #expect((problem(.action, ConfigTests.call("expectedStatuses", statuses)) == "fine") == isFine)
  }

  @Test func `headers and the whole config are bounded`() {
    let many = (0..<65).map { JSONObject.Member(key: "h\($0)", value: "1") }
    #expect(
      problem(.action, ConfigTests.call("headers", .object(JSONObject(many))))
        == "config.headers Node 'x': More than 64 headers.")
    let large = JSONValue.string(String(repeating: "x", count: 65_536))
    #expect(
      problem(.action, ConfigTests.call("body", large))
        == "config Node 'x': The config is larger than 65536 bytes.")
  }

  static let others: [(NodeKind, JSONValue, String)] = [
    (
      NodeKind.filter, JSONValue.object([:]),
      "config.expression Node 'x': A JavaScript expression is needed here."
    ),
    (.filter, ["expression": "  "], "config.expression Node 'x': A JavaScript expression is needed here."),
    (.transform, .object([:]), "config.expression Node 'x': A JavaScript expression is needed here."),
    (.transform, ["mapping": ["a": 1]], "config.mapping.a Node 'x': A JavaScript expression is needed here."),
    (
      .transform, ["mapping": .object([:])],
      "config.mapping Node 'x': The mapping must be an object of expressions with at least one member."
    ),
    (
      .transform, ["mapping": ["a": "1"], "expression": "1"],
      "config.expression Node 'x': A transform has either an expression or a mapping, not both."
    ),
    (.transform, ["mapping": ["a": "1"]], "fine"),
    (.decision, ["mode": "random"], "config.mode Node 'x': The mode must be 'exclusive' or 'inclusive'."),
    (
      .delay, .object([:]),
      "config Node 'x': A delay needs one of durationMilliseconds, seconds, until or wait."
    ),
    (
      .delay, ["seconds": 1, "durationMilliseconds": 1],
      "config Node 'x': A delay needs one of durationMilliseconds, seconds, until or wait."
    ),
    (.delay, ["seconds": -1], "config.seconds Node 'x': The duration must be a number from 0 to 31622400."),
    (
      .delay, ["seconds": "soon"],
      "config.seconds Node 'x': The duration must be a number from 0 to 31622400."
    ),
    (
      .delay, ["durationMilliseconds": 31_622_400_001],
      "config.durationMilliseconds Node 'x': The duration must be a number from 0 to 31622400000."
    ),
    (.delay, ["seconds": 0.5], "fine"), (.delay, ["seconds": "{{ input.n }}"], "fine"),
  ]

  @Test(arguments: ConfigTests.others)
  func `the other kinds' configs`(kind: NodeKind, config: JSONValue, expected: String) {
    #expect(problem(kind, config) == expected)
  }
}
