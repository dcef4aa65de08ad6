import Flows
import Postgres
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct PruningTests {
  static let now = TestInstants.november
  static func days(_ count: Int64) -> Instant { now.advanced(byMilliseconds: -count * 86_400_000) }

  /// A run with one node log and two events; one that is not over has its place in the queue.
  @discardableResult
  private func put(
    _ bench: StorageBench, at instant: Instant, _ status: String = "success", ended: Instant? = nil,
    in organization: Identifier? = nil
  ) async throws -> Identifier {
    let id = Identifier.make(at: instant)
    let place = (organization ?? bench.organization).description
    let isOver = ["success", "failure", "cancelled"].contains(status)
    let end = isOver ? "to_timestamp(\(Double((ended ?? instant).microseconds) / 1e6))" : "NULL"
    try await bench.script(
      """
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, end_time) \
      VALUES ('\(place)', '\(id)', '\(id)', 'f', '\(id)', '\(status)', \(end));
      INSERT INTO node_execution_logs \
      (organization_id, execution_id, id, node_id, node_key, title, kind, node_order, status) \
      VALUES ('\(place)', '\(id)', '\(id)', '\(id)', 'n', 't', 'action', 0, 'success');
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at) \
      SELECT '\(place)', '\(id)', n, 'x', now() FROM generate_series(1, 2) n;
      """)
    if !isOver {
      try await bench.script(
        "INSERT INTO execution_queue (organization_id, execution_id) VALUES ('\(place)', '\(id)')")
    }
    return id
  }

  private func putAudit(_ bench: StorageBench, at instant: Instant) async throws {
    try await bench.script(
      """
      INSERT INTO audit_events (organization_id, id, action, outcome) \
      VALUES ('\(bench.organization)', '\(Identifier.make(at: instant))', 'x', 'success')
      """)
  }

  private func counts(_ bench: StorageBench) async throws -> [Int?] {
    var counts: [Int?] = []
    for table in ["execution_logs", "node_execution_logs", "execution_events"] {
      counts.append(try await bench.int("SELECT count(*) FROM \(table)"))
    }
    return counts
  }

  private func prune(
    _ bench: StorageBench, _ defaults: RetentionPolicy, batch: Int = 500, owner: Identifier = makeID(),
    tries: Int = 2
  ) async throws -> Pruning.Report? {
    var pace = Pruning.Pace()
    pace.batch = batch
    pace.pause = .zero
    pace.tries = tries
    pace.pauseOfTries = .zero
    return try await Pruning(bench.database, defaults: defaults, owner: owner, pace: pace).run(at: Self.now)
  }

  @Test func `old runs go with their nodes and events in small batches, one that is not over stays`()
    async throws
  {
    try await withStorage { bench in
      for day in 0..<10 as Range<Int64> { try await put(bench, at: Self.days(day * 5)) }
      for status in ["waiting", "running", "pending"] { try await put(bench, at: Self.days(40), status) }
      let report = try await prune(bench, RetentionPolicy(runDays: 22), batch: 2)
      #expect(report?.runs == 5 && report?.partitions == [])
      #expect(try await counts(bench) == [8, 8, 16])
      #expect(try await prune(bench, RetentionPolicy(runDays: 22))?.runs == 0)
      #expect(try await prune(bench, RetentionPolicy(runDays: 0))?.runs == 0)
      #expect(try await prune(bench, RetentionPolicy())?.runs == 0)
    }
  }

  @Test func `a run that began long ago is kept until it has been over for as long`() async throws {
    try await withStorage { bench in
      try await put(bench, at: Self.days(200), ended: Self.days(1))
      #expect(try await prune(bench, RetentionPolicy(runDays: 30))?.runs == 0)
      #expect(try await prune(bench, RetentionPolicy(runCount: 1))?.runs == 0)
      try await put(bench, at: Self.days(0))
      #expect(try await prune(bench, RetentionPolicy(runCount: 1))?.runs == 1)
    }
  }

  @Test func `the newest are kept by number`() async throws {
    try await withStorage { bench in
      var ids: [Identifier] = []
      for day in 0..<8 as Range<Int64> { ids.append(try await put(bench, at: Self.days(day))) }
      #expect(try await prune(bench, RetentionPolicy(runCount: 3), batch: 2)?.runs == 5)
      let rows = try await bench.row("SELECT id FROM execution_logs ORDER BY id DESC")
      #expect((0..<rows.rowCount).map { rows.uuid($0, 0)?.identifier } == ids.prefix(3).map { $0 })
    }
  }

  @Test func `an organization's own policy comes before the default`() async throws {
    try await withStorage { bench in
      let other = try await register("bob@example.com", on: bench.accounts).organization
      for organization in [bench.organization, other] {
        for day in [1, 20, 50] as [Int64] { try await put(bench, at: Self.days(day), in: organization) }
      }
      let store = RetentionStore(bench.database)
      #expect(try await store.policy(of: other) == RetentionPolicy())
      try await store.set(RetentionPolicy(runDays: 10, auditDays: 5), for: other)
      try await store.set(RetentionPolicy(runDays: 10), for: other)
      #expect(try await store.policy(of: other) == RetentionPolicy(runDays: 10))
      #expect(try await prune(bench, RetentionPolicy(runDays: 30))?.runs == 3)
      let left = try await bench.int(
        "SELECT count(*) FROM execution_logs WHERE organization_id = '\(bench.organization)'")
      #expect(left == 2)
      #expect(try await counts(bench)[0] == 3)
    }
  }

  @Test func `a month that nobody keeps goes whole, one with a run under way does not`() async throws {
    try await withStorage { bench in
      let months = [130, 100, 70, 40, 0].map { Self.days($0) }
      for month in months { try await Partitions.ensure(bench.database, at: month) }
      for month in months { try await put(bench, at: month) }
      let waiting = try await put(bench, at: months[1], "waiting")
      let report = try await prune(bench, RetentionPolicy(runDays: 60, auditDays: 0))
      #expect(
        report?.partitions
          == [
            "execution_logs_2026_07", "execution_logs_2026_09", "node_execution_logs_2026_07",
            "node_execution_logs_2026_09", "execution_events_2026_07", "execution_events_2026_09",
            "organization_events_2026_07", "organization_events_2026_09",
          ].filter { !$0.hasSuffix("09") })
      #expect(report?.runs == 2)
      #expect(try await counts(bench) == [3, 3, 6])
      try await bench.script(
        """
        UPDATE execution_logs SET status = 'success', end_time = now() - interval '1000 days' WHERE id = '\(waiting)';
        DELETE FROM execution_queue;
        """)
      let second = try await prune(bench, RetentionPolicy(runDays: 60))
      #expect(second?.partitions.contains("execution_logs_2026_08") == true)
      #expect(try await counts(bench)[0] == 2)
    }
  }

  @Test func `a month that somebody reads stays, and keeps nothing else from going`() async throws {
    try await withStorage { bench in
      let months = [130, 100, 20].map { Self.days($0) }
      for month in months { try await Partitions.ensure(bench.database, at: month) }
      for month in months { try await put(bench, at: month) }
      try await withDatabase(bench.connectionInfo) { reader in
        try await reader.transaction { transaction in
          try await transaction.script("SELECT 1 FROM execution_logs_2026_07")
          let report = try await prune(bench, RetentionPolicy(runDays: 10))
          #expect(report?.runs == 3 && report?.partitions == [])
        }
      }
      let second = try await prune(bench, RetentionPolicy(runDays: 10))
      #expect(second?.partitions.contains("execution_logs_2026_07") == true && second?.runs == 0)
    }
  }

  @Test func `a month goes as soon as nobody reads it, and nobody waits long behind a try`() async throws {
    try await withStorage { bench in
      try await Partitions.ensure(bench.database, at: Self.days(130))
      try await put(bench, at: Self.days(130))
      let waiting = Statement(
        "waiting_drops",
        """
        SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' \
        AND relation = 'execution_logs_2026_07'::regclass
        """, [])
      try await withDatabase(bench.connectionInfo) { reader in
        let pruning = try await reader.transaction { transaction in
          try await transaction.script("SELECT 1 FROM execution_logs_2026_07")
          let pruning = Task { try await prune(bench, RetentionPolicy(runDays: 10), tries: 100_000) }
          // A try begins, ends while the reader goes on, and another begins.
          for isWaiting in [true, false, true] {
            while try await transaction.query(waiting).bool(0, 0) != isWaiting {}
          }
          return pruning
        }
        #expect(try await pruning.value?.partitions.contains("execution_logs_2026_07") == true)
      }
    }
  }

  @Test func `no month goes while one organization keeps its runs for longer, or for ever`() async throws {
    try await withStorage { bench in
      try await Partitions.ensure(bench.database, at: Self.days(100))
      let store = RetentionStore(bench.database)
      for days in [0, 200] {
        try await store.set(RetentionPolicy(runDays: days), for: bench.organization)
        #expect(try await prune(bench, RetentionPolicy(runDays: 30))?.partitions == [])
      }
      try await store.set(RetentionPolicy(runDays: 31), for: bench.organization)
      #expect(try await prune(bench, RetentionPolicy(runDays: 30))?.partitions.isEmpty == false)
      #expect(try await prune(bench, RetentionPolicy(runDays: 0))?.partitions == [])
    }
  }

  @Test func `the audit log has its own time`() async throws {
    try await withStorage { bench in
      try await Partitions.ensure(bench.database, at: Self.days(100))
      for day in [0, 50, 100] as [Int64] { try await putAudit(bench, at: Self.days(day)) }
      let report = try await prune(bench, RetentionPolicy(auditDays: 40), batch: 1)
      #expect(report?.partitions == ["audit_events_2026_08", "audit_events_2026_09"])
      #expect(report?.auditEvents == 1)
      #expect(try await prune(bench, RetentionPolicy(auditDays: 49))?.auditEvents == 0)
      try await putAudit(bench, at: Self.days(60))
      #expect(try await prune(bench, RetentionPolicy(auditDays: 40))?.auditEvents == 1)
      #expect(try await bench.int("SELECT count(*) FROM audit_events") == 1)
    }
  }

  @Test func `one process does it at a time, and another goes on when its lease is over`() async throws {
    try await withStorage { bench in
      try await put(bench, at: Self.days(50))
      let someone = makeID()
      try await bench.script(
        "INSERT INTO upkeep_leases VALUES ('pruning', '\(someone)', now() + interval '1 minute')")
      #expect(try await prune(bench, RetentionPolicy(runDays: 10)) == nil)
      #expect(try await counts(bench)[0] == 1)
      try await bench.script("UPDATE upkeep_leases SET lease_until = now() - interval '1 second'")
      #expect(try await prune(bench, RetentionPolicy(runDays: 10))?.runs == 1)
      #expect(try await bench.int("SELECT count(*) FROM upkeep_leases") == 0)
    }
  }

  @Test func `a run whose row is locked is left to the next time`() async throws {
    try await withStorage { bench in
      let locked = try await put(bench, at: Self.days(50))
      try await put(bench, at: Self.days(50))
      try await bench.database.transaction { transaction in
        try await transaction.script("SELECT 1 FROM execution_logs WHERE id = '\(locked)' FOR UPDATE")
        let runs = try await withDatabase(bench.connectionInfo) { other in
          try await Pruning(other, defaults: RetentionPolicy(runDays: 10), owner: makeID()).run(at: Self.now)?
            .runs
        }
        #expect(runs == 1)
      }
      #expect(try await prune(bench, RetentionPolicy(runDays: 10))?.runs == 1)
    }
  }

  @Test(arguments: [
    ("execution_logs_2026_11", 2026, 11), ("execution_logs_default", 0, 0), ("execution_logs_2026_13", 0, 0),
    ("other_2026_11", 0, 0),
  ])
  func `a partition's name says its month`(name: String, year: Int, number: Int) {
    #expect(
      Month(partition: name, of: "execution_logs") == (year == 0 ? nil : Month(year: year, number: number)))
  }
}
