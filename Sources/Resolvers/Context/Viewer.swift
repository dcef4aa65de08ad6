import Flows
import Schema

/// Who a request acts for: from a verified access token and the membership in its organization.
public struct Viewer: Sendable, Equatable {
  public var userID: Identifier
  public var organizationID: Identifier
  public var role: Role
  /// The session that the access token belongs to; nil for the server's own work.
  public var sessionID: Identifier?

  public init(userID: Identifier, organizationID: Identifier, role: Role, sessionID: Identifier? = nil) {
    self.userID = userID
    self.organizationID = organizationID
    self.role = role
    self.sessionID = sessionID
  }
}
