import GraphQLEngine
import Resolvers
import Testing

/// Drawing a flow step by step.
@Suite struct GraphEditingTests {
  private static let add = """
    mutation ($input: AddNodeInput!) { addNode(input: $input) { node { id key order integration { name } }
      flow { revision nodes { key } } } }
    """
  private static let update = """
    mutation ($input: UpdateNodeInput!) { updateNode(input: $input) { node { key title detail config order
      integration { name } } flow { revision nodes { key order } } } }
    """
  private static let connect = """
    mutation ($input: ConnectNodesInput!) { connectNodes(input: $input) { connection { id label condition
      from { key } to { key } } flow { revision } } }
    """
  private static let flow: InputValue = .string(StudioData.text(.flow, 1))

  private static func id(_ noun: StudioData.Noun, _ number: Int) -> InputValue {
    .string(StudioData.text(noun, number))
  }

  @Test func `a flow is drawn from nothing, node by node`() async throws {
    try await Studio.with { studio in
      let created = try await studio.run(
        "mutation { createFlow(input: { name: \"New\", intention: \"Drawn\" }) { flow { id } } }",
        as: StudioData.eve)
      let flow = created["data.createFlow.flow.id"] ?? .null
      var nodes: [InputValue] = []
      for node in [FlowTests.nodes[2], FlowTests.nodes[4], FlowTests.nodes[0]] {
        let answer = try await studio.run(
          Self.add, ["input": ["flowId": flow, "node": node]], as: StudioData.eve)
        #expect(answer.errors.isEmpty, "\(answer.text)")
        #expect(answer["data.addNode.node.order"] == .int(nodes.count))
        nodes.append(answer["data.addNode.node.id"] ?? .null)
        #expect(answer["data.addNode.flow.revision"] == .int(nodes.count + 1))
      }
      let connected = try await studio.run(
        Self.connect, ["input": ["fromNodeId": nodes[2], "toNodeId": nodes[0], "label": "first"]],
        as: StudioData.eve)
      #expect(connected.string("data.connectNodes.connection.from.key") == "start", "\(connected.text)")
      #expect(connected.string("data.connectNodes.connection.to.key") == "large")
      let cycle = try await studio.run(
        Self.connect, ["input": ["fromNodeId": nodes[0], "toNodeId": nodes[0]]], as: StudioData.eve)
      #expect(cycle.code == "BAD_USER_INPUT" && cycle.message == "Node 'large' is connected to itself.")
      let twice = try await studio.run(
        Self.connect, ["input": ["fromNodeId": nodes[2], "toNodeId": nodes[0]]], as: StudioData.eve)
      #expect(twice.message == "The connection from 'start' to 'large' is there twice.", "\(twice.text)")
      let broken = try await studio.run(
        Self.connect, ["input": ["fromNodeId": nodes[0], "toNodeId": nodes[1], "condition": "1 +"]],
        as: StudioData.eve)
      #expect(broken.code == "BAD_USER_INPUT", "\(broken.text)")
      #expect(broken.message?.hasPrefix("The condition of the connection from 'large' to 'route'") == true)
    }
  }

  /// All of them load the flow before the first one is saved.
  @Test func `without a revision nobody is refused, however many change a flow at once`() async throws {
    let each = [
      "($node: ID!, $text: String!) { updateNode(input: { id: $node, title: $text }) { flow { id } } }",
      "($flow: ID!) { publishFlow(input: { id: $flow }) { flow { id } } }",
      "($flow: ID!) { executeFlow(input: { flowId: $flow, version: DRAFT }) { execution { id } } }",
    ]
    try await Studio.with(StudioData.all) { studio in
      let changes = (0..<45).map { number in
        ("mutation \(each[number % each.count])", InputValue.string("Title \(number)"))
      }
      try await withThrowingTaskGroup(of: Answer.self) { group in
        for (document, text) in changes {
          group.addTask {
            try await studio.run(
              document, ["flow": Self.flow, "node": Self.id(.node, 6), "text": text], as: StudioData.eve)
          }
        }
        for try await answer in group { #expect(answer.errors.isEmpty, "\(answer.text)") }
      }
      let after = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { revision } }", ["id": Self.flow], as: StudioData.eve)
      #expect((after["data.flow.revision"]?.int ?? 0) >= 3 + 15, "\(after.text)")
    }
  }

