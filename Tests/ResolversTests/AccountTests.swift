import GraphQLEngine
import Resolvers
import Secrets
import Testing

/// Registering, signing in and out.
@Suite struct AccountTests {
  static let register = """
    mutation ($input: RegisterInput!) { register(input: $input) {
      accessToken expiresIn refreshToken user { email name theme flows { totalCount } } organization { name
        } } }
    """
  static let ada: InputValue = ["email": "Ada.L@Example.test", "password": "correct horse", "name": "Ada L"]

  static func login(_ email: String, _ password: String, organization: String? = nil) -> InputValue {
    [
      "input": [
        "email": .string(email), "password": .string(password),
        "organizationId": organization.map { .string($0) } ?? .null,
      ]
    ]
  }

  static let login = """
    mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken user { name }
      organization { id } } }
    """

  private func refresh(_ token: String?, _ studio: Studio) async throws -> Answer {
    try await studio.run(
      """
      mutation ($token: String!) { refreshToken(input: { refreshToken: $token }) { accessToken \
      refreshToken } }
      """,
      ["token": .string(token ?? "")], as: nil)
  }

  @Test func `registering creates an account with an organization and signs in`() async throws {
    try await Studio.with([]) { studio in
      let answer = try await studio.run(Self.register, ["input": Self.ada], as: nil)
      #expect(answer.errors.isEmpty, "\(answer.text)")
      #expect(answer.string("data.register.user.email") == "Ada.L@Example.test")
      #expect(answer.string("data.register.user.theme") == "COPPER_TIDE")
      #expect(answer["data.register.user.flows.totalCount"] == 0)
      #expect(answer.string("data.register.organization.name") == "Ada L")
      #expect(answer["data.register.expiresIn"] == 900)
      let token = try #require(answer.string("data.register.accessToken"))
      let claims = try await studio.services.accessTokens.verify(token)
      let owner = try await studio.text(
        """
        SELECT u.id || ' ' || m.organization_id || ' ' || m.role FROM users u JOIN memberships m ON \
        m.user_id = u.id
        """
      )
      #expect(owner == "\(claims.user) \(claims.organization) owner")

      let again: InputValue = ["email": "ADA.L@example.TEST", "password": "another horse", "name": "Other"]
      let taken = try await studio.run(Self.register, ["input": again], as: nil)
      #expect(taken.code == "CONFLICT" && taken.field == "email", "\(taken.text)")
      #expect(try await studio.text("SELECT count(*)::text FROM organizations") == "1")
    }
  }

  @Test(arguments: [
    ("password", "short77", "password must have 8 to 72 bytes."),
    ("password", String(repeating: "ü", count: 37), "password must have 8 to 72 bytes."),
    ("name", "", "name must have 1 to 200 characters."),
    ("name", String(repeating: "n", count: 201), "name must have 1 to 200 characters."),
  ])
  func `what cannot be registered is refused with its field`(
    field: String, value: String, message: String
  ) async throws {
    try await Studio.with([]) { studio in
      var input = Self.ada.object ?? InputObject()
      input.fields = input.fields.map { $0.name == field ? .init(name: field, value: .string(value)) : $0 }
      let answer = try await studio.run(Self.register, ["input": .object(input)], as: nil)
      #expect(answer.code == "BAD_USER_INPUT" && answer.field == field && answer.message == message)
      #expect(studio.statements.entries.allSatisfy { $0.label != "register" })
    }
  }

  @Test func `a wrong address and a wrong password say the same`() async throws {
    try await Studio.with([]) { studio in
      _ = try await studio.run(Self.register, ["input": Self.ada], as: nil)
      let right = try await studio.run(Self.login, Self.login("ada.l@EXAMPLE.test", "correct horse"), as: nil)
      #expect(right.string("data.login.user.name") == "Ada L", "\(right.text)")
      let password = try await studio.run(
        Self.login, Self.login("ada.l@example.test", "wrong horse"), as: nil)
      let address = try await studio.run(Self.login, Self.login("eve@example.test", "correct horse"), as: nil)
      #expect(password.code == "UNAUTHENTICATED")
      #expect(password.text == address.text)
      let foreign = try await studio.run(
        Self.login,
        Self.login("ada.l@example.test", "correct horse", organization: StudioData.text(.organization, 9)),
        as: nil)
      #expect(foreign.code == "NOT_FOUND" && foreign.field == "organizationId")
    }
  }

