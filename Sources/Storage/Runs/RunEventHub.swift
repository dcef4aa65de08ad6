import Flows
import Postgres
import Synchronization

/// Where a process hears that runs have changed, from itself and from others, and where subscribers to a
/// run's events wait for the next.
///
/// Each run that is watched has one feed, which reads for all its subscribers what is behind the last number;
/// the numbers make a gap or a repeat impossible. Behind the hints stands a poll: one statement for all runs
/// of an organization that are watched.
public final class RunEventHub: RunSignals, Sendable {
  private struct Watched {
    var feed: RunFeed
    var readers = 0
  }

  private struct State {
    var feeds: [RunReference: Watched] = [:]
    var signals: [UInt64: AsyncStream<RunSignal>.Continuation] = [:]
    var observers: [@Sendable (RunReference) -> Void] = []
    var nextID: UInt64 = 0
    var isPolling = false
  }

  /// How other processes are told, and tell.
  let hints: any RunHintPort
  private let database: Database
  private let pollInterval: Duration
  private let budget = WindowBudget()
  private let state = Mutex(State())

  /// - Parameters:
  ///   - hints: how processes tell one another; NOTIFY when there is none.
  ///   - pollInterval: how long the hints are trusted before the hub looks for itself.
  public init(
    _ database: Database, hints: (any RunHintPort)? = nil, pollInterval: Duration = .seconds(5)
  ) {
    self.database = database
    self.hints = hints ?? PostgresRunHints(database)
    self.pollInterval = pollInterval
  }

  /// Begins to listen to other processes. The database must be started.
  public func start() {
    hints.start { [weak self] news in
      switch news {
      case .hint(let hint): self?.receive(hint)
      case .listening: self?.wakeAll()
      }
    }
  }

  /// Stops listening and ends all signals. Before the database is shut down.
  public func stop() async {
    await hints.stop()
    let signals = state.withLock { state in
      defer { state.signals = [:] }
      return Array(state.signals.values)
    }
    for signal in signals { signal.finish() }
  }

  /// A run's events behind a number, until the run is over.
  public func events(of run: RunReference, after sequence: Int) -> RunEvents {
    RunEvents(hub: self, run: run, sequence: sequence)
  }

  /// The hints for the worker.
  public func signals() async -> AsyncStream<RunSignal> {
    let (stream, continuation) = AsyncStream<RunSignal>.makeStream(bufferingPolicy: .bufferingNewest(1000))
    let id = state.withLock { state in
      state.nextID += 1
      state.signals[state.nextID] = continuation
      return state.nextID
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.signals.removeValue(forKey: id) }
    }
    return stream
  }

  /// Calls for each run of which new events are told, as long as the hub lives; on any thread.
  func observe(_ observer: @escaping @Sendable (RunReference) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  func receive(_ hint: RunChannel.Hint) {
    switch hint.verb {
    case .events:
      let (feed, observers) = state.withLock { ($0.feeds[hint.run]?.feed, $0.observers) }
      feed?.hint()
      for observer in observers { observer(hint.run) }
    case .queued: tell(.queued)
    case .cancel: tell(.cancelRequested(hint.run))
    }
  }

  /// Something may have been missed: everything is looked at.
  private func wakeAll() {
    let feeds = state.withLock { $0.feeds.values.map(\.feed) }
    for feed in feeds { feed.hint() }
    tell(.queued)
  }

  private func tell(_ signal: RunSignal) {
    let continuations = state.withLock { Array($0.signals.values) }
    for continuation in continuations { continuation.yield(signal) }
  }
}

// MARK: - Feeds

extension RunEventHub {
  /// The feed of a run, for one more reader.
  fileprivate func join(_ run: RunReference) -> RunFeed {
    let (feed, mustPoll) = state.withLock { state in
      var watched = state.feeds[run] ?? Watched(feed: RunFeed(database, run: run, budget: budget))
      watched.readers += 1
      state.feeds[run] = watched
      defer { state.isPolling = true }
      return (watched.feed, !state.isPolling)
    }
    if mustPoll { startPolling() }
    return feed
  }

