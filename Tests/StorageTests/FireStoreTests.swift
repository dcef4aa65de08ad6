import Flows
import Postgres
import Storage
import Testing

/// Instants of schedules: each is settled once, with its run and the next instant, by whoever comes first.
@Suite struct FireStoreTests {
  /// A day long ago, so that every instant of it is due.
  private static let midnight: Int64 = 1_767_225_600

  private static let everyHour: @Sendable (Instant) -> FireStore.Fire? = { instant in
    let hour = instant.microseconds / 3_600_000_000 + 1
    let at = Instant(microseconds: hour * 3_600_000_000)
    return FireStore.Fire(at: at, due: at)
  }

  private static func decide(
    _ overlap: ScheduleTrigger.Overlap
  ) -> @Sendable (FireStore.DueFire) throws -> FireStore.Decision {
    { fire in
      guard fire.isActive else { return FireStore.Decision(.forget, next: everyHour(fire.now)) }
      if fire.isNodeMissing { return FireStore.Decision(.miss, next: everyHour(fire.now)) }
      return FireStore.Decision(
        .fire(overlap, input: ["at": .string(fire.at.description)]), next: everyHour(fire.at))
    }
  }

  private func hour(_ number: Int64) -> Instant {
    Instant(microseconds: (Self.midnight + number * 3600) * 1_000_000)
  }

  /// A schedule whose first instant is `hour(1)`.
  private func makeSchedule(
    _ bench: StorageBench, _ flow: Identifier, nodeKey: String? = nil
  ) async throws -> Identifier {
    var trigger = TriggerStore.NewTrigger(
      id: makeID(), flowID: flow, kind: .schedule,
      config: ScheduleTrigger(cron: "@hourly", timeZone: "UTC").json)
    trigger.nodeKey = nodeKey
    let first = FireStore.Fire(at: hour(1), due: hour(1))
    trigger.nextFire = { _ in first }
    try await TriggerStore(bench.database).add(trigger, in: bench.organization)
    return trigger.id
  }

  private func settle(
    _ bench: StorageBench, at now: Instant, _ overlap: ScheduleTrigger.Overlap = .allow
  ) async throws -> FireStore.Settled? {
    try await FireStore(bench.database, now: now).settleNext(runID: makeID(), Self.decide(overlap))
  }

  private func states(_ bench: StorageBench) async throws -> String? {
    try await bench.row("SELECT string_agg(status, ' ' ORDER BY fire_at) FROM trigger_fires").string(0, 0)
  }

