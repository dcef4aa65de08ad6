import Flows
import RunStoreSuite
import Testing

@testable import Storage

/// Who decides, and who ends the wait because its time is over: one of them is first.
@Suite struct WaitClosingTests {
  /// A claimed run whose second node waits for a decision or a call.
  private func waiting(
    for event: String, _ bench: StorageBench
  ) async throws -> (claim: RunClaim, node: NodeAddress) {
    let alice = makeID()
    let flow = try await bench.makeFlow()
    _ = try await bench.enqueue(flow)
    try await bench.lease(alice)
    let claimed = try #require(try await bench.runs.claim(owner: alice, limit: 1).runs.first)
    let node = flow.graph.nodes[1]
    var row = NodeRun(
      id: makeID(), node: node.id, key: node.key, title: "", kind: .delay, state: .waiting)
    row.memo = ["wait": .string(event)]
    var transition = RunTransition(step: 1, state: .waiting)
    transition.nodeRuns = [row]
    transition.wakeAt = TestInstants.november
    #expect(try await bench.runs.commit(transition, under: claimed.claim) == .committed)
    return (claimed.claim, row.address)
  }

  private func signal(_ kind: NodeSignal.Kind, for node: NodeAddress) -> NodeSignal {
    NodeSignal(id: makeID(), address: node, kind: kind, payload: ["approved": true])
  }

  @Test func `a decision before the end of its wait is told to it, one after it is refused`() async throws {
    try await withStorage { bench in
      let first = try await waiting(for: "approval", bench)
      let decision = signal(.decision, for: first.node)
      try await bench.executions.decide(first.claim.run, decision)
      #expect(try await bench.runs.closeWaits(of: [first.node], under: first.claim) == [decision])
      let second = try await waiting(for: "approval", bench)
      #expect(try await bench.runs.closeWaits(of: [second.node], under: second.claim) == [])
      await #expect(throws: NoDecisionAwaited.self) {
        try await bench.executions.decide(second.claim.run, signal(.decision, for: second.node))
      }
    }
  }

  @Test func `a call for a node that waits no more is refused, one for a node that is not there yet kept`()
    async throws
  {
    try await withStorage { bench in
      let (claim, node) = try await waiting(for: "webhook", bench)
      let later = NodeAddress(node.node, IterationPath([1]) ?? .root)
      try await bench.executions.signal(claim.run, signal(.resume, for: later))
      _ = try await bench.runs.closeWaits(of: [node], under: claim)
      await #expect(throws: StorageError.notFound) {
        try await bench.executions.signal(claim.run, signal(.resume, for: node))
      }
      #expect(try await bench.runs.signals(for: [claim])[claim.run]?.map(\.address) == [later])
    }
  }
}
