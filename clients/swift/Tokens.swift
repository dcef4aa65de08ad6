import Foundation

/// What signing in gives.
public struct Tokens: Codable, Hashable, Sendable {
  public var accessToken: String
  /// Works once.
  public var refreshToken: String
  public var expiresAt: Date

  public init(accessToken: String, refreshToken: String, expiresIn seconds: Int) {
    self.accessToken = accessToken
    self.refreshToken = refreshToken
    expiresAt = Date(timeIntervalSinceNow: TimeInterval(seconds))
  }
}

/// Where tokens are kept between starts of an app: the keychain, say.
public protocol TokenStore: Sendable {
  func load() async -> Tokens?
  /// Nil when the user is signed out.
  func save(_ tokens: Tokens?) async
}

/// Keeps tokens while the process lives.
public actor MemoryTokenStore: TokenStore {
  private var tokens: Tokens?

  public init(_ tokens: Tokens? = nil) { self.tokens = tokens }

  public func load() -> Tokens? { tokens }
  public func save(_ tokens: Tokens?) { self.tokens = tokens }
}

/// Gives every request a token that works. However many ask at once, a refresh token is used once.
actor TokenKeeper {
  private let store: any TokenStore
  private let refresh: @Sendable (_ refreshToken: String) async throws -> Tokens
  private var refreshing: Task<Tokens, any Error>?
  /// The refresh token that was used last, and what it gave.
  private var renewed: (used: String, tokens: Tokens)?

  /// Tokens that end this soon are refreshed before they are used.
  static let margin: TimeInterval = 20

  init(store: any TokenStore, refresh: @escaping @Sendable (String) async throws -> Tokens) {
    self.store = store
    self.refresh = refresh
  }

  /// Nil when nobody is signed in.
  ///
  /// - Parameter refused: a token that the server does not take any more.
  func accessToken(refused: String? = nil) async throws -> String? {
    if let refreshing { return try await refreshing.value.accessToken }
    guard var tokens = await store.load() else { return nil }
    // Another request may have begun while the store was read, or have ended: the old refresh token, used
    // again, would end the session.
    if let refreshing { return try await refreshing.value.accessToken }
    if let renewed, renewed.used == tokens.refreshToken { tokens = renewed.tokens }
    let isFresh = tokens.expiresAt.timeIntervalSinceNow > Self.margin && tokens.accessToken != refused
    return isFresh ? tokens.accessToken : try await renew(tokens).accessToken
  }

  private func renew(_ old: Tokens) async throws -> Tokens {
    let task = Task { [refresh, store] in
      do {
        let new = try await refresh(old.refreshToken)
        await store.save(new)
        return new
      } catch let failure as GraphQLFailure where failure.code == "UNAUTHENTICATED" {
        await store.save(nil)
        throw GraphQLFailure.signedOut
      }
    }
    refreshing = task
    defer { refreshing = nil }
    let new = try await task.value
    renewed = (old.refreshToken, new)
    return new
  }
}
