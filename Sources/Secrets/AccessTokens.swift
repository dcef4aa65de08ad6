import Base64Text
import Crypto
import JWTKit
import Synchronization

/// Signs and verifies access tokens: JWTs with RS256, and nothing else (RFC 8725 § 3.1). Share one instance;
/// any thread.
///
/// Several keys verify, one signs. Verified tokens are remembered (by their SHA-256, until they expire),
/// because a verification costs 25 µs and clients send the same token with every request.
public final class AccessTokens: Sendable {
  /// What is the same for all tokens of an installation.
  public struct Configuration: Sendable {
    /// `iss`: the server's public address, for instance `https://studio.example`.
    public var issuer: String
    /// `aud`: who the tokens are for.
    public var audience: String
    /// 15 minutes by default.
    public var lifetimeSeconds: Int64 = 900
    /// How many verified tokens are remembered at most; 0 turns the memory off.
    public var maximumRemembered = 8192

    public init(issuer: String, audience: String = "studio") {
      self.issuer = issuer
      self.audience = audience
    }
  }

  private struct KeySet {
    let signing: SigningKey
    let all: [SigningKey]
    let ids: Set<String>
    let collection: JWTKeyCollection
  }

  /// Longest token that is looked at, in bytes; ours have about 750.
  public static let maximumTokenBytes = 4096

  private let configuration: Configuration
  private let keys: Mutex<KeySet>
  private let remembered: Mutex<VerifiedTokenMemory>
  private let ids: UUIDv7Generator
  private let clock: @Sendable () -> Int64

  /// - Parameters:
  ///   - signing: signs new tokens.
  ///   - retired: keys whose tokens are still accepted; drop one a token's lifetime after it stopped signing.
  ///   - clock: Unix seconds; the system's clock unless a test gives another.
  public init(
    configuration: Configuration, signing: SigningKey, retired: [SigningKey] = [],
    clock: @escaping @Sendable () -> Int64 = SystemClock.unixSeconds
  ) async {
    self.configuration = configuration
    self.clock = clock
    ids = UUIDv7Generator { UInt64(max(0, clock())) * 1000 }
    keys = Mutex(await Self.keySet(signing: signing, retired: retired))
    remembered = Mutex(VerifiedTokenMemory(capacity: configuration.maximumRemembered))
  }

  /// Changes the keys while running; tokens of keys that are left out are refused at once.
  public func rotate(signing: SigningKey, retired: [SigningKey]) async {
    let fresh = await Self.keySet(signing: signing, retired: retired)
    keys.withLock { $0 = fresh }
    remembered.withLock { $0.removeAll() }
  }

  /// A new token, valid from now for `lifetimeSeconds`, and what it says.
  public func sign(
    user: UUIDv7, organization: UUIDv7, session: UUIDv7
  ) async throws(AccessTokenError) -> (text: String, claims: AccessClaims) {
    let now = clock()
    let claims = AccessClaims(
      user: user, organization: organization, session: session, token: ids.next(), issuedAt: now,
      expiresAt: now + configuration.lifetimeSeconds)
    return (try await sign(claims), claims)
  }

  /// A token that says exactly `claims`.
  public func sign(_ claims: AccessClaims) async throws(AccessTokenError) -> String {
    let payload = AccessPayload(
      iss: configuration.issuer, aud: configuration.audience, sub: claims.user.description,
      org: claims.organization.description, sid: claims.session.description, jti: claims.token.description,
      iat: claims.issuedAt, exp: claims.expiresAt)
    let (collection, id) = keys.withLock { ($0.collection, $0.signing.id) }
    do {
      return try await collection.sign(payload, kid: JWKIdentifier(string: id))
    } catch {
      throw .signingFailed
    }
  }

  /// The claims of `token`, if a known key signed it for this issuer and audience and it has not expired.
  /// Whether its session still exists is the caller's to ask.
  public func verify(_ token: Substring) async throws(AccessTokenError) -> AccessClaims {
    guard token.utf8.count <= Self.maximumTokenBytes else { throw .malformed }
    let digest = TokenDigest(of: token)
    if let claims = remembered.withLock({ $0.claims(of: digest) }) {
      guard clock() < claims.expiresAt else { throw .expired }
      return claims
    }
    let bytes = [UInt8](token.utf8)
    let (collection, ids) = keys.withLock { ($0.collection, $0.ids) }
    try Self.checkHeader(of: bytes, knownKeys: ids)
    let claims = try check(try await Self.payload(of: bytes, collection))
    // A rotation may have happened meanwhile: only remember what the present keys still accept.
    let isCurrent = keys.withLock { $0.collection === collection }
    if isCurrent { remembered.withLock { $0.insert(claims, for: digest) } }
    return claims
  }

