import Flows
import Resolvers
import Secrets
import Storage

/// Past runs for the demo: two weeks of them, most successful, some failed or cancelled, each along one
/// branch of its flow. The same every time, the instants apart.
struct DemoHistory {
  static let runsPerFlow = 40

  let studio: Studio
  let viewer: Viewer

  func insert(flow id: Identifier, index: Int) async throws {
    guard let flow = try await FlowStore(studio.database).load(id, in: viewer.organizationID) else { return }
    let now = Int64(SystemClock.unixMilliseconds()) * 1000
    let spacing: Int64 = 14 * 86_400_000_000 / Int64(DemoHistory.runsPerFlow)
    let runs = try (0..<DemoHistory.runsPerFlow).map { place in
      let age = spacing * Int64(DemoHistory.runsPerFlow - place) - Int64(index) * 3_600_000_000
      return try run(flow.graph, index, place, Instant(microseconds: now - age))
    }
    try await ExecutionHistory(studio.database).insert(
      runs, of: flow, by: viewer.userID, in: viewer.organizationID,
      newVersionID: Identifier.make(at: Instant(microseconds: now)))
  }

  private func run(
    _ graph: FlowGraph, _ index: Int, _ place: Int, _ start: Instant
  ) throws -> ExecutionHistory.PastRun {
    let ending: ExecutionHistory.Ending = place % 9 == 4 ? .failure : place % 13 == 7 ? .cancelled : .success
    var story = Story(graph: graph, ending: ending, branch: place)
    let nodes = story.tell().map { step in
      var outcome = ExecutionHistory.NodeOutcome(
        id: Identifier.make(at: start), nodeID: step.node.id, step.ending,
        durationMilliseconds: step.isSkipped ? 0 : Int64(3 + (place * 7 + step.node.order * 11) % 40))
      outcome.error = step.error
      return outcome
    }
    let duration = nodes.reduce(0) { $0 + $1.durationMilliseconds }
    var run = ExecutionHistory.PastRun(
      id: Identifier.make(at: start), ending, startedAt: start, durationMilliseconds: duration,
      nodes: nodes)
    run.input = try JSONValue(parsing: DemoFlows.input(index, place))
    run.error = nodes.lazy.compactMap(\.error).first
    return run
  }
}

/// What became of each node of one run: the run follows one way out of each decision, and stops at its first
/// action when it fails, at its delay when it is cancelled.
private struct Story {
  struct Step {
    var node: FlowNode
    var ending: ExecutionHistory.NodeEnding
    var error: RunError?

    var isSkipped: Bool {
      if case .skipped = ending { true } else { false }
    }
  }

  let graph: FlowGraph
  let ending: ExecutionHistory.Ending
  /// Chooses the way out of a decision.
  let branch: Int
  private var reached: Set<Identifier> = []
  private var isOver = false

  init(graph: FlowGraph, ending: ExecutionHistory.Ending, branch: Int) {
    self.graph = graph
    self.ending = ending
    self.branch = branch
  }

  mutating func tell() -> [Step] {
    var steps: [Step] = []
    for node in graph.nodes { steps.append(step(node)) }
    return steps
  }

  private mutating func step(_ node: FlowNode) -> Step {
    guard node.kind == .trigger || reached.contains(node.id) else {
      return Step(node: node, ending: .skipped(.notReached))
    }
    if isOver {
      return Step(node: node, ending: .skipped(ending == .failure ? .runFailed : .runCancelled))
    }
    if ending == .failure, node.kind == .action || node.kind == .decision {
      isOver = true
      let error = RunError(
        code: .requestTimeout, message: "Node '\(node.key)' failed: there was no answer in time.",
        nodeID: node.id)
      return Step(node: node, ending: .failure, error: error)
    }
    if ending == .cancelled, node.kind == .decision || node.kind == .delay {
      isOver = true
      return Step(node: node, ending: .cancelled)
    }
    let ways = graph.connections.filter { $0.from == node.id }
    let taken = node.kind == .decision && !ways.isEmpty ? [ways[branch % ways.count]] : ways
    reached.formUnion(taken.map(\.to))
    return Step(node: node, ending: .success)
  }
}
