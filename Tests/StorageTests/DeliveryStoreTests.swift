import Flows
import Postgres
import Storage
import Testing

/// What webhooks are to be told: stored with the change, claimed once, fenced, and given up in time.
@Suite struct DeliveryStoreTests {
  private func makeWebhook(
    _ bench: StorageBench, _ events: String = #"["FLOW_CREATED"]"#, isActive: Bool = true
  ) async throws -> Identifier {
    var webhook = WebhookStore.NewWebhook(
      id: makeID(), userID: bench.account.user, url: "https://x.test/", eventTypes: events, secret: [1])
    webhook.isActive = isActive
    try await WebhookStore(bench.database).create(webhook, in: bench.organization)
    return webhook.id
  }

  private func claim(
    _ bench: StorageBench, limit: Int = 10, perWebhook: Int = 10, perOrganization: Int = 100,
    busy: [Identifier] = [], busyOrganizations: [Identifier] = [], lease: Int64 = 60_000
  ) async throws -> [ClaimedDelivery] {
    try await DeliveryStore(bench.database).claim(
      limit: limit, perWebhook: perWebhook, perOrganization: perOrganization, busy: busy,
      busyOrganizations: busyOrganizations, leaseMilliseconds: lease)
  }

  private func states(_ bench: StorageBench) async throws -> String? {
    try await bench.row("SELECT string_agg(status, ' ' ORDER BY id) FROM webhook_deliveries").string(0, 0)
  }

  private func makeFlow(_ bench: StorageBench) async throws -> FlowStore.StoredFlow {
    try await bench.makeFlow(chain(["begin", "end"]))
  }

