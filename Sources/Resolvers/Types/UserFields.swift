import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// Resolvers of `User`.
struct UserFields: UserResolvers, TableType {
  static let typeName = "User"
  static let noun = "user"

  func source(of leaf: UserLeaf) -> LeafSource<UserColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.user))
    case .email: LeafSource(.email, .text)
    case .name: LeafSource(.name, .text)
    case .avatarUrl: LeafSource(.avatarURL, .text)
    case .theme: LeafSource(.theme, Formats.theme)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [UserColumn] { [.id] }

  func flows(_ call: FieldCall, _ arguments: UserFlowsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    return try FlowFields().pages(
      call, of: .userID, request, PageFilter(), order: arguments.orderBy?.list)
  }
}
