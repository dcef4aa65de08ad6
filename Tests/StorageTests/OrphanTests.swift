import Flows
import Postgres
import Testing

@testable import Storage

/// Runs in states that nobody would move, made by hand.
@Suite struct OrphanTests {
  private let alice = makeID()

  @Test func `a run without a place in the queue gets one, in whatever state it is`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      var runs: [RunReference] = []
      for _ in 0..<4 { runs.append(try await bench.enqueue(flow)) }
      for (run, state) in zip(runs, ["pending", "running", "waiting", "success"]) {
        try await bench.script("UPDATE execution_logs SET status = '\(state)' WHERE id = '\(run.runID)'")
      }
      try await bench.script("DELETE FROM execution_queue")
      let store = bench.runs
      try await store.adoptOrphans()
      try await bench.lease(alice)
      let claimed = try await store.claim(owner: alice, limit: 10).runs.map(\.claim)
      #expect(Set(claimed.map(\.run)) == Set(runs.dropLast()))
      #expect(claimed.allSatisfy { $0.epoch == 1 })
      // What is as it should be is left alone.
      #expect(try await store.adoptOrphans(from: .beginning) == .beginning)
      #expect(try await bench.int("SELECT count(*) FROM execution_queue WHERE owner IS NOT NULL") == 3)
    }
  }

  @Test func `looks go through all organizations in pages`() async throws {
    try await withStorage { bench in
      var runs: Set<RunReference> = []
      for number in 0..<OrphanSQL.maximumOrganizations + 3 {
        let other = try await register("user\(number)@example.com", on: bench.accounts)
        guard number % 20 == 0 else { continue }
        runs.insert(try await bench.enqueue(try await bench.makeFlow(in: other), in: other))
      }
      try await bench.script("DELETE FROM execution_queue")
      var cursor = OrphanSearch.Cursor.beginning
      var looks = 0
      repeat {
        cursor = try await bench.runs.adoptOrphans(from: cursor)
        looks += 1
      } while cursor != .beginning && looks < 10
      #expect(looks == 2)
      #expect(try await bench.int("SELECT count(*) FROM execution_queue") == runs.count)
    }
  }

  @Test func `a look reads no more than its page, whatever the planner believes`() async throws {
    try await withStorage { bench in
      let flow = try await bench.makeFlow()
      for _ in 0..<12 { _ = try await bench.enqueue(flow) }
      // Nearly all runs were waiting when the tables were analyzed: a long queue that is worked off.
      try await bench.script(
        """
        INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status) \
        SELECT organization_id, studio_uuid_v7(), flow_id, flow_name, version_id, 'pending' \
        FROM execution_logs, generate_series(1, 1000);
        INSERT INTO execution_queue (organization_id, execution_id) \
        SELECT organization_id, id FROM execution_logs ON CONFLICT DO NOTHING;
        ANALYZE execution_logs; ANALYZE execution_queue; SET plan_cache_mode = force_generic_plan
        """)
      for statement in [OrphanSQL.adopt, OrphanSQL.followers] {
        let plan = try await bench.database.transaction { transaction in
          try await transaction.script("PREPARE look(uuid, uuid) AS \(statement.sql)")
          let rows = try await transaction.query(
            Statement("explain", "EXPLAIN (COSTS OFF) EXECUTE look(NULL, NULL)"))
          try await transaction.script("DEALLOCATE look")
          return (0..<rows.rowCount).compactMap { rows.string($0, 0) }
        }
        let text = plan.joined(separator: "\n")
        #expect(!text.contains("Seq Scan on execution_queue"), "\(text)")
        let walks = plan.filter { $0.contains(" on execution_logs_") }
        #expect(!walks.isEmpty && walks.allSatisfy { $0.contains("organization_id_status_id") }, "\(text)")
      }
    }
  }

  /// A parent that waits for a run of a flow, parked for an hour, and that run.
  private func family(_ bench: StorageBench) async throws -> (parent: RunReference, child: RunReference) {
    let flow = try await bench.makeFlow()
    let (parent, child) = (try await bench.enqueue(flow), try await bench.enqueue(flow))
    let node = makeID()
    try await bench.script(
      """
      UPDATE execution_logs SET status = 'waiting', step = 1 WHERE id = '\(parent.runID)';
      UPDATE execution_queue SET due_at = now() + interval '1 hour', is_parked = true
        WHERE execution_id = '\(parent.runID)';
      UPDATE execution_logs SET parent_execution_id = '\(parent.runID)', parent_node_id = '\(node)',
        parent_iteration = 0 WHERE id = '\(child.runID)';
      INSERT INTO node_execution_logs (organization_id, execution_id, id, node_id, node_key, title, kind,
        node_order, status, memo) VALUES ('\(parent.organizationID)', '\(parent.runID)', '\(makeID())',
        '\(node)', 'sub', 'Sub', 'action', 1, 'waiting', '{"child": "\(child.runID.text(.execution))"}')
      """)
    return (parent, child)
  }

  @Test(arguments: [true, false])
  func `a parent whose child has ended, or is gone, without a word is told`(isGone: Bool) async throws {
    try await withStorage { bench in
      let (parent, child) = try await family(bench)
      let store = bench.runs
      _ = try await store.adoptOrphans(from: .beginning)
      #expect(try await bench.int("SELECT count(*) FROM execution_signals") == 0)
      try await bench.script(
        """
        DELETE FROM execution_queue WHERE execution_id = '\(child.runID)';
        \(isGone ? "DELETE FROM execution_logs" : "UPDATE execution_logs SET status = 'success'")
          WHERE id = '\(child.runID)'
        """)
      for _ in 0..<2 { _ = try await store.adoptOrphans(from: .beginning) }
      try await bench.lease(alice)
      let claim = try #require(try await store.claim(owner: alice, limit: 10).runs.first).claim
      #expect(claim.run == parent)
      let signals = try await store.signals(for: [claim])[parent]
      #expect(signals?.map { $0.payload["state"]?.string } == [isGone ? "failure" : "success"])
    }
  }

  @Test func `an abandoned child is over together with the word to its parent, or not at all`() async throws {
    try await withStorage { bench in
      let (parent, child) = try await family(bench)
      let store = bench.runs
      try await bench.lease(alice)
      let claim = try #require(try await store.claim(owner: alice, limit: 10).runs.first).claim
      #expect(claim.run == child)
      // The word to the parent cannot be stored.
      try await bench.script("ALTER TABLE execution_signals ADD CONSTRAINT no_signals CHECK (kind = 'none')")
      let error = RunError(code: .runAbandoned, message: "no")
      await #expect(throws: PostgresError.self) { try await store.abandon(claim, error) }
      #expect(
        try await bench.int("SELECT count(*) FROM execution_logs WHERE status = 'failure'") == 0)
      try await bench.script("ALTER TABLE execution_signals DROP CONSTRAINT no_signals")
      try await store.abandon(claim, error)
      #expect(
        try await bench.int(
          "SELECT count(*) FROM execution_signals WHERE execution_id = '\(parent.runID)'") == 1)
      #expect(try await bench.int("SELECT count(*) FROM execution_logs WHERE status = 'failure'") == 1)
    }
  }

  @Test func `a delivery that is not over has an instant at which somebody looks at it`() async throws {
    try await withStorage { bench in
      let checks = try await bench.int(
        """
        SELECT count(*) FROM pg_constraint WHERE conrelid = 'webhook_deliveries'::regclass AND contype = 'c' \
        AND pg_get_constraintdef(oid) LIKE '%due_at IS NOT NULL%'
        """)
      #expect(checks == 1)
    }
  }
}
