// Written by studio-codegen from schema.graphql; do not edit.
// swift-format-ignore-file

import GraphQLEngine

/// One implementation of each resolver protocol; leaving one out does not compile.
public struct SchemaResolvers<
  User: UserResolvers,
  Organization: OrganizationResolvers,
  Membership: MembershipResolvers,
  MembershipConnection: MembershipConnectionResolvers,
  MembershipEdge: MembershipEdgeResolvers,
  Invitation: InvitationResolvers,
  InvitationConnection: InvitationConnectionResolvers,
  InvitationEdge: InvitationEdgeResolvers,
  Viewer: ViewerResolvers,
  Session: SessionResolvers,
  SessionConnection: SessionConnectionResolvers,
  SessionEdge: SessionEdgeResolvers,
  ApiKey: ApiKeyResolvers,
  ApiKeyConnection: ApiKeyConnectionResolvers,
  ApiKeyEdge: ApiKeyEdgeResolvers,
  AuditEvent: AuditEventResolvers,
  AuditEventConnection: AuditEventConnectionResolvers,
  AuditEventEdge: AuditEventEdgeResolvers,
  Connector: ConnectorResolvers,
  ConnectorConnection: ConnectorConnectionResolvers,
  ConnectorEdge: ConnectorEdgeResolvers,
  Integration: IntegrationResolvers,
  IntegrationConnection: IntegrationConnectionResolvers,
  IntegrationEdge: IntegrationEdgeResolvers,
  AutomationFlow: AutomationFlowResolvers,
  AutomationFlowConnection: AutomationFlowConnectionResolvers,
  AutomationFlowEdge: AutomationFlowEdgeResolvers,
  Workbench: WorkbenchResolvers,
  WorkbenchConnection: WorkbenchConnectionResolvers,
  WorkbenchEdge: WorkbenchEdgeResolvers,
  FlowVersion: FlowVersionResolvers,
  FlowDifference: FlowDifferenceResolvers,
  NodeDifference: NodeDifferenceResolvers,
  ConnectionDifference: ConnectionDifferenceResolvers,
  FlowVersionConnection: FlowVersionConnectionResolvers,
  FlowVersionEdge: FlowVersionEdgeResolvers,
  AutomationNode: AutomationNodeResolvers,
  AutomationConnection: AutomationConnectionResolvers,
  ExecutionLog: ExecutionLogResolvers,
  ExecutionLogConnection: ExecutionLogConnectionResolvers,
  ExecutionLogEdge: ExecutionLogEdgeResolvers,
  NodeExecutionLog: NodeExecutionLogResolvers,
  ExecutionQueued: ExecutionQueuedResolvers,
  ExecutionStarted: ExecutionStartedResolvers,
  NodeStarted: NodeStartedResolvers,
  NodeRetrying: NodeRetryingResolvers,
  NodeFinished: NodeFinishedResolvers,
  ExecutionWaiting: ExecutionWaitingResolvers,
  ExecutionLogLine: ExecutionLogLineResolvers,
  ExecutionFinished: ExecutionFinishedResolvers,
  ExecutionUpdate: ExecutionUpdateResolvers,
  FlowChange: FlowChangeResolvers,
  IntegrationStatusChange: IntegrationStatusChangeResolvers,
  Webhook: WebhookResolvers,
  WebhookConnection: WebhookConnectionResolvers,
  WebhookEdge: WebhookEdgeResolvers,
  WebhookDelivery: WebhookDeliveryResolvers,
  WebhookDeliveryConnection: WebhookDeliveryConnectionResolvers,
  WebhookDeliveryEdge: WebhookDeliveryEdgeResolvers,
  FlowTrigger: FlowTriggerResolvers,
  TriggerDelivery: TriggerDeliveryResolvers,
  TriggerDeliveryConnection: TriggerDeliveryConnectionResolvers,
  TriggerDeliveryEdge: TriggerDeliveryEdgeResolvers,
  Query: QueryResolvers,
  Mutation: MutationResolvers,
  AuthenticationPayload: AuthenticationPayloadResolvers,
  UpdateProfilePayload: UpdateProfilePayloadResolvers,
  SetAvatarPayload: SetAvatarPayloadResolvers,
  SetThemePayload: SetThemePayloadResolvers,
  SetPreferencesPayload: SetPreferencesPayloadResolvers,
  ChangePasswordPayload: ChangePasswordPayloadResolvers,
  CreateOrganizationPayload: CreateOrganizationPayloadResolvers,
  RenameOrganizationPayload: RenameOrganizationPayloadResolvers,
  SetRetentionPayload: SetRetentionPayloadResolvers,
  SetRunLimitPayload: SetRunLimitPayloadResolvers,
  SwitchOrganizationPayload: SwitchOrganizationPayloadResolvers,
  InviteMemberPayload: InviteMemberPayloadResolvers,
  AcceptInvitationPayload: AcceptInvitationPayloadResolvers,
  ChangeMemberRolePayload: ChangeMemberRolePayloadResolvers,
  CreateApiKeyPayload: CreateApiKeyPayloadResolvers,
  RotateApiKeyPayload: RotateApiKeyPayloadResolvers,
  RevokeApiKeyPayload: RevokeApiKeyPayloadResolvers,
  CreateIntegrationPayload: CreateIntegrationPayloadResolvers,
  UpdateIntegrationPayload: UpdateIntegrationPayloadResolvers,
  TestIntegrationPayload: TestIntegrationPayloadResolvers,
  FinishIntegrationOAuthPayload: FinishIntegrationOAuthPayloadResolvers,
  CreateFlowPayload: CreateFlowPayloadResolvers,
  UpdateFlowPayload: UpdateFlowPayloadResolvers,
  ReplaceFlowPayload: ReplaceFlowPayloadResolvers,
  DuplicateFlowPayload: DuplicateFlowPayloadResolvers,
  CopiedTrigger: CopiedTriggerResolvers,
  ImportFlowPayload: ImportFlowPayloadResolvers,
  ChangeFlowStatusPayload: ChangeFlowStatusPayloadResolvers,
  PublishFlowPayload: PublishFlowPayloadResolvers,
  RestoreFlowVersionPayload: RestoreFlowVersionPayloadResolvers,
  ValidateFlowPayload: ValidateFlowPayloadResolvers,
  AddNodePayload: AddNodePayloadResolvers,
  UpdateNodePayload: UpdateNodePayloadResolvers,
  MoveNodePayload: MoveNodePayloadResolvers,
  RemoveNodePayload: RemoveNodePayloadResolvers,
  ConnectNodesPayload: ConnectNodesPayloadResolvers,
  DisconnectNodesPayload: DisconnectNodesPayloadResolvers,
  ExecuteFlowPayload: ExecuteFlowPayloadResolvers,
  CancelExecutionPayload: CancelExecutionPayloadResolvers,
  DecideApprovalPayload: DecideApprovalPayloadResolvers,
  RetryExecutionPayload: RetryExecutionPayloadResolvers,
  ReplayExecutionPayload: ReplayExecutionPayloadResolvers,
  CreateWorkbenchPayload: CreateWorkbenchPayloadResolvers,
  UpdateWorkbenchPayload: UpdateWorkbenchPayloadResolvers,
  ChangeWorkbenchFlowsPayload: ChangeWorkbenchFlowsPayloadResolvers,
  CreateWebhookPayload: CreateWebhookPayloadResolvers,
  UpdateWebhookPayload: UpdateWebhookPayloadResolvers,
  RotateWebhookSecretPayload: RotateWebhookSecretPayloadResolvers,
  TestWebhookPayload: TestWebhookPayloadResolvers,
  RedeliverPayload: RedeliverPayloadResolvers,
  AddTriggerPayload: AddTriggerPayloadResolvers,
  UpdateTriggerPayload: UpdateTriggerPayloadResolvers,
  SetTriggerEnabledPayload: SetTriggerEnabledPayloadResolvers,
  RotateTriggerSecretPayload: RotateTriggerSecretPayloadResolvers,
  RevealTriggerSecretPayload: RevealTriggerSecretPayloadResolvers,
  ReplayDeliveryPayload: ReplayDeliveryPayloadResolvers,
  Subscription: SubscriptionResolvers