  @Test func `an event is stored with its change or not at all`() async throws {
    try await withStorage { bench in
      _ = try await makeWebhook(bench, #"["FLOW_CREATED", "FLOW_UPDATED"]"#)
      _ = try await makeWebhook(bench, #"["FLOW_DELETED"]"#)
      _ = try await makeWebhook(bench, isActive: false)
      let flow = try await makeFlow(bench)
      _ = try await storageError {
        try await bench.flows.update(
          flow.id, .init(name: "No"), expectedRevision: 77, in: bench.organization)
      }
      let unknown = chain(["begin", "end"], integration: makeID())
      _ = try await storageError { try await bench.flows.save(unknown, over: flow, in: bench.organization) }
      let rows = try await bench.row("SELECT event_type, payload FROM webhook_deliveries")
      #expect(rows.rowCount == 1 && rows.string(0, 0) == "FLOW_CREATED")
      let payload = try JSONValue(parsing: Array((rows.jsonText(0, 1) ?? "").utf8))
      #expect(payload["type"] == "flow.created")
      #expect(payload["data"]?["id"] == .string(flow.id.text(.flow)))
      #expect(payload["data"]?["revision"] == 1)
    }
  }

  @Test func `the end of a run is told in the statement that ends it, once`() async throws {
    try await withStorage { bench in
      _ = try await makeWebhook(bench, #"["EXECUTION_FAILED", "EXECUTION_CANCELLED"]"#)
      let flow = try await makeFlow(bench)
      let run = try await bench.enqueue(flow)
      let claim = try await bench.claimOne(bench.account.user).claim
      var end = transition(1, .failure)
      end.startedAt = TestInstants.november
      end.finishedAt = TestInstants.november.advanced(byMilliseconds: 1500)
      end.error = RunError(code: .requestFailed, message: "No.")
      #expect(try await bench.runs.commit(end, under: claim) == .committed)
      #expect(try await bench.runs.commit(end, under: claim) == .committed)
      let rows = try await bench.row("SELECT payload::text FROM webhook_deliveries")
      #expect(rows.rowCount == 1)
      let payload = try JSONValue(parsing: Array((rows.string(0, 0) ?? "").utf8))
      #expect(payload["type"] == "execution.failed")
      #expect(payload["timestamp"] == "2026-11-21T09:30:01.500Z")
      let data = payload["data"]
      #expect(data?["id"] == .string(run.runID.text(.execution)))
      #expect(data?["flow"]?["id"] == .string(flow.id.text(.flow)))
      #expect(data?["durationMs"] == 1500 && data?["error"]?["message"] == "No.")
    }
  }

  @Test func `a claim is exclusive until its lease is over, and only the last one may store`() async throws {
    try await withStorage { bench in
      _ = try await makeWebhook(bench)
      _ = try await makeFlow(bench)
      let store = DeliveryStore(bench.database)
      let first = try #require(try await claim(bench).first)
      #expect(try await claim(bench).isEmpty)
      try await bench.script("UPDATE webhook_deliveries SET due_at = now()")
      let second = try #require(try await claim(bench).first)
      #expect(second.id == first.id && second.attempt == 2 && second.epoch == first.epoch + 1)
      #expect(try await store.record(.init(.failed, .fails), of: first) == false)
      #expect(try await states(bench) == "sending")
      #expect(try await store.record(.init(.delivered, .works), of: second))
      #expect(try await store.record(.init(.failed, .gone), of: second) == false)
      #expect(try await states(bench) == "delivered")
      #expect(try await bench.int("SELECT count(*) FROM webhook_deliveries WHERE due_at IS NULL") == 1)
    }
  }

  @Test func `many claims at once take each delivery once`() async throws {
    try await withStorage { bench in
      _ = try await makeWebhook(bench)
      for _ in 0..<30 { _ = try await makeFlow(bench) }
      let claimed = try await withThrowingTaskGroup(of: [Identifier].self) { group in
        for _ in 0..<6 { group.addTask { try await claim(bench).map(\.id) } }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      let rest = try await claim(bench, limit: 100, perWebhook: 100).map(\.id)
      #expect(claimed.count + rest.count == 30 && Set(claimed + rest).count == 30)
    }
  }

  @Test func `a webhook gets its share and no more`() async throws {
    try await withStorage { bench in
      let busy = try await makeWebhook(bench)
      for _ in 0..<5 { _ = try await makeFlow(bench) }
      let other = try await makeWebhook(bench)
      for _ in 0..<2 { _ = try await makeFlow(bench) }
      let claimed = try await claim(bench, perWebhook: 3)
      #expect(claimed.filter { $0.webhookID == busy }.count == 3)
      #expect(claimed.filter { $0.webhookID == other }.count == 2)
      #expect(try await claim(bench, busy: [busy]).isEmpty)
      #expect(try await claim(bench, limit: 1).count == 1)
    }
  }

  @Test func `an organization gets its share and no more`() async throws {
    try await withStorage { bench in
      for _ in 0..<4 { _ = try await makeWebhook(bench) }
      for _ in 0..<5 { _ = try await makeFlow(bench) }
      #expect(try await claim(bench, busyOrganizations: [bench.organization]).isEmpty)
      // Four webhooks have three each, of which the organization may have five.
      let claimed = try await claim(bench, limit: 100, perWebhook: 3, perOrganization: 5)
      #expect(claimed.count == 5)
      #expect(try await claim(bench, limit: 100, perWebhook: 3).count == 12)
      #expect(try await claim(bench, limit: 100, busyOrganizations: [makeID()]).count == 3)
    }
  }

  @Test func `five days of failures switch a webhook off, and success forgets them`() async throws {
    try await withStorage { bench in
      let webhook = try await makeWebhook(bench)
      for _ in 0..<4 { _ = try await makeFlow(bench) }
      let store = DeliveryStore(bench.database)
      let claimed = try await claim(bench, limit: 3)
      var again = DeliveryStore.Outcome(.pending, .fails)
      again.delayMilliseconds = 5000
      try await store.record(again, of: claimed[0])
      #expect(try await bench.row("SELECT failing_since IS NOT NULL FROM webhooks").bool(0, 0) == true)
      try await store.record(.init(.delivered, .works), of: claimed[1])
      #expect(try await bench.row("SELECT failing_since IS NULL FROM webhooks").bool(0, 0) == true)
      try await bench.script("UPDATE webhooks SET failing_since = now() - interval '5 days 1 second'")
      try await store.record(.init(.failed, .fails), of: claimed[2])
      let row = try await bench.row("SELECT is_active, disabled_reason FROM webhooks")
      #expect(row.bool(0, 0) == false && row.string(0, 1) == "failing")
      #expect(try await states(bench) == "cancelled delivered failed cancelled")
      try await WebhookStore(bench.database).update(
        webhook, .init(isActive: true), expectedRevision: nil, in: bench.organization)
      let after = try await bench.row("SELECT is_active, disabled_reason, failing_since FROM webhooks")
      #expect(after.bool(0, 0) == true && after.isNull(0, 1) && after.isNull(0, 2))
    }
  }

  @Test func `what came while a webhook was being switched off is cancelled by the claim`() async throws {
    try await withStorage { bench in
      _ = try await makeWebhook(bench)
      _ = try await makeFlow(bench)
      try await bench.script("UPDATE webhooks SET is_active = false")
      #expect(try await claim(bench).isEmpty)
      #expect(try await states(bench) == "cancelled")
    }
  }

  @Test func `what fails while its webhook is off is not tried again`() async throws {
    try await withStorage { bench in
      let webhook = try await makeWebhook(bench)
      for _ in 0..<3 { _ = try await makeFlow(bench) }
      let store = DeliveryStore(bench.database)
      var again = DeliveryStore.Outcome(.pending, .fails)
      again.delayMilliseconds = 86_400_000
      let claimed = try await claim(bench)
      try await store.record(again, of: claimed[0])
      #expect(try await states(bench) == "pending sending sending")
      try await bench.script("UPDATE webhooks SET failing_since = now() - interval '6 days'")
      // The failure that switches the webhook off cancels itself, too.
      try await store.record(again, of: claimed[1])
      #expect(try await states(bench) == "cancelled cancelled sending")
      try await store.record(again, of: claimed[2])
      #expect(try await states(bench) == "cancelled cancelled cancelled")
      #expect(
        try await bench.int(
          "SELECT count(*) FROM webhook_deliveries WHERE due_at IS NULL AND finished_at IS NOT NULL") == 3)
      try await WebhookStore(bench.database).update(
        webhook, .init(isActive: true), expectedRevision: nil, in: bench.organization)
      #expect(try await states(bench) == "cancelled cancelled cancelled")
    }
  }

  @Test func `what fails while its webhook is being switched off is not tried again`() async throws {
    try await withStorage { bench in
      let webhook = try await makeWebhook(bench)
      _ = try await makeFlow(bench)
      let store = DeliveryStore(bench.database)
      let claimed = try #require(try await claim(bench).first)
      var again = DeliveryStore.Outcome(.pending, .fails)
      again.delayMilliseconds = 86_400_000
      let outcome = again
      let recording = try await bench.database.transaction { transaction in
        let off = Statement("switch_off", "UPDATE webhooks SET is_active = false WHERE id = $1", [.uuid])
        try await transaction.execute(off, Parameters { $0.uuid(webhook.uuid) })
        let recording = Task { try await store.record(outcome, of: claimed) }
        let waiting = """
          SELECT count(*) FROM pg_stat_activity \
          WHERE wait_event_type = 'Lock' AND datname = current_database()
          """
        while try await states(bench) == "sending", try await bench.int(waiting) == 0 {
          try await Task.sleep(for: .milliseconds(5))
        }
        return recording
      }
      #expect(try await recording.value)
      #expect(try await states(bench) == "cancelled")
    }
  }

  @Test func `what a former URL answers says nothing, and the new one is told`() async throws {
    try await withStorage { bench in
      let webhook = try await makeWebhook(bench)
      let store = DeliveryStore(bench.database)
      for _ in 0..<3 { _ = try await makeFlow(bench) }
      let claimed = try await claim(bench)
      try await WebhookStore(bench.database).update(
        webhook, .init(url: "https://y.test/"), expectedRevision: nil, in: bench.organization)
      #expect(try await store.record(.init(.failed, .gone), of: claimed[0]))
      #expect(try await store.record(.init(.pending, .fails), of: claimed[1]))
      let state = "SELECT is_active, failing_since IS NULL, disabled_reason IS NULL FROM webhooks"
      let shown = try await bench.row(state)
      #expect(shown.bool(0, 0) == true && shown.bool(0, 1) == true && shown.bool(0, 2) == true)
      let again = try await claim(bench)
      #expect(Set(again.map(\.id)) == Set(claimed[..<2].map(\.id)))
      #expect(again.allSatisfy { $0.url == "https://y.test/" && $0.attempt == 2 })
      // Gone where it is told of now, which counts; the third one's answer does not undo it.
      #expect(try await store.record(.init(.failed, .gone), of: again[0]))
      #expect(try await store.record(.init(.failed, .gone), of: claimed[2]))
      #expect(try await bench.row(state).bool(0, 0) == false)
      #expect(try await bench.int("SELECT count(*) FROM webhook_deliveries WHERE status = 'failed'") == 2)
    }
  }

  @Test func `what was over long ago is deleted, and what waits stays`() async throws {
    try await withStorage { bench in
      _ = try await makeWebhook(bench)
      for _ in 0..<3 { _ = try await makeFlow(bench) }
      let store = DeliveryStore(bench.database)
      for delivery in try await claim(bench, limit: 2) {
        try await store.record(.init(.delivered, .works), of: delivery)
      }
      try await bench.script(
        """
        UPDATE webhook_deliveries SET created_at = now() - interval '40 days';
        UPDATE webhook_deliveries SET finished_at = now() - interval '31 days'
          WHERE id = (SELECT min(id::text)::uuid FROM webhook_deliveries WHERE status = 'delivered');
        """)
      #expect(try await store.prune(days: 30) == 1)
      #expect(try await states(bench) == "delivered pending")
    }
  }

  @Test func `ids and instants that the database writes are those of the domain`() async throws {
    try await withStorage { bench in
      for id in [makeID(), Identifier(high: .max, low: .max), Identifier(high: 0, low: 1)] {
        let text = try await bench.row("SELECT studio_type_id('flow', '\(id.description)')").string(0, 0)
        #expect(text == id.text(.flow))
      }
      let made = try await bench.row("SELECT studio_uuid_v7(), studio_uuid_v7() <> studio_uuid_v7()")
      let id = try #require(made.uuid(0, 0)).identifier
      #expect(id.high >> 12 & 15 == 7 && id.low >> 62 == 2 && made.bool(0, 1) == true)
      let now = try await bench.now()
      #expect(abs(Int64(id.high >> 16) - now.microseconds / 1000) < 60_000)
      let instant = try await bench.row("SELECT studio_instant('2026-11-21T10:30:00.0129+01')").string(0, 0)
      #expect(instant?.hasPrefix("2026-11-21T09:30:00.01") == true && instant?.hasSuffix("Z") == true)
    }
  }
}
