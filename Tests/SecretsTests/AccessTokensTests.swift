import Base64Text
import Crypto
import CryptoExtras
import JWTKit
import Synchronization
import Testing

@testable import Secrets

@Suite struct AccessTokensTests {
  static let first = Result { try SigningKey.generate() }
  static let second = Result { try SigningKey.generate() }

  let user = UUIDv7(high: 1, low: 1)
  let organization = UUIDv7(high: 2, low: 2)
  let session = UUIDv7(high: 3, low: 3)

  /// A clock that the test moves.
  final class TestClock: Sendable {
    let seconds = Mutex<Int64>(1_700_000_000)
    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
  }

  func tokens(
    _ key: SigningKey, retired: [SigningKey] = [], issuer: String = "https://studio.test",
    audience: String = "studio", clock: TestClock = TestClock()
  ) async -> AccessTokens {
    var configuration = AccessTokens.Configuration(issuer: issuer, audience: audience)
    configuration.maximumRemembered = 64
    return await AccessTokens(configuration: configuration, signing: key, retired: retired) {
      clock.seconds.withLock { $0 }
    }
  }

  /// A token with any header, signed by `sign`.
  func forge(header: String, payload: String? = nil, sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
    let claims = """
      {"iss":"https://studio.test","aud":"studio","sub":"\(user)","org":"\(organization)","sid":"\(session)",\
      "jti":"\(session)","iat":1700000000,"exp":1700000900}
      """
    let input = Base64URL.encode(header.utf8) + "." + Base64URL.encode((payload ?? claims).utf8)
    return input + "." + Base64URL.encode(try sign([UInt8](input.utf8)))
  }

  func rs256(_ key: SigningKey) throws -> ([UInt8]) throws -> [UInt8] {
    let privateKey = try _RSA.Signing.PrivateKey(pemRepresentation: key.privatePEM)
    return { input in
      [UInt8](
        try privateKey.signature(for: SHA256.hash(data: input), padding: .insecurePKCS1v1_5).rawRepresentation
      )
    }
  }

  @Test func `a signed token verifies to its claims for 15 minutes`() async throws {
    let clock = TestClock()
    let tokens = await tokens(try Self.first.get(), clock: clock)
    let (text, claims) = try await tokens.sign(user: user, organization: organization, session: session)
    #expect(claims.expiresAt - claims.issuedAt == 900)
    #expect(try await tokens.verify(text) == claims)
    #expect(claims.user == user && claims.organization == organization && claims.session == session)
    clock.advance(899)
    #expect(try await tokens.verify(text) == claims)
    clock.advance(1)
    await #expect(throws: AccessTokenError.expired) { try await tokens.verify(text) }
    await tokens.rotate(signing: try Self.first.get(), retired: [])
    await #expect(throws: AccessTokenError.expired) { try await tokens.verify(text) }
  }

  @Test func `the forger's own form of a right token is accepted, so the refusals below mean something`()
    async throws
  {
    let key = try Self.first.get()
    let token = try forge(header: #"{"alg":"RS256","kid":"\#(key.id)"}"#, sign: rs256(key))
    #expect(try await tokens(key).verify(token).user == user)
  }

  @Test func `HS256 keyed with the public key is refused`() async throws {
    let key = try Self.first.get()
    for secret in [key.publicPEM, String(decoding: await tokens(key).jwks(), as: UTF8.self)] {
      for algorithm in ["HS256", "RS256"] {
        let token = forge(header: #"{"alg":"\#(algorithm)","typ":"JWT","kid":"\#(key.id)"}"#) { input in
          [UInt8](
            HMAC<SHA256>.authenticationCode(for: input, using: SymmetricKey(data: [UInt8](secret.utf8))))
        }
        let expected: AccessTokenError = algorithm == "HS256" ? .wrongAlgorithm : .wrongSignature
        await #expect(throws: expected) { try await tokens(key).verify(token) }
      }
    }
  }

  @Test(arguments: ["none", "None", "NONE", "", "PS256", "RS512", "ES256", "rs256"])
  func `the algorithm is pinned`(algorithm: String) async throws {
    let key = try Self.first.get()
    let header = #"{"alg":"\#(algorithm)","kid":"\#(key.id)"}"#
    await #expect(throws: AccessTokenError.wrongAlgorithm) {
      try await tokens(key).verify(forge(header: header) { _ in [] })
    }
    let signed = try forge(header: header, sign: rs256(key))
    await #expect(throws: AccessTokenError.wrongAlgorithm) { try await tokens(key).verify(signed) }
  }

