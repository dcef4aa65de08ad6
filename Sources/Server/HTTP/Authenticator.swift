import Flows
import HTTPTypes
import Resolvers
import Schema
import Secrets
import Storage
import Synchronization

/// Who asks, and until when (Unix seconds); nil for as long as nobody ends it.
struct SignedIn: Sendable {
  var viewer: Viewer
  var expiresAt: Int64?

  /// What a client is told whose credentials have expired; without a full stop.
  var expiryReason: String {
    viewer.apiKey == nil ? "The access token has expired" : "The API key has expired"
  }
}

/// What a client shows of itself: an `Authorization` or an `X-API-Key`.
struct Credentials: Sendable {
  var authorization: String?
  var apiKey: String?
}

/// Finds out who asks: from an API key, or from an access token, its signature and expiry, then the
/// membership in its organization, which is remembered for a few seconds.
final class Authenticator: Sendable {
  /// Why a token is not accepted; for the client.
  struct Refusal: Error {
    var message: String
  }

  private struct Key: Hashable {
    var user: Identifier
    var organization: Identifier
  }

  private struct Entry {
    var role: Role
    var until: ContinuousClock.Instant
  }

  /// How long a role may be out of date.
  static let memory: Duration = .seconds(5)
  static let maximumRemembered = 10_000

  private let tokens: AccessTokens
  private let accounts: AccountStore
  private let apiKeys: APIKeyAuthenticator
  private let remembered = Mutex<[Key: Entry]>([:])

  static let apiKeyHeader = HTTPField.Name("x-api-key") ?? .authorization

  init(tokens: AccessTokens, accounts: AccountStore, apiKeys: APIKeyAuthenticator) {
    self.tokens = tokens
    self.accounts = accounts
    self.apiKeys = apiKeys
  }

  /// Who asks with an `Authorization` or `X-API-Key` header; nil with neither.
  nonisolated(nonsending) func viewer(authorization: String?, apiKey: String? = nil) async throws -> SignedIn?
  {
    if let apiKey, !apiKey.isEmpty {
      guard authorization?.isEmpty ?? true else {
        throw Refusal(message: "Give either Authorization or X-API-Key.")
      }
      return try await apiKeys.viewer(apiKey)
    }
    guard let authorization, !authorization.isEmpty else { return nil }
    // RFC 9110 § 11.1: the scheme's case does not matter.
    guard authorization.prefix(7).lowercased() == "bearer " else {
      throw Refusal(message: "Authorization must be \"Bearer\" and an access token.")
    }
    let token = authorization.dropFirst(7)
    if APIKeyAuthenticator.isKey(token) { return try await apiKeys.viewer(String(token)) }
    let claims: AccessClaims
    do {
      claims = try await tokens.verify(token)
    } catch {
      throw Refusal(message: "\(error)")
    }
    let key = Key(
      user: Identifier(high: claims.user.high, low: claims.user.low),
      organization: Identifier(high: claims.organization.high, low: claims.organization.low))
    let role = try await role(key)
    let session = Identifier(high: claims.session.high, low: claims.session.low)
    let viewer = Viewer(
      userID: key.user, organizationID: key.organization, role: role, sessionID: session)
    return SignedIn(viewer: viewer, expiresAt: claims.expiresAt)
  }

  private nonisolated(nonsending) func role(_ key: Key) async throws -> Role {
    let now = ContinuousClock.now
    if let entry = remembered.withLock({ $0[key] }), entry.until > now { return entry.role }
    guard let membership = try await accounts.membership(of: key.user, in: key.organization),
      let role = Role(rawValue: membership.role.uppercased())
    else { throw Refusal(message: "You are no longer a member of this organization.") }
    remembered.withLock { remembered in
      if remembered.count >= Authenticator.maximumRemembered {
        remembered = remembered.filter { $0.value.until > now }
        // All of them are young: forgetting them costs a read each.
        if remembered.count >= Authenticator.maximumRemembered { remembered.removeAll() }
      }
      remembered[key] = Entry(role: role, until: now + Authenticator.memory)
    }
    return role
  }
}
