/// How a connection is made, kept and made again: the steps of libpq's non-blocking connect (manual § 34.1,
/// `PQconnectStartParams`) and the back-off between attempts. A value without sockets or clocks; `Link` acts.
struct LinkStateMachine {
  enum Action: Equatable {
    /// Begin an attempt (`PQconnectStart`), and set the timer to the connect timeout.
    case start
    /// Wait until the socket can be read.
    case awaitReadable
    /// Wait until the socket can be written.
    case awaitWritable
    /// Hand the connection to its owner.
    case becomeReady(isReconnect: Bool)
    /// Close what there is of the connection, tell the owner if it had it, and set the timer.
    case waitAndRetry(milliseconds: UInt64, tellsOwner: Bool)
    /// Close everything for good.
    case close
  }

  /// What `PQconnectPoll` returns.
  enum PollStatus { case reading, writing, ok, failed }

  private enum State { case created, connecting, ready, waiting, closed }

  private var state = State.created
  /// Attempts in a row that ended without a connection, and the loss before them.
  private(set) var failures = 0
  private var hasBeenReady = false
  private let baseMilliseconds: UInt64
  private let limitMilliseconds: UInt64

  init(baseMilliseconds: UInt64, limitMilliseconds: UInt64) {
    self.baseMilliseconds = max(1, baseMilliseconds)
    self.limitMilliseconds = max(1, limitMilliseconds)
  }

  var isReady: Bool { state == .ready }

  mutating func open() -> Action? {
    guard state == .created else { return nil }
    state = .connecting
    return .start
  }

  /// "PQconnectStart … behave as if PQconnectPoll last returned PGRES_POLLING_WRITING".
  mutating func started(isUsable: Bool, jitter: Double) -> Action? {
    guard state == .connecting else { return nil }
    return isUsable ? .awaitWritable : retry(jitter)
  }

  mutating func polled(_ status: PollStatus, jitter: Double) -> Action? {
    guard state == .connecting else { return nil }
    switch status {
    case .reading: return .awaitReadable
    case .writing: return .awaitWritable
    case .failed: return retry(jitter)
    case .ok:
      state = .ready
      failures = 0
      defer { hasBeenReady = true }
      return .becomeReady(isReconnect: hasBeenReady)
    }
  }

  /// The timer: an attempt that took too long, or the end of a wait.
  mutating func timerFired(jitter: Double) -> Action? {
    switch state {
    case .connecting: return retry(jitter)
    case .waiting:
      state = .connecting
      return .start
    case .created, .ready, .closed: return nil
    }
  }

  /// The owner found the connection broken.
  mutating func lost(jitter: Double) -> Action? {
    guard state == .ready else { return nil }
    return retry(jitter)
  }

  mutating func close() -> Action? {
    guard state != .closed else { return nil }
    state = .closed
    return .close
  }

  /// Exponential, with "equal jitter": between half of the wait and all of it, so that the processes of a
  /// fleet do not come back in step.
  /// - Parameter jitter: from 0 to 1.
  private mutating func retry(_ jitter: Double) -> Action {
    let tellsOwner = state == .ready
    state = .waiting
    let doubled = baseMilliseconds << UInt64(min(failures, 16))
    failures += 1
    let wait = Double(min(limitMilliseconds, doubled))
    return .waitAndRetry(milliseconds: UInt64(wait * (0.5 + jitter / 2)), tellsOwner: tellsOwner)
  }
}
