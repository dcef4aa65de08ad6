import SandboxWire

/// What one child was sent and has not answered, as a value without sockets. The child answers in order, so
/// the first is what it runs now, and the only one that can be guilty of what the child does.
struct Flight {
  /// What the supervisor measured about the child.
  struct Measurement {
    var now: ContinuousClock.Instant
    /// Processor time of the whole child since it started.
    var processorTime: Duration
    var residentBytes: Int
    /// Processor time of the thread that runs the scripts; nil where it is not known.
    var scriptTime: Duration?
  }

  private struct Entry {
    let id: UInt64
    let ticket: Ticket
  }

  private let bounds: LaneBounds
  private var entries: [Entry] = []
  private var nextID: UInt64 = 1
  private var headStarted: Measurement?

  init(bounds: LaneBounds) { self.bounds = bounds }

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }
  var hasRoom: Bool { entries.count < bounds.window }

  /// Admits `ticket` and gives its number.
  mutating func admit(_ ticket: Ticket, at measurement: Measurement) -> UInt64 {
    defer { nextID += 1 }
    entries.append(Entry(id: nextID, ticket: ticket))
    if entries.count == 1 { headStarted = measurement }
    return nextID
  }

  /// What the thread of the scripts has used for the first; nil where it is not known.
  func scriptTime(until measurement: Measurement) -> Duration? {
    guard let now = measurement.scriptTime, let before = headStarted?.scriptTime else { return nil }
    return now - before
  }

  /// The ticket that an answer belongs to; nil when the child answers what it was not asked.
  mutating func answered(_ id: UInt64, at measurement: Measurement) -> Ticket? {
    guard let first = entries.first, first.id == id else { return nil }
    entries.removeFirst()
    headStarted = measurement
    return first.ticket
  }

  /// Why the child must be killed now; nil when all is well.
  func verdict(_ measurement: Measurement, memoryLimitBytes: Int) -> SandboxError? {
    guard let first = entries.first, let started = headStarted else { return nil }
    if measurement.residentBytes > memoryLimitBytes { return .outOfMemory }
    // The child ends a script by itself after its time; this is for what it cannot interrupt. Collecting
    // garbage uses more threads than one, hence of all of them twice the time, but no more than 0.7 s beyond
    // it: a second's limit shall end within two. The wall bound is for a child that was stopped.
    let limit = bounds.limit(of: first.ticket)
    if let time = scriptTime(until: measurement), time > limit + bounds.grace { return .timedOut }
    let bound = min(limit * 2, limit + .milliseconds(700)) + .milliseconds(200)
    if measurement.processorTime - started.processorTime > bound { return .timedOut }
    if started.now.duration(to: measurement.now) > bound * 5 + .seconds(5) { return .timedOut }
    return nil
  }

  /// The child is dead. Fails the guilty request and gives back the others, to be sent to another child.
  /// - Parameters:
  ///   - cause: why it was killed; nil when it died by itself or by a stranger.
  ///   - fail: what becomes of the guilty one.
  mutating func died(
    of cause: SandboxError?, fail: (Ticket, SandboxError) -> Void = { $0.finish(.failure($1)) }
  ) -> [Ticket] {
    defer {
      entries = []
      headStarted = nil
    }
    guard let head = entries.first?.ticket else { return [] }
    if let cause {
      fail(head, cause)
      return entries.dropFirst().map(\.ticket).filter { !$0.isFinished }
    }
    if head.deaths.add(1, ordering: .relaxed).newValue >= 2 {
      head.finish(.failure(.crashed))
    }
    return entries.map(\.ticket).filter { !$0.isFinished }
  }
}
