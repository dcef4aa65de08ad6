import Flows
import Testing

@Suite struct RetriedRunTests {
  private let next = RunReference(organizationID: FlowBuilder.id(9001), runID: FlowBuilder.id(9003))

  private func failed(at key: String) -> MachineHarness {
    var harness = MachineHarness(ResumeTests.order) {
      $0.nodeKey == key ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    harness.runToEnd()
    return harness
  }

  @Test(arguments: ["fetch", "large"])
  func `a retried run keeps what succeeded and does the rest`(key: String) throws {
    let old = failed(at: key)
    #expect(old.snapshot.state == .failure)
    let snapshot = try #require(old.snapshot.forRetry(of: ResumeTests.order.graph, as: next, at: old.now))
    #expect(snapshot.state == .pending)
    #expect(snapshot.input == old.snapshot.input)
    #expect(snapshot.step == 0)
    #expect(snapshot.nodeRuns.allSatisfy { $0.state == .success })
    #expect(Set(snapshot.nodeRuns.map(\.id)).isDisjoint(with: old.snapshot.nodeRuns.map(\.id)))
    var retried = MachineHarness(ResumeTests.order, from: snapshot)
    retried.now = old.now
    retried.runToEnd()
    var whole = MachineHarness(ResumeTests.order)
    whole.runToEnd()
    #expect(retried.outcome == whole.outcome)
    #expect(retried.performed.map(\.nodeKey) == (key == "fetch" ? ["fetch", "large"] : ["large"]))
    #expect(retried.events.first?.kind == .started)
  }

  @Test func `only a failed run has a retry, and only from a node that failed`() {
    var good = MachineHarness(ResumeTests.order)
    good.runToEnd()
    #expect(good.snapshot.forRetry(of: ResumeTests.order.graph, as: next, at: good.now) == nil)
    let old = failed(at: "large")
    let order = ResumeTests.order
    func retry(from node: Identifier?) -> RunSnapshot? {
      old.snapshot.forRetry(of: order.graph, fromFailedNode: node, as: next, at: old.now)
    }
    #expect(retry(from: order["large"]) != nil)
    #expect(retry(from: order["fetch"]) == nil)
    #expect(retry(from: FlowBuilder.id(777)) == nil)
  }

  /// The failed run of a flow, run again from where it failed.
  private func retried(_ old: MachineHarness, _ flow: FlowBuilder) throws -> MachineHarness {
    let snapshot = try #require(old.snapshot.forRetry(of: flow.graph, as: next, at: old.now))
    var retried = MachineHarness(flow, from: snapshot)
    retried.now = old.now
    retried.runToEnd()
    return retried
  }

  @Test(arguments: [0, 1])
  func `an iteration that failed before later ones succeeded is done again`(failing: Int) throws {
    let flow = looping(["mode": "parallel"], [http("call"), transform("x", "index")], ["call -> x"])
    var old = MachineHarness(flow, input: ["list": [5, 6, 7]]) {
      $0.iteration.indices == [failing] ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    old.runToEnd()
    #expect(old.row("call", 2)?.state == .success)
    let retried = try retried(old, flow)
    #expect(retried.performed.map { $0.iteration.indices } == [[failing]])
    #expect(retried.row("each")?.output == [0, 1, 2])
  }

  @Test func `what failed in a loop that went on is kept with it`() throws {
    var flow = looping(["onItemError": "continue"], [http("call"), http("store")], ["call -> store"])
    let end = try #require(flow.nodes.firstIndex { $0.key == "after" })
    flow.nodes[end].config = ["expression": "throw"]
    var old = MachineHarness(flow, input: ["list": [5, 6]]) {
      $0.iteration.indices == [0] ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    old.runToEnd()
    #expect(old.snapshot.state == .failure && old.row("each")?.state == .success)
    flow.nodes[end].config = ["expression": "1"]
    let retried = try retried(old, flow)
    #expect(retried.snapshot.state == .success && retried.performed.isEmpty)
    #expect(retried.row("each")?.output == old.row("each")?.output)
    for (key, index) in [("call", 0), ("store", 0), ("call", 1), ("store", 1)] {
      let (before, after) = (old.row(key, index), retried.row(key, index))
      #expect(after?.state == before?.state && after?.error == before?.error, "\(key) \(index)")
      #expect(after != nil && after?.skipReason == before?.skipReason, "\(key) \(index)")
    }
  }

  @Test func `a sequential loop stays one when several iterations are half done`() throws {
    var flow = looping(["onItemError": "continue"], [http("call"), http("store")], ["call -> store"])
    let end = try #require(flow.nodes.firstIndex { $0.key == "after" })
    flow.nodes[end].config = ["expression": "throw"]
    var old = MachineHarness(flow, input: ["list": [5, 6, 7]]) {
      $0.nodeKey == "store" || $0.iteration.indices == [0]
        ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    old.runToEnd()
    // As if something beside the loop had ended the run before it.
    var broken = old.snapshot
    let place = try #require(broken.nodeRuns.firstIndex { $0.kind == .loop })
    broken.nodeRuns[place].state = .cancelled
    broken.nodeRuns[place].memo = ["items": [5, 6, 7]]
    let snapshot = try #require(broken.forRetry(of: flow.graph, as: next, at: old.now))
    var retried = MachineHarness(flow, from: snapshot)
    retried.now = old.now
    retried.begin()
    repeat { #expect(retried.effects.count <= 1) } while retried.step()
    #expect(
      retried.performed.map { $0.nodeKey + $0.iteration.text } == ["store1", "store2", "call0", "store0"])
    #expect(retried.row("each")?.output?.array?.count == 3)
    // A failure elsewhere and a cancellation end what is held back, too.
    var cancelled = MachineHarness(flow, from: snapshot) { _ in .cancelled }
    cancelled.begin()
    cancelled.feed(.cancelRequested(at: cancelled.now))
    cancelled.runToEnd()
    #expect(cancelled.snapshot.state == .cancelled)
    #expect(cancelled.snapshot.nodeRuns.allSatisfy { $0.state.isFinal })
  }

  @Test(arguments: 600..<720)
  func `a rich flow that failed and is retried ends as if nothing had failed`(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    let flow = RandomGraphTests.rich(&generator)
    var old = MachineHarness(flow) { request in
      let number = request.idempotencyKey.utf8.reduce(UInt64(seed)) { ($0 &* 31) &+ UInt64($1) }
      return number % 7 == 0 ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    old.runToEnd()
    guard let snapshot = old.snapshot.forRetry(of: flow.graph, as: next, at: old.now) else { return }
    var retried = MachineHarness(flow, from: snapshot)
    retried.now = old.now
    retried.runToEnd()
    #expect(retried.snapshot.state == .success)
    #expect(retried.snapshot.nodeRuns.allSatisfy { $0.state.isFinal })
    var whole = MachineHarness(flow)
    whole.runToEnd()
    // What had failed and was handled is kept, with what followed from it.
    let done = old.snapshot.nodeRuns.filter { $0.state == .success || $0.isHandledFailure }
    let hasHandled = done.contains { row in
      row.isHandledFailure
        || row.kind == .loop
          && old.snapshot.nodeRuns.contains { $0.state == .failure && $0.iteration != .root }
    }
    guard !hasHandled else { return }
    #expect(retried.snapshot.output == whole.snapshot.output)
    #expect(retried.states == whole.states)
  }
}
