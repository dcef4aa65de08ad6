import CPostgres
import Logging
import UVLoop

/// One place of the pool: a link, what is under way on it, and libpq's calls between the two.
/// Owned by its `PoolCore`, on the loop's thread only.
///
/// `@unchecked Sendable`: the loop's thread is the only one that touches it.
final class Connection: @unchecked Sendable {
  let index: Int
  /// A cycle, which ends with `close`.
  private let core: PoolCore
  private let loop: UVLoop
  let link: Link
  private var machine: PipelineStateMachine<RowBatch>
  /// What may not be sent yet: behind a cancel request or a script.
  private var outbox = FIFO<(request: Request, attempt: Int)>()
  private let counters: Counters
  private var hasOutput = false

  init(_ index: Int, _ core: PoolCore, _ loop: UVLoop, _ context: PoolContext) {
    self.index = index
    self.core = core
    self.loop = loop
    counters = context.counters
    link = Link(loop, context)
    let configuration = context.configuration
    machine = PipelineStateMachine(
      .init(
        preparedStatements: configuration.preparedStatementLimit,
        statementMilliseconds: UInt64(configuration.statementDeadline.wholeMilliseconds),
        silenceMilliseconds: UInt64(configuration.silenceDeadline.wholeMilliseconds)))
    link.onReady = { [self] isReconnect in becomeReady(isReconnect) }
    link.onLost = { [self] error in lose(error) }
    link.onEvents = { [self] events in handle(events) }
  }

  /// Nothing is under way or waiting here.
  var isEmpty: Bool { machine.isEmpty && outbox.isEmpty }

  /// Out of any transaction and without anything under way: fit for the next user.
  var isClean: Bool { isEmpty && PQtransactionStatus(link.handle) == PQTRANS_IDLE }

  /// Sends a request, or keeps it until what is in the way is over.
  func submit(_ request: Request, attempt: Int = 0) {
    let mustWait =
      machine.isQuarantined || machine.isScripting || !outbox.isEmpty
      || (request.kind == .script && !machine.isEmpty)
    if mustWait { return outbox.append((request, attempt)) }
    if request.kind == .script { sendScript(request) } else { send(request, attempt) }
  }

  /// Ends a read group's segment and hands the output to the system: once for all that arrived together.
  func endBatch() {
    guard link.isReady else { return }
    if machine.closeSegment() { sync() }
    flush()
  }

  func stop(_ id: UInt64) {
    let unsent = outbox.removeAll { $0.request.id == id }
    for (request, _) in unsent { core.finish(request, on: index, .failure(PostgresError(.cancelled))) }
    if unsent.isEmpty { react(machine.stop(id, reason: .cancelled)) }
  }

  func tick() {
    for reaction in machine.tick(now: loop.nowMilliseconds) { react(reaction) }
  }
}

// MARK: - Sending

extension Connection {
  private func send(_ request: Request, _ attempt: Int) {
    let transmission = machine.submit(request, attempt: attempt, now: loop.nowMilliseconds)
    guard let handle = link.handle else { return }
    hasOutput = true
    if transmission.syncsFirst { sync() }
    var isSent = true
    for name in transmission.deallocations {
      counters.evictions.add(1)
      isSent = isSent && PQsendQueryParams(handle, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1) == 1
    }
    if !transmission.deallocations.isEmpty { sync() }
    if transmission.prepares {
      counters.prepares.add(1)
      isSent = isSent && prepare(request.statement, as: transmission.serverName, handle)
    }
    counters.statements.add(1)
    isSent = isSent && execute(request.parameters, transmission.serverName, handle)
    if transmission.syncs { sync() }
    if !isSent { link.fail(PostgresError(connection: handle)) }
  }

  private func prepare(_ statement: Statement, as name: String, _ handle: OpaquePointer) -> Bool {
    let types = statement.types.map(\.rawValue)
    return types.withUnsafeBufferPointer {
      PQsendPrepare(handle, name, statement.sql, Int32($0.count), $0.baseAddress) == 1
    }
  }

