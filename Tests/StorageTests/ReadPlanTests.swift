import Flows
import Postgres
import Testing

@testable import Storage

/// The plans of the statements that grow with the data, as a prepared statement gets them (generic, so that
/// no parameter's value helps): only indexes, no sort of a whole table.
@Suite struct ReadPlanTests {
  /// Twenty organizations with rows enough that the planner's choice is about something.
  private static let fill = """
    CREATE FUNCTION pg_temp.key(prefix text, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
      $$ SELECT (prefix || lpad(to_hex(n), 30, '0'))::uuid $$;
    INSERT INTO organizations (id, name) SELECT pg_temp.key('a0', n), 'o' FROM generate_series(0, 19) n;
    INSERT INTO users (id, email, name) SELECT pg_temp.key('b0', n), n::text, 'u' FROM generate_series(1, \
    2000) n;
    INSERT INTO integrations (organization_id, id, name, category, type, credentials)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('c0', n), n::text, 'ops', 'http', '' FROM \
    generate_series(1, 2000) n;
    INSERT INTO automation_flows (organization_id, id, name, intention)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('d0', n), 'f', 'i' FROM generate_series(1, 2000) n;
    INSERT INTO automation_nodes (organization_id, flow_id, id, key, title, kind, detail, node_order, \
    integration_id)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('d0', n % 2000 + 1 - (n % 2000 + 1 - n) % 20), \
    pg_temp.key('e0', n),
        n::text, '', 'action', '', 1, NULL FROM generate_series(21, 1980) n;
    UPDATE automation_nodes n SET integration_id = i.id FROM integrations i
      WHERE i.organization_id = n.organization_id AND i.name = n.key;
    INSERT INTO automation_connections (organization_id, flow_id, id, from_node_id, to_node_id, \
    connection_order)
      SELECT organization_id, flow_id, id, id, id, 1 FROM automation_nodes;
    INSERT INTO flow_versions (organization_id, id, flow_id, number, revision, definition)
      SELECT organization_id, id, id, 1, 1, '{}' FROM automation_flows;
    INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('f0', n), pg_temp.key('d0', n % 400), 'f', \
    pg_temp.key('d0', 1),
        CASE n % 3 WHEN 0 THEN 'success' WHEN 1 THEN 'failure' ELSE 'pending' END FROM generate_series(1, \
    4000) n;
    INSERT INTO node_execution_logs
        (organization_id, execution_id, id, node_id, node_key, title, kind, node_order, status)
      SELECT organization_id, id, id, id, 'k', 't', 'action', 1, 'success' FROM execution_logs;
    INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at)
      SELECT organization_id, id, n, 'queued', now() FROM execution_logs, generate_series(1, 3) n;
    INSERT INTO execution_queue (organization_id, execution_id)
      SELECT organization_id, id FROM execution_logs WHERE status = 'pending';
    UPDATE execution_queue SET owner = pg_temp.key('00', 1) WHERE right(execution_id::text, 1) < '4';
    INSERT INTO workbenches (organization_id, id, name)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('aa', n), 'w' FROM generate_series(1, 2000) n;
    INSERT INTO workbench_flows (organization_id, workbench_id, flow_id)
      SELECT w.organization_id, w.id, f.id FROM workbenches w JOIN automation_flows f
      ON f.organization_id = w.organization_id AND right(f.id::text, 1) = right(w.id::text, 1);
    INSERT INTO api_keys (organization_id, id, user_id, name, hint, role, key_hash)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('ab', n), pg_temp.key('b0', n), 'k', 'h', 'viewer',
        int4send(n) FROM generate_series(1, 2000) n;
    INSERT INTO memberships (organization_id, user_id, role)
      SELECT pg_temp.key('a0', n % 20), pg_temp.key('b0', n), 'owner' FROM generate_series(1, 2000) n;
    INSERT INTO invitations (organization_id, id, user_id, email, role, token_hash, expires_at)
      SELECT organization_id, id, user_id, name || id, 'viewer', '', now() FROM api_keys;
    INSERT INTO user_organizations (user_id, organization_id)
      SELECT user_id, organization_id FROM memberships ON CONFLICT DO NOTHING;
    INSERT INTO audit_events (organization_id, id, user_id, action, outcome, object_id)
      SELECT organization_id, id, user_id, 'createFlow', 'success', id::text FROM api_keys;
    INSERT INTO workers (id, lease_until) VALUES (pg_temp.key('00', 1), now());
    ANALYZE;
    """

