import GraphQLEngine
import Resolvers
import Schema
import Testing

/// One operation for each root field of the schema, with the ids of Ada's organization: what the walks over
/// the whole schema run. A field without a case fails them.
struct RootFieldCase: Sendable, CustomTestStringConvertible {
  /// What somebody of another organization gets.
  enum Outsider: Sendable {
    /// Null at a path, without an error.
    case null(String)
    /// An empty list at a path, without an error.
    case empty(String)
    /// `NOT_FOUND`.
    case notFound
    /// The same answer as for an id that exists nowhere, with this code.
    case unknown(String)
    /// The field takes no ids: the answer is the outsider's own.
    case own
  }

  var coordinate: String
  var document: String
  var variables: InputValue
  var outsider: Outsider

  var testDescription: String { coordinate }

  init(_ coordinate: String, _ document: String, _ variables: InputValue, _ outsider: Outsider) {
    self.coordinate = coordinate
    self.document = document
    self.variables = variables
    self.outsider = outsider
  }

  init(_ coordinate: String, _ document: String, _ outsider: Outsider) {
    self.init(coordinate, document, [:], outsider)
  }

  /// In an order in which all succeed for Ada: what is deleted goes last.
  static let all =
    queries + accounts + RootFieldCase.organizations + apiKeys + integrations + flows + graph + runs
    + workbenches
    + RootFieldCase.webhooks + RootFieldCase.triggers + deletions + subscriptions

  static func id(_ noun: StudioData.Noun, _ number: Int = 1) -> InputValue {
    .string(StudioData.text(noun, number))
  }

  private static let queries = [
    RootFieldCase(
      "Query.node", "query ($id: ID!) { node(id: $id) { id } }", ["id": id(.flow)], .null("data.node")),
    RootFieldCase(
      "Query.nodes", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ["ids": [id(.flow)]],
      .null("data.nodes.0")),
    RootFieldCase(
      "Query.viewer", "{ viewer { user { id } organization { id } memberships { organization { id } } } }",
      .own),
    RootFieldCase("Query.eventCursor", "{ eventCursor }", .own),
    RootFieldCase("Query.sessions", "{ sessions { totalCount nodes { id organization { id } } } }", .own),
    RootFieldCase("Query.organization", "{ organization { id name } }", .own),
    RootFieldCase("Query.organizations", "{ organizations { id name } }", .own),
    RootFieldCase(
      "Query.members", "{ members { totalCount nodes { id role user { id } organization { id } } } }", .own),
    RootFieldCase(
      "Query.invitations", "{ invitations { totalCount nodes { id email inviter { id } } } }", .own),
    RootFieldCase(
      "Query.auditLog",
      "{ auditLog { totalCount nodes { id action actor { id } apiKey { id } objectId before after } } }", .own
    ),
    RootFieldCase("Query.apiKeys", "{ apiKeys { totalCount nodes { id name creator { id } } } }", .own),
    RootFieldCase("Query.connectors", "{ connectors { nodes { type } } }", .own),
    RootFieldCase("Query.connector", "{ connector(type: \"slack\") { type } }", .own),
    RootFieldCase(
      "Query.integrations", "{ integrations { totalCount nodes { id name creator { id } } } }", .own),
    RootFieldCase(
      "Query.integration", "query ($id: ID!) { integration(id: $id) { name } }", ["id": id(.integration)],
      .null("data.integration")),
    RootFieldCase(
      "Query.flows",
      "{ flows { totalCount nodes { id name creator { id } nodes { id } executionLogs { nodes { id } } } } }",
      .own),
    RootFieldCase(
      "Query.flow", "query ($id: ID!) { flow(id: $id) { name } }", ["id": id(.flow)], .null("data.flow")),
    RootFieldCase(
      "Query.executionLogs",
      "query ($id: ID!) { executionLogs(filter: { flowId: $id }) { totalCount nodes { id } } }",
      ["id": id(.flow)],
      .empty("data.executionLogs.nodes")),
    RootFieldCase(
      "Query.executionLog", "query ($id: ID!) { executionLog(id: $id) { status } }", ["id": id(.execution)],
      .null("data.executionLog")),
    RootFieldCase(
      "Query.workbenches",
      "{ workbenches { totalCount nodes { id name creator { id } flows { totalCount nodes { name } } } } }",
      .own),
    RootFieldCase(
      "Query.workbench", "query ($id: ID!) { workbench(id: $id) { name flows { nodes { id } } } }",
      ["id": id(.workbench)], .null("data.workbench")),
    RootFieldCase(
      "Query.webhooks",
      "{ webhooks { totalCount nodes { id url creator { id } deliveries { totalCount nodes { id } } } } }",
      .own),
    RootFieldCase(
      "Query.webhook", "query ($id: ID!) { webhook(id: $id) { url deliveries { nodes { id } } } }",
      ["id": id(.webhook)], .null("data.webhook")),
    RootFieldCase("Query.eventTypes", "{ eventTypes { type name description } }", .own),
  ]

