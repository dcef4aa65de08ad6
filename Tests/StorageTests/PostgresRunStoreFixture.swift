import Flows
import Postgres
import RunStoreSuite
import Testing

@testable import Storage

/// The Postgres store as the domain's suite sees it. A run of the suite is of an organization of its own, as
/// in the memory store, so that the same version may be stored again.
struct PostgresRunStoreFixture: RunStoreFixture {
  let bench: StorageBench

  var store: any RunStore { bench.runs }

  func now() async throws -> Instant { try await bench.now() }

  func enqueue(
    _ version: FlowVersion, input: JSONValue, environment: JSONObject
  ) async throws -> RunReference {
    let owner = try await register("\(makeID())@example.com", on: bench.accounts)
    let flow = FlowStore.NewFlow(
      id: version.flowID, userID: owner.user, name: version.flowName, intention: "Suite", status: "active",
      graph: version.graph)
    try await bench.flows.create(flow, in: owner.organization)
    for member in environment.members {
      let parameters = Parameters {
        $0.uuid(owner.organization.uuid)
        $0.text(member.key)
        $0.jsonb(member.value.text())
      }
      try await bench.database.execute(PostgresRunStoreFixture.insertValue, parameters)
    }
    let at = try await now()
    let run = RunReference(organizationID: owner.organization, runID: makeID(at))
    let stored = try #require(try await bench.flows.load(version.flowID, in: owner.organization))
    var new = ExecutionStore.NewRun(
      run: run, flowID: stored.id, version: .loaded(stored), input: input, at: at)
    new.userID = owner.user
    new.versionID = version.id
    try await bench.executions.enqueue(new)
    return run
  }

  func requestCancel(_ run: RunReference) async throws { _ = try await bench.executions.requestCancel(run) }

  func signal(_ run: RunReference, _ signal: NodeSignal) async throws {
    try await bench.executions.signal(run, signal)
  }

  func limitCalls(of integration: Identifier, to limit: Int?, for run: RunReference) async throws {
    let key = Parameters {
      $0.uuid(run.organizationID.uuid)
      $0.uuid(integration.uuid)
    }
    try await bench.database.execute(PostgresRunStoreFixture.insertIntegration, key)
    try await RunLimits(bench.database).set(limit, for: .integration(integration), in: run.organizationID)
  }

  func expireLease(of owner: Identifier) async throws {
    let key = Parameters { $0.uuid(owner.uuid) }
    try await bench.database.execute(PostgresRunStoreFixture.expire, key)
  }

  func snapshot(of run: RunReference) async throws -> RunSnapshot {
    let key = Parameters {
      $0.uuids([run.organizationID.uuid])
      $0.uuids([run.runID.uuid])
    }
    let runs = try await bench.database.query(PostgresRunStoreFixture.select, key)
    let versions = try await VersionCache().read(
      VersionCache.keys(of: runs), from: bench.database, bench.database.makeReadGroup())
    let reader = RunRowReader(
      runs: runs, nodes: try await bench.database.query(RunSQL.nodeRuns, key), versions: versions,
      surroundings: [:])
    return try #require(try reader.read().claimed.first).snapshot
  }

  func events(of run: RunReference) async throws -> [RunStoreSuite.NumberedEvent] {
    try await bench.storedEvents(of: run).map {
      RunStoreSuite.NumberedEvent(sequence: Int64($0.sequence), event: $0.event)
    }
  }

  private static let insertValue = Statement(
    "insert_value", "INSERT INTO organization_values (organization_id, name, value) VALUES ($1, $2, $3)",
    [.uuid, .text, .jsonb])
  private static let insertIntegration = Statement(
    "insert_test_integration",
    """
    INSERT INTO integrations (organization_id, id, name, category, type, credentials) \
    VALUES ($1, $2, $2::uuid::text, 'messaging', 'slack', '') ON CONFLICT DO NOTHING
    """,
    [.uuid, .uuid])
  private static let expire = Statement(
    "expire", "UPDATE workers SET lease_until = now() - interval '1 second' WHERE id = $1", [.uuid])
  private static let select = Statement(
    "snapshot",
    """
    SELECT organization_id, id, epoch, version_id, status, input, trigger_node_id, step, start_time, \
    end_time, \
    result, error, cancel_requested_at IS NOT NULL, now(), now(), 1::smallint, \
    depth, is_for_failure, NULL::uuid \
    FROM execution_logs \
    WHERE organization_id = ANY($1) AND id = ANY($2)
    """,
    [.uuidArray, .uuidArray])
}

extension StorageBench {
  /// All stored events of a run, in the order of their numbers.
  func storedEvents(of run: RunReference) async throws -> [Storage.NumberedEvent] {
    let rows = try await database.query(
      EventReads.after, EventReads.parameters(run, after: 0, limit: 10_000))
    return try (0..<rows.rowCount).map { row in
      let payload = try JSONValue(parsing: try #require(rows.jsonBytes(row, 2)))
      let kind = try #require(RunEvent.Kind(name: rows.string(row, 1) ?? "", payload: payload))
      let at = Instant(microseconds: try #require(rows.microseconds(row, 3)))
      return Storage.NumberedEvent(sequence: try #require(rows.int(row, 0)), event: RunEvent(at: at, kind))
    }
  }
}

@Suite struct RunStoreConformanceTests {
  @Test(arguments: RunStoreCheck.all)
  func `the Postgres store keeps the rules of run stores`(check: RunStoreCheck) async throws {
    try await withStorage { try await check.run(on: PostgresRunStoreFixture(bench: $0)) }
  }
}
