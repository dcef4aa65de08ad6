import Flows
import Postgres
import Testing

@testable import Storage

/// API keys in the database: what works, until when, and for whom.
@Suite struct APIKeyStoreTests {
  private func key(_ bench: StorageBench, expiresAt: Int64? = nil) -> APIKeyStore.NewKey {
    APIKeyStore.NewKey(
      id: makeID(), userID: bench.account.user, name: "Robot", role: "editor", scopes: #"["READ"]"#,
      expiresAt: expiresAt)
  }

  private func secret(_ text: String) -> APIKeyStore.Secret {
    APIKeyStore.Secret(hash: Array(text.utf8), hint: "…\(text)")
  }

  @Test func `a key works for its organization until it is revoked`() async throws {
    try await withStorage { bench in
      let (keys, key) = (APIKeyStore(bench.database), key(bench))
      try await keys.create(key, secret("one"), in: bench.organization)
      let stranger = try await register("bob@example.com", on: bench.accounts).organization
      let found = try #require(try await keys.find(key.id, in: bench.organization))
      #expect(found.userID == bench.account.user && found.role == "editor" && found.creatorRole == "owner")
      #expect(found.hash == Array("one".utf8) && found.previousHash == nil && found.expiresAt == nil)
      #expect(try await keys.find(key.id, in: stranger) == nil)
      let errors = [
        try await storageError { try await keys.revoke(key.id, in: stranger) },
        try await storageError {
          try await keys.rotate(key.id, to: secret("x"), graceSeconds: 0, in: stranger)
        },
      ]
      #expect(errors == [.notFound, .notFound])
      try await keys.revoke(key.id, in: bench.organization)
      #expect(try await keys.find(key.id, in: bench.organization) == nil)
      let again = try await storageError { try await keys.revoke(key.id, in: bench.organization) }
      let rotated = try await storageError {
        try await keys.rotate(key.id, to: secret("x"), graceSeconds: 9, in: bench.organization)
      }
      #expect(again == .notFound && rotated == .notFound)
    }
  }

  @Test func `a key ends with its time and with its creator's membership`() async throws {
    try await withStorage { bench in
      let keys = APIKeyStore(bench.database)
      let now = try await bench.now().microseconds
      let past = try await storageError {
        try await keys.create(key(bench, expiresAt: now), secret("past"), in: bench.organization)
      }
      #expect(past == .past(field: "expiresAt"))
      let ending = key(bench, expiresAt: now + 3_600_000_000)
      try await keys.create(ending, secret("ending"), in: bench.organization)
      #expect(try await keys.find(ending.id, in: bench.organization)?.expiresAt == ending.expiresAt)
      try await bench.script("UPDATE api_keys SET expires_at = now() - interval '1 second'")
      #expect(try await keys.find(ending.id, in: bench.organization) == nil)
      let other = key(bench)
      try await keys.create(other, secret("other"), in: bench.organization)
      try await bench.script("DELETE FROM memberships")
      #expect(try await keys.find(other.id, in: bench.organization) == nil)
    }
  }

  @Test func `after a rotation the old key works for the grace period alone`() async throws {
    try await withStorage { bench in
      let (keys, key) = (APIKeyStore(bench.database), key(bench))
      try await keys.create(key, secret("one"), in: bench.organization)
      try await keys.rotate(key.id, to: secret("two"), graceSeconds: 60, in: bench.organization)
      let during = try #require(try await keys.find(key.id, in: bench.organization))
      #expect(during.hash == Array("two".utf8) && during.previousHash == Array("one".utf8))
      try await bench.script("UPDATE api_keys SET previous_until = now() - interval '1 second'")
      #expect(try await keys.find(key.id, in: bench.organization)?.previousHash == nil)
      try await keys.rotate(key.id, to: secret("three"), graceSeconds: 0, in: bench.organization)
      let after = try #require(try await keys.find(key.id, in: bench.organization))
      #expect(after.hash == Array("three".utf8) && after.previousHash == nil)
    }
  }

  @Test func `a use is stored once a minute`() async throws {
    try await withStorage { bench in
      let (keys, key) = (APIKeyStore(bench.database), key(bench))
      try await keys.create(key, secret("one"), in: bench.organization)
      #expect(try await keys.find(key.id, in: bench.organization)?.isUseDue == true)
      try await keys.noteUse(of: key.id, in: bench.organization)
      let first = try await bench.row("SELECT last_used, xmin::text FROM api_keys")
      #expect(try await keys.find(key.id, in: bench.organization)?.isUseDue == false)
      try await keys.noteUse(of: key.id, in: bench.organization)
      let second = try await bench.row("SELECT last_used, xmin::text FROM api_keys")
      #expect(first.microseconds(0, 0) != nil && first.string(0, 1) == second.string(0, 1))
      try await bench.script("UPDATE api_keys SET last_used = now() - interval '61 seconds'")
      #expect(try await keys.find(key.id, in: bench.organization)?.isUseDue == true)
    }
  }

  @Test func `the number of keys that work is bounded`() async throws {
    try await withStorage { bench in
      let keys = APIKeyStore(bench.database)
      try await bench.script(
        """
        INSERT INTO api_keys (organization_id, id, user_id, name, hint, role, key_hash, is_active)
        SELECT o.id, gen_random_uuid(), u.id, 'n', 'h', 'viewer', int4send(n), n > 1
        FROM organizations o, users u, generate_series(1, 100) n
        """)
      try await keys.create(key(bench), secret("last"), in: bench.organization)
      let full = try await storageError {
        try await keys.create(key(bench), secret("more"), in: bench.organization)
      }
      #expect(full == .full(field: "apiKeys", maximum: 100))
    }
  }
}