  private static let accounts = [
    RootFieldCase(
      "Mutation.register",
      """
      mutation { register(input: { email: "new@gamma.test", password: "correct horse", name: "New" }) \
      { user { id } organization { id } } }
      """, .own),
    RootFieldCase(
      "Mutation.login",
      """
      mutation ($id: ID) { login(input: { email: "new@gamma.test", password: "correct horse", \
      organizationId: $id }) \
      { user { id } organization { id } } }
      """, ["id": id(.organization)], .notFound),
    RootFieldCase(
      "Mutation.refreshToken",
      "mutation { refreshToken(input: { refreshToken: \"studio_rt_x\" }) { expiresIn } }",
      .unknown("UNAUTHENTICATED")),
    RootFieldCase(
      "Mutation.logout", "mutation { logout(input: { refreshToken: \"studio_rt_x\" }) { wasSignedIn } }", .own
    ),
    RootFieldCase(
      "Mutation.updateProfile",
      "mutation { updateProfile(input: { avatarUrl: \"https://x.test\" }) { user { id } } }", .own),
    RootFieldCase(
      "Mutation.setAvatar", "mutation ($file: Upload!) { setAvatar(file: $file) { user { id } } }",
      ["file": Upload(token: Studio.avatar).input], .own),
    RootFieldCase(
      "Mutation.setTheme", "mutation { setTheme(input: { theme: SOLAR_DRIFT }) { user { theme } } }", .own),
    RootFieldCase(
      "Mutation.setPreferences",
      "mutation { setPreferences(input: { language: \"fr\" }) { viewer { user { id } } } }", .own),
    RootFieldCase(
      "Mutation.changePassword",
      """
      mutation { changePassword(input: { currentPassword: "correct horse", newPassword: "battery staple" }) \
      { user { id } revokedSessions } }
      """, .unknown("BAD_USER_INPUT")),
    RootFieldCase(
      "Mutation.revokeSession", "mutation ($id: ID!) { revokeSession(input: { id: $id }) { revokedId } }",
      ["id": id(.session)], .notFound),
  ]

  private static let apiKeys = [
    RootFieldCase(
      "Mutation.createApiKey",
      "mutation { createApiKey(input: { name: \"New\" }) { apiKey { name creator { id } } secret } }", .own),
    RootFieldCase(
      "Mutation.rotateApiKey",
      "mutation ($id: ID!) { rotateApiKey(input: { id: $id, graceSeconds: 60 }) { apiKey { name } } }",
      ["id": id(.apiKey)], .notFound),
    RootFieldCase(
      "Mutation.revokeApiKey",
      "mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { isActive } } }",
      ["id": id(.apiKey)], .notFound),
  ]

