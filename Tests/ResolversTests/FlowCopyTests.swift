import Flows
import GraphQLEngine
import Resolvers
import Testing

/// Flows that are duplicated, exported and imported, and nodes that change their place.
@Suite struct FlowCopyTests {
  private static let graph = """
    name intention status revision nodes { key title kind detail config order integration { id } }
    connections { label condition from { key } to { key } }
    """
  private static let flow = "query ($id: ID!) { flow(id: $id) { \(graph) } }"
  private static let duplicate = """
    mutation ($input: DuplicateFlowInput!) { duplicateFlow(input: $input) { flow { id \(graph) } } }
    """
  private static let export = "mutation ($id: ID!) { exportFlow(input: { id: $id }) { document } }"
  private static let load = """
    mutation ($input: ImportFlowInput!) { importFlow(input: $input) { flow { id creator { name } \(graph) }
      missingIntegrations { nodeKey type name } } }
    """
  private static let id: InputValue = .string(StudioData.text(.flow, 1))

  @Test func `a copy has the same graph under ids of its own, and is paused`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let original = try await studio.run(Self.flow, ["id": Self.id], as: StudioData.eve)
      let copy = try await studio.run(Self.duplicate, ["input": ["id": Self.id]], as: StudioData.eve)
      let made = "data.duplicateFlow.flow"
      #expect(copy.errors.isEmpty, "\(copy.text)")
      #expect(copy.string(made + ".name") == "Orders (copy)")
      #expect(copy.string(made + ".status") == "PAUSED" && copy[made + ".revision"] == 1)
      #expect(copy[made + ".nodes"] == original["data.flow.nodes"])
      #expect(copy[made + ".connections"] == original["data.flow.connections"])
      #expect(copy[made + ".intention"] == original["data.flow.intention"])
      let shared = try await studio.text(
        "SELECT count(DISTINCT id)::text || ' ' || count(*) FROM automation_nodes WHERE title = 'Route'")
      #expect(shared == "2 2")
      let named = try await studio.run(
        Self.duplicate, ["input": ["id": Self.id, "name": "Second"]], as: StudioData.eve)
      #expect(named.string(made + ".name") == "Second")
      let refused = try await studio.run(
        Self.duplicate, ["input": ["id": Self.id, "name": ""]], as: StudioData.eve)
      #expect(refused.code == "BAD_USER_INPUT" && refused.field == "name")
    }
  }

  @Test func `a name that is as long as can be stays so in the copy`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script("UPDATE automation_flows SET name = repeat('n', 200) WHERE id = id(4, 1)")
      let copy = try await studio.run(Self.duplicate, ["input": ["id": Self.id]], as: StudioData.eve)
      let name = try #require(copy.string("data.duplicateFlow.flow.name"))
      #expect(name.count == 200 && name.hasSuffix("nnn (copy)"))
    }
  }

  @Test func `what is exported is imported as the same flow, with the integrations of the same name`()
    async throws
  {
    try await Studio.with(StudioData.all) { studio in
      let exported = try await studio.run(Self.export, ["id": Self.id], as: StudioData.vera)
      let document = exported["data.exportFlow.document"] ?? .null
      #expect(document["studio"] == "flow" && document["format"] == 2, "\(exported.text)")
      #expect(
        document["nodes"]?.list?[1]["integration"] == ["type": "stripe", "name": "Till"], "\(exported.text)")
      for secret in ["sealed", "intg_", "node_", "flow_", "org_"] {
        #expect(!exported.text.contains(secret), "the document has \(secret)")
      }
      let original = try await studio.run(Self.flow, ["id": Self.id], as: StudioData.eve)
      let made = "data.importFlow.flow"
      let input: InputValue = ["document": document, "name": "Moved", "status": "ACTIVE"]
      let here = try await studio.run(Self.load, ["input": input], as: StudioData.eve)
      #expect(here.errors.isEmpty, "\(here.text)")
      #expect(here.string(made + ".name") == "Moved" && here.string(made + ".status") == "ACTIVE")
      #expect(here[made + ".nodes"] == original["data.flow.nodes"])
      #expect(here[made + ".connections"] == original["data.flow.connections"])
      #expect(here["data.importFlow.missingIntegrations"] == [])

      // Bob's organization has other integrations.
      let there = try await studio.run(Self.load, ["input": ["document": document]], as: StudioData.bob)
      #expect(there.string(made + ".name") == "Orders" && there.string(made + ".creator.name") == "Bob")
      #expect(there.string(made + ".status") == "PAUSED")
      #expect(
        there["data.importFlow.missingIntegrations"] == [
          ["nodeKey": "fetch", "type": "stripe", "name": "Till"],
          ["nodeKey": "tell", "type": "slack", "name": "Team chat"],
        ], "\(there.text)")
      let again = try await studio.run(
        Self.export, ["id": there[made + ".id"] ?? .null], as: StudioData.bob)
      #expect(again["data.exportFlow.document"] == document, "\(again.text)")
    }
  }

  /// Of each reference a name that nothing has: the node's integration, the flow that it calls, the error
  /// flow and the flow whose runs a trigger waits for.
  private static let elsewhere: InputValue = [
    "studio": "flow", "format": 2, "name": "Moved", "intention": "I", "notes": "", "runPriority": "NORMAL",
    "maximumConcurrentRuns": .null, "errorFlow": ["name": "Alarm elsewhere"],
    "nodes": [
      [
        "key": "bill", "title": "Bill", "kind": "ACTION", "detail": "", "config": ["type": "flow"],
        "parent": .null, "integration": ["type": "slack", "name": "Chat elsewhere"],
        "flow": ["name": "Bill elsewhere"],
      ]
    ], "connections": [],
    "triggers": [
      [
        "kind": "FLOW_EVENT", "nodeKey": .null, "isEnabled": false,
        "flowEvent": ["flow": ["name": "Orders elsewhere"], "states": ["FAILURE"]],
      ]
    ],
  ]

  @Test func `names of what is not there stay for the next export, until something is chosen`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let made = try await studio.run(
        Self.load, ["input": ["document": Self.elsewhere]], as: StudioData.eve)
      let id = try #require(made.string("data.importFlow.flow.id"), "\(made.text)")
      func document(_ id: String) async throws -> InputValue {
        let answer = try await studio.run(Self.export, ["id": .string(id)], as: StudioData.eve)
        return answer["data.exportFlow.document"] ?? .null
      }
      #expect(try await document(id) == Self.elsewhere)

      let copied = try await studio.run(
        Self.duplicate, ["input": ["id": .string(id), "name": "Moved"]], as: StudioData.eve)
      let copy = try #require(copied.string("data.duplicateFlow.flow.id"))
      #expect(try await document(copy) == Self.elsewhere)

      let parts = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { nodes { id } triggers { id } } }", ["id": .string(id)],
        as: StudioData.eve)
      let change = """
        mutation ($flow: ID!, $node: ID!, $trigger: ID!, $slack: ID!, $other: ID!, $config: JSON!) {
          updateFlow(input: { id: $flow, errorFlowId: $other }) { flow { id } }
          updateNode(input: { id: $node, integrationId: $slack, config: $config }) { node { id } }
          updateTrigger(input: { id: $trigger, flowEvent: { flowId: $other } }) { trigger { id } } }
        """
      let other = InputValue.string(StudioData.text(.flow, 1))
      let changed = try await studio.run(
        change,
        [
          "flow": .string(id), "node": parts["data.flow.nodes.0.id"] ?? .null,
          "trigger": parts["data.flow.triggers.0.id"] ?? .null,
          "slack": .string(StudioData.text(.integration, 1)), "other": other,
          "config": ["type": "flow", "flowId": other],
        ], as: StudioData.eve)
      #expect(changed.errors.isEmpty, "\(changed.text)")
      let chosen = try await document(id)
      #expect(!"\(chosen)".contains("elsewhere"), "\(chosen)")
    }
  }

  private static func document(_ nodes: InputValue, _ connections: InputValue = []) -> InputValue {
    [
      "studio": "flow", "format": 1, "name": "N", "intention": "I", "nodes": nodes,
      "connections": connections,
    ]
  }

  private static let start: InputValue = ["key": "start", "title": "Start", "kind": "TRIGGER"]

  private static let refused: [(InputValue, String)] = [
    ([1], "document"), ([:], "document.studio"), (["studio": "workbench"], "document.format"),
    (["studio": "flow", "format": 3], "document.format"),
    (["studio": "flow", "format": 0], "document.format"),
    (["studio": "flow", "format": 1, "name": ""], "document.name"),
    (["studio": "flow", "format": 1, "name": "N"], "document.intention"),
    (document("none"), "document.nodes"), (document([1]), "document.nodes.0"),
    (document([["key": "a", "title": "A", "kind": "trigger"]]), "document.nodes.0.kind"),
    (document([["key": "a", "title": "", "kind": "TRIGGER"]]), "document.nodes.0.title"),
    (
      document([["key": "a", "title": "A", "kind": "TRIGGER", "integration": "slack"]]),
      "document.nodes.0.integration"
    ),
    (document([start], [["from": "start", "to": "nowhere"]]), "document.connections.0.to"),
    (
      document([start, ["key": "f", "title": "F", "kind": "FILTER", "config": ["expression": "1 +* 2"]]]),
      "document.nodes.1.config.expression"
    ),
    (document([start, start]), "document.nodes.1.key"),
    (
      document([
        start,
        ["key": "f", "title": "F", "kind": "FILTER", "config": ["expression": "1"], "parent": "start"],
      ]), "document.nodes.1.parent"
    ),
    (
      document(
        [start, ["key": "f", "title": "F", "kind": "FILTER", "config": ["expression": "1"]]],
        [["from": "start", "to": "f", "condition": "input."]]),
      "document.connections.0.condition"
    ),
    (document(.list(Array(repeating: start, count: 501))), "document.nodes"),
  ]

  @Test func `each wrong member of a document has an error of its own`() async throws {
    let wrong: InputValue = [
      "studio": "flow", "format": 2, "name": "", "intention": 7, "runPriority": "",
      "nodes": [
        ["title": "A", "kind": "ROBOT", "config": ["type": "log"], "integration": "slack"], 1,
        ["key": "b", "title": "", "kind": "ACTION", "parent": "nobody"],
      ],
      "connections": [
        ["from": "b", "to": "nowhere", "label": 1, "outcome": "MAYBE"], ["from": "b", "to": "b"],
      ],
      "triggers": [
        ["kind": "CLOCK"],
        [
          "kind": "SCHEDULE", "isEnabled": 1,
          "schedule": ["cron": "nonsense", "overlap": "never", "jitterSeconds": -1],
        ],
        ["kind": "SCHEDULE", "schedule": ["cron": "nonsense"]],
        ["kind": "INTEGRATION", "integrationEvent": ["mode": "POLL", "settings": 1, "events": ["", "a"]]],
      ],
    ]
    let fields = [
      "name", "intention", "runPriority", "nodes.0.kind", "nodes.0.key", "nodes.0.integration", "nodes.1",
      "nodes.2.title", "nodes.2.parent", "connections.0.to", "connections.0.label", "connections.0.outcome",
      "triggers.0.kind", "triggers.1.isEnabled", "triggers.1.schedule.overlap",
      "triggers.1.schedule.jitterSeconds", "triggers.1.schedule.cron", "triggers.2.schedule.cron",
      "triggers.3.integrationEvent.connector", "triggers.3.integrationEvent.trigger",
      "triggers.3.integrationEvent.settings", "triggers.3.integrationEvent.events.0",
    ]
    try await Studio.with { studio in
      let answer = try await studio.run(Self.load, ["input": ["document": wrong]], as: StudioData.eve)
      #expect(answer.fields == fields.map { "document.\($0)" }, "\(answer.text)")
      let nodes = Self.document(.list(Array(repeating: [:], count: 200)))
      let many = try await studio.run(Self.load, ["input": ["document": nodes]], as: StudioData.eve)
      #expect(many.errors.count == 100)
      #expect(try await studio.text("SELECT count(*)::text FROM automation_flows") == "0")
    }
  }

  @Test func `a document that is no flow is refused with the path of what is wrong`() async throws {
    try await Studio.with { studio in
      for (document, field) in Self.refused {
        let answer = try await studio.run(Self.load, ["input": ["document": document]], as: StudioData.eve)
        #expect(Set(answer.codes) == ["BAD_USER_INPUT"], "\(answer.text)")
        #expect(answer.field == field, "\(answer.text)")
      }
      #expect(try await studio.text("SELECT count(*)::text FROM automation_flows") == "0")
    }
  }

  @Test func `a node moves to its place, and the others keep their order`() async throws {
    let move = """
      mutation ($input: MoveNodeInput!) { moveNode(input: $input) { node { key order }
        flow { revision nodes { key } } } }
      """
    try await Studio.with(StudioData.all) { studio in
      let id: InputValue = .string(StudioData.text(.node, 6))
      let first = try await studio.run(move, ["input": ["id": id, "order": 1]], as: StudioData.eve)
      #expect(first["data.moveNode.node"] == ["key": "tell", "order": 1], "\(first.text)")
      #expect(
        first.strings("data.moveNode.flow.nodes", "key") == [
          "start", "tell", "fetch", "large", "shape", "route", "pause",
        ])
      let last = try await studio.run(
        move, ["input": ["id": id, "order": 99, "expectedRevision": 4]], as: StudioData.eve)
      #expect(last["data.moveNode.node"] == ["key": "tell", "order": 6], "\(last.text)")
      #expect(last["data.moveNode.flow.revision"] == 5)
      let stale = try await studio.run(
        move, ["input": ["id": id, "order": 0, "expectedRevision": 4]], as: StudioData.eve)
      #expect(stale.code == "CONFLICT" && stale.field == "expectedRevision")
      let negative = try await studio.run(move, ["input": ["id": id, "order": -1]], as: StudioData.eve)
      #expect(negative.code == "BAD_USER_INPUT" && negative.field == "order")
    }
  }
}
