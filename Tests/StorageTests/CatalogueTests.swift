import Postgres
import Testing

/// Whether the tables can be spread over machines as ARCHITECTURE.md's "Growing out of one machine" asks. A
/// new table must be classified here.
@Suite struct CatalogueTests {
  @Test func `every table is classified, and its keys carry what it is distributed by`() async throws {
    try await withStorage { bench in
      let tables = try await CatalogueReader(bench: bench).tables()
      #expect(Distribution.violations(of: tables) == [])
      #expect(Set(tables.map(\.name)) == Set(Distribution.ofTables.keys), "a classified table is gone")
      // An organization's outbox lies on one machine, and is empty when it moves to another.
      let sequences = try await bench.row("SELECT relname FROM pg_class WHERE relkind = 'S'")
      #expect(
        sequences.rowCount == 1 && sequences.string(0, 0) == "event_outbox_number",
        "a sequence orders nothing across machines")
    }
  }

  @Test func `the check finds what breaks the rules`() async throws {
    try await withStorage { bench in
      try await bench.script(
        """
        CREATE TABLE stray (id uuid PRIMARY KEY);
        CREATE UNIQUE INDEX flows_by_name ON automation_flows (name);
        ALTER TABLE integrations DROP CONSTRAINT integrations_name_key,
          ADD CONSTRAINT integrations_name_key UNIQUE (type, name);
        ALTER TABLE flow_versions ADD COLUMN parent uuid, ADD CONSTRAINT versions_flow_fkey
          FOREIGN KEY (organization_id, flow_id) REFERENCES automation_flows (organization_id, id)
          ON DELETE SET NULL;
        ALTER TABLE users ADD COLUMN session_id uuid, ADD CONSTRAINT users_session_fkey
          FOREIGN KEY (id, session_id) REFERENCES sessions (user_id, id);
        ALTER TABLE execution_queue ADD CONSTRAINT queue_swapped_fkey
          FOREIGN KEY (execution_id, organization_id) REFERENCES flow_versions (organization_id, id);
        ALTER TABLE sessions ADD CONSTRAINT sessions_flow_fkey
          FOREIGN KEY (organization_id, id) REFERENCES automation_flows (organization_id, id) NOT VALID;
        ALTER TABLE organization_values DROP CONSTRAINT organization_values_pkey;
        """)
      let violations = Distribution.violations(of: try await CatalogueReader(bench: bench).tables())
      #expect(
        violations == [
          "automation_flows: the unique index flows_by_name does not contain organization_id",
          "execution_queue: queue_swapped_fkey does not pair organization_id with itself",
          "flow_versions: versions_flow_fkey sets columns to null",
          "integrations: the unique index integrations_name_key does not contain organization_id",
          "organization_values: no primary key",
          "sessions: sessions_flow_fkey points to automation_flows, which is distributed by organization_id",
          "stray: not classified",
          "users: users_session_fkey points from a reference table to sessions, which is distributed",
        ])
    }
  }
}

/// Where the rows of a table lie.
enum Distribution: Equatable {
  /// By a column: `organization_id`, or `user_id` for sessions and "my organizations".
  case by(String)
  /// The same on every machine; small.
  case reference
  /// On one machine only.
  case local

  static let ofTables: [String: Distribution] = [
    "users": .reference, "organizations": .reference, "signing_keys": .reference,
    "sessions": .by("user_id"), "session_tokens": .by("user_id"), "user_organizations": .by("user_id"),
    "file_removals": .by("user_id"),
    "memberships": .by("organization_id"), "organization_values": .by("organization_id"),
    "integrations": .by("organization_id"), "call_paces": .by("organization_id"),
    "automation_flows": .by("organization_id"),
    "automation_nodes": .by("organization_id"), "automation_connections": .by("organization_id"),
    "flow_versions": .by("organization_id"), "execution_logs": .by("organization_id"),
    "node_execution_logs": .by("organization_id"), "execution_events": .by("organization_id"),
    "execution_queue": .by("organization_id"),
    "execution_signals": .by("organization_id"),
    "run_slots": .by("organization_id"), "slot_waiters": .by("organization_id"),
    "event_outbox": .by("organization_id"), "organization_streams": .by("organization_id"),
    "organization_events": .by("organization_id"),
    "workbenches": .by("organization_id"), "workbench_flows": .by("organization_id"),
    "webhooks": .by("organization_id"), "webhook_deliveries": .by("organization_id"),
    "flow_names": .by("organization_id"), "flow_triggers": .by("organization_id"),
    "trigger_deliveries": .by("organization_id"), "trigger_items": .by("organization_id"),
    "trigger_fires": .by("organization_id"), "trigger_events": .by("organization_id"),
    "api_keys": .by("organization_id"), "invitations": .by("organization_id"),
    "idempotency_keys": .by("organization_id"), "audit_events": .by("organization_id"),
    "organization_retention": .by("organization_id"),
    "workers": .local, "upkeep_leases": .local, "schema_migrations": .local,
  ]

