import GraphQLEngine
import Resolvers
import Testing

/// Creating and changing whole flows.
@Suite struct FlowTests {
  static let create = """
    mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow {
      id name status revision creator { name } nodes { id key kind order config integration { name } }
      connections { id label condition from { key } to { key } } } } }
    """

  static func node(_ key: String, _ kind: String, _ config: InputValue = [:]) -> InputValue {
    ["key": .string(key), "title": .string("Step \(key)"), "kind": .string(kind), "config": config]
  }

  static func connection(_ from: String, _ to: String, _ condition: String? = nil) -> InputValue {
    ["from": .string(from), "to": .string(to), "condition": condition.map { .string($0) } ?? .null]
  }

  /// All six kinds of nodes, and a decision with two conditions.
  static let nodes: [InputValue] = [
    node("start", "TRIGGER"),
    node("fetch", "ACTION", ["type": "http", "method": "GET", "url": "https://shop.test/{{ input.id }}"]),
    node("large", "FILTER", ["expression": "input.body.total > 100"]),
    node("shape", "TRANSFORM", ["mapping": ["total": "input.body.total"]]),
    node("route", "DECISION"),
    node("pause", "DELAY", ["seconds": 1]),
    node("say", "ACTION", ["type": "log", "message": "Total {{ input.total }}"]),
  ]
  static let connections: [InputValue] = [
    connection("start", "fetch"), connection("fetch", "large"), connection("large", "shape"),
    connection("shape", "route"), connection("route", "pause", "input.total > 1000"),
    connection("route", "say", "input.total <= 1000"),
  ]

  static func input(
    _ nodes: [InputValue] = nodes, _ connections: [InputValue] = connections
  ) -> InputValue {
    [
      "input": [
        "name": "Orders", "intention": "Test", "nodes": .list(nodes), "connections": .list(connections),
      ]
    ]
  }

