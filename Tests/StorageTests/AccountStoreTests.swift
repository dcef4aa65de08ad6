import Flows
import Postgres
@testable import Storage
import Testing

@Suite struct AccountStoreTests {
  private func rotate(
    _ account: TestAccount, _ old: AccountStore.NewToken, to new: AccountStore.NewToken, _ bench: StorageBench
  ) async throws -> AccountStore.Rotation {
    try await bench.accounts.rotate(user: account.user, token: old.id, hash: old.hash, successor: new)
  }

  private func token(_ hash: String, seconds: Int = 60) -> AccountStore.NewToken {
    AccountStore.NewToken(id: makeID(), hash: Array(hash.utf8), lifetimeSeconds: seconds)
  }

  @Test func `an address is taken whatever its case, and nothing else is stored`() async throws {
    try await withStorage { bench in
      let error = try await storageError { try await register("ADA@Example.com", on: bench.accounts) }
      #expect(error == .taken(field: "email"))
      let users = try await bench.int("SELECT count(*) FROM users")
      let organizations = try await bench.int("SELECT count(*) FROM organizations")
      #expect([users, organizations] == [1, 1])
      let found = try await bench.accounts.credentials(email: "aDa@example.COM")
      #expect(found?.userID == bench.account.user)
      let nobody = try await bench.accounts.credentials(email: "bob@example.com")
      #expect(nobody == nil)
    }
  }

  @Test func `registering makes the personal organization with its owner`() async throws {
    try await withStorage { bench in
      let membership = try await bench.accounts.membership(of: bench.account.user, in: nil)
      #expect(membership == AccountStore.Membership(organizationID: bench.organization, role: "owner"))
      let foreign = try await bench.accounts.membership(of: bench.account.user, in: makeID())
      #expect(foreign == nil)
    }
  }

  @Test func `a refresh token is used once, and its successor after it`() async throws {
    try await withStorage { bench in
      let (second, third) = (token("second"), token("third"))
      let account = bench.account
      let first = try await rotate(account, account.token, to: second, bench)
      let next = try await rotate(account, second, to: third, bench)
      #expect([first, next] == [.rotated(account.session), .rotated(account.session)])
    }
  }

  @Test func `reuse of an old token revokes the session and its newest token`() async throws {
    try await withStorage { bench in
      let second = token("second")
      let account = bench.account
      _ = try await rotate(account, account.token, to: second, bench)
      #expect(try await rotate(account, account.token, to: token("x"), bench) == .reused)
      #expect(try await rotate(account, second, to: token("y"), bench) == .refused)
      let tokens = try await bench.int("SELECT count(*) FROM session_tokens")
      #expect(tokens == 2)
    }
  }

  @Test func `of two rotations at once one wins, and the reuse ends the session`() async throws {
    try await withStorage { bench in
      let account = bench.account
      let (left, right) = (token("left"), token("right"))
      async let one = rotate(account, account.token, to: left, bench)
      async let other = rotate(account, account.token, to: right, bench)
      let outcomes = [try await one, try await other]
      #expect(outcomes.contains(.rotated(account.session)))
      #expect(outcomes.contains(.reused))
      #expect(try await rotate(account, left, to: token("x"), bench) == .refused)
      #expect(try await rotate(account, right, to: token("y"), bench) == .refused)
    }
  }

  @Test func `an unknown, a wrong, an expired and a stranger's token are refused`() async throws {
    try await withStorage { bench in
      let account = bench.account
      let stranger = try await register("bob@example.com", on: bench.accounts)
      var wrong = account.token
      wrong.hash = [1]
      #expect(try await rotate(account, token("unknown"), to: token("a"), bench) == .refused)
      #expect(try await rotate(account, wrong, to: token("b"), bench) == .refused)
      #expect(try await rotate(stranger, account.token, to: token("c"), bench) == .refused)
      let expired = token("expired", seconds: 0)
      let session = AccountStore.Session(
        userID: account.user, id: makeID(), organizationID: account.organization)
      try await bench.accounts.open(session, token: expired)
      #expect(try await rotate(account, expired, to: token("d"), bench) == .refused)
    }
  }

  @Test func `a logout revokes the session once`() async throws {
    try await withStorage { bench in
      let account = bench.account
      let (id, hash) = (account.token.id, account.token.hash)
      let foreign = try await bench.accounts.revokeSession(user: makeID(), token: id, hash: hash)
      let first = try await bench.accounts.revokeSession(user: account.user, token: id, hash: hash)
      let second = try await bench.accounts.revokeSession(user: account.user, token: id, hash: hash)
      #expect([foreign, first, second] == [nil, account.session, nil])
      #expect(try await rotate(account, account.token, to: token("x"), bench) == .refused)
    }
  }

  @Test func `several first starts store one signing key`() async throws {
    try await withStorage { bench in
      let store = SigningKeyStore(bench.database)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            try await store.insertFirst(
              SigningKeyStore.StoredKey(id: makeID(), publicPEM: "pem \(number)", privateKey: [UInt8(number)])
            )
          }
        }
        try await group.waitForAll()
      }
      let keys = try await store.keys()
      #expect(keys.count == 1)
      #expect(keys.first?.publicPEM == "pem \(keys.first?.privateKey.first ?? 9)")
    }
  }
}
