import Flows
import Schema
import Secrets
import Storage

/// Outgoing webhooks: who is told what, and sending again.
struct WebhookOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  private var services: Services { context.services }

  /// What webhooks can ask for, with the words of the schema.
  static let eventTypes: [EventType] = [
    (.executionSucceeded, "A run ended with success."),
    (.executionFailed, "A run ended with an error."),
    (.executionCancelled, "A run was stopped by somebody."),
    (.flowCreated, "A flow was created, copied or imported."),
    (.flowUpdated, "A flow, its status, its nodes or its connections were changed."),
    (.flowDeleted, "A flow was deleted."),
    (.integrationCreated, "An integration was created."),
    (.integrationUpdated, "An integration, or what is known of its connection, was changed."),
    (.integrationDeleted, "An integration was deleted."),
  ].map { (type: WebhookEventType, description: String) in
    EventType(type: type, name: wireName(type), description: description)
  }

  /// `execution.succeeded`.
  private static func wireName(_ type: WebhookEventType) -> String {
    type.rawValue.lowercased().split(separator: "_", maxSplits: 1).joined(separator: ".")
  }

  func create(_ input: CreateWebhookInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = services.makeID()
    context.audit(new: .webhook, id)
    let secret = WebhookSecret.generate()
    let change = try change(url: input.url, description: input.description, eventTypes: input.eventTypes)
    var webhook = WebhookStore.NewWebhook(
      id: id, userID: viewer.userID, url: input.url, eventTypes: change.eventTypes ?? "[]",
      secret: try sealed(secret, id, viewer))
    webhook.description = input.description
    webhook.isActive = input.isActive
    try await services.webhooks.create(webhook, in: viewer.organizationID)
    return Change(webhookID: id, secret: secret.text)
  }

  func update(_ input: UpdateWebhookInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .webhook)
    context.audit(.webhook, id)
    var change = try change(url: input.url, description: input.description, eventTypes: input.eventTypes)
    change.isActive = input.isActive
    try await services.webhooks.update(
      id, change, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return Change(webhookID: id)
  }

  func rotate(_ input: RotateWebhookSecretInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .webhook)
    context.audit(.webhook, id)
    let secret = WebhookSecret.generate()
    try await services.webhooks.rotate(
      id, to: try sealed(secret, id, viewer), in: viewer.organizationID)
    return Change(webhookID: id, secret: secret.text)
  }

  func delete(_ input: DeleteWebhookInput) async throws -> DeleteWebhookPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .webhook)
    context.audit(.webhook, id)
    try await services.webhooks.delete(
      id, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return DeleteWebhookPayload(deletedId: input.id)
  }

  func test(_ input: TestWebhookInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .webhook)
    context.audit(.webhook, id)
    let delivery = try await services.deliveries.makeTest(
      of: id, id: services.makeID(), leaseMilliseconds: services.deliverer.leaseMilliseconds,
      in: viewer.organizationID)
    guard await services.deliverer.deliver(delivery) else { throw StorageError.notFound }
    return Change(deliveryID: delivery.id)
  }

  func redeliver(_ input: RedeliverInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .webhookDelivery)
    context.audit(.webhookDelivery, id)
    switch try await services.deliveries.redeliver(id, in: viewer.organizationID) {
    case .queued: return Change(deliveryID: id)
    case .notOver: throw ServiceError(.conflict, "The delivery is not over yet.", field: "id")
    case .webhookIsOff:
      throw ServiceError(.conflict, "The webhook is switched off; switch it on first.", field: "id")
    }
  }

  private func change(
    url: String?, description: String?, eventTypes: [WebhookEventType]?
  ) throws -> WebhookStore.Change {
    try InputCheck.all(
      { try check(url: url) },
      { try InputCheck.optionalText(description, 0...200, field: "description") },
      { try WebhookOperations.check(eventTypes: eventTypes) })
    let list = eventTypes.map { JSONValue(namesOf: $0).text() }
    return WebhookStore.Change(url: url, description: description, eventTypes: list)
  }

  private func check(url: String?) throws {
    try InputCheck.optionalText(url, 1...2000, field: "url")
    if let url, let problem = services.deliverer.problem(withURL: url) {
      throw ServiceError(.badUserInput, problem, field: "url")
    }
  }

  private static func check(eventTypes: [WebhookEventType]?) throws {
    guard let eventTypes else { return }
    try InputCheck.count(eventTypes, 1...100, field: "eventTypes")
    if let place = eventTypes.firstIndex(of: .webhookTest) {
      throw ServiceError(
        .badUserInput, "WEBHOOK_TEST is sent by testWebhook alone.", field: "eventTypes.\(place)")
    }
  }

  private func sealed(_ secret: WebhookSecret, _ id: Identifier, _ viewer: Viewer) throws -> [UInt8] {
    try services.secrets.seal(secret.bytes, for: .webhook(id, in: viewer.organizationID))
  }
}

extension SecretContext {
  /// What the secret of a webhook is sealed for.
  public static func webhook(_ id: Identifier, in organization: Identifier) -> SecretContext {
    SecretContext(purpose: "webhook", organization: organization.uuidv7, row: id.uuidv7)
  }
}