  static func violations(of tables: [CatalogueTable]) -> [String] {
    tables.flatMap { table -> [String] in
      guard let distribution = ofTables[table.name] else { return ["\(table.name): not classified"] }
      return distribution.violations(of: table).map { "\(table.name): \($0)" }
    }.sorted()
  }

  private func violations(of table: CatalogueTable) -> [String] {
    var found = table.hasPrimaryKey ? [] : ["no primary key"]
    if case .by(let column) = self {
      for index in table.uniqueIndexes where !index.columns.contains(column) {
        found.append("the unique index \(index.name) does not contain \(column)")
      }
    }
    for key in table.foreignKeys {
      if key.setsNull { found.append("\(key.name) sets columns to null") }
      if let problem = problem(with: key) { found.append(problem) }
    }
    return found
  }

  /// From a distributed table to a reference table, or to one that is distributed alike, by the same column.
  private func problem(with key: CatalogueTable.ForeignKey) -> String? {
    let target = Distribution.ofTables[key.target]
    switch (self, target) {
    case (_, nil): return "\(key.name) points to \(key.target), which is not classified"
    case (.by, .reference), (.reference, .reference), (.local, .local): return nil
    case (.reference, .by):
      return "\(key.name) points from a reference table to \(key.target), which is distributed"
    case (.by(let column), .by(let other)):
      guard column == other else {
        return "\(key.name) points to \(key.target), which is distributed by \(other)"
      }
      let isPaired = zip(key.columns, key.targetColumns).contains { $0 == column && $1 == column }
      return isPaired ? nil : "\(key.name) does not pair \(column) with itself"
    default: return "\(key.name) points to \(key.target), which may lie elsewhere"
    }
  }
}

/// What Postgres's catalogue says about a table.
struct CatalogueTable {
  struct UniqueIndex {
    let name: String
    /// An expression has an empty name.
    let columns: [String]
  }

  struct ForeignKey {
    let name: String
    let target: String
    let columns: [String]
    let targetColumns: [String]
    let setsNull: Bool
  }

  let name: String
  var hasPrimaryKey = false
  var uniqueIndexes: [UniqueIndex] = []
  var foreignKeys: [ForeignKey] = []
}

/// Reads `pg_catalog`; partitions are left out, their parents stand for them.
struct CatalogueReader {
  let bench: StorageBench

  func tables() async throws -> [CatalogueTable] {
    let names = try await bench.row(
      """
      SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition \
      AND relnamespace = current_schema()::regnamespace ORDER BY relname
      """)
    var tables: [String: CatalogueTable] = [:]
    for row in 0..<names.rowCount {
      let name = try #require(names.string(row, 0))
      tables[name] = CatalogueTable(name: name)
    }
    try await readIndexes(into: &tables)
    try await readForeignKeys(into: &tables)
    return tables.values.sorted { $0.name < $1.name }
  }

  private func readIndexes(into tables: inout [String: CatalogueTable]) async throws {
    let rows = try await bench.row(
      """
      SELECT t.relname, c.relname, i.indisprimary, (SELECT string_agg(coalesce(a.attname, ''), ',' ORDER BY \
      k.place) \
      FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place) \
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0) \
      FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid \
      WHERE i.indisunique AND NOT t.relispartition AND t.relnamespace = current_schema()::regnamespace
      """)
    for row in 0..<rows.rowCount {
      let (table, index) = (try #require(rows.string(row, 0)), try #require(rows.string(row, 1)))
      let columns = try #require(rows.string(row, 3)).split(separator: ",", omittingEmptySubsequences: false)
      if rows.bool(row, 2) == true { tables[table]?.hasPrimaryKey = true }
      tables[table]?.uniqueIndexes.append(.init(name: index, columns: columns.map(String.init)))
    }
  }

  private func readForeignKeys(into tables: inout [String: CatalogueTable]) async throws {
    let columns = { (table: String, key: String) in
      """
      (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(f.\(key)) WITH ORDINALITY AS k \
      (number, place) \
      JOIN pg_attribute a ON a.attrelid = f.\(table) AND a.attnum = k.number)
      """
    }
    let rows = try await bench.row(
      """
      SELECT t.relname, f.conname, r.relname, \(columns("conrelid", "conkey")), \
      \(columns("confrelid", "confkey")), \
      f.confdeltype IN ('n', 'd') OR f.confupdtype IN ('n', 'd') \
      FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid \
      WHERE f.contype = 'f' AND f.conparentid = 0 AND t.relnamespace = current_schema()::regnamespace
      """)
    for row in 0..<rows.rowCount {
      let texts = try (0..<5).map { try #require(rows.string(row, $0)) }
      tables[texts[0]]?.foreignKeys.append(
        .init(
          name: texts[1], target: texts[2], columns: texts[3].split(separator: ",").map(String.init),
          targetColumns: texts[4].split(separator: ",").map(String.init), setsNull: rows.bool(row, 5) ?? false
        ))
    }
  }
}
