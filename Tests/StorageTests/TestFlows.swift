import Flows
import Postgres
import Storage
import Testing

/// A graph of a trigger and transforms in a chain, with the given keys.
func chain(_ keys: [String], integration: Identifier? = nil) -> FlowGraph {
  var graph = FlowGraph()
  for (order, key) in keys.enumerated() {
    var node = FlowNode(
      id: makeID(), key: key, title: key.uppercased(), kind: order == 0 ? .trigger : .transform,
      config: ["expression": "input"])
    node.order = order
    node.detail = "the \(key)"
    node.integrationID = order == 1 ? integration : nil
    graph.nodes.append(node)
  }
  for (from, to) in zip(graph.nodes, graph.nodes.dropFirst()) {
    graph.connections.append(
      FlowConnection(id: makeID(), from: from.id, to: to.id, label: "next", condition: "input.a > 1"))
  }
  return graph
}

extension StorageBench {
  /// Stores a flow and loads it again.
  func makeFlow(
    _ graph: FlowGraph = chain(["begin", "step", "end"]), in owner: TestAccount? = nil
  ) async throws -> FlowStore.StoredFlow {
    let owner = owner ?? account
    let new = FlowStore.NewFlow(
      id: makeID(), userID: owner.user, name: "Orders", intention: "Sort orders", status: "active",
      graph: graph)
    try await flows.create(new, in: owner.organization)
    return try #require(try await flows.load(new.id, in: owner.organization))
  }

  /// Accepts a run of a flow.
  func enqueue(
    _ flow: FlowStore.StoredFlow, at instant: Instant? = nil, in owner: TestAccount? = nil,
    input: JSONValue = ["a": 1]
  ) async throws -> RunReference {
    let owner = owner ?? account
    var at = TestInstants.november
    if let instant { at = instant } else { at = try await now() }
    let run = RunReference(organizationID: owner.organization, runID: makeID(at))
    var new = ExecutionStore.NewRun(run: run, flowID: flow.id, version: .loaded(flow), input: input, at: at)
    new.userID = owner.user
    new.versionID = makeID()
    try await executions.enqueue(new)
    return run
  }

  func lease(_ owner: Identifier) async throws {
    _ = try await runs.heartbeat(owner: owner, leaseMilliseconds: 60_000, held: [])
  }

  /// Leases and claims the one run that is there.
  func claimOne(_ owner: Identifier) async throws -> ClaimedRun {
    try await lease(owner)
    let runs = try await runs.claim(owner: owner, limit: 10).runs
    #expect(runs.count == 1)
    return try #require(runs.first)
  }

  func makeIntegration(
    _ name: String = "Payments", in owner: TestAccount? = nil
  ) async throws -> Identifier {
    let owner = owner ?? account
    let id = makeID()
    try await integrations.create(
      IntegrationStore.NewIntegration(
        id: id, userID: owner.user, name: name, category: "finance", type: "stripe", credentials: [1, 2, 3],
        capabilities: #"["charge"]"#),
      in: owner.organization)
    return id
  }
}

// What webhooks receive.
extension StorageBench {
  func makeWebhook(_ flow: Identifier) async throws -> TriggerReference {
    var trigger = TriggerStore.NewTrigger(id: makeID(), flowID: flow, kind: .webhook, config: [:])
    trigger.urlKey = [1]
    try await TriggerStore(database).add(trigger, in: organization)
    return TriggerReference(organizationID: organization, triggerID: trigger.id)
  }

  func receiver(_ key: TriggerReference) async throws -> ReceivedStore.Receiver {
    try #require(try await ReceivedStore(database).readyReceiver(key) { makeID() })
  }
}

extension ReceivedStore.Arrival {
  init(
    _ receiver: ReceivedStore.Receiver, key: String? = nil, input: String = #"{"body": 1}"#
  ) throws {
    self.init(
      receiver: receiver, version: try #require(receiver.versionID), deliveryID: makeID(), runID: makeID(),
      input: input)
    deliveryKey = key
  }
}

/// A transition whose events are log lines.
func transition(
  _ step: Int, _ state: RunState = .running, lines: Int = 1, at instant: Instant = TestInstants.november
) -> RunTransition {
  var transition = RunTransition(step: step, state: state)
  transition.startedAt = instant
  transition.events = (0..<lines).map { line in
    RunEvent(
      at: instant, .logLine(RunEvent.LogLine(node: nil, level: .info, message: "\(step).\(line)")))
  }
  if state.isFinal {
    transition.finishedAt = instant.advanced(byMilliseconds: 1500)
    transition.events.append(
      RunEvent(at: instant, .finished(RunEvent.RunFinished(state: state, output: nil, error: nil))))
  }
  return transition
}
