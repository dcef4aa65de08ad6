import Flows
import GraphQLEngine
import Schema
import Storage

/// What a mutation changed: the row of most payload types. Each field is loaded anew, as the transaction left
/// it.
struct Change: Sendable {
  var flowID: Identifier?
  var nodeID: Identifier?
  /// The node as the statement that changed it gave it, where it did.
  var node: StoredNode?
  var connectionID: Identifier?
  var integrationID: Identifier?
  var executionID: Identifier?
  var versionID: Identifier?
  var workbenchID: Identifier?
  var webhookID: Identifier?
  var deliveryID: Identifier?
  var triggerID: Identifier?
  var triggerDeliveryID: Identifier?
  /// What is shown once.
  var secret = ""
  var apiKeyID: Identifier?
  var organizationID: Identifier?
  var membershipID: Identifier?
  /// The id of what is gone, as the client knows it.
  var deletedID = ""
}

/// Resolvers of the payload types that show what a mutation changed.
struct ChangeFields: CreateIntegrationPayloadResolvers, FinishIntegrationOAuthPayloadResolvers,
  UpdateIntegrationPayloadResolvers,
  CreateFlowPayloadResolvers, UpdateFlowPayloadResolvers, ReplaceFlowPayloadResolvers,
  ChangeFlowStatusPayloadResolvers, AddNodePayloadResolvers, UpdateNodePayloadResolvers,
  RemoveNodePayloadResolvers, ConnectNodesPayloadResolvers, DisconnectNodesPayloadResolvers,
  ExecuteFlowPayloadResolvers, CancelExecutionPayloadResolvers,
  DecideApprovalPayloadResolvers, CreateWorkbenchPayloadResolvers,
  UpdateWorkbenchPayloadResolvers, ChangeWorkbenchFlowsPayloadResolvers,
  MoveNodePayloadResolvers, CreateWebhookPayloadResolvers, UpdateWebhookPayloadResolvers,
  AddTriggerPayloadResolvers, UpdateTriggerPayloadResolvers, SetTriggerEnabledPayloadResolvers,
  RotateTriggerSecretPayloadResolvers, RevealTriggerSecretPayloadResolvers,
  RotateWebhookSecretPayloadResolvers, TestWebhookPayloadResolvers, RedeliverPayloadResolvers,
  RevokeApiKeyPayloadResolvers, CreateOrganizationPayloadResolvers,
  RenameOrganizationPayloadResolvers, SetRetentionPayloadResolvers, SetRunLimitPayloadResolvers,
  AcceptInvitationPayloadResolvers,
  ChangeMemberRolePayloadResolvers,
  PublishFlowPayloadResolvers, RetryExecutionPayloadResolvers, ReplayExecutionPayloadResolvers
{
  var flow: FieldBinding { Loaders.binding(Loaders.flows) { (change: Change) in change.flowID } }
  var node: FieldBinding {
    .loader(
      Loaders.nodes,
      known: { call in
        try call.parents.rows(of: Change.self).first?.node.map { node in
          let layout = call.memo {
            NodeFields().layoutOfAllColumns(call.selection, schema: call.schema)
          }
          return .table(RowTable(node.rows), layout: layout, rows: [node.row])
        }
      }, keys: { call in try call.parents.rows(of: Change.self).map(\.nodeID) })
  }
  var connection: FieldBinding {
    Loaders.binding(Loaders.connections) { (change: Change) in change.connectionID }
  }
  var integration: FieldBinding {
    Loaders.binding(Loaders.integrations) { (change: Change) in change.integrationID }
  }
  var execution: FieldBinding {
    Loaders.binding(Loaders.executions) { (change: Change) in change.executionID }
  }
  var version: FieldBinding { Loaders.binding(Loaders.versions) { (change: Change) in change.versionID } }
  var workbench: FieldBinding {
    Loaders.binding(Loaders.workbenches) { (change: Change) in change.workbenchID }
  }
  var webhook: FieldBinding { Loaders.binding(Loaders.webhooks) { (change: Change) in change.webhookID } }
  var delivery: FieldBinding {
    Loaders.binding(Loaders.deliveries) { (change: Change) in change.deliveryID }
  }
  var trigger: FieldBinding { Loaders.binding(Loaders.triggers) { (change: Change) in change.triggerID } }
  var organization: FieldBinding {
    Loaders.binding(Loaders.organizations) { (change: Change) in change.organizationID }
  }
  var membership: FieldBinding {
    Loaders.binding(Loaders.memberships) { (change: Change) in change.membershipID }
  }
  var apiKey: FieldBinding { Loaders.binding(Loaders.apiKeys) { (change: Change) in change.apiKeyID } }
  var deletedId: FieldBinding { .leaf(DeletedID.self) }
  var secret: FieldBinding { .leaf(Secret.self) }

  private enum Secret: LeafField {
    static func write(_ row: UnsafePointer<Change>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.secret)
    }
  }

  private enum DeletedID: LeafField {
    static func write(_ row: UnsafePointer<Change>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.deletedID)
    }
  }
}

