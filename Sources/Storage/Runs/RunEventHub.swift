import Flows
import Postgres
import Synchronization

/// Where a process hears that runs have changed, from itself and from others, and where subscribers to a
/// run's events wait for the next.
///
/// Each run that is watched has one feed, which reads for all its subscribers what is behind the last number;
/// the numbers make a gap or a repeat impossible. So has each organization whose stream is watched. Behind
/// the hints stands a poll: one statement for all runs of an organization that are watched.
public final class RunEventHub: RunSignals, Sendable {
  private struct Watched {
    var feed: EventFeed<RunSource>
    var readers = 0
  }

  private struct WatchedStream {
    var feed: EventFeed<StreamSource>
    var readers = 0
  }

  private struct State {
    var feeds: [RunReference: Watched] = [:]
    /// Of organizations: that of everything, under nil, and those of flows.
    var streams: [Identifier: [Identifier?: WatchedStream]] = [:]
    var signals: [UInt64: AsyncStream<RunSignal>.Continuation] = [:]
    var observers: [@Sendable (RunReference) -> Void] = []
    var transitionObservers: [@Sendable (RunReference, RunTransition) -> Void] = []
    var nextID: UInt64 = 0
    var isPolling = false
  }

  /// How other processes are told, and tell.
  let hints: any RunHintPort
  let database: Database
  private let pollInterval: Duration
  private let budget = WindowBudget()
  private let sequencer: EventSequencer
  private let sequencing = Mutex<Task<Void, Never>?>(nil)
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
    sequencer = EventSequencer(database)
  }

  /// Begins to listen to other processes. The database must be started.
  public func start() {
    hints.start { [weak self] news in
      switch news {
      case .hint(let hint): self?.receive(hint)
      case .listening: self?.wakeAll()
      }
    }
    let task = Task { [sequencer] in
      // What nobody watches has time: it is numbered in large batches.
      while (try? await Task.sleep(for: RunEventHub.sequencingInterval)) != nil {
        try? await sequencer.sequenceAll()
      }
    }
    sequencing.withLock { $0 = task }
  }

  /// How long events may wait for their numbers in the stream of an organization that nobody watches.
  private static let sequencingInterval = Duration.seconds(1)

  /// Stops listening and ends all signals. Before the database is shut down.
  public func stop() async {
    await hints.stop()
    let task = sequencing.withLock { $0 }
    task?.cancel()
    await task?.value
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

  /// The events of an organization behind a number; with a `flow` those of its runs alone.
  public func stream(
    of organization: Identifier, flow: Identifier? = nil, after sequence: Int
  ) -> OrganizationEvents {
    OrganizationEvents(hub: self, organization: organization, flow: flow, sequence: sequence)
  }

  /// Whether nothing is known of a run's events behind a number. False when nobody reads them yet.
  public func isCurrent(_ run: RunReference, behind sequence: Int) -> Bool {
    let feed = state.withLock { $0.feeds[run]?.feed }
    return feed?.isCurrent(behind: sequence) { _ in true } ?? false
  }

  /// Whether nothing is known of an organization's events behind a number that are wanted. False when nobody
  /// reads them yet.
  public func isCurrent(
    _ organization: Identifier, flow: Identifier?, behind sequence: Int,
    where isWanted: (StreamEvent) -> Bool
  ) -> Bool {
    let feed = state.withLock { $0.streams[organization]?[flow]?.feed }
    return feed?.isCurrent(behind: sequence, where: isWanted) ?? false
  }

  /// The number of the last event in an organization's stream: what is read after this call shows at least
  /// what these events tell.
  public func streamEnd(of organization: Identifier) async throws -> Int {
    try await StreamSource(organization: organization, flow: nil, database: database).end()?.last ?? 0
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
  public func observe(_ observer: @escaping @Sendable (RunReference) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// Calls for each transition that this process has stored, before the hint that there are new events.
  func observeTransitions(_ observer: @escaping @Sendable (RunReference, RunTransition) -> Void) {
    state.withLock { $0.transitionObservers.append(observer) }
  }

  func stored(_ transition: RunTransition, of run: RunReference) {
    for observer in state.withLock({ $0.transitionObservers }) { observer(run, transition) }
  }

  func receive(_ hint: RunChannel.Hint) {
    switch hint.verb {
    case .events:
      let (feed, observers, isWatched) = state.withLock { state in
        let isWatched = state.streams[hint.run.organizationID] != nil
        return (state.feeds[hint.run]?.feed, state.observers, isWatched)
      }
      feed?.hint()
      for observer in observers { observer(hint.run) }
      if isWatched { lookAtStream(of: hint.run.organizationID) }
    case .stream: lookAtStream(of: hint.run.organizationID)
    case .queued: tell(.queued)
    case .cancel: tell(.cancelRequested(hint.run))
    case .signal: tell(.signalled(hint.run))
    }
  }

  /// Something may have been missed: everything is looked at.
  private func wakeAll() {
    let (feeds, streams) = state.withLock { ($0.feeds.values.map(\.feed), Array($0.streams.keys)) }
    for feed in feeds { feed.hint() }
    for organization in streams { lookAtStream(of: organization) }
    tell(.queued)
  }

  private func tell(_ signal: RunSignal) {
    let continuations = state.withLock { Array($0.signals.values) }
    for continuation in continuations { continuation.yield(signal) }
  }
}

// MARK: - Feeds

extension RunEventHub {
  /// Numbers what an organization's outbox has, and reads it, when its stream is watched.
  private func lookAtStream(of organization: Identifier) {
    guard state.withLock({ $0.streams[organization] != nil }) else { return }
    sequencer.wake(organization) { [weak self] in self?.read(organization) }
  }

  /// The stream has new events, or may have. Of many flows that are watched those read that have some.
  private func read(_ organization: Identifier) {
    let streams = state.withLock { $0.streams[organization] ?? [:] }.mapValues(\.feed)
    streams[nil]?.hint()
    let flows = streams.filter { $0.key != nil }
    let tails = flows.values.compactMap { $0.position?.tail }
    guard flows.count > 1, tails.count == flows.count, let last = tails.min() else {
      for feed in flows.values { feed.hint() }
      return
    }
    Task { await read(flows, of: organization, behind: last) }
  }

  private func read(
    _ flows: [Identifier?: EventFeed<StreamSource>], of organization: Identifier, behind last: Int
  ) async {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.int8(Int64(last))
    }
    // When the database is away the next round or the poll does it.
    guard let rows = try? await database.query(StreamSQL.changedFlows, parameters),
      let end = rows.int8(0, 1).map({ Int($0) })
    else { return }
    let changed = Set(rows.uuidArray(0, 0)?.map(\.identifier) ?? [])
    let isFull = rows.bool(0, 2) ?? false
    for case (let flow?, let feed) in flows {
      if isFull || changed.contains(flow) { feed.hint() } else { feed.skip(behind: last, to: end) }
    }
  }

  /// The feed of an organization or of a flow, for one more reader.
  fileprivate func join(_ organization: Identifier, _ flow: Identifier?) -> EventFeed<StreamSource> {
    let (feed, mustPoll) = state.withLock { state in
      let source = StreamSource(organization: organization, flow: flow, database: database)
      var watched =
        state.streams[organization]?[flow] ?? WatchedStream(feed: EventFeed(source, budget: budget))
      watched.readers += 1
      state.streams[organization, default: [:]][flow] = watched
      defer { state.isPolling = true }
      return (watched.feed, !state.isPolling)
    }
    if mustPoll { startPolling() }
    lookAtStream(of: organization)
    return feed
  }

  fileprivate func leave(_ organization: Identifier, _ flow: Identifier?) {
    state.withLock { state in
      state.streams[organization]?[flow]?.readers -= 1
      if state.streams[organization]?[flow]?.readers == 0 { state.streams[organization]?[flow] = nil }
      if state.streams[organization]?.isEmpty == true { state.streams[organization] = nil }
    }
  }

  /// The feed of a run, for one more reader.
  fileprivate func join(_ run: RunReference) -> EventFeed<RunSource> {
    let (feed, mustPoll) = state.withLock { state in
      var watched =
        state.feeds[run] ?? Watched(feed: EventFeed(RunSource(run: run, database: database), budget: budget))
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
        guard let self, let (feeds, streams) = feedsToPoll() else { return }
        for organization in streams { lookAtStream(of: organization) }
        await look(at: feeds)
      }
    }
  }

  /// Nil when there is nothing to poll any more.
  private func feedsToPoll() -> (runs: [EventFeed<RunSource>], organizations: [Identifier])? {
    state.withLock { state in
      guard state.feeds.isEmpty, state.streams.isEmpty else {
        return (state.feeds.values.map(\.feed), Array(state.streams.keys))
      }
      state.isPolling = false
      return nil
    }
  }

  /// One statement for a thousand runs of an organization.
  private func look(at feeds: [EventFeed<RunSource>]) async {
    for (organization, feeds) in Dictionary(grouping: feeds, by: \.source.run.organizationID) {
      var rest = feeds[...]
      while !rest.isEmpty {
        let part = rest.prefix(1000)
        rest = rest.dropFirst(1000)
        let parameters = keyParameters(organization, part.map(\.source.run.runID))
        // When the database is away the next round finds out.
        guard let rows = try? await database.query(EventReads.end, parameters) else { return }
        var ends: [Identifier: (last: Int, isOver: Bool)] = [:]
        for row in 0..<rows.rowCount {
          if let id = rows.uuid(row, 2), let last = rows.int(row, 0) {
            ends[id.identifier] = (last, rows.bool(row, 1) ?? false)
          }
        }
        for feed in part {
          guard let position = feed.position, let end = ends[feed.source.run.runID] else { continue }
          if end.last > position.tail || end.isOver != position.isOver { feed.hint() }
        }
      }
    }
  }
}

/// A stored event of a run.
public struct NumberedEvent: Sequenced, Equatable {
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
    let registration = FeedRegistration(hub.join(run)) { [hub, run] in hub.leave(run) }
    return Iterator(reader: FeedReader(registration, behind: sequence))
  }

  /// Ends behind the last event of a run that is over, or when there is no such run.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate var reader: FeedReader<RunSource>

    public mutating func next() async throws -> NumberedEvent? { try await reader.next() }
  }
}

/// The events of an organization, or of a flow's runs, handed out when they are asked for. They do not end.
public struct OrganizationEvents: AsyncSequence, Sendable {
  public typealias Element = StreamEvent

  fileprivate let hub: RunEventHub
  fileprivate let organization: Identifier
  fileprivate let flow: Identifier?
  fileprivate let sequence: Int

  public func makeAsyncIterator() -> Iterator {
    let registration = FeedRegistration(hub.join(organization, flow)) { [hub, organization, flow] in
      hub.leave(organization, flow)
    }
    return Iterator(reader: FeedReader(registration, behind: sequence))
  }

  /// Throws `StreamExpired` when events behind the number are not stored any more.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate var reader: FeedReader<StreamSource>

    public mutating func next() async throws -> StreamEvent? { try await reader.next() }
  }
}