  @Test func `one mutation creates a flow with all its nodes and connections`() async throws {
    try await Studio.with { studio in
      let (answer, statements) = try await studio.recorded(Self.create, Self.input(), as: StudioData.eve)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      let flow = "data.createFlow.flow"
      #expect(answer.string("\(flow).creator.name") == "Eve")
      #expect(answer.string("\(flow).status") == "ACTIVE")
      #expect(answer["\(flow).revision"] == 1)
      #expect(
        answer.strings("\(flow).nodes", "key") == [
          "start", "fetch", "large", "shape", "route", "pause", "say",
        ])
      #expect((answer["\(flow).nodes"]?.list ?? []).map { $0["order"] } == (0..<7).map { .int($0) })
      #expect(answer["\(flow).nodes.5.config"] == ["seconds": 1])
      let arrows = (answer["\(flow).connections"]?.list ?? []).map {
        "\($0["from"]?["key"]?.string ?? "")>\($0["to"]?["key"]?.string ?? "")"
      }
      #expect(
        arrows == ["start>fetch", "fetch>large", "large>shape", "shape>route", "route>pause", "route>say"])
      #expect(
        statements.map(\.label).prefix(4) == [
          "begin", "insert_flow", "upsert_nodes", "upsert_connections",
        ])
      #expect(statements.filter { $0.label == "insert_audit_event" }.count == 1)
    }
  }

  struct Problem: Sendable, CustomTestStringConvertible {
    var name: String
    var nodes: [InputValue]
    var connections: [InputValue] = []
    var message: String
    var field: String?
    var testDescription: String { name }
  }

  static let problems = [
    Problem(
      name: "an unknown node", nodes: [node("start", "TRIGGER")],
      connections: [connection("start", "nowhere")],
      message: "connections.0.to names the node \"nowhere\", which does not exist.", field: "connections.0.to"
    ),
    Problem(
      name: "a cycle",
      nodes: [
        node("start", "TRIGGER"), node("a", "FILTER", ["expression": "1"]),
        node("b", "FILTER", ["expression": "1"]),
      ],
      connections: [connection("start", "a"), connection("a", "b"), connection("b", "a")],
      message: "The nodes 'a' → 'b' → 'a' form a cycle.", field: "nodes.1"),
    Problem(
      name: "no trigger", nodes: [node("a", "FILTER", ["expression": "1"])],
      message: "The flow has no trigger node, so nothing can start it.", field: nil),
    Problem(
      name: "a condition that does not parse",
      nodes: [node("start", "TRIGGER"), node("a", "FILTER", ["expression": "1"])],
      connections: [connection("start", "a", "input.total >")],
      message: "The condition of the connection from 'start' to 'a'", field: "connections.0.condition"),
    Problem(
      name: "an expression that does not parse",
      nodes: [node("start", "TRIGGER"), node("a", "FILTER", ["expression": "1 +* 2"])],
      connections: [connection("start", "a")],
      message: "The expression in config.expression of 'a'", field: "nodes.1.config.expression"),
    Problem(
      name: "a key twice", nodes: [node("start", "TRIGGER"), node("start", "TRIGGER")],
      message: "Two nodes have the key 'start'.", field: "nodes.1.key"),
    Problem(
      name: "a key with a blank", nodes: [node("the start", "TRIGGER")],
      message: "The key 'the start' of 'the start' must be", field: "nodes.0.key"),
    Problem(
      name: "a config without what its kind needs", nodes: [node("start", "TRIGGER"), node("get", "ACTION")],
      connections: [connection("start", "get")], message: "Node 'get': ", field: "nodes.1.config.type"),
    Problem(
      name: "a decision without a way out", nodes: [node("start", "TRIGGER"), node("fork", "DECISION")],
      connections: [connection("start", "fork")], message: "The decision 'fork' has no outgoing connection.",
      field: "nodes.1"),
    Problem(
      name: "a connection to itself",
      nodes: [node("start", "TRIGGER"), node("a", "FILTER", ["expression": "1"])],
      connections: [connection("start", "a"), connection("a", "a")],
      message: "Node 'a' is connected to itself.",
      field: "connections.1"),
  ]

  @Test func `each problem of a graph is an error that names the node and the field`() async throws {
    try await Studio.with { studio in
      for problem in Self.problems {
        let answer = try await studio.run(
          Self.create, Self.input(problem.nodes, problem.connections), as: StudioData.eve)
        #expect(answer.code == "BAD_USER_INPUT", "\(problem.name): \(answer.text)")
        #expect(answer.message?.hasPrefix(problem.message) == true, "\(problem.name): \(answer.text)")
        #expect(answer.field == problem.field, "\(problem.name): \(answer.text)")

        let validated = try await studio.run(
          """
          mutation ($input: ValidateFlowInput!) { validateFlow(input: $input) { isValid problems { \
          \(Self.shown) } } }
          """,
          ["input": ["nodes": .list(problem.nodes), "connections": .list(problem.connections)]],
          as: StudioData.vera)
        #expect(validated["data.validateFlow.isValid"] == false, "\(problem.name): \(validated.text)")
        let found = validated["data.validateFlow.problems"]?.list ?? []
        #expect(
          found.contains { $0["message"]?.string?.hasPrefix(problem.message) == true }, "\(validated.text)")
        #expect(found.contains { $0["field"]?.string == problem.field }, "\(validated.text)")
      }
      #expect(try await studio.text("SELECT count(*)::text FROM automation_flows") == "0")
    }
  }

  private static let shown = "code severity message nodeKey field"

  @Test func `a right graph and a stored one are valid, and a warning is no error`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let validate =
        """
        mutation ($input: ValidateFlowInput!) { validateFlow(input: $input) { isValid problems { \
        \(Self.shown) } } }
        """
      let graph: InputValue = ["nodes": .list(Self.nodes), "connections": .list(Self.connections)]
      let right = try await studio.run(validate, ["input": graph], as: StudioData.vera)
      #expect(right.text == #"{"data":{"validateFlow":{"isValid":true,"problems":[]}}}"#)
      let stored = try await studio.run(
        validate, ["input": ["id": .string(StudioData.text(.flow, 1))]], as: StudioData.vera)
      #expect(stored["data.validateFlow.isValid"] == true, "\(stored.text)")
      let lonely: InputValue = ["nodes": [Self.nodes[0], Self.nodes[2]]]
      let warned = try await studio.run(validate, ["input": lonely], as: StudioData.vera)
      #expect(warned["data.validateFlow.isValid"] == true)
      #expect(warned.string("data.validateFlow.problems.0.severity") == "WARNING")
      #expect(warned.string("data.validateFlow.problems.0.code") == "UNREACHABLE_NODE")
      #expect(warned.string("data.validateFlow.problems.0.nodeKey") == "large")
      let neither = try await studio.run(validate, ["input": [:]], as: StudioData.vera)
      #expect(neither.code == "BAD_USER_INPUT" && neither.field == "nodes")
    }
  }

  @Test func `texts and lists have bounds`() async throws {
    try await Studio.with { studio in
      let long = InputValue.string(String(repeating: "x", count: 2001))
      let name = try await studio.run(
        Self.create, ["input": ["name": "", "intention": "I"]], as: StudioData.eve)
      #expect(name.code == "BAD_USER_INPUT" && name.field == "name")
      let intention = try await studio.run(
        Self.create, ["input": ["name": "N", "intention": long]], as: StudioData.eve)
      #expect(intention.field == "intention")
      var node = Self.nodes[0].object ?? InputObject()
      node.append("detail", long)
      let detail = try await studio.run(Self.create, Self.input([.object(node)], []), as: StudioData.eve)
      #expect(detail.field == "nodes.0.detail")
      let many = (0..<501).map { Self.node("n\($0)", "TRIGGER") }
      let nodes = try await studio.run(Self.create, Self.input(many, []), as: StudioData.eve)
      #expect(
        nodes.message == "nodes may have 500 entries at most." && nodes.field == "nodes", "\(nodes.text)")
      let most = try await studio.run(
        Self.create, Self.input(Array(many.prefix(500)), []), as: StudioData.eve)
      #expect(most["data.createFlow.flow.nodes"]?.list?.count == 500)
      let empty = try await studio.run(
        Self.create, ["input": ["name": "Empty", "intention": "Later"]], as: StudioData.eve)
      #expect(empty.errors.isEmpty, "\(empty.text)")
    }
  }

  @Test func `replacing a flow keeps the ids of the keys that stay`() async throws {
    try await Studio.with { studio in
      let created = try await studio.run(Self.create, Self.input(), as: StudioData.eve)
      let flow = created.string("data.createFlow.flow.id") ?? ""
      let before = ids(created, "data.createFlow.flow")
      // `fetch` and `say` change places, `pause` goes, `late` comes.
      let nodes =
        [Self.nodes[0], Self.nodes[6]] + Self.nodes[2...4] + [
          Self.nodes[1], Self.node("late", "FILTER", ["expression": "1"]),
        ]
      let connections = [
        Self.connection("start", "say"), Self.connection("say", "large"), Self.connection("large", "shape"),
        Self.connection("shape", "route"), Self.connection("route", "late", "true"),
        Self.connection("late", "fetch"),
      ]
      let replaced = try await studio.run(
        """
        mutation ($input: ReplaceFlowInput!) { replaceFlow(input: $input) { flow {
          name revision nodes { id key order } connections { id from { key } to { key } } } } }
        """,
        [
          "input": [
            "id": .string(flow), "name": "Renamed", "nodes": .list(nodes), "connections": .list(connections),
            "expectedRevision": 1,
          ]
        ], as: StudioData.eve)
      #expect(replaced.errors.isEmpty, "\(replaced.text)")
      let after = ids(replaced, "data.replaceFlow.flow")
      #expect(
        replaced.strings("data.replaceFlow.flow.nodes", "key") == [
          "start", "say", "large", "shape", "route", "fetch", "late",
        ])
      for key in ["start", "fetch", "large", "shape", "route", "say"] {
        #expect(after[key] == before[key], "\(key)")
      }
      #expect(before["late"] == nil && after["late"] != nil && after["pause"] == nil)
      #expect(after["large>shape"] == before["large>shape"] && before["large>shape"] != nil)
      #expect(after["start>fetch"] == nil && after["start>say"] != nil)
      #expect(replaced["data.replaceFlow.flow.revision"] == 2)
      #expect(replaced.string("data.replaceFlow.flow.name") == "Renamed")
    }
  }

  /// Ids of nodes by key and of connections by `from>to`.
  private func ids(_ answer: Answer, _ flow: String) -> [String: String] {
    var ids: [String: String] = [:]
    for node in answer["\(flow).nodes"]?.list ?? [] { ids[node["key"]?.string ?? ""] = node["id"]?.string }
    for connection in answer["\(flow).connections"]?.list ?? [] {
      let arrow = "\(connection["from"]?["key"]?.string ?? "")>\(connection["to"]?["key"]?.string ?? "")"
      ids[arrow] = connection["id"]?.string
    }
    return ids
  }

  @Test(arguments: [
    "updateFlow(input: { id: $id, name: \"N\", expectedRevision: $revision }) { flow { revision } }",
    """
    replaceFlow(input: { id: $id, nodes: [], connections: [], expectedRevision: $revision }) { flow \
    { revision } }
    """,
    "activateFlow(input: { id: $id, expectedRevision: $revision }) { flow { revision } }",
    "pauseFlow(input: { id: $id, expectedRevision: $revision }) { flow { revision } }",
    "archiveFlow(input: { id: $id, expectedRevision: $revision }) { flow { revision } }",
    "deleteFlow(input: { id: $id, expectedRevision: $revision }) { deletedId }",
    """
    addNode(input: { flowId: $id, node: { key: "k", title: "T", kind: TRIGGER }, expectedRevision:
      $revision }) {
      flow { revision } }
    """,
  ])
  func `a stale revision is a conflict and changes nothing`(field: String) async throws {
    try await Studio.with(StudioData.all) { studio in
      let document = "mutation ($id: ID!, $revision: Int) { \(field) }"
      let id: InputValue = .string(StudioData.text(.flow, 1))
      let before = try await studio.dump(of: "01900000-0000-7000-8000-000002000001")
      let stale = try await studio.run(document, ["id": id, "revision": 2], as: StudioData.eve)
      #expect(stale.code == "CONFLICT" && stale.field == "expectedRevision", "\(stale.text)")
      #expect(stale.message == "The flow was changed by somebody else: it is at revision 3 now.")
      #expect(try await studio.dump(of: "01900000-0000-7000-8000-000002000001") == before)
      let current = try await studio.run(document, ["id": id, "revision": 3], as: StudioData.eve)
      #expect(current.errors.isEmpty, "\(current.text)")
    }
  }

  @Test func `status, name and deletion`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let id: InputValue = .string(StudioData.text(.flow, 1))
      for (field, status) in [
        ("pauseFlow", "PAUSED"), ("archiveFlow", "ARCHIVED"), ("activateFlow", "ACTIVE"),
      ] {
        let answer = try await studio.run(
          "mutation ($id: ID!) { \(field)(input: { id: $id }) { flow { status nodes { key } } } }",
          ["id": id],
          as: StudioData.eve)
        #expect(answer.string("data.\(field).flow.status") == status)
        #expect(answer["data.\(field).flow.nodes"]?.list?.count == 7)
      }
      let deleted = try await studio.run(
        "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }", ["id": id], as: StudioData.eve
      )
      #expect(deleted["data.deleteFlow.deletedId"] == id)
      let run = try await studio.run(
        """
        query ($id: ID!) { executionLog(id: $id) { flowName flow { name } version { number } \
        nodeExecutions { nodeKey node { key } } } }
        """,
        ["id": .string(StudioData.text(.execution, 1))], as: StudioData.vera)
      #expect(run.string("data.executionLog.flowName") == "Orders", "\(run.text)")
      #expect(run["data.executionLog.flow"] == .null)
      #expect(run["data.executionLog.nodeExecutions.0"] == ["nodeKey": "start", "node": .null])
    }
  }
}
