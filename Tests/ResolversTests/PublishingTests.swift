import Flows
import GraphQLEngine
import Resolvers
import Storage
import Testing

/// Drafts, published versions, their differences, and going back; runs that are run again.
@Suite struct PublishingTests {
  private static let publish = """
    mutation ($id: ID!, $revision: Int) { publishFlow(input: { id: $id, expectedRevision: $revision }) {
      version { id number revision } flow { revision hasUnpublishedChanges publishedVersion { number } } } }
    """
  private static let update = """
    mutation ($id: ID!, $title: String!) { updateNode(input: { id: $id, title: $title }) { node { title } } }
    """
  private static let execute = """
    mutation ($id: ID!, $version: FlowVersionChoice! = PUBLISHED) {
      executeFlow(input: { flowId: $id, input: { n: 1 }, version: $version }) {
        execution { id version { number } retryOf { id } } } }
    """
  private static let state = """
    query ($id: ID!) { flow(id: $id) { revision hasUnpublishedChanges publishedVersion { number } } }
    """

  /// A flow of Eve's with the ids of its nodes.
  private func makeFlow(_ studio: Studio) async throws -> (id: InputValue, nodes: [InputValue]) {
    let created = try await studio.run(FlowTests.create, FlowTests.input(), as: StudioData.eve)
    let flow = "data.createFlow.flow"
    let nodes = try #require(created["\(flow).nodes"]?.list)
    return (created["\(flow).id"] ?? .null, nodes.compactMap { $0["id"] })
  }

  private func number(_ studio: Studio, _ id: InputValue, _ version: String = "PUBLISHED") async throws
    -> InputValue?
  {
    let answer = try await studio.run(
      Self.execute, ["id": id, "version": .string(version)], as: StudioData.otto)
    #expect(answer.errors.isEmpty, "\(answer.text)")
    return answer["data.executeFlow.execution.version.number"]
  }