  @Test func `an instant, its run and the next instant are stored together`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let trigger = try await makeSchedule(bench, flow.id)
      #expect(try await settle(bench, at: hour(0)) == nil)
      guard case .fired(let run, let cancelled) = try await settle(bench, at: hour(1)) else {
        Issue.record("It was not fired.")
        return
      }
      #expect(cancelled.isEmpty)
      #expect(try await states(bench) == "fired waiting")
      #expect(try await settle(bench, at: hour(1)) == nil)
      let row = try await bench.row("SELECT input, status FROM execution_logs")
      #expect(row.rowCount == 1 && row.string(0, 1) == "pending")
      #expect(row.jsonText(0, 0)?.contains("2026-01-01T01:00:00.000Z") ?? false)
      #expect(try await bench.row("SELECT 1 FROM execution_queue").rowCount == 1)
      let stored = try await bench.row("SELECT next_fire_at, last_fired_at IS NOT NULL FROM flow_triggers")
      #expect(stored.microseconds(0, 0) == hour(2).microseconds && stored.bool(0, 1) == true)
      #expect(try await bench.executions.exists(run))
      _ = trigger
    }
  }

  @Test func `workers that look at once fire each instant once`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      for _ in 0..<5 { _ = try await makeSchedule(bench, flow.id) }
      let now = hour(4)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            // A row that another one holds is left to it: look until all are settled.
            while try await bench.row(
              "SELECT 1 FROM trigger_fires WHERE status = 'waiting' AND due_at <= '2026-01-01T04:00:00Z'"
            ).rowCount > 0 {
              _ = try await self.settle(bench, at: now)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await bench.row("SELECT 1 FROM execution_logs").rowCount == 20)
      #expect(
        try await bench.row("SELECT 1 FROM trigger_fires WHERE status = 'fired' AND execution_id IS NOT NULL")
          .rowCount == 20)
    }
  }

  @Test
  func `a transaction that ends without its commit leaves nothing, and its instant keeps nobody waiting`()
    async throws
  {
    try await withStorage { bench in
      struct Death: Error {}
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      _ = try await makeSchedule(bench, flow.id)
      // The statements of a transaction count together or not at all: the run's id is taken.
      guard case .fired(let run, _)? = try await settle(bench, at: hour(1)) else { return }
      let taken = run.runID
      await #expect(throws: PostgresError.self) {
        _ = try await FireStore(bench.database, now: hour(2)).settleNext(runID: taken, Self.decide(.allow))
      }
      #expect(try await states(bench) == "fired waiting")
      #expect(try await settle(bench, at: hour(2)) == nil)
      try await bench.script("UPDATE trigger_fires SET due_at = fire_at WHERE status = 'waiting'")
      guard case .fired? = try await settle(bench, at: hour(2)) else {
        Issue.record("It was not fired.")
        return
      }
      #expect(try await states(bench) == "fired fired waiting")
    }
  }

  @Test func `overlap leaves out, waits, cancels or allows`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      _ = try await makeSchedule(bench, flow.id)
      guard case .fired(let first, _)? = try await settle(bench, at: hour(1), .skip) else {
        Issue.record("It was not fired.")
        return
      }
      #expect(try await settle(bench, at: hour(2), .skip) == .skipped)
      #expect(try await settle(bench, at: hour(3), .queue) == .postponed)
      #expect(try await states(bench) == "fired skipped waiting waiting")
      guard case .fired(let second, let cancelled)? = try await settle(bench, at: hour(4), .cancel) else {
        Issue.record("It was not fired.")
        return
      }
      #expect(cancelled == [first] && second != first)
      #expect(
        try await bench.row("SELECT 1 FROM execution_logs WHERE cancel_requested_at IS NOT NULL").rowCount
          == 1
      )
      try await bench.script("DELETE FROM execution_queue; UPDATE trigger_fires SET due_at = fire_at")
      guard case .fired? = try await settle(bench, at: hour(5), .queue) else {
        Issue.record("It was not fired.")
        return
      }
      #expect(try await states(bench) == "fired skipped fired fired waiting")
    }
  }

  @Test func `old instants go when their runs are over, whatever the overlap`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      _ = try await makeSchedule(bench, flow.id)
      for number in 1...3 {
        guard case .fired? = try await settle(bench, at: hour(Int64(number)), .allow) else {
          Issue.record("It was not fired.")
          return
        }
      }
      try await bench.script("UPDATE trigger_fires SET settled_at = settled_at - interval '31 days'")
      let fires = FireStore(bench.database)
      #expect(try await fires.prune(days: 30) == 0)
      try await bench.script(
        """
        DELETE FROM execution_queue WHERE execution_id IN (SELECT execution_id FROM trigger_fires \
        ORDER BY fire_at LIMIT 2)
        """)
      #expect(try await fires.prune(days: 32) == 0)
      #expect(try await fires.prune(days: 30) == 2)
      #expect(try await states(bench) == "fired waiting")
    }
  }

  @Test func `an instant without the node at which its run would begin is missed, and the next ones follow`()
    async throws
  {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      _ = try await makeSchedule(bench, flow.id, nodeKey: "gone")
      #expect(try await settle(bench, at: hour(1)) == .missed)
      #expect(try await states(bench) == "missed waiting")
      try await bench.script("UPDATE flow_triggers SET node_key = 'begin'")
      guard case .fired = try await settle(bench, at: hour(2)) else {
        Issue.record("It was not fired, though its node is there.")
        return
      }
      #expect(try await states(bench) == "missed fired waiting")
    }
  }

  @Test func `a paused flow fires nothing, and a schedule that is off has no next instant`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let trigger = try await makeSchedule(bench, flow.id)
      try await bench.flows.update(
        flow.id, .init(status: "paused"), expectedRevision: nil, in: bench.organization)
      #expect(try await settle(bench, at: hour(3)) == .forgotten)
      let next = try await bench.row("SELECT fire_at FROM trigger_fires WHERE status = 'waiting'")
      #expect(next.rowCount == 1 && next.microseconds(0, 0) == hour(4).microseconds)
      var change = TriggerStore.Change()
      change.isEnabled = false
      change.nextFire = Self.everyHour
      let store = TriggerStore(bench.database)
      try await store.update(trigger, change, expectedRevision: nil, in: bench.organization)
      #expect(try await states(bench) == nil)
      #expect(try await bench.row("SELECT next_fire_at FROM flow_triggers").isNull(0, 0))
      change.isEnabled = true
      try await store.update(trigger, change, expectedRevision: nil, in: bench.organization)
      #expect(try await states(bench) == "waiting")
      try await store.remove(trigger, expectedRevision: nil, in: bench.organization)
      #expect(try await states(bench) == nil)
    }
  }

  @Test func `a schedule that was fired by a clock years ahead begins anew when it is switched on again`()
    async throws
  {
    try await withStorage { bench in
      let flow = try await bench.makeFlow(chain(["begin", "end"]))
      let trigger = try await makeSchedule(bench, flow.id)
      let years = Instant(microseconds: hour(24 * 365 * 50).microseconds)
      try await bench.script("UPDATE trigger_fires SET fire_at = '\(years)', due_at = '\(years)'")
      guard case .fired(let run, _) = try await settle(bench, at: years) else {
        Issue.record("It was not fired.")
        return
      }
      let waiting = "SELECT fire_at < now() + interval '2 hours' FROM trigger_fires WHERE status = 'waiting'"
      #expect(try await bench.row(waiting).bool(0, 0) == false)
      var change = TriggerStore.Change()
      change.isEnabled = true
      change.nextFire = Self.everyHour
      let store = TriggerStore(bench.database)
      // What a run that is not over belongs to stays.
      try await store.update(trigger, change, expectedRevision: nil, in: bench.organization)
      #expect(try await states(bench) == "fired waiting")
      try await bench.script("DELETE FROM execution_queue WHERE execution_id = '\(run.runID)'")
      try await store.update(trigger, change, expectedRevision: nil, in: bench.organization)
      #expect(try await states(bench) == "waiting")
      #expect(try await bench.row(waiting).bool(0, 0) == true)
    }
  }
}
