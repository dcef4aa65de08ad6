import GraphQLEngine
import Resolvers
import Testing

/// What clients see when something below fails, and what they do not.
@Suite struct FaultTests {
  @Test func `a statement that fails is an internal error, told to the log alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script("ALTER TABLE automation_flows DROP COLUMN intention")
      let answer = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { intention } viewer { role } }",
        ["id": .string(StudioData.text(.flow, 1))], as: StudioData.ada)
      #expect(answer.code == "INTERNAL", "\(answer.text)")
      #expect(answer["data.flow"] == .null)
      #expect(answer.string("data.viewer.role") == "OWNER")
      #expect(!answer.text.contains("intention") && !answer.text.contains("SELECT"), "\(answer.text)")
      #expect(studio.log.text.contains("intention"))
    }
  }

  @Test func `one failed read leaves the others of its level`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script("ALTER TABLE automation_connections RENAME COLUMN label TO caption")
      let answer = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { name } node(id: $node) { ... on AutomationConnection { label } } }"
          .replacing("($id: ID!)", with: "($id: ID!, $node: ID!)"),
        [
          "id": .string(StudioData.text(.flow, 1)), "node": .string(StudioData.text(.connection, 5)),
        ], as: StudioData.ada)
      #expect(answer.code == "INTERNAL", "\(answer.text)")
      #expect(answer.string("data.flow.name") == "Orders")
      #expect(answer["data.node"] == .null)
    }
  }

  @Test func `a user who is gone leaves what they made`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script("DELETE FROM users WHERE id = id(1, 2)")
      let answer = try await studio.run(
        "{ flows { nodes { name creator { name } } } executionLogs { nodes { user { name } } } }",
        as: StudioData.ada)
      #expect(answer.errors.isEmpty)
      #expect(answer["data.flows.nodes.1"] == ["name": "Digest", "creator": .null])
      let viewer = try await studio.run("{ viewer { role user { name } } }", as: StudioData.eve)
      #expect(viewer["data"] == .null, "user is not nullable")
      #expect(viewer.codes == ["UNAVAILABLE"], "\(viewer.text)")
    }
  }

  @Test func `without the sandbox a flow with expressions is not saved`() async throws {
    try await Studio.with { studio in
      await studio.stopSandbox()
      let answer = try await studio.run(FlowTests.create, FlowTests.input(), as: StudioData.eve)
      #expect(answer.code == "UNAVAILABLE", "\(answer.text)")
      #expect(answer.message == "Expressions cannot be checked now. Try again in a moment.")
      #expect(try await studio.text("SELECT count(*)::text FROM automation_flows") == "0")
    }
  }

  /// Root fields of a mutation run one after the other (§ 6.2.2), and each sees what the ones before it did.
  @Test func `mutations of one request see one another`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let (answer, statements) = try await studio.recorded(
        """
        mutation ($id: ID!) {
          first: updateFlow(input: { id: $id, name: "One" }) { flow { name revision creator { name } } }
          second: updateFlow(input: { id: $id, name: "Two" }) { flow { name revision creator { name } } }
          third: pauseFlow(input: { id: $id, expectedRevision: 5 }) { flow { name status revision } }
        }
        """, ["id": .string(StudioData.text(.flow, 1))], as: StudioData.eve)
      let creator: InputValue = ["name": "Ada"]
      #expect(answer["data.first.flow"] == ["name": "One", "revision": 4, "creator": creator])
      #expect(answer["data.second.flow"] == ["name": "Two", "revision": 5, "creator": creator])
      #expect(answer["data.third.flow"] == ["name": "Two", "status": "PAUSED", "revision": 6])
      // Hints to other processes go out in their own time.
      #expect(
        statements.map(\.label).filter { $0 != "notify" } == [
          "begin", "audit_automation_flows", "advance_flow", "tell_of_flow", "insert_audit_event",
          "commit", "flow_by_id", "user_by_id",
          "begin", "audit_automation_flows", "advance_flow", "tell_of_flow", "insert_audit_event",
          "commit", "flow_by_id", "user_by_id",
          "begin", "audit_automation_flows", "advance_flow", "tell_of_flow", "insert_audit_event",
          "commit", "flow_by_id",
        ])
    }
  }

  @Test func `a mutation that fails leaves what the ones before it did`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let id: InputValue = ["id": .string(StudioData.text(.flow, 1))]
      let answer = try await studio.run(
        """
        mutation ($id: ID!) {
          first: updateFlow(input: { id: $id, name: "One" }) { flow { name } }
          second: pauseFlow(input: { id: $id, expectedRevision: 3 }) { flow { name } }
        }
        """, id, as: StudioData.eve)
      #expect(answer.codes == ["CONFLICT"])
      #expect(answer["data"] == .null, "the payloads are not nullable")
      let after = try await studio.run(
        "query ($id: ID!) { flow(id: $id) { name status revision } }", id, as: StudioData.eve)
      #expect(after["data.flow"] == ["name": "One", "status": "ACTIVE", "revision": 4])
    }
  }
}