>: SchemaWiring {
  public var user: User
  public var organization: Organization
  public var membership: Membership
  public var membershipConnection: MembershipConnection
  public var membershipEdge: MembershipEdge
  public var invitation: Invitation
  public var invitationConnection: InvitationConnection
  public var invitationEdge: InvitationEdge
  public var viewer: Viewer
  public var session: Session
  public var sessionConnection: SessionConnection
  public var sessionEdge: SessionEdge
  public var apiKey: ApiKey
  public var apiKeyConnection: ApiKeyConnection
  public var apiKeyEdge: ApiKeyEdge
  public var auditEvent: AuditEvent
  public var auditEventConnection: AuditEventConnection
  public var auditEventEdge: AuditEventEdge
  public var connector: Connector
  public var connectorConnection: ConnectorConnection
  public var connectorEdge: ConnectorEdge
  public var integration: Integration
  public var integrationConnection: IntegrationConnection
  public var integrationEdge: IntegrationEdge
  public var automationFlow: AutomationFlow
  public var automationFlowConnection: AutomationFlowConnection
  public var automationFlowEdge: AutomationFlowEdge
  public var workbench: Workbench
  public var workbenchConnection: WorkbenchConnection
  public var workbenchEdge: WorkbenchEdge
  public var flowVersion: FlowVersion
  public var flowDifference: FlowDifference
  public var nodeDifference: NodeDifference
  public var connectionDifference: ConnectionDifference
  public var flowVersionConnection: FlowVersionConnection
  public var flowVersionEdge: FlowVersionEdge
  public var automationNode: AutomationNode
  public var automationConnection: AutomationConnection
  public var executionLog: ExecutionLog
  public var executionLogConnection: ExecutionLogConnection
  public var executionLogEdge: ExecutionLogEdge
  public var nodeExecutionLog: NodeExecutionLog
  public var executionQueued: ExecutionQueued
  public var executionStarted: ExecutionStarted
  public var nodeStarted: NodeStarted
  public var nodeRetrying: NodeRetrying
  public var nodeFinished: NodeFinished
  public var executionWaiting: ExecutionWaiting
  public var executionLogLine: ExecutionLogLine
  public var executionFinished: ExecutionFinished
  public var executionUpdate: ExecutionUpdate
  public var flowChange: FlowChange
  public var integrationStatusChange: IntegrationStatusChange
  public var webhook: Webhook
  public var webhookConnection: WebhookConnection
  public var webhookEdge: WebhookEdge
  public var webhookDelivery: WebhookDelivery
  public var webhookDeliveryConnection: WebhookDeliveryConnection
  public var webhookDeliveryEdge: WebhookDeliveryEdge
  public var flowTrigger: FlowTrigger
  public var triggerDelivery: TriggerDelivery
  public var triggerDeliveryConnection: TriggerDeliveryConnection
  public var triggerDeliveryEdge: TriggerDeliveryEdge
  public var query: Query
  public var mutation: Mutation
  public var authenticationPayload: AuthenticationPayload
  public var updateProfilePayload: UpdateProfilePayload
  public var setAvatarPayload: SetAvatarPayload
  public var setThemePayload: SetThemePayload
  public var setPreferencesPayload: SetPreferencesPayload
  public var changePasswordPayload: ChangePasswordPayload
  public var createOrganizationPayload: CreateOrganizationPayload
  public var renameOrganizationPayload: RenameOrganizationPayload
  public var setRetentionPayload: SetRetentionPayload
  public var setRunLimitPayload: SetRunLimitPayload
  public var switchOrganizationPayload: SwitchOrganizationPayload
  public var inviteMemberPayload: InviteMemberPayload
  public var acceptInvitationPayload: AcceptInvitationPayload
  public var changeMemberRolePayload: ChangeMemberRolePayload
  public var createApiKeyPayload: CreateApiKeyPayload
  public var rotateApiKeyPayload: RotateApiKeyPayload
  public var revokeApiKeyPayload: RevokeApiKeyPayload
  public var createIntegrationPayload: CreateIntegrationPayload
  public var updateIntegrationPayload: UpdateIntegrationPayload
  public var testIntegrationPayload: TestIntegrationPayload
  public var finishIntegrationOAuthPayload: FinishIntegrationOAuthPayload
  public var createFlowPayload: CreateFlowPayload
  public var updateFlowPayload: UpdateFlowPayload
  public var replaceFlowPayload: ReplaceFlowPayload
  public var duplicateFlowPayload: DuplicateFlowPayload
  public var copiedTrigger: CopiedTrigger
  public var importFlowPayload: ImportFlowPayload
  public var changeFlowStatusPayload: ChangeFlowStatusPayload
  public var publishFlowPayload: PublishFlowPayload
  public var restoreFlowVersionPayload: RestoreFlowVersionPayload
  public var validateFlowPayload: ValidateFlowPayload
  public var addNodePayload: AddNodePayload
  public var updateNodePayload: UpdateNodePayload
  public var moveNodePayload: MoveNodePayload
  public var removeNodePayload: RemoveNodePayload
  public var connectNodesPayload: ConnectNodesPayload
  public var disconnectNodesPayload: DisconnectNodesPayload
  public var executeFlowPayload: ExecuteFlowPayload
  public var cancelExecutionPayload: CancelExecutionPayload
  public var decideApprovalPayload: DecideApprovalPayload
  public var retryExecutionPayload: RetryExecutionPayload
  public var replayExecutionPayload: ReplayExecutionPayload
  public var createWorkbenchPayload: CreateWorkbenchPayload
  public var updateWorkbenchPayload: UpdateWorkbenchPayload
  public var changeWorkbenchFlowsPayload: ChangeWorkbenchFlowsPayload
  public var createWebhookPayload: CreateWebhookPayload
  public var updateWebhookPayload: UpdateWebhookPayload
  public var rotateWebhookSecretPayload: RotateWebhookSecretPayload
  public var testWebhookPayload: TestWebhookPayload
  public var redeliverPayload: RedeliverPayload
  public var addTriggerPayload: AddTriggerPayload
  public var updateTriggerPayload: UpdateTriggerPayload
  public var setTriggerEnabledPayload: SetTriggerEnabledPayload
  public var rotateTriggerSecretPayload: RotateTriggerSecretPayload
  public var revealTriggerSecretPayload: RevealTriggerSecretPayload
  public var replayDeliveryPayload: ReplayDeliveryPayload
  public var subscription: Subscription

  public init(user: User, organization: Organization, membership: Membership, membershipConnection: MembershipConnection, membershipEdge: MembershipEdge, invitation: Invitation, invitationConnection: InvitationConnection, invitationEdge: InvitationEdge, viewer: Viewer, session: Session, sessionConnection: SessionConnection, sessionEdge: SessionEdge, apiKey: ApiKey, apiKeyConnection: ApiKeyConnection, apiKeyEdge: ApiKeyEdge, auditEvent: AuditEvent, auditEventConnection: AuditEventConnection, auditEventEdge: AuditEventEdge, connector: Connector, connectorConnection: ConnectorConnection, connectorEdge: ConnectorEdge, integration: Integration, integrationConnection: IntegrationConnection, integrationEdge: IntegrationEdge, automationFlow: AutomationFlow, automationFlowConnection: AutomationFlowConnection, automationFlowEdge: AutomationFlowEdge, workbench: Workbench, workbenchConnection: WorkbenchConnection, workbenchEdge: WorkbenchEdge, flowVersion: FlowVersion, flowDifference: FlowDifference, nodeDifference: NodeDifference, connectionDifference: ConnectionDifference, flowVersionConnection: FlowVersionConnection, flowVersionEdge: FlowVersionEdge, automationNode: AutomationNode, automationConnection: AutomationConnection, executionLog: ExecutionLog, executionLogConnection: ExecutionLogConnection, executionLogEdge: ExecutionLogEdge, nodeExecutionLog: NodeExecutionLog, executionQueued: ExecutionQueued, executionStarted: ExecutionStarted, nodeStarted: NodeStarted, nodeRetrying: NodeRetrying, nodeFinished: NodeFinished, executionWaiting: ExecutionWaiting, executionLogLine: ExecutionLogLine, executionFinished: ExecutionFinished, executionUpdate: ExecutionUpdate, flowChange: FlowChange, integrationStatusChange: IntegrationStatusChange, webhook: Webhook, webhookConnection: WebhookConnection, webhookEdge: WebhookEdge, webhookDelivery: WebhookDelivery, webhookDeliveryConnection: WebhookDeliveryConnection, webhookDeliveryEdge: WebhookDeliveryEdge, flowTrigger: FlowTrigger, triggerDelivery: TriggerDelivery, triggerDeliveryConnection: TriggerDeliveryConnection, triggerDeliveryEdge: TriggerDeliveryEdge, query: Query, mutation: Mutation, authenticationPayload: AuthenticationPayload, updateProfilePayload: UpdateProfilePayload, setAvatarPayload: SetAvatarPayload, setThemePayload: SetThemePayload, setPreferencesPayload: SetPreferencesPayload, changePasswordPayload: ChangePasswordPayload, createOrganizationPayload: CreateOrganizationPayload, renameOrganizationPayload: RenameOrganizationPayload, setRetentionPayload: SetRetentionPayload, setRunLimitPayload: SetRunLimitPayload, switchOrganizationPayload: SwitchOrganizationPayload, inviteMemberPayload: InviteMemberPayload, acceptInvitationPayload: AcceptInvitationPayload, changeMemberRolePayload: ChangeMemberRolePayload, createApiKeyPayload: CreateApiKeyPayload, rotateApiKeyPayload: RotateApiKeyPayload, revokeApiKeyPayload: RevokeApiKeyPayload, createIntegrationPayload: CreateIntegrationPayload, updateIntegrationPayload: UpdateIntegrationPayload, testIntegrationPayload: TestIntegrationPayload, finishIntegrationOAuthPayload: FinishIntegrationOAuthPayload, createFlowPayload: CreateFlowPayload, updateFlowPayload: UpdateFlowPayload, replaceFlowPayload: ReplaceFlowPayload, duplicateFlowPayload: DuplicateFlowPayload, copiedTrigger: CopiedTrigger, importFlowPayload: ImportFlowPayload, changeFlowStatusPayload: ChangeFlowStatusPayload, publishFlowPayload: PublishFlowPayload, restoreFlowVersionPayload: RestoreFlowVersionPayload, validateFlowPayload: ValidateFlowPayload, addNodePayload: AddNodePayload, updateNodePayload: UpdateNodePayload, moveNodePayload: MoveNodePayload, removeNodePayload: RemoveNodePayload, connectNodesPayload: ConnectNodesPayload, disconnectNodesPayload: DisconnectNodesPayload, executeFlowPayload: ExecuteFlowPayload, cancelExecutionPayload: CancelExecutionPayload, decideApprovalPayload: DecideApprovalPayload, retryExecutionPayload: RetryExecutionPayload, replayExecutionPayload: ReplayExecutionPayload, createWorkbenchPayload: CreateWorkbenchPayload, updateWorkbenchPayload: UpdateWorkbenchPayload, changeWorkbenchFlowsPayload: ChangeWorkbenchFlowsPayload, createWebhookPayload: CreateWebhookPayload, updateWebhookPayload: UpdateWebhookPayload, rotateWebhookSecretPayload: RotateWebhookSecretPayload, testWebhookPayload: TestWebhookPayload, redeliverPayload: RedeliverPayload, addTriggerPayload: AddTriggerPayload, updateTriggerPayload: UpdateTriggerPayload, setTriggerEnabledPayload: SetTriggerEnabledPayload, rotateTriggerSecretPayload: RotateTriggerSecretPayload, revealTriggerSecretPayload: RevealTriggerSecretPayload, replayDeliveryPayload: ReplayDeliveryPayload, subscription: Subscription) {
    self.user = user
    self.organization = organization
    self.membership = membership
    self.membershipConnection = membershipConnection
    self.membershipEdge = membershipEdge
    self.invitation = invitation
    self.invitationConnection = invitationConnection
    self.invitationEdge = invitationEdge
    self.viewer = viewer
    self.session = session
    self.sessionConnection = sessionConnection
    self.sessionEdge = sessionEdge
    self.apiKey = apiKey
    self.apiKeyConnection = apiKeyConnection
    self.apiKeyEdge = apiKeyEdge
    self.auditEvent = auditEvent
    self.auditEventConnection = auditEventConnection
    self.auditEventEdge = auditEventEdge
    self.connector = connector
    self.connectorConnection = connectorConnection
    self.connectorEdge = connectorEdge
    self.integration = integration
    self.integrationConnection = integrationConnection
    self.integrationEdge = integrationEdge
    self.automationFlow = automationFlow
    self.automationFlowConnection = automationFlowConnection
    self.automationFlowEdge = automationFlowEdge
    self.workbench = workbench
    self.workbenchConnection = workbenchConnection
    self.workbenchEdge = workbenchEdge
    self.flowVersion = flowVersion
    self.flowDifference = flowDifference
    self.nodeDifference = nodeDifference
    self.connectionDifference = connectionDifference
    self.flowVersionConnection = flowVersionConnection
    self.flowVersionEdge = flowVersionEdge
    self.automationNode = automationNode
    self.automationConnection = automationConnection
    self.executionLog = executionLog
    self.executionLogConnection = executionLogConnection
    self.executionLogEdge = executionLogEdge
    self.nodeExecutionLog = nodeExecutionLog
    self.executionQueued = executionQueued
    self.executionStarted = executionStarted
    self.nodeStarted = nodeStarted
    self.nodeRetrying = nodeRetrying
    self.nodeFinished = nodeFinished
    self.executionWaiting = executionWaiting
    self.executionLogLine = executionLogLine
    self.executionFinished = executionFinished
    self.executionUpdate = executionUpdate
    self.flowChange = flowChange
    self.integrationStatusChange = integrationStatusChange
    self.webhook = webhook
    self.webhookConnection = webhookConnection
    self.webhookEdge = webhookEdge
    self.webhookDelivery = webhookDelivery
    self.webhookDeliveryConnection = webhookDeliveryConnection
    self.webhookDeliveryEdge = webhookDeliveryEdge
    self.flowTrigger = flowTrigger
    self.triggerDelivery = triggerDelivery
    self.triggerDeliveryConnection = triggerDeliveryConnection
    self.triggerDeliveryEdge = triggerDeliveryEdge
    self.query = query
    self.mutation = mutation
    self.authenticationPayload = authenticationPayload
    self.updateProfilePayload = updateProfilePayload
    self.setAvatarPayload = setAvatarPayload
    self.setThemePayload = setThemePayload
    self.setPreferencesPayload = setPreferencesPayload
    self.changePasswordPayload = changePasswordPayload
    self.createOrganizationPayload = createOrganizationPayload
    self.renameOrganizationPayload = renameOrganizationPayload
    self.setRetentionPayload = setRetentionPayload
    self.setRunLimitPayload = setRunLimitPayload
    self.switchOrganizationPayload = switchOrganizationPayload
    self.inviteMemberPayload = inviteMemberPayload
    self.acceptInvitationPayload = acceptInvitationPayload
    self.changeMemberRolePayload = changeMemberRolePayload
    self.createApiKeyPayload = createApiKeyPayload
    self.rotateApiKeyPayload = rotateApiKeyPayload
    self.revokeApiKeyPayload = revokeApiKeyPayload
    self.createIntegrationPayload = createIntegrationPayload
    self.updateIntegrationPayload = updateIntegrationPayload
    self.testIntegrationPayload = testIntegrationPayload
    self.finishIntegrationOAuthPayload = finishIntegrationOAuthPayload
    self.createFlowPayload = createFlowPayload
    self.updateFlowPayload = updateFlowPayload
    self.replaceFlowPayload = replaceFlowPayload
    self.duplicateFlowPayload = duplicateFlowPayload
    self.copiedTrigger = copiedTrigger
    self.importFlowPayload = importFlowPayload
    self.changeFlowStatusPayload = changeFlowStatusPayload
    self.publishFlowPayload = publishFlowPayload
    self.restoreFlowVersionPayload = restoreFlowVersionPayload
    self.validateFlowPayload = validateFlowPayload
    self.addNodePayload = addNodePayload
    self.updateNodePayload = updateNodePayload
    self.moveNodePayload = moveNodePayload
    self.removeNodePayload = removeNodePayload
    self.connectNodesPayload = connectNodesPayload
    self.disconnectNodesPayload = disconnectNodesPayload
    self.executeFlowPayload = executeFlowPayload
    self.cancelExecutionPayload = cancelExecutionPayload
    self.decideApprovalPayload = decideApprovalPayload
    self.retryExecutionPayload = retryExecutionPayload
    self.replayExecutionPayload = replayExecutionPayload
    self.createWorkbenchPayload = createWorkbenchPayload
    self.updateWorkbenchPayload = updateWorkbenchPayload
    self.changeWorkbenchFlowsPayload = changeWorkbenchFlowsPayload
    self.createWebhookPayload = createWebhookPayload
    self.updateWebhookPayload = updateWebhookPayload
    self.rotateWebhookSecretPayload = rotateWebhookSecretPayload
    self.testWebhookPayload = testWebhookPayload
    self.redeliverPayload = redeliverPayload
    self.addTriggerPayload = addTriggerPayload
    self.updateTriggerPayload = updateTriggerPayload
    self.setTriggerEnabledPayload = setTriggerEnabledPayload
    self.rotateTriggerSecretPayload = rotateTriggerSecretPayload
    self.revealTriggerSecretPayload = revealTriggerSecretPayload
    self.replayDeliveryPayload = replayDeliveryPayload
    self.subscription = subscription
  }

  /// Everything bound, each root field behind the access check that the schema declares.
  public func wiring(_ policy: some AccessPolicy) -> Wiring {
    var wiring = Wiring()
    PageInfo.bind(into: &wiring)
    Retention.bind(into: &wiring)
    UserPreferences.bind(into: &wiring)
    ConnectorOperation.bind(into: &wiring)
    ConnectorTrigger.bind(into: &wiring)
    FlowMetrics.bind(into: &wiring)
    OrganizationMetrics.bind(into: &wiring)
    FieldDifference.bind(into: &wiring)
    FlowProblem.bind(into: &wiring)
    ExecutionError.bind(into: &wiring)
    EventType.bind(into: &wiring)
    TriggerSchedule.bind(into: &wiring)
    IntegrationEvent.bind(into: &wiring)
    IncomingWebhook.bind(into: &wiring)
    LogoutPayload.bind(into: &wiring)
    RevokeSessionPayload.bind(into: &wiring)
    RevokeInvitationPayload.bind(into: &wiring)
    RemoveMemberPayload.bind(into: &wiring)
    LeaveOrganizationPayload.bind(into: &wiring)
    StartIntegrationOAuthPayload.bind(into: &wiring)
    DeleteIntegrationPayload.bind(into: &wiring)
    DeleteFlowPayload.bind(into: &wiring)
    CopyWarning.bind(into: &wiring)
    ExportFlowPayload.bind(into: &wiring)
    MissingIntegration.bind(into: &wiring)
    DeleteWorkbenchPayload.bind(into: &wiring)
    DeleteWebhookPayload.bind(into: &wiring)
    RemoveTriggerPayload.bind(into: &wiring)
    bindUser(&wiring, policy)
    bindOrganization(&wiring, policy)
    bindMembership(&wiring, policy)
    bindMembershipConnection(&wiring, policy)
    bindMembershipEdge(&wiring, policy)
    bindInvitation(&wiring, policy)
    bindInvitationConnection(&wiring, policy)
    bindInvitationEdge(&wiring, policy)
    bindViewer(&wiring, policy)
    bindSession(&wiring, policy)
    bindSessionConnection(&wiring, policy)
    bindSessionEdge(&wiring, policy)
    bindApiKey(&wiring, policy)
    bindApiKeyConnection(&wiring, policy)
    bindApiKeyEdge(&wiring, policy)
    bindAuditEvent(&wiring, policy)
    bindAuditEventConnection(&wiring, policy)
    bindAuditEventEdge(&wiring, policy)
    bindConnector(&wiring, policy)
    bindConnectorConnection(&wiring, policy)
    bindConnectorEdge(&wiring, policy)
    bindIntegration(&wiring, policy)
    bindIntegrationConnection(&wiring, policy)
    bindIntegrationEdge(&wiring, policy)
    bindAutomationFlow(&wiring, policy)
    bindAutomationFlowConnection(&wiring, policy)
    bindAutomationFlowEdge(&wiring, policy)
    bindWorkbench(&wiring, policy)
    bindWorkbenchConnection(&wiring, policy)
    bindWorkbenchEdge(&wiring, policy)
    bindFlowVersion(&wiring, policy)
    bindFlowDifference(&wiring, policy)
    bindNodeDifference(&wiring, policy)
    bindConnectionDifference(&wiring, policy)
    bindFlowVersionConnection(&wiring, policy)
    bindFlowVersionEdge(&wiring, policy)
    bindAutomationNode(&wiring, policy)
    bindAutomationConnection(&wiring, policy)
    bindExecutionLog(&wiring, policy)
    bindExecutionLogConnection(&wiring, policy)
    bindExecutionLogEdge(&wiring, policy)
    bindNodeExecutionLog(&wiring, policy)
    bindExecutionQueued(&wiring, policy)
    bindExecutionStarted(&wiring, policy)
    bindNodeStarted(&wiring, policy)
    bindNodeRetrying(&wiring, policy)
    bindNodeFinished(&wiring, policy)
    bindExecutionWaiting(&wiring, policy)
    bindExecutionLogLine(&wiring, policy)
    bindExecutionFinished(&wiring, policy)
    bindExecutionUpdate(&wiring, policy)
    bindFlowChange(&wiring, policy)
    bindIntegrationStatusChange(&wiring, policy)
    bindWebhook(&wiring, policy)
    bindWebhookConnection(&wiring, policy)
    bindWebhookEdge(&wiring, policy)
    bindWebhookDelivery(&wiring, policy)
    bindWebhookDeliveryConnection(&wiring, policy)
    bindWebhookDeliveryEdge(&wiring, policy)
    bindFlowTrigger(&wiring, policy)
    bindTriggerDelivery(&wiring, policy)
    bindTriggerDeliveryConnection(&wiring, policy)
    bindTriggerDeliveryEdge(&wiring, policy)
    bindQuery(&wiring, policy)
    bindMutation(&wiring, policy)
    bindAuthenticationPayload(&wiring, policy)
    bindUpdateProfilePayload(&wiring, policy)
    bindSetAvatarPayload(&wiring, policy)
    bindSetThemePayload(&wiring, policy)
    bindSetPreferencesPayload(&wiring, policy)
    bindChangePasswordPayload(&wiring, policy)
    bindCreateOrganizationPayload(&wiring, policy)
    bindRenameOrganizationPayload(&wiring, policy)
    bindSetRetentionPayload(&wiring, policy)
    bindSetRunLimitPayload(&wiring, policy)
    bindSwitchOrganizationPayload(&wiring, policy)
    bindInviteMemberPayload(&wiring, policy)
    bindAcceptInvitationPayload(&wiring, policy)
    bindChangeMemberRolePayload(&wiring, policy)
    bindCreateApiKeyPayload(&wiring, policy)
    bindRotateApiKeyPayload(&wiring, policy)
    bindRevokeApiKeyPayload(&wiring, policy)
    bindCreateIntegrationPayload(&wiring, policy)
    bindUpdateIntegrationPayload(&wiring, policy)
    bindTestIntegrationPayload(&wiring, policy)
    bindFinishIntegrationOAuthPayload(&wiring, policy)
    bindCreateFlowPayload(&wiring, policy)
    bindUpdateFlowPayload(&wiring, policy)
    bindReplaceFlowPayload(&wiring, policy)
    bindDuplicateFlowPayload(&wiring, policy)
    bindCopiedTrigger(&wiring, policy)
    bindImportFlowPayload(&wiring, policy)
    bindChangeFlowStatusPayload(&wiring, policy)
    bindPublishFlowPayload(&wiring, policy)
    bindRestoreFlowVersionPayload(&wiring, policy)
    bindValidateFlowPayload(&wiring, policy)
    bindAddNodePayload(&wiring, policy)
    bindUpdateNodePayload(&wiring, policy)
    bindMoveNodePayload(&wiring, policy)
    bindRemoveNodePayload(&wiring, policy)
    bindConnectNodesPayload(&wiring, policy)
    bindDisconnectNodesPayload(&wiring, policy)
    bindExecuteFlowPayload(&wiring, policy)
    bindCancelExecutionPayload(&wiring, policy)
    bindDecideApprovalPayload(&wiring, policy)
    bindRetryExecutionPayload(&wiring, policy)
    bindReplayExecutionPayload(&wiring, policy)
    bindCreateWorkbenchPayload(&wiring, policy)
    bindUpdateWorkbenchPayload(&wiring, policy)
    bindChangeWorkbenchFlowsPayload(&wiring, policy)
    bindCreateWebhookPayload(&wiring, policy)
    bindUpdateWebhookPayload(&wiring, policy)
    bindRotateWebhookSecretPayload(&wiring, policy)
    bindTestWebhookPayload(&wiring, policy)
    bindRedeliverPayload(&wiring, policy)
    bindAddTriggerPayload(&wiring, policy)
    bindUpdateTriggerPayload(&wiring, policy)
    bindSetTriggerEnabledPayload(&wiring, policy)
    bindRotateTriggerSecretPayload(&wiring, policy)
    bindRevealTriggerSecretPayload(&wiring, policy)
    bindReplayDeliveryPayload(&wiring, policy)
    bindSubscription(&wiring, policy)
    return wiring
  }
}

