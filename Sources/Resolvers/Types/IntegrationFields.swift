import Connectors
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
    case .attention: LeafSource(.attention, .text)
    case .maximumConcurrentCalls: LeafSource(.maximumConcurrentCalls, .int4)
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

/// What a service said about an integration's credentials: the row of `TestIntegrationPayload`.
struct IntegrationTest: Sendable {
  var id: Identifier
  var isAccepted: Bool?
  var message = ""

  init(id: Identifier, isAccepted: Bool? = nil, message: String) {
    self.id = id
    self.isAccepted = isAccepted
    self.message = message
  }

  init(_ id: Identifier, _ result: Result<Bool, ConnectorFailure>) {
    self.id = id
    switch result {
    case .success:
      isAccepted = true
      message = "The service accepts the credentials."
    case .failure(let failure):
      isAccepted = false
      // A failure of which the service says nothing tells the status itself.
      let isTold = failure.message.hasPrefix("The service answered")
      let status = failure.status.map { "The service answered \($0): " } ?? ""
      message = isTold ? failure.message : status + failure.message
    }
  }
}

/// Resolvers of `TestIntegrationPayload`.
struct IntegrationTestFields: TestIntegrationPayloadResolvers {
  var isAccepted: FieldBinding { .leaf(IsAccepted.self) }
  var message: FieldBinding { .leaf(Message.self) }
  var integration: FieldBinding { Loaders.binding(Loaders.integrations) { (row: IntegrationTest) in row.id } }

  private enum IsAccepted: LeafField {
    static func write(_ row: UnsafePointer<IntegrationTest>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.isAccepted)
    }
  }

  private enum Message: LeafField {
    static func write(_ row: UnsafePointer<IntegrationTest>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.message)
    }
  }
}
