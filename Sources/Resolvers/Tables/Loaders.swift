import Flows
import GraphQLEngine
import Storage

/// Loads objects by id: the ids of all fields of a level together, each id once per request.
enum Loaders {
  static let users = UserFields().loader(by: .id) { UserReads.rows($0, label: "user_by_id") }
  static let organizations = OrganizationFields().loader(by: .id) {
    OrganizationReads.rows($0, label: "organization_by_id")
  }
  static let sessions = SessionFields().tenantLoader(by: .id)
  static let memberships = MembershipFields().tenantLoader(by: .id)
  static let invitations = InvitationFields().tenantLoader(by: .id)
  static let apiKeys = APIKeyFields().tenantLoader(by: .id)
  static let integrations = IntegrationFields().tenantLoader(by: .id)
  static let flows = FlowFields().tenantLoader(by: .id)
  static let versions = VersionFields().tenantLoader(by: .id)
  static let nodes = NodeFields().tenantLoader(by: .id)
  static let connections = ConnectionFields().tenantLoader(by: .id)
  static let executions = ExecutionFields().tenantLoader(by: .id)
  static let nodeExecutions = NodeExecutionFields().tenantLoader(by: .id)
  static let workbenches = WorkbenchFields().tenantLoader(by: .id)
  static let webhooks = WebhookFields().tenantLoader(by: .id)
  static let deliveries = WebhookDeliveryFields().tenantLoader(by: .id)
  static let triggers = TriggerFields().tenantLoader(by: .id)
  static let triggerDeliveries = TriggerDeliveryFields().tenantLoader(by: .id)

  /// Resolves a field with the object whose id is in a column of the parent.
  static func users(by column: some TableColumn) -> FieldBinding { binding(users, column) }
  static func organizations(by column: some TableColumn) -> FieldBinding { binding(organizations, column) }
  static func apiKeys(by column: some TableColumn) -> FieldBinding { binding(apiKeys, column) }
  static func integrations(by column: some TableColumn) -> FieldBinding { binding(integrations, column) }
  static func flows(by column: some TableColumn) -> FieldBinding { binding(flows, column) }
  static func versions(by column: some TableColumn) -> FieldBinding { binding(versions, column) }
  static func executions(by column: some TableColumn) -> FieldBinding { binding(executions, column) }
  static func webhooks(by column: some TableColumn) -> FieldBinding { binding(webhooks, column) }
  static func triggers(by column: some TableColumn) -> FieldBinding { binding(triggers, column) }
  static func triggerDeliveries(by column: some TableColumn) -> FieldBinding {
    binding(triggerDeliveries, column)
  }
  static func nodes(by column: some TableColumn) -> FieldBinding { binding(nodes, column) }

  private static func binding(_ loader: Loader<Identifier>, _ column: some TableColumn) -> FieldBinding {
    let key = column.rawValue
    return .loader(loader) { call in try call.parents.identifiers(key) }
  }

  /// Resolves a field with the object whose id a Swift row gives.
  static func binding<Row: Sendable>(
    _ loader: Loader<Identifier>, _ key: @escaping @Sendable (Row) -> Identifier?
  ) -> FieldBinding {
    .loader(loader) { call in try call.parents.rows(of: Row.self).map(key) }
  }
}
