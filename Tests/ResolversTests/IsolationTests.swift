import GraphQLEngine
import Resolvers
import Schema
import Testing

/// Nobody sees or changes what belongs to another organization, whatever ids they know.
@Suite struct IsolationTests {
  @Test func `there is a case for every root field`() throws {
    let declared = RootFieldCase.declared(in: try StudioSchema.executable().schema)
    #expect(Set(RootFieldCase.all.map(\.coordinate)) == Set(declared.keys))
    #expect(Set(RootFieldCase.all.map(\.coordinate)).count == RootFieldCase.all.count)
  }

  @Test func `an outsider with all the ids finds nothing and changes nothing`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let before = try await studio.dump(of: "01900000-0000-7000-8000-000002000001")
      let secrets = try await studio.alphasTexts()
      #expect(secrets.count > 30)
      for test in RootFieldCase.all {
        let answer = try await studio.run(test, as: StudioData.bob)
        Self.check(answer, test)
        if case .unknown = test.outsider {
          let nowhere = try await studio.run(test, Self.nowhere, as: StudioData.bob)
          #expect(nowhere.text == answer.text, "\(test.coordinate) tells an outsider whether the id exists")
        }
        for secret in secrets {
          #expect(
            !answer.text.contains(secret),
            "\(test.coordinate) shows an outsider \"\(secret)\": \(answer.text)")
        }
      }
      let after = try await studio.dump(of: "01900000-0000-7000-8000-000002000001")
      #expect(after.keys.sorted() == before.keys.sorted())
      for (table, rows) in before { #expect(after[table] == rows, "\(table) was changed by an outsider") }
    }
  }

  /// Ids that exist nowhere, under all the names that cases use.
  private static let nowhere: InputValue = [
    "integration": .string(StudioData.text(.integration, 77)),
    "flows": [.string(StudioData.text(.flow, 77))],
  ]

  private static func check(_ answer: Answer, _ test: RootFieldCase) {
    let context: Comment = "\(test.coordinate) answers an outsider: \(answer.text)"
    #expect(!answer.codes.contains("FORBIDDEN"), context)
    switch test.outsider {
    case .null(let path): #expect(answer[path] == .null && answer.errors.isEmpty, context)
    case .empty(let path): #expect(answer[path] == [] && answer.errors.isEmpty, context)
    case .notFound: #expect(answer.code == "NOT_FOUND", context)
    case .unknown(let code): #expect(answer.code == code, context)
    case .own: #expect(answer.errors.isEmpty, context)
    }
  }

  /// The same operations are right for the owner, so it was the ids that found nothing.
  @Test func `the owner succeeds with the same operations`() async throws {
    try await Studio.with(StudioData.all) { studio in
      for test in RootFieldCase.all {
        if test.coordinate == "Mutation.login" || test.coordinate == "Mutation.refreshToken" { continue }
        if test.coordinate == "Mutation.changePassword" { continue }
        // Ada has neither a session nor an invitation in these data.
        if test.coordinate == "Mutation.switchOrganization" { continue }
        if test.coordinate == "Mutation.acceptInvitation" { continue }
        if test.coordinate == "Subscription.executionUpdated" { continue }
        // No service signs anybody in, and no run waits for anybody.
        if test.coordinate.hasSuffix("IntegrationOAuth") { continue }
        if test.coordinate == "Mutation.decideApproval" { continue }
        // No service has told Ada's trigger a secret.
        if test.coordinate == "Mutation.revealTriggerSecret" { continue }
        let answer = try await studio.run(test, as: StudioData.ada)
        #expect(answer.errors.isEmpty, "\(test.coordinate): \(answer.text)")
        if case .null(let path) = test.outsider { #expect(answer[path] != .null, "\(test.coordinate)") }
        if case .empty(let path) = test.outsider { #expect(answer[path] != [], "\(test.coordinate)") }
      }
    }
  }

  /// Tables that belong to an organization: a statement that names one demands the organization.
  private static let tenantTables = [
    "integrations", "automation_flows", "automation_nodes", "automation_connections", "flow_versions",
    "execution_logs", "node_execution_logs", "execution_events", "execution_queue", "memberships",
    "workbenches", "workbench_flows", "webhooks", "webhook_deliveries", "api_keys", "flow_triggers",
    "trigger_fires", "trigger_events", "trigger_items",
    "trigger_deliveries",
    "idempotency_keys", "invitations", "audit_events",
  ]

  @Test func `every statement about an organization's rows carries the organization`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let start = studio.statements.entries.count
      for test in RootFieldCase.all { _ = try await studio.run(test, as: StudioData.ada) }
      var checked = 0
      for entry in studio.statements.entries[start...] {
        let words = entry.sql.split { !$0.isLetter && $0 != "_" }
        guard words.contains(where: { Self.tenantTables.contains(String($0)) }) else { continue }
        checked += 1
        #expect(words.contains("organization_id"), "\(entry.label): \(entry.sql)")
      }
      #expect(checked > 40)
    }
  }

  @Test func `node and nodes find each type for its owner alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let schema = studio.engine.executable.schema
      let node = try #require(schema.type(named: "Node"))
      let types = schema.possibleTypes(of: node).map(schema.name)
      #expect(Set(types) == Set(Self.nodes.keys))
      let one = "query ($id: ID!) { node(id: $id) { __typename id } }"
      for (type, id) in Self.nodes {
        let owner = try await studio.run(one, ["id": .string(id)], as: StudioData.ada)
        #expect(owner["data.node"] == ["__typename": .string(type), "id": .string(id)])
        let outsider = try await studio.run(one, ["id": .string(id)], as: StudioData.bob)
        #expect(outsider.text == #"{"data":{"node":null}}"#)
      }
      let ids = InputValue.list(Self.nodes.values.map { .string($0) })
      let all = try await studio.run(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ["ids": ids], as: StudioData.bob)
      #expect(all["data.nodes"] == .list(Self.nodes.map { _ in .null }))
    }
  }

  private static let nodes = [
    "User": StudioData.text(.user, 1), "Organization": StudioData.text(.organization, 1),
    "Integration": StudioData.text(.integration, 1), "AutomationFlow": StudioData.text(.flow, 1),
    "FlowVersion": StudioData.text(.version, 1), "AutomationNode": StudioData.text(.node, 1),
    "AutomationConnection": StudioData.text(.connection, 1), "ExecutionLog": StudioData.text(.execution, 1),
    "NodeExecutionLog": StudioData.text(.nodeLog, 1), "Workbench": StudioData.text(.workbench, 1),
    "Session": StudioData.text(.session, 1), "Webhook": StudioData.text(.webhook, 1),
    "WebhookDelivery": StudioData.text(.delivery, 1), "FlowTrigger": StudioData.text(.trigger, 1),
    "TriggerDelivery": StudioData.text(.triggerDelivery, 1),
    "Membership": StudioData.text(.membership, 1), "Invitation": StudioData.text(.invitation, 1),
    "AuditEvent": StudioData.text(.auditEvent, 1), "ApiKey": StudioData.text(.apiKey, 1),
  ]

  /// Ids of another organization given inside one's own objects.
  @Test func `foreign ids inside own objects are unknown`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let own: InputValue = .string(StudioData.text(.node, 9))
      for number in [1, 77] {
        let connect = try await studio.run(
          """
          mutation ($from: ID!, $to: ID!) { connectNodes(input: { fromNodeId: $from, toNodeId: $to }) \
          { connection { id } } }
          """, ["from": own, "to": .string(StudioData.text(.node, number))], as: StudioData.bob)
        #expect(connect.code == "BAD_USER_INPUT")
        #expect(connect.message == "toNodeId names a node that is not in the same flow.")
        let assign = try await studio.run(
          """
          mutation ($id: ID!, $to: ID!) { updateNode(input: { id: $id, integrationId: $to }) { node { id } } }
          """,
          ["id": own, "to": .string(StudioData.text(.integration, number))], as: StudioData.bob)
        #expect(assign.code == "BAD_USER_INPUT")
        #expect(assign.message == "integrationId names something that does not exist.")
      }
    }
  }

  /// A row vanishes, or was made by hand: what a flow of one's own points to is still read with the
  /// organization.
  @Test func `a member of two organizations sees the one of the token`() async throws {
    try await Studio.with(StudioData.all) { studio in
      var labs = StudioData.ada
      labs.organizationID = StudioData.id(.organization, 2)
      let answer = try await studio.run(
        """
        query ($id: ID!) { flow(id: $id) { name } flows { totalCount } viewer { organization { name } \
        user { flows { totalCount } } } }
        """,
        ["id": .string(StudioData.text(.flow, 1))], as: labs)
      #expect(answer["data.flow"] == .null)
      #expect(answer["data.flows.totalCount"] == 0)
      #expect(answer.string("data.viewer.organization.name") == "Alpha Labs")
    }
  }
}

extension Studio {
  /// All rows of an organization and its people, by table.
  func dump(of organization: String) async throws -> [String: String] {
    let tables = try await text(
      """
      SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name = 'organization_id'
      """)
    var rows: [String: String] = [:]
    for table in tables.split(separator: " ") {
      rows[String(table)] = try await text(
        """
        SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM \(table) t
        WHERE organization_id = '\(organization)'
        """
      )
    }
    for (table, condition) in [("users", "id < id(1, 9)"), ("organizations", "id < id(2, 9)")] {
      rows[table] = try await text(
        "SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM \(table) t WHERE \(condition)")
    }
    return rows
  }

  /// Names and ids that only Ada's organization may see.
  func alphasTexts() async throws -> [String] {
    let names = try await text(
      """
      SELECT string_agg(DISTINCT name, '|') FROM (
        SELECT name FROM automation_flows WHERE organization_id = id(2, 1)
        UNION SELECT name FROM integrations WHERE organization_id = id(2, 1)
        UNION SELECT name FROM workbenches WHERE organization_id = id(2, 1)
        UNION SELECT url FROM webhooks WHERE organization_id = id(2, 1)
        UNION SELECT name FROM api_keys WHERE organization_id = id(2, 1)
        UNION SELECT email FROM invitations WHERE organization_id = id(2, 1)
        UNION SELECT title FROM automation_nodes WHERE organization_id = id(2, 1)
        UNION SELECT email FROM users WHERE id < id(1, 9)) names
      """)
    let ids: [String] = (1...8).flatMap { number in
      [
        StudioData.text(.user, number), StudioData.text(.organization, number),
        StudioData.text(.integration, number),
        StudioData.text(.flow, number), StudioData.text(.node, number), StudioData.text(.connection, number),
        StudioData.text(.execution, number), StudioData.text(.nodeLog, number),
        StudioData.text(.workbench, number), StudioData.text(.session, number),
        StudioData.text(.webhook, number), StudioData.text(.delivery, number),
        StudioData.text(.apiKey, number), StudioData.text(.membership, number),
        StudioData.text(.invitation, number), StudioData.text(.auditEvent, number),
        StudioData.text(.trigger, number), StudioData.text(.triggerDelivery, number),
      ]
    }
    return names.split(separator: "|").map(String.init) + ids
  }
}