  private static let integrations = [
    RootFieldCase(
      "Mutation.createIntegration",
      """
      mutation { createIntegration(input: { type: "slack", name: "New", \
      credentials: { token: "xoxb-12345678" } }) \
      { integration { name creator { id } } } }
      """, .own),
    RootFieldCase(
      "Mutation.updateIntegration",
      """
      mutation ($id: ID!) { updateIntegration(input: { id: $id, name: "Renamed", \
      credentials: { token: "xoxb-12345678" } }) { integration { name } } }
      """, ["id": id(.integration)], .notFound),
    RootFieldCase(
      "Mutation.testIntegration",
      "mutation ($id: ID!) { testIntegration(input: { id: $id }) { message integration { name } } }",
      ["id": id(.integration)], .notFound),
    RootFieldCase(
      "Mutation.startIntegrationOAuth",
      """
      mutation ($id: ID!) { startIntegrationOAuth(input: { id: $id, redirectUrl: "https://a.test" }) \
      { authorizationUrl } }
      """, ["id": id(.integration)], .notFound),
    RootFieldCase(
      "Mutation.finishIntegrationOAuth",
      """
      mutation { finishIntegrationOAuth(input: { state: "AAAA", code: "c" }) { integration { name } } }
      """, .unknown("BAD_USER_INPUT")),
  ]

  private static let flows = [
    RootFieldCase(
      "Mutation.createFlow",
      """
      mutation ($integration: ID) { createFlow(input: { name: "New", intention: "New", nodes: [\
      { key: "start", title: "Start", kind: TRIGGER, integrationId: $integration }] }) { flow { name } } }
      """, ["integration": id(.integration)], .unknown("BAD_USER_INPUT")),
    RootFieldCase(
      "Mutation.updateFlow", change("updateFlow", "name: \"Renamed\""), ["id": id(.flow)], .notFound),
    RootFieldCase("Mutation.duplicateFlow", change("duplicateFlow"), ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.exportFlow", "mutation ($id: ID!) { exportFlow(input: { id: $id }) { document } }",
      ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.importFlow",
      """
      mutation { importFlow(input: { document: { studio: "flow", format: 1, name: "New", intention: "New", \
      nodes: [{ key: "a", title: "A", kind: "TRIGGER", integration: { type: "stripe", name: "Till" } }], \
      connections: [] } }) { flow { name nodes { integration { id } } } } }
      """, .own),
    RootFieldCase("Mutation.pauseFlow", change("pauseFlow"), ["id": id(.flow)], .notFound),
    RootFieldCase("Mutation.archiveFlow", change("archiveFlow"), ["id": id(.flow)], .notFound),
    RootFieldCase("Mutation.activateFlow", change("activateFlow"), ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.validateFlow",
      "mutation ($id: ID!) { validateFlow(input: { id: $id }) { isValid problems { message } } }",
      ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.replaceFlow",
      change("replaceFlow", "nodes: [{ key: \"start\", title: \"S\", kind: TRIGGER }], connections: []"),
      ["id": id(.flow, 2)], .notFound),
    RootFieldCase("Mutation.publishFlow", change("publishFlow"), ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.restoreFlowVersion",
      """
      mutation ($id: ID!) { restoreFlowVersion(input: { id: $id }) { nodesWithoutIntegration flow { name } } }
      """, ["id": id(.version, 3)], .notFound),
  ]

  private static func change(_ field: String, _ input: String = "") -> String {
    "mutation ($id: ID!) { \(field)(input: { id: $id, \(input) }) { flow { name } } }"
  }

  private static let graph = [
    RootFieldCase(
      "Mutation.addNode",
      """
      mutation ($id: ID!) { addNode(input: { flowId: $id, \
      node: { key: "extra", title: "Extra", kind: TRIGGER } }) \
      { node { key } } }
      """, ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.updateNode",
      "mutation ($id: ID!) { updateNode(input: { id: $id, title: \"Renamed\" }) { node { title } } }",
      ["id": id(.node)], .notFound),
    RootFieldCase(
      "Mutation.moveNode",
      "mutation ($id: ID!) { moveNode(input: { id: $id, order: 0 }) { node { order } } }",
      ["id": id(.node)], .notFound),
    RootFieldCase(
      "Mutation.connectNodes",
      """
      mutation ($from: ID!, $to: ID!) { connectNodes(input: { fromNodeId: $from, toNodeId: $to }) \
      { connection { id } } }
      """, ["from": id(.node, 6), "to": id(.node, 7)], .notFound),
    RootFieldCase(
      "Mutation.disconnectNodes", "mutation ($id: ID!) { disconnectNodes(input: { id: $id }) { deletedId } }",
      ["id": id(.connection, 1)], .notFound),
    RootFieldCase(
      "Mutation.removeNode", "mutation ($id: ID!) { removeNode(input: { id: $id }) { deletedId } }",
      ["id": id(.node, 7)], .notFound),
  ]

