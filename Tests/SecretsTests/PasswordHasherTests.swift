import Testing

@testable import Secrets

@Suite struct PasswordHasherTests {
  let hasher = PasswordHasher(cost: 4, threads: 2)

  @Test func `a hash verifies its password and no other`() async throws {
    let hash = try await hasher.hash("correct horse")
    #expect(hash.hasPrefix("$2b$04$") && hash.utf8.count == 60)
    #expect(try await hasher.verify("correct horse", against: hash))
    #expect(try await !hasher.verify("correct hors", against: hash))
    #expect(try await !hasher.verify("", against: hash))
  }

  @Test func `two hashes of one password differ`() async throws {
    let first = try await hasher.hash("same password")
    #expect(try await hasher.hash("same password") != first)
  }

  @Test func `a published bcrypt vector verifies`() async throws {
    // From the test vectors of Openwall's crypt_blowfish, version "2y" and "2a" alike for this input.
    let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
    #expect(try await hasher.verify("U*U", against: hash))
    #expect(try await !hasher.verify("U*V", against: hash))
  }

  @Test func `72 bytes are accepted and 73 are refused, counted in UTF-8`() async throws {
    let longest = String(repeating: "é", count: 36)
    let hash = try await hasher.hash(longest)
    #expect(try await hasher.verify(longest, against: hash))
    await #expect(throws: PasswordError.tooLong(bytes: 73)) { try await hasher.hash(longest + "x") }
    #expect(try await !hasher.verify(longest + "x", against: hash))
  }

  @Test func `a NUL byte is refused, and never verifies as what stands before it`() async throws {
    await #expect(throws: PasswordError.containsNull) { try await hasher.hash("abc\0def") }
    let hash = try await hasher.hash("abc")
    #expect(try await !hasher.verify("abc\0def", against: hash))
    let empty = try await hasher.hash("")
    #expect(try await !hasher.verify("\0", against: empty))
    #expect(try await hasher.verify("", against: empty))
  }

  @Test(arguments: [
    "", "plain", "$2b$04$short", "$1$salt$hashhashhashhashhashha",
    "$2b$99$" + String(repeating: "a", count: 53), "$2b$04$" + String(repeating: "!", count: 53),
  ])
  func `a stored text that is no bcrypt hash is an error`(stored: String) async {
    await #expect(throws: PasswordError.malformedHash) { try await hasher.verify("x", against: stored) }
  }

  @Test func `an unknown user is never verified, at the hasher's own cost`() async throws {
    #expect(try await !hasher.verifyUnknownUser("anything"))
    #expect(try await !hasher.verifyUnknownUser(String(repeating: "x", count: 100)))
  }

  @Test func `a hash of another cost asks to be made anew`() async throws {
    let hash = try await hasher.hash("some password")
    #expect(!hasher.needsRehash(hash))
    #expect(PasswordHasher(cost: 5).needsRehash(hash))
  }

  @Test func `a full queue refuses instead of growing`() async {
    let busy = PasswordHasher(cost: 9, threads: 1, maximumPending: 2)
    let outcomes = await withTaskGroup(of: PasswordError?.self, returning: [PasswordError?].self) { group in
      for _ in 0..<60 { group.addTask { await self.failure { _ = try await busy.hash("some password") } } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.contains(.overloaded))
    #expect(outcomes.contains(nil))
  }

  func failure(of work: () async throws -> Void) async -> PasswordError? {
    do {
      try await work()
      return nil
    } catch { return error as? PasswordError }
  }

  @Test func `every error says what to do without the password`() {
    let errors: [PasswordError] = [
      .tooLong(bytes: 80), .containsNull, .overloaded, .malformedHash, .unavailable(code: 22),
    ]
    for error in errors { #expect(error.description.count > 20) }
  }
}
