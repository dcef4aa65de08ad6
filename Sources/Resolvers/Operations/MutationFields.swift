import Flows
import GraphQLEngine
import Schema
import Storage

/// Resolvers of `Mutation`: each names the operation that does the work and the payload that shows it.
struct MutationFields: MutationResolvers {
  // MARK: Accounts

  func register(_ call: FieldCall, _ input: RegisterInput) async throws -> GraphQLEngine.Column {
    try await perform("account", call) {
      payload(try await AccountOperations(context: call.studio).register(input))
    }
  }

  func login(_ call: FieldCall, _ input: LoginInput) async throws -> GraphQLEngine.Column {
    try await perform("account", call) {
      payload(try await AccountOperations(context: call.studio).login(input))
    }
  }

  func refreshToken(_ call: FieldCall, _ input: RefreshTokenInput) async throws -> GraphQLEngine.Column {
    try await perform("session", call) {
      payload(try await AccountOperations(context: call.studio).refresh(input))
    }
  }

  func logout(_ call: FieldCall, _ input: LogoutInput) async throws -> GraphQLEngine.Column {
    try await perform("session", call) {
      payload(try await AccountOperations(context: call.studio).logout(input))
    }
  }

  func revokeSession(_ call: FieldCall, _ input: RevokeSessionInput) async throws -> GraphQLEngine.Column {
    try await perform("session", call) {
      payload(try await ProfileOperations(context: call.studio).revokeSession(input))
    }
  }

  func updateProfile(_ call: FieldCall, _ input: UpdateProfileInput) async throws -> GraphQLEngine.Column {
    try await perform("user", call) {
      payload(try await ProfileOperations(context: call.studio).update(input))
    }
  }

  func setAvatar(_ call: FieldCall, _ file: Upload) async throws -> GraphQLEngine.Column {
    try await perform("user", call) {
      payload(try await AvatarOperations(context: call.studio).set(file))
    }
  }

  func setTheme(_ call: FieldCall, _ input: SetThemeInput) async throws -> GraphQLEngine.Column {
    try await perform("user", call) {
      payload(try await ProfileOperations(context: call.studio).setTheme(input))
    }
  }

  func setPreferences(_ call: FieldCall, _ input: SetPreferencesInput) async throws -> GraphQLEngine.Column {
    try await perform("user", call) {
      payload(try await ProfileOperations(context: call.studio).setPreferences(input))
    }
  }

  func changePassword(_ call: FieldCall, _ input: ChangePasswordInput) async throws -> GraphQLEngine.Column {
    try await perform("user", call) {
      payload(try await ProfileOperations(context: call.studio).changePassword(input))
    }
  }

  // MARK: Organizations

  func createOrganization(
    _ call: FieldCall, _ input: CreateOrganizationInput
  ) async throws -> GraphQLEngine.Column {
    try await performOnce("organization", call) {
      try await OrganizationOperations(context: call.studio).create(input)
    }
  }

  func renameOrganization(
    _ call: FieldCall, _ input: RenameOrganizationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("organization", call) {
      payload(try await OrganizationOperations(context: call.studio).rename(input))
    }
  }

  func setRetention(_ call: FieldCall, _ input: SetRetentionInput) async throws -> GraphQLEngine.Column {
    try await perform("organization", call) {
      payload(try await OrganizationOperations(context: call.studio).setRetention(input))
    }
  }

