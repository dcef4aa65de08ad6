import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `Workbench`.
struct WorkbenchFields: WorkbenchResolvers, TableType {
  static let typeName = "Workbench"
  static let noun = "workbench"

  func source(of leaf: WorkbenchLeaf) -> LeafSource<WorkbenchColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.workbench))
    case .name: LeafSource(.name, .text)
    case .purpose: LeafSource(.purpose, .text)
    case .focus: LeafSource(.focus, .jsonb)
    case .revision: LeafSource(.revision, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [WorkbenchColumn] { field == "creator" ? [.userID] : [.id] }

  var creator: FieldBinding { Loaders.users(by: WorkbenchColumn.userID) }

  func flows(_ call: FieldCall, _ arguments: WorkbenchFlowsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    return try FlowFields().pages(
      call, through: .flowsOfWorkbench, request, order: arguments.orderBy?.list)
  }
}
