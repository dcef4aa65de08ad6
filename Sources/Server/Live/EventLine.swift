import GraphQLEngine
import NIOCore
import Synchronization

/// Reads the source of equal subscriptions once for all of them that have come to its end: each event is
/// executed once and handed to every event loop once, which hands it to its followers.
///
/// Owned by the group of its subscriptions while it has followers. The lock protects the state; one task
/// reads.
final class EventLine: Sendable {
  /// How a line ends.
  enum End: Sendable {
    /// The source has no more events.
    case complete
    /// The source has failed: a response without data.
    case failed(GraphQLEngine.Response)
  }

  /// What is handed out together.
  struct Batch: Sendable {
    var responses: [GraphQLEngine.Response] = []
    /// Behind the responses.
    var end: End?
  }

  private struct State {
    /// The number of the last event that was handed to the event loops.
    var position: Int
    var rosters: [ObjectIdentifier: LineRoster] = [:]
    var followers = 0
    var isOver = false
    var task: Task<Void, Never>?
    /// Event loops that have not handed out the last batch yet, and the task that waits for them.
    var undelivered = 0
    var reader: CheckedContinuation<Void, Never>?
  }

  /// Responses that are handed out together at most, in number and in bytes.
  private static let batchResponses = 16
  private static let batchBytes = 256 << 10
  /// How long a response waits for others that are there already and only have to be made.
  private static let batchTime: Duration = .milliseconds(2)

  /// What its followers subscribed to; where it begins is of no interest.
  let stream: ResponseStream
  private let state: Mutex<State>
  private let onEnd: @Sendable (EventLine) -> Void

  /// - Parameters:
  ///   - number: that of the event behind which it begins.
  ///   - onEnd: called when it does not read any more.
  init(_ stream: ResponseStream, behind number: Int, onEnd: @escaping @Sendable (EventLine) -> Void) {
    self.stream = stream
    self.onEnd = onEnd
    state = Mutex(State(position: number))
  }

  var isOver: Bool { state.withLock { $0.isOver } }

  /// Begins to read. Called once, before the first follower comes.
  func start() {
    let iterator = stream.makeAsyncIterator()
    state.withLock { state in
      state.task = Task {
        await self.read(iterator)
        self.finish()
      }
    }
  }

  /// The roster of an event loop, for one more follower, who takes leave with `left`; nil when the line is
  /// over.
  func roster(of eventLoop: any EventLoop) -> LineRoster? {
    state.withLock { state in
      guard !state.isOver else { return nil }
      state.followers += 1
      let key = ObjectIdentifier(eventLoop)
      if let roster = state.rosters[key] { return roster }
      let roster = LineRoster(eventLoop, line: self, behind: state.position)
      state.rosters[key] = roster
      return roster
    }
  }

  /// A follower has gone; with the last one the line ends.
  func left() {
    let task = state.withLock { state -> Task<Void, Never>? in
      state.followers -= 1
      guard state.followers == 0 else { return nil }
      state.isOver = true
      state.rosters = [:]
      return state.task
    }
    task?.cancel()
  }

  /// An event loop has handed out the batch.
  func delivered() {
    let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.undelivered -= 1
      guard state.undelivered == 0 else { return nil }
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  private func read(_ iterator: ResponseStream.Iterator) async {
    var iterator = iterator
    while true {
      let batch = await collect(&iterator)
      // Cancelled with its last follower: nobody is there to be told.
      if Task.isCancelled { return }
      await deliver(batch)
      if batch.end != nil { return }
    }
  }

  private func finish() {
    state.withLock { state in
      state.isOver = true
      state.rosters = [:]
      state.task = nil
    }
    onEnd(self)
  }

  /// The next response, and those to events that have come with it.
  private func collect(_ iterator: inout ResponseStream.Iterator) async -> Batch {
    var batch = Batch()
    var bytes = 0
    var begin: ContinuousClock.Instant?
    while let response = await iterator.next() {
      guard response.hasData, let number = response.eventNumber else {
        batch.end = .failed(response)
        return batch
      }
      batch.responses.append(response)
      bytes += response.count
      let start = begin ?? .now
      begin = start
      guard batch.responses.count < Self.batchResponses, bytes < Self.batchBytes,
        !stream.isCurrent(behind: number), ContinuousClock.now - start < Self.batchTime
      else { return batch }
    }
    batch.end = .complete
    return batch
  }

  /// Returns when all followers have been given the batch: what comes meanwhile makes the next one, so that
  /// one batch at most is under way.
  private func deliver(_ batch: Batch) async {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      let rosters = state.withLock { state -> [LineRoster] in
        if let number = batch.responses.last?.eventNumber { state.position = number }
        if batch.end != nil { state.isOver = true }
        state.undelivered = state.rosters.count
        if !state.rosters.isEmpty { state.reader = done }
        return Array(state.rosters.values)
      }
      if rosters.isEmpty { done.resume() }
      for roster in rosters { roster.post(batch) }
    }
  }
}