  fileprivate func leave(_ run: RunReference) {
    state.withLock { state in
      state.feeds[run]?.readers -= 1
      if let watched = state.feeds[run], watched.readers == 0 { state.feeds[run] = nil }
    }
  }

  /// Looks at all feeds from time to time while there are some.
  private func startPolling() {
    Task { [weak self, pollInterval] in
      while true {
        try? await Task.sleep(for: pollInterval)
        guard let self, let feeds = feedsToPoll() else { return }
        await look(at: feeds)
      }
    }
  }

  /// Nil when there is nothing to poll any more.
  private func feedsToPoll() -> [RunFeed]? {
    state.withLock { state in
      guard state.feeds.isEmpty else { return state.feeds.values.map(\.feed) }
      state.isPolling = false
      return nil
    }
  }

  /// One statement for a thousand runs of an organization.
  private func look(at feeds: [RunFeed]) async {
    for (organization, feeds) in Dictionary(grouping: feeds, by: \.run.organizationID) {
      var rest = feeds[...]
      while !rest.isEmpty {
        let part = rest.prefix(1000)
        rest = rest.dropFirst(1000)
        let parameters = keyParameters(organization, part.map(\.run.runID))
        // When the database is away the next round finds out.
        guard let rows = try? await database.query(EventReads.end, parameters) else { return }
        var ends: [Identifier: (last: Int, isOver: Bool)] = [:]
        for row in 0..<rows.rowCount {
          if let id = rows.uuid(row, 2), let last = rows.int(row, 0) {
            ends[id.identifier] = (last, rows.bool(row, 1) ?? false)
          }
        }
        for feed in part {
          guard let position = feed.position, let end = ends[feed.run.runID] else { continue }
          if end.last > position.tail || end.isOver != position.isOver { feed.hint() }
        }
      }
    }
  }
}

/// A stored event of a run.
public struct NumberedEvent: Sendable, Equatable {
  /// From 1, without a gap.
  public var sequence: Int
  public var event: RunEvent
}

/// The events of one run, handed out when they are asked for: a slow reader holds nothing up and buffers one
/// stretch at most.
public struct RunEvents: AsyncSequence, Sendable {
  public typealias Element = NumberedEvent

  fileprivate let hub: RunEventHub
  fileprivate let run: RunReference
  fileprivate let sequence: Int

  public func makeAsyncIterator() -> Iterator {
    Iterator(reading: Registration(hub: hub, run: run), last: sequence)
  }

  /// Ends behind the last event of a run that is over, or when there is no such run.
  public struct Iterator: AsyncIteratorProtocol {
    private let registration: Registration
    private var last: Int
    private var buffer: ArraySlice<NumberedEvent> = []
    private var limit = 8

    fileprivate init(reading registration: Registration, last: Int) {
      self.registration = registration
      self.last = last
    }

    public mutating func next() async throws -> NumberedEvent? {
      while true {
        // Who is ahead of the run waits for what he does not have.
        if let event = buffer.popFirst() { return event }
        switch registration.feed.look(behind: last) {
        case .events(let events, let upTo):
          buffer = events
          last = upTo
        case .outside(let base):
          let stretch = try await registration.feed.read(behind: last, limit: limit)
          buffer = stretch.events[...]
          // What is not there any more cannot be read.
          last = stretch.tail > last ? stretch.tail : base
          limit = RunEvents.limit(behind: stretch)
        case .over: return nil
        case .nothing: try await registration.feed.wait(behind: last)
        }
      }
    }
  }

  /// How many events a reader who catches up reads next: about a quarter of a megabyte, for he holds them as
  /// long as his client reads.
  private static func limit(behind stretch: RunFeed.Stretch) -> Int {
    let size = stretch.sizes.reduce(0, +) / Swift.max(1, stretch.sizes.count)
    return Swift.max(1, Swift.min(200, (256 << 10) / Swift.max(1, size)))
  }

  /// Keeps the feed of a run open while an iterator lives.
  fileprivate final class Registration: Sendable {
    let feed: RunFeed
    private let hub: RunEventHub

    init(hub: RunEventHub, run: RunReference) {
      self.hub = hub
      feed = hub.join(run)
    }

    deinit { hub.leave(feed.run) }
  }
}
