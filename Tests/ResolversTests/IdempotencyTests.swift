import GraphQLEngine
import Resolvers
import Testing

/// A mutation with an `idempotencyKey` is executed once, and its answer given again.
@Suite struct IdempotencyTests {
  private static let createFlow = """
    mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id name nodes { key } } } }
    """
  private static let execute = """
    mutation ($input: ExecuteFlowInput!) { executeFlow(input: $input) { execution { id } } }
    """
  private static let createWebhook = """
    mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } secret } }
    """

  private static func flow(_ key: String, name: String = "Once") -> InputValue {
    [
      "input": [
        "name": .string(name), "intention": "I", "idempotencyKey": .string(key),
        "nodes": [["key": "a", "title": "A", "kind": "TRIGGER", "config": ["x": 1, "y": 2]]],
      ]
    ]
  }

  private func count(_ studio: Studio, _ table: String) async throws -> String {
    try await studio.text("SELECT count(*)::text FROM \(table)")
  }

  @Test func `a repetition gives the first answer and changes nothing`() async throws {
    try await Studio.with { studio in
      let first = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      #expect(first.errors.isEmpty, "\(first.text)")
      let again = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      #expect(again.text == first.text)
      #expect(try await count(studio, "automation_flows") == "1")
      let reordered: InputValue = [
        "input": [
          "nodes": [["kind": "TRIGGER", "config": ["y": 2, "x": 1], "title": "A", "key": "a"]],
          "idempotencyKey": "k", "intention": "I", "name": "Once",
        ]
      ]
      #expect(try await studio.run(Self.createFlow, reordered, as: StudioData.eve).text == first.text)
      let other = try await studio.run(Self.createFlow, Self.flow("k2"), as: StudioData.eve)
      #expect(other.errors.isEmpty && other.text != first.text)
    }
  }

  @Test func `the same key for something else is a conflict`() async throws {
    try await Studio.with(StudioData.all) { studio in
      _ = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      let renamed = try await studio.run(Self.createFlow, Self.flow("k", name: "Two"), as: StudioData.eve)
      #expect(renamed.code == "CONFLICT" && renamed.field == "idempotencyKey", "\(renamed.text)")
      let flow: InputValue = .string(StudioData.text(.flow, 1))
      let run = try await studio.run(
        Self.execute, ["input": ["flowId": flow, "idempotencyKey": "k"]], as: StudioData.eve)
      #expect(run.code == "CONFLICT" && run.field == "idempotencyKey", "\(run.text)")
      // Somebody else's keys are their own.
      let ada = try await studio.run(Self.createFlow, Self.flow("k", name: "Two"), as: StudioData.ada)
      let bob = try await studio.run(Self.createFlow, Self.flow("k", name: "Three"), as: StudioData.bob)
      #expect(ada.errors.isEmpty && bob.errors.isEmpty)
      for key in ["", String(repeating: "k", count: 256)] {
        let refused = try await studio.run(Self.createFlow, Self.flow(key), as: StudioData.eve)
        #expect(refused.code == "BAD_USER_INPUT" && refused.field == "idempotencyKey", "\(refused.text)")
      }
    }
  }

  @Test func `what failed may be tried again under its key`() async throws {
    try await Studio.with { studio in
      let failed = try await studio.run(Self.createFlow, Self.flow("k", name: ""), as: StudioData.eve)
      #expect(failed.code == "BAD_USER_INPUT" && failed.field == "name")
      #expect(try await count(studio, "idempotency_keys") == "0")
      let good = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      #expect(good.errors.isEmpty)
    }
  }