/// The row of `AuthenticationPayload`.
struct Authentication: Sendable {
  var accessToken: String
  var expiresIn: Int
  var refreshToken: String
  var viewer: Viewer
}

/// Resolvers of `AuthenticationPayload`.
struct AuthenticationFields: AuthenticationPayloadResolvers {
  var accessToken: FieldBinding { .leaf(AccessToken.self) }
  var expiresIn: FieldBinding { .leaf(ExpiresIn.self) }
  var refreshToken: FieldBinding { .leaf(RefreshToken.self) }
  var user: FieldBinding { Loaders.binding(Loaders.users) { (row: Authentication) in row.viewer.userID } }
  var organization: FieldBinding {
    Loaders.binding(Loaders.organizations) { (row: Authentication) in row.viewer.organizationID }
  }

  private enum AccessToken: LeafField {
    static func write(_ row: UnsafePointer<Authentication>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.accessToken)
    }
  }

  private enum ExpiresIn: LeafField {
    static func write(_ row: UnsafePointer<Authentication>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.expiresIn)
    }
  }

  private enum RefreshToken: LeafField {
    static func write(_ row: UnsafePointer<Authentication>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.refreshToken)
    }
  }
}

/// What a user changed about the own account: the row of those payloads.
struct AccountChange: Sendable {
  var viewer: Viewer
  var revokedSessions = 0
}

/// Resolvers of the payload types about the own account.
struct AccountChangeFields: UpdateProfilePayloadResolvers, SetAvatarPayloadResolvers,
  SetThemePayloadResolvers,
  SetPreferencesPayloadResolvers, ChangePasswordPayloadResolvers
{
  var user: FieldBinding { Loaders.binding(Loaders.users) { (row: AccountChange) in row.viewer.userID } }
  var viewer: FieldBinding {
    .batch { call in
      .ready(.objects(.swift(try call.parents.rows(of: AccountChange.self).map(\.viewer))))
    }
  }
  var revokedSessions: FieldBinding { .leaf(RevokedSessions.self) }

  private enum RevokedSessions: LeafField {
    static func write(_ row: UnsafePointer<AccountChange>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(row.pointee.revokedSessions)
    }
  }
}

/// The row of `ValidateFlowPayload`.
struct Validation: Sendable {
  var problems: [FlowProblemObject]
}

/// Resolvers of `ValidateFlowPayload`.
struct ValidationFields: ValidateFlowPayloadResolvers {
  var isValid: FieldBinding { .leaf(IsValid.self) }
  var problems: FieldBinding {
    .batch { call in
      let rows = try call.parents.rows(of: Validation.self)
      return .ready(.objects(.swift(rows.flatMap(\.problems))).lists(counts: rows.map(\.problems.count)))
    }
  }

  private enum IsValid: LeafField {
    static func write(_ row: UnsafePointer<Validation>, _ out: inout GraphQLEngine.JSONWriter) {
      out.write(!row.pointee.problems.contains { $0.severity == .error })
    }
  }
}

/// The row of `RestoreFlowVersionPayload`.
struct RestoredVersion: Sendable {
  var flowID: Identifier
  /// Nodes that lost their integration.
  var keys: [String]
  var warnings: [CopyWarning] = []
}

/// Resolvers of `RestoreFlowVersionPayload`.
struct RestoreFields: RestoreFlowVersionPayloadResolvers {
  var flow: FieldBinding { Loaders.binding(Loaders.flows) { (row: RestoredVersion) in row.flowID } }
  var nodesWithoutIntegration: FieldBinding {
    .batch { call in
      let rows = try call.parents.rows(of: RestoredVersion.self)
      return .ready(.leaves(rows.flatMap(\.keys)).lists(counts: rows.map(\.keys.count)))
    }
  }
  var warnings: FieldBinding {
    .batch { call in
      let rows = try call.parents.rows(of: RestoredVersion.self)
      return .ready(.objects(.swift(rows.flatMap(\.warnings))).lists(counts: rows.map(\.warnings.count)))
    }
  }
}
