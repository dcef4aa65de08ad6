import GraphQLEngine
import Resolvers
import Schema
import Testing

/// What users change about themselves: profile, preferences, password, sessions.
@Suite struct ProfileTests {
  private static let preferences = "preferences { language timeZone values }"
  private static let set = """
    mutation ($input: SetPreferencesInput!) { setPreferences(input: $input) { viewer { \(preferences) } } }
    """
  private static let update = """
    mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { name avatarUrl theme } } }
    """
  private static let change = """
    mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } revokedSessions } }
    """
  private static let revoke = """
    mutation ($id: ID!) { revokeSession(input: { id: $id }) { revokedId } }
    """

  private static var adaNow: Viewer {
    var viewer = StudioData.ada
    viewer.sessionID = StudioData.id(.session, 1)
    return viewer
  }

  @Test func `a profile is changed where something is given`() async throws {
    try await Studio.with { studio in
      let named = try await studio.run(Self.update, ["input": ["name": "Ada K"]], as: StudioData.ada)
      #expect(
        named["data.updateProfile.user"] == [
          "name": "Ada K", "avatarUrl": "https://alpha.test/ada.png", "theme": "COPPER_TIDE",
        ], "\(named.text)")
      let bare = try await studio.run(Self.update, ["input": ["avatarUrl": .null]], as: StudioData.ada)
      #expect(bare["data.updateProfile.user.avatarUrl"] == .null)
      #expect(bare.string("data.updateProfile.user.name") == "Ada K")
      let theme = try await studio.run(
        "mutation { setTheme(input: { theme: MINT_VOLTAGE }) { user { name theme } } }", as: StudioData.ada)
      #expect(theme["data.setTheme.user"] == ["name": "Ada K", "theme": "MINT_VOLTAGE"])
      #expect(try await studio.text("SELECT theme FROM users WHERE id = id(1, 1)") == "mint-voltage")
      #expect(try await studio.text("SELECT name FROM users WHERE id = id(1, 2)") == "Eve")
    }
  }

  @Test(
    arguments: [
      (["name": ""], "name"), (["avatarUrl": ""], "avatarUrl"), (["avatarUrl": "http://x.test"], "avatarUrl"),
      (["avatarUrl": "https://"], "avatarUrl"), (["avatarUrl": "https://x.test/\""], "avatarUrl"),
      (["avatarUrl": "javascript:alert(1)"], "avatarUrl"), (["avatarUrl": "https://x.test/ü"], "avatarUrl"),
    ] as [(InputValue, String)])
  func `a profile that cannot be is refused with its field`(input: InputValue, field: String) async throws {
    try await Studio.with { studio in
      let answer = try await studio.run(Self.update, ["input": input], as: StudioData.ada)
      #expect(answer.code == "BAD_USER_INPUT" && answer.field == field, "\(answer.text)")
    }
  }

  @Test func `preferences keep what is not given`() async throws {
    try await Studio.with { studio in
      let none = try await studio.run("{ viewer { \(Self.preferences) } }", as: StudioData.ada)
      #expect(
        none["data.viewer.preferences"] == ["language": .null, "timeZone": .null, "values": [:]],
        "\(none.text)")
      let path = "data.setPreferences.viewer.preferences"
      let first: InputValue = [
        "language": "pt-BR", "timeZone": "Europe/Paris", "values": ["gone": .null, "grid": [1, 2]],
      ]
      let given = try await studio.run(Self.set, ["input": first], as: StudioData.ada)
      #expect(given[path] == first, "\(given.text)")
      let second = try await studio.run(Self.set, ["input": ["language": .null]], as: StudioData.ada)
      #expect(
        second[path] == [
          "language": .null, "timeZone": "Europe/Paris", "values": ["gone": .null, "grid": [1, 2]],
        ], "\(second.text)")
      let third = try await studio.run(Self.set, ["input": ["values": [:]]], as: StudioData.ada)
      #expect(third[path] == ["language": .null, "timeZone": "Europe/Paris", "values": [:]])
      let eve = try await studio.run("{ viewer { \(Self.preferences) } }", as: StudioData.eve)
      #expect(eve["data.viewer.preferences.timeZone"] == .null)
    }
  }

  @Test(
    arguments: [
      (["language": ""], "language"), (["language": "e"], "language"), (["language": "en_GB"], "language"),
      (["language": "en-"], "language"), (["language": "12"], "language"), (["timeZone": ""], "timeZone"),
      (["timeZone": "Paris"], "timeZone"), (["timeZone": "UTC+3"], "timeZone"),
      (["values": [1]], "values"),
      (["values": ["v": .string(String(repeating: "v", count: 16_384))]], "values"),
    ] as [(InputValue, String)])
  func `preferences that cannot be are refused with their field`(
    input: InputValue, field: String
  ) async throws {
    try await Studio.with { studio in
      let answer = try await studio.run(Self.set, ["input": input], as: StudioData.ada)
      #expect(answer.code == "BAD_USER_INPUT" && answer.field == field, "\(answer.text)")
      #expect(try await studio.text("SELECT preferences::text FROM users WHERE id = id(1, 1)") == "{}")
    }
  }

  @Test func `a new password ends all other sessions, and the old one is over`() async throws {
    try await Studio.with([]) { studio in
      let registered = try await studio.run(
        AccountTests.register, ["input": AccountTests.ada], as: nil)
      let claims = try await studio.services.accessTokens.verify(
        try #require(registered.string("data.register.accessToken")))
      let email = "ada.l@example.test"
      for _ in 0..<2 {
        _ = try await studio.run(AccountTests.login, AccountTests.login(email, "correct horse"), as: nil)
      }
      let viewer = Viewer(
        userID: .init(high: claims.user.high, low: claims.user.low),
        organizationID: .init(high: claims.organization.high, low: claims.organization.low), role: .owner,
        sessionID: .init(high: claims.session.high, low: claims.session.low))
      let sessions =
        "{ sessions { totalCount nodes { id organization { name } } } viewer { session { id } } }"
      let before = try await studio.run(sessions, as: viewer)
      #expect(before["data.sessions.totalCount"] == 3, "\(before.text)")
      #expect(before["data.sessions.nodes.2.id"] == before["data.viewer.session.id"])

      let wrong = try await studio.run(
        Self.change, ["input": ["currentPassword": "wrong horse", "newPassword": "battery staple"]],
        as: viewer)
      #expect(wrong.code == "BAD_USER_INPUT" && wrong.field == "currentPassword", "\(wrong.text)")
      let short = try await studio.run(
        Self.change, ["input": ["currentPassword": "correct horse", "newPassword": "short"]], as: viewer)
      #expect(short.code == "BAD_USER_INPUT" && short.field == "newPassword")
      let changed = try await studio.run(
        Self.change, ["input": ["currentPassword": "correct horse", "newPassword": "battery staple"]],
        as: viewer)
      #expect(changed["data.changePassword.revokedSessions"] == 2, "\(changed.text)")
      let after = try await studio.run(sessions, as: viewer)
      #expect(after["data.sessions.totalCount"] == 1)
      #expect(after["data.viewer.session.id"] == before["data.viewer.session.id"])
      let old = try await studio.run(
        AccountTests.login, AccountTests.login(email, "correct horse"), as: nil)
      #expect(old.code == "UNAUTHENTICATED")
      let new = try await studio.run(
        AccountTests.login, AccountTests.login(email, "battery staple"), as: nil)
      #expect(new.errors.isEmpty, "\(new.text)")
      #expect(!studio.log.text.contains("battery"))
    }
  }

  @Test func `sessions are the user's own that work, and revoking one ends its refresh token`() async throws {
    try await Studio.with(StudioData.all) { studio in
      let list = """
        { sessions { totalCount nodes { id createdAt lastUsedAt expiresAt organization { name } } } }
        """
      let answer = try await studio.run(list, as: Self.adaNow)
      #expect(answer["data.sessions.totalCount"] == 2, "\(answer.text)")
      #expect(
        answer["data.sessions.nodes.1"] == [
          "id": .string(StudioData.text(.session, 1)), "createdAt": "2026-03-01T08:01:20.000Z",
          "lastUsedAt": "2026-03-01T08:01:25.000Z", "expiresAt": "2126-03-01T08:00:00.000Z",
          "organization": ["name": "Alpha"],
        ], "\(answer.text)")
      #expect(answer["data.sessions.nodes.0.organization.name"] == "Alpha Labs")
      let id: InputValue = .string(StudioData.text(.session, 2))
      let revoked = try await studio.run(Self.revoke, ["id": id], as: Self.adaNow)
      #expect(revoked["data.revokeSession.revokedId"] == id, "\(revoked.text)")
      let again = try await studio.run(Self.revoke, ["id": id], as: Self.adaNow)
      #expect(again.code == "NOT_FOUND" && again.message == "There is no session with this id.")
      // A colleague of the same organization is an outsider here.
      for viewer in [StudioData.eve, StudioData.bob] {
        let foreign = try await studio.run(
          Self.revoke, ["id": .string(StudioData.text(.session, 1))], as: viewer)
        #expect(foreign.code == "NOT_FOUND", "\(foreign.text)")
      }
      let eve = try await studio.run("{ sessions { totalCount nodes { id } } }", as: StudioData.eve)
      #expect(eve["data.sessions"] == ["totalCount": 0, "nodes": []])
      let left = try await studio.run(list, as: Self.adaNow)
      #expect(left.strings("data.sessions.nodes", "id") == [StudioData.text(.session, 1)])
    }
  }

  @Test func `a revoked session's refresh token is refused`() async throws {
    try await Studio.with([]) { studio in
      let registered = try await studio.run(AccountTests.register, ["input": AccountTests.ada], as: nil)
      let claims = try await studio.services.accessTokens.verify(
        try #require(registered.string("data.register.accessToken")))
      let viewer = Viewer(
        userID: .init(high: claims.user.high, low: claims.user.low),
        organizationID: .init(high: claims.organization.high, low: claims.organization.low), role: .owner)
      let listed = try await studio.run("{ sessions { nodes { id } } viewer { session { id } } }", as: viewer)
      #expect(listed["data.viewer.session"] == .null, "the viewer of this test has no session")
      let id = listed["data.sessions.nodes.0.id"] ?? .null
      let revoked = try await studio.run(Self.revoke, ["id": id], as: viewer)
      #expect(revoked.errors.isEmpty, "\(revoked.text)")
      let refresh = try await studio.run(
        "mutation ($t: String!) { refreshToken(input: { refreshToken: $t }) { expiresIn } }",
        ["t": .string(try #require(registered.string("data.register.refreshToken")))], as: nil)
      #expect(refresh.code == "UNAUTHENTICATED", "\(refresh.text)")
    }
  }
}
