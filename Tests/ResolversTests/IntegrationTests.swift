import GraphQLEngine
import Resolvers
import Secrets
import Testing

/// Connecting accounts of services: what is stored is sealed, and nobody sees it again.
@Suite struct IntegrationTests {
  static let create = """
    mutation ($input: CreateIntegrationInput!) { createIntegration(input: $input) { integration {
      id name category type capabilities isConnected lastCheckedAt revision connector { name } creator {
        name } } } }
    """
  static let update = """
    mutation ($input: UpdateIntegrationInput!) { updateIntegration(input: $input) { integration { name
      revision } } }
    """
  static let delete = """
    mutation ($input: DeleteIntegrationInput!) { deleteIntegration(input: $input) { deletedId } }
    """

  private static func slack(_ credentials: InputValue, name: String = "Chat") -> InputValue {
    ["input": ["type": "slack", "name": .string(name), "credentials": credentials]]
  }

  @Test func `credentials are sealed for their row, and are in no answer and no log`() async throws {
    let secret = "xoxb-SECRET-of-the-team"
    try await Studio.with { studio in
      let created = try await studio.run(
        Self.create, Self.slack(["token": .string(secret)]), as: StudioData.eve)
      #expect(created.errors.isEmpty, "\(created.text)")
      #expect(created.string("data.createIntegration.integration.creator.name") == "Eve")
      #expect(created.string("data.createIntegration.integration.category") == "MESSAGING")
      let capabilities = created["data.createIntegration.integration.capabilities"]
      #expect(capabilities == ["send_message", "list_channels"])
      let id = try #require(created.string("data.createIntegration.integration.id"))

      let rows = try await studio.database.query(
        .init("test", "SELECT id, credentials FROM integrations WHERE organization_id = id(2, 1)"))
      let row = try #require(rows.uuid(0, 0))
      let sealed = try #require(rows.byteArray(0, 1))
      let context = SecretContext(
        purpose: "integration",
        organization: UUIDv7(
          high: StudioData.ada.organizationID.high, low: StudioData.ada.organizationID.low),
        row: UUIDv7(high: row.high, low: row.low))
      let opened = try studio.services.secrets.open(sealed, for: context)
      #expect(String(decoding: opened, as: UTF8.self) == "{\"token\":\"\(secret)\"}")
      #expect(!String(decoding: sealed, as: UTF8.self).contains(secret))

      let answers = [
        created,
        try await studio.run(
          Self.create, Self.slack(["token": .string(secret)], name: "Chat"), as: StudioData.eve),
        try await studio.run(
          Self.create, Self.slack(["token": .string(secret), "x": .string(secret)], name: "Two"),
          as: StudioData.eve
        ),
        try await studio.run(Self.create, Self.slack(.string(secret), name: "Two"), as: StudioData.eve),
        try await studio.run(
          Self.update, ["input": ["id": .string(id), "credentials": ["workspace": .string(secret)]]],
          as: StudioData.eve),
        try await studio.run(
          Self.update,
          ["input": ["id": .string(id), "credentials": ["token": .string(secret)], "expectedRevision": 9]],
          as: StudioData.eve),
        try await studio.run(
          "{ integrations { nodes { id name connector { credentialsSchema } } } }", as: StudioData.ada),
        try await studio.run(
          "query ($id: ID!) { node(id: $id) { ... on Integration { name type } } }", ["id": .string(id)],
          as: StudioData.ada),
      ]
      for answer in answers { #expect(!answer.text.contains(secret), "\(answer.text)") }
      #expect(!studio.log.text.contains(secret))
      #expect(!studio.statements.entries.contains { $0.sql.contains(secret) })
      let leaves = studio.engine.executable.schema
      let integration = try #require(leaves.type(named: "Integration"))
      #expect(leaves.field(named: "credentials", in: integration) == nil)
    }
  }

  static let refused: [(type: String, credentials: InputValue, message: String, field: String)] = [
    ("fax", [:], "There is no connector of the type \"fax\".", "type"),
    ("slack", [], "credentials must be of type object.", "credentials"),
    ("slack", [:], "credentials.token is required.", "credentials.token"),
    ("slack", ["token": 12_345_678], "credentials.token must be of type string.", "credentials.token"),
    ("slack", ["token": "short"], "credentials.token must have 8 to 10000 characters.", "credentials.token"),
    (
      "slack", ["token": "long enough", "tokn": ""], "credentials.tokn is unknown.",
      "credentials.tokn"
    ),
    (
      "stripe", ["key": "k", "mode": "dream"], "credentials.mode is none of the allowed values.",
      "credentials.mode"
    ),
    (
      "stripe", ["key": "k", "retries": 1.5], "credentials.retries must be of type integer.",
      "credentials.retries"
    ),
    ("slack", ["token": "with \0 inside"], "credentials must not contain the character NUL.", "credentials"),
  ]

  @Test func `credentials that the connector does not take are refused with their field`() async throws {
    try await Studio.with { studio in
      for (type, credentials, message, field) in Self.refused {
        let input: InputValue = ["type": .string(type), "name": "New", "credentials": credentials]
        let answer = try await studio.run(Self.create, ["input": input], as: StudioData.eve)
        #expect(
          answer.code == "BAD_USER_INPUT" && answer.message == message && answer.field == field,
          "\(answer.text)")
      }
      #expect(try await studio.text("SELECT count(*)::text FROM integrations") == "0")
      // The six characters of an escape are no NUL.
      let escape: InputValue = ["token": "with \\u0000 inside"]
      let fine = try await studio.run(Self.create, Self.slack(escape), as: StudioData.eve)
      #expect(fine.errors.isEmpty, "\(fine.text)")
      let big: InputValue = ["key": .string(String(repeating: "k", count: 300_000))]
      let answer = try await studio.run(
        Self.create, ["input": ["type": "github", "name": "Big", "credentials": big]], as: StudioData.eve)
      #expect(answer.message == "credentials may have 262144 bytes at most.")
    }
  }

