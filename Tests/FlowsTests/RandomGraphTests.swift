import Flows
import Testing

/// SplitMix64, so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct RandomGraphTests {
  static func flow(_ generator: inout SeededGenerator) -> FlowBuilder {
    var builder = FlowBuilder()
    builder.add("t", .trigger)
    let count = Int.random(in: 1...25, using: &generator)
    for index in 1...count {
      let key = "n\(index)"
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: builder.add(key, .filter, ["expression": Bool.random(using: &generator) ? "true" : "false"])
      case 1:
        builder.add(key, .decision, ["mode": Bool.random(using: &generator) ? "exclusive" : "inclusive"])
      case 2: builder.add(key, .delay, ["seconds": .integer(Int64.random(in: 0...9, using: &generator))])
      case 3, 4: builder.add(key, .action, ["type": "http", "method": "GET", "url": "https://a.test"])
      case 5: builder.add(key, .action, ["type": "log", "message": "hello"])
      default: builder.add(key, .transform, ["expression": .string(String(index))])
      }
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let from = builder.nodes[Int.random(in: 0..<index, using: &generator)].key
        let condition = ["", "", " : true", " : false"].randomElement(using: &generator) ?? ""
        builder.connect("\(from) -> \(key)\(condition)")
      }
    }
    return builder
  }

  /// A random flow with loops, retries and branches for errors.
  static func rich(_ generator: inout SeededGenerator) -> FlowBuilder {
    var builder = flow(&generator)
    for place in builder.nodes.indices.dropFirst() {
      guard var config = builder.nodes[place].config.object, Int.random(in: 0..<3, using: &generator) == 0
      else {
        continue
      }
      config["onError"] = ["continue", "fail"].randomElement(using: &generator)
      config["retry"] = ["maxAttempts": .integer(Int64.random(in: 1...3, using: &generator)), "on": "any"]
      builder.nodes[place].config = .object(config)
    }
    for number in 0..<Int.random(in: 1...2, using: &generator) {
      let key = "loop\(number)"
      let mode: JSONValue = Bool.random(using: &generator) ? "parallel" : "sequential"
      let handles = Bool.random(using: &generator)
      builder.add(
        key, .loop,
        [
          "items": "[1,2,3]", "mode": mode, "concurrency": 2, "onItemError": handles ? "continue" : "fail",
          "onError": Bool.random(using: &generator) ? "continue" : "fail",
        ])
      builder.connect("t -> \(key)")
      builder.add(
        "call\(number)", .action, ["type": "http", "method": "GET", "url": "https://a.test/{{ item }}"])
      builder.add("nap\(number)", .delay, ["seconds": .integer(Int64.random(in: 0...3, using: &generator))])
      builder.add("say\(number)", .action, ["type": "log", "message": "{{ index }}"])
      builder.connect("call\(number) -> say\(number)")
      builder.put("call\(number)", "nap\(number)", "say\(number)", in: key)
      guard number == 1 else { continue }
      builder.put("loop1", in: "loop0")
      let inner = builder["loop1"]
      builder.connections.removeAll { $0.to == inner }
    }
    return builder
  }

  @Test(arguments: 400..<520)
  func `a rich flow ends the same from every stored state`(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    let flow = RandomGraphTests.rich(&generator)
    // The random part may have connections twice and decisions without branches.
    let found = Set(flow.graph.problems().map(\.code))
    #expect(found.isSubset(of: [.duplicateConnection, .noBranch, .severalDefaults, .unreachableNode]))
    // What a call answers follows from the call.
    let answer: MachineHarness.Answer = { request in
      let number = request.idempotencyKey.utf8.reduce(UInt64(seed)) { ($0 &* 31) &+ UInt64($1) }
      return number % 5 == 0 ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    var whole = MachineHarness(flow, answer: answer)
    whole.runToEnd()
    #expect(whole.snapshot.state.isFinal)
    #expect(whole.snapshot.nodeRuns.allSatisfy { $0.state.isFinal })
    for snapshot in whole.snapshots {
      var resumed = MachineHarness(flow, from: snapshot, answer: answer)
      resumed.now = whole.now
      resumed.runToEnd()
      #expect(resumed.snapshot.state == whole.snapshot.state)
      // What a failure in a loop still finds under way depends on when it comes; else all is the same.
      let hasFailedIteration = whole.snapshot.nodeRuns.contains {
        $0.state == .failure && $0.iteration != .root
      }
      if whole.snapshot.state == .success, !hasFailedIteration { #expect(resumed.outcome == whole.outcome) }
    }
  }

  @Test(arguments: 0..<300)
  func `a random flow ends with each node in one final state and its events in order`(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    let flow = RandomGraphTests.flow(&generator)
    let failureRate = seed % 3 == 0 ? 0.1 : 0
    var coin = generator
    var harness = MachineHarness(flow) { _ in
      Double.random(in: 0..<1, using: &coin) < failureRate
        ? .failed(RunError(code: .requestFailed, message: "reset")) : .ok
    }
    harness.begin()
    var isCancelled = false
    while harness.step() {
      if seed % 5 == 0, Int.random(in: 0..<6, using: &generator) == 0 {
        harness.feed(.cancelRequested(at: harness.now))
        isCancelled = true
      }
    }
    #expect(harness.snapshot.state.isFinal)
    #expect(isCancelled || harness.snapshot.state != .cancelled)
    #expect(harness.snapshot.nodeRuns.count == flow.nodes.count)
    #expect(harness.snapshot.nodeRuns.allSatisfy { $0.state.isFinal && $0.finishedAt != nil })
    checkEvents(harness)
    if harness.snapshot.state == .success { checkJoins(harness, flow) }
  }

  /// Begins with `started`, ends with `finished`; each node starts at most once and finishes exactly once,
  /// after it.
  private func checkEvents(_ harness: MachineHarness) {
    #expect(harness.events.first?.kind == .started)
    #expect(harness.events.last?.line([:]) == "finished \(harness.snapshot.state)")
    var started: Set<NodeAddress> = []
    var finished: Set<NodeAddress> = []
    for event in harness.events {
      switch event.kind {
      case .nodeStarted(let event): #expect(started.insert(NodeAddress(event.node, event.iteration)).inserted)
      case .nodeFinished(let event):
        #expect(finished.insert(NodeAddress(event.node, event.iteration)).inserted)
        #expect(started.contains(NodeAddress(event.node, event.iteration)) == (event.attempt > 0))
      default: break
      }
    }
    #expect(finished.count == harness.snapshot.nodeRuns.count)
    #expect(zip(harness.events, harness.events.dropFirst()).allSatisfy { $0.at <= $1.at })
  }

  /// In a run that succeeded a node ran when and only when something was delivered to it.
  private func checkJoins(_ harness: MachineHarness, _ flow: FlowBuilder) {
    let delivered = Set(harness.snapshot.nodeRuns.flatMap(\.delivered))
    for row in harness.snapshot.nodeRuns where row.kind != .trigger {
      let isReached = flow.connections.contains { $0.to == row.nodeID && delivered.contains($0.id) }
      #expect((row.state == .success) == isReached, "\(row.key)")
      #expect((row.state == .skipped) == !isReached, "\(row.key)")
    }
  }

  @Test(arguments: 300..<360)
  func `a random flow ends the same from every stored state`(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    let flow = RandomGraphTests.flow(&generator)
    var whole = MachineHarness(flow)
    whole.runToEnd()
    for snapshot in whole.snapshots {
      var resumed = MachineHarness(flow, from: snapshot)
      resumed.now = whole.now
      resumed.runToEnd()
      #expect(resumed.outcome == whole.outcome)
    }
  }

  @Test func `a chain of 500 nodes ends on a stack of 512 KiB`() {
    let state = onSmallStack {
      var builder = FlowBuilder()
      builder.add("n0", .trigger)
      for index in 1..<500 {
        builder.add("n\(index)", .transform, ["expression": "1"])
        builder.connect("n\(index - 1) -> n\(index)")
      }
      guard builder.graph.problems().isEmpty else { return RunState.failure }
      var harness = MachineHarness(builder)
      harness.runToEnd()
      return harness.snapshot.nodeRuns.count == 500 ? harness.snapshot.state : .failure
    }
    #expect(state == .success)
  }
}