  func setRunLimit(_ call: FieldCall, _ input: SetRunLimitInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) {
      payload(try await OrganizationOperations(context: call.studio).setRunLimit(input))
    }
  }

  func switchOrganization(
    _ call: FieldCall, _ input: SwitchOrganizationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("organization", call) {
      payload(try await OrganizationOperations(context: call.studio).switchTo(input))
    }
  }

  func inviteMember(
    _ call: FieldCall, _ input: InviteMemberInput
  ) async throws -> GraphQLEngine.Column {
    try await performOnce("invitation", call) {
      try await InvitationOperations(context: call.studio).invite(input)
    }
  }

  func revokeInvitation(
    _ call: FieldCall, _ input: RevokeInvitationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("invitation", call) {
      payload(try await InvitationOperations(context: call.studio).revoke(input))
    }
  }

  func acceptInvitation(
    _ call: FieldCall, _ input: AcceptInvitationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("invitation", call) {
      payload(try await InvitationOperations(context: call.studio).accept(input))
    }
  }

  func changeMemberRole(
    _ call: FieldCall, _ input: ChangeMemberRoleInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("member", call) {
      payload(try await OrganizationOperations(context: call.studio).changeRole(input))
    }
  }

  func removeMember(
    _ call: FieldCall, _ input: RemoveMemberInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("member", call) {
      payload(try await OrganizationOperations(context: call.studio).remove(input))
    }
  }

  func leaveOrganization(
    _ call: FieldCall, _ input: LeaveOrganizationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("member", call) {
      payload(try await OrganizationOperations(context: call.studio).leave(input))
    }
  }

  // MARK: API keys

  func createApiKey(_ call: FieldCall, _ input: CreateApiKeyInput) async throws -> GraphQLEngine.Column {
    try await performOnce("API key", call) { try await APIKeyOperations(context: call.studio).create(input) }
  }

  func rotateApiKey(_ call: FieldCall, _ input: RotateApiKeyInput) async throws -> GraphQLEngine.Column {
    try await performOnce("API key", call) { try await APIKeyOperations(context: call.studio).rotate(input) }
  }

  func revokeApiKey(_ call: FieldCall, _ input: RevokeApiKeyInput) async throws -> GraphQLEngine.Column {
    try await perform("API key", call) {
      payload(try await APIKeyOperations(context: call.studio).revoke(input))
    }
  }

  // MARK: Integrations

  func createIntegration(
    _ call: FieldCall, _ input: CreateIntegrationInput
  ) async throws -> GraphQLEngine.Column {
    try await performOnce("integration", call) {
      try await IntegrationOperations(context: call.studio).create(input)
    }
  }

  func updateIntegration(
    _ call: FieldCall, _ input: UpdateIntegrationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("integration", call) {
      payload(try await IntegrationOperations(context: call.studio).update(input))
    }
  }

  func testIntegration(
    _ call: FieldCall, _ input: TestIntegrationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("integration", call) {
      payload(try await IntegrationOperations(context: call.studio).test(input))
    }
  }

  func startIntegrationOAuth(
    _ call: FieldCall, _ input: StartIntegrationOAuthInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("integration", call) {
      payload(try await IntegrationOperations(context: call.studio).startOAuth(input))
    }
  }

  func finishIntegrationOAuth(
    _ call: FieldCall, _ input: FinishIntegrationOAuthInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("integration", call) {
      payload(try await IntegrationOperations(context: call.studio).finishOAuth(input))
    }
  }

  func deleteIntegration(
    _ call: FieldCall, _ input: DeleteIntegrationInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("integration", call) {
      payload(try await IntegrationOperations(context: call.studio).delete(input))
    }
  }

  // MARK: Flows

  func createFlow(_ call: FieldCall, _ input: CreateFlowInput) async throws -> GraphQLEngine.Column {
    try await performOnce("flow", call) { try await FlowOperations(context: call.studio).create(input) }
  }

  func updateFlow(_ call: FieldCall, _ input: UpdateFlowInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) { payload(try await FlowOperations(context: call.studio).update(input)) }
  }

  func replaceFlow(_ call: FieldCall, _ input: ReplaceFlowInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) { payload(try await FlowOperations(context: call.studio).replace(input)) }
  }

  func deleteFlow(_ call: FieldCall, _ input: DeleteFlowInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) { payload(try await FlowOperations(context: call.studio).delete(input)) }
  }

  func duplicateFlow(_ call: FieldCall, _ input: DuplicateFlowInput) async throws -> GraphQLEngine.Column {
    try await performOnce("flow", call) {
      try await FlowCopyOperations(context: call.studio).duplicate(input)
    }
  }

  func exportFlow(_ call: FieldCall, _ input: ExportFlowInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) {
      payload(try await FlowCopyOperations(context: call.studio).export(input))
    }
  }

  func importFlow(_ call: FieldCall, _ input: ImportFlowInput) async throws -> GraphQLEngine.Column {
    try await performOnce("flow", call) {
      try await FlowCopyOperations(context: call.studio).importFlow(input)
    }
  }

  func activateFlow(_ call: FieldCall, _ input: ChangeFlowStatusInput) async throws -> GraphQLEngine.Column {
    try await changeStatus(call, input, "active")
  }

  func pauseFlow(_ call: FieldCall, _ input: ChangeFlowStatusInput) async throws -> GraphQLEngine.Column {
    try await changeStatus(call, input, "paused")
  }

  func archiveFlow(_ call: FieldCall, _ input: ChangeFlowStatusInput) async throws -> GraphQLEngine.Column {
    try await changeStatus(call, input, "archived")
  }

  func publishFlow(_ call: FieldCall, _ input: PublishFlowInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) {
      payload(try await FlowVersionOperations(context: call.studio).publish(input))
    }
  }

  func restoreFlowVersion(
    _ call: FieldCall, _ input: RestoreFlowVersionInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) {
      payload(try await FlowVersionOperations(context: call.studio).restore(input))
    }
  }

  private func changeStatus(
    _ call: FieldCall, _ input: ChangeFlowStatusInput, _ status: String
  ) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) {
      payload(try await FlowOperations(context: call.studio).changeStatus(input, to: status))
    }
  }

  func validateFlow(_ call: FieldCall, _ input: ValidateFlowInput) async throws -> GraphQLEngine.Column {
    try await perform("flow", call) {
      payload(try await FlowOperations(context: call.studio).validate(input))
    }
  }

  // MARK: Nodes and connections

  func addNode(_ call: FieldCall, _ input: AddNodeInput) async throws -> GraphQLEngine.Column {
    try await performOnce("flow", call) { try await GraphOperations(context: call.studio).addNode(input) }
  }

  func updateNode(_ call: FieldCall, _ input: UpdateNodeInput) async throws -> GraphQLEngine.Column {
    try await perform("node", call) {
      payload(try await GraphOperations(context: call.studio).updateNode(input))
    }
  }

  func moveNode(_ call: FieldCall, _ input: MoveNodeInput) async throws -> GraphQLEngine.Column {
    try await perform("node", call) {
      payload(try await GraphOperations(context: call.studio).moveNode(input))
    }
  }

  func removeNode(_ call: FieldCall, _ input: RemoveNodeInput) async throws -> GraphQLEngine.Column {
    try await perform("node", call) {
      payload(try await GraphOperations(context: call.studio).removeNode(input))
    }
  }

  func connectNodes(_ call: FieldCall, _ input: ConnectNodesInput) async throws -> GraphQLEngine.Column {
    try await performOnce("node", call) { try await GraphOperations(context: call.studio).connect(input) }
  }

  func disconnectNodes(_ call: FieldCall, _ input: DisconnectNodesInput) async throws -> GraphQLEngine.Column
  {
    try await perform("connection", call) {
      payload(try await GraphOperations(context: call.studio).disconnect(input))
    }
  }

  // MARK: Runs

  func executeFlow(_ call: FieldCall, _ input: ExecuteFlowInput) async throws -> GraphQLEngine.Column {
    try await performOnce("flow", call) { try await ExecutionOperations(context: call.studio).execute(input) }
  }

  func cancelExecution(_ call: FieldCall, _ input: CancelExecutionInput) async throws -> GraphQLEngine.Column
  {
    try await perform("execution", call) {
      payload(try await ExecutionOperations(context: call.studio).cancel(input))
    }
  }

  func decideApproval(_ call: FieldCall, _ input: DecideApprovalInput) async throws -> GraphQLEngine.Column {
    try await perform("execution", call) {
      payload(try await ExecutionOperations(context: call.studio).decide(input))
    }
  }

  func retryExecution(_ call: FieldCall, _ input: RetryExecutionInput) async throws -> GraphQLEngine.Column {
    try await performOnce("execution", call) {
      try await ExecutionOperations(context: call.studio).retry(input)
    }
  }

  func replayExecution(_ call: FieldCall, _ input: ReplayExecutionInput) async throws -> GraphQLEngine.Column
  {
    try await performOnce("execution", call) {
      try await ExecutionOperations(context: call.studio).replay(input)
    }
  }

  // MARK: Workbenches

  func createWorkbench(_ call: FieldCall, _ input: CreateWorkbenchInput) async throws -> GraphQLEngine.Column
  {
    try await performOnce("workbench", call) {
      try await WorkbenchOperations(context: call.studio).create(input)
    }
  }

  func updateWorkbench(_ call: FieldCall, _ input: UpdateWorkbenchInput) async throws -> GraphQLEngine.Column
  {
    try await perform("workbench", call) {
      payload(try await WorkbenchOperations(context: call.studio).update(input))
    }
  }

  func deleteWorkbench(_ call: FieldCall, _ input: DeleteWorkbenchInput) async throws -> GraphQLEngine.Column
  {
    try await perform("workbench", call) {
      payload(try await WorkbenchOperations(context: call.studio).delete(input))
    }
  }

  func addFlowsToWorkbench(
    _ call: FieldCall, _ input: ChangeWorkbenchFlowsInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("workbench", call) {
      payload(try await WorkbenchOperations(context: call.studio).addFlows(input))
    }
  }

  func removeFlowsFromWorkbench(
    _ call: FieldCall, _ input: ChangeWorkbenchFlowsInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("workbench", call) {
      payload(try await WorkbenchOperations(context: call.studio).removeFlows(input))
    }
  }

  // MARK: Webhooks

  func createWebhook(_ call: FieldCall, _ input: CreateWebhookInput) async throws -> GraphQLEngine.Column {
    try await performOnce("webhook", call) { try await WebhookOperations(context: call.studio).create(input) }
  }

  func updateWebhook(_ call: FieldCall, _ input: UpdateWebhookInput) async throws -> GraphQLEngine.Column {
    try await perform("webhook", call) {
      payload(try await WebhookOperations(context: call.studio).update(input))
    }
  }

  func rotateWebhookSecret(
    _ call: FieldCall, _ input: RotateWebhookSecretInput
  ) async throws -> GraphQLEngine.Column {
    try await performOnce("webhook", call) { try await WebhookOperations(context: call.studio).rotate(input) }
  }

  func deleteWebhook(_ call: FieldCall, _ input: DeleteWebhookInput) async throws -> GraphQLEngine.Column {
    try await perform("webhook", call) {
      payload(try await WebhookOperations(context: call.studio).delete(input))
    }
  }

  func testWebhook(_ call: FieldCall, _ input: TestWebhookInput) async throws -> GraphQLEngine.Column {
    try await perform("webhook", call) {
      payload(try await WebhookOperations(context: call.studio).test(input))
    }
  }

  func redeliver(_ call: FieldCall, _ input: RedeliverInput) async throws -> GraphQLEngine.Column {
    try await performOnce("delivery", call) {
      try await WebhookOperations(context: call.studio).redeliver(input)
    }
  }

  // MARK: Triggers

  func addTrigger(_ call: FieldCall, _ input: AddTriggerInput) async throws -> GraphQLEngine.Column {
    try await performOnce("flow", call) { try await TriggerOperations(context: call.studio).add(input) }
  }

  func updateTrigger(_ call: FieldCall, _ input: UpdateTriggerInput) async throws -> GraphQLEngine.Column {
    try await perform("trigger", call) {
      payload(try await TriggerOperations(context: call.studio).update(input))
    }
  }

  func enableTrigger(
    _ call: FieldCall, _ input: SetTriggerEnabledInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("trigger", call) {
      payload(try await TriggerOperations(context: call.studio).setEnabled(input, to: true))
    }
  }

  func disableTrigger(
    _ call: FieldCall, _ input: SetTriggerEnabledInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("trigger", call) {
      payload(try await TriggerOperations(context: call.studio).setEnabled(input, to: false))
    }
  }

  func removeTrigger(_ call: FieldCall, _ input: RemoveTriggerInput) async throws -> GraphQLEngine.Column {
    try await perform("trigger", call) {
      payload(try await TriggerOperations(context: call.studio).remove(input))
    }
  }

  func rotateTriggerSecret(
    _ call: FieldCall, _ input: RotateTriggerSecretInput
  ) async throws -> GraphQLEngine.Column {
    try await performOnce("trigger", call) {
      try await TriggerOperations(context: call.studio).rotate(input)
    }
  }

  func revealTriggerSecret(
    _ call: FieldCall, _ input: RevealTriggerSecretInput
  ) async throws -> GraphQLEngine.Column {
    try await perform("trigger", call) {
      payload(try await TriggerOperations(context: call.studio).reveal(input))
    }
  }

  func replayDelivery(_ call: FieldCall, _ input: ReplayDeliveryInput) async throws -> GraphQLEngine.Column {
    try await performOnce("delivery", call) {
      try await TriggerOperations(context: call.studio).replay(input)
    }
  }

  // MARK: Common

  private func payload<Row: Sendable>(_ row: Row) -> GraphQLEngine.Column { .object(.swift([row])) }

  /// Runs an operation that creates or executes something: once for each `idempotencyKey`.
  private func performOnce<Row: RepeatableAnswer>(
    _ noun: String, _ call: FieldCall, _ body: () async throws -> Row
  ) async throws -> GraphQLEngine.Column {
    try await perform(noun, call) { payload(try await IdempotentMutation(call: call).run(body)) }
  }

  /// Runs an operation and stores in the audit log that it did; what it throws becomes what a client may see.
  private func perform(
    _ noun: String, _ call: FieldCall, _ body: () async throws -> GraphQLEngine.Column
  ) async throws -> GraphQLEngine.Column {
    do {
      return try await call.studio.audited(call.schema.name(call.schema[call.field].name), body)
    } catch {
      throw ServiceError.showing(error, noun: noun) ?? error
    }
  }
}