  private static let runs = [
    RootFieldCase(
      "Mutation.executeFlow",
      """
      mutation ($id: ID!) { executeFlow(input: { flowId: $id, input: { id: 1 } }) { execution { status } } }
      """,
      ["id": id(.flow)], .notFound),
    RootFieldCase(
      "Mutation.cancelExecution",
      "mutation ($id: ID!) { cancelExecution(input: { id: $id }) { execution { status } } }",
      ["id": id(.execution, 4)], .notFound),
    RootFieldCase(
      "Mutation.decideApproval",
      """
      mutation ($id: ID!, $node: ID!) {
        decideApproval(input: { executionId: $id, nodeId: $node, approve: true }) { execution { status } }
      }
      """,
      ["id": id(.execution, 4), "node": id(.node)], .notFound),
    RootFieldCase(
      "Mutation.retryExecution",
      "mutation ($id: ID!) { retryExecution(input: { id: $id }) { execution { status } } }",
      ["id": id(.execution, 2)], .notFound),
    RootFieldCase(
      "Mutation.replayExecution",
      "mutation ($id: ID!) { replayExecution(input: { id: $id }) { execution { status } } }",
      ["id": id(.execution, 1)], .notFound),
  ]

  private static let workbenches = [
    RootFieldCase(
      "Mutation.createWorkbench",
      """
      mutation ($flows: [ID!]!) { createWorkbench(input: { name: "New", flowIds: $flows }) \
      { workbench { name flows { nodes { id } } } } }
      """, ["flows": [id(.flow)]], .unknown("BAD_USER_INPUT")),
    RootFieldCase(
      "Mutation.updateWorkbench",
      "mutation ($id: ID!) { updateWorkbench(input: { id: $id, name: \"Renamed\" }) { workbench { name } } }",
      ["id": id(.workbench)], .notFound),
    RootFieldCase(
      "Mutation.addFlowsToWorkbench", changeFlows("addFlowsToWorkbench"),
      ["id": id(.workbench, 2), "flows": [id(.flow)]], .notFound),
    RootFieldCase(
      "Mutation.removeFlowsFromWorkbench", changeFlows("removeFlowsFromWorkbench"),
      ["id": id(.workbench), "flows": [id(.flow)]], .notFound),
  ]

  private static func changeFlows(_ field: String) -> String {
    """
    mutation ($id: ID!, $flows: [ID!]!) { \(field)(input: { id: $id, flowIds: $flows }) \
    { workbench { name flows { nodes { id } } } } }
    """
  }

  private static let webhooks = [
    RootFieldCase(
      "Mutation.createWebhook",
      """
      mutation { createWebhook(input: { url: "https://new.test/", eventTypes: [EXECUTION_FAILED] }) \
      { webhook { url } secret } }
      """, .own),
    RootFieldCase(
      "Mutation.updateWebhook",
      "mutation ($id: ID!) { updateWebhook(input: { id: $id, description: \"New\" }) { webhook { url } } }",
      ["id": id(.webhook)], .notFound),
    RootFieldCase(
      "Mutation.rotateWebhookSecret",
      "mutation ($id: ID!) { rotateWebhookSecret(input: { id: $id }) { secret webhook { url } } }",
      ["id": id(.webhook)], .notFound),
    RootFieldCase(
      "Mutation.testWebhook",
      "mutation ($id: ID!) { testWebhook(input: { id: $id }) { delivery { id responseStatus } } }",
      ["id": id(.webhook)], .notFound),
    RootFieldCase(
      "Mutation.redeliver",
      "mutation ($id: ID!) { redeliver(input: { id: $id }) { delivery { id webhook { url } } } }",
      ["id": id(.delivery)], .notFound),
    RootFieldCase(
      "Mutation.deleteWebhook", "mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { deletedId } }",
      ["id": id(.webhook)], .notFound),
  ]

