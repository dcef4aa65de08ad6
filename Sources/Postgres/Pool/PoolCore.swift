import Logging
import UVLoop

/// The pool's part on the loop's thread: it lets the state machine decide and the connections act.
///
/// `@unchecked Sendable`: made anywhere, used on the loop's thread only.
final class PoolCore: @unchecked Sendable {
  private let loop: UVLoop
  private let context: PoolContext
  private var machine: PoolStateMachine
  private var connections: [Connection] = []
  private var ticker: UVTimer?
  private var keyed = KeyedReads()
  private var shared: [UInt64: SharedRead] = [:]
  /// Keyed reads that go with the end of the batch: not amid the results of a connection, for libpq moves its
  /// own queue on when something is sent between a result and its null pointer while the pipeline is aborted.
  private var outgoing: [Request] = []
  private var isClosed = false
  private var shutdown: (deadline: UInt64, completion: @Sendable () -> Void)?

  /// How often deadlines are looked at while something waits or is under way.
  private static let tickMilliseconds: UInt64 = 20

  init(_ loop: UVLoop, _ context: PoolContext) {
    self.loop = loop
    self.context = context
    let configuration = context.configuration
    machine = PoolStateMachine(
      .init(
        connections: configuration.poolSize, depth: max(1, configuration.pipelineDepth),
        queue: configuration.queueLimit, leases: configuration.leaseLimit,
        acquireMilliseconds: UInt64(configuration.acquireDeadline.wholeMilliseconds)))
  }

  /// What other threads ask for, in the order of asking.
  enum Message: Sendable {
    case open
    case submit(Request)
    case read(KeyedRead, StatementCall)
    case cancel(UInt64)
    case release(UInt64)
    case shutdown(deadlineMilliseconds: UInt64, @Sendable () -> Void)
  }

  func receive(_ messages: [Message]) {
    for message in messages {
      switch message {
      case .open: open()
      case .submit(let request): submit(request)
      case .read(let read, let call): submit(read, call)
      case .cancel(let id): cancel(id)
      case .release(let lease): release(lease)
      case .shutdown(let milliseconds, let completion):
        machine.close()
        shutdown = (loop.nowMilliseconds + milliseconds, completion)
      }
    }
    endBatch()
  }

  private func open() {
    guard connections.isEmpty, !isClosed else { return }
    ticker = UVTimer(loop) { [self] in tick() }
    connections = (0..<max(1, context.configuration.poolSize)).map { Connection($0, self, loop, context) }
    for connection in connections { connection.link.open() }
  }

  private func submit(_ request: Request) {
    if isClosed { return answer(request, .failure(PostgresError(.closed))) }
    guard request.parameters.count <= Parameters.limit else {
      return answer(request, .failure(PostgresError(.invalidUse, message: "more than 65,535 parameters")))
    }
    open()
    switch machine.submit(request, now: loop.nowMilliseconds) {
    case .slot(let slot): connections[slot].submit(request)
    case .queued: break
    case .refused(let error): answer(request, .failure(error))
    }
  }

  private func cancel(_ id: UInt64) {
    if !cancelRead(id) { stop(id) }
  }

  private func stop(_ id: UInt64) {
    if let request = machine.withdraw(id) {
      return answer(request, .failure(PostgresError(.cancelled)))
    }
    for connection in connections where !connection.isEmpty { connection.stop(id) }
  }

  private func release(_ lease: UInt64) {
    guard let slot = machine.release(lease) else { return }
    if !connections[slot].isClean {
      connections[slot].link.fail(PostgresError(.connectionLost, message: "a transaction was left open"))
    }
  }

  /// Sends what can go now, and hands each connection's output to the system: after a batch of messages, and
  /// when results came in, so that something that waits may have its turn.
  func endBatch() {
    while !outgoing.isEmpty {
      let requests = outgoing
      outgoing = []
      for request in requests { submit(request) }
    }
    while let (request, slot) = machine.next() { connections[slot].submit(request) }
    machine.endBatch()
    for connection in connections where !connection.isEmpty { connection.endBatch() }
    publish()
    keepTicking()
    endShutdownIfDone()
  }

  private func publish() {
    context.counters.inFlight.set(machine.inFlightCount)
    context.counters.waiting.set(machine.waitingCount)
  }
}

