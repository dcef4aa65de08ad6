import Flows
import Schedules
import Schema
import Storage

/// A trigger without its flow: what a copy of it has too.
struct TriggerPlan {
  enum Event {
    case schedule(ScheduleTrigger)
    case webhook(WebhookTrigger)
    /// The end of a run of a flow; nil when it was not found. The states are names of the schema.
    case flowEnd(Identifier?, states: [FlowEventState])
    /// An event of an integration; nil when it was not found.
    case integration(IntegrationTrigger, Identifier?)
  }

  var nodeKey: String?
  var isEnabled: Bool
  var event: Event
  /// Of the end of a run: the name of the flow, where it was not there when the trigger was imported.
  var wantedFlow: String?
}

extension TriggerPlan {
  /// Nil for what only another version of the program understands.
  init?(_ stored: TriggerStore.StoredTrigger) {
    nodeKey = stored.nodeKey
    isEnabled = stored.isEnabled
    switch stored.kind {
    case .schedule:
      guard let schedule = ScheduleTrigger(stored.config) else { return nil }
      event = .schedule(schedule)
    case .webhook:
      guard let webhook = WebhookTrigger(stored.config) else { return nil }
      event = .webhook(webhook)
    case .flowEvent:
      let names = stored.sourceStates.flatMap { try? JSONValue(parsing: $0) }?.array ?? []
      event = .flowEnd(
        stored.sourceFlowID, states: names.compactMap { $0.string.flatMap(FlowEventState.init(rawValue:)) })
      wantedFlow = stored.config["wantedFlow"]?.string
    case .integration:
      guard let trigger = IntegrationTrigger(stored.config) else { return nil }
      event = .integration(trigger, stored.integrationID)
    }
  }
}

extension FlowDocument {
  /// A trigger with the names of what it refers to; its plan has no ids.
  struct Trigger {
    var plan: TriggerPlan
    /// The flow whose runs it waits for.
    var source: FlowReference?
    var account: IntegrationName?

    init(_ plan: TriggerPlan, _ names: FlowNames) {
      self.plan = plan
      switch plan.event {
      case .schedule, .webhook: break
      case .flowEnd(let flow, _): source = names.reference(flow, wanted: plan.wantedFlow) ?? .lost
      case .integration(let event, let integration):
        account =
          integration.map { names.integrations[$0] }
          ?? event.accountName.map { IntegrationName(type: event.connector, name: $0) }
      }
    }
  }
}

// MARK: Writing

extension FlowDocument.Trigger {
  func encoded() -> JSONValue {
    let (kind, member, value): (TriggerKind, String, JSONValue) =
      switch plan.event {
      case .schedule(let schedule): (.schedule, "schedule", schedule.document)
      case .webhook(let webhook): (.webhook, "webhook", webhook.document)
      case .flowEnd(_, let states):
        (
          .flowEvent, "flowEvent",
          [
            "flow": FlowDocument.encoded(source), "states": .array(states.map { .string($0.rawValue) }),
          ]
        )
      case .integration(let event, _): (.integration, "integrationEvent", event.document(of: account))
      }
    return [
      "kind": .string(kind.rawValue), "nodeKey": plan.nodeKey.map { .string($0) } ?? .null,
      "isEnabled": .bool(plan.isEnabled), member: value,
    ]
  }
}

extension ScheduleTrigger {
  fileprivate var document: JSONValue {
    [
      "cron": .string(cron), "timeZone": .string(timeZone),
      "overlap": .string(overlap.rawValue.uppercased()), "catchUp": .string(catchUp.uppercased()),
      "catchUpWindowSeconds": .integer(Int64(catchUpWindowSeconds)),
      "jitterSeconds": .integer(Int64(jitterSeconds)),
      "daylightSaving": .string(daylightSaving.uppercased()),
    ]
  }
}

extension WebhookTrigger {
  fileprivate var document: JSONValue {
    [
      "signature": .string(signature.rawValue.uppercased()),
      "toleranceSeconds": .integer(Int64(toleranceSeconds)),
      "deliveryHeader": deliveryHeader.map { .string($0) } ?? .null,
      "answer": .string(answer.rawValue.uppercased()),
      "answerNodeKey": answerNodeKey.map { .string($0) } ?? .null,
      "answerTimeoutMs": .integer(Int64(answerTimeoutMilliseconds)),
    ]
  }
}

extension IntegrationTrigger {
  fileprivate func document(of account: IntegrationName?) -> JSONValue {
    var object: JSONObject = [
      "connector": .string(connector), "integration": FlowDocument.encoded(account),
      "trigger": .string(trigger), "mode": .string(mode.rawValue.uppercased()), "settings": settings,
    ]
    switch mode {
    case .webhook: object["events"] = .array(events.map { .string($0) })
    case .poll:
      object["intervalSeconds"] = .integer(Int64(intervalSeconds))
      object["maximumItems"] = .integer(Int64(maximumItems))
      object["start"] = .string((startsAtBeginning ? PollStart.beginning : .now).rawValue)
    }
    return .object(object)
  }
}

// MARK: Reading

