import Flows
import Postgres
import Testing

@testable import Storage

/// Organizations, members and invitations in the database.
@Suite struct OrganizationStoreTests {
  private struct House {
    let bench: StorageBench
    var organizations: OrganizationStore { OrganizationStore(bench.database) }
    var invitations: InvitationStore { InvitationStore(bench.database) }
    var organization: Identifier { bench.organization }

    func invite(_ email: String, role: String = "editor", seconds: Int = 60) async throws -> Identifier {
      let id = makeID()
      try await invitations.invite(
        .init(
          id: id, userID: bench.account.user, email: email, role: role, tokenHash: Array(email.utf8),
          lifetimeSeconds: seconds), to: organization)
      return id
    }

    func accept(_ id: Identifier, _ hash: String, as user: Identifier) async throws {
      try await invitations.accept(
        .init(invitation: id, tokenHash: Array(hash.utf8), userID: user, membershipID: makeID()),
        in: organization)
    }

    /// A member who registered before.
    func join(_ email: String, role: String) async throws -> TestAccount {
      let account = try await register(email, on: bench.accounts)
      try await accept(try await invite(email, role: role), email, as: account.user)
      return account
    }

    func role(of user: Identifier) async throws -> String? {
      try await bench.accounts.membership(of: user, in: organization)?.role
    }
  }

  private func with(_ body: (House) async throws -> Void) async throws {
    try await withStorage { try await body(House(bench: $0)) }
  }

  private func owner(_ user: Identifier) -> OrganizationStore.Member { .init(userID: user, role: "owner") }

  @Test func `an invitation is for one address, one time and one user`() async throws {
    try await with { house in
      let bob = try await register("Bob@example.com", on: house.bench.accounts)
      let eve = try await register("eve@example.com", on: house.bench.accounts)
      let old = try await house.invite("bob@example.com", role: "viewer")
      let id = try await house.invite("BOB@example.com", role: "admin")
      var errors: [StorageError?] = []
      for (invitation, hash, user) in [
        (old, "bob@example.com", bob), (id, "wrong", bob), (id, "BOB@example.com", eve),
      ] {
        errors.append(try await storageError { try await house.accept(invitation, hash, as: user.user) })
      }
      #expect(errors == [.notFound, .notFound, .notFound])
      try await house.accept(id, "BOB@example.com", as: bob.user)
      #expect(try await house.role(of: bob.user) == "admin")
      let again = try await storageError { try await house.accept(id, "BOB@example.com", as: bob.user) }
      let member = try await storageError { _ = try await house.invite("bob@EXAMPLE.com") }
      #expect(again == .notFound && member == .taken(field: "email"))
      let late = try await house.invite("eve@example.com", seconds: -1)
      let tooLate = try await storageError { try await house.accept(late, "eve@example.com", as: eve.user) }
      #expect(tooLate == .notFound)
      try await house.invitations.revoke(late, in: house.organization)
      let gone = try await storageError { try await house.invitations.revoke(late, in: house.organization) }
      let used = try await storageError { try await house.invitations.revoke(id, in: house.organization) }
      #expect(gone == .notFound && used == .notFound)
    }
  }