// MARK: - Keyed reads

extension PoolCore {
  private func submit(_ read: KeyedRead, _ call: StatementCall) {
    guard keyed.waitingCount < context.configuration.queueLimit else {
      return read.completion(.failure(PostgresError(.queueFull)))
    }
    send(keyed.submit(read), call)
  }

  /// Sends reads as one statement, under the number of the first.
  private func send(_ reads: [KeyedRead], _ call: StatementCall) {
    guard let first = reads.first else { return }
    let shared = SharedRead(id: first.id, reads, lane: first.lane)
    self.shared[shared.id] = shared
    outgoing.append(
      Request(id: shared.id, kind: .read, call.with(shared.parameters)) { [self] outcome in
        finish(shared, call, outcome)
      })
  }

  private func finish(_ shared: SharedRead, _ call: StatementCall, _ outcome: Result<RowBatch, PostgresError>)
  {
    self.shared[shared.id] = nil
    send(keyed.finished(shared.lane), call)
    if case .failure(let error) = outcome, error.code == .server, shared.reads.count > 1 {
      // Whose keys the server does not like is not known: each is asked for alone.
      return shared.reads.forEach { ask(alone: $0, call) }
    }
    for read in shared.reads { read.completion(outcome) }
  }

  private func ask(alone read: KeyedRead, _ call: StatementCall) {
    let parameters = SharedRead(id: read.id, [read], lane: read.lane).parameters
    outgoing.append(Request(id: read.id, kind: .read, call.with(parameters), completion: read.completion))
  }

  /// Answers a keyed read that nobody waits for any more; the statement is stopped when it was the last
  /// one's.
  private func cancelRead(_ id: UInt64) -> Bool {
    if let read = keyed.withdraw(id) {
      read.completion(.failure(PostgresError(.cancelled)))
      return true
    }
    for shared in shared.values {
      guard let read = shared.withdraw(id) else { continue }
      read.completion(.failure(PostgresError(.cancelled)))
      if shared.reads.isEmpty { stop(shared.id) }
      return true
    }
    return false
  }
}

// MARK: - Told by connections

extension PoolCore {
  /// A request no longer occupies its connection; its caller is answered unless that was done before.
  func finish(_ request: Request, on slot: Int, _ outcome: Result<RowBatch, PostgresError>?) {
    machine.finished(request, slot: slot)
    if let outcome { answer(request, outcome) }
  }

  /// Answers the caller.
  func answer(_ request: Request, _ outcome: Result<RowBatch, PostgresError>) {
    publish()
    if let observer = context.observer, let submittedAt = request.submittedAt {
      let rows = (try? outcome.get()).map { $0.columnCount > 0 ? $0.rowCount : $0.affectedRows } ?? 0
      observer(request.statement, rows, submittedAt.duration(to: .now))
    }
    request.completion(outcome)
  }

  func connectionBecameReady(_ slot: Int) {
    machine.becameReady(slot)
    endBatch()
  }

  func connectionLost(_ slot: Int) { machine.lost(slot) }

  func setQuarantined(_ slot: Int, _ isQuarantined: Bool) { machine.setQuarantined(slot, isQuarantined) }
}

// MARK: - Time

extension PoolCore {
  private var hasWork: Bool { !machine.isIdle || shutdown != nil || connections.contains { !$0.isEmpty } }

  private func keepTicking() {
    guard let ticker, !ticker.isScheduled, hasWork else { return }
    ticker.schedule(
      afterMilliseconds: PoolCore.tickMilliseconds, everyMilliseconds: PoolCore.tickMilliseconds)
  }

  private func tick() {
    for (request, error) in machine.expire(now: loop.nowMilliseconds) { answer(request, .failure(error)) }
    for connection in connections where !connection.isEmpty { connection.tick() }
    endBatch()
    if !hasWork { ticker?.cancel() }
  }

  private func endShutdownIfDone() {
    guard let shutdown, machine.isIdle || loop.nowMilliseconds >= shutdown.deadline else { return }
    self.shutdown = nil
    isClosed = true
    for request in machine.takeWaiting() { answer(request, .failure(PostgresError(.closed))) }
    for connection in connections { connection.close() }
    connections = []
    ticker?.close()
    ticker = nil
    shutdown.completion()
  }
}