extension SchemaResolvers {
  private func bindUser(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = user
    for leaf in UserLeaf.allCases { wiring.bind("User", leaf.rawValue, .cell) }
    wiring.bind("User", "flows", .batch { call in try resolvers.flows(call, try UserFlowsArguments(call.arguments)) })
  }
}

extension SchemaResolvers {
  private func bindOrganization(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = organization
    for leaf in OrganizationLeaf.allCases { wiring.bind("Organization", leaf.rawValue, .cell) }
    wiring.bind("Organization", "metrics", .batch { call in try resolvers.metrics(call, try OrganizationMetricsArguments(call.arguments)) })
    wiring.bind("Organization", "retention", resolvers.retention)
  }
}

extension SchemaResolvers {
  private func bindMembership(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = membership
    for leaf in MembershipLeaf.allCases { wiring.bind("Membership", leaf.rawValue, .cell) }
    wiring.bind("Membership", "organization", resolvers.organization)
    wiring.bind("Membership", "user", resolvers.user)
  }
}

extension SchemaResolvers {
  private func bindMembershipConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = membershipConnection
    wiring.bind("MembershipConnection", "edges", resolvers.edges)
    wiring.bind("MembershipConnection", "nodes", resolvers.nodes)
    wiring.bind("MembershipConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("MembershipConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindMembershipEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = membershipEdge
    wiring.bind("MembershipEdge", "cursor", resolvers.cursor)
    wiring.bind("MembershipEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindInvitation(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = invitation
    for leaf in InvitationLeaf.allCases { wiring.bind("Invitation", leaf.rawValue, .cell) }
    wiring.bind("Invitation", "inviter", resolvers.inviter)
  }
}

extension SchemaResolvers {
  private func bindInvitationConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = invitationConnection
    wiring.bind("InvitationConnection", "edges", resolvers.edges)
    wiring.bind("InvitationConnection", "nodes", resolvers.nodes)
    wiring.bind("InvitationConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("InvitationConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindInvitationEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = invitationEdge
    wiring.bind("InvitationEdge", "cursor", resolvers.cursor)
    wiring.bind("InvitationEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindViewer(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = viewer
    wiring.bind("Viewer", "user", resolvers.user)
    wiring.bind("Viewer", "apiKey", resolvers.apiKey)
    wiring.bind("Viewer", "organization", resolvers.organization)
    wiring.bind("Viewer", "role", resolvers.role)
    wiring.bind("Viewer", "memberships", resolvers.memberships)
    wiring.bind("Viewer", "preferences", resolvers.preferences)
    wiring.bind("Viewer", "session", resolvers.session)
  }
}

extension SchemaResolvers {
  private func bindSession(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = session
    for leaf in SessionLeaf.allCases { wiring.bind("Session", leaf.rawValue, .cell) }
    wiring.bind("Session", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindSessionConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = sessionConnection
    wiring.bind("SessionConnection", "edges", resolvers.edges)
    wiring.bind("SessionConnection", "nodes", resolvers.nodes)
    wiring.bind("SessionConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("SessionConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindSessionEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = sessionEdge
    wiring.bind("SessionEdge", "cursor", resolvers.cursor)
    wiring.bind("SessionEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindApiKey(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = apiKey
    for leaf in ApiKeyLeaf.allCases { wiring.bind("ApiKey", leaf.rawValue, .cell) }
    wiring.bind("ApiKey", "creator", resolvers.creator)
  }
}

extension SchemaResolvers {
  private func bindApiKeyConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = apiKeyConnection
    wiring.bind("ApiKeyConnection", "edges", resolvers.edges)
    wiring.bind("ApiKeyConnection", "nodes", resolvers.nodes)
    wiring.bind("ApiKeyConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("ApiKeyConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindApiKeyEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = apiKeyEdge
    wiring.bind("ApiKeyEdge", "cursor", resolvers.cursor)
    wiring.bind("ApiKeyEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindAuditEvent(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = auditEvent
    for leaf in AuditEventLeaf.allCases { wiring.bind("AuditEvent", leaf.rawValue, .cell) }
    wiring.bind("AuditEvent", "actor", resolvers.actor)
    wiring.bind("AuditEvent", "apiKey", resolvers.apiKey)
  }
}

extension SchemaResolvers {
  private func bindAuditEventConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = auditEventConnection
    wiring.bind("AuditEventConnection", "edges", resolvers.edges)
    wiring.bind("AuditEventConnection", "nodes", resolvers.nodes)
    wiring.bind("AuditEventConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("AuditEventConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindAuditEventEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = auditEventEdge
    wiring.bind("AuditEventEdge", "cursor", resolvers.cursor)
    wiring.bind("AuditEventEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindConnector(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = connector
    wiring.bind("Connector", "type", resolvers.type)
    wiring.bind("Connector", "name", resolvers.name)
    wiring.bind("Connector", "category", resolvers.category)
    wiring.bind("Connector", "description", resolvers.description)
    wiring.bind("Connector", "capabilities", resolvers.capabilities)
    wiring.bind("Connector", "credentialsSchema", resolvers.credentialsSchema)
    wiring.bind("Connector", "documentation", resolvers.documentation)
    wiring.bind("Connector", "authentication", resolvers.authentication)
    wiring.bind("Connector", "operations", resolvers.operations)
    wiring.bind("Connector", "triggers", resolvers.triggers)
  }
}

extension SchemaResolvers {
  private func bindConnectorConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = connectorConnection
    wiring.bind("ConnectorConnection", "edges", resolvers.edges)
    wiring.bind("ConnectorConnection", "nodes", resolvers.nodes)
    wiring.bind("ConnectorConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("ConnectorConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindConnectorEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = connectorEdge
    wiring.bind("ConnectorEdge", "cursor", resolvers.cursor)
    wiring.bind("ConnectorEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindIntegration(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = integration
    for leaf in IntegrationLeaf.allCases { wiring.bind("Integration", leaf.rawValue, .cell) }
    wiring.bind("Integration", "connector", resolvers.connector)
    wiring.bind("Integration", "creator", resolvers.creator)
  }
}

extension SchemaResolvers {
  private func bindIntegrationConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = integrationConnection
    wiring.bind("IntegrationConnection", "edges", resolvers.edges)
    wiring.bind("IntegrationConnection", "nodes", resolvers.nodes)
    wiring.bind("IntegrationConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("IntegrationConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindIntegrationEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = integrationEdge
    wiring.bind("IntegrationEdge", "cursor", resolvers.cursor)
    wiring.bind("IntegrationEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindAutomationFlow(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = automationFlow
    for leaf in AutomationFlowLeaf.allCases { wiring.bind("AutomationFlow", leaf.rawValue, .cell) }
    wiring.bind("AutomationFlow", "creator", resolvers.creator)
    wiring.bind("AutomationFlow", "nodes", resolvers.nodes)
    wiring.bind("AutomationFlow", "connections", resolvers.connections)
    wiring.bind("AutomationFlow", "triggers", resolvers.triggers)
    wiring.bind("AutomationFlow", "failingTriggers", resolvers.failingTriggers)
    wiring.bind("AutomationFlow", "publishedVersion", resolvers.publishedVersion)
    wiring.bind("AutomationFlow", "errorFlow", resolvers.errorFlow)
    wiring.bind("AutomationFlow", "versions", .batch { call in try resolvers.versions(call, try AutomationFlowVersionsArguments(call.arguments)) })
    wiring.bind("AutomationFlow", "executionLogs", .batch { call in try resolvers.executionLogs(call, try AutomationFlowExecutionLogsArguments(call.arguments)) })
    wiring.bind("AutomationFlow", "metrics", .batch { call in try resolvers.metrics(call, try AutomationFlowMetricsArguments(call.arguments)) })
  }
}

extension SchemaResolvers {
  private func bindAutomationFlowConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = automationFlowConnection
    wiring.bind("AutomationFlowConnection", "edges", resolvers.edges)
    wiring.bind("AutomationFlowConnection", "nodes", resolvers.nodes)
    wiring.bind("AutomationFlowConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("AutomationFlowConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindAutomationFlowEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = automationFlowEdge
    wiring.bind("AutomationFlowEdge", "cursor", resolvers.cursor)
    wiring.bind("AutomationFlowEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindWorkbench(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = workbench
    for leaf in WorkbenchLeaf.allCases { wiring.bind("Workbench", leaf.rawValue, .cell) }
    wiring.bind("Workbench", "creator", resolvers.creator)
    wiring.bind("Workbench", "flows", .batch { call in try resolvers.flows(call, try WorkbenchFlowsArguments(call.arguments)) })
  }
}

extension SchemaResolvers {
  private func bindWorkbenchConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = workbenchConnection
    wiring.bind("WorkbenchConnection", "edges", resolvers.edges)
    wiring.bind("WorkbenchConnection", "nodes", resolvers.nodes)
    wiring.bind("WorkbenchConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("WorkbenchConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindWorkbenchEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = workbenchEdge
    wiring.bind("WorkbenchEdge", "cursor", resolvers.cursor)
    wiring.bind("WorkbenchEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindFlowVersion(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = flowVersion
    for leaf in FlowVersionLeaf.allCases { wiring.bind("FlowVersion", leaf.rawValue, .cell) }
    wiring.bind("FlowVersion", "flow", resolvers.flow)
    wiring.bind("FlowVersion", "difference", .batch { call in try resolvers.difference(call, try call.arguments.decode(at: 0)) })
  }
}

extension SchemaResolvers {
  private func bindFlowDifference(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = flowDifference
    wiring.bind("FlowDifference", "isEmpty", resolvers.isEmpty)
    wiring.bind("FlowDifference", "name", resolvers.name)
    wiring.bind("FlowDifference", "errorFlow", resolvers.errorFlow)
    wiring.bind("FlowDifference", "nodes", resolvers.nodes)
    wiring.bind("FlowDifference", "connections", resolvers.connections)
  }
}

extension SchemaResolvers {
  private func bindNodeDifference(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = nodeDifference
    wiring.bind("NodeDifference", "kind", resolvers.kind)
    wiring.bind("NodeDifference", "nodeId", resolvers.nodeId)
    wiring.bind("NodeDifference", "key", resolvers.key)
    wiring.bind("NodeDifference", "fields", resolvers.fields)
  }
}

extension SchemaResolvers {
  private func bindConnectionDifference(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = connectionDifference
    wiring.bind("ConnectionDifference", "kind", resolvers.kind)
    wiring.bind("ConnectionDifference", "connectionId", resolvers.connectionId)
    wiring.bind("ConnectionDifference", "from", resolvers.from)
    wiring.bind("ConnectionDifference", "to", resolvers.to)
    wiring.bind("ConnectionDifference", "fields", resolvers.fields)
  }
}

extension SchemaResolvers {
  private func bindFlowVersionConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = flowVersionConnection
    wiring.bind("FlowVersionConnection", "edges", resolvers.edges)
    wiring.bind("FlowVersionConnection", "nodes", resolvers.nodes)
    wiring.bind("FlowVersionConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("FlowVersionConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindFlowVersionEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = flowVersionEdge
    wiring.bind("FlowVersionEdge", "cursor", resolvers.cursor)
    wiring.bind("FlowVersionEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindAutomationNode(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = automationNode
    for leaf in AutomationNodeLeaf.allCases { wiring.bind("AutomationNode", leaf.rawValue, .cell) }
    wiring.bind("AutomationNode", "flow", resolvers.flow)
    wiring.bind("AutomationNode", "parent", resolvers.parent)
    wiring.bind("AutomationNode", "integration", resolvers.integration)
  }
}

extension SchemaResolvers {
  private func bindAutomationConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = automationConnection
    for leaf in AutomationConnectionLeaf.allCases { wiring.bind("AutomationConnection", leaf.rawValue, .cell) }
    wiring.bind("AutomationConnection", "flow", resolvers.flow)
    wiring.bind("AutomationConnection", "from", resolvers.from)
    wiring.bind("AutomationConnection", "to", resolvers.to)
  }
}

extension SchemaResolvers {
  private func bindExecutionLog(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionLog
    for leaf in ExecutionLogLeaf.allCases { wiring.bind("ExecutionLog", leaf.rawValue, .cell) }
    wiring.bind("ExecutionLog", "flow", resolvers.flow)
    wiring.bind("ExecutionLog", "version", resolvers.version)
    wiring.bind("ExecutionLog", "retryOf", resolvers.retryOf)
    wiring.bind("ExecutionLog", "user", resolvers.user)
    wiring.bind("ExecutionLog", "error", resolvers.error)
    wiring.bind("ExecutionLog", "nodeExecutions", resolvers.nodeExecutions)
  }
}

extension SchemaResolvers {
  private func bindExecutionLogConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionLogConnection
    wiring.bind("ExecutionLogConnection", "edges", resolvers.edges)
    wiring.bind("ExecutionLogConnection", "nodes", resolvers.nodes)
    wiring.bind("ExecutionLogConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("ExecutionLogConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindExecutionLogEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionLogEdge
    wiring.bind("ExecutionLogEdge", "cursor", resolvers.cursor)
    wiring.bind("ExecutionLogEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindNodeExecutionLog(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = nodeExecutionLog
    for leaf in NodeExecutionLogLeaf.allCases { wiring.bind("NodeExecutionLog", leaf.rawValue, .cell) }
    wiring.bind("NodeExecutionLog", "node", resolvers.node)
    wiring.bind("NodeExecutionLog", "error", resolvers.error)
  }
}

extension SchemaResolvers {
  private func bindExecutionQueued(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionQueued
    wiring.bind("ExecutionQueued", "sequence", resolvers.sequence)
    wiring.bind("ExecutionQueued", "cursor", resolvers.cursor)
    wiring.bind("ExecutionQueued", "at", resolvers.at)
    wiring.bind("ExecutionQueued", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindExecutionStarted(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionStarted
    wiring.bind("ExecutionStarted", "sequence", resolvers.sequence)
    wiring.bind("ExecutionStarted", "cursor", resolvers.cursor)
    wiring.bind("ExecutionStarted", "at", resolvers.at)
    wiring.bind("ExecutionStarted", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindNodeStarted(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = nodeStarted
    wiring.bind("NodeStarted", "sequence", resolvers.sequence)
    wiring.bind("NodeStarted", "cursor", resolvers.cursor)
    wiring.bind("NodeStarted", "at", resolvers.at)
    wiring.bind("NodeStarted", "execution", resolvers.execution)
    wiring.bind("NodeStarted", "nodeId", resolvers.nodeId)
    wiring.bind("NodeStarted", "nodeKey", resolvers.nodeKey)
    wiring.bind("NodeStarted", "iteration", resolvers.iteration)
    wiring.bind("NodeStarted", "attempt", resolvers.attempt)
    wiring.bind("NodeStarted", "input", resolvers.input)
  }
}

extension SchemaResolvers {
  private func bindNodeRetrying(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = nodeRetrying
    wiring.bind("NodeRetrying", "sequence", resolvers.sequence)
    wiring.bind("NodeRetrying", "cursor", resolvers.cursor)
    wiring.bind("NodeRetrying", "at", resolvers.at)
    wiring.bind("NodeRetrying", "execution", resolvers.execution)
    wiring.bind("NodeRetrying", "nodeId", resolvers.nodeId)
    wiring.bind("NodeRetrying", "nodeKey", resolvers.nodeKey)
    wiring.bind("NodeRetrying", "iteration", resolvers.iteration)
    wiring.bind("NodeRetrying", "attempt", resolvers.attempt)
    wiring.bind("NodeRetrying", "error", resolvers.error)
  }
}

extension SchemaResolvers {
  private func bindNodeFinished(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = nodeFinished
    wiring.bind("NodeFinished", "sequence", resolvers.sequence)
    wiring.bind("NodeFinished", "cursor", resolvers.cursor)
    wiring.bind("NodeFinished", "at", resolvers.at)
    wiring.bind("NodeFinished", "execution", resolvers.execution)
    wiring.bind("NodeFinished", "nodeId", resolvers.nodeId)
    wiring.bind("NodeFinished", "nodeKey", resolvers.nodeKey)
    wiring.bind("NodeFinished", "iteration", resolvers.iteration)
    wiring.bind("NodeFinished", "status", resolvers.status)
    wiring.bind("NodeFinished", "attempt", resolvers.attempt)
    wiring.bind("NodeFinished", "input", resolvers.input)
    wiring.bind("NodeFinished", "output", resolvers.output)
    wiring.bind("NodeFinished", "error", resolvers.error)
    wiring.bind("NodeFinished", "skipReason", resolvers.skipReason)
    wiring.bind("NodeFinished", "duration", resolvers.duration)
  }
}

extension SchemaResolvers {
  private func bindExecutionWaiting(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionWaiting
    wiring.bind("ExecutionWaiting", "sequence", resolvers.sequence)
    wiring.bind("ExecutionWaiting", "cursor", resolvers.cursor)
    wiring.bind("ExecutionWaiting", "at", resolvers.at)
    wiring.bind("ExecutionWaiting", "execution", resolvers.execution)
    wiring.bind("ExecutionWaiting", "until", resolvers.until)
  }
}

extension SchemaResolvers {
  private func bindExecutionLogLine(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionLogLine
    wiring.bind("ExecutionLogLine", "sequence", resolvers.sequence)
    wiring.bind("ExecutionLogLine", "cursor", resolvers.cursor)
    wiring.bind("ExecutionLogLine", "at", resolvers.at)
    wiring.bind("ExecutionLogLine", "execution", resolvers.execution)
    wiring.bind("ExecutionLogLine", "nodeKey", resolvers.nodeKey)
    wiring.bind("ExecutionLogLine", "iteration", resolvers.iteration)
    wiring.bind("ExecutionLogLine", "message", resolvers.message)
  }
}

extension SchemaResolvers {
  private func bindExecutionFinished(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionFinished
    wiring.bind("ExecutionFinished", "sequence", resolvers.sequence)
    wiring.bind("ExecutionFinished", "cursor", resolvers.cursor)
    wiring.bind("ExecutionFinished", "at", resolvers.at)
    wiring.bind("ExecutionFinished", "execution", resolvers.execution)
    wiring.bind("ExecutionFinished", "status", resolvers.status)
    wiring.bind("ExecutionFinished", "result", resolvers.result)
    wiring.bind("ExecutionFinished", "error", resolvers.error)
    wiring.bind("ExecutionFinished", "duration", resolvers.duration)
  }
}

extension SchemaResolvers {
  private func bindExecutionUpdate(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executionUpdate
    wiring.bind("ExecutionUpdate", "cursor", resolvers.cursor)
    wiring.bind("ExecutionUpdate", "flowId", resolvers.flowId)
    wiring.bind("ExecutionUpdate", "event", resolvers.event)
  }
}

extension SchemaResolvers {
  private func bindFlowChange(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = flowChange
    wiring.bind("FlowChange", "cursor", resolvers.cursor)
    wiring.bind("FlowChange", "at", resolvers.at)
    wiring.bind("FlowChange", "kind", resolvers.kind)
    wiring.bind("FlowChange", "flowId", resolvers.flowId)
    wiring.bind("FlowChange", "revision", resolvers.revision)
    wiring.bind("FlowChange", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindIntegrationStatusChange(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = integrationStatusChange
    wiring.bind("IntegrationStatusChange", "cursor", resolvers.cursor)
    wiring.bind("IntegrationStatusChange", "at", resolvers.at)
    wiring.bind("IntegrationStatusChange", "kind", resolvers.kind)
    wiring.bind("IntegrationStatusChange", "integrationId", resolvers.integrationId)
    wiring.bind("IntegrationStatusChange", "isConnected", resolvers.isConnected)
    wiring.bind("IntegrationStatusChange", "integration", resolvers.integration)
  }
}

extension SchemaResolvers {
  private func bindWebhook(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = webhook
    for leaf in WebhookLeaf.allCases { wiring.bind("Webhook", leaf.rawValue, .cell) }
    wiring.bind("Webhook", "creator", resolvers.creator)
    wiring.bind("Webhook", "deliveries", .batch { call in try resolvers.deliveries(call, try WebhookDeliveriesArguments(call.arguments)) })
  }
}

extension SchemaResolvers {
  private func bindWebhookConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = webhookConnection
    wiring.bind("WebhookConnection", "edges", resolvers.edges)
    wiring.bind("WebhookConnection", "nodes", resolvers.nodes)
    wiring.bind("WebhookConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("WebhookConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindWebhookEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = webhookEdge
    wiring.bind("WebhookEdge", "cursor", resolvers.cursor)
    wiring.bind("WebhookEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindWebhookDelivery(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = webhookDelivery
    for leaf in WebhookDeliveryLeaf.allCases { wiring.bind("WebhookDelivery", leaf.rawValue, .cell) }
    wiring.bind("WebhookDelivery", "webhook", resolvers.webhook)
  }
}

extension SchemaResolvers {
  private func bindWebhookDeliveryConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = webhookDeliveryConnection
    wiring.bind("WebhookDeliveryConnection", "edges", resolvers.edges)
    wiring.bind("WebhookDeliveryConnection", "nodes", resolvers.nodes)
    wiring.bind("WebhookDeliveryConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("WebhookDeliveryConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindWebhookDeliveryEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = webhookDeliveryEdge
    wiring.bind("WebhookDeliveryEdge", "cursor", resolvers.cursor)
    wiring.bind("WebhookDeliveryEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindFlowTrigger(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = flowTrigger
    for leaf in FlowTriggerLeaf.allCases { wiring.bind("FlowTrigger", leaf.rawValue, .cell) }
    wiring.bind("FlowTrigger", "flow", resolvers.flow)
    wiring.bind("FlowTrigger", "schedule", resolvers.schedule)
    wiring.bind("FlowTrigger", "webhook", resolvers.webhook)
    wiring.bind("FlowTrigger", "sourceFlow", resolvers.sourceFlow)
    wiring.bind("FlowTrigger", "integration", resolvers.integration)
    wiring.bind("FlowTrigger", "integrationEvent", resolvers.integrationEvent)
    wiring.bind("FlowTrigger", "problem", resolvers.problem)
    wiring.bind("FlowTrigger", "deliveries", .batch { call in try resolvers.deliveries(call, try FlowTriggerDeliveriesArguments(call.arguments)) })
  }
}

extension SchemaResolvers {
  private func bindTriggerDelivery(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = triggerDelivery
    for leaf in TriggerDeliveryLeaf.allCases { wiring.bind("TriggerDelivery", leaf.rawValue, .cell) }
    wiring.bind("TriggerDelivery", "trigger", resolvers.trigger)
    wiring.bind("TriggerDelivery", "replayOf", resolvers.replayOf)
    wiring.bind("TriggerDelivery", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindTriggerDeliveryConnection(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = triggerDeliveryConnection
    wiring.bind("TriggerDeliveryConnection", "edges", resolvers.edges)
    wiring.bind("TriggerDeliveryConnection", "nodes", resolvers.nodes)
    wiring.bind("TriggerDeliveryConnection", "pageInfo", resolvers.pageInfo)
    wiring.bind("TriggerDeliveryConnection", "totalCount", resolvers.totalCount)
  }
}

extension SchemaResolvers {
  private func bindTriggerDeliveryEdge(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = triggerDeliveryEdge
    wiring.bind("TriggerDeliveryEdge", "cursor", resolvers.cursor)
    wiring.bind("TriggerDeliveryEdge", "node", resolvers.node)
  }
}

extension SchemaResolvers {
  private func bindQuery(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = query
    wiring.bind("Query", "node", .batch { call in try resolvers.node(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.node")))
    wiring.bind("Query", "nodes", .batch { call in try resolvers.nodes(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.nodes")))
    wiring.bind("Query", "viewer", .batch { call in try resolvers.viewer(call) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.viewer")))
    wiring.bind("Query", "sessions", .batch { call in try resolvers.sessions(call, try QuerySessionsArguments(call.arguments)) }.access(policy.check(.authenticated, of: "Query.sessions")))
    wiring.bind("Query", "organization", .batch { call in try resolvers.organization(call) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.organization")))
    wiring.bind("Query", "organizations", .batch { call in try resolvers.organizations(call) }.access(policy.check(.authenticated, of: "Query.organizations")))
    wiring.bind("Query", "members", .batch { call in try resolvers.members(call, try QueryMembersArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.members")))
    wiring.bind("Query", "invitations", .batch { call in try resolvers.invitations(call, try QueryInvitationsArguments(call.arguments)) }.access(policy.check(.requires(.admin, scope: .read), of: "Query.invitations")))
    wiring.bind("Query", "auditLog", .batch { call in try resolvers.auditLog(call, try QueryAuditLogArguments(call.arguments)) }.access(policy.check(.requires(.admin, scope: .auditRead), of: "Query.auditLog")))
    wiring.bind("Query", "apiKeys", .batch { call in try resolvers.apiKeys(call, try QueryApiKeysArguments(call.arguments)) }.access(policy.check(.requires(.admin, scope: .read), of: "Query.apiKeys")))
    wiring.bind("Query", "connectors", .batch { call in try resolvers.connectors(call, try QueryConnectorsArguments(call.arguments)) }.access(policy.check(.public, of: "Query.connectors")))
    wiring.bind("Query", "connector", .batch { call in try resolvers.connector(call, try call.arguments.decode(at: 0)) }.access(policy.check(.public, of: "Query.connector")))
    wiring.bind("Query", "integrations", .batch { call in try resolvers.integrations(call, try QueryIntegrationsArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.integrations")))
    wiring.bind("Query", "integration", .batch { call in try resolvers.integration(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.integration")))
    wiring.bind("Query", "flows", .batch { call in try resolvers.flows(call, try QueryFlowsArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.flows")))
    wiring.bind("Query", "flow", .batch { call in try resolvers.flow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.flow")))
    wiring.bind("Query", "executionLogs", .batch { call in try resolvers.executionLogs(call, try QueryExecutionLogsArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.executionLogs")))
    wiring.bind("Query", "executionLog", .batch { call in try resolvers.executionLog(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.executionLog")))
    wiring.bind("Query", "eventCursor", .batch { call in try resolvers.eventCursor(call) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.eventCursor")))
    wiring.bind("Query", "workbenches", .batch { call in try resolvers.workbenches(call, try QueryWorkbenchesArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.workbenches")))
    wiring.bind("Query", "workbench", .batch { call in try resolvers.workbench(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.workbench")))
    wiring.bind("Query", "webhooks", .batch { call in try resolvers.webhooks(call, try QueryWebhooksArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.webhooks")))
    wiring.bind("Query", "webhook", .batch { call in try resolvers.webhook(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.webhook")))
    wiring.bind("Query", "eventTypes", .batch { call in try resolvers.eventTypes(call) }.access(policy.check(.requires(.viewer, scope: .read), of: "Query.eventTypes")))
  }
}

extension SchemaResolvers {
  private func bindMutation(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = mutation
    wiring.bind("Mutation", "register", .asyncBatch { call in try await resolvers.register(call, try call.arguments.decode(at: 0)) }.access(policy.check(.public, of: "Mutation.register")))
    wiring.bind("Mutation", "login", .asyncBatch { call in try await resolvers.login(call, try call.arguments.decode(at: 0)) }.access(policy.check(.public, of: "Mutation.login")))
    wiring.bind("Mutation", "refreshToken", .asyncBatch { call in try await resolvers.refreshToken(call, try call.arguments.decode(at: 0)) }.access(policy.check(.public, of: "Mutation.refreshToken")))
    wiring.bind("Mutation", "logout", .asyncBatch { call in try await resolvers.logout(call, try call.arguments.decode(at: 0)) }.access(policy.check(.public, of: "Mutation.logout")))
    wiring.bind("Mutation", "revokeSession", .asyncBatch { call in try await resolvers.revokeSession(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.revokeSession")))
    wiring.bind("Mutation", "updateProfile", .asyncBatch { call in try await resolvers.updateProfile(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.updateProfile")))
    wiring.bind("Mutation", "setAvatar", .asyncBatch { call in try await resolvers.setAvatar(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.setAvatar")))
    wiring.bind("Mutation", "setTheme", .asyncBatch { call in try await resolvers.setTheme(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.setTheme")))
    wiring.bind("Mutation", "setPreferences", .asyncBatch { call in try await resolvers.setPreferences(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.setPreferences")))
    wiring.bind("Mutation", "changePassword", .asyncBatch { call in try await resolvers.changePassword(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.changePassword")))
    wiring.bind("Mutation", "createOrganization", .asyncBatch { call in try await resolvers.createOrganization(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.createOrganization")))
    wiring.bind("Mutation", "renameOrganization", .asyncBatch { call in try await resolvers.renameOrganization(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.renameOrganization")))
    wiring.bind("Mutation", "setRetention", .asyncBatch { call in try await resolvers.setRetention(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.setRetention")))
    wiring.bind("Mutation", "setRunLimit", .asyncBatch { call in try await resolvers.setRunLimit(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.setRunLimit")))
    wiring.bind("Mutation", "switchOrganization", .asyncBatch { call in try await resolvers.switchOrganization(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.switchOrganization")))
    wiring.bind("Mutation", "inviteMember", .asyncBatch { call in try await resolvers.inviteMember(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.inviteMember")))
    wiring.bind("Mutation", "revokeInvitation", .asyncBatch { call in try await resolvers.revokeInvitation(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.revokeInvitation")))
    wiring.bind("Mutation", "acceptInvitation", .asyncBatch { call in try await resolvers.acceptInvitation(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.acceptInvitation")))
    wiring.bind("Mutation", "changeMemberRole", .asyncBatch { call in try await resolvers.changeMemberRole(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.changeMemberRole")))
    wiring.bind("Mutation", "removeMember", .asyncBatch { call in try await resolvers.removeMember(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.removeMember")))
    wiring.bind("Mutation", "leaveOrganization", .asyncBatch { call in try await resolvers.leaveOrganization(call, try call.arguments.decode(at: 0)) }.access(policy.check(.authenticated, of: "Mutation.leaveOrganization")))
    wiring.bind("Mutation", "createApiKey", .asyncBatch { call in try await resolvers.createApiKey(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.createApiKey")))
    wiring.bind("Mutation", "rotateApiKey", .asyncBatch { call in try await resolvers.rotateApiKey(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.rotateApiKey")))
    wiring.bind("Mutation", "revokeApiKey", .asyncBatch { call in try await resolvers.revokeApiKey(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.admin, scope: nil), of: "Mutation.revokeApiKey")))
    wiring.bind("Mutation", "createIntegration", .asyncBatch { call in try await resolvers.createIntegration(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .integrationsWrite), of: "Mutation.createIntegration")))
    wiring.bind("Mutation", "updateIntegration", .asyncBatch { call in try await resolvers.updateIntegration(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .integrationsWrite), of: "Mutation.updateIntegration")))
    wiring.bind("Mutation", "testIntegration", .asyncBatch { call in try await resolvers.testIntegration(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .integrationsWrite), of: "Mutation.testIntegration")))
    wiring.bind("Mutation", "startIntegrationOAuth", .asyncBatch { call in try await resolvers.startIntegrationOAuth(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .integrationsWrite), of: "Mutation.startIntegrationOAuth")))
    wiring.bind("Mutation", "finishIntegrationOAuth", .asyncBatch { call in try await resolvers.finishIntegrationOAuth(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .integrationsWrite), of: "Mutation.finishIntegrationOAuth")))
    wiring.bind("Mutation", "deleteIntegration", .asyncBatch { call in try await resolvers.deleteIntegration(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .integrationsWrite), of: "Mutation.deleteIntegration")))
    wiring.bind("Mutation", "createFlow", .asyncBatch { call in try await resolvers.createFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.createFlow")))
    wiring.bind("Mutation", "updateFlow", .asyncBatch { call in try await resolvers.updateFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.updateFlow")))
    wiring.bind("Mutation", "replaceFlow", .asyncBatch { call in try await resolvers.replaceFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.replaceFlow")))
    wiring.bind("Mutation", "deleteFlow", .asyncBatch { call in try await resolvers.deleteFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.deleteFlow")))
    wiring.bind("Mutation", "duplicateFlow", .asyncBatch { call in try await resolvers.duplicateFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.duplicateFlow")))
    wiring.bind("Mutation", "exportFlow", .asyncBatch { call in try await resolvers.exportFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Mutation.exportFlow")))
    wiring.bind("Mutation", "importFlow", .asyncBatch { call in try await resolvers.importFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.importFlow")))
    wiring.bind("Mutation", "activateFlow", .asyncBatch { call in try await resolvers.activateFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.activateFlow")))
    wiring.bind("Mutation", "pauseFlow", .asyncBatch { call in try await resolvers.pauseFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.pauseFlow")))
    wiring.bind("Mutation", "archiveFlow", .asyncBatch { call in try await resolvers.archiveFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.archiveFlow")))
    wiring.bind("Mutation", "publishFlow", .asyncBatch { call in try await resolvers.publishFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.publishFlow")))
    wiring.bind("Mutation", "restoreFlowVersion", .asyncBatch { call in try await resolvers.restoreFlowVersion(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.restoreFlowVersion")))
    wiring.bind("Mutation", "validateFlow", .asyncBatch { call in try await resolvers.validateFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Mutation.validateFlow")))
    wiring.bind("Mutation", "addNode", .asyncBatch { call in try await resolvers.addNode(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.addNode")))
    wiring.bind("Mutation", "updateNode", .asyncBatch { call in try await resolvers.updateNode(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.updateNode")))
    wiring.bind("Mutation", "moveNode", .asyncBatch { call in try await resolvers.moveNode(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.moveNode")))
    wiring.bind("Mutation", "removeNode", .asyncBatch { call in try await resolvers.removeNode(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.removeNode")))
    wiring.bind("Mutation", "connectNodes", .asyncBatch { call in try await resolvers.connectNodes(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.connectNodes")))
    wiring.bind("Mutation", "disconnectNodes", .asyncBatch { call in try await resolvers.disconnectNodes(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.disconnectNodes")))
    wiring.bind("Mutation", "executeFlow", .asyncBatch { call in try await resolvers.executeFlow(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.`operator`, scope: .executionsWrite), of: "Mutation.executeFlow")))
    wiring.bind("Mutation", "cancelExecution", .asyncBatch { call in try await resolvers.cancelExecution(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.`operator`, scope: .executionsWrite), of: "Mutation.cancelExecution")))
    wiring.bind("Mutation", "decideApproval", .asyncBatch { call in try await resolvers.decideApproval(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.`operator`, scope: .executionsWrite), of: "Mutation.decideApproval")))
    wiring.bind("Mutation", "retryExecution", .asyncBatch { call in try await resolvers.retryExecution(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.`operator`, scope: .executionsWrite), of: "Mutation.retryExecution")))
    wiring.bind("Mutation", "replayExecution", .asyncBatch { call in try await resolvers.replayExecution(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.`operator`, scope: .executionsWrite), of: "Mutation.replayExecution")))
    wiring.bind("Mutation", "createWorkbench", .asyncBatch { call in try await resolvers.createWorkbench(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .workbenchesWrite), of: "Mutation.createWorkbench")))
    wiring.bind("Mutation", "updateWorkbench", .asyncBatch { call in try await resolvers.updateWorkbench(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .workbenchesWrite), of: "Mutation.updateWorkbench")))
    wiring.bind("Mutation", "deleteWorkbench", .asyncBatch { call in try await resolvers.deleteWorkbench(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .workbenchesWrite), of: "Mutation.deleteWorkbench")))
    wiring.bind("Mutation", "addFlowsToWorkbench", .asyncBatch { call in try await resolvers.addFlowsToWorkbench(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .workbenchesWrite), of: "Mutation.addFlowsToWorkbench")))
    wiring.bind("Mutation", "removeFlowsFromWorkbench", .asyncBatch { call in try await resolvers.removeFlowsFromWorkbench(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .workbenchesWrite), of: "Mutation.removeFlowsFromWorkbench")))
    wiring.bind("Mutation", "createWebhook", .asyncBatch { call in try await resolvers.createWebhook(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .webhooksWrite), of: "Mutation.createWebhook")))
    wiring.bind("Mutation", "updateWebhook", .asyncBatch { call in try await resolvers.updateWebhook(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .webhooksWrite), of: "Mutation.updateWebhook")))
    wiring.bind("Mutation", "rotateWebhookSecret", .asyncBatch { call in try await resolvers.rotateWebhookSecret(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .webhooksWrite), of: "Mutation.rotateWebhookSecret")))
    wiring.bind("Mutation", "deleteWebhook", .asyncBatch { call in try await resolvers.deleteWebhook(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .webhooksWrite), of: "Mutation.deleteWebhook")))
    wiring.bind("Mutation", "testWebhook", .asyncBatch { call in try await resolvers.testWebhook(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .webhooksWrite), of: "Mutation.testWebhook")))
    wiring.bind("Mutation", "redeliver", .asyncBatch { call in try await resolvers.redeliver(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .webhooksWrite), of: "Mutation.redeliver")))
    wiring.bind("Mutation", "addTrigger", .asyncBatch { call in try await resolvers.addTrigger(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.addTrigger")))
    wiring.bind("Mutation", "updateTrigger", .asyncBatch { call in try await resolvers.updateTrigger(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.updateTrigger")))
    wiring.bind("Mutation", "enableTrigger", .asyncBatch { call in try await resolvers.enableTrigger(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.enableTrigger")))
    wiring.bind("Mutation", "disableTrigger", .asyncBatch { call in try await resolvers.disableTrigger(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.disableTrigger")))
    wiring.bind("Mutation", "removeTrigger", .asyncBatch { call in try await resolvers.removeTrigger(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.removeTrigger")))
    wiring.bind("Mutation", "rotateTriggerSecret", .asyncBatch { call in try await resolvers.rotateTriggerSecret(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.rotateTriggerSecret")))
    wiring.bind("Mutation", "revealTriggerSecret", .asyncBatch { call in try await resolvers.revealTriggerSecret(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .flowsWrite), of: "Mutation.revealTriggerSecret")))
    wiring.bind("Mutation", "replayDelivery", .asyncBatch { call in try await resolvers.replayDelivery(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.editor, scope: .executionsWrite), of: "Mutation.replayDelivery")))
  }
}

extension SchemaResolvers {
  private func bindAuthenticationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = authenticationPayload
    wiring.bind("AuthenticationPayload", "accessToken", resolvers.accessToken)
    wiring.bind("AuthenticationPayload", "expiresIn", resolvers.expiresIn)
    wiring.bind("AuthenticationPayload", "refreshToken", resolvers.refreshToken)
    wiring.bind("AuthenticationPayload", "user", resolvers.user)
    wiring.bind("AuthenticationPayload", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindUpdateProfilePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateProfilePayload
    wiring.bind("UpdateProfilePayload", "user", resolvers.user)
  }
}

extension SchemaResolvers {
  private func bindSetAvatarPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = setAvatarPayload
    wiring.bind("SetAvatarPayload", "user", resolvers.user)
  }
}

extension SchemaResolvers {
  private func bindSetThemePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = setThemePayload
    wiring.bind("SetThemePayload", "user", resolvers.user)
  }
}

extension SchemaResolvers {
  private func bindSetPreferencesPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = setPreferencesPayload
    wiring.bind("SetPreferencesPayload", "viewer", resolvers.viewer)
  }
}

extension SchemaResolvers {
  private func bindChangePasswordPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = changePasswordPayload
    wiring.bind("ChangePasswordPayload", "user", resolvers.user)
    wiring.bind("ChangePasswordPayload", "revokedSessions", resolvers.revokedSessions)
  }
}

extension SchemaResolvers {
  private func bindCreateOrganizationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = createOrganizationPayload
    wiring.bind("CreateOrganizationPayload", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindRenameOrganizationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = renameOrganizationPayload
    wiring.bind("RenameOrganizationPayload", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindSetRetentionPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = setRetentionPayload
    wiring.bind("SetRetentionPayload", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindSetRunLimitPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = setRunLimitPayload
    wiring.bind("SetRunLimitPayload", "flow", resolvers.flow)
    wiring.bind("SetRunLimitPayload", "integration", resolvers.integration)
    wiring.bind("SetRunLimitPayload", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindSwitchOrganizationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = switchOrganizationPayload
    wiring.bind("SwitchOrganizationPayload", "accessToken", resolvers.accessToken)
    wiring.bind("SwitchOrganizationPayload", "expiresIn", resolvers.expiresIn)
    wiring.bind("SwitchOrganizationPayload", "viewer", resolvers.viewer)
  }
}

extension SchemaResolvers {
  private func bindInviteMemberPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = inviteMemberPayload
    wiring.bind("InviteMemberPayload", "invitation", resolvers.invitation)
    wiring.bind("InviteMemberPayload", "token", resolvers.token)
  }
}

extension SchemaResolvers {
  private func bindAcceptInvitationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = acceptInvitationPayload
    wiring.bind("AcceptInvitationPayload", "organization", resolvers.organization)
  }
}

extension SchemaResolvers {
  private func bindChangeMemberRolePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = changeMemberRolePayload
    wiring.bind("ChangeMemberRolePayload", "membership", resolvers.membership)
  }
}

extension SchemaResolvers {
  private func bindCreateApiKeyPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = createApiKeyPayload
    wiring.bind("CreateApiKeyPayload", "apiKey", resolvers.apiKey)
    wiring.bind("CreateApiKeyPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindRotateApiKeyPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = rotateApiKeyPayload
    wiring.bind("RotateApiKeyPayload", "apiKey", resolvers.apiKey)
    wiring.bind("RotateApiKeyPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindRevokeApiKeyPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = revokeApiKeyPayload
    wiring.bind("RevokeApiKeyPayload", "apiKey", resolvers.apiKey)
  }
}

extension SchemaResolvers {
  private func bindCreateIntegrationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = createIntegrationPayload
    wiring.bind("CreateIntegrationPayload", "integration", resolvers.integration)
  }
}

extension SchemaResolvers {
  private func bindUpdateIntegrationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateIntegrationPayload
    wiring.bind("UpdateIntegrationPayload", "integration", resolvers.integration)
  }
}

extension SchemaResolvers {
  private func bindTestIntegrationPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = testIntegrationPayload
    wiring.bind("TestIntegrationPayload", "isAccepted", resolvers.isAccepted)
    wiring.bind("TestIntegrationPayload", "message", resolvers.message)
    wiring.bind("TestIntegrationPayload", "integration", resolvers.integration)
  }
}

extension SchemaResolvers {
  private func bindFinishIntegrationOAuthPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = finishIntegrationOAuthPayload
    wiring.bind("FinishIntegrationOAuthPayload", "integration", resolvers.integration)
  }
}

extension SchemaResolvers {
  private func bindCreateFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = createFlowPayload
    wiring.bind("CreateFlowPayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindUpdateFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateFlowPayload
    wiring.bind("UpdateFlowPayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindReplaceFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = replaceFlowPayload
    wiring.bind("ReplaceFlowPayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindDuplicateFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = duplicateFlowPayload
    wiring.bind("DuplicateFlowPayload", "flow", resolvers.flow)
    wiring.bind("DuplicateFlowPayload", "triggers", resolvers.triggers)
    wiring.bind("DuplicateFlowPayload", "warnings", resolvers.warnings)
  }
}

extension SchemaResolvers {
  private func bindCopiedTrigger(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = copiedTrigger
    wiring.bind("CopiedTrigger", "trigger", resolvers.trigger)
    wiring.bind("CopiedTrigger", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindImportFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = importFlowPayload
    wiring.bind("ImportFlowPayload", "flow", resolvers.flow)
    wiring.bind("ImportFlowPayload", "missingIntegrations", resolvers.missingIntegrations)
    wiring.bind("ImportFlowPayload", "triggers", resolvers.triggers)
    wiring.bind("ImportFlowPayload", "warnings", resolvers.warnings)
  }
}

extension SchemaResolvers {
  private func bindChangeFlowStatusPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = changeFlowStatusPayload
    wiring.bind("ChangeFlowStatusPayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindPublishFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = publishFlowPayload
    wiring.bind("PublishFlowPayload", "flow", resolvers.flow)
    wiring.bind("PublishFlowPayload", "version", resolvers.version)
  }
}

extension SchemaResolvers {
  private func bindRestoreFlowVersionPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = restoreFlowVersionPayload
    wiring.bind("RestoreFlowVersionPayload", "flow", resolvers.flow)
    wiring.bind("RestoreFlowVersionPayload", "nodesWithoutIntegration", resolvers.nodesWithoutIntegration)
    wiring.bind("RestoreFlowVersionPayload", "warnings", resolvers.warnings)
  }
}

extension SchemaResolvers {
  private func bindValidateFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = validateFlowPayload
    wiring.bind("ValidateFlowPayload", "isValid", resolvers.isValid)
    wiring.bind("ValidateFlowPayload", "problems", resolvers.problems)
  }
}

extension SchemaResolvers {
  private func bindAddNodePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = addNodePayload
    wiring.bind("AddNodePayload", "node", resolvers.node)
    wiring.bind("AddNodePayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindUpdateNodePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateNodePayload
    wiring.bind("UpdateNodePayload", "node", resolvers.node)
    wiring.bind("UpdateNodePayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindMoveNodePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = moveNodePayload
    wiring.bind("MoveNodePayload", "node", resolvers.node)
    wiring.bind("MoveNodePayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindRemoveNodePayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = removeNodePayload
    wiring.bind("RemoveNodePayload", "deletedId", resolvers.deletedId)
    wiring.bind("RemoveNodePayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindConnectNodesPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = connectNodesPayload
    wiring.bind("ConnectNodesPayload", "connection", resolvers.connection)
    wiring.bind("ConnectNodesPayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindDisconnectNodesPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = disconnectNodesPayload
    wiring.bind("DisconnectNodesPayload", "deletedId", resolvers.deletedId)
    wiring.bind("DisconnectNodesPayload", "flow", resolvers.flow)
  }
}

extension SchemaResolvers {
  private func bindExecuteFlowPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = executeFlowPayload
    wiring.bind("ExecuteFlowPayload", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindCancelExecutionPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = cancelExecutionPayload
    wiring.bind("CancelExecutionPayload", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindDecideApprovalPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = decideApprovalPayload
    wiring.bind("DecideApprovalPayload", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindRetryExecutionPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = retryExecutionPayload
    wiring.bind("RetryExecutionPayload", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindReplayExecutionPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = replayExecutionPayload
    wiring.bind("ReplayExecutionPayload", "execution", resolvers.execution)
  }
}

extension SchemaResolvers {
  private func bindCreateWorkbenchPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = createWorkbenchPayload
    wiring.bind("CreateWorkbenchPayload", "workbench", resolvers.workbench)
  }
}

extension SchemaResolvers {
  private func bindUpdateWorkbenchPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateWorkbenchPayload
    wiring.bind("UpdateWorkbenchPayload", "workbench", resolvers.workbench)
  }
}

extension SchemaResolvers {
  private func bindChangeWorkbenchFlowsPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = changeWorkbenchFlowsPayload
    wiring.bind("ChangeWorkbenchFlowsPayload", "workbench", resolvers.workbench)
  }
}

extension SchemaResolvers {
  private func bindCreateWebhookPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = createWebhookPayload
    wiring.bind("CreateWebhookPayload", "webhook", resolvers.webhook)
    wiring.bind("CreateWebhookPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindUpdateWebhookPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateWebhookPayload
    wiring.bind("UpdateWebhookPayload", "webhook", resolvers.webhook)
  }
}

extension SchemaResolvers {
  private func bindRotateWebhookSecretPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = rotateWebhookSecretPayload
    wiring.bind("RotateWebhookSecretPayload", "webhook", resolvers.webhook)
    wiring.bind("RotateWebhookSecretPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindTestWebhookPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = testWebhookPayload
    wiring.bind("TestWebhookPayload", "delivery", resolvers.delivery)
  }
}

extension SchemaResolvers {
  private func bindRedeliverPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = redeliverPayload
    wiring.bind("RedeliverPayload", "delivery", resolvers.delivery)
  }
}

extension SchemaResolvers {
  private func bindAddTriggerPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = addTriggerPayload
    wiring.bind("AddTriggerPayload", "trigger", resolvers.trigger)
    wiring.bind("AddTriggerPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindUpdateTriggerPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = updateTriggerPayload
    wiring.bind("UpdateTriggerPayload", "trigger", resolvers.trigger)
    wiring.bind("UpdateTriggerPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindSetTriggerEnabledPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = setTriggerEnabledPayload
    wiring.bind("SetTriggerEnabledPayload", "trigger", resolvers.trigger)
  }
}

extension SchemaResolvers {
  private func bindRotateTriggerSecretPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = rotateTriggerSecretPayload
    wiring.bind("RotateTriggerSecretPayload", "trigger", resolvers.trigger)
    wiring.bind("RotateTriggerSecretPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindRevealTriggerSecretPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = revealTriggerSecretPayload
    wiring.bind("RevealTriggerSecretPayload", "trigger", resolvers.trigger)
    wiring.bind("RevealTriggerSecretPayload", "secret", resolvers.secret)
  }
}

extension SchemaResolvers {
  private func bindReplayDeliveryPayload(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = replayDeliveryPayload
    wiring.bind("ReplayDeliveryPayload", "delivery", resolvers.delivery)
  }
}

extension SchemaResolvers {
  private func bindSubscription(_ wiring: inout Wiring, _ policy: some AccessPolicy) {
    let resolvers = subscription
    wiring.bind("Subscription", "executionUpdated", .stream { call in try await resolvers.executionUpdated(call, try SubscriptionExecutionUpdatedArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Subscription.executionUpdated")))
    wiring.bind("Subscription", "executions", .stream { call in try await resolvers.executions(call, try call.arguments.decode(at: 0)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Subscription.executions")))
    wiring.bind("Subscription", "flowExecutions", .stream { call in try await resolvers.flowExecutions(call, try SubscriptionFlowExecutionsArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Subscription.flowExecutions")))
    wiring.bind("Subscription", "flowChanged", .stream { call in try await resolvers.flowChanged(call, try SubscriptionFlowChangedArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Subscription.flowChanged")))
    wiring.bind("Subscription", "integrationStatusChanged", .stream { call in try await resolvers.integrationStatusChanged(call, try SubscriptionIntegrationStatusChangedArguments(call.arguments)) }.access(policy.check(.requires(.viewer, scope: .read), of: "Subscription.integrationStatusChanged")))
  }
}
