import Base64Text
import Flows
import Schedules
import Schema
import Secrets
import Storage

/// Adding, changing and removing triggers of flows, and starting anew what they received.
struct TriggerOperations {
  let context: StudioContext

  init(context: StudioContext) { self.context = context }

  var services: Services { context.services }

  func add(_ input: AddTriggerInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let flowID = try InputID.parse(input.flowId, .flow, field: "flowId")
    let id = services.makeID()
    context.audit(new: .trigger, id)
    let flow = try await flow(flowID, viewer)
    try check(nodeKey: input.nodeKey, in: flow)
    let key = TriggerReference(organizationID: viewer.organizationID, triggerID: id)
    var trigger: TriggerStore.NewTrigger
    var shownSecret = ""
    switch (input.schedule, input.webhook, input.flowEvent, input.integrationEvent) {
    case (let schedule?, nil, nil, nil):
      let stored = try schedule.checked()
      trigger = TriggerStore.NewTrigger(id: id, flowID: flowID, kind: .schedule, config: stored.json)
      trigger.nextFire = try nextFire(stored, id)
    case (nil, nil, nil, let event?):
      trigger = try await newTrigger(event, key, of: flowID)
    case (nil, nil, let event?, nil):
      trigger = TriggerStore.NewTrigger(id: id, flowID: flowID, kind: .flowEvent, config: [:])
      trigger.sourceFlowID = try await source(of: event, viewer)
      trigger.sourceStates = try Self.states(event.states, field: "flowEvent.states")
    case (nil, let webhook?, nil, nil):
      let setup = try WebhookSetup(webhook, current: nil)
      try check(setup.trigger, in: flow)
      trigger = TriggerStore.NewTrigger(id: id, flowID: flowID, kind: .webhook, config: setup.trigger.json)
      trigger.urlKey = try newURLKey(key)
      trigger.secret = try sealed(setup.secret, key)
      shownSecret = setup.shownSecret
    default:
      throw ServiceError(
        .badUserInput, "Give just one of schedule, webhook, flowEvent and integrationEvent.", field: "webhook"
      )
    }
    trigger.nodeKey = input.nodeKey
    trigger.isEnabled = input.isEnabled
    try await services.triggers.add(trigger, in: viewer.organizationID)
    return Change(triggerID: id, secret: shownSecret)
  }