  @Test func `a published flow runs its version while the draft goes on`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (id, nodes) = try await makeFlow(studio)
      let before = try await studio.run(Self.state, ["id": id], as: StudioData.eve)
      #expect(
        before["data.flow"] == ["revision": 1, "hasUnpublishedChanges": true, "publishedVersion": .null])
      let published = try await studio.run(Self.publish, ["id": id, "revision": 1], as: StudioData.eve)
      #expect(
        published["data.publishFlow.flow"] == [
          "revision": 2, "hasUnpublishedChanges": false, "publishedVersion": ["number": 1],
        ], "\(published.text)")
      // Nothing has changed: nothing is stored.
      let again = try await studio.run(Self.publish, ["id": id], as: StudioData.eve)
      #expect(again["data.publishFlow.flow.revision"] == 2)
      #expect(again["data.publishFlow.version"] == published["data.publishFlow.version"])

      _ = try await studio.run(Self.update, ["id": nodes[1], "title": "New"], as: StudioData.eve)
      let edited = try await studio.run(Self.state, ["id": id], as: StudioData.eve)
      #expect(
        edited["data.flow"] == [
          "revision": 3, "hasUnpublishedChanges": true, "publishedVersion": ["number": 1],
        ])
      #expect(try await number(studio, id) == 1)
      #expect(try await number(studio, id, "DRAFT") == 2)
      #expect(try await number(studio, id) == 1)
      let second = try await studio.run(Self.publish, ["id": id], as: StudioData.eve)
      #expect(second["data.publishFlow.version.number"] == 2)
      #expect(try await number(studio, id) == 2)
      // A pause changes neither draft nor version.
      _ = try await studio.run(
        "mutation ($id: ID!) { pauseFlow(input: { id: $id }) { flow { id } } }", ["id": id],
        as: StudioData.eve)
      #expect(try await number(studio, id, "DRAFT") == 2)
      let paused = try await studio.run(Self.state, ["id": id], as: StudioData.eve)
      #expect(paused["data.flow.hasUnpublishedChanges"] == false)
    }
  }

  @Test func `what cannot run is not published, and a lost update is refused`() async throws {
    try await Studio.with([StudioData.accounts, StudioData.flows]) { studio in
      _ = try await studio.run(
        "mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId } }",
        ["id": .string(StudioData.text(.node, 8))], as: StudioData.eve)
      let empty = try await studio.run(
        Self.publish, ["id": .string(StudioData.text(.flow, 2))], as: StudioData.eve)
      #expect(empty.code == "BAD_USER_INPUT")
      #expect(empty.message == "The flow has no trigger node, so nothing can start it.")
      let (id, _) = try await makeFlow(studio)
      let stale = try await studio.run(Self.publish, ["id": id, "revision": 7], as: StudioData.eve)
      #expect(stale.code == "CONFLICT" && stale.field == "expectedRevision")
      let operatorsTry = try await studio.run(Self.publish, ["id": id], as: StudioData.otto)
      #expect(operatorsTry.code == "FORBIDDEN")
    }
  }

  @Test func `a node that a trigger names is not left out, and that it is gone is told`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (id, nodes) = try await makeFlow(studio)
      let add = """
        mutation ($input: AddTriggerInput!) { addTrigger(input: $input) { trigger { id problem { code } } } }
        """
      var triggers: [InputValue] = []
      let wanted: [InputValue] = [
        ["flowId": id, "nodeKey": "start", "schedule": ["cron": "@daily"]],
        ["flowId": id, "webhook": ["signature": "NONE", "answer": "NODE", "answerNodeKey": "pause"]],
      ]
      for input in wanted {
        let added = try await studio.run(add, ["input": input], as: StudioData.eve)
        #expect(added["data.addTrigger.trigger.problem"] == .null, "\(added.text)")
        triggers.append(added["data.addTrigger.trigger.id"] ?? .null)
      }
      #expect(try await studio.run(Self.publish, ["id": id], as: StudioData.eve).errors.isEmpty)
      _ = try await studio.run(
        "mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId } }", ["id": nodes[5]],
        as: StudioData.eve)
      let refused = try await studio.run(Self.publish, ["id": id], as: StudioData.eve)
      #expect(refused.code == "BAD_USER_INPUT", "\(refused.text)")
      #expect(refused.message?.hasPrefix("A trigger names the node pause, which") == true)

      let state = """
        query ($id: ID!) {
          flow(id: $id) { triggers { problem { code nodeKey severity } } failingTriggers { id } }
          failing: flows(filter: { hasFailingTriggers: true }) { totalCount } }
        """
      let whole = try await studio.run(state, ["id": id], as: StudioData.eve)
      #expect(whole["data.flow.triggers"] == [["problem": .null], ["problem": .null]], "v1 has the node")
      func set(_ field: String) async throws {
        let text = "mutation ($id: ID!) { \(field)(input: { id: $id }) { trigger { isEnabled } } }"
        let answer = try await studio.run(text, ["id": triggers[1]], as: StudioData.eve)
        #expect(answer.errors.isEmpty, "\(answer.text)")
      }
      try await set("disableTrigger")
      #expect(try await studio.run(Self.publish, ["id": id], as: StudioData.eve).errors.isEmpty)
      let off = try await studio.run(state, ["id": id], as: StudioData.eve)
      let problem: InputValue = ["code": "UNKNOWN_NODE", "nodeKey": "pause", "severity": "ERROR"]
      #expect(off["data.flow.triggers"] == [["problem": .null], ["problem": problem]], "\(off.text)")
      #expect(off["data.flow.failingTriggers"] == [] && off["data.failing.totalCount"] == 0)
      try await set("enableTrigger")
      let on = try await studio.run(state, ["id": id], as: StudioData.eve)
      #expect(on["data.flow.failingTriggers"] == [["id": triggers[1]]])
      #expect(on["data.failing.totalCount"] == 1)
    }
  }

  @Test func `versions differ by fields, and one becomes the draft again`() async throws {
    try await Studio.with([StudioData.accounts]) { studio in
      let (id, nodes) = try await makeFlow(studio)
      let first = try await studio.run(Self.publish, ["id": id], as: StudioData.eve)
      let version = first["data.publishFlow.version.id"] ?? .null
      _ = try await studio.run(Self.update, ["id": nodes[1], "title": "New"], as: StudioData.eve)
      _ = try await studio.run(
        "mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId } }", ["id": nodes[5]],
        as: StudioData.eve)
      let second = try await studio.run(Self.publish, ["id": id], as: StudioData.eve)
      let difference = """
        query ($id: ID!, $to: ID) { flow(id: $id) { versions { nodes { number difference(to: $to) { isEmpty
          name { after } nodes { kind key fields { field before after } }
          connections { kind from to } } } } } }
        """
      let (answer, statements) = try await studio.recorded(difference, ["id": id], as: StudioData.eve)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      let reads = statements.filter { $0.label != "notify" }
      #expect(reads.count == 3, "the flow, its versions, the draft")
      let versions = "data.flow.versions.nodes"
      #expect(answer["\(versions).0.difference.isEmpty"] == true)
      #expect(
        answer["\(versions).1.difference.nodes"] == [
          [
            "kind": "CHANGED", "key": "fetch",
            "fields": [["field": "title", "before": "Step fetch", "after": "New"]],
          ], ["kind": "REMOVED", "key": "pause", "fields": []],
        ])
      #expect(
        answer["\(versions).1.difference.connections"] == [
          ["kind": "REMOVED", "from": "route", "to": "pause"]
        ])
      let toSecond = try await studio.run(
        difference, ["id": id, "to": second["data.publishFlow.version.id"] ?? .null], as: StudioData.eve)
      #expect(toSecond[versions] == answer[versions])

      let restored = try await studio.run(
        """
        mutation ($id: ID!) { restoreFlowVersion(input: { id: $id }) { nodesWithoutIntegration
          flow { nodes { key title } hasUnpublishedChanges publishedVersion { number } } } }
        """, ["id": version], as: StudioData.eve)
      let flow = "data.restoreFlowVersion.flow"
      #expect(restored.strings("\(flow).nodes", "title").contains("Step fetch"), "\(restored.text)")
      #expect(restored.strings("\(flow).nodes", "key").contains("pause"))
      #expect(restored["\(flow).hasUnpublishedChanges"] == true)
      #expect(restored["\(flow).publishedVersion.number"] == 2)
      #expect(restored["data.restoreFlowVersion.nodesWithoutIntegration"] == [])
      let back = try await studio.run(difference, ["id": id], as: StudioData.eve)
      #expect(back["\(versions).1.difference.isEmpty"] == true, "the first is as it was")
    }
  }

  @Test func `a restored node loses an integration that is gone`() async throws {
    try await Studio.with([StudioData.accounts, StudioData.flows]) { studio in
      let integration = InputValue.string(StudioData.text(.integration, 1))
      let nodes: [InputValue] = [
        FlowTests.node("start", "TRIGGER"),
        [
          "key": "call", "title": "Call", "kind": "ACTION", "integrationId": integration,
          "config": ["type": "log", "message": "hi"],
        ],
      ]
      let created = try await studio.run(
        FlowTests.create, FlowTests.input(nodes, [FlowTests.connection("start", "call")]), as: StudioData.eve)
      let id = created["data.createFlow.flow.id"] ?? .null
      let published = try await studio.run(Self.publish, ["id": id], as: StudioData.eve)
      _ = try await studio.run(
        "mutation ($id: ID!) { deleteIntegration(input: { id: $id, force: true }) { deletedId } }",
        ["id": integration], as: StudioData.eve)
      let restored = try await studio.run(
        "mutation ($id: ID!) { restoreFlowVersion(input: { id: $id }) { nodesWithoutIntegration } }",
        ["id": published["data.publishFlow.version.id"] ?? .null], as: StudioData.eve)
      #expect(
        restored["data.restoreFlowVersion.nodesWithoutIntegration"] == ["call"], "\(restored.text)")
    }
  }

  // MARK: Again

  private static let retry = """
    mutation ($id: ID!, $from: RetryStart! = BEGINNING, $key: String) {
      retryExecution(input: { id: $id, from: $from, idempotencyKey: $key }) {
        execution { id status input retryOf { id } version { id } nodeExecutions { nodeKey status output } } } }
    """
  private static let replay = """
    mutation ($id: ID!, $version: ReplayVersion! = SAME) {
      replayExecution(input: { id: $id, version: $version }) {
        execution { id input retryOf { id } version { number } } } }
    """

  @Test func `a failed run is retried from its beginning or from where it failed`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script(
        """
        UPDATE node_execution_logs SET status = 'success', output = '{"id": 7}' WHERE id = id(9, 4);
        INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind,
          node_order, status, attempt, error) VALUES (id(2, 1), id(8, 2), id(9, 70), id(5, 3), 'bad', 'Bad',
          'action', 3, 'failure', 1, '{"code": "UNEXPECTED_STATUS", "message": "500"}');
        """)
      let failed = InputValue.string(StudioData.text(.execution, 2))
      let run = "data.retryExecution.execution"
      let whole = try await studio.run(Self.retry, ["id": failed, "key": "k"], as: StudioData.otto)
      #expect(whole["\(run).retryOf.id"] == failed, "\(whole.text)")
      #expect(whole["\(run).version.id"] == .string(StudioData.text(.version, 2)))
      #expect(whole["\(run).nodeExecutions"] == [])
      let again = try await studio.run(Self.retry, ["id": failed, "key": "k"], as: StudioData.otto)
      #expect(again.text == whole.text)
      let rest = try await studio.run(
        Self.retry, ["id": failed, "from": "FAILED_NODE"], as: StudioData.otto)
      #expect(rest["\(run).status"] == "PENDING", "\(rest.text)")
      #expect(
        rest["\(run).nodeExecutions"] == [["nodeKey": "fetch", "status": "SUCCESS", "output": ["id": 7]]])
      #expect(
        try await studio.text("SELECT step::text || epoch FROM execution_logs ORDER BY id DESC LIMIT 1")
          == "10")
    }
  }

  @Test func `what succeeded or runs is not retried, but replayed`() async throws {
    try await Studio.with(StudioData.all) { studio in
      func retry(_ number: Int, _ from: String = "BEGINNING") async throws -> Answer {
        let id = InputValue.string(StudioData.text(.execution, number))
        return try await studio.run(Self.retry, ["id": id, "from": .string(from)], as: StudioData.otto)
      }
      #expect(try await retry(1).message == "The run succeeded; replay it.")
      #expect(try await retry(4).message == "The run is not over.")
      let cancelled = try await retry(3, "FAILED_NODE")
      #expect(cancelled.code == "CONFLICT" && cancelled.field == "from")
      #expect(try await retry(3).errors.isEmpty)
      #expect(try await retry(77).code == "NOT_FOUND")
      let done = InputValue.string(StudioData.text(.execution, 1))
      let replayed = try await studio.run(Self.replay, ["id": done], as: StudioData.otto)
      let run = "data.replayExecution.execution"
      #expect(replayed["\(run).input"] == ["id": 7], "\(replayed.text)")
      #expect(replayed["\(run).version.number"] == 1)
      #expect(replayed["\(run).retryOf.id"] == done)
      let present = try await studio.run(
        Self.replay, ["id": done, "version": "PUBLISHED"], as: StudioData.otto)
      #expect(present["\(run).version.number"] == 2, "the flow as it stands: nothing is published")
      let deleted = try await studio.run(
        Self.replay, ["id": .string(StudioData.text(.execution, 6))], as: StudioData.otto)
      #expect(deleted.code == "NOT_FOUND", "its flow is gone")
    }
  }
}