  @Test func `a login works in the organization that was asked for`() async throws {
    try await Studio.with { studio in
      let hash = try await studio.services.hasher.hash("correct horse")
      try await studio.script("UPDATE users SET password_hash = '\(hash)' WHERE id = id(1, 1)")
      let oldest = try await studio.run(Self.login, Self.login("ada@alpha.test", "correct horse"), as: nil)
      #expect(oldest.string("data.login.organization.id") == StudioData.text(.organization, 1))
      let labs = StudioData.text(.organization, 2)
      let asked = try await studio.run(
        Self.login, Self.login("ada@alpha.test", "correct horse", organization: labs), as: nil)
      #expect(asked.string("data.login.organization.id") == labs)
      let malformed = try await studio.run(
        Self.login, Self.login("ada@alpha.test", "correct horse", organization: "labs"), as: nil)
      #expect(malformed.code == "BAD_USER_INPUT" && malformed.field == "organizationId")
    }
  }

  @Test func `each refresh token works once, and reuse ends the session`() async throws {
    try await Studio.with([]) { studio in
      let registered = try await studio.run(Self.register, ["input": Self.ada], as: nil)
      let first = registered.string("data.register.refreshToken")
      let second = try await refresh(first, studio).string("data.refreshToken.refreshToken")
      #expect(second != nil && second != first)
      let third = try await refresh(second, studio).string("data.refreshToken.refreshToken")
      #expect(third != nil && third != second)

      let reused = try await refresh(first, studio)
      #expect(reused.code == "UNAUTHENTICATED", "\(reused.text)")
      let after = try await refresh(third, studio)
      #expect(after.code == "UNAUTHENTICATED")
      #expect(after.text == reused.text)
      #expect(studio.log.text.contains("used twice"))
      for token in [first, second, third].compactMap({ $0 }) { #expect(!studio.log.text.contains(token)) }
      #expect(
        try await studio.text("SELECT count(*)::text FROM sessions WHERE revoked_at IS NOT NULL") == "1")
    }
  }

  @Test func `two uses of one token at once let one pass at most`() async throws {
    try await Studio.with([]) { studio in
      let registered = try await studio.run(Self.register, ["input": Self.ada], as: nil)
      let token = registered.string("data.register.refreshToken")
      async let one = refresh(token, studio)
      async let two = refresh(token, studio)
      let answers = try await [one, two]
      #expect(answers.filter { $0.errors.isEmpty }.count == 1)
      #expect(answers.filter { $0.code == "UNAUTHENTICATED" }.count == 1)
    }
  }

  @Test func `a token that expired or was never given is refused`() async throws {
    try await Studio.with([]) { studio in
      let registered = try await studio.run(Self.register, ["input": Self.ada], as: nil)
      let token = registered.string("data.register.refreshToken") ?? ""
      #expect(try await refresh("studio_rt_\(token.dropFirst(12))A", studio).code == "UNAUTHENTICATED")
      try await studio.script("UPDATE session_tokens SET expires_at = now()")
      #expect(try await refresh(token, studio).code == "UNAUTHENTICATED")
      #expect(try await studio.text("SELECT count(*)::text FROM sessions WHERE revoked_at IS NULL") == "1")
    }
  }

  @Test func `logging out ends the session of the token`() async throws {
    try await Studio.with([]) { studio in
      let registered = try await studio.run(Self.register, ["input": Self.ada], as: nil)
      let token = registered.string("data.register.refreshToken") ?? ""
      let logout = "mutation ($token: String!) { logout(input: { refreshToken: $token }) { wasSignedIn } }"
      let out = try await studio.run(logout, ["token": .string(token)], as: nil)
      #expect(out["data.logout.wasSignedIn"] == true)
      #expect(try await refresh(token, studio).code == "UNAUTHENTICATED")
      let again = try await studio.run(logout, ["token": .string(token)], as: nil)
      #expect(again["data.logout.wasSignedIn"] == false)
      let unknown = try await studio.run(logout, ["token": "nonsense"], as: nil)
      #expect(unknown["data.logout.wasSignedIn"] == false)
    }
  }
}
