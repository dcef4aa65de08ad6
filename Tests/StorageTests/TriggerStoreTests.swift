import Flows
import Postgres
import Storage
import Testing

/// Triggers and what they receive: stored with its run or not at all, each delivery once, and only by what is
/// still so.
@Suite struct TriggerStoreTests {
  @Test func `arrivals and their runs are stored together, and each delivery once`() async throws {
    try await withStorage { bench in
      let store = ReceivedStore(bench.database)
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let receiver = try await bench.receiver(try await bench.makeWebhook(flow.id))
      let batch = [
        try ReceivedStore.Arrival(receiver, key: "a"), try ReceivedStore.Arrival(receiver),
        try ReceivedStore.Arrival(receiver, key: "a"),
        try ReceivedStore.Arrival(receiver),
      ]
      let outcomes = try await store.accept(batch)
      let queued = ReceivedStore.Outcome.stored(.queued)
      #expect(
        outcomes.filter { $0 == queued }.count == 3 && outcomes[1] == queued && outcomes[3] == queued)
      let first = outcomes[0] == queued ? 0 : 2
      #expect(outcomes[2 - first] == .undecided)
      #expect(try await store.accept([batch[2 - first]]) == [.duplicate(run: batch[first].runID)])
      for table in ["execution_logs", "execution_queue", "execution_events", "trigger_deliveries"] {
        #expect(try await bench.int("SELECT count(*)::int FROM \(table)") == 3, "\(table)")
      }
      #expect(
        try await bench.row("SELECT 1 FROM flow_triggers WHERE last_fired_at IS NOT NULL").rowCount == 1)
    }
  }

  @Test func `what was changed since it was read takes nothing`() async throws {
    try await withStorage { bench in
      let store = ReceivedStore(bench.database)
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let key = try await bench.makeWebhook(flow.id)
      let old = try await bench.receiver(key)
      try await bench.flows.save(chain(["begin", "other"]), over: flow, in: bench.organization)
      #expect(try await store.accept([try ReceivedStore.Arrival(old)]) == [.stale])
      let edited = try await bench.receiver(key)
      #expect(edited.versionID != old.versionID)
      var off = TriggerStore.Change()
      off.isEnabled = false
      try await TriggerStore(bench.database).update(
        key.triggerID, off, expectedRevision: 1, in: bench.organization)
      #expect(try await store.accept([try ReceivedStore.Arrival(edited)]) == [.stale])
      #expect(try await bench.receiver(key).isEnabled == false)
      try await bench.flows.update(
        flow.id, .init(status: "paused"), expectedRevision: nil, in: bench.organization)
      #expect(try await store.accept([try ReceivedStore.Arrival(try await bench.receiver(key))]) == [.stale])
      #expect(try await bench.int("SELECT count(*)::int FROM execution_logs") == 0)
    }
  }

  @Test func `another organization's ids find nothing and change nothing`() async throws {
    try await withStorage { bench in
      let triggers = TriggerStore(bench.database)
      let received = ReceivedStore(bench.database)
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let key = try await bench.makeWebhook(flow.id)
      let receiver = try await bench.receiver(key)
      let stored = try ReceivedStore.Arrival(receiver)
      #expect(try await received.accept([stored]) == [.stored(.queued)])
      let stranger = try await register("bob@example.com", on: bench.accounts).organization
      #expect(try await triggers.load(key.triggerID, in: stranger) == nil)
      #expect(try await received.request(stored.deliveryID, in: stranger) == nil)
      let foreign = TriggerReference(organizationID: stranger, triggerID: key.triggerID)
      #expect(try await received.receiver(foreign) == nil)
      var forged = try ReceivedStore.Arrival(receiver)
      forged.receiver.key = foreign
      #expect(try await received.accept([forged]) == [.stale])
      let errors = [
        try await storageError {
          try await triggers.update(key.triggerID, .init(), expectedRevision: nil, in: stranger)
        },
        try await storageError {
          try await triggers.remove(key.triggerID, expectedRevision: nil, in: stranger)
        },
        try await storageError {
          try await triggers.add(
            .init(id: makeID(), flowID: flow.id, kind: .webhook, config: [:]), in: stranger)
        },
      ]
      #expect(errors == [.notFound, .notFound, .notFound])
    }
  }

  @Test func `a flow has a bounded number of triggers, and takes them with it`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      for _ in 0..<TriggerStore.maximum { _ = try await bench.makeWebhook(flow.id) }
      let error = try await storageError { _ = try await bench.makeWebhook(flow.id) }
      #expect(error == .full(field: "flowId", maximum: TriggerStore.maximum))
      try await bench.flows.delete(flow.id, expectedRevision: nil, in: bench.organization)
      #expect(try await bench.row("SELECT 1 FROM flow_triggers").rowCount == 0)
    }
  }

  @Test func `what was received is forgotten with its age`() async throws {
    try await withStorage { bench in
      let store = ReceivedStore(bench.database)
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let receiver = try await bench.receiver(try await bench.makeWebhook(flow.id))
      _ = try await store.accept([
        try ReceivedStore.Arrival(receiver, key: "a"), try ReceivedStore.Arrival(receiver, key: "b"),
      ])
      try await bench.script(
        "UPDATE trigger_deliveries SET received_at = now() - interval '31 days' WHERE delivery_key = 'a'")
      #expect(try await store.prune(days: 30) == 1)
      #expect(try await store.accept([try ReceivedStore.Arrival(receiver, key: "a")]) == [.stored(.queued)])
    }
  }
}
