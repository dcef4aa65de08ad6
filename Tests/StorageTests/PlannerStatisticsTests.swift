import Postgres
import Storage
import Testing

/// Tables that grow are analyzed.
@Suite struct PlannerStatisticsTests {
  private let lookUp = """
    EXPLAIN SELECT step FROM execution_logs WHERE organization_id = md5('1')::uuid \
    AND id = '00000000-0000-7000-8000-000000000001'
    """

  @Test func `a run is looked up by its key when its table has grown, and it is analyzed once`() async throws
  {
    try await withStorage { bench in
      try await PlannerStatistics.refresh(bench.database)
      #expect(try await PlannerStatistics.refresh(bench.database) == 0)
      // Autovacuum must not come first.
      try await bench.script(
        """
        ALTER TABLE execution_logs_default SET (autovacuum_enabled = off);
        INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status) \
        SELECT md5((n % 3)::text)::uuid, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, \
        md5('f' || n % 5)::uuid, 'Orders', md5('v')::uuid, 'pending' FROM generate_series(1, 5000) n;
        SELECT pg_stat_force_next_flush();
        """)
      let known = "SELECT reltuples::int FROM pg_class WHERE relname = 'execution_logs_default'"
      #expect(try await bench.int(known) == -1)
      #expect(try await PlannerStatistics.refresh(bench.database) > 0)
      #expect(try await bench.int(known) == 5000)
      let plan = try await bench.row(lookUp).string(0, 0) ?? ""
      #expect(plan.contains("execution_logs_default_pkey"), "\(plan)")
      #expect(try await PlannerStatistics.refresh(bench.database) == 0)
    }
  }
}
