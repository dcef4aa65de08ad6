import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `Integration`. Credentials are not among its columns.
struct IntegrationFields: IntegrationResolvers, TableType {
  static let typeName = "Integration"
  static let noun = "integration"

  func source(of leaf: IntegrationLeaf) -> LeafSource<IntegrationColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.integration))
    case .name: LeafSource(.name, .text)
    case .category: LeafSource(.category, Formats.connectorCategory)
    case .type: LeafSource(.type, .text)
    case .capabilities: LeafSource(.capabilities, .jsonb)
    case .isConnected: LeafSource(.isConnected, .bool)
    case .lastCheckedAt: LeafSource(.lastChecked, .timestamptz)
    case .revision: LeafSource(.revision, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [IntegrationColumn] { field == "connector" ? [.type] : [.userID] }

  var creator: FieldBinding { Loaders.users(by: IntegrationColumn.userID) }

  var connector: FieldBinding {
    .batch { call in
      let catalogue = try call.studio.services.connectors
      let found = try call.parents.texts("type").map { $0.flatMap { catalogue.connector(type: $0) } }
      return .ready(.optionals(found))
    }
  }
}
