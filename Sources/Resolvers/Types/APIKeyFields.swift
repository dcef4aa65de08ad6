import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `ApiKey`. Hashes are not among its columns.
struct APIKeyFields: ApiKeyResolvers, TableType {
  static let typeName = "ApiKey"
  static let noun = "API key"

  func source(of leaf: ApiKeyLeaf) -> LeafSource<APIKeyColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.apiKey))
    case .name: LeafSource(.name, .text)
    case .hint: LeafSource(.hint, .text)
    case .role: LeafSource(.role, Formats.role)
    case .scopes: LeafSource(.scopes, .jsonb)
    case .isActive: LeafSource(.isActive, .bool)
    case .lastUsedAt: LeafSource(.lastUsed, .timestamptz)
    case .expiresAt: LeafSource(.expiresAt, .timestamptz)
    case .previousValidUntil: LeafSource(.previousUntil, .timestamptz)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [APIKeyColumn] { [.userID] }

  var creator: FieldBinding { Loaders.users(by: APIKeyColumn.userID) }

  static func filter(_ filter: ApiKeyFilter?) throws -> PageFilter<APIKeyColumn> {
    var conditions = PageFilter<APIKeyColumn>()
    if let isActive = filter?.isActive {
      conditions.add(.equals(.isActive, .bool)) { $0.bool(isActive) }
    }
    try conditions.add(.contains(.name), search: filter?.search)
    return conditions
  }
}

/// The row of the payloads that show a secret, once.
struct IssuedKey: Sendable {
  var id: Identifier
  var secret: String
}

/// Resolvers of the payloads that show a secret.
struct IssuedKeyFields: CreateApiKeyPayloadResolvers, RotateApiKeyPayloadResolvers {
  var apiKey: FieldBinding { Loaders.binding(Loaders.apiKeys) { (row: IssuedKey) in row.id } }
  var secret: FieldBinding { .leaf(Secret.self) }

  private enum Secret: LeafField {
    static func write(_ row: UnsafePointer<IssuedKey>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.secret)
    }
  }
}