  private func execute(_ parameters: Parameters, _ name: String, _ handle: OpaquePointer) -> Bool {
    let count = parameters.count
    return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
        parameters.withCells { bytes, ends in
          var start = 0
          for index in 0..<count {
            let isNull = ends[index] & Parameters.nullBit != 0
            let end = Int(ends[index] & ~Parameters.nullBit)
            // An empty value needs an address all the same: a null pointer means NULL.
            let base = bytes.baseAddress ?? UnsafeRawPointer(values.baseAddress)
            let value = base?.advanced(by: start).assumingMemoryBound(to: CChar.self)
            values.initializeElement(at: index, to: isNull ? nil : value)
            numbers.initializeElement(at: index, to: Int32(truncatingIfNeeded: end - start))
            numbers.initializeElement(at: count + index, to: 1)
            start = end
          }
          let lengths = UnsafePointer(numbers.baseAddress)
          let formats = lengths.map { $0 + count }
          return PQsendQueryPrepared(
            handle, name, Int32(count), values.baseAddress, lengths, formats, 1) == 1
        }
      }
    }
  }

  /// § 34.5 `PQpipelineSync`: "Marks a synchronization point in a pipeline by sending a sync message and
  /// flushing the send buffer." In libpq 15 there is no way to have the one without the other.
  private func sync() {
    counters.syncs.add(1)
    PQpipelineSync(link.handle)
  }

  /// § 34.5.1: "PQsendQuery … not allowed in pipeline mode", so the pipeline, empty here, is left for a
  /// script.
  private func sendScript(_ request: Request) {
    machine.submitScript(request, now: loop.nowMilliseconds)
    counters.statements.add(1)
    guard let handle = link.handle else { return }
    hasOutput = true
    guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, request.statement.sql) == 1 else {
      return link.fail(PostgresError(connection: handle))
    }
  }

  /// § 34.4: "After sending any command or data on a nonblocking connection, call PQflush. If it returns 1,
  /// wait for the socket to become read- or write-ready. If it becomes write-ready, call PQflush again. If it
  /// becomes read-ready, call PQconsumeInput, then call PQflush again."
  private func flush() {
    guard let handle = link.handle else { return }
    if hasOutput { counters.flushes.add(1) }
    hasOutput = false
    let status = PQflush(handle)
    if status < 0 { return link.fail(PostgresError(connection: handle)) }
    link.watch(writable: status == 1)
  }

  /// Sends what had to wait, as far as it may now.
  private func pump() {
    while !machine.isQuarantined, !machine.isScripting, let (request, attempt) = outbox.first {
      if request.kind == .script {
        guard machine.isEmpty else { return }
        outbox.popFirst()
        sendScript(request)
      } else {
        outbox.popFirst()
        send(request, attempt)
      }
    }
  }
}

// MARK: - Receiving

extension Connection {
  private func handle(_ events: UVPoll.Events) {
    guard let handle = link.handle else { return }
    var isBroken = false
    if events.contains(.readable) { isBroken = PQconsumeInput(handle) == 0 }
    receiveResults(handle)
    guard link.handle == handle else { return }
    if isBroken || PQstatus(handle) == CONNECTION_BAD {
      return link.fail(PostgresError(connection: handle))
    }
    if !outbox.isEmpty { pump() }
    core.endBatch()
    endBatch()
  }

  /// § 34.5: "the client must … call PQgetResult repeatedly"; with `PQisBusy` asked first it never blocks.
  private func receiveResults(_ handle: OpaquePointer) {
    // Asked at least once, for it also reads what the server says to an idle connection.
    var isBusy = PQisBusy(handle) == 1
    while !isBusy, !machine.isEmpty {
      let wasScripting = machine.isScripting
      let event = PipelineStateMachine<RowBatch>.Event(taking: PQgetResult(handle))
      let reaction = machine.receive(event, now: loop.nowMilliseconds)
      if wasScripting, !machine.isScripting, PQenterPipelineMode(handle) == 0 {
        return link.fail(PostgresError(connection: handle))
      }
      react(reaction)
      guard link.handle == handle else { return }
      isBusy = PQisBusy(handle) == 1
    }
  }

  private func react(_ reaction: PipelineStateMachine<RowBatch>.Reaction) {
    switch reaction {
    case .none: break
    case .finish(let request, let outcome): core.finish(request, on: index, outcome)
    case .resend(let request, let attempt):
      // Not now: libpq moves its own queue on when something is sent between a result and its null pointer
      // while the pipeline is aborted. `pump` follows when the results are read.
      outbox.append((request, attempt))
    case .abandon(let request, let error): core.answer(request, .failure(error))
    case .startCancel: startCancel()
    case .giveUp(let error): link.fail(error)
    }
  }
}

// MARK: - Beginning, ending, cancelling

extension Connection {
  private func becomeReady(_ isReconnect: Bool) {
    guard PQenterPipelineMode(link.handle) == 1 else {
      return link.fail(PostgresError(connection: link.handle))
    }
    if isReconnect { counters.reconnects.add(1) }
    core.connectionBecameReady(index)
  }

  /// Ends it for good; what is still under way fails as if the connection had broken.
  func close() {
    if link.isReady { lose(PostgresError(.connectionLost, message: "the pool was closed")) }
    link.close()
  }

  private func lose(_ error: PostgresError) {
    let unsent = outbox.removeAll { _ in true }
    let failures = machine.connectionLost(error)
    core.connectionLost(index)
    for (request, error) in failures { core.answer(request, .failure(error)) }
    for (request, attempt) in unsent {
      // A first attempt never left; a repeated one had no effect so far.
      let error = error.recoded(request.lease == nil && attempt == 0 ? .unavailable : .connectionLost)
      core.answer(request, .failure(error))
    }
  }

  /// § 34.7 `PQcancel` blocks, so it has a thread of its own; there is one at a time per connection, since
  /// the machine sends nothing and asks for no other until it has returned. A new connection (a new
  /// generation) has another secret, so a late cancel cannot reach it.
  private func startCancel() {
    guard let cancel = PQgetCancel(link.handle) else { return machine.cancelEnded() }
    counters.cancels.add(1)
    core.setQuarantined(index, true)
    let handedOver = HandedOver(pointer: cancel)
    let generation = link.generation
    NativeThread.start { [self] in
      var words = [CChar](repeating: 0, count: 256)
      PQcancel(handedOver.pointer, &words, Int32(words.count))
      PQfreeCancel(handedOver.pointer)
      loop.execute {
        guard self.link.generation == generation else { return }
        self.machine.cancelEnded()
        self.core.setQuarantined(self.index, false)
        self.pump()
        self.core.endBatch()
        self.endBatch()
      }
    }
  }
}