  /// A literal for each parameter of a statement.
  private func literal(_ type: PostgresType) -> String {
    switch type {
    case .uuid: "NULL"
    case .uuidArray: "'{}'"
    case .int2, .int4, .int8: "1"
    case .timestamptz: "now()"
    default: "NULL"
    }
  }

  private func name(_ type: PostgresType) -> String {
    switch type {
    case .uuid: "uuid"
    case .uuidArray: "uuid[]"
    case .int4: "int"
    case .int2: "smallint"
    case .int8: "bigint"
    case .timestamptz: "timestamptz"
    case .textArray: "text[]"
    case .int4Array: "int[]"
    case .int8Array: "bigint[]"
    case .jsonb: "jsonb"
    case .jsonbArray: "jsonb[]"
    case .timestamptzArray: "timestamptz[]"
    case .bool: "boolean"
    case .boolArray: "boolean[]"
    case .bytea: "bytea"
    default: "text"
    }
  }

  private func plan(
    _ statement: Statement, settings: String = "", _ bench: StorageBench
  ) async throws -> String {
    let (types, values) = (statement.types.map(name), statement.types.map(literal))
    let list = types.isEmpty ? "" : "(\(types.joined(separator: ", ")))"
    let call = values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
    return try await bench.database.transaction { transaction in
      // Small tables would be scanned whole; forbidden, a scan that is left shows that no index can serve.
      try await transaction.script(
        """
        SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;
        SET LOCAL enable_bitmapscan = off; \(settings) PREPARE explained\(list) AS \(statement.sql);
        """)
      let rows = try await transaction.query(
        Statement("explain", "EXPLAIN (COSTS OFF) EXECUTE explained\(call)"))
      try await transaction.script("DEALLOCATE explained")
      return (0..<rows.rowCount).compactMap { rows.string($0, 0) }.joined(separator: "\n")
    }
  }

