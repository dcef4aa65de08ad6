import CPostgres
import Logging
import UVLoop

/// One libpq connection that is made without blocking, watched by the loop, and made again when it breaks.
/// Owned by a pool's connection or a listener.
///
/// `@unchecked Sendable`: used on the loop's thread only.
final class Link: @unchecked Sendable {
  private let loop: UVLoop
  private let options: ConnectionOptions
  private let connectTimeoutMilliseconds: UInt64
  private let logger: Logger
  private var machine: LinkStateMachine
  private var timer: UVTimer?
  private var poll: UVPoll?
  /// Told apart from earlier attempts, whose threads may still come back.
  private(set) var generation = 0

  /// libpq's connection, while there is one.
  private(set) var handle: OpaquePointer?

  /// The connection can be used. Set by the owner before `open`, as the next two.
  var onReady: (_ isReconnect: Bool) -> Void = { _ in }
  /// The connection is about to be closed and made again.
  var onLost: (PostgresError) -> Void = { _ in }
  /// The socket of a ready connection can be read or written.
  var onEvents: (UVPoll.Events) -> Void = { _ in }

  init(_ loop: UVLoop, _ context: PoolContext) {
    self.loop = loop
    options = context.options
    logger = context.logger
    let configuration = context.configuration
    connectTimeoutMilliseconds = UInt64(configuration.connectTimeout.wholeMilliseconds)
    machine = LinkStateMachine(
      baseMilliseconds: UInt64(configuration.reconnectBase.wholeMilliseconds),
      limitMilliseconds: UInt64(configuration.reconnectLimit.wholeMilliseconds))
  }

  var isReady: Bool { machine.isReady }

  func open() {
    timer = UVTimer(loop) { [self] in
      perform(
        machine.timerFired(jitter: .random(in: 0...1)), PostgresError(.timeout, message: "connect timeout"))
    }
    perform(machine.open())
  }

  /// The owner found it broken: closes it and comes back later.
  func fail(_ error: PostgresError) {
    perform(machine.lost(jitter: .random(in: 0...1)), error)
  }

  /// Closes it for good, and lets go of the owner: until then the two keep each other alive.
  func close() {
    perform(machine.close())
    onReady = { _ in }
    onLost = { _ in }
    onEvents = { _ in }
  }

  /// What the owner waits for; reading always, since the server may speak unasked.
  func watch(writable: Bool) {
    poll?.watch(writable ? [.readable, .writable] : .readable)
  }

  private func perform(_ action: LinkStateMachine.Action?, _ error: PostgresError? = nil) {
    switch action {
    case nil: break
    case .start: start()
    case .awaitReadable: watchSocket(.readable)
    case .awaitWritable: watchSocket(.writable)
    case .becomeReady(let isReconnect): becomeReady(isReconnect)
    case .waitAndRetry(let milliseconds, let tellsOwner):
      let reason = error ?? PostgresError(connection: handle)
      // One warning per outage; who was never connected tells its callers, and the attempts that follow are
      // for whoever looks closer.
      logger.log(
        level: tellsOwner ? .warning : .debug, "no connection to Postgres",
        metadata: [
          "reason": "\(reason.message)", "retry_ms": "\(milliseconds)", "was_connected": "\(tellsOwner)",
        ])
      if tellsOwner { onLost(reason) }
      discard()
      timer?.schedule(afterMilliseconds: milliseconds)
    case .close:
      discard()
      timer?.close()
      timer = nil
    }
  }
}

// MARK: - Connecting

extension Link {
  /// On a thread of its own, because it may look a name up: "If hostaddr is not specified … PQconnectStart …
  /// might block" (manual § 34.1).
  private func start() {
    timer?.schedule(afterMilliseconds: connectTimeoutMilliseconds)
    generation += 1
    let attempt = generation
    let options = options
    NativeThread.start { [self] in
      let connection = HandedOver(pointer: options.withCStrings { PQconnectStartParams($0, $1, 0) })
      let isAccepted = loop.execute { self.started(attempt, connection.pointer) }
      if !isAccepted { PQfinish(connection.pointer) }
    }
  }

  private func started(_ attempt: Int, _ connection: OpaquePointer?) {
    guard attempt == generation, timer != nil else { return PQfinish(connection) }
    handle = connection
    let isUsable = connection != nil && PQstatus(connection) != CONNECTION_BAD
    perform(machine.started(isUsable: isUsable, jitter: .random(in: 0...1)))
  }

  private func watchSocket(_ events: UVPoll.Events) {
    let descriptor = PQsocket(handle)
    do {
      let poll = try UVPoll(loop, fileDescriptor: descriptor) { [self] events in
        if machine.isReady { onEvents(events) } else { pollConnection() }
      }
      poll.watch(events)
      self.poll = poll
    } catch {
      perform(
        machine.polled(.failed, jitter: .random(in: 0...1)),
        PostgresError(.connectionLost, message: "\(error)"))
    }
  }

  /// "do not assume that the socket remains the same across PQconnectPoll calls": so the watch ends before
  /// each.
  private func pollConnection() {
    poll?.close()
    poll = nil
    let status: LinkStateMachine.PollStatus =
      switch PQconnectPoll(handle) {
      case PGRES_POLLING_READING: .reading
      case PGRES_POLLING_WRITING: .writing
      case PGRES_POLLING_OK: .ok
      default: .failed
      }
    perform(machine.polled(status, jitter: .random(in: 0...1)))
  }

  private func becomeReady(_ isReconnect: Bool) {
    timer?.cancel()
    // § 34.4 `PQsetnonblocking`: "In the nonblocking state, calls to PQputline, PQputnbytes, … PQflush … will
    // not block but instead return an error if they need to be called again."
    PQsetnonblocking(handle, 1)
    // The default writes notices to standard error.
    PQsetNoticeReceiver(handle, { _, _ in }, nil)
    watchSocket(.readable)
    if poll != nil { onReady(isReconnect) }
  }

  /// The poll ends before libpq closes the descriptor.
  private func discard() {
    generation += 1
    poll?.close()
    poll = nil
    if let handle { PQfinish(handle) }
    handle = nil
  }
}

/// A pointer that one thread gives up and another takes over.
struct HandedOver: @unchecked Sendable {
  let pointer: OpaquePointer?
}

extension ConnectionOptions {
  /// Null-terminated arrays of C strings, valid during the call.
  func withCStrings<Answer>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Answer
  ) -> Answer {
    var text: [CChar] = []
    var offsets: [Int] = []
    for word in values.map(\.keyword) + values.map(\.value) {
      offsets.append(text.count)
      text.append(contentsOf: word.utf8CString)
    }
    return text.withUnsafeBufferPointer { text in
      let words = offsets.map { offset in text.baseAddress.map { $0 + offset } }
      let contents = words.prefix(values.count) + [nil] + words.suffix(values.count) + [nil]
      return Array(contents).withUnsafeBufferPointer { contents in
        guard let first = contents.baseAddress else {
          preconditionFailure("an array with terminators is not empty")
        }
        return body(first, first + values.count + 1)
      }
    }
  }
}
