import Flows
import Postgres
import Storage
import Synchronization
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
      let store = PostgresRunStore(bench.database, notifier: RunNotifier(hub: own))
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
        """
        UPDATE execution_events e SET data = (SELECT jsonb_agg(CASE WHEN e.sequence - e.count + place \
        IN (3, 4) THEN jsonb_set(item, '{0}', '"from_the_future"') ELSE item END ORDER BY place) \
        FROM jsonb_array_elements(e.data) WITH ORDINALITY AS i (item, place)) WHERE count > 1;
        UPDATE execution_logs SET end_events = jsonb_set(end_events::jsonb, '{-1,0}', '"from_the_future"')
        """)
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

  @Test func `all subscribers of a run share its reads`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(makeID()).claim
      let count = Mutex<[String: Int]>([:])
      let configuration = try PostgresConfiguration(connectionInfo: bench.connectionInfo)
      let database = try Database(configuration) { statement, _, _ in
        count.withLock { $0[statement.name, default: 0] += 1 }
      }
      database.start()
      let hub = RunEventHub(database, pollInterval: Self.never)
      await listen(hub)
      let (arrivals, arrived) = AsyncStream<Void>.makeStream()
      let readers = (0..<50).map { _ in
        Task {
          var numbers: [Int] = []
          for try await event in hub.events(of: run, after: 0) {
            if numbers.isEmpty { arrived.yield() }
            numbers.append(event.sequence)
          }
          return numbers
        }
      }
      var arrival = arrivals.makeAsyncIterator()
      for _ in readers { await arrival.next() }
      let store = PostgresRunStore(bench.database, notifier: RunNotifier(hub: RunEventHub(bench.database)))
      try await drive(claim, store)
      for reader in readers { #expect(try await reader.value == Array(1...21)) }
      // What had happened before each reads for himself; then a read for each of the seven commits is enough.
      #expect(count.withLock { $0["events_after"] ?? 0 } <= 50 + 8)
      await hub.stop()
      await database.shutdown()
    }
  }

  @Test func `who is far behind reads for himself until he has caught up`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(makeID()).claim
      let hub = RunEventHub(bench.database, pollInterval: Self.never)
      let store = PostgresRunStore(bench.database, notifier: RunNotifier(hub: hub))
      for step in 1...3 { _ = try await store.commit(transition(step, lines: 150), under: claim) }
      // The feed begins where the run stands.
      var ahead = hub.events(of: run, after: 400).makeAsyncIterator()
      #expect(try await ahead.next()?.sequence == 401)
      async let late = collect(hub.events(of: run, after: 0))
      async let between = collect(hub.events(of: run, after: 180))
      _ = try await store.commit(transition(4, .success, lines: 300), under: claim)
      let end = 1 + 3 * 150 + 300 + 1
      #expect(try await late == Array(1...end))
      #expect(try await between == Array(181...end))
      #expect(try await ahead.next()?.sequence == 402)
    }
  }

  @Test func `hints may come from anywhere`() async throws {
    try await withStorage { bench in
      let run = try await bench.enqueue(try await bench.makeFlow())
      let claim = try await bench.claimOne(makeID()).claim
      let port = HandPort()
      let hub = RunEventHub(bench.database, hints: port, pollInterval: Self.never)
      hub.start()
      var events = hub.events(of: run, after: 0).makeAsyncIterator()
      #expect(try await events.next()?.sequence == 1)
      // Nobody is told: the store has no notifier.
      try await drive(claim, bench.runs)
      port.tell(.hint(RunChannel.Hint(verb: .events, run: run)))
      for number in 2...21 { #expect(try await events.next()?.sequence == number) }
      let notifier = RunNotifier(hub: hub)
      notifier.queued(run)
      #expect(await port.sent.first { _ in true }?.contains { $0.run == run } == true)
      await hub.stop()
    }
  }

  /// Carries hints by the test's hand.
  private final class HandPort: RunHintPort {
    let sent: AsyncStream<[RunChannel.Hint]>
    private let sending: AsyncStream<[RunChannel.Hint]>.Continuation
    private let receiver = Mutex<(@Sendable (RunHintNews) -> Void)?>(nil)

    init() { (sent, sending) = AsyncStream<[RunChannel.Hint]>.makeStream() }
    func start(_ receive: @escaping @Sendable (RunHintNews) -> Void) { receiver.withLock { $0 = receive } }
    func stop() async { receiver.withLock { $0 = nil } }
    func send(_ hints: [RunChannel.Hint]) async { sending.yield(hints) }
    func tell(_ news: RunHintNews) { receiver.withLock { $0 }?(news) }
  }

  @Test func `a worker elsewhere hears of queued runs and of cancellations`() async throws {
    try await withStorage { bench in
      let own = RunEventHub(bench.database, pollInterval: Self.never)
      let notifier = RunNotifier(hub: own)
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
