import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `Session`. Its rows belong to the user, whatever organization the token is for.
struct SessionFields: SessionResolvers, TableType {
  static let typeName = "Session"
  static let noun = "session"

  static func owner(_ viewer: Viewer) -> Identifier { viewer.userID }

  func source(of leaf: SessionLeaf) -> LeafSource<SessionColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.session))
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .lastUsedAt: LeafSource(.lastUsedAt, .timestamptz)
    case .expiresAt: LeafSource(.expiresAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [SessionColumn] { [.organizationID] }

  var organization: FieldBinding { Loaders.organizations(by: SessionColumn.organizationID) }
}