  @Test func `an unknown, a missing and a lying kid are refused`() async throws {
    let key = try Self.first.get()
    let other = try Self.second.get()
    let tokens = await tokens(key)
    let foreign = try forge(header: #"{"alg":"RS256","kid":"\#(other.id)"}"#, sign: rs256(other))
    await #expect(throws: AccessTokenError.unknownKey) { try await tokens.verify(foreign) }
    let nameless = try forge(header: #"{"alg":"RS256"}"#, sign: rs256(key))
    await #expect(throws: AccessTokenError.unknownKey) { try await tokens.verify(nameless) }
    let lying = try forge(header: #"{"alg":"RS256","kid":"\#(key.id)"}"#, sign: rs256(other))
    await #expect(throws: AccessTokenError.wrongSignature) { try await tokens.verify(lying) }
    let critical = try forge(header: #"{"alg":"RS256","kid":"\#(key.id)","crit":["x"]}"#, sign: rs256(key))
    await #expect(throws: AccessTokenError.malformed) { try await tokens.verify(critical) }
  }

  @Test func `a changed payload or signature is refused, also after the right token was remembered`()
    async throws
  {
    let tokens = await tokens(try Self.first.get())
    let (text, _) = try await tokens.sign(user: user, organization: organization, session: session)
    _ = try await tokens.verify(text)
    let parts = text.split(separator: ".").map(String.init)
    let (other, _) = try await tokens.sign(user: organization, organization: user, session: session)
    let otherParts = other.split(separator: ".").map(String.init)
    let swapped = [parts[0], otherParts[1], parts[2]].joined(separator: ".")
    await #expect(throws: AccessTokenError.wrongSignature) { try await tokens.verify(swapped) }
    let unsigned = [parts[0], parts[1], ""].joined(separator: ".")
    await #expect(throws: AccessTokenError.wrongSignature) { try await tokens.verify(unsigned) }
  }

  @Test(arguments: [
    "", ".", "..", "a.b", "a.b.c.d", "a.b.c", "e30.e30.e30", "💥", String(repeating: "a", count: 5000),
  ])
  func `nonsense is malformed`(text: String) async throws {
    let tokens = await tokens(try Self.first.get())
    await #expect(throws: AccessTokenError.malformed) { try await tokens.verify(text) }
  }

  @Test(arguments: [
    "{}", "[]", "1",
    #"{"iss":"https://studio.test","aud":"studio","sub":"x","org":"y","sid":"z","jti":"","iat":1,"exp":9999999}"#,
  ])
  func `a well signed payload that is no access token is malformed`(payload: String) async throws {
    let key = try Self.first.get()
    let token = try forge(header: #"{"alg":"RS256","kid":"\#(key.id)"}"#, payload: payload, sign: rs256(key))
    await #expect(throws: AccessTokenError.malformed) { try await tokens(key).verify(token) }
  }

  @Test func `tokens of another issuer or audience are refused`() async throws {
    let key = try Self.first.get()
    let (foreign, _) = try await tokens(key, issuer: "https://other.test")
      .sign(user: user, organization: organization, session: session)
    await #expect(throws: AccessTokenError.wrongIssuer) { try await tokens(key).verify(foreign) }
    let (elsewhere, _) = try await tokens(key, audience: "else")
      .sign(user: user, organization: organization, session: session)
    await #expect(throws: AccessTokenError.wrongAudience) { try await tokens(key).verify(elsewhere) }
  }

  @Test func `a rotation keeps old tokens until their key is dropped`() async throws {
    let first = try Self.first.get()
    let second = try Self.second.get()
    let tokens = await tokens(first)
    let (old, claims) = try await tokens.sign(user: user, organization: organization, session: session)
    _ = try await tokens.verify(old)
    await tokens.rotate(signing: second, retired: [first])
    #expect(try await tokens.verify(old) == claims)
    let (new, _) = try await tokens.sign(user: user, organization: organization, session: session)
    let expected = [second.id, first.id].map { "\"kid\":\"\($0)\"" }
    let jwks = String(decoding: tokens.jwks(), as: UTF8.self)
    #expect(expected.allSatisfy(jwks.contains) && !jwks.contains("\"d\""))
    await tokens.rotate(signing: second, retired: [])
    await #expect(throws: AccessTokenError.unknownKey) { try await tokens.verify(old) }
    _ = try await tokens.verify(new)
  }

  @Test func `a stranger verifies our tokens with the published key set`() async throws {
    let tokens = await tokens(try Self.first.get(), clock: TestClock())
    let (text, _) = try await tokens.sign(user: user, organization: organization, session: session)
    let stranger = JWTKeyCollection()
    try await stranger.add(jwksJSON: String(decoding: tokens.jwks(), as: UTF8.self))
    #expect(try await stranger.verify(text, as: AccessPayload.self).sub == user.description)
  }

  @Test func `a signing key comes back from its PEM with the same name`() throws {
    let key = try Self.first.get()
    let read = try SigningKey(privatePEM: key.privatePEM)
    #expect(read.id == key.id && read.publicPEM == key.publicPEM)
    #expect(throws: SigningKey.Failure.malformedPEM) { try SigningKey(privatePEM: key.publicPEM) }
    #expect(throws: SigningKey.Failure.malformedPEM) { try SigningKey(privatePEM: "") }
  }

  @Test func `a short key is refused`() throws {
    let short = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)).pemRepresentation
    #expect(throws: SigningKey.Failure.tooSmall(bits: 1024)) { try SigningKey(privatePEM: short) }
  }

  @Test func `the memory of verified tokens is bounded and keeps what is used`() {
    var memory = VerifiedTokenMemory(capacity: 8)
    let claims = AccessClaims(
      user: user, organization: organization, session: session, token: session, issuedAt: 0, expiresAt: 1)
    for number in 0..<100 {
      memory.insert(claims, for: TokenDigest(of: "\(number)"))
      memory.insert(claims, for: TokenDigest(of: "used"))
      #expect(memory.count <= 8)
      #expect(memory.claims(of: TokenDigest(of: "used")) == claims)
    }
    #expect(memory.claims(of: TokenDigest(of: "0")) == nil)
    var off = VerifiedTokenMemory(capacity: 0)
    off.insert(claims, for: TokenDigest(of: "1"))
    #expect(off.count == 0)
  }

  @Test func `every refusal has a message of its own`() {
    let errors: [AccessTokenError] = [
      .malformed, .wrongAlgorithm, .unknownKey, .wrongSignature, .wrongIssuer, .wrongAudience, .expired,
      .signingFailed,
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
  }
}