  @Test func `a name is taken once for each type`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let taken = try await studio.run(
        Self.create, Self.slack(["token": "long enough"], name: "Team chat"), as: StudioData.eve)
      #expect(taken.code == "CONFLICT" && taken.field == "name", "\(taken.text)")
      let other = try await studio.run(
        Self.create, Self.slack(["token": "long enough"], name: "Team chat"), as: StudioData.bob)
      #expect(other.errors.isEmpty, "another organization has names of its own")
      let id: InputValue = .string(StudioData.text(.integration, 3))
      let renamed = try await studio.run(
        Self.update, ["input": ["id": id, "name": "Cellar"]], as: StudioData.eve)
      #expect(renamed["data.updateIntegration.integration"] == ["name": "Cellar", "revision": 2])
      let stale = try await studio.run(
        Self.update, ["input": ["id": id, "name": "Loft", "expectedRevision": 1]], as: StudioData.eve)
      #expect(stale.code == "CONFLICT" && stale.field == "expectedRevision")
      #expect(stale.message == "The integration was changed by somebody else: it is at revision 2 now.")
    }
  }

  @Test func `an integration in use is deleted by force alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let id: InputValue = .string(StudioData.text(.integration, 1))
      let refused = try await studio.run(Self.delete, ["input": ["id": id]], as: StudioData.eve)
      #expect(refused.code == "CONFLICT")
      #expect(refused.message == "The integration is in use by: Orders.")
      let forced = try await studio.run(
        Self.delete, ["input": ["id": id, "force": true]], as: StudioData.eve)
      #expect(forced["data.deleteIntegration.deletedId"] == id)
      let node = try await studio.run(
        "query ($id: ID!) { node(id: $id) { ... on AutomationNode { key integration { name } } } }",
        ["id": .string(StudioData.text(.node, 6))], as: StudioData.eve)
      #expect(node["data.node"] == ["key": "tell", "integration": .null])
      let gone = try await studio.run(Self.delete, ["input": ["id": id]], as: StudioData.eve)
      #expect(gone.code == "NOT_FOUND")
    }
  }
}