  private static let deletions = [
    RootFieldCase(
      "Mutation.deleteWorkbench", "mutation ($id: ID!) { deleteWorkbench(input: { id: $id }) { deletedId } }",
      ["id": id(.workbench)], .notFound),
    RootFieldCase(
      "Mutation.deleteIntegration",
      "mutation ($id: ID!) { deleteIntegration(input: { id: $id, force: true }) { deletedId } }",
      ["id": id(.integration)], .notFound),
    RootFieldCase(
      "Mutation.deleteFlow", "mutation ($id: ID!) { deleteFlow(input: { id: $id }) { deletedId } }",
      ["id": id(.flow)], .notFound),
  ]

  private static let subscriptions = [
    RootFieldCase(
      "Subscription.executionUpdated", "subscription ($id: ID!) { executionUpdated(id: $id) { sequence } }",
      ["id": id(.execution)], .notFound),
    RootFieldCase("Subscription.executions", "subscription { executions { cursor } }", .own),
    RootFieldCase(
      "Subscription.flowExecutions",
      "subscription ($id: ID!) { flowExecutions(flowId: $id) { cursor } }", ["id": id(.flow)], .own),
    RootFieldCase(
      "Subscription.flowChanged", "subscription ($id: ID!) { flowChanged(id: $id) { cursor } }",
      ["id": id(.flow)], .own),
    RootFieldCase(
      "Subscription.integrationStatusChanged",
      "subscription ($id: ID!) { integrationStatusChanged(id: $id) { cursor } }",
      ["id": id(.integration)], .own),
  ]

  /// The schema's root fields with the access that each declares.
  static func declared(in schema: GraphQLEngine.Schema) -> [String: FieldAccess] {
    var access: [String: FieldAccess] = [:]
    for type in [schema.queryType, schema.mutationType, schema.subscriptionType].compactMap({ $0 }) {
      for field in schema.fieldIDs(of: type) {
        let name = schema.name(schema[field].name)
        guard !name.hasPrefix("__") else { continue }
        access["\(schema.name(type)).\(name)"] = RootFieldCase.access(of: field, in: schema)
      }
    }
    return access
  }

  private static func access(of field: FieldID, in schema: GraphQLEngine.Schema) -> FieldAccess? {
    for directive in schema.appliedDirectives(of: field) {
      switch directive.name.description {
      case "public": return .public
      case "authenticated": return .authenticated
      case "requires":
        let value = { (name: String) -> String? in
          directive.arguments.first { $0.name.description == name }?.value.text.description
        }
        let scope = value("scope").flatMap(ApiKeyScope.init(rawValue:))
        let standard: ApiKeyScope? = schema[field].parent == schema.mutationType ? nil : .read
        return value("role").flatMap(Role.init(rawValue:)).map { .requires($0, scope: scope ?? standard) }
      default: continue
      }
    }
    return nil
  }
}

extension Studio {
  /// Runs a case's operation, of whatever type it is; of a subscription only the start.
  func run(_ test: RootFieldCase, _ variables: InputValue? = nil, as viewer: Viewer?) async throws -> Answer {
    guard test.coordinate.hasPrefix("Subscription.") else {
      return try await run(test.document, variables ?? test.variables, as: viewer)
    }
    do {
      _ = try await subscribe(test.document, variables ?? test.variables, as: viewer)
      return try Answer(Response(requestErrors: []))
    } catch let errors as RequestErrors {
      return try Answer(errors.response)
    }
  }
}
