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
    let (kind, value): (TriggerKind, JSONValue) =
      switch plan.event {
      case .schedule(let schedule): (.schedule, schedule.document)
      case .webhook(let webhook): (.webhook, webhook.document)
      case .flowEnd(_, let states):
        (
          .flowEvent,
          ["flow": FlowDocument.encoded(source), "states": .array(states.map { .string($0.rawValue) })]
        )
      case .integration(let event, _): (.integration, event.document(of: account))
      }
    return [
      "kind": .string(kind.rawValue), "nodeKey": plan.nodeKey.map { .string($0) } ?? .null,
      "isEnabled": .bool(plan.isEnabled), kind.member: value,
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
  /// Nil where something is wrong that the others need.
  init?(reading reader: FlowDocumentReader) {
    guard reader.isObject() else { return nil }
    let nodeKey = reader.optionalText("nodeKey", 1...64)
    let isEnabled = reader.optionalBool("isEnabled") ?? true
    guard let kind = TriggerKind(rawValue: reader.string("kind")) else {
      reader.note("kind", "is unknown")
      return nil
    }
    guard let member = reader.object(kind.member) else { return nil }
    let event: TriggerPlan.Event?
    switch kind {
    case .schedule: event = .schedule(member.schedule())
    case .webhook: event = .webhook(member.webhook())
    case .flowEvent:
      event = .flowEnd(nil, states: member.states())
      source = member.optionalFlow("flow") ?? .lost
    case .integration:
      account = member.optionalIntegration("integration")
      event = member.event().map { .integration($0, nil) }
    }
    guard let event else { return nil }
    plan = TriggerPlan(nodeKey: nodeKey, isEnabled: isEnabled, event: event)
  }
}

extension FlowDocumentReader {
  fileprivate func schedule() -> ScheduleTrigger {
    var schedule = ScheduleTrigger(
      cron: text("cron", 1...200), timeZone: optionalText("timeZone", 1...200) ?? "UTC")
    schedule.overlap = choice("overlap", ScheduleTrigger.Overlap.self) ?? schedule.overlap
    schedule.catchUp = choice("catchUp", SchedulePlan.CatchUp.self)?.rawValue ?? schedule.catchUp
    schedule.daylightSaving =
      choice("daylightSaving", DaylightSavingPolicy.self)?.rawValue ?? schedule.daylightSaving
    schedule.catchUpWindowSeconds =
      optionalNumber("catchUpWindowSeconds", SchedulePlan.windows) ?? schedule.catchUpWindowSeconds
    schedule.jitterSeconds = optionalNumber("jitterSeconds", SchedulePlan.jitters) ?? schedule.jitterSeconds
    do {
      // The id only moves the jitter.
      _ = try SchedulePlan(schedule, of: Identifier(high: 0, low: 0))
    } catch {
      problems.note(ServiceError(.badUserInput, error.message, field: "\(path).\(error.field)"))
    }
    return schedule
  }

  fileprivate func webhook() -> WebhookTrigger {
    var webhook = WebhookTrigger()
    webhook.signature = choice("signature", WebhookTrigger.Signature.self) ?? webhook.signature
    webhook.answer = choice("answer", WebhookTrigger.Answer.self) ?? webhook.answer
    webhook.toleranceSeconds =
      optionalNumber("toleranceSeconds", WebhookTrigger.tolerances) ?? webhook.toleranceSeconds
    webhook.answerTimeoutMilliseconds =
      optionalNumber("answerTimeoutMs", WebhookTrigger.answerTimeouts) ?? webhook.answerTimeoutMilliseconds
    webhook.deliveryHeader = optionalText("deliveryHeader", 1...100)
    webhook.answerNodeKey = optionalText("answerNodeKey", 1...64)
    problems.noting { () throws(ServiceError) in try webhook.check(at: path) }
    return webhook
  }

  fileprivate func states() -> [FlowEventState] {
    guard let list = value["states"]?.array else {
      note("states", "must be a list")
      return []
    }
    problems.noting { () throws(ServiceError) in
      try InputCheck.count(list, 1...FlowEventState.allCases.count, field: "\(path).states")
    }
    let states = list.compactMap { $0.string.flatMap(FlowEventState.init(rawValue:)) }
    if states.count < list.count { note("states", "has an unknown state") }
    return states
  }

  /// Whether the connector offers it is for the integration to say, if there is one.
  fileprivate func event() -> IntegrationTrigger? {
    let mode = requiredChoice("mode", IntegrationTrigger.Mode.self, "must be POLL or WEBHOOK")
    var event = IntegrationTrigger(
      connector: text("connector", 1...200), trigger: text("trigger", 1...200), mode: mode ?? .poll)
    event.settings = value["settings"] ?? event.settings
    if event.settings.object == nil
      || event.settings.encoded().count > IntegrationEventSetup.maximumSettingsBytes
    {
      note("settings", "must be an object of \(IntegrationEventSetup.maximumSettingsBytes) bytes at most")
    }
    event.events = optionalTexts("events") ?? []
    problems.noting { () throws(ServiceError) in
      try InputCheck.count(
        event.events, 0...IntegrationEventSetup.maximumEvents, field: "\(path).events")
    }
    for (place, name) in event.events.prefix(IntegrationEventSetup.maximumEvents).enumerated() {
      problems.noting { () throws(ServiceError) in
        try InputCheck.text(name, 1...100, field: "\(path).events.\(place)")
      }
    }
    event.intervalSeconds =
      optionalNumber("intervalSeconds", 1...IntegrationTrigger.maximumInterval) ?? event.intervalSeconds
    event.maximumItems =
      optionalNumber("maximumItems", IntegrationTrigger.itemCounts) ?? event.maximumItems
    event.startsAtBeginning = pollStart() == .beginning
    return mode == nil ? nil : event
  }

  /// Nil when it is null or left out.
  private func pollStart() -> PollStart? {
    guard let text = optionalText("start", 1...20) else { return nil }
    if PollStart(rawValue: text) == nil { note("start", "is unknown") }
    return PollStart(rawValue: text)
  }
}

extension TriggerKind {
  /// The member of a document's trigger that tells its event.
  fileprivate var member: String {
    switch self {
    case .schedule: "schedule"
    case .webhook: "webhook"
    case .flowEvent: "flowEvent"
    case .integration: "integrationEvent"
    }
  }
}
