import Flows
import Schema
import Secrets
import Storage

/// What is special about triggers of integrations' events.
extension TriggerOperations {
  func newTrigger(
    _ input: IntegrationEventInput, _ key: TriggerReference, of flow: Identifier
  ) async throws -> TriggerStore.NewTrigger {
    let setup = try await IntegrationEventSetup(input, in: key.organizationID, services)
    var trigger = TriggerStore.NewTrigger(
      id: key.triggerID, flowID: flow, kind: .integration, config: setup.event.json)
    trigger.integrationID = setup.integrationID
    switch setup.event.mode {
    case .poll: trigger.polls = true
    case .webhook:
      trigger.urlKey = try newURLKey(key)
      trigger.secret = try sealed(setup.secret, key)
    }
    return trigger
  }

  /// One that goes on asking for the same remembers how far it has come.
  func set(
    _ input: IntegrationEventInput, of stored: TriggerStore.StoredTrigger, _ key: TriggerReference,
    _ change: inout TriggerStore.Change
  ) async throws {
    guard stored.kind == .integration, let former = IntegrationTrigger(stored.config) else {
      throw ServiceError(.badUserInput, "The trigger is of another kind.", field: "integrationEvent")
    }
    let setup = try await IntegrationEventSetup(
      input, in: key.organizationID, services, hasSecret: stored.hasSecret)
    guard setup.event.mode == former.mode else {
      throw ServiceError(
        .badUserInput,
        former.mode == .poll
          ? "The trigger asks its service; one that is sent events is another trigger."
          : "The trigger is sent events; one that asks its service is another trigger.",
        field: "integrationEvent.trigger")
    }
    change.config = setup.event.json
    change.integrationID = setup.integrationID
    change.secret = try sealed(setup.secret, key)
    // Another account's service tells a secret of its own.
    change.forgetsSecret =
      setup.isSecretTold && setup.secret == nil && setup.integrationID != stored.integrationID
    guard setup.event.mode == .poll else { return }
    change.polls = true
    change.restartsPolling =
      !setup.event.continues(former) || setup.integrationID != stored.integrationID
  }

  /// One that is switched on begins anew: what happened meanwhile is not made up for.
  func switchPolling(
    of stored: TriggerStore.StoredTrigger, to isEnabled: Bool, _ change: inout TriggerStore.Change
  ) {
    guard stored.kind == .integration, IntegrationTrigger(stored.config)?.mode == .poll else { return }
    change.polls = isEnabled
    change.restartsPolling = isEnabled
  }

  /// A copy may lack something; it stays off until that is given.
  func requireWhole(_ stored: TriggerStore.StoredTrigger, in organization: Identifier) async throws {
    switch stored.kind {
    case .schedule: return
    case .webhook:
      guard let webhook = WebhookTrigger(stored.config), webhook.signature != .none else { return }
      guard stored.hasSecret else {
        throw ServiceError(.conflict, "Give its secret first, with rotateTriggerSecret.", field: "id")
      }
    case .flowEvent:
      guard stored.sourceFlowID != nil else {
        throw ServiceError(
          .conflict, "Say first whose runs it waits for, with updateTrigger.", field: "id")
      }
    case .integration:
      guard let integration = stored.integrationID, let event = IntegrationTrigger(stored.config) else {
        throw ServiceError(.conflict, "Give its integration first, with updateTrigger.", field: "id")
      }
      let setup = try await IntegrationEventSetup(
        IntegrationEventSetup.Wish(event, minimumInterval: services.minimumPollSeconds), of: integration,
        in: organization, services)
      guard let missing = setup.missingSecret, !stored.hasSecret else { return }
      throw ServiceError(.conflict, missing, field: "id")
    }
  }

  /// The secret that the service has told, for who has to enter it there.
  func reveal(_ input: RevealTriggerSecretInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .trigger)
    context.audit(.trigger, id)
    let key = TriggerReference(organizationID: viewer.organizationID, triggerID: id)
    guard let stored = try await services.triggers.load(id, in: key.organizationID) else {
      throw StorageError.notFound
    }
    guard stored.kind == .integration, let event = IntegrationTrigger(stored.config),
      let trigger = services.connectors.manifest(event.connector)?.trigger(event.trigger),
      case .webhook(let webhook) = trigger.kind, webhook.challenge?.isSecretShown == true
    else {
      throw ServiceError(
        .badUserInput, "The trigger's service wants no secret to be entered.", field: "id")
    }
    guard let sealed = try await services.received.receiver(key)?.secrets.first else {
      throw ServiceError(.conflict, "The service has not told its secret yet.", field: "id")
    }
    let secret = try services.secrets.open(sealed, for: .triggerSecret(key))
    return Change(triggerID: id, secret: String(decoding: secret, as: UTF8.self))
  }

  /// What the service signs with must be known without the trigger's own secret, or be told by the service.
  private func requireSecret(
    of event: IntegrationTrigger, besides stored: TriggerStore.StoredTrigger, _ organization: Identifier
  ) async throws {
    guard let integration = stored.integrationID else { return }
    let wish = IntegrationEventSetup.Wish(event, minimumInterval: services.minimumPollSeconds)
    let setup = try await IntegrationEventSetup(wish, of: integration, in: organization, services)
    if let missing = setup.missingSecret { throw ServiceError(.conflict, missing, field: "forgetsSecret") }
  }

  /// A new secret of its own or none any more, a new URL, or both.
  func rotate(
    _ input: RotateTriggerSecretInput, of stored: TriggerStore.StoredTrigger, _ key: TriggerReference
  ) async throws -> Change {
    guard let event = IntegrationTrigger(stored.config), event.mode == .webhook else {
      throw ServiceError(.badUserInput, "The trigger asks its service; nobody signs.", field: "id")
    }
    guard input.secret != nil || input.replacesUrl || input.forgetsSecret else {
      throw ServiceError(.badUserInput, "The service gives this secret: enter it here.", field: "secret")
    }
    var change = TriggerStore.Change()
    if input.forgetsSecret {
      guard input.secret == nil else {
        throw ServiceError(
          .badUserInput, "Give just one of secret and forgetsSecret.", field: "forgetsSecret")
      }
      try await requireSecret(of: event, besides: stored, key.organizationID)
      change.forgetsSecret = true
    }
    if let secret = input.secret {
      try InputCheck.text(secret, 1...255, field: "secret")
      change.secret = try sealed(Array(secret.utf8), key)
    }
    if input.replacesUrl { change.urlKey = try newURLKey(key) }
    try await services.triggers.update(
      key.triggerID, change, expectedRevision: nil, in: key.organizationID)
    return Change(triggerID: key.triggerID, secret: input.secret ?? "")
  }
}
