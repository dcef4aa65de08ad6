import GraphQLEngine
import Schema

/// The published schema with all its resolvers.
public enum StudioSchema {
  /// - Throws: `SchemaErrors` or `WiringError`, each a fault of the program.
  public static func executable() throws -> ExecutableSchema {
    let schema = try GraphQLEngine.Schema.build(schemaText)
    var wiring = resolvers.wiring(RoleAccess())
    Scalars.bind(into: &wiring)
    wiring.inputErrorExtensions = code(ServiceError.Code.badUserInput.rawValue)
    wiring.sizeErrorExtensions = code("TOO_EXPENSIVE")
    // Something vanished while it was read; who asks again is told what became of it.
    wiring.nullErrorExtensions = code(ServiceError.Code.unavailable.rawValue)
    return try ExecutableSchema(schema, wiring)
  }

  private static func code(_ code: String) -> [ErrorExtension] {
    [ErrorExtension(key: "code", json: "\"\(code)\"")]
  }

  private static var resolvers: some SchemaWiring {
    SchemaResolvers(
      user: UserFields(), organization: OrganizationFields(), membership: MembershipFields(),
      membershipConnection: PageFields(), membershipEdge: EdgeFields(), invitation: InvitationFields(),
      invitationConnection: PageFields(), invitationEdge: EdgeFields(),
      viewer: ViewerFields(), session: SessionFields(), sessionConnection: PageFields(),
      sessionEdge: EdgeFields(), apiKey: APIKeyFields(),
      apiKeyConnection: PageFields(), apiKeyEdge: EdgeFields(),
      auditEvent: AuditEventFields(), auditEventConnection: PageFields(), auditEventEdge: EdgeFields(),
      connector: ConnectorFields(), connectorConnection: ConnectorPageFields(),
      connectorEdge: ConnectorEdgeFields(), integration: IntegrationFields(),
      integrationConnection: PageFields(), integrationEdge: EdgeFields(), automationFlow: FlowFields(),
      automationFlowConnection: PageFields(), automationFlowEdge: EdgeFields(),
      workbench: WorkbenchFields(), workbenchConnection: PageFields(), workbenchEdge: EdgeFields(),
      flowVersion: VersionFields(), flowDifference: FlowDifferenceFields(),
      nodeDifference: NodeDifferenceFields(), connectionDifference: ConnectionDifferenceFields(),
      flowVersionConnection: PageFields(), flowVersionEdge: EdgeFields(),
      automationNode: NodeFields(), automationConnection: ConnectionFields(),
      executionLog: ExecutionFields(), executionLogConnection: PageFields(), executionLogEdge: EdgeFields(),
      nodeExecutionLog: NodeExecutionFields(), executionQueued: EventFields(),
      executionStarted: EventFields(), nodeStarted: EventFields(), nodeRetrying: EventFields(),
      nodeFinished: NodeFinishedFields(), executionWaiting: EventFields(), executionLogLine: EventFields(),
      executionFinished: ExecutionFinishedFields(), executionUpdate: ExecutionUpdateFields(),
      flowChange: FlowChangeFields(), integrationStatusChange: IntegrationChangeFields(),
      webhook: WebhookFields(), webhookConnection: PageFields(), webhookEdge: EdgeFields(),
      webhookDelivery: WebhookDeliveryFields(), webhookDeliveryConnection: PageFields(),
      webhookDeliveryEdge: EdgeFields(),
      flowTrigger: TriggerFields(), triggerDelivery: TriggerDeliveryFields(),
      triggerDeliveryConnection: PageFields(), triggerDeliveryEdge: EdgeFields(),
      query: QueryFields(), mutation: MutationFields(),
      authenticationPayload: AuthenticationFields(), updateProfilePayload: AccountChangeFields(),
      setAvatarPayload: AccountChangeFields(),
      setThemePayload: AccountChangeFields(), setPreferencesPayload: AccountChangeFields(),
      changePasswordPayload: AccountChangeFields(), createOrganizationPayload: ChangeFields(),
      renameOrganizationPayload: ChangeFields(), setRetentionPayload: ChangeFields(),
      setRunLimitPayload: ChangeFields(),
      switchOrganizationPayload: SwitchedOrganizationFields(),
      inviteMemberPayload: IssuedInvitationFields(), acceptInvitationPayload: ChangeFields(),
      changeMemberRolePayload: ChangeFields(), createApiKeyPayload: IssuedKeyFields(),
      rotateApiKeyPayload: IssuedKeyFields(), revokeApiKeyPayload: ChangeFields(),
      createIntegrationPayload: ChangeFields(),
      updateIntegrationPayload: ChangeFields(), testIntegrationPayload: IntegrationTestFields(),
      finishIntegrationOAuthPayload: ChangeFields(),
      createFlowPayload: ChangeFields(),
      updateFlowPayload: ChangeFields(), replaceFlowPayload: ChangeFields(),
      duplicateFlowPayload: CopyFields(), copiedTrigger: CopiedTriggerFields(),
      importFlowPayload: CopyFields(),
      changeFlowStatusPayload: ChangeFields(), publishFlowPayload: ChangeFields(),
      restoreFlowVersionPayload: RestoreFields(), validateFlowPayload: ValidationFields(),
      addNodePayload: ChangeFields(), updateNodePayload: ChangeFields(), moveNodePayload: ChangeFields(),
      removeNodePayload: ChangeFields(),
      connectNodesPayload: ChangeFields(), disconnectNodesPayload: ChangeFields(),
      executeFlowPayload: ChangeFields(), cancelExecutionPayload: ChangeFields(),
      decideApprovalPayload: ChangeFields(),
      retryExecutionPayload: ChangeFields(), replayExecutionPayload: ChangeFields(),
      createWorkbenchPayload: ChangeFields(), updateWorkbenchPayload: ChangeFields(),
      changeWorkbenchFlowsPayload: ChangeFields(), createWebhookPayload: ChangeFields(),
      updateWebhookPayload: ChangeFields(), rotateWebhookSecretPayload: ChangeFields(),
      testWebhookPayload: ChangeFields(), redeliverPayload: ChangeFields(),
      addTriggerPayload: ChangeFields(), updateTriggerPayload: ChangeFields(),
      setTriggerEnabledPayload: ChangeFields(), rotateTriggerSecretPayload: ChangeFields(),
      revealTriggerSecretPayload: ChangeFields(),
      replayDeliveryPayload: ReplayFields(),
      subscription: SubscriptionFields())
  }
}