  /// `verify` of a whole string.
  public func verify(_ token: String) async throws(AccessTokenError) -> AccessClaims {
    try await verify(token[...])
  }

  /// The public keys as a JWK Set (RFC 7517 § 5) in JSON, for `/.well-known/jwks.json`.
  public func jwks() -> [UInt8] {
    let keys = keys.withLock { $0.all.map(\.publicJWK) }
    return [UInt8](#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
  }
}

extension AccessTokens {
  private struct Header: Decodable {
    let alg: String
    let kid: String?
    let crit: [String]?
  }

  /// Pins the algorithm and the key before any cryptography: the key collection would fall back to its
  /// default key for an unknown `kid`, and unknown critical extensions must be refused (RFC 7515 § 4.1.11).
  private static func checkHeader(of token: [UInt8], knownKeys: Set<String>) throws(AccessTokenError) {
    let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64URL.decode(utf8: parts[0]),
      Base64URL.decode(utf8: parts[1]) != nil,
      Base64URL.decode(utf8: parts[2]) != nil,
      let header = try? DefaultJWTParser().jsonDecoder.decode(Header.self, from: .init(bytes))
    else { throw .malformed }
    guard header.alg == "RS256" else { throw .wrongAlgorithm }
    guard header.crit == nil else { throw .malformed }
    guard let kid = header.kid, knownKeys.contains(kid) else { throw .unknownKey }
  }

  private static func payload(
    of token: [UInt8], _ collection: JWTKeyCollection
  ) async throws(AccessTokenError) -> AccessPayload {
    do {
      return try await collection.verify(token, as: AccessPayload.self)
    } catch let error as JWTError where error.errorType == .signatureVerificationFailed {
      throw .wrongSignature
    } catch {
      throw .malformed
    }
  }

  private func check(_ payload: AccessPayload) throws(AccessTokenError) -> AccessClaims {
    guard payload.iss == configuration.issuer else { throw .wrongIssuer }
    guard payload.aud == configuration.audience else { throw .wrongAudience }
    guard let claims = payload.claims else { throw .malformed }
    guard clock() < claims.expiresAt else { throw .expired }
    return claims
  }

  private static func keySet(signing: SigningKey, retired: [SigningKey]) async -> KeySet {
    let collection = JWTKeyCollection()
    let all = [signing] + retired.filter { $0.id != signing.id }
    for key in all {
      await collection.add(rsa: key.backing, digestAlgorithm: .sha256, kid: JWKIdentifier(string: key.id))
    }
    return KeySet(signing: signing, all: all, ids: Set(all.map(\.id)), collection: collection)
  }
}

/// A token's SHA-256 in four words, which takes no memory of its own.
struct TokenDigest: Hashable {
  private let words: SIMD4<UInt64>

  init(of token: Substring) {
    var token = token
    let digest = token.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
    words = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }

  /// A digest is as good a hash as any other; who sends a token cannot choose its words.
  func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }
}

/// Remembers verified tokens in two generations: when the young one is full it becomes the old one, and the
/// old one is dropped; a hit in the old one moves to the young. So the bound costs O(1), and what is in use
/// stays.
struct VerifiedTokenMemory {
  private let generationCapacity: Int
  private var young: [TokenDigest: AccessClaims] = [:]
  private var old: [TokenDigest: AccessClaims] = [:]

  /// - Parameter capacity: bound of both generations together.
  init(capacity: Int) { generationCapacity = capacity / 2 }

  var count: Int { young.count + old.count }

  mutating func claims(of digest: TokenDigest) -> AccessClaims? {
    if let claims = young[digest] { return claims }
    guard let claims = old.removeValue(forKey: digest) else { return nil }
    insert(claims, for: digest)
    return claims
  }

  mutating func insert(_ claims: AccessClaims, for digest: TokenDigest) {
    guard generationCapacity > 0 else { return }
    if young.count >= generationCapacity {
      old = young
      young = [:]
    }
    young[digest] = claims
  }

  mutating func removeAll() {
    young = [:]
    old = [:]
  }
}