  @Test func `a run is accepted once, with its key in the same transaction`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let flow: InputValue = .string(StudioData.text(.flow, 1))
      let input: InputValue = ["input": ["flowId": flow, "input": ["a": 1], "idempotencyKey": "k"]]
      let before = try await count(studio, "execution_logs")
      let (first, statements) = try await studio.recorded(Self.execute, input, as: StudioData.otto)
      #expect(first.errors.isEmpty, "\(first.text)")
      let labels = statements.map(\.label)
      let commit = try #require(labels.firstIndex(of: "commit"))
      for label in ["take_idempotency_key", "enqueue_run", "answer_idempotency_key"] {
        let place = try #require(labels.firstIndex(of: label), "\(label) in \(labels)")
        #expect(place < commit)
      }
      #expect(labels.filter { $0 == "commit" }.count == 1 && labels.filter { $0 == "begin" }.count == 1)
      #expect(try await studio.run(Self.execute, input, as: StudioData.otto).text == first.text)
      #expect(Int(try await count(studio, "execution_logs")) == Int(before).map { $0 + 1 })
    }
  }

  @Test func `a change that cannot be stored takes no key, and no change stays without its key`() async throws
  {
    try await Studio.with { studio in
      try await studio.script(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION refuse();
        """)
      let refused = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      #expect(refused.code == "INTERNAL", "\(refused.text)")
      #expect(try await count(studio, "automation_flows") == "0")
      #expect(try await count(studio, "automation_nodes") == "0")
      #expect(try await count(studio, "idempotency_keys") == "0")
    }
  }

  @Test func `a secret is given again to whom it was given, and lies sealed`() async throws {
    try await Studio.with { studio in
      let input: InputValue = [
        "input": ["url": "https://x.test/", "eventTypes": ["FLOW_CREATED"], "idempotencyKey": "k"]
      ]
      let first = try await studio.run(Self.createWebhook, input, as: StudioData.eve)
      let secret = try #require(first.string("data.createWebhook.secret"))
      #expect(try await studio.run(Self.createWebhook, input, as: StudioData.eve).text == first.text)
      let stored = try await studio.text(
        """
        SELECT encode(answer, 'escape') || (SELECT string_agg(w::text, '') FROM webhooks w) \
        FROM idempotency_keys
        """
      )
      #expect(!stored.contains(secret) && !stored.contains("whsec_"))
    }
  }

  @Test func `an organization is made once`() async throws {
    try await Studio.with { studio in
      let text = """
        mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id name } } }
        """
      let input: InputValue = ["input": ["name": "Twice", "idempotencyKey": "k"]]
      let before = try await count(studio, "organizations")
      let first = try await studio.run(text, input, as: StudioData.eve)
      #expect(first.errors.isEmpty, "\(first.text)")
      #expect(try await studio.run(text, input, as: StudioData.eve).text == first.text)
      #expect(Int(try await count(studio, "organizations")) == Int(before).map { $0 + 1 })
      #expect(
        try await studio.text("SELECT count(*)::text FROM audit_events WHERE action = 'createOrganization'")
          == "1")
    }
  }

  @Test func `somebody is invited once, and the token given again`() async throws {
    try await Studio.with { studio in
      let text = """
        mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { token invitation { id email } } }
        """
      let input: InputValue = ["input": ["email": "new@example.com", "idempotencyKey": "k"]]
      let first = try await studio.run(text, input, as: StudioData.ada)
      let token = try #require(first.string("data.inviteMember.token"), "\(first.text)")
      #expect(try await studio.run(text, input, as: StudioData.ada).text == first.text)
      #expect(try await count(studio, "invitations") == "1")
      let stored = try await studio.text("SELECT encode(answer, 'escape') FROM idempotency_keys")
      #expect(!stored.contains(token))
      let other = try await studio.run(
        text, ["input": ["email": "other@example.com", "idempotencyKey": "k"]], as: StudioData.ada)
      #expect(other.code == "CONFLICT" && other.field == "idempotencyKey")
    }
  }

  @Test func `what a key has made and is deleted is no answer any more`() async throws {
    try await Studio.with { studio in
      let first = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      let flow = try #require(first.string("data.createFlow.flow.id"), "\(first.text)")
      let deleted = try await studio.run(
        "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }", ["id": .string(flow)],
        as: StudioData.eve)
      #expect(deleted.errors.isEmpty, "\(deleted.text)")
      let again = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      #expect(again.code == "CONFLICT" && again.field == "idempotencyKey", "\(again.text)")
      let other = try await studio.run(Self.createFlow, Self.flow("k2"), as: StudioData.eve)
      #expect(other.errors.isEmpty, "\(other.text)")
    }
  }

  @Test func `a key is forgotten after a day`() async throws {
    try await Studio.with { studio in
      let first = try await studio.run(Self.createFlow, Self.flow("k"), as: StudioData.eve)
      try await studio.script("UPDATE idempotency_keys SET expires_at = now()")
      let next = try await studio.run(Self.createFlow, Self.flow("k", name: "Two"), as: StudioData.eve)
      #expect(next.errors.isEmpty && next.text != first.text)
      #expect(try await count(studio, "automation_flows") == "2")
    }
  }
}