  @Test func `a node is changed in what is given`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let node = Self.id(.node, 6)
      let title = try await studio.run(
        Self.update, ["input": ["id": node, "title": "Shout", "detail": "Loud"]], as: StudioData.eve)
      #expect(title.string("data.updateNode.node.title") == "Shout", "\(title.text)")
      #expect(title.string("data.updateNode.node.detail") == "Loud")
      #expect(title.string("data.updateNode.node.integration.name") == "Team chat")
      #expect(title["data.updateNode.flow.revision"] == 4)
      let freed = try await studio.run(
        Self.update, ["input": ["id": node, "integrationId": .null]], as: StudioData.eve)
      #expect(freed["data.updateNode.node.integration"] == .null)
      #expect(freed.string("data.updateNode.node.title") == "Shout")
      let moved = try await studio.run(Self.update, ["input": ["id": node, "order": 1]], as: StudioData.eve)
      #expect(
        moved.strings("data.updateNode.flow.nodes", "key") == [
          "start", "tell", "fetch", "large", "shape", "route", "pause",
        ])
      let far = try await studio.run(Self.update, ["input": ["id": node, "order": 99]], as: StudioData.eve)
      #expect(far["data.updateNode.node.order"] == 6)
      let negative = try await studio.run(
        Self.update, ["input": ["id": node, "order": -1]], as: StudioData.eve)
      #expect(negative.code == "BAD_USER_INPUT" && negative.field == "order", "\(negative.text)")
      let renamed = try await studio.run(
        Self.update, ["input": ["id": node, "key": "shout"]], as: StudioData.eve)
      #expect(renamed.string("data.updateNode.node.key") == "shout")
      let config: InputValue = ["type": "log", "message": "{{ input. }}"]
      let broken = try await studio.run(
        Self.update, ["input": ["id": node, "config": config]], as: StudioData.eve)
      #expect(
        broken.code == "BAD_USER_INPUT" && broken.field == "config.message", "\(broken.text)"
      )
      let taken = try await studio.run(
        Self.update, ["input": ["id": node, "key": "start"]], as: StudioData.eve)
      #expect(taken.message == "Two nodes have the key 'start'.", "\(taken.text)")
      let stale = try await studio.run(
        Self.update, ["input": ["id": node, "title": "T", "expectedRevision": 3]], as: StudioData.eve)
      #expect(stale.code == "CONFLICT")
    }
  }

  @Test func `a problem names the field of the input, not of the stored graph`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let node = FlowTests.node("wait", "DELAY", ["seconds": -1])
      let added = try await studio.run(
        Self.add, ["input": ["flowId": Self.flow, "node": node]], as: StudioData.eve)
      #expect(added.code == "BAD_USER_INPUT" && added.field == "node.config.seconds", "\(added.text)")
      #expect(added["errors.0.extensions.problems.0.nodeKey"] == "wait")
      let connected = try await studio.run(
        Self.connect,
        ["input": ["fromNodeId": Self.id(.node, 6), "toNodeId": Self.id(.node, 7), "condition": "("]],
        as: StudioData.eve)
      #expect(connected.field == "condition", "\(connected.text)")
      let cycle = try await studio.run(
        Self.connect, ["input": ["fromNodeId": Self.id(.node, 6), "toNodeId": Self.id(.node, 2)]],
        as: StudioData.eve)
      #expect(cycle.code == "BAD_USER_INPUT" && cycle.field == nil)
      #expect(cycle.message?.hasSuffix("form a cycle.") == true, "\(cycle.text)")
    }
  }

  @Test func `a node goes with its connections, a connection alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let disconnected = try await studio.run(
        """
        mutation ($id: ID!) { disconnectNodes(input: { id: $id }) { deletedId flow { connections { \
        id } } } }
        """,
        ["id": Self.id(.connection, 5)], as: StudioData.eve)
      #expect(disconnected["data.disconnectNodes.deletedId"] == Self.id(.connection, 5))
      #expect(disconnected["data.disconnectNodes.flow.connections"]?.list?.count == 5)
      let removed = try await studio.run(
        """
        mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId flow { nodes { key } \
        connections { id } } } }
        """,
        ["id": Self.id(.node, 3)], as: StudioData.eve)
      #expect(removed["data.removeNode.deletedId"] == Self.id(.node, 3), "\(removed.text)")
      #expect(
        removed.strings("data.removeNode.flow.nodes", "key") == [
          "start", "fetch", "shape", "route", "tell", "pause",
        ])
      #expect(removed["data.removeNode.flow.connections"]?.list?.count == 3)
      let again = try await studio.run(
        "mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId } }", ["id": Self.id(.node, 3)],
        as: StudioData.eve)
      #expect(again.code == "NOT_FOUND" && again.message == "There is no node with this id.")
    }
  }

  @Test func `changes at once are all kept`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await withThrowingTaskGroup(of: Answer.self) { group in
        for number in 0..<3 {
          group.addTask {
            let node = FlowTests.node("extra\(number)", "TRIGGER")
            return try await studio.run(
              Self.add, ["input": ["flowId": Self.flow, "node": node]], as: StudioData.eve)
          }
        }
        for try await answer in group { #expect(answer.errors.isEmpty, "\(answer.text)") }
      }
      let flow = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { revision nodes { key } } }", ["id": Self.flow], as: StudioData.eve
      )
      #expect(flow["data.flow.revision"] == 6)
      #expect(Set(flow.strings("data.flow.nodes", "key")).isSuperset(of: ["extra0", "extra1", "extra2"]))
    }
  }

  @Test func `an id of another type says which type was expected`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let wrong = try await studio.run(
        Self.connect, ["input": ["fromNodeId": Self.id(.node, 1), "toNodeId": Self.id(.flow, 1)]],
        as: StudioData.eve)
      #expect(wrong.code == "BAD_USER_INPUT" && wrong.field == "toNodeId")
      #expect(wrong.message == "toNodeId must be an id that begins with \"node_\", not \"flow_\".")
      let malformed = try await studio.run(Self.update, ["input": ["id": "node_1"]], as: StudioData.eve)
      #expect(malformed.message == "id must be an id such as \"node_01h455vb4pex5vsknk084sn02q\".")
      let integration = try await studio.run(
        Self.update, ["input": ["id": Self.id(.node, 1), "integrationId": Self.id(.node, 1)]],
        as: StudioData.eve)
      #expect(integration.field == "integrationId")
    }
  }
}
