import Flows
import GraphQLEngine
import Schedules
import Schema
import Secrets
import Storage

/// Resolvers of `FlowTrigger`.
struct TriggerFields: FlowTriggerResolvers, TableType {
  static let typeName = "FlowTrigger"
  static let noun = "trigger"

  func source(of leaf: FlowTriggerLeaf) -> LeafSource<TriggerColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.trigger))
    case .kind: LeafSource(.kind, Formats.triggerKind)
    case .nodeKey: LeafSource(.nodeKey, .text)
    case .isEnabled: LeafSource(.isEnabled, .bool)
    case .sourceStates: LeafSource(.sourceStates, .jsonb)
    case .lastFiredAt: LeafSource(.lastFiredAt, .timestamptz)
    case .nextFireAt: LeafSource(.nextFireAt, .timestamptz)
    case .revision: LeafSource(.revision, .int4)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [TriggerColumn] {
    switch field {
    case "flow": [.flowID]
    case "sourceFlow": [.sourceFlowID]
    case "schedule": [.id, .kind, .config]
    case "webhook": [.id, .kind, .config, .urlKey]
    case "integration": [.integrationID]
    case "problem": [.id]
    case "integrationEvent":
      [.id, .kind, .config, .urlKey, .lastPolledAt, .pollDueAt, .pollError, .pollFailures]
    default: [.id]
    }
  }

  var flow: FieldBinding { Loaders.flows(by: TriggerColumn.flowID) }
  var sourceFlow: FieldBinding { Loaders.flows(by: TriggerColumn.sourceFlowID) }
  var integration: FieldBinding { Loaders.integrations(by: TriggerColumn.integrationID) }

  /// Of a trigger that starts nothing, for a node that it names is missing.
  var problem: FieldBinding {
    .batch { call in
      let context = try call.studio
      let ids = try call.parents.identifiers("id")
      let parameters = keyParameters(try context.requireViewer().organizationID, ids.compactMap { $0 })
      return read(TriggerReads.missingNodes, parameters, in: context, noun: "trigger") { table in
        var problems: [Identifier: FlowProblemObject] = [:]
        for row in 0..<table.rowCount {
          guard let id = table.batch.uuid(row, 0)?.identifier, let key = table.batch.string(row, 1) else {
            continue
          }
          problems[id] = FlowProblemObject(missingNode: key)
        }
        return .optionals(ids.map { $0.flatMap { problems[$0] } })
      }
    }
  }

  var schedule: FieldBinding {
    .batch { call in
      let kinds = try call.parents.texts("kind")
      let ids = try call.parents.identifiers("id")
      let configs = try call.parents.json("config")
      let showsTimes = TriggerFields.selectsTimes(call)
      let now = SystemClock.unixSeconds()
      return .ready(
        .optionals(
          kinds.indices.map { place -> TriggerSchedule? in
            guard kinds[place] == TriggerKind.schedule.rawValue.lowercased(), let id = ids[place],
              let stored = configs[place].flatMap(ScheduleTrigger.init)
            else { return nil }
            let times = showsTimes ? (try? SchedulePlan(stored, of: id))?.times.next(10, after: now) : nil
            return TriggerSchedule(stored, times: times ?? [])
          }))
    }
  }

  /// They are computed only for who asks.
  private static func selectsTimes(_ call: FieldCall) -> Bool {
    guard let type = call.schema.type(named: "TriggerSchedule") else { return false }
    return call.selection.fields(of: type).contains {
      call.schema.name(call.schema[$0].name) == "nextFireTimes"
    }
  }

  var webhook: FieldBinding {
    .batch { call in
      try receivers(.webhook, call) { _, config, url in
        WebhookTrigger(config).map { IncomingWebhook($0, url: url) }
      }
    }
  }

  var integrationEvent: FieldBinding {
    .batch { call in
      let polls = try PollStatus.read(call.parents)
      return try receivers(.integration, call) { place, config, url in
        IntegrationTrigger(config).map { IntegrationEvent($0, polls[place], url: url) }
      }
    }
  }

  /// What a batch shows of triggers of a kind that may have a URL, by place, config and URL; null for others.
  private func receivers<Shown: Sendable>(
    _ kind: TriggerKind, _ call: FieldCall, _ show: (Int, JSONValue, String?) -> Shown?
  ) throws -> Resolution {
    let context = try call.studio
    let viewer = try context.requireViewer()
    let kinds = try call.parents.texts("kind")
    let ids = try call.parents.identifiers("id")
    let configs = try call.parents.json("config")
    let urlKeys = try call.parents.byteArrays("url_key")
    return .ready(
      .optionals(
        try kinds.indices.map { place -> Shown? in
          guard kinds[place] == kind.rawValue.lowercased(), let id = ids[place], let config = configs[place]
          else { return nil }
          let key = TriggerReference(organizationID: viewer.organizationID, triggerID: id)
          return show(place, config, try url(key, urlKeys[place], viewer, context.services))
        }))
  }

  /// Nil for those who may not start runs.
  private func url(
    _ key: TriggerReference, _ sealed: [UInt8]?, _ viewer: Viewer, _ services: Services
  ) throws -> String? {
    guard let sealed, viewer.role >= .editor else { return nil }
    let token = HookToken(
      organization: key.organizationID.uuidv7, trigger: key.triggerID.uuidv7,
      key: try services.secrets.open(sealed, for: .triggerURL(key)))
    return services.hooksURL + token.text
  }

  func deliveries(_ call: FieldCall, _ arguments: FlowTriggerDeliveriesArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    return try TriggerDeliveryFields().pages(
      call, of: .triggerID, request, PageFilter(), order: arguments.orderBy?.list)
  }
}

