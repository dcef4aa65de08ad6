import Flows
import Postgres
import Storage
import Testing

/// Two "processes": the bench's database with a worker and its notifier, and a database of its own with a hub
/// that serves subscribers.
@Suite struct RunEventHubTests {
  /// Polls that never come in a test's time.
  private static let never = Duration.seconds(3600)

  private func withSubscriber(
    _ bench: StorageBench, poll: Duration, _ body: (RunEventHub) async throws -> Void
  ) async throws {
    try await withDatabase(bench.connectionInfo) { database in
      let hub = RunEventHub(database, pollInterval: poll)
      do {
        try await body(hub)
      } catch {
        await hub.stop()
        throw error
      }
      await hub.stop()
    }
  }

  /// Starts a hub and waits until it listens.
  private func listen(_ hub: RunEventHub) async {
    var signals = await hub.signals().makeAsyncIterator()
    hub.start()
    // The hub tells everybody to look once it listens.
    #expect(await signals.next() == .queued)
  }

  private func collect(_ events: RunEvents) async throws -> [Int] {
    var numbers: [Int] = []
    for try await event in events { numbers.append(event.sequence) }
    return numbers
  }

  /// Drives a run of 21 events to its end: queued, 6 × 3 lines, a line, and finished.
  private func drive(_ run: RunClaim, _ store: PostgresRunStore) async throws {
    for step in 1...6 { _ = try await store.commit(transition(step, lines: 3), under: run) }
    _ = try await store.commit(transition(7, .success, lines: 1), under: run)
  }

  @Test func `subscribers in another process get everything from any cursor, in order`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(makeID()).claim
      let own = RunEventHub(bench.database, pollInterval: Self.never)
      let store = PostgresRunStore(bench.database, notifier: RunNotifier(bench.database, hub: own))
      try await withSubscriber(bench, poll: Self.never) { hub in
        await listen(hub)
        try await withThrowingTaskGroup(of: ([Int], [Int]).self) { group in
          for after in [0, 1, 7, 20, 21] {
            for source in [own, hub] {
              group.addTask {
                (try await collect(source.events(of: run, after: after)), Array((after + 1)..<22))
              }
            }
          }
          try await drive(claim, store)
          for try await (found, expected) in group { #expect(found == expected) }
        }
      }
    }
  }

  @Test func `a subscriber whose notifications are lost finds the events by its poll`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(makeID()).claim
      try await withSubscriber(bench, poll: .milliseconds(20)) { hub in
        await listen(hub)
        var events = hub.events(of: run, after: 0).makeAsyncIterator()
        #expect(try await events.next()?.sequence == 1)
        await hub.stop()
        // A store without a notifier: nobody is told anything.
        try await drive(claim, bench.runs)
        for number in 2...21 { #expect(try await events.next()?.sequence == number) }
        let end = try await events.next()
        #expect(end == nil)
      }
    }
  }

  @Test func `a run that is over, and one that does not exist, end the stream`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      try await drive(try await bench.claimOne(makeID()).claim, bench.runs)
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      #expect(try await collect(hub.events(of: run, after: 0)) == Array(1...21))
      #expect(try await collect(hub.events(of: run, after: 21)).isEmpty)
      #expect(try await collect(hub.events(of: run, after: 99)).isEmpty)
      let foreign = RunReference(organizationID: makeID(), runID: run.runID)
      #expect(try await collect(hub.events(of: foreign, after: 0)).isEmpty)
    }
  }

  @Test func `an event of a later program is left out, and the stream goes on`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      try await drive(try await bench.claimOne(makeID()).claim, bench.runs)
      try await bench.script(
        "UPDATE execution_events SET kind = 'from_the_future' WHERE sequence IN (3, 4, 21)")
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      #expect(try await collect(hub.events(of: run, after: 0)) == [1, 2] + Array(5...20))
    }
  }

  @Test func `a subscriber that is cancelled while it waits ends`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      let (begun, continuation) = AsyncStream<Void>.makeStream()
      let reader = Task {
        for try await _ in hub.events(of: run, after: 0) { continuation.yield() }
      }
      for await _ in begun { break }
      reader.cancel()
      await #expect(throws: (any Error).self) { try await reader.value }
    }
  }

  @Test func `a worker elsewhere hears of queued runs and of cancellations`() async throws {
    try await withStorage { bench in
      let own = RunEventHub(bench.database, pollInterval: Self.never)
      let notifier = RunNotifier(bench.database, hub: own)
      try await withSubscriber(bench, poll: Self.never) { hub in
        await listen(hub)
        var signals = await hub.signals().makeAsyncIterator()
        let run = RunReference(organizationID: makeID(), runID: makeID())
        notifier.queued(run)
        #expect(await signals.next() == .queued)
        notifier.cancelRequested(run)
        #expect(await signals.next() == .cancelRequested(run))
        await hub.stop()
        let end = await signals.next()
        #expect(end == nil)
      }
    }
  }
}
