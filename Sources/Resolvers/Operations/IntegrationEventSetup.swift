import Connectors
import Flows
import Integrations
import Schema
import Secrets
import Storage

/// A trigger of an integration's events as a client wants it, checked against the connector's manifest.
struct IntegrationEventSetup {
  static let maximumSettingsBytes = 16 << 10
  static let maximumEvents = 50

  /// The event that is wanted, whoever wants it.
  struct Wish {
    var trigger: String
    var settings: JSONValue
    var events: [String]
    var secret: String?
    var intervalSeconds: Int?
    var maximumItems: Int
    var startsAtBeginning: Bool
  }

  let integrationID: Identifier
  let event: IntegrationTrigger
  /// What the service signs with, when the client gave it.
  let secret: [UInt8]?
  /// Whether the service tells itself what it signs with.
  let isSecretTold: Bool
  /// Nil unless the service signs with something that neither the client nor the credentials have given: a
  /// sentence that asks for it.
  let missingSecret: String?

  /// - Parameters:
  ///   - organization: whose integration it is.
  ///   - hasSecret: whether the trigger has a secret of its own already.
  init(
    _ input: IntegrationEventInput, in organization: Identifier, _ services: Services, hasSecret: Bool = false
  ) async throws {
    let integration = try InputID.parse(
      input.integrationId, .integration, field: "integrationEvent.integrationId")
    try await self.init(try Wish(input), of: integration, in: organization, services)
    if let missingSecret, !hasSecret { throw Self.refusal(missingSecret, "secret") }
  }

  /// - Throws: `BAD_USER_INPUT` for what the integration's connector does not offer.
  init(
    _ input: Wish, of integration: Identifier, in organization: Identifier, _ services: Services
  ) async throws {
    integrationID = integration
    guard let account = try await services.integrations.credentials(of: integrationID, in: organization)
    else {
      throw ServiceError.notFound("integration", field: "integrationEvent.integrationId")
    }
    guard let manifest = services.connectors.manifest(account.type) else {
      throw Self.refusal("The connector \(account.type) is no longer offered.", "integrationId")
    }
    guard let trigger = manifest.trigger(input.trigger) else {
      let known = manifest.triggers.map(\.key).joined(separator: ", ")
      throw Self.refusal(
        known.isEmpty
          ? "\(manifest.name) has no triggers."
          : "\(manifest.name) has no trigger '\(input.trigger.prefix(64))'; there are: \(known).", "trigger")
    }
    secret = try Self.secret(input, trigger)
    switch trigger.kind {
    case .poll(let poll):
      var event = IntegrationTrigger(connector: manifest.type, trigger: trigger.key, mode: .poll)
      event.settings = try Self.settings(input, trigger)
      try Self.setPolling(input, poll, services.minimumPollSeconds, &event)
      self.event = event
      isSecretTold = false
      missingSecret = nil
    case .webhook(let webhook):
      var event = IntegrationTrigger(connector: manifest.type, trigger: trigger.key, mode: .webhook)
      event.settings = try Self.settings(input, trigger)
      event.events = try Self.events(input)
      self.event = event
      isSecretTold = webhook.challenge?.keptSecret != nil
      // What the service will tell itself need not be given.
      guard secret == nil, !isSecretTold, let name = webhook.signature.secret else {
        missingSecret = nil
        return
      }
      let reference = AccountReference(integrationID, in: organization)
      let opened = try services.secrets.open(account.credentials, for: reference.secretContext)
      let isKnown = try JSONValue(parsing: opened)[name]?.string?.isEmpty == false
      missingSecret =
        isKnown
        ? nil : "Give what \(manifest.name) signs with, here or as \(name) of the integration's credentials."
    }
  }

  private static func refusal(_ message: String, _ field: String) -> ServiceError {
    ServiceError(.badUserInput, message, field: "integrationEvent." + field)
  }

  private static func settings(_ input: Wish, _ trigger: Connectors.Trigger) throws -> JSONValue {
    let settings = trigger.settings.completed(input.settings)
    guard settings.encoded().count <= maximumSettingsBytes else {
      throw refusal("settings may have \(maximumSettingsBytes) bytes at most.", "settings")
    }
    if let problem = trigger.settings.problem(with: settings) {
      let field = problem.path.isEmpty ? "settings" : "settings." + problem.path
      throw refusal("\(field) \(problem.message).", field)
    }
    return settings
  }

  private static func setPolling(
    _ input: Wish, _ poll: PollTrigger, _ minimum: Int, _ event: inout IntegrationTrigger
  ) throws {
    guard input.events.isEmpty else {
      throw refusal("The trigger asks for one kind of event; it has no names of events.", "events")
    }
    let interval = input.intervalSeconds ?? max(minimum, poll.intervalSeconds)
    try InputCheck.number(
      interval, minimum...IntegrationTrigger.maximumInterval, field: "integrationEvent.intervalSeconds")
    try InputCheck.number(
      input.maximumItems, IntegrationTrigger.itemCounts, field: "integrationEvent.maximumItems")
    event.intervalSeconds = interval
    event.maximumItems = input.maximumItems
    event.startsAtBeginning = input.startsAtBeginning
  }

  private static func events(_ input: Wish) throws -> [String] {
    guard input.intervalSeconds == nil else {
      throw refusal("The service sends these events; it is not asked.", "intervalSeconds")
    }
    try InputCheck.count(input.events, 0...maximumEvents, field: "integrationEvent.events")
    for name in input.events { try InputCheck.text(name, 1...100, field: "integrationEvent.events") }
    return input.events
  }

  private static func secret(_ input: Wish, _ trigger: Connectors.Trigger) throws -> [UInt8]? {
    guard let text = input.secret else { return nil }
    guard case .webhook(let webhook) = trigger.kind, webhook.signature.kind != .none else {
      throw refusal("Nothing is signed for this trigger.", "secret")
    }
    try InputCheck.text(text, 1...255, field: "integrationEvent.secret")
    if webhook.signature.kind == .standard, WebhookSecret(text) == nil {
      throw refusal("The secret must be whsec_ and base64 of 24 to 64 bytes.", "secret")
    }
    return Array(text.utf8)
  }
}

extension IntegrationEventSetup.Wish {
  init(_ input: IntegrationEventInput) throws {
    trigger = input.trigger
    settings = try input.settings.map { try JSONValue.checked($0, field: "integrationEvent.settings") } ?? [:]
    events = input.events
    secret = input.secret
    intervalSeconds = input.intervalSeconds
    maximumItems = input.maximumItems
    startsAtBeginning = input.start == .beginning
  }

  /// The same event as another trigger's; asked for no more often than this server allows.
  init(_ event: IntegrationTrigger, minimumInterval: Int) {
    trigger = event.trigger
    settings = event.settings
    events = event.events
    intervalSeconds = event.mode == .poll ? max(event.intervalSeconds, minimumInterval) : nil
    maximumItems = event.maximumItems
    startsAtBeginning = event.startsAtBeginning
  }
}
