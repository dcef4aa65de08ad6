import GraphQLEngine
import NIOCore
import Synchronization

/// What one client reads as an event stream, or as the parts of a subscription: operations put their results
/// in, the one connection takes them out, and between the two is a bounded queue.
///
/// Shared by the tasks of its operations and of its connection; the lock protects the state.
final class EventStream: Sendable {
  fileprivate struct State {
    var queue: SendQueue
    /// Of the operations under way.
    var tasks: [String: (serial: Int, task: Task<Void, Never>)] = [:]
    var serial = 0
    var reader: CheckedContinuation<Void, Never>?
    var waitingForRoom: [String: CheckedContinuation<Void, Never>] = [:]
    var isConnected = false
    /// Nothing is put in any more; what waits is still read.
    var isEnded = false
  }

  /// One operation: an id may be used again after its operation, of which nothing is taken then.
  struct Ticket: Sendable {
    fileprivate let id: String
    fileprivate let serial: Int
  }

  /// What became of an attempt to begin an operation.
  enum Admission {
    case admitted, known, tooMany, over
  }

  private let patience: Duration
  private let maximumOperations: Int
  private let state: Mutex<State>
  let format: StreamFormat

  init(_ settings: EventStreams.Settings, _ format: StreamFormat) {
    self.format = format
    patience = settings.queue.patience
    maximumOperations = settings.maximumOperations
    state = Mutex(State(queue: SendQueue(limits: settings.queue)))
  }

  var isEnded: Bool { state.withLock { $0.isEnded } }

  /// Whether the connection may be this stream's: it is the first.
  func connect() -> Bool {
    state.withLock { state in
      guard !state.isConnected, !state.isEnded else { return false }
      state.isConnected = true
      return true
    }
  }

  /// Begins an operation whose results are put in by `work`, with its ticket.
  func begin(_ id: String, _ work: @escaping @Sendable (Ticket) async -> Void) -> Admission {
    state.withLock { state in
      if state.isEnded { return .over }
      if state.tasks[id] != nil { return .known }
      guard state.tasks.count < maximumOperations else { return .tooMany }
      state.serial += 1
      let ticket = Ticket(id: id, serial: state.serial)
      // It waits for the lock before it may end.
      let task = Task {
        await work(ticket)
        self.finish(ticket)
      }
      state.tasks[id] = (ticket.serial, task)
      return .admitted
    }
  }

  /// Ends an operation; of what it still produces nothing is sent. False when there is none.
  func stop(_ id: String) -> Bool {
    let (task, waiter) = state.withLock { state in
      state.queue.drop(operation: id)
      return (state.tasks.removeValue(forKey: id)?.task, state.waitingForRoom.removeValue(forKey: id))
    }
    task?.cancel()
    waiter?.resume()
    return task != nil
  }

  /// Puts a result in, and returns when the operation may go on.
  func put(_ result: OperationResult, _ ticket: Ticket) async {
    switch result {
    case .next(let bytes, let eventID):
      if push(format.next(bytes, operation: ticket.id, eventID: eventID), ticket) { await room(for: ticket) }
    case .failed(let response):
      _ = push(format.next(response.bytes, operation: ticket.id, eventID: nil), ticket)
    }
  }

  /// Says where an operation begins, to whom has the stream for it alone: when the connection breaks before
  /// its first event, nothing is missed.
  func place(_ ticket: Ticket, at eventID: String) {
    if format == .events { _ = push(EventStreamText.place(eventID), ticket) }
  }

  /// Ends an operation that would go on, with errors.
  func fail(_ ticket: Ticket, _ response: GraphQLEngine.Response) {
    _ = push(format.givenUp(response, operation: ticket.id), ticket)
    let task = state.withLock { $0.isUnderWay(ticket) ? $0.tasks[ticket.id]?.task : nil }
    finish(ticket)
    task?.cancel()
  }

