import Flows

/// Calls of one account by runs of one process.
private struct SlotBench: Sendable {
  let bench: Bench
  let store: any RunStore

  init(_ bench: Bench) {
    self.bench = bench
    store = bench.store
  }

  private var account: Identifier { Identifier(high: 0x15, low: 1) }

  func call(_ index: Int, of integration: Identifier? = nil) -> CallSlot {
    let path = IterationPath([index]) ?? .root
    return CallSlot(NodeAddress(bench.version.graph.nodes[1].id, path), of: integration ?? account)
  }

  /// A claimed run of an organization whose account makes so many calls at once; the process knows that.
  func limited(to limit: Int) async throws -> ClaimedRun {
    let run = try await bench.enqueue()
    try await bench.fixture.limitCalls(of: account, to: limit, for: run)
    let claimed = try await bench.claimOne(bench.alice)
    _ = try await store.heartbeat(owner: bench.alice, leaseMilliseconds: 60_000, held: [claimed.claim])
    return claimed
  }

  func take(_ calls: [CallSlot], _ claimed: ClaimedRun) async throws -> [Int] {
    try await store.takeSlots(for: calls, under: claimed.claim).compactMap(\.iteration.indices.first).sorted()
  }

  /// The iterations that were told that a slot is theirs.
  func told(_ claimed: ClaimedRun) async throws -> [Int] {
    let signals = try await store.signals(for: [claimed.claim])[claimed.claim.run] ?? []
    return signals.filter { $0.kind == .slotGiven }.compactMap(\.address.iteration.indices.first).sorted()
  }

  func commit(
    _ step: Int, of claimed: ClaimedRun, ending calls: [CallSlot], _ state: RunState = .running
  ) async throws {
    var transition = state.isFinal ? try await bench.finished(step) : try await bench.started(step, state)
    transition.endedCalls = calls
    try equal(try await store.commit(transition, under: claimed.claim), .committed, "step \(step)")
  }
}

extension RunStoreCheck {
  static let slots = [
    RunStoreCheck("of a limited integration only so many calls go on; each end is the turn of the next") {
      let bench = SlotBench($0)
      let run = try await bench.limited(to: 2)
      let calls = (0..<4).map { bench.call($0) }
      try equal(try await bench.take(calls, run), [2, 3], "those that wait")
      try equal(try await bench.take([calls[0], calls[1]], run), [], "those that have one keep it")
      try equal(try await bench.told(run), [], "nobody is told yet")
      try await bench.commit(1, of: run, ending: [calls[0]])
      try equal(try await bench.told(run), [2], "the first in line")
      try equal(try await bench.take([calls[2]], run), [], "it has a slot")
      try equal(try await bench.take([bench.call(5)], run), [5], "whoever comes later waits")
      try await bench.commit(2, of: run, ending: [calls[1], calls[2]])
      try equal(try await bench.told(run), [2, 3, 5], "the rest of the line")
    },
    RunStoreCheck("a call that is given up stands in line no more") {
      let bench = SlotBench($0)
      let run = try await bench.limited(to: 1)
      _ = try await bench.take((0..<3).map { bench.call($0) }, run)
      try await bench.commit(1, of: run, ending: [bench.call(1)])
      try await bench.commit(2, of: run, ending: [bench.call(0)])
      try equal(try await bench.told(run), [2], "who is told")
    },
    RunStoreCheck("what has no limit takes no slot, and the end of a run frees what it has") {
      let bench = SlotBench($0)
      let run = try await bench.limited(to: 1)
      let other = Identifier(high: 0x15, low: 2)
      try equal(
        try await bench.take([bench.call(0), bench.call(1, of: other)], run), [], "those that wait")
      try await bench.commit(1, of: run, ending: [], .success)
      try equal(
        try await bench.store.signals(for: [run.claim]).count, 0, "a run that is over is told nothing")
    },
    RunStoreCheck("a run that waits for a slot is woken, by whoever holds it") {
      let bench = SlotBench($0)
      let run = try await bench.limited(to: 1)
      try equal(try await bench.take([bench.call(0), bench.call(1)], run), [1], "those that wait")
      var parked = try await bench.bench.started(1, .waiting)
      parked.wakeAt = try await bench.bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      parked.endedCalls = [bench.call(0)]
      parked.releasesClaim = true
      try equal(try await bench.store.commit(parked, under: run.claim), .committed, "the wait")
      let again = try await bench.bench.claimOne(bench.bench.bob)
      try equal(try await bench.told(again), [1], "who is told")
      try equal(try await bench.take([bench.call(1)], again), [], "the slot is the run's, not the owner's")
      try equal(try await bench.take([bench.call(2)], run), [], "a former owner learns nothing")
      try await bench.commit(2, of: again, ending: [bench.call(1)])
      try equal(try await bench.told(again), [1], "and has put nobody into the line")
    },
  ]
}
