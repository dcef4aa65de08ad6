import Flows
import Postgres
import Storage
import TestPostgres
import Testing

@Suite struct MigrationTests {
  @Test func `migrations run from nothing, and a second time do nothing`() async throws {
    let connectionInfo = try await TestPostgres.shared.freshDatabase()
    try await withDatabase(connectionInfo) { database in
      let first = try await Migrator(database, migrations: migrations).run()
      let second = try await Migrator(database, migrations: migrations).run()
      #expect(first == migrations.count)
      #expect(second == 0)
    }
  }

  @Test func `two processes that start at once migrate once`() async throws {
    let connectionInfo = try await TestPostgres.shared.freshDatabase()
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<2 {
        group.addTask {
          try await withDatabase(connectionInfo) { try await Migrator($0, migrations: migrations).run() }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.reduce(0, +) == migrations.count)
  }

  @Test func `events that were stored one by one are read on after the migration, in their order`()
    async throws
  {
    let connectionInfo = try await TestPostgres.shared.freshDatabase()
    try await withDatabase(connectionInfo) { database in
      try await Migrator(database, migrations: Array(migrations.prefix(27))).run()
      let account = try await register("old@example.com", on: AccountStore(database))
      let run = RunReference(organizationID: account.organization, runID: makeID())
      try await database.transaction { try await $0.script(MigrationTests.storedBefore(run)) }
      try await Migrator(database, migrations: migrations).run()
      let hub = RunEventHub(database, pollInterval: .seconds(3600))
      var own: [Int] = []
      for try await event in hub.events(of: run, after: 0) { own.append(event.sequence) }
      #expect(own == [1, 2, 3, 4])
      var stream = hub.stream(of: account.organization, after: 0).makeAsyncIterator()
      var found: [Int] = []
      while found.count < 4, let event = try await stream.next() {
        guard case .run(run, _, let own) = event.kind else { continue }
        #expect(event.sequence == own.sequence)
        found.append(own.sequence)
      }
      #expect(found == [1, 2, 3, 4])
      await hub.stop()
    }
  }

  /// A run of four events as programs before migration 28 have stored it; one transition is in the stream,
  /// two are in the outbox, and a clock went back between them.
  private static func storedBefore(_ run: RunReference) -> String {
    let (organization, id) = (run.organizationID, run.runID)
    return """
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, status, last_sequence)
        VALUES ('\(organization)', '\(id)', '\(id)', 'Old', '\(id)', 'success', 4);
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at, data) VALUES
        ('\(organization)', '\(id)', 1, 'queued', now(), '{}'),
        ('\(organization)', '\(id)', 2, 'started', now(), '{}'),
        ('\(organization)', '\(id)', 3, 'log_line', now(), '{"level": "info", "message": "hello"}'),
        ('\(organization)', '\(id)', 4, 'finished', now(), '{"state": "success"}');
      INSERT INTO organization_streams (organization_id, last_number) VALUES ('\(organization)', 1);
      INSERT INTO organization_events (organization_id, id, last_number, count, kind, subject_id, subject_last,
        flow_id, at) VALUES ('\(organization)', '\(id)', 1, 1, 'run', '\(id)', 1, '\(id)', now());
      INSERT INTO event_outbox (organization_id, subject_id, subject_last, count, kind, flow_id, at) VALUES
        ('\(organization)', '\(id)', 4, 2, 'run', '\(id)', now() - interval '1 hour'),
        ('\(organization)', '\(id)', 2, 1, 'run', '\(id)', now());
      """
  }
}
