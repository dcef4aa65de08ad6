import Flows
import Schema

/// Who a request acts for: from a verified access token and the membership in its organization, or from an
/// API key.
public struct Viewer: Sendable, Equatable {
  /// With an API key the user who created it.
  public var userID: Identifier
  public var organizationID: Identifier
  public var role: Role
  /// The session that the access token belongs to; nil for API keys and the server's own work.
  public var sessionID: Identifier?
  /// The API key that is used; nil for a user.
  public var apiKey: KeyInUse?

  /// An API key as a request brought it.
  public struct KeyInUse: Sendable, Equatable {
    public var id: Identifier
    public var scopes: Set<ApiKeyScope>

    public init(id: Identifier, scopes: Set<ApiKeyScope>) {
      self.id = id
      self.scopes = scopes
    }
  }

  public init(
    userID: Identifier, organizationID: Identifier, role: Role, sessionID: Identifier? = nil,
    apiKey: KeyInUse? = nil
  ) {
    self.userID = userID
    self.organizationID = organizationID
    self.role = role
    self.sessionID = sessionID
    self.apiKey = apiKey
  }

  /// Refuses API keys: what concerns a person is not for programs.
  func requireUser() throws {
    guard apiKey == nil else {
      throw ServiceError(.forbidden, "An API key cannot do this: sign in as a user.")
    }
  }

  var mayReadAuditLog: Bool {
    role >= .admin && apiKey?.scopes.contains(.auditRead) ?? true
  }

  /// Refuses an API key that has not the scope; every other scope contains `READ`.
  func requireScope(_ scope: ApiKeyScope?) throws {
    guard let apiKey else { return }
    guard let scope else { return try requireUser() }
    guard apiKey.scopes.contains(scope) || (scope == .read && !apiKey.scopes.isEmpty) else {
      throw ServiceError(.forbidden, "This needs an API key with the scope \(scope.rawValue).")
    }
  }
}
