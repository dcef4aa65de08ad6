import Flows
import Postgres
import Storage
import Testing

/// Polls: one who asks at a time, and what was found is stored with its runs by him alone, each thing once.
@Suite struct PollStoreTests {
  private static let lease: Int64 = 60_000

  /// A trigger that asks, and its poll.
  private struct Poll {
    let bench: StorageBench
    let key: TriggerReference
    var store: PollStore { PollStore(bench.database) }

    func claim() async throws -> PollStore.Claim? {
      try await store.claim(limit: 10, leaseMilliseconds: PollStoreTests.lease).first
    }

    func receiver() async throws -> ReceivedStore.Receiver {
      try #require(try await ReceivedStore(bench.database).readyReceiver(key) { makeID() })
    }

    /// A finding of things that start runs, and of things that do not.
    func finding(_ keys: [String], remembered: [String] = [], shown: [String]? = nil) -> PollStore.Finding {
      PollStore.Finding(
        items: keys.map {
          PollStore.Finding.Item(
            key: $0, deliveryID: makeID(), runID: makeID(), input: #"{"event": 1}"#)
        }, remembered: remembered, shown: shown ?? keys + remembered,
        state: ["cursor": .string(keys.last ?? "")],
        nextMilliseconds: 0)
    }

    func runs() async throws -> Int? { try await bench.int("SELECT count(*)::int FROM execution_logs") }
    func items() async throws -> Int? { try await bench.int("SELECT count(*)::int FROM trigger_items") }
    func letLeaseEnd() async throws {
      try await bench.script("UPDATE flow_triggers SET poll_lease_until = now()")
    }
  }

