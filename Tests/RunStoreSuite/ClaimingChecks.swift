import Flows

extension RunStoreCheck {
  static let claiming = [
    RunStoreCheck("a queued run is claimed with all that is needed to drive it") { bench in
      let run = try await bench.enqueue(["order": 7])
      let claimed = try await bench.claimOne(bench.alice)
      try equal(claimed.claim.run, run, "the run")
      try check(claimed.claim.epoch > 0, "a claim must raise the epoch")
      try equal(claimed.version, bench.version, "the version")
      try equal(claimed.snapshot, RunSnapshot(input: ["order": 7]), "the snapshot")
      try equal(claimed.environment, ["region": "eu"], "the named values")
      try check(!claimed.isCancelRequested, "nobody requested cancellation")
      try check(try await bench.claim(bench.alice).isEmpty, "a run that is held is not claimed again")
    },
    RunStoreCheck("an owner without a lease claims nothing") { bench in
      _ = try await bench.enqueue()
      try check(try await bench.claim(bench.alice).isEmpty, "claimed without a lease")
      try await bench.lease(bench.alice)
      try await bench.fixture.expireLease(of: bench.alice)
      try check(try await bench.claim(bench.alice).isEmpty, "claimed with an expired lease")
    },
    RunStoreCheck("a claim takes no more than its limit, the oldest first") { bench in
      var queued: [RunReference] = []
      for number in 0..<5 { queued.append(try await bench.enqueue(.integer(Int64(number)))) }
      try await bench.lease(bench.alice)
      let first = try await bench.claim(bench.alice, limit: 2).map(\.claim.run)
      let rest = try await bench.claim(bench.alice, limit: 10).map(\.claim.run)
      try equal(Set(first), Set(queued.prefix(2)), "the first two")
      try equal(Set(rest), Set(queued.dropFirst(2)), "the rest")
    },
    RunStoreCheck("owners that claim at the same time never share a run") { bench in
      for _ in 0..<40 { _ = try await bench.enqueue() }
      try await bench.lease(bench.alice)
      try await bench.lease(bench.bob)
      let claims = try await withThrowingTaskGroup(of: [RunReference].self) { group in
        for round in 0..<8 {
          let owner = round % 2 == 0 ? bench.alice : bench.bob
          group.addTask { try await bench.claim(owner, limit: 10).map(\.claim.run) }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try equal(Set(claims).count, claims.count, "runs claimed once")
      let rest = try await bench.claim(bench.alice, limit: 40).map(\.claim.run)
      try equal(claims.count + rest.count, 40, "runs claimed in all")
    },
    RunStoreCheck("a waiting run is claimed when its instant has come, not before") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1, .waiting)
      let later = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      transition.wakeAt = later
      transition.releasesClaim = true
      try equal(try await bench.store.commit(transition, under: claimed.claim), .committed, "the wait")
      let batch = try await bench.store.claim(owner: bench.alice, limit: 10)
      try check(batch.runs.isEmpty, "claimed an hour too early")
      if let next = batch.nextWakeAt { try equal(next, later, "the next instant") }

      let second = try await bench.enqueue()
      let other = try await bench.claimOne(bench.alice)
      transition.wakeAt = try await bench.fixture.now().advanced(byMilliseconds: -1000)
      _ = try await bench.store.commit(transition, under: other.claim)
      try equal(try await bench.claim(bench.alice).map(\.claim.run), [second], "the run that is due")
      try equal(try await bench.fixture.snapshot(of: run).state, .waiting, "the other run")
    },
    RunStoreCheck("a requested cancellation makes a waiting run claimable, and the claim says so") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      var transition = try await bench.started(1, .waiting)
      transition.wakeAt = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      transition.releasesClaim = true
      _ = try await bench.store.commit(transition, under: claimed.claim)
      try await bench.fixture.requestCancel(run)
      let again = try await bench.claimOne(bench.alice)
      try check(again.isCancelRequested, "the claim must say that cancellation is requested")
      try check(again.claim.epoch > claimed.claim.epoch, "the epoch must rise")
    },
  ]
}
