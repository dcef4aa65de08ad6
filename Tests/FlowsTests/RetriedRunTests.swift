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
    let snapshot = try #require(old.snapshot.forRetry(as: next, at: old.now))
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
    #expect(good.snapshot.forRetry(as: next, at: good.now) == nil)
    let old = failed(at: "large")
    let order = ResumeTests.order
    #expect(old.snapshot.forRetry(fromFailedNode: order["large"], as: next, at: old.now) != nil)
    #expect(old.snapshot.forRetry(fromFailedNode: order["fetch"], as: next, at: old.now) == nil)
    #expect(old.snapshot.forRetry(fromFailedNode: FlowBuilder.id(777), as: next, at: old.now) == nil)
  }

  /// The failed run of a flow, run again from where it failed.
  private func retried(_ old: MachineHarness, _ flow: FlowBuilder) throws -> MachineHarness {
    let snapshot = try #require(old.snapshot.forRetry(as: next, at: old.now))
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
}
