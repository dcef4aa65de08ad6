import Flows
import Postgres
import Synchronization

/// Where a process hears that runs have changed, from itself and from others, and where subscribers to a
/// run's events wait for the next.
///
/// A subscriber reads everything behind its cursor, waits for a hint about its run, and reads again; the
/// numbers make a gap or a repeat impossible. A poll stands behind the hints.
public final class RunEventHub: RunSignals, Sendable {
  private struct State {
    var waiting: [RunReference: [UInt64: RunBell]] = [:]
    var signals: [UInt64: AsyncStream<RunSignal>.Continuation] = [:]
    var nextID: UInt64 = 0
  }

  private let database: Database
  private let pollInterval: Duration
  private let state = Mutex(State())
  private let listener = Mutex<NotificationListener?>(nil)

  /// - Parameter pollInterval: how long a subscriber trusts the hints before it looks for itself.
  public init(_ database: Database, pollInterval: Duration = .seconds(2)) {
    self.database = database
    self.pollInterval = pollInterval
  }

  /// Begins to listen to other processes. The database must be started.
  public func start() {
    let made = database.listen(to: [RunChannel.name]) { [weak self] event in
      switch event {
      case .notification(_, let payload):
        for hint in RunChannel.hints(payload) { self?.receive(hint) }
      case .listening: self?.wakeAll()
      case .disconnected: break
      }
    }
    listener.withLock { $0 = made }
  }

  /// Stops listening and ends all signals. Before the database is shut down.
  public func stop() async {
    let made = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    await made?.stop()
    let signals = state.withLock { state in
      defer { state.signals = [:] }
      return Array(state.signals.values)
    }
    for signal in signals { signal.finish() }
  }

  /// A run's events behind a number, until the run is over.
  public func events(of run: RunReference, after sequence: Int) -> RunEvents {
    RunEvents(hub: self, database: database, run: run, sequence: sequence, pollInterval: pollInterval)
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

  func receive(_ hint: RunChannel.Hint) {
    switch hint.verb {
    case .events:
      let bells = state.withLock { Array(($0.waiting[hint.run] ?? [:]).values) }
      for bell in bells { bell.ring() }
    case .queued: tell(.queued)
    case .cancel: tell(.cancelRequested(hint.run))
    }
  }

  /// Something may have been missed: everyone looks for himself.
  private func wakeAll() {
    let bells = state.withLock { $0.waiting.values.flatMap { Array($0.values) } }
    for bell in bells { bell.ring() }
    tell(.queued)
  }

  private func tell(_ signal: RunSignal) {
    let continuations = state.withLock { Array($0.signals.values) }
    for continuation in continuations { continuation.yield(signal) }
  }

  fileprivate func register(_ bell: RunBell, for run: RunReference) -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      state.waiting[run, default: [:]][state.nextID] = bell
      return state.nextID
    }
  }

  fileprivate func remove(_ id: UInt64, for run: RunReference) {
    state.withLock { state in
      state.waiting[run]?[id] = nil
      if state.waiting[run]?.isEmpty ?? false { state.waiting[run] = nil }
    }
  }
}

/// A stored event of a run.
public struct NumberedEvent: Sendable, Equatable {
  /// From 1, without a gap.
  public var sequence: Int
  public var event: RunEvent
}

/// The events of one run, read when they are asked for: a slow reader holds nothing up and buffers one
/// stretch at most.
public struct RunEvents: AsyncSequence, Sendable {
  public typealias Element = NumberedEvent

  fileprivate let hub: RunEventHub
  fileprivate let database: Database
  fileprivate let run: RunReference
  fileprivate let sequence: Int
  fileprivate let pollInterval: Duration

  public func makeAsyncIterator() -> Iterator {
    Iterator(events: self, registration: Registration(hub: hub, run: run), last: sequence)
  }

  /// Reads stretch by stretch. Ends behind the last event of a run that is over, or when there is no such
  /// run.
  public struct Iterator: AsyncIteratorProtocol {
    /// Events read at once.
    static let stretch = 200

    fileprivate let events: RunEvents
    fileprivate let registration: Registration
    fileprivate var last: Int
    private var buffer: ArraySlice<NumberedEvent> = []
    private var isOver = false

    fileprivate init(events: RunEvents, registration: Registration, last: Int) {
      self.events = events
      self.registration = registration
      self.last = last
    }

    public mutating func next() async throws -> NumberedEvent? {
      while buffer.isEmpty {
        if isOver { return nil }
        registration.bell.reset()
        buffer = try await read()[...]
        if buffer.isEmpty, try await hasReadAll() {
          if isOver { return nil }
          try await registration.bell.wait(atMost: events.pollInterval)
        }
      }
      let event = buffer.removeFirst()
      if case .finished = event.event.kind { isOver = true }
      return event
    }

    /// Whether nothing lies behind what was read last; notes the end of a run that is over or does not exist.
    private mutating func hasReadAll() async throws -> Bool {
      let key = keyParameters(events.run.organizationID, [events.run.runID])
      let rows = try await events.database.query(EventReads.end, key)
      guard rows.rowCount == 1, let end = rows.int(0, 0) else {
        isOver = true
        return true
      }
      guard end <= last else { return false }
      isOver = rows.bool(0, 1) ?? false
      return true
    }

    /// The next stretch. An event of a kind that this program does not know is left out: a newer one wrote
    /// it.
    private mutating func read() async throws -> [NumberedEvent] {
      let parameters = EventReads.parameters(events.run, after: last, limit: Iterator.stretch)
      let rows = try await events.database.query(EventReads.after, parameters)
      var stretch: [NumberedEvent] = []
      for row in 0..<rows.rowCount {
        guard let sequence = rows.int(row, 0) else { continue }
        last = sequence
        guard let name = rows.string(row, 1), let data = rows.jsonBytes(row, 2),
          let at = rows.microseconds(row, 3),
          let kind = RunEvent.Kind(name: name, payload: try JSONValue(parsing: data))
        else { continue }
        stretch.append(
          NumberedEvent(sequence: sequence, event: RunEvent(at: Instant(microseconds: at), kind)))
      }
      return stretch
    }
  }

  /// Keeps a bell registered while an iterator lives.
  fileprivate final class Registration: Sendable {
    let bell = RunBell()
    private let hub: RunEventHub
    private let run: RunReference
    private let id: UInt64

    init(hub: RunEventHub, run: RunReference) {
      self.hub = hub
      self.run = run
      id = hub.register(bell, for: run)
    }

    deinit { hub.remove(id, for: run) }
  }
}

/// Wakes one waiting reader; a ring before the wait is not lost.
final class RunBell: Sendable {
  private struct State {
    var hasRung = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func reset() { state.withLock { $0.hasRung = false } }

  func ring() {
    let waiter = state.withLock { state in
      state.hasRung = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Returns when it rings, or after a time. Throws when the task is cancelled.
  func wait(atMost duration: Duration) async throws {
    let timer = Task {
      try await Task.sleep(for: duration)
      ring()
    }
    defer { timer.cancel() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isFree = state.withLock { state in
          if state.hasRung || Task.isCancelled { return true }
          state.waiter = continuation
          return false
        }
        if isFree { continuation.resume() }
      }
    } onCancel: {
      ring()
    }
    try Task.checkCancellation()
  }
}
