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

  /// Requests that may be in a child at the same time: enough to keep it busy, few enough to send again.
  static let window = 16
  /// How much longer than its limit the thread of the scripts may compute: the child looks at its clock every
  /// 10 ms, and begins with the request before ours.
  private let grace = Duration.milliseconds(300)

  private struct Entry {
    let id: UInt64
    let ticket: Ticket
  }

  private var entries: [Entry] = []
  private var nextID: UInt64 = 1
  private var headStarted: Measurement?

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }
  var hasRoom: Bool { entries.count < Self.window }

  /// Admits `ticket` and gives its number.
  mutating func admit(_ ticket: Ticket, at measurement: Measurement) -> UInt64 {
    defer { nextID += 1 }
    entries.append(Entry(id: nextID, ticket: ticket))
    if entries.count == 1 { headStarted = measurement }
    return nextID
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
    let limit = first.ticket.processorTime
    if let now = measurement.scriptTime, let before = started.scriptTime, now - before > limit + grace {
      return .timedOut
    }
    let bound = min(limit * 2, limit + .milliseconds(700)) + .milliseconds(200)
    if measurement.processorTime - started.processorTime > bound { return .timedOut }
    if started.now.duration(to: measurement.now) > bound * 5 + .seconds(5) { return .timedOut }
    return nil
  }

  /// The child is dead. Fails the guilty request and gives back the others, to be sent to another child.
  /// - Parameter cause: why it was killed; nil when it died by itself or by a stranger.
  mutating func died(of cause: SandboxError?) -> [Ticket] {
    defer {
      entries = []
      headStarted = nil
    }
    guard let head = entries.first?.ticket else { return [] }
    if let cause {
      head.finish(.failure(cause))
    } else if head.deaths.add(1, ordering: .relaxed).newValue >= 2 {
      head.finish(.failure(.crashed))
    }
    return entries.map(\.ticket).filter { !$0.isFinished }
  }
}