  @Test func `the last owner stays an owner, also when two go at once`() async throws {
    try await with { house in
      let ada = house.bench.account.user
      let alone = [
        try await storageError {
          try await house.organizations.changeRole(of: owner(ada), to: "admin", in: house.organization)
        },
        try await storageError { try await house.organizations.remove(owner(ada), from: house.organization) },
      ]
      #expect(alone == [.lastOwner, .lastOwner])
      let bob = try await house.join("bob@example.com", role: "owner").user
      let outcomes = await withTaskGroup(of: StorageError?.self) { group in
        for user in [ada, bob] {
          group.addTask {
            try? await storageError {
              try await house.organizations.remove(self.owner(user), from: house.organization)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.filter { $0 == .lastOwner }.count == 1 && outcomes.filter { $0 == nil }.count == 1)
      let owners = try await house.bench.int(
        "SELECT count(*) FROM memberships m JOIN organizations o ON o.id = m.organization_id "
          + "WHERE m.role = 'owner' AND o.id = '\(house.organization)'")
      #expect(owners == 1)
    }
  }

  @Test func `a role is changed only from the one that the caller knew`() async throws {
    try await with { house in
      let bob = try await house.join("bob@example.com", role: "editor").user
      let known = OrganizationStore.Member(userID: bob, role: "editor")
      try await house.organizations.changeRole(of: known, to: "owner", in: house.organization)
      let stale = [
        try await storageError {
          try await house.organizations.changeRole(of: known, to: "viewer", in: house.organization)
        },
        try await storageError { try await house.organizations.remove(known, from: house.organization) },
      ]
      #expect(stale == [.notFound, .notFound])
      #expect(try await house.role(of: bob) == "owner")
    }
  }

  @Test func `with a membership end the keys, the open invitations and the directory's entry`() async throws {
    try await with { house in
      let bob = try await house.join("bob@example.com", role: "admin").user
      let key = APIKeyStore.NewKey(
        id: makeID(), userID: bob, name: "Robot", role: "admin", scopes: "[]", expiresAt: nil)
      let keys = APIKeyStore(house.bench.database)
      try await keys.create(key, .init(hash: [1], hint: "…"), in: house.organization)
      try await house.invitations.invite(
        .init(
          id: makeID(), userID: bob, email: "bob2@example.com", role: "admin", tokenHash: [2],
          lifetimeSeconds: 60), to: house.organization)
      try await house.organizations.remove(.init(userID: bob, role: "admin"), from: house.organization)
      #expect(try await house.role(of: bob) == nil)
      #expect(try await house.bench.int("SELECT count(*) FROM api_keys WHERE is_active") == 0)
      #expect(try await house.bench.int("SELECT count(*) FROM invitations WHERE accepted_at IS NULL") == 0)
      #expect(try await house.bench.int("SELECT count(*) FROM user_organizations") == 2)
    }
  }

  @Test func `a user may have a hundred organizations and an organization five hundred members`() async throws
  {
    try await with { house in
      let ada = house.bench.account.user
      try await house.bench.script(
        """
        INSERT INTO user_organizations (user_id, organization_id)
        SELECT u.id, gen_random_uuid() FROM users u, generate_series(1, 98)
        """)
      let create = {
        try await house.organizations.create(makeID(), named: "More", membership: makeID(), owner: ada)
      }
      try await create()
      #expect(try await storageError { try await create() } == .full(field: "organizations", maximum: 100))
      let bob = try await register("bob@example.com", on: house.bench.accounts).user
      try await house.bench.script(
        """
        INSERT INTO users (id, email, name) SELECT gen_random_uuid(), n::text, 'n' FROM generate_series(1, 499) n;
        INSERT INTO memberships (organization_id, user_id, role)
        SELECT '\(house.organization)', id, 'viewer' FROM users WHERE name = 'n'
        """)
      let id = try await house.invite("bob@example.com")
      let full = try await storageError { try await house.accept(id, "bob@example.com", as: bob) }
      #expect(full == .full(field: "token", maximum: 500))
    }
  }

  @Test func `another organization's members and invitations are not found`() async throws {
    try await with { house in
      let bob = try await house.join("bob@example.com", role: "editor")
      let invitation = try await house.invite("eve@example.com")
      let rows = try await house.bench.row(
        "SELECT id FROM memberships WHERE user_id = '\(bob.user)' AND role = 'editor'")
      let membership = try #require(rows.uuid(0, 0)).identifier
      let stranger = bob.organization
      let known = OrganizationStore.Member(userID: bob.user, role: "editor")
      #expect(try await house.organizations.member(membership, in: house.organization) == known)
      #expect(try await house.organizations.member(membership, in: stranger) == nil)
      let errors = [
        try await storageError {
          try await house.organizations.changeRole(of: known, to: "admin", in: makeID())
        },
        try await storageError { try await house.organizations.remove(known, from: makeID()) },
        try await storageError { try await house.invitations.revoke(invitation, in: stranger) },
        try await storageError { try await house.organizations.rename(makeID(), to: "x") },
        try await storageError {
          try await house.organizations.moveSession(
            house.bench.account.session.id, of: house.bench.account.user, to: stranger)
        },
      ]
      #expect(errors == Array(repeating: .notFound, count: 5))
      try await house.organizations.moveSession(bob.session.id, of: bob.user, to: house.organization)
    }
  }
}
