import Flows
import Postgres
import Storage
import Synchronization
import Testing

/// The stream of an organization's events: numbers without gaps or repeats, whoever gives them.
@Suite struct EventStreamTests {
  private static let never = Duration.seconds(3600)

  /// What a test remembers of an event.
  private struct Seen: Equatable {
    var number: Int
    var run: Identifier?
    var own: Int
  }

  private func seen(_ event: StreamEvent) -> Seen {
    guard case .run(let run, _, let own) = event.kind else { return Seen(number: event.sequence, own: 0) }
    return Seen(number: event.sequence, run: run.runID, own: own.sequence)
  }

  private func read(_ events: OrganizationEvents, count: Int) async throws -> [StreamEvent] {
    var found: [StreamEvent] = []
    var iterator = events.makeAsyncIterator()
    while found.count < count, let event = try await iterator.next() { found.append(event) }
    return found
  }

  /// Ten runs of 21 events each, driven side by side over four connections; a run's queued event is another.
  private func driveMany(_ bench: StorageBench, notifier: RunNotifier?) async throws -> [RunReference] {
    let flow = try await bench.makeFlow()
    let store = PostgresRunStore(bench.database, notifier: notifier)
    var runs: [RunReference] = []
    for _ in 0..<10 { runs.append(try await bench.enqueue(flow)) }
    let owner = makeID()
    try await bench.lease(owner)
    let claims = try await bench.runs.claim(owner: owner, limit: 100).runs.map(\.claim)
    #expect(claims.count == 10)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for claim in claims {
        group.addTask {
          for step in 1...6 { _ = try await store.commit(transition(step, lines: 3), under: claim) }
          _ = try await store.commit(transition(7, .success, lines: 1), under: claim)
        }
      }
      try await group.waitForAll()
    }
    return runs
  }

  /// 1, 2, 3 … in the stream, and the same in each run.
  private func expectWhole(_ found: [Seen], _ runs: [RunReference]) {
    #expect(found.map(\.number) == Array(2...211))
    for run in runs {
      #expect(found.filter { $0.run == run.runID }.map(\.own) == Array(1...21))
    }
  }

  @Test func `two processes that number at once leave no gap, and both read the same`() async throws {
    try await withStorage { bench in
      let own = RunEventHub(bench.database, pollInterval: Self.never)
      try await withDatabase(bench.connectionInfo) { other in
        let hub = RunEventHub(other, pollInterval: .milliseconds(5))
        async let here = read(own.stream(of: bench.organization, after: 1), count: 210)
        async let there = read(hub.stream(of: bench.organization, after: 1), count: 210)
        let runs = try await driveMany(bench, notifier: RunNotifier(hub: own))
        // The enqueued events had no notifier here; this hint reads what is left.
        RunNotifier(hub: own).changed(in: bench.organization)
        let (first, second) = (try await here.map(seen), try await there.map(seen))
        expectWhole(first, runs)
        #expect(first == second)
        await hub.stop()
      }
      let left = try await bench.int("SELECT count(*) FROM event_outbox")
      #expect(left == 0)
      await own.stop()
    }
  }

  @Test func `without subscribers all is numbered by one statement or two, and read later from any cursor`()
    async throws
  {
    try await withStorage { bench in
      let runs = try await driveMany(bench, notifier: nil)
      let waiting = try await bench.int("SELECT count(*) FROM event_outbox")
      #expect(waiting == 81, "the flow, ten that are queued and seventy transitions")
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      let whole = try await read(hub.stream(of: bench.organization, after: 1), count: 210).map(seen)
      expectWhole(whole, runs)
      let batches = try await bench.int("SELECT count(DISTINCT id) FROM organization_events")
      #expect(batches == 1)
      for after in [0, 5, 100, 210] {
        let rest = try await read(hub.stream(of: bench.organization, after: after), count: 211 - after)
        #expect(rest.map(\.sequence) == Array((after + 1)...211))
      }
      #expect(try await hub.streamEnd(of: bench.organization) == 211)
      #expect(try await hub.streamEnd(of: makeID()) == 0)
      await hub.stop()
    }
  }

  @Test func `what was rolled back is in no stream, and another organization's has numbers of its own`()
    async throws
  {
    try await withStorage { bench in
      let stranger = try await register("bob@example.com", on: bench.accounts)
      let flow = try await bench.makeFlow()
      _ = try await bench.makeFlow(in: stranger)
      let conflict = try await storageError {
        try await bench.flows.update(
          flow.id, .init(name: "Lost"), expectedRevision: 9, in: bench.organization)
      }
      #expect(conflict == .revisionConflict(current: 1))
      try await bench.flows.update(
        flow.id, .init(name: "New"), expectedRevision: 1, in: bench.organization)
      let integration = try await bench.makeIntegration()
      try await bench.integrations.note(isConnected: true, integration, in: bench.organization)
      try await bench.integrations.delete(integration, force: false, in: bench.organization)
      try await bench.flows.delete(flow.id, expectedRevision: nil, in: bench.organization)
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      let found = try await read(hub.stream(of: bench.organization, after: 0), count: 6)
      #expect(found.map(\.sequence) == Array(1...6))
      let flows = found.compactMap { event -> String? in
        guard case .flow(flow.id, let happening, let revision) = event.kind else { return nil }
        return "\(happening.rawValue) \(revision)"
      }
      #expect(flows == ["CREATED 1", "UPDATED 2", "DELETED 3"])
      let checks = found.compactMap { event -> String? in
        guard case .integration(integration, let happening, let isConnected) = event.kind else { return nil }
        return "\(happening.rawValue) \(isConnected)"
      }
      #expect(checks == ["CREATED false", "UPDATED true", "DELETED true"])
      let other = try await read(hub.stream(of: stranger.organization, after: 0), count: 1)
      #expect(other.map(\.sequence) == [1])
      await hub.stop()
    }
  }

  @Test func `a cursor behind what is stored is expired, whether the stream's rows went or the runs'`()
    async throws
  {
    try await withStorage { bench in
      let runs = try await driveMany(bench, notifier: nil)
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      let whole = try await read(hub.stream(of: bench.organization, after: 1), count: 210).map(seen)
      let first = try #require(whole.first { $0.run == runs[0].runID })
      let last = try #require(whole.last { $0.run == runs[0].runID })
      try await bench.script("DELETE FROM execution_events WHERE execution_id = '\(runs[0].runID)'")
      await #expect(throws: StreamExpired.self) {
        _ = try await read(hub.stream(of: bench.organization, after: first.number - 1), count: 210)
      }
      let rest = try await read(
        hub.stream(of: bench.organization, after: last.number), count: 211 - last.number)
      #expect(rest.map(\.sequence) == Array(last.number + 1..<212))
      try await bench.script("DELETE FROM organization_events WHERE last_number <= 211")
      await #expect(throws: StreamExpired.self) {
        _ = try await read(hub.stream(of: bench.organization, after: 3), count: 1)
      }
      await hub.stop()
    }
  }

  @Test func `a flow's stream is the events of its runs, from any cursor and as they come`() async throws {
    try await withStorage { bench in
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      let notifier = RunNotifier(hub: hub)
      let (flow, quiet) = (try await bench.makeFlow(), try await bench.makeFlow())
      let watched = Task { [bench] in
        try await read(hub.stream(of: bench.organization, flow: quiet.id, after: 0), count: 1)
      }
      _ = try await driveMany(bench, notifier: notifier)
      var own: [RunReference] = []
      for _ in 0..<3 {
        own.append(try await bench.enqueue(flow))
        notifier.queued(own[own.count - 1])
      }
      let whole = try await read(hub.stream(of: bench.organization, after: 0), count: 216)
      let expected = whole.filter {
        if case .run(_, flow.id, _) = $0.kind { true } else { false }
      }
      #expect(expected.count == 3)
      for after in [0, 1, 100, expected[0].sequence] {
        let rest = expected.map(\.sequence).filter { $0 > after }
        let found = try await read(
          hub.stream(of: bench.organization, flow: flow.id, after: after), count: rest.count)
        #expect(found.map(\.sequence) == rest)
      }
      let last = try await bench.enqueue(quiet)
      RunNotifier(hub: hub).changed(in: bench.organization)
      #expect(try await watched.value.map(seen).map(\.run) == [last.runID])
      try await bench.script("DELETE FROM organization_events WHERE last_number <= 100")
      await #expect(throws: StreamExpired.self) {
        _ = try await read(hub.stream(of: bench.organization, flow: flow.id, after: 3), count: 1)
      }
      await hub.stop()
    }
  }
}
