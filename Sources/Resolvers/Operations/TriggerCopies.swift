import Flows
import Schema
import Storage

/// Makes triggers for a flow that is a copy: each with an id, a URL and a secret of its own. One that lacks
/// something is made too, switched off, with a warning that says what.
struct TriggerCopies {
  /// A trigger that was made, and the secret that is shown once; empty where there is none to show.
  struct Made: Sendable {
    let id: Identifier
    let secret: String
  }

  private let operations: TriggerOperations
  private let organization: Identifier
  private let flowID: Identifier
  private let nodeKeys: Set<String>
  private let triggerKeys: Set<String>

  private(set) var triggers: [TriggerStore.NewTrigger] = []
  private(set) var made: [Made] = []
  private(set) var warnings: [CopyWarning] = []

  /// - Parameters:
  ///   - flow: the copy, which need not be stored yet.
  ///   - graph: its nodes.
  init(for flow: Identifier, _ graph: FlowGraph, _ context: StudioContext) throws {
    operations = TriggerOperations(context: context)
    organization = try context.requireViewer().organizationID
    flowID = flow
    nodeKeys = Set(graph.nodes.map(\.key))
    triggerKeys = Set(graph.nodes.filter { $0.kind == .trigger }.map(\.key))
  }

  mutating func add(_ plan: TriggerPlan) async throws {
    let key = TriggerReference(organizationID: organization, triggerID: operations.services.makeID())
    let known = warnings.count
    var shown = ""
    var trigger: TriggerStore.NewTrigger
    switch plan.event {
    case .schedule(let schedule):
      trigger = new(.schedule, key, schedule.json)
      trigger.nextFire = try operations.nextFire(schedule, key.triggerID)
    case .webhook(let webhook):
      (trigger, shown) = try self.webhook(webhook, key)
    case .flowEnd(let source, let states):
      let wanted = source == nil ? plan.wantedFlow : nil
      trigger = new(.flowEvent, key, wanted.map { ["wantedFlow": .string($0)] } ?? [:])
      trigger.sourceFlowID = source
      trigger.sourceStates = try TriggerOperations.states(states, field: "states")
      if source == nil {
        warn(
          .missingFlow, "There is no flow of this name, or several: updateTrigger takes one.",
          "flowEvent.flow")
      }
    case .integration(let event, let account):
      trigger = try await integration(event, account, key)
    }
    trigger.nodeKey = plan.nodeKey
    if let nodeKey = plan.nodeKey, !triggerKeys.contains(nodeKey) {
      warn(.missingNode, "The flow has no trigger node with the key '\(nodeKey)'.", "nodeKey")
    }
    trigger.isEnabled = plan.isEnabled && warnings.count == known
    triggers.append(trigger)
    made.append(Made(id: key.triggerID, secret: shown))
  }

  private func new(
    _ kind: TriggerStore.Kind, _ key: TriggerReference, _ config: JSONValue
  ) -> TriggerStore.NewTrigger {
    TriggerStore.NewTrigger(id: key.triggerID, flowID: flowID, kind: kind, config: config)
  }

  private mutating func webhook(
    _ webhook: WebhookTrigger, _ key: TriggerReference
  ) throws -> (TriggerStore.NewTrigger, String) {
    var trigger = new(.webhook, key, webhook.json)
    trigger.urlKey = try operations.newURLKey(key)
    if let node = webhook.answerNodeKey, !nodeKeys.contains(node) {
      warn(.missingNode, "The flow has no node with the key '\(node)'.", "webhook.answerNodeKey")
    }
    switch webhook.signature {
    case .none: return (trigger, "")
    case .standard, .github:
      let secret = try WebhookSetup.newSecret(for: webhook.signature, given: nil, field: "secret")
      trigger.secret = try operations.sealed(secret.bytes, key)
      return (trigger, secret.shown)
    case .stripe, .slack:
      warn(.missingSecret, "The service gives this secret: rotateTriggerSecret takes it.", "webhook")
      return (trigger, "")
    }
  }

  private mutating func integration(
    _ event: IntegrationTrigger, _ account: Identifier?, _ key: TriggerReference
  ) async throws -> TriggerStore.NewTrigger {
    var event = event
    if let account {
      let wish = IntegrationEventSetup.Wish(event, minimumInterval: operations.services.minimumPollSeconds)
      do {
        let setup = try await IntegrationEventSetup(
          wish, of: account, in: organization, operations.services)
        event = setup.event
        if let missing = setup.missingSecret { warn(.missingSecret, missing, "integrationEvent") }
      } catch let error as ServiceError where error.code == .badUserInput {
        warn(.unusableEvent, error.message, "integrationEvent")
      }
    } else {
      warn(
        .missingIntegration,
        "There is no \(event.connector) integration of this name: updateTrigger takes one.",
        "integrationEvent.integration")
    }
    var trigger = new(.integration, key, event.json)
    trigger.integrationID = account
    switch event.mode {
    case .poll: trigger.polls = true
    case .webhook: trigger.urlKey = try operations.newURLKey(key)
    }
    return trigger
  }

  private mutating func warn(_ code: CopyWarningCode, _ message: String, _ field: String) {
    warnings.append(
      CopyWarning(code: code, message: message, field: "triggers.\(triggers.count).\(field)"))
  }
}