  /// Says nothing, unless something waits already that keeps the connection alive as well.
  func keepAlive() {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.isConnected, !state.isEnded, state.queue.count == 0 else { return nil }
      _ = state.queue.push(ByteBuffer(bytes: format.keepAlive), operation: nil)
      return state.takeReader()
    }
    reader?.resume()
  }

  /// Ends all operations and, behind what waits, the stream.
  func end() {
    let (tasks, waiters, reader) = state.withLock { state in
      state.isEnded = true
      defer {
        state.tasks = [:]
        state.waitingForRoom = [:]
      }
      return (state.tasks.values.map(\.task), Array(state.waitingForRoom.values), state.takeReader())
    }
    for task in tasks { task.cancel() }
    for waiter in waiters { waiter.resume() }
    reader?.resume()
  }

  /// What waits, all of it in one piece; nil at the end. Called by the connection alone.
  func next() async -> ByteBuffer? {
    while true {
      let (bytes, isEnded, waiters) = state.withLock { $0.take() }
      for waiter in waiters { waiter.resume() }
      if let bytes { return bytes }
      if isEnded || Task.isCancelled { return nil }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let mustWait = state.withLock { state in
            guard state.queue.count == 0, !state.isEnded, !Task.isCancelled else { return false }
            state.reader = continuation
            return true
          }
          if !mustWait { continuation.resume() }
        }
      } onCancel: {
        state.withLock { $0.takeReader() }?.resume()
      }
    }
  }

  /// The operation has no more results.
  private func finish(_ ticket: Ticket) {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      // Who was stopped is told nothing.
      guard state.isUnderWay(ticket) else { return nil }
      state.tasks[ticket.id] = nil
      _ = state.queue.push(ByteBuffer(bytes: format.complete(ticket.id)), operation: nil, isLast: true)
      if format.isDistinct { state.isEnded = true }
      return state.takeReader()
    }
    reader?.resume()
  }

  /// Whether the operation may go on.
  private func push(_ event: [UInt8], _ ticket: Ticket) -> Bool {
    let (verdict, reader) = state.withLock { state in
      guard state.isUnderWay(ticket) else {
        return (SendQueue.Verdict?.none, CheckedContinuation<Void, Never>?.none)
      }
      let verdict = state.queue.push(ByteBuffer(bytes: event), operation: ticket.id)
      return (verdict, verdict == .queued ? state.takeReader() : nil)
    }
    reader?.resume()
    if let verdict, verdict != .queued { giveUp(ticket, withStream: verdict == .readerTooSlow) }
    return verdict == .queued
  }

  /// Tells a reader that is too slow, in place of what waits, and ends the operation, or the stream with all
  /// that is in it.
  private func giveUp(_ ticket: Ticket, withStream isWhole: Bool) {
    let (task, reader) = state.withLock { state in
      guard state.isUnderWay(ticket) else {
        return (Task<Void, Never>?.none, CheckedContinuation<Void, Never>?.none)
      }
      let id = ticket.id
      if isWhole { state.queue.removeAll() } else { state.queue.drop(operation: id) }
      let text = format.givenUp(SlowReader.response, operation: id) + format.complete(id)
      _ = state.queue.push(ByteBuffer(bytes: text), operation: nil, isLast: true)
      return (state.tasks.removeValue(forKey: id)?.task, state.takeReader())
    }
    task?.cancel()
    reader?.resume()
    if task != nil, isWhole || format.isDistinct { end() }
  }

  /// Waits until results of the operation have been read, or gives it up.
  private func room(for ticket: Ticket) async {
    let id = ticket.id
    guard !state.withLock({ $0.queue.hasRoom(for: id) }) else { return }
    let timer = Task {
      try await Task.sleep(for: patience)
      giveUp(ticket, withStream: false)
      state.withLock { $0.waitingForRoom.removeValue(forKey: id) }?.resume()
    }
    defer { timer.cancel() }
    await withCheckedContinuation { continuation in
      let mustWait = state.withLock { state in
        guard state.isUnderWay(ticket), !state.queue.hasRoom(for: id) else { return false }
        state.waitingForRoom[id] = continuation
        return true
      }
      if !mustWait { continuation.resume() }
    }
  }
}

extension EventStream.State {
  fileprivate func isUnderWay(_ ticket: EventStream.Ticket) -> Bool {
    !isEnded && tasks[ticket.id]?.serial == ticket.serial
  }

  fileprivate mutating func takeReader() -> CheckedContinuation<Void, Never>? {
    defer { reader = nil }
    return reader
  }

  /// Everything that waits, and the operations that have room again.
  fileprivate mutating func take() -> (
    bytes: ByteBuffer?, isEnded: Bool, waiters: [CheckedContinuation<Void, Never>]
  ) {
    var bytes = queue.pop()?.bytes
    while let message = queue.pop() { bytes?.writeImmutableBuffer(message.bytes) }
    defer { waitingForRoom = [:] }
    return (bytes, isEnded, Array(waitingForRoom.values))
  }
}
