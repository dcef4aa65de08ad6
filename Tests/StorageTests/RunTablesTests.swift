import Flows
import Postgres
import Testing

@testable import Storage

/// What decision 21 says of the tables that every run writes.
@Suite struct RunTablesTests {
  private static let tables = [
    "execution_logs", "node_execution_logs", "execution_events", "execution_queue", "event_outbox",
    "trigger_deliveries",
  ]

  @Test func `run tables have no CHECK constraints, nor have the partitions that are made later`()
    async throws
  {
    try await withStorage { bench in
      let partition = Month(year: 2031, number: 5)
      for table in Partitions.tables where table.name != "organization_events" {
        try await bench.script(Partitions.script(partition, of: table))
      }
      let checks = try await bench.row(
        """
        SELECT string_agg(conrelid::regclass || '.' || conname, ', ') FROM pg_constraint WHERE contype = 'c' \
        AND conrelid::regclass::text ~ '^(\(RunTablesTests.tables.joined(separator: "|")))(_[0-9_]+|_default)?$'
        """)
      #expect(checks.string(0, 0) == nil)
    }
  }

  @Test func `their JSON is compressed by LZ4, that of later partitions too`() async throws {
    try await withStorage { bench in
      let isKnown = try await bench.row(
        "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
      guard isKnown.bool(0, 0) == true else { return }
      for table in Partitions.tables {
        try await bench.script(Partitions.script(Month(year: 2031, number: 5), of: table))
      }
      let others = try await bench.row(
        """
        SELECT string_agg(c.relname || '.' || a.attname, ', ') FROM pg_class c JOIN pg_attribute a \
        ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p') AND a.atttypid = 'jsonb'::regtype \
        AND a.attcompression <> 'l' AND c.relname ~ '^(execution_logs|node_execution_logs|execution_events|\
        organization_events|event_outbox|trigger_deliveries|execution_signals|flow_versions)'
        """)
      #expect(others.string(0, 0) == nil)
    }
  }

  @Test func `what no statement asks for is not analyzed, in later partitions neither`() async throws {
    try await withStorage { bench in
      for table in Partitions.tables {
        try await bench.script(Partitions.script(Month(year: 2031, number: 5), of: table))
      }
      let analyzed = try await bench.row(
        """
        SELECT string_agg(c.relname || '.' || a.attname, ', ' ORDER BY 1) FROM pg_class c JOIN pg_attribute a \
        ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p') AND a.attstattarget <> 0 \
        AND (a.atttypid = 'jsonb'::regtype OR a.attname = 'end_events' OR a.atttypid IN (SELECT oid FROM pg_type WHERE typelem <> 0)) \
        AND a.attname <> 'error' AND c.relname ~ \
        '^(execution_logs|node_execution_logs|execution_events|organization_events|trigger_deliveries|flow_versions)'
        """)
      #expect(analyzed.string(0, 0) == nil)
    }
  }

  @Test func `states are stored by names that never change`() {
    let run = ["pending", "running", "waiting", "success", "failure", "cancelled"]
    #expect(RunState.allCases.map(\.rawValue) == run)
    let node = ["pending", "running", "waiting", "success", "failure", "skipped", "cancelled"]
    #expect(NodeState.allCases.map(\.rawValue) == node)
  }
}