  private func expectIndexes(
    _ statement: Statement, conditions: [String], mayNot words: [String] = ["Seq Scan"], _ bench: StorageBench
  ) async throws {
    let plan = try await plan(statement, bench)
    for word in words { #expect(!plan.contains(word), "\(statement.label): \(word) in\n\(plan)") }
    for condition in conditions {
      let isMet = plan.split(separator: "\n").contains { $0.contains("Index Cond") && $0.contains(condition) }
      #expect(isMet, "\(statement.label): no index serves \(condition) in\n\(plan)")
    }
  }

  @Test func `pages walk an index from their cursor`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      let neverSorted = ["Seq Scan", "Sort\n"]
      try await expectIndexes(
        TableReads<FlowColumn>.page([.name], PageShape(), label: "flows"),
        conditions: ["organization_id = $1", "id < COALESCE"], mayNot: neverSorted, bench)
      try await expectIndexes(
        TableReads<IntegrationColumn>.page([.name], PageShape(), label: "integrations"),
        conditions: ["id < COALESCE"], mayNot: neverSorted, bench)
      try await expectIndexes(
        TableReads<ExecutionColumn>.page([.status], PageShape(), label: "runs"),
        conditions: ["organization_id = $1", "id < COALESCE"], bench)
      try await expectIndexes(
        TableReads<ExecutionColumn>.page(
          [.status], PageShape(conditions: [.equals(.status, .text)]), label: "runs_by_status"),
        conditions: ["id < COALESCE"], bench)
      try await expectIndexes(
        TableReads<ExecutionColumn>.pages(of: .flowID, [.status], PageShape(), label: "runs_of_flows"),
        conditions: ["flow_id = p.id", "id < COALESCE"], bench)
    }
  }

  /// Every order of every list, from both ends, behind and before a cursor: an index gives the rows in their
  /// order, and begins at the cursor.
  private func expectOrders<Column>(
    _ orders: [(ListOrder<Column>, condition: String)], _ bench: StorageBench
  ) async throws {
    for (order, condition) in orders {
      for isBackward in [false, true] {
        let first = PageShape(order: order, isBackward: isBackward, hasCursors: true)
        let next = PageShape(
          order: order, isBackward: isBackward, hasAfter: true, hasBefore: true, hasCursors: true)
        for shape in [first, next] {
          let statement = TableReads<Column>.page([], shape, label: "\(Column.table)_\(order.code)")
          let plan = try await plan(statement, bench)
          #expect(!plan.contains("Seq Scan") && !plan.contains("Sort"), "\(statement.label):\n\(plan)")
        }
        try await expectIndexes(
          TableReads<Column>.page([], next, label: "\(Column.table)_\(order.code)"),
          conditions: [condition], bench)
      }
    }
  }

  /// An index has the minute, in which rows are sorted.
  @Test func `flows by their last change are sorted minute by minute, from their cursor's on`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      for (isDescending, isBackward) in [(false, false), (false, true), (true, false), (true, true)] {
        let order = ListOrder<FlowColumn>.instant(
          .updatedAt, minute: "updated_minute", isDescending: isDescending)
        for isFirst in [true, false] {
          let shape = PageShape(
            order: order, isBackward: isBackward, hasAfter: !isFirst, hasBefore: !isFirst, hasCursors: true)
          let statement = TableReads<FlowColumn>.page([], shape, label: "flows_\(order.code)")
          // Few rows would rather be sorted at once.
          let plan = try await plan(statement, settings: "SET LOCAL enable_sort = off;", bench)
          #expect(plan.contains("Presorted Key: updated_minute") && !plan.contains("Seq Scan"), "\(plan)")
          guard !isFirst else { continue }
          for sign in [">=", "<="] {
            let isMet = plan.split(separator: "\n").contains {
              $0.contains("Index Cond") && $0.contains("updated_minute \(sign) date_trunc('minute'")
            }
            #expect(isMet, "\(plan)")
          }
        }
      }
    }
  }

  @Test func `every order of a list walks an index from its cursor, from both ends`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      for isDescending in [false, true] {
        try await expectOrders(
          [
            (.created(isDescending: isDescending), "id > COALESCE"),
            (.text(.name, isDescending: isDescending), "ROW(lower((name)::text), id) > ROW("),
            (
              .instant(.lastExecuted, isOptional: true, isDescending: isDescending),
              "ROW(COALESCE(last_executed, '-infinity'::timestamp with time zone), id) > ROW("
            ),
          ] as [(ListOrder<FlowColumn>, String)], bench)
        try await expectOrders(
          [
            (.instant(.updatedAt, isDescending: isDescending), "ROW(updated_at, id) > ROW("),
            (.text(.name, isDescending: isDescending), "ROW(lower(name), id) > ROW("),
          ] as [(ListOrder<IntegrationColumn>, String)], bench)
        try await expectOrders(
          [
            (.instant(.updatedAt, isDescending: isDescending), "ROW(updated_at, id) > ROW("),
            (.text(.name, isDescending: isDescending), "ROW(lower(name), id) > ROW("),
          ] as [(ListOrder<WorkbenchColumn>, String)], bench)
        try await expectOrders(
          [(.instant(.lastUsedAt, isDescending: isDescending), "ROW(last_used_at, id) > ROW(")]
            as [(ListOrder<SessionColumn>, String)], bench)
      }
      for isBackward in [false, true] {
        let shape = PageShape<FlowVersionColumn>(isBackward: isBackward)
        try await expectIndexes(
          TableReads.pages(of: .flowID, [.number], shape, label: "versions_of_flows"),
          conditions: ["flow_id = p.id"], mayNot: ["Seq Scan", "flow_versions_number_key"], bench)
        let runs = PageShape<ExecutionColumn>(isBackward: isBackward, hasAfter: true, hasBefore: true)
        try await expectIndexes(
          TableReads.pages(of: .flowID, [.status], runs, label: "last_runs_of_flows"),
          conditions: ["flow_id = p.id", "id < COALESCE", "id > COALESCE"], bench)
      }
    }
  }

  @Test func `the pages of a table of pairs walk its key from their cursor`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      try await expectIndexes(
        TableReads<WorkbenchColumn>.page([.name], PageShape(), label: "workbenches"),
        conditions: ["organization_id = $1", "id < COALESCE"], mayNot: ["Seq Scan", "Sort\n"], bench)
      try await expectIndexes(
        TableReads<FlowColumn>.pages(
          through: .flowsOfWorkbench, [.name], PageShape(), label: "flows_of_workbenches"),
        conditions: ["workbench_id = p.id", "flow_id < COALESCE"], bench)
      try await expectIndexes(
        TableReads<FlowColumn>.counts(through: .flowsOfWorkbench, label: "counts_of_workbenches"),
        conditions: ["workbench_id = ANY ($2)"], bench)
    }
  }

  @Test func `API keys are found and listed by an index`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      try await expectIndexes(
        TableReads<APIKeyColumn>.page([.name], PageShape(), label: "api_keys"),
        conditions: ["organization_id = $1", "id < COALESCE"], mayNot: ["Seq Scan", "Sort\n"], bench)
      try await expectIndexes(APIKeySQL.find, conditions: ["id = ANY ($2)", "user_id = k.user_id"], bench)
      for statement in [APIKeySQL.noteUse, APIKeySQL.revoke] {
        try await expectIndexes(statement, conditions: ["id = ANY ($2)"], bench)
      }
      try await expectIndexes(APIKeySQL.rotate, conditions: ["id = $2"], bench)
      try await expectIndexes(APIKeySQL.bounds, conditions: ["organization_id = $1"], bench)
    }
  }

  @Test func `the audit log is walked by time, by user and by object`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      let page = { (conditions: [ListCondition<AuditEventColumn>]) in
        TableReads<AuditEventColumn>.page([.action], PageShape(conditions: conditions), label: "audit")
      }
      try await expectIndexes(
        page([]), conditions: ["organization_id = $1", "id < COALESCE"], bench)
      try await expectIndexes(
        page([.equals(.userID, .uuid)]), conditions: ["user_id = $4", "id < COALESCE"], bench)
      try await expectIndexes(
        page([.equals(.objectID, .text)]), conditions: ["object_id = $4", "id < COALESCE"], bench)
    }
  }

  @Test func `members and invitations are found and listed by an index`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      let sorted = ["Seq Scan", "Sort\n"]
      try await expectIndexes(
        TableReads<MembershipColumn>.page([.role], PageShape(), label: "members"),
        conditions: ["organization_id = $1", "id < COALESCE"], mayNot: sorted, bench)
      try await expectIndexes(
        TableReads<InvitationColumn>.page([.email], PageShape(), label: "invitations"),
        conditions: ["organization_id = $1", "id < COALESCE"], mayNot: sorted, bench)
      try await expectIndexes(
        OrganizationReads.memberships([.role], label: "own"), conditions: ["user_id = $1"], bench)
      try await expectIndexes(
        OrganizationReads.own([.name], label: "own"), conditions: ["user_id = $1"], bench)
      for statement in [OrganizationSQL.lockOwners, OrganizationSQL.countMembers, InvitationSQL.bounds] {
        try await expectIndexes(statement, conditions: ["organization_id = $1"], bench)
      }
      for statement in [OrganizationSQL.member, InvitationSQL.revoke, InvitationSQL.accept] {
        try await expectIndexes(statement, conditions: ["id = ANY ($2)"], bench)
      }
      for statement in OrganizationSQL.cleanUp + [OrganizationSQL.changeRole, OrganizationSQL.remove] {
        try await expectIndexes(statement, conditions: ["user_id = $2"], bench)
      }
      try await expectIndexes(InvitationSQL.open, conditions: ["id = $2", "id = $4"], bench)
      try await expectIndexes(InvitationSQL.replace, conditions: ["lower(email) = lower($2)"], bench)
      try await expectIndexes(OrganizationSQL.countOfUser, conditions: ["user_id = $1"], bench)
    }
  }

  @Test func `rows by key and children by parent walk an index`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      for statement in [
        TableReads.rows(by: FlowColumn.id, [.name], label: "flows_by_id"),
        TableReads.rows(by: IntegrationColumn.id, [.name], label: "integrations_by_id"),
        TableReads.rows(by: NodeColumn.id, [.key], label: "nodes_by_id"),
        TableReads.rows(by: ConnectionColumn.id, [.label], label: "connections_by_id"),
        TableReads.rows(by: FlowVersionColumn.id, [.number], label: "versions_by_id"),
        TableReads.rows(by: ExecutionColumn.id, [.status], label: "runs_by_id"),
        TableReads.rows(by: NodeExecutionColumn.id, [.status], label: "node_runs_by_id"),
      ] {
        try await expectIndexes(statement, conditions: ["id = ANY ($2)"], bench)
      }
      try await expectIndexes(
        TableReads.children(of: NodeColumn.flowID, [.key], order: .order, label: "nodes_of_flows"),
        conditions: ["flow_id = p.parent"], mayNot: ["Seq Scan", "Sort\n"], bench)
      try await expectIndexes(
        TableReads.children(
          of: ConnectionColumn.flowID, [.label], order: .order, label: "connections_of_flows"),
        conditions: ["flow_id = p.parent"], mayNot: ["Seq Scan", "Sort\n"], bench)
      try await expectIndexes(
        TableReads.children(
          of: NodeExecutionColumn.executionID, [.nodeKey], order: .order, label: "node_runs"),
        conditions: ["execution_id = p.parent"], bench)
      try await expectIndexes(
        TableReads.rows(by: NodeColumn.integrationID, [.key], label: "nodes_of_integration"),
        conditions: ["integration_id = ANY ($2)"], bench)
    }
  }

  @Test func `figures of runs are counted from indexes alone`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      try await expectIndexes(
        MetricsReads.flows(notes: true, figures: true, label: "flow_metrics"),
        conditions: ["flow_id = f.id) AND (id >= $3) AND (id < $4)"],
        mayNot: ["Seq Scan", "Index Scan using execution_logs"], bench)
      try await expectIndexes(
        MetricsReads.organization, conditions: ["(status = s.status) AND (id >= $2) AND (id < $3)"],
        mayNot: ["Seq Scan", "Index Scan using execution_logs"], bench)
    }
  }

  @Test func `figures leave out the months outside of their time`() async throws {
    try await withStorage { bench in
      for month in [
        TestInstants.november,
        Instant(microseconds: TestInstants.november.microseconds + 62 * 86_400_000_000),
      ] {
        try await Partitions.ensure(bench.database, at: month)
      }
      let (start, end) = (
        TestInstants.november, Instant(microseconds: TestInstants.november.microseconds + 1)
      )
      let rows = try await bench.database.query(
        Statement("explain", "EXPLAIN (COSTS OFF) " + MetricsReads.organization.sql, [.uuid, .uuid, .uuid]),
        Parameters {
          $0.uuid(bench.organization.uuid)
          $0.uuid(MetricsReads.bound(start).uuid)
          $0.uuid(MetricsReads.bound(Instant(microseconds: end.microseconds + 1_000_000)).uuid)
        })
      let plan = (0..<rows.rowCount).compactMap { rows.string($0, 0) }.joined(separator: "\n")
      #expect(plan.contains("execution_logs_2026_11"), "\(plan)")
      #expect(!plan.contains("2026_12") && !plan.contains("2027"), "\(plan)")
    }
  }

  @Test func `events, claims and the clock of the queue walk an index`() async throws {
    try await withStorage { bench in
      try await bench.script(Self.fill)
      try await expectIndexes(EventReads.after, conditions: ["sequence > $3"], bench)
      try await expectIndexes(EventReads.end, conditions: ["id = ANY ($2)"], bench)
      try await expectIndexes(
        RunQueueSQL.claim,
        conditions: ["due_at <= now()", "due_at >= ", "priority = ", "AND (id = taken."],
        mayNot: ["Seq Scan on execution", "Hash Join"], bench)
      try await expectIndexes(RunQueueSQL.sweep, conditions: ["ROW(organization_id, priority) > ROW("], bench)
      try await expectIndexes(RunQueueSQL.nextWake, conditions: ["due_at > now()"], bench)
      try await expectIndexes(AccountSQL.credentials, conditions: ["lower(email) = lower($1)"], bench)
      try await expectIndexes(RunQueueSQL.reap, conditions: [], bench)
      try await expectIndexes(RunSQL.heldRuns, conditions: ["owner = $1", "AND (id = "], bench)
      try await expectIndexes(RunSQL.nodeRuns, conditions: ["execution_id = k.id"], bench)
      try await expectIndexes(RunSQL.versions, conditions: ["id = k.id"], bench)
      try await expectIndexes(
        RunCommitSQL.commitMany, conditions: ["execution_id = i_", "AND (id = i_", "execution_id = run_"],
        mayNot: ["Seq Scan"], bench)
      try await expectIndexes(
        RunCommitSQL.abandon, conditions: ["id = $2", "execution_id = $2"], bench)
      try await expectIndexes(RunSQL.release, conditions: ["id = $2", "execution_id = $2"], bench)
      try await expectIndexes(ExecutionSQL.enqueue, conditions: ["id = $3"], bench)
      try await expectIndexes(
        ExecutionSQL.requestCancel, conditions: ["execution_id = ANY ($2)", "id = ANY ($2)"], bench)
    }
  }
}