extension FlowDocument.Trigger {
  init(reading reader: FlowDocumentReader) throws {
    let event: TriggerPlan.Event
    guard let kind = TriggerKind(rawValue: try reader.string("kind")) else {
      throw reader.wrong("kind", "is unknown")
    }
    switch kind {
    case .schedule: event = .schedule(try reader.object("schedule").schedule())
    case .webhook: event = .webhook(try reader.object("webhook").webhook())
    case .flowEvent:
      let member = try reader.object("flowEvent")
      event = .flowEnd(nil, states: try member.states())
      source = try member.optionalFlow("flow") ?? .lost
    case .integration:
      let member = try reader.object("integrationEvent")
      account = try member.optionalIntegration("integration")
      event = .integration(try member.event(), nil)
    }
    plan = TriggerPlan(
      nodeKey: try reader.optionalText("nodeKey", 1...64),
      isEnabled: try reader.optionalBool("isEnabled") ?? true, event: event)
  }
}

extension FlowDocumentReader {
  fileprivate func object(_ key: String) throws -> FlowDocumentReader {
    guard let object = try optionalObject(key) else { throw wrong(key, "must be an object") }
    return object
  }

  fileprivate func schedule() throws -> ScheduleTrigger {
    var schedule = ScheduleTrigger(
      cron: try text("cron", 1...200), timeZone: try optionalText("timeZone", 1...200) ?? "UTC")
    schedule.overlap = try choice("overlap", ScheduleTrigger.Overlap.self) ?? schedule.overlap
    schedule.catchUp = try choice("catchUp", SchedulePlan.CatchUp.self)?.rawValue ?? schedule.catchUp
    schedule.daylightSaving =
      try choice("daylightSaving", DaylightSavingPolicy.self)?.rawValue ?? schedule.daylightSaving
    schedule.catchUpWindowSeconds =
      try optionalNumber("catchUpWindowSeconds", SchedulePlan.windows) ?? schedule.catchUpWindowSeconds
    schedule.jitterSeconds =
      try optionalNumber("jitterSeconds", SchedulePlan.jitters) ?? schedule.jitterSeconds
    do {
      // The id only moves the jitter.
      _ = try SchedulePlan(schedule, of: Identifier(high: 0, low: 0))
    } catch {
      throw ServiceError(.badUserInput, error.message, field: "\(path).\(error.field)")
    }
    return schedule
  }

  fileprivate func webhook() throws -> WebhookTrigger {
    var webhook = WebhookTrigger()
    webhook.signature = try choice("signature", WebhookTrigger.Signature.self) ?? webhook.signature
    webhook.answer = try choice("answer", WebhookTrigger.Answer.self) ?? webhook.answer
    webhook.toleranceSeconds =
      try optionalNumber("toleranceSeconds", WebhookTrigger.tolerances) ?? webhook.toleranceSeconds
    webhook.answerTimeoutMilliseconds =
      try optionalNumber("answerTimeoutMs", WebhookTrigger.answerTimeouts)
      ?? webhook.answerTimeoutMilliseconds
    webhook.deliveryHeader = try optionalText("deliveryHeader", 1...100)
    webhook.answerNodeKey = try optionalText("answerNodeKey", 1...64)
    try webhook.check(at: path)
    return webhook
  }

  fileprivate func states() throws -> [FlowEventState] {
    guard let list = value["states"]?.array else { throw wrong("states", "must be a list") }
    try InputCheck.count(list, 1...FlowEventState.allCases.count, field: "\(path).states")
    return try list.map { item in
      guard let state = item.string.flatMap(FlowEventState.init(rawValue:)) else {
        throw wrong("states", "has an unknown state")
      }
      return state
    }
  }

  /// Whether the connector offers it is for the integration to say, if there is one.
  fileprivate func event() throws -> IntegrationTrigger {
    guard let mode = try choice("mode", IntegrationTrigger.Mode.self) else {
      throw wrong("mode", "must be POLL or WEBHOOK")
    }
    var event = IntegrationTrigger(
      connector: try text("connector", 1...200), trigger: try text("trigger", 1...200), mode: mode)
    event.settings = value["settings"] ?? event.settings
    guard event.settings.object != nil,
      event.settings.encoded().count <= IntegrationEventSetup.maximumSettingsBytes
    else {
      throw wrong(
        "settings", "must be an object of \(IntegrationEventSetup.maximumSettingsBytes) bytes at most")
    }
    event.events = try optionalTexts("events") ?? []
    try InputCheck.texts(
      event.events, atMost: IntegrationEventSetup.maximumEvents, 1...100, field: "\(path).events")
    event.intervalSeconds =
      try optionalNumber("intervalSeconds", 1...IntegrationTrigger.maximumInterval) ?? event.intervalSeconds
    event.maximumItems =
      try optionalNumber("maximumItems", IntegrationTrigger.itemCounts) ?? event.maximumItems
    event.startsAtBeginning = try pollStart() == .beginning
    return event
  }
  /// Nil when it is null or left out.
  private func pollStart() throws -> PollStart? {
    guard let text = try optionalText("start", 1...20) else { return nil }
    guard let start = PollStart(rawValue: text) else { throw wrong("start", "is unknown") }
    return start
  }
}
