import Flows
import Schema

/// Who a request acts for: from a verified access token and the membership in its organization.
public struct Viewer: Sendable, Equatable {
  public var userID: Identifier
  public var organizationID: Identifier
  public var role: Role

  public init(userID: Identifier, organizationID: Identifier, role: Role) {
    self.userID = userID
    self.organizationID = organizationID
    self.role = role
  }
}
