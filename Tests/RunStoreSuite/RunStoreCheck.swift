import Flows

/// One rule that every `RunStore` keeps. Run each as a test of its own:
///
///     @Test(arguments: RunStoreCheck.all)
///     func `the store conforms`(check: RunStoreCheck) async throws {
///       try await check.run(on: makeFixture())
///     }
public struct RunStoreCheck: Sendable, CustomStringConvertible {
  public let description: String
  private let body: @Sendable (Bench) async throws -> Void

  init(_ description: String, _ body: @escaping @Sendable (Bench) async throws -> Void) {
    self.description = description
    self.body = body
  }

  /// Throws `ConformanceFailure` when the store breaks the rule.
  public func run(on fixture: any RunStoreFixture) async throws {
    try await body(Bench(fixture: fixture))
  }

  public static let all = claiming + committing + values + leasing + signalling + slots
}

/// A fixture with the steps that checks have in common.
struct Bench: Sendable {
  let fixture: any RunStoreFixture
  let alice = Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_00A1)
  let bob = Identifier(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_00B0)

  var store: any RunStore { fixture.store }

  /// A flow of a trigger and a transform.
  let version: FlowVersion = {
    let trigger = FlowNode(id: Identifier(high: 0x11, low: 1), key: "begin", title: "Begin", kind: .trigger)
    let step = FlowNode(
      id: Identifier(high: 0x11, low: 2), key: "step", title: "Step", kind: .transform,
      config: ["expression": "input"])
    let connection = FlowConnection(id: Identifier(high: 0x12, low: 1), from: trigger.id, to: step.id)
    return FlowVersion(
      id: Identifier(high: 0x13, low: 1), flowID: Identifier(high: 0x14, low: 1), flowName: "Suite",
      number: 1,
      graph: FlowGraph(nodes: [trigger, step], connections: [connection]))
  }()

  func enqueue(_ input: JSONValue = ["a": 1]) async throws -> RunReference {
    try await fixture.enqueue(version, input: input, environment: ["region": "eu"])
  }

  func lease(_ owner: Identifier) async throws {
    _ = try await store.heartbeat(owner: owner, leaseMilliseconds: 60_000, held: [])
  }

  func claim(_ owner: Identifier, limit: Int = 10) async throws -> [ClaimedRun] {
    try await store.claim(owner: owner, limit: limit).runs
  }

  /// Leases, and claims the one run that is there.
  func claimOne(_ owner: Identifier) async throws -> ClaimedRun {
    try await lease(owner)
    let runs = try await claim(owner)
    guard let run = runs.first, runs.count == 1 else {
      throw ConformanceFailure(description: "expected to claim one run, claimed \(runs.count)")
    }
    return run
  }

  /// Queues so many runs and claims them all.
  func claimMany(_ count: Int) async throws -> [RunClaim] {
    for _ in 0..<count { _ = try await enqueue() }
    try await lease(alice)
    let claims = try await claim(alice, limit: count).map(\.claim)
    try equal(claims.count, count, "claimed runs")
    return claims
  }

  func row(_ state: NodeState, at instant: Instant, title: String? = nil) -> NodeRun {
    let node = version.graph.nodes[1]
    var row = NodeRun(
      id: Identifier(at: instant, random: (7, 9)), node: node.id, key: node.key,
      title: title ?? node.title, kind: node.kind, state: state)
    row.order = 1
    row.attempt = 1
    row.input = ["text": "ä\"\\\n😀", "list": [1, 2.5, true, nil]]
    row.startedAt = instant
    return row
  }

  func started(_ step: Int, _ state: RunState = .running) async throws -> RunTransition {
    let now = try await fixture.now()
    var transition = RunTransition(step: step, state: state)
    transition.startedAt = now
    transition.events = [RunEvent(at: now, .started)]
    return transition
  }

  func finished(_ step: Int) async throws -> RunTransition {
    var transition = try await started(step, .success)
    transition.finishedAt = transition.startedAt
    transition.output = ["done": true]
    transition.events = [
      RunEvent(
        at: try await fixture.now(),
        .finished(RunEvent.RunFinished(state: .success, output: transition.output, error: nil)))
    ]
    return transition
  }
}
