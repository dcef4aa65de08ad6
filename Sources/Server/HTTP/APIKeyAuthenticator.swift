import Flows
import GraphQLEngine
import Logging
import Resolvers
import Schema
import Secrets
import Storage
import Synchronization

/// Knows who asks with an API key. What was found is remembered for a few seconds, by the hash of the key; a
/// use is stored once a minute.
///
/// Any thread; the lock protects what is remembered.
final class APIKeyAuthenticator: Sendable {
  private struct Entry {
    var signedIn: SignedIn
    var until: ContinuousClock.Instant

    /// In the second in which a key expires it is looked up, for the database knows the microsecond.
    func isValid(_ now: ContinuousClock.Instant) -> Bool {
      until > now && signedIn.expiresAt.map { $0 > SystemClock.unixSeconds() } != false
    }
  }

  private let keys: APIKeyStore
  private let logger: Logger
  private let remembered = Mutex<[[UInt8]: Entry]>([:])

  init(keys: APIKeyStore, logger: Logger) {
    self.keys = keys
    self.logger = logger
  }

  /// Whether a text is meant as an API key.
  static func isKey(_ text: some StringProtocol) -> Bool { text.hasPrefix(OpaqueToken.Kind.apiKey.prefix) }

  /// - Throws: `Authenticator.Refusal` when the key does not work.
  func viewer(_ text: String) async throws -> SignedIn {
    guard let token = OpaqueToken(text, kind: .apiKey) else { throw APIKeyAuthenticator.refused }
    let (now, hash) = (ContinuousClock.now, token.hash)
    if let entry = remembered.withLock({ $0[hash] }), entry.isValid(now) { return entry.signedIn }
    let organization = Identifier(high: token.owner.high, low: token.owner.low)
    let id = Identifier(high: token.id.high, low: token.id.low)
    guard let key = try await keys.find(id, in: organization), isRight(token, key),
      let viewer = viewer(key, id, organization)
    else {
      _ = remembered.withLock { $0.removeValue(forKey: hash) }
      throw APIKeyAuthenticator.refused
    }
    if key.isUseDue { await noteUse(id, organization) }
    let signedIn = SignedIn(viewer: viewer, expiresAt: key.expiresAt.map { $0 / 1_000_000 })
    remember(signedIn, hash, now)
    return signedIn
  }

  private func isRight(_ token: OpaqueToken, _ key: APIKeyStore.FoundKey) -> Bool {
    token.matches(storedHash: key.hash)
      || key.previousHash.map { token.matches(storedHash: $0) } == true
  }

  /// The key's role, but never more than its creator has now.
  private func viewer(
    _ key: APIKeyStore.FoundKey, _ id: Identifier, _ organization: Identifier
  ) -> Viewer? {
    guard let role = Role(rawValue: key.role.uppercased()),
      let creatorRole = Role(rawValue: key.creatorRole.uppercased()),
      let scopes = try? JSONReader.read(key.scopes)
    else { return nil }
    let names = (scopes.list ?? []).compactMap { $0.string.flatMap(ApiKeyScope.init(rawValue:)) }
    return Viewer(
      userID: key.userID, organizationID: organization, role: min(role, creatorRole),
      apiKey: Viewer.KeyInUse(id: id, scopes: Set(names)))
  }

  /// Not to know when a key was used is no reason to refuse it.
  private func noteUse(_ id: Identifier, _ organization: Identifier) async {
    do {
      try await keys.noteUse(of: id, in: organization)
    } catch {
      logger.warning("The use of an API key could not be stored", metadata: ["error": "\(error)"])
    }
  }

  private func remember(_ signedIn: SignedIn, _ hash: [UInt8], _ now: ContinuousClock.Instant) {
    remembered.withLock { remembered in
      if remembered.count >= Authenticator.maximumRemembered {
        remembered = remembered.filter { $0.value.until > now }
        if remembered.count >= Authenticator.maximumRemembered { remembered.removeAll() }
      }
      remembered[hash] = Entry(signedIn: signedIn, until: now + Authenticator.memory)
    }
  }

  private static let refused = Authenticator.Refusal(message: "The API key is not valid.")
}