  private func withPoll(_ body: (Poll) async throws -> Void) async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let integration = IntegrationStore.NewIntegration(
        id: makeID(), userID: bench.account.user, name: "Ours", category: "data", type: "github",
        credentials: [1], capabilities: "[]")
      try await bench.integrations.create(integration, in: bench.organization)
      var trigger = TriggerStore.NewTrigger(id: makeID(), flowID: flow.id, kind: .integration, config: [:])
      trigger.integrationID = integration.id
      trigger.polls = true
      try await TriggerStore(bench.database).add(trigger, in: bench.organization)
      try await body(
        Poll(bench: bench, key: TriggerReference(organizationID: bench.organization, triggerID: trigger.id)))
    }
  }

  @Test func `what is found, its runs and the cursor are stored together, each thing once`() async throws {
    try await withPoll { poll in
      let first = try #require(try await poll.claim())
      #expect(first.state == nil && first.isFlowActive && first.failures == 0)
      let runs = try await poll.store.settle(
        first, poll.finding(["a", "b"], remembered: ["old"]), try await poll.receiver())
      #expect(runs.count == 2)
      let second = try #require(try await poll.claim())
      #expect(second.state == ["cursor": "b"])
      #expect(try await poll.store.known(["a", "old", "c"], of: poll.key) == ["a", "old"])
      let again = try await poll.store.settle(
        second, poll.finding(["b", "old", "c"]), try await poll.receiver())
      #expect(again.count == 1)
      #expect(try await poll.runs() == 3)
      #expect(try await poll.items() == 4)
      for table in ["execution_queue", "execution_events", "trigger_deliveries"] {
        #expect(try await poll.bench.int("SELECT count(*)::int FROM \(table)") == 3, "\(table)")
      }
    }
  }

  @Test func `who has lost his lease stores nothing`() async throws {
    try await withPoll { poll in
      let stalled = try #require(try await poll.claim())
      #expect(try await poll.claim() == nil, "it is taken")
      #expect(try await poll.store.renew(stalled, leaseMilliseconds: Self.lease))
      try await poll.letLeaseEnd()
      let next = try #require(try await poll.claim())
      #expect(next.epoch == stalled.epoch + 1)
      let receiver = try await poll.receiver()
      await #expect(throws: PollStore.Refusal.superseded) {
        try await poll.store.settle(stalled, poll.finding(["a"]), receiver)
      }
      #expect(try await poll.store.renew(stalled, leaseMilliseconds: Self.lease) == false)
      let failure = PollStore.Failure("late", counts: true, state: nil, nextMilliseconds: 0)
      #expect(try await poll.store.fail(stalled, failure) == false)
      #expect(try await poll.runs() == 0)
      #expect(try await poll.items() == 0)
      #expect(try await poll.store.settle(next, poll.finding(["a"]), receiver).count == 1)
    }
  }

  @Test func `a flow has changed when its trigger begins to fail, and when it ceases to`() async throws {
    try await withPoll { poll in
      let told = "SELECT count(*)::int FROM event_outbox WHERE kind = 'flow' AND name = 'UPDATED'"
      let before = try #require(try await poll.bench.int(told))
      for number in 1...6 {
        let claim = try #require(try await poll.claim())
        #expect(claim.failures == number - 1)
        // A limit that is used up is no failure.
        let limited = PollStore.Failure("slow", counts: false, state: nil, nextMilliseconds: 0)
        #expect(try await poll.store.fail(claim, limited))
        let failure = PollStore.Failure("no", counts: true, state: nil, nextMilliseconds: 0)
        #expect(try await poll.store.fail(try #require(try await poll.claim()), failure))
        #expect(try await poll.bench.int(told) == before + (number < 5 ? 0 : 1), "failure \(number)")
      }
      for _ in 1...2 {
        _ = try await poll.store.settle(try #require(try await poll.claim()), poll.finding([]), nil)
        #expect(try await poll.bench.int(told) == before + 2)
      }
    }
  }

  @Test func `what polls of one walk show is not the oldest for the others`() async throws {
    try await withPoll { poll in
      let first = try #require(try await poll.claim())
      _ = try await poll.store.settle(first, poll.finding([], remembered: ["a", "b"]), nil)
      try await poll.bench.script("UPDATE trigger_items SET seen_at = now() - interval '1 hour'")
      var part = poll.finding([], shown: ["a"])
      part.isPart = true
      _ = try await poll.store.settle(try #require(try await poll.claim()), part, nil)
      let fresh = "SELECT count(*)::int FROM trigger_items WHERE seen_at > now() - interval '1 minute'"
      #expect(try await poll.bench.int(fresh) == 1)
      _ = try await poll.store.settle(
        try #require(try await poll.claim()), poll.finding([], shown: ["b"]), nil)
      #expect(try await poll.bench.int(fresh) == 1, "a poll that sees everything has no need of it")
    }
  }

  @Test func `what was changed meanwhile is looked at again, and nothing is remembered`() async throws {
    try await withPoll { poll in
      let claim = try #require(try await poll.claim())
      let receiver = try await poll.receiver()
      try await poll.bench.script("UPDATE automation_flows SET revision = revision + 1")
      await #expect(throws: PollStore.Refusal.stale) {
        try await poll.store.settle(claim, poll.finding(["a"]), receiver)
      }
      #expect(try await poll.runs() == 0)
      #expect(try await poll.items() == 0)
      #expect(try await poll.store.settle(claim, poll.finding(["a"]), try await poll.receiver()).count == 1)
    }
  }

  @Test func `a trigger that is changed or switched off takes no poll that was begun before`() async throws {
    try await withPoll { poll in
      let claim = try #require(try await poll.claim())
      var change = TriggerStore.Change()
      (change.isEnabled, change.polls) = (false, false)
      let triggers = TriggerStore(poll.bench.database)
      try await triggers.update(
        poll.key.triggerID, change, expectedRevision: nil, in: poll.bench.organization)
      await #expect(throws: PollStore.Refusal.superseded) {
        try await poll.store.settle(claim, poll.finding([], remembered: ["a"]), nil)
      }
      #expect(try await poll.claim() == nil)
      (change.isEnabled, change.polls, change.restartsPolling) = (true, true, true)
      try await triggers.update(
        poll.key.triggerID, change, expectedRevision: nil, in: poll.bench.organization)
      #expect(try await poll.claim()?.state == nil)
    }
  }

  @Test func `failures are counted until one succeeds`() async throws {
    try await withPoll { poll in
      for number in 1...2 {
        let claim = try #require(try await poll.claim())
        #expect(claim.failures == number - 1)
        let failure = PollStore.Failure("FAILED: \(number)", counts: true, state: nil, nextMilliseconds: 0)
        #expect(try await poll.store.fail(claim, failure))
      }
      let limited = try #require(try await poll.claim())
      try await poll.store.fail(
        limited, PollStore.Failure("RATE_LIMITED", counts: false, state: nil, nextMilliseconds: 0))
      let last = try #require(try await poll.claim())
      #expect(last.failures == 2)
      _ = try await poll.store.settle(last, poll.finding([]), nil)
      #expect(try await poll.claim()?.failures == 0)
      #expect(try await poll.bench.int("SELECT 1 FROM flow_triggers WHERE poll_error IS NULL") == 1)
    }
  }

  @Test func `the oldest things are forgotten, but none that is still shown`() async throws {
    try await withPoll { poll in
      try await poll.bench.script(
        """
        INSERT INTO trigger_items (organization_id, trigger_id, item_key, seen_at) \
        SELECT organization_id, id, 'k' || n, now() - (20000 - n) * interval '1 second' \
        FROM flow_triggers, generate_series(1, \(PollStore.maximumRemembered)) n
        """)
      let claim = try #require(try await poll.claim())
      let finding = poll.finding([], remembered: ["x", "y", "z"], shown: ["k1", "x", "y", "z"])
      _ = try await poll.store.settle(claim, finding, nil)
      let known = try await poll.store.known(["k1", "k2", "k3", "k4", "k9", "x"], of: poll.key)
      #expect(known.isSuperset(of: ["k1", "k9", "x"]) && !known.contains("k2"))
    }
  }
}
