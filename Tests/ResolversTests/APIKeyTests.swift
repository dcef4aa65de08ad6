import GraphQLEngine
import Resolvers
import Schema
import Secrets
import Testing

/// API keys as a client sees them, and what they open.
@Suite struct APIKeyTests {
  private static let create = """
    mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id name hint role \
    scopes isActive lastUsedAt expiresAt previousValidUntil creator { name } } } }
    """

  private static func robot(_ scopes: Set<ApiKeyScope>, _ role: Role = .owner) -> Viewer {
    var viewer = StudioData.ada
    viewer.role = role
    viewer.apiKey = Viewer.KeyInUse(id: StudioData.id(.apiKey, 1), scopes: scopes)
    return viewer
  }

  @Test func `a key is made, shown once, rotated and revoked`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let made = try await studio.run(
        Self.create,
        [
          "input": [
            "name": "Robot", "role": "EDITOR", "scopes": ["FLOWS_WRITE", "READ", "READ"],
            "expiresAt": "2126-01-01T00:00:00Z",
          ]
        ], as: StudioData.ada)
      let secret = try #require(made.string("data.createApiKey.secret"), "\(made.text)")
      let id = try #require(made.string("data.createApiKey.apiKey.id"))
      let token = try #require(OpaqueToken(secret, kind: .apiKey))
      #expect(id.hasPrefix("key_") && token.owner.high == StudioData.ada.organizationID.high)
      #expect(
        made["data.createApiKey.apiKey"] == [
          "id": .string(id), "name": "Robot", "hint": .string("studio_key_…" + secret.suffix(4)),
          "role": "EDITOR", "scopes": ["READ", "FLOWS_WRITE"], "isActive": true, "lastUsedAt": .null,
          "expiresAt": "2126-01-01T00:00:00.000Z", "previousValidUntil": .null,
          "creator": ["name": "Ada"],
        ])
      let stored = try await studio.text("SELECT string_agg(k::text, '') FROM api_keys k")
      #expect(!stored.contains(secret.suffix(40)))
      let rotated = try await studio.run(
        """
        mutation ($id: ID!) { rotateApiKey(input: { id: $id, graceSeconds: 60 }) { secret \
        apiKey { id previousValidUntil } } }
        """, ["id": .string(id)], as: StudioData.ada)
      #expect(rotated.string("data.rotateApiKey.secret") != secret)
      #expect(rotated["data.rotateApiKey.apiKey.previousValidUntil"] != .null)
      let revoke = "mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { isActive } } }"
      let revoked = try await studio.run(revoke, ["id": .string(id)], as: StudioData.ada)
      #expect(revoked["data.revokeApiKey.apiKey.isActive"] == false)
      let again = try await studio.run(revoke, ["id": .string(id)], as: StudioData.ada)
      #expect(again.code == "NOT_FOUND" && again.message == "There is no API key with this id.")
    }
  }

  @Test func `keys are listed for admins alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let list = "query ($f: ApiKeyFilter) { apiKeys(filter: $f) { totalCount nodes { name lastUsedAt } } }"
      let all = try await studio.run(list, as: StudioData.ada)
      #expect(all.strings("data.apiKeys.nodes", "name") == ["Retired robot", "Warehouse robot"])
      let active = try await studio.run(
        list, ["f": ["isActive": true, "search": "robot"]], as: StudioData.ada)
      #expect(active["data.apiKeys.totalCount"] == 1, "\(active.text)")
      let node = "query ($id: ID!) { node(id: $id) { id ... on ApiKey { hint } } }"
      let id: InputValue = .string(StudioData.text(.apiKey, 1))
      let seen = try await studio.run(node, ["id": id], as: StudioData.ada)
      #expect(seen.string("data.node.hint") == "studio_key_…aaaa")
      let hidden = try await studio.run(node, ["id": id], as: StudioData.eve)
      #expect(hidden["data.node"] == .null && hidden.errors.isEmpty)
    }
  }

  @Test func `what is asked of a key is checked`() async throws {
    try await Studio.with(StudioData.all) { studio in
      var admin = StudioData.ada
      admin.role = .admin
      for (input, field) in [
        (["name": ""], "name"), (["name": "x", "role": "OWNER"], "role"),
        (["name": "x", "scopes": []], "scopes"),
        (["name": "x", "expiresAt": "2020-01-01T00:00:00Z"], "expiresAt"),
      ] as [(InputValue, String)] {
        let answer = try await studio.run(Self.create, ["input": input], as: admin)
        #expect(answer.code == "BAD_USER_INPUT" && answer.field == field, "\(answer.text)")
      }
      let grace = try await studio.run(
        "mutation ($id: ID!) { rotateApiKey(input: { id: $id, graceSeconds: 604801 }) { secret } }",
        ["id": .string(StudioData.text(.apiKey, 1))], as: admin)
      #expect(grace.code == "BAD_USER_INPUT" && grace.field == "graceSeconds", "\(grace.text)")
    }
  }

  /// The walk over the whole schema: a key opens what its scopes name and nothing else.
  @Test func `a key's scopes open the fields that name them, and none opens the rest`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let declared = RootFieldCase.declared(in: studio.engine.executable.schema)
      for test in RootFieldCase.all {
        let access = try #require(declared[test.coordinate])
        switch access {
        case .public: continue
        case .authenticated, .requires(_, scope: nil):
          let answer = try await studio.run(test, as: Self.robot(Set(ApiKeyScope.allCases)))
          #expect(answer.codes == ["FORBIDDEN"], "\(test.coordinate): \(answer.text)")
          #expect(answer.message == "An API key cannot do this: sign in as a user.")
        case .requires(let role, .some(let scope)):
          let others = scope == .read ? [] : Set(ApiKeyScope.allCases).subtracting([scope])
          let without = try await studio.run(test, as: Self.robot(others, role))
          #expect(without.codes == ["FORBIDDEN"], "\(test.coordinate): \(without.text)")
          #expect(without.message == "This needs an API key with the scope \(scope.rawValue).")
        }
      }
    }
  }

  @Test func `every scope contains reading`() async throws {
    try await Studio.with(StudioData.all) { studio in
      for scope in ApiKeyScope.allCases {
        let answer = try await studio.run(
          "{ viewer { user { name } apiKey { name } organization { name } role } flows { totalCount } }",
          as: Self.robot([scope], .viewer))
        #expect(answer.errors.isEmpty, "\(answer.text)")
        #expect(answer.string("data.viewer.apiKey.name") == "Warehouse robot")
      }
      let write = try await studio.run(
        "mutation { createWorkbench(input: { name: \"By a robot\" }) { workbench { creator { name } } } }",
        as: Self.robot([.workbenchesWrite], .editor))
      #expect(write.string("data.createWorkbench.workbench.creator.name") == "Ada", "\(write.text)")
    }
  }

  @Test func `a key does not see what belongs to its creator alone`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let robot = Self.robot(Set(ApiKeyScope.allCases))
      for field in ["memberships { role }", "preferences { language }"] {
        let answer = try await studio.run("{ viewer { \(field) } }", as: robot)
        #expect(answer.codes == ["FORBIDDEN"], "\(answer.text)")
      }
      let ids: [InputValue] = [
        .string(StudioData.text(.session, 1)), .string(StudioData.text(.organization, 2)),
        .string(StudioData.text(.organization, 1)),
      ]
      let nodes = try await studio.run(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ["ids": .list(ids)], as: robot)
      #expect(nodes["data.nodes"] == [.null, .null, ["id": ids[2]]], "\(nodes.text)")
    }
  }
}