extension FlowProblemObject {
  /// - Parameter key: of a node that a trigger names.
  fileprivate init(missingNode key: String) {
    self.init(
      code: Flows.FlowProblem.Code.unknownNode.rawValue, severity: .error,
      message: "What it would start has no such node \(key): publish a version that has it, or name another.",
      nodeKey: key, field: nil)
  }
}

extension TriggerSchedule {
  /// The words are stored in lower case.
  init(_ stored: ScheduleTrigger, times: [Int64]) {
    self.init(
      cron: stored.cron, timeZone: stored.timeZone,
      overlap: ScheduleOverlap(rawValue: stored.overlap.rawValue.uppercased()) ?? .allow,
      catchUp: ScheduleCatchUp(rawValue: stored.catchUp.uppercased()) ?? .none,
      catchUpWindowSeconds: stored.catchUpWindowSeconds, jitterSeconds: stored.jitterSeconds,
      daylightSaving: ScheduleDaylightSaving(rawValue: stored.daylightSaving.uppercased()) ?? .vixie,
      nextFireTimes: times.map { DateTime(microseconds: $0 * 1_000_000) })
  }
}

extension IncomingWebhook {
  init(_ stored: WebhookTrigger, url: String?) {
    let schemes: [WebhookTrigger.Signature: WebhookSignatureScheme] = [
      .none: .none, .standard: .standard, .github: .github, .stripe: .stripe, .slack: .slack,
    ]
    let answers: [WebhookTrigger.Answer: WebhookAnswer] = [
      .accepted: .accepted, .result: .result, .node: .node,
    ]
    self.init(
      url: url, signature: schemes[stored.signature] ?? WebhookSignatureScheme.none,
      toleranceSeconds: stored.toleranceSeconds,
      deliveryHeader: stored.deliveryHeader, answer: answers[stored.answer] ?? .accepted,
      answerNodeKey: stored.answerNodeKey, answerTimeoutMs: stored.answerTimeoutMilliseconds)
  }
}

/// How polls of a trigger go.
struct PollStatus {
  var lastPolledAt: Int64?
  var dueAt: Int64?
  var error: String?
  var failures: Int

  static func read(_ parents: Parents) throws -> [PollStatus] {
    let polled = try parents.instants("last_polled_at")
    let due = try parents.instants("poll_due_at")
    let errors = try parents.texts("poll_error")
    let failures = try parents.integers("poll_failures")
    return polled.indices.map { place in
      PollStatus(
        lastPolledAt: polled[place], dueAt: due[place], error: errors[place], failures: failures[place] ?? 0)
    }
  }
}

extension IntegrationEvent {
  init(_ stored: IntegrationTrigger, _ status: PollStatus, url: String?) {
    let polls = stored.mode == .poll
    self.init(
      connector: stored.connector, trigger: stored.trigger, mode: polls ? .poll : .webhook,
      settings: RawJSON(stored.settings.encoded()), events: stored.events, url: url,
      intervalSeconds: polls ? stored.intervalSeconds : nil, maximumItems: polls ? stored.maximumItems : nil,
      start: polls ? (stored.startsAtBeginning ? .beginning : .now) : nil,
      lastPolledAt: status.lastPolledAt.map { DateTime(microseconds: $0) },
      nextPollAt: status.dueAt.map { DateTime(microseconds: $0) }, lastError: status.error,
      failures: status.failures, isFailing: status.failures >= IntegrationTrigger.failuresUntilMarked)
  }
}

/// Resolvers of `TriggerDelivery`.
struct TriggerDeliveryFields: TriggerDeliveryResolvers, TableType {
  static let typeName = "TriggerDelivery"
  static let noun = "received delivery"

  func source(of leaf: TriggerDeliveryLeaf) -> LeafSource<TriggerDeliveryColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.triggerDelivery))
    case .deliveryKey: LeafSource(.deliveryKey, .text)
    case .request: LeafSource(.request, .jsonb)
    case .address: LeafSource(.address, .text)
    case .receivedAt: LeafSource(.receivedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [TriggerDeliveryColumn] {
    switch field {
    case "trigger": [.triggerID]
    case "replayOf": [.replayOf]
    default: [.executionID]
    }
  }

  var trigger: FieldBinding { Loaders.triggers(by: TriggerDeliveryColumn.triggerID) }
  var replayOf: FieldBinding { Loaders.triggerDeliveries(by: TriggerDeliveryColumn.replayOf) }
  var execution: FieldBinding { Loaders.executions(by: TriggerDeliveryColumn.executionID) }
}

/// Resolvers of `ReplayDeliveryPayload`.
struct ReplayFields: ReplayDeliveryPayloadResolvers {
  var delivery: FieldBinding {
    Loaders.binding(Loaders.triggerDeliveries) { (change: Change) in change.triggerDeliveryID }
  }
}
