import Flows
import Postgres
import Storage
import Testing

/// Who waits for the end of a run: told by what this process stores, by hints, and by looking.
@Suite struct RunOutcomesTests {
  private static let alice = makeID()

  private func final(_ step: Int, _ state: RunState, output: JSONValue?, error: RunError? = nil)
    -> RunTransition
  {
    var last = transition(step, state)
    last.output = output
    last.error = error
    return last
  }

  @Test func `what this process stores tells the outcome without a statement`() async throws {
    try await withStorage { bench in
      let hub = RunEventHub(bench.database, pollInterval: .seconds(3600))
      let store = PostgresRunStore(bench.database, notifier: RunNotifier(hub: hub))
      let outcomes = RunOutcomes(bench.database, hub: hub)
      let run = try await bench.enqueue(try await bench.makeFlow())
      let place = outcomes.take(run, node: nil, timeout: .seconds(60))
      let claim = try await bench.claimOne(Self.alice).claim
      let result = try await store.commit(final(1, .success, output: 7), under: claim)
      #expect(result == .committed)
      let before = bench.database.statistics.statements
      #expect(await outcomes.outcome(of: place, isNew: true) == .output("7"))
      // The hint to other processes may be under way; nobody looks at the run.
      #expect(bench.database.statistics.statements - before <= 1)
    }
  }

  @Test func `a failed run tells its error, and a node its output before the run is over`() async throws {
    try await withStorage { bench in
      let hub = RunEventHub(bench.database, pollInterval: .seconds(3600))
      let store = PostgresRunStore(bench.database, notifier: RunNotifier(hub: hub))
      let outcomes = RunOutcomes(bench.database, hub: hub)
      let flow = try await bench.makeFlow()
      let node = try #require(flow.graph.nodes.last)
      let run = try await bench.enqueue(flow)
      let (whole, part) = (
        outcomes.take(run, node: nil, timeout: .seconds(60)),
        outcomes.take(run, node: node.id, timeout: .seconds(60))
      )
      let claim = try await bench.claimOne(Self.alice).claim
      var first = transition(1)
      var row = NodeRun(
        id: makeID(), node: node.id, key: node.key, title: node.title, kind: node.kind, state: .success)
      row.output = "done"
      first.nodeRuns = [row]
      #expect(try await store.commit(first, under: claim) == .committed)
      #expect(await outcomes.outcome(of: part, isNew: true) == .output(#""done""#))
      let error = RunError(code: .flowInvalid, message: "No.")
      #expect(
        try await store.commit(final(2, .failure, output: nil, error: error), under: claim) == .committed)
      // On a busy machine the poll may have seen it first, as Postgres writes it.
      guard case .failed(let told?) = await outcomes.outcome(of: whole, isNew: true) else {
        Issue.record("no failure told")
        return
      }
      #expect(RunError(decoding: try JSONValue(parsing: told)) == error)
    }
  }

  @Test func `a run that another process has ended is looked at`() async throws {
    try await withStorage { bench in
      let hub = RunEventHub(bench.database, pollInterval: .seconds(3600))
      let outcomes = RunOutcomes(bench.database, hub: hub)
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(Self.alice).claim
      let result = try await bench.runs.commit(final(1, .success, output: 7), under: claim)
      #expect(result == .committed)
      let place = outcomes.take(run, node: nil, timeout: .seconds(60))
      #expect(await outcomes.outcome(of: place, isNew: false) == .output("7"))
    }
  }
}
