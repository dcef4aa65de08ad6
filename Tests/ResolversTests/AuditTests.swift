import GraphQLEngine
import Resolvers
import Schema
import Secrets
import Storage
import Testing

/// The audit log: every mutation is in it, with its change or not at all, and without secrets.
@Suite struct AuditTests {
  /// Those that are refused in these data whoever asks: what a refused sign-in leaves is tested apart.
  private static let refused: Set<String> = [
    "Mutation.refreshToken", "Mutation.changePassword", "Mutation.switchOrganization",
    "Mutation.acceptInvitation",
    // Nobody signs in at a service here, no service gives a secret, and no run waits: what they leave is
    // tested from outside.
    "Mutation.startIntegrationOAuth", "Mutation.finishIntegrationOAuth", "Mutation.decideApproval",
    "Mutation.revealTriggerSecret",
  ]

  private static let count = "SELECT count(*)::text FROM audit_events"

  /// The newest event: action, outcome, object's type, user.
  private static let newest = """
    SELECT concat_ws(' ', action, outcome, coalesce(object_type, '-'), coalesce(user_id::text, '-'))
    FROM audit_events ORDER BY id DESC LIMIT 1
    """

  @Test func `every mutation of the schema leaves one event`() async throws {
    try await Studio.with(StudioData.all) { studio in
      var actions: Set<String> = []
      for test in RootFieldCase.all where test.coordinate.hasPrefix("Mutation.") {
        let before = try await studio.text(Self.count)
        let answer = try await studio.run(
          test, test.coordinate == "Mutation.login" ? [:] : nil, as: StudioData.ada)
        let after = try await studio.text(Self.count)
        let isRefused = Self.refused.contains(test.coordinate)
        #expect(answer.errors.isEmpty != isRefused, "\(test.coordinate): \(answer.text)")
        let leaves = !isRefused || answer.codes == ["UNAUTHENTICATED"]
        #expect(
          Int(after) == Int(before).map { $0 + (leaves ? 1 : 0) },
          "\(test.coordinate) left \(before) → \(after)")
        guard !isRefused else { continue }
        let action = String(test.coordinate.dropFirst("Mutation.".count))
        actions.insert(action)
        let event = try await studio.text(Self.newest).split(separator: " ").map(String.init)
        #expect(event.prefix(2) == [action, "success"], "\(test.coordinate): \(event)")
        // A logout that ended nothing is about nothing.
        #expect((event[2] == "-") == (action == "logout"), "\(test.coordinate) says not what it changed")
      }
      let declared = RootFieldCase.declared(in: studio.engine.executable.schema).keys
      let missing = Set(declared.filter { $0.hasPrefix("Mutation.") }).subtracting(Self.refused)
        .subtracting(actions.map { "Mutation.\($0)" })
      #expect(missing == [])
    }
  }

  @Test func `an event has the object before and after, and who, where and when`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let origin = RequestOrigin(address: "203.0.113.7", userAgent: "robot/1", requestID: "abc")
      let id: InputValue = .string(StudioData.text(.flow, 1))
      var viewer = StudioData.ada
      viewer.apiKey = Viewer.KeyInUse(id: StudioData.id(.apiKey, 1), scopes: Set(ApiKeyScope.allCases))
      let updated = try await RequestOrigin.$current.withValue(origin) {
        try await studio.run(
          "mutation ($id: ID!) { updateFlow(input: { id: $id, name: \"Renamed\" }) { flow { revision } } }",
          ["id": id], as: viewer)
      }
      #expect(updated.errors.isEmpty, "\(updated.text)")
      let log = try await studio.run(
        """
        query ($id: ID!) { auditLog(first: 1, filter: { objectId: $id }) { totalCount nodes { action outcome \
        actor { name } actorId apiKey { name } apiKeyId objectType objectId before after address userAgent \
        requestId } } }
        """, ["id": id], as: StudioData.ada)
      let event = log["data.auditLog.nodes.0"]
      #expect(log["data.auditLog.totalCount"] == 1, "\(log.text)")
      let expected: [String: InputValue] = [
        "action": "updateFlow", "outcome": "SUCCESS", "actor": ["name": "Ada"],
        "actorId": .string(StudioData.text(.user, 1)), "apiKey": ["name": "Warehouse robot"],
        "apiKeyId": .string(StudioData.text(.apiKey, 1)), "objectType": "flow", "objectId": id,
        "address": "203.0.113.7", "userAgent": "robot/1", "requestId": "abc",
      ]
      for (name, value) in expected { #expect(event?[name] == value, "\(name): \(log.text)") }
      #expect(log.string("data.auditLog.nodes.0.before.name") == "Orders")
      #expect(log.string("data.auditLog.nodes.0.after.name") == "Renamed")
      #expect(log["data.auditLog.nodes.0.after.revision"] == 4)
      #expect(log["data.auditLog.nodes.0.after.connections"] == 6)
      #expect(log["data.auditLog.nodes.0.after.nodes"]?.list?.count == 7)
    }
  }

  @Test func `what is created and deleted has one side alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let made = try await studio.run(
        "mutation { createWorkbench(input: { name: \"Desk\" }) { workbench { id } } }", as: StudioData.ada)
      let id = made["data.createWorkbench.workbench.id"] ?? .null
      _ = try await studio.run(
        "mutation ($id: ID!) { deleteWorkbench(input: { id: $id }) { deletedId } }", ["id": id],
        as: StudioData.ada)
      let log = try await studio.run(
        "query ($id: ID!) { auditLog(filter: { objectId: $id }) { nodes { action before after } } }",
        ["id": id], as: StudioData.ada)
      #expect(log.strings("data.auditLog.nodes", "action") == ["deleteWorkbench", "createWorkbench"])
      #expect(log.string("data.auditLog.nodes.0.before.name") == "Desk")
      #expect(log["data.auditLog.nodes.0.after"] == .null)
      #expect(log["data.auditLog.nodes.1.before"] == .null)
      #expect(log.string("data.auditLog.nodes.1.after.name") == "Desk")
    }
  }

  @Test func `a mutation that fails changes nothing and leaves no event`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let before = try await studio.text(Self.count)
      let stale = try await studio.run(
        "mutation ($id: ID!) { updateFlow(input: { id: $id, name: \"x\", expectedRevision: 1 }) { flow { id } } }",
        ["id": .string(StudioData.text(.flow, 1))], as: StudioData.ada)
      #expect(stale.code == "CONFLICT")
      let gone = try await studio.run(
        "mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }",
        ["id": .string(StudioData.text(.apiKey, 77))], as: StudioData.ada)
      #expect(gone.code == "NOT_FOUND")
      #expect(try await studio.text(Self.count) == before)
    }
  }

  @Test func `without its event a change is not made`() async throws {
    try await Studio.with(StudioData.all) { studio in
      try await studio.script("ALTER TABLE audit_events ADD CONSTRAINT broken CHECK (action <> 'setTheme')")
      let answer = try await studio.run(
        "mutation { setTheme(input: { theme: MINT_VOLTAGE }) { user { id } } }", as: StudioData.ada)
      #expect(!answer.errors.isEmpty)
      #expect(try await studio.text("SELECT theme FROM users WHERE id = id(1, 1)") == "copper-tide")
    }
  }

  @Test func `refused sign-ins are events, of unknown addresses too`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let registered = try await studio.run(AccountTests.register, ["input": AccountTests.ada], as: nil)
      #expect(registered.errors.isEmpty, "\(registered.text)")
      for email in ["ada.l@example.test", "nobody@example.com"] {
        let answer = try await studio.run(
          AccountTests.login, AccountTests.login(email, "wrong password"), as: nil)
        #expect(answer.code == "UNAUTHENTICATED", "\(answer.text)")
      }
      let events = try await studio.text(
        """
        SELECT string_agg(concat_ws(' ', after->>'email', user_id IS NOT NULL,
          organization_id = '00000000-0000-0000-0000-000000000000'), '; ' ORDER BY id)
        FROM audit_events WHERE action = 'login' AND outcome = 'failure'
        """)
      #expect(events == "ada.l@example.test t f; nobody@example.com f t")
    }
  }

  @Test func `no secret is in the log`() async throws {
    try await Studio.with(StudioData.all) { studio in
      var secrets = ["xoxb-12345678", "correct horse", "$2b$"]
      for test in RootFieldCase.all where test.coordinate.hasPrefix("Mutation.") {
        let answer = try await studio.run(test, as: StudioData.ada)
        for path in ["createApiKey.secret", "createWebhook.secret", "inviteMember.token"] {
          if let secret = answer.string("data.\(path)") { secrets.append(secret) }
        }
      }
      let log = try await studio.text("SELECT string_agg(e::text, '\n') FROM audit_events e")
      for secret in secrets { #expect(!log.contains(secret), "\(secret) is in the log") }
      for column in [
        "password_hash", "credentials", "key_hash", "token_hash", "\"secret\"", "\"old_secret\"",
      ] {
        #expect(!log.contains(column), "\(column) is in the log")
      }
    }
  }

  @Test func `the log is read by admins, and by keys with the scope`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let log = "query ($f: AuditLogFilter) { auditLog(filter: $f) { totalCount nodes { id } } }"
      let eve = try await studio.run(log, as: StudioData.eve)
      #expect(eve.codes == ["FORBIDDEN"])
      var robot = StudioData.ada
      robot.apiKey = Viewer.KeyInUse(id: StudioData.id(.apiKey, 1), scopes: [.read])
      let node = "query ($id: ID!) { node(id: $id) { id } }"
      let id: InputValue = .string(StudioData.text(.auditEvent, 1))
      let hidden = try await studio.run(node, ["id": id], as: robot)
      #expect(hidden["data.node"] == .null)
      robot.apiKey?.scopes = [.auditRead]
      let seen = try await studio.run(node, ["id": id], as: robot)
      #expect(seen["data.node.id"] == id)
      for (filter, count) in [
        (["actorId": .string(StudioData.text(.user, 1))], 1),
        (["actorId": .string(StudioData.text(.user, 2))], 0),
        (["apiKeyId": .string(StudioData.text(.apiKey, 1))], 0), (["action": "createFlow"], 1),
        (["action": "deleteFlow"], 0), (["outcome": "FAILURE"], 0),
        (["from": "2026-03-01T08:01:37Z", "until": "2026-03-01T08:01:38Z"], 1),
        (["from": "2026-03-01T08:01:38Z"], 0),
      ] as [(InputValue, Int)] {
        let answer = try await studio.run(log, ["f": filter], as: StudioData.ada)
        #expect(answer["data.auditLog.totalCount"] == .int(count), "\(filter): \(answer.text)")
      }
      let wrong = try await studio.run(log, ["f": ["objectId": "nonsense"]], as: StudioData.ada)
      #expect(wrong.code == "BAD_USER_INPUT" && wrong.field == "filter.objectId")
    }
  }
}
