import Flows

extension RunStoreCheck {
  static let leasing = [
    RunStoreCheck("a heartbeat says whose cancellation is requested") { bench in
      let run = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      let calm = try await bench.store.heartbeat(
        owner: bench.alice, leaseMilliseconds: 60_000, held: [claimed.claim])
      try equal(calm, Heartbeat(cancelRequested: [], lost: []), "before")
      try await bench.fixture.requestCancel(run)
      let told = try await bench.store.heartbeat(
        owner: bench.alice, leaseMilliseconds: 60_000, held: [claimed.claim])
      try equal(told, Heartbeat(cancelRequested: [claimed.claim], lost: []), "after")
    },
    RunStoreCheck("another owner takes over when the lease has expired, and the old one is shut out") {
      bench in
      let run = try await bench.enqueue()
      let old = try await bench.claimOne(bench.alice)
      _ = try await bench.store.commit(try await bench.started(1), under: old.claim)
      try await bench.lease(bench.bob)
      try check(try await bench.claim(bench.bob).isEmpty, "a live owner lost its run")
      try await bench.fixture.expireLease(of: bench.alice)
      let new = try await bench.claimOne(bench.bob)
      try equal(new.claim.run, run, "the run")
      try check(new.claim.epoch > old.claim.epoch, "the epoch must rise")
      try equal(new.snapshot.step, 1, "the step")
      let late = try await bench.store.commit(try await bench.finished(2), under: old.claim)
      try equal(late, .stale, "the old owner's commit")
      let heartbeat = try await bench.store.heartbeat(
        owner: bench.alice, leaseMilliseconds: 60_000, held: [old.claim])
      try equal(heartbeat, Heartbeat(cancelRequested: [], lost: [old.claim]), "the old owner's heartbeat")
      try await bench.store.release(old.claim, notBefore: nil)
      try check(try await bench.claim(bench.alice).isEmpty, "the old owner's release freed the run")
      try equal(
        try await bench.store.commit(try await bench.finished(2), under: new.claim), .committed,
        "the new owner")
    },
    RunStoreCheck("an owner that renewed its lease in time keeps its runs") { bench in
      _ = try await bench.enqueue()
      let claimed = try await bench.claimOne(bench.alice)
      try await bench.fixture.expireLease(of: bench.alice)
      let heartbeat = try await bench.store.heartbeat(
        owner: bench.alice, leaseMilliseconds: 60_000, held: [claimed.claim])
      try equal(heartbeat.lost, [], "nobody took the run meanwhile")
      try await bench.lease(bench.bob)
      try check(try await bench.claim(bench.bob).isEmpty, "the run was taken after the renewal")
    },
    RunStoreCheck("a run that is given back is claimed again, after the instant that was named") { bench in
      let run = try await bench.enqueue()
      let first = try await bench.claimOne(bench.alice)
      try await bench.store.release(first.claim, notBefore: nil)
      let second = try await bench.claimOne(bench.bob)
      try equal(second.claim.run, run, "the run")
      try await bench.store.release(first.claim, notBefore: nil)
      try check(try await bench.claim(bench.alice).isEmpty, "an old claim released the run")
      let later = try await bench.fixture.now().advanced(byMilliseconds: 3_600_000)
      try await bench.store.release(second.claim, notBefore: later)
      try check(try await bench.claim(bench.alice).isEmpty, "claimed an hour too early")
      try await bench.fixture.requestCancel(run)
      try equal(try await bench.claim(bench.alice).map(\.claim.run), [run], "cancellation does not wait")
    },
  ]
}