  func update(_ input: UpdateTriggerInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let (id, stored) = try await trigger(input.id, viewer)
    let flow = try await flow(stored.flowID, viewer)
    var change = TriggerStore.Change()
    var shownSecret = ""
    if input.gives("nodeKey") {
      try check(nodeKey: input.nodeKey, in: flow)
      change.nodeKey = .some(input.nodeKey)
    }
    if let schedule = input.schedule {
      guard stored.kind == .schedule else {
        throw ServiceError(.badUserInput, "The trigger is of another kind.", field: "schedule")
      }
      let new = try schedule.checked()
      change.config = new.json
      change.nextFire = try nextFire(new, id)
    }
    try await set(input.flowEvent, states: input.sourceStates, of: stored, viewer, &change)
    if let event = input.integrationEvent {
      let key = TriggerReference(organizationID: viewer.organizationID, triggerID: id)
      try await set(event, of: stored, key, &change)
    }
    if let webhook = input.webhook {
      guard let current = WebhookTrigger(stored.config), stored.kind == .webhook else {
        throw ServiceError(.badUserInput, "The trigger is of another kind.", field: "webhook")
      }
      let setup = try WebhookSetup(webhook, current: stored.hasSecret ? current : nil)
      try check(setup.trigger, in: flow)
      change.config = setup.trigger.json
      change.secret = try sealed(
        setup.secret, TriggerReference(organizationID: viewer.organizationID, triggerID: id))
      shownSecret = setup.shownSecret
    }
    try await services.triggers.update(
      id, change, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return Change(triggerID: id, secret: shownSecret)
  }

  func setEnabled(_ input: SetTriggerEnabledInput, to isEnabled: Bool) async throws -> Change {
    let viewer = try context.requireViewer()
    let (id, stored) = try await trigger(input.id, viewer)
    if isEnabled, !stored.isEnabled { try await requireWhole(stored, in: viewer.organizationID) }
    var change = TriggerStore.Change()
    change.isEnabled = isEnabled
    // What is on already goes on as it is: an instant that waits keeps its place.
    if let schedule = ScheduleTrigger(stored.config), stored.kind == .schedule, stored.isEnabled != isEnabled
    {
      change.nextFire = try nextFire(schedule, id)
    }
    if stored.isEnabled != isEnabled { switchPolling(of: stored, to: isEnabled, &change) }
    try await services.triggers.update(
      id, change, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return Change(triggerID: id)
  }

  func remove(_ input: RemoveTriggerInput) async throws -> RemoveTriggerPayload {
    let viewer = try context.requireViewer()
    let id = try InputID.parse(input.id, .trigger)
    context.audit(.trigger, id)
    try await services.triggers.remove(
      id, expectedRevision: input.expectedRevision, in: viewer.organizationID)
    return RemoveTriggerPayload(deletedId: input.id)
  }

  func rotate(_ input: RotateTriggerSecretInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let (id, stored) = try await trigger(input.id, viewer)
    let key = TriggerReference(organizationID: viewer.organizationID, triggerID: id)
    if stored.kind == .integration { return try await rotate(input, of: stored, key) }
    guard stored.kind == .webhook, let current = WebhookTrigger(stored.config) else {
      throw ServiceError(.badUserInput, "Only webhook triggers have secrets.", field: "id")
    }
    guard !input.forgetsSecret else {
      throw ServiceError(
        .badUserInput, "Only a trigger of an integration's events can forget its secret.",
        field: "forgetsSecret")
    }
    let secret = try WebhookSetup.newSecret(for: current.signature, given: input.secret, field: "secret")
    var change = TriggerStore.Change()
    change.secret = try sealed(secret.bytes, key)
    if input.replacesUrl || current.signature == .none { change.urlKey = try newURLKey(key) }
    try await services.triggers.update(id, change, expectedRevision: nil, in: viewer.organizationID)
    return Change(triggerID: id, secret: secret.shown)
  }

  /// Receives once more what was received: a new delivery, and a new run.
  func replay(_ input: ReplayDeliveryInput) async throws -> Change {
    let viewer = try context.requireViewer()
    let delivery = try InputID.parse(input.id, .triggerDelivery)
    let organization = viewer.organizationID
    guard let known = try await services.received.request(delivery, in: organization) else {
      throw StorageError.notFound
    }
    let key = TriggerReference(organizationID: organization, triggerID: known.trigger)
    let run = RunReference(organizationID: organization, runID: services.makeID())
    let id = services.makeID()
    context.audit(new: .triggerDelivery, id)
    for _ in 1...TriggerOperations.maximumTries {
      let services = services
      guard let receiver = try await services.received.readyReceiver(key, newVersionID: { services.makeID() })
      else { throw ServiceError(.conflict, "The delivery's trigger is gone.", field: "id") }
      guard receiver.isEnabled, receiver.flowStatus == "active", !receiver.isNodeMissing else {
        throw ServiceError(
          .conflict, "The trigger and its flow must be active, and have the trigger's node.", field: "id")
      }
      guard let version = receiver.versionID else { continue }
      var arrival = ReceivedStore.Arrival(
        receiver: receiver, version: version, deliveryID: id, runID: run.runID, input: known.input)
      arrival.replayOf = delivery
      if case .stored(let acceptance) = try await services.received.accept([arrival]).first {
        services.database.afterCommit { [notifier = services.notifier] in notifier.accepted(run, acceptance) }
        return Change(triggerDeliveryID: id)
      }
    }
    throw ServiceError(.conflict, "The flow is being changed; try again.", field: "id")
  }

  // MARK: Parts

  /// How often a flow that others are changing is looked at anew.
  private static let maximumTries = 5

  private func trigger(
    _ text: String, _ viewer: Viewer
  ) async throws -> (Identifier, TriggerStore.StoredTrigger) {
    let id = try InputID.parse(text, .trigger)
    context.audit(.trigger, id)
    guard let stored = try await services.triggers.load(id, in: viewer.organizationID) else {
      throw StorageError.notFound
    }
    return (id, stored)
  }

  private func flow(
    _ id: Identifier, _ viewer: Viewer, field: String = "flowId"
  ) async throws -> FlowStore.StoredFlow {
    guard let flow = try await services.flows.load(id, in: viewer.organizationID) else {
      throw ServiceError.notFound("flow", field: field)
    }
    return flow
  }

  /// Whose runs a trigger waits for.
  private func source(of event: FlowEventInput, _ viewer: Viewer) async throws -> Identifier {
    let source = try InputID.parse(event.flowId, .flow, field: "flowEvent.flowId")
    _ = try await flow(source, viewer, field: "flowEvent.flowId")
    return source
  }

  private func set(
    _ event: FlowEventInput?, states: [FlowEventState]?, of stored: TriggerStore.StoredTrigger,
    _ viewer: Viewer, _ change: inout TriggerStore.Change
  ) async throws {
    let field = event == nil ? "sourceStates" : "flowEvent"
    guard event != nil || states != nil else { return }
    guard stored.kind == .flowEvent else {
      throw ServiceError(.badUserInput, "The trigger is of another kind.", field: field)
    }
    guard let event else {
      change.sourceStates = try states.map { try Self.states($0, field: field) }
      return
    }
    guard states == nil else {
      throw ServiceError(.badUserInput, "Give just one of flowEvent and sourceStates.", field: field)
    }
    change.sourceFlowID = try await source(of: event, viewer)
    change.config = [:]
    change.sourceStates = try Self.states(event.states, field: "flowEvent.states")
  }

  /// A JSON list of the names, each once.
  static func states(_ states: [FlowEventState], field: String) throws -> String {
    try InputCheck.count(states, 1...FlowEventState.allCases.count, field: field)
    return JSONValue(namesOf: states).text()
  }

  private func check(nodeKey: String?, in flow: FlowStore.StoredFlow) throws {
    guard let nodeKey else { return }
    guard flow.graph.nodes.contains(where: { $0.key == nodeKey && $0.kind == .trigger }) else {
      throw ServiceError(.badUserInput, "The flow has no trigger node with this key.", field: "nodeKey")
    }
  }

  private func check(_ webhook: WebhookTrigger, in flow: FlowStore.StoredFlow) throws {
    guard webhook.answer == .node else { return }
    guard flow.graph.nodes.contains(where: { $0.key == webhook.answerNodeKey }) else {
      throw ServiceError(.badUserInput, "The flow has no node with this key.", field: "webhook.answerNodeKey")
    }
  }

  /// The instants of a schedule.
  func nextFire(
    _ schedule: ScheduleTrigger, _ id: Identifier
  ) throws -> @Sendable (Instant) -> FireStore.Fire? {
    do {
      let plan = try SchedulePlan(schedule, of: id)
      return { plan.fire(after: $0.microseconds / 1_000_000) }
    } catch {
      throw ServiceError(.badUserInput, error.message, field: "schedule." + error.field)
    }
  }

  func newURLKey(_ key: TriggerReference) throws -> [UInt8] {
    try services.secrets.seal(RandomBytes.generate(HookToken.keyLength), for: .triggerURL(key))
  }

  func sealed(_ secret: [UInt8]?, _ key: TriggerReference) throws -> [UInt8]? {
    try secret.map { try services.secrets.seal($0, for: .triggerSecret(key)) }
  }
}

/// A webhook trigger as a client wants it, checked.
struct WebhookSetup {
  var trigger = WebhookTrigger()
  /// What requests are signed with; nil keeps the present one, or there is none.
  var secret: [UInt8]?
  /// What the client is shown, once.
  var shownSecret = ""

  /// - Parameter current: the present one, when it has a secret.
  init(_ input: IncomingWebhookInput, current: WebhookTrigger?) throws {
    trigger.signature = input.signature.stored
    trigger.answer = input.answer.stored
    trigger.toleranceSeconds = input.toleranceSeconds
    trigger.answerTimeoutMilliseconds = input.answerTimeoutMs
    trigger.deliveryHeader = input.deliveryHeader
    trigger.answerNodeKey = input.answerNodeKey
    try trigger.check(at: "webhook")
    let keepsSecret = input.secret == nil && current?.signature == trigger.signature
    guard !keepsSecret else { return }
    let new = try Self.newSecret(for: trigger.signature, given: input.secret, field: "webhook.secret")
    secret = new.bytes
    shownSecret = new.shown
  }

  /// The secret that was given, or a new one where the sender takes it from us.
  static func newSecret(
    for signature: WebhookTrigger.Signature, given: String?, field: String
  ) throws -> (bytes: [UInt8]?, shown: String) {
    switch (signature, given) {
    case (.none, nil): return (nil, "")
    case (.none, _):
      throw ServiceError(.badUserInput, "Without a signature there is no secret.", field: field)
    case (.standard, nil):
      let secret = WebhookSecret.generate()
      return (secret.bytes, secret.text)
    case (.standard, let text?):
      guard let secret = WebhookSecret(text) else {
        throw ServiceError(
          .badUserInput, "The secret must be whsec_ and base64 of 24 to 64 bytes.", field: field)
      }
      return (secret.bytes, secret.text)
    case (.github, nil):
      let text = Base64URL.encode(RandomBytes.generate(32))
      return (Array(text.utf8), text)
    case (.stripe, nil), (.slack, nil):
      throw ServiceError(.badUserInput, "The service gives this secret: enter it here.", field: field)
    case (.github, let text?), (.stripe, let text?), (.slack, let text?):
      try InputCheck.text(text, 8...255, field: field)
      return (Array(text.utf8), text)
    }
  }

}

extension WebhookTrigger {
  /// Refuses what is out of bounds; `path` is where it stands in the input.
  mutating func check(at path: String) throws(ServiceError) {
    try InputCheck.number(
      toleranceSeconds, WebhookTrigger.tolerances, field: "\(path).toleranceSeconds")
    try InputCheck.number(
      answerTimeoutMilliseconds, WebhookTrigger.answerTimeouts, field: "\(path).answerTimeoutMs")
    if let name = deliveryHeader {
      deliveryHeader = try Self.header(name, field: "\(path).deliveryHeader")
    }
    guard answer == .node else { return answerNodeKey = nil }
    guard answerNodeKey != nil else {
      throw ServiceError(
        .badUserInput, "The answer NODE needs answerNodeKey.", field: "\(path).answerNodeKey")
    }
  }

  /// A header's name in lower case (RFC 9110 § 5.1).
  private static func header(_ name: String, field: String) throws(ServiceError) -> String {
    let isName =
      (1...100).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
    guard isName else {
      throw ServiceError(.badUserInput, "This is no name of a header.", field: field)
    }
    return name.lowercased()
  }
}

extension WebhookSignatureScheme {
  var stored: WebhookTrigger.Signature {
    switch self {
    case .none: .none
    case .standard: .standard
    case .github: .github
    case .stripe: .stripe
    case .slack: .slack
    }
  }
}

extension WebhookAnswer {
  var stored: WebhookTrigger.Answer {
    switch self {
    case .accepted: .accepted
    case .result: .result
    case .node: .node
    }
  }
}

extension TriggerScheduleInput {
  /// The schedule as it is stored; the expression and the zone are checked with the plan.
  fileprivate func checked() throws -> ScheduleTrigger {
    var schedule = ScheduleTrigger(cron: cron, timeZone: timeZone)
    schedule.overlap = ScheduleTrigger.Overlap(rawValue: overlap.rawValue.lowercased()) ?? .allow
    schedule.catchUp = catchUp.rawValue.lowercased()
    schedule.daylightSaving = daylightSaving.rawValue.lowercased()
    schedule.jitterSeconds = jitterSeconds
    schedule.catchUpWindowSeconds = catchUpWindowSeconds
    try schedule.check(at: "schedule")
    return schedule
  }
}

extension ScheduleTrigger {
  /// Refuses numbers that are out of bounds; `path` is where they stand in the input.
  func check(at path: String) throws {
    try InputCheck.all(
      { try InputCheck.number(jitterSeconds, SchedulePlan.jitters, field: "\(path).jitterSeconds") },
      {
        try InputCheck.number(
          catchUpWindowSeconds, SchedulePlan.windows, field: "\(path).catchUpWindowSeconds")
      })
  }
}

extension SecretContext {
  /// What the unguessable part of a webhook trigger's URL is sealed for.
  public static func triggerURL(_ key: TriggerReference) -> SecretContext {
    SecretContext(
      purpose: "trigger.url", organization: key.organizationID.uuidv7, row: key.triggerID.uuidv7)
  }

  /// What the secret of its signatures is sealed for.
  public static func triggerSecret(_ key: TriggerReference) -> SecretContext {
    SecretContext(
      purpose: "trigger.secret", organization: key.organizationID.uuidv7, row: key.triggerID.uuidv7)
  }
}
