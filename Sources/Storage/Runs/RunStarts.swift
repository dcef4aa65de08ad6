import Flows
import Synchronization

/// Lets a worker drive the runs that its own process accepts at once: see `EagerStarts`.
///
/// A process has one. Whoever accepts runs reserves places and makes their owner the worker in the statement
/// that stores them; should its answer be lost, the worker finds what it holds with a heartbeat and gives it
/// back. The mutex protects the state.
public final class RunStarts: Sendable {
  /// A run that was claimed when it was accepted, with epoch 1.
  struct Accepted: Sendable {
    let run: RunReference
    let versionID: Identifier
    let input: JSONValue
    let triggerNodeID: Identifier?
    /// Those of its organization.
    var surroundings = RunSurroundings()
    /// Who sent it waits for its end.
    var isAwaited = false

    var claim: RunClaim { RunClaim(run: run, epoch: 1) }
  }

  private struct State {
    var owner: Identifier?
    var places = 0
    /// Places of runs that are being accepted, of those that wait to be read, and of those being read.
    var (reserved, reading) = (0, 0)
    var accepted: [Accepted] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation

  public init() { (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// The worker that has room for so many runs; nil when it has not. `settle` must follow.
  func reserve(_ count: Int) -> Identifier? {
    state.withLock { state in
      let taken = state.reserved + state.accepted.count + state.reading
      guard !state.isClosed, taken + count <= state.places else { return nil }
      state.reserved += count
      return state.owner
    }
  }

  /// Whether the worker has room for what is accepted.
  var isOpen: Bool { state.withLock { !$0.isClosed && $0.places > 0 } }

  /// Of so many reserved places these runs need one: they are stored, and the worker is their owner.
  func settle(_ count: Int, _ accepted: [Accepted]) {
    state.withLock { state in
      state.reserved -= count
      state.accepted += accepted
    }
    ringer.yield()
  }

  fileprivate func offer(_ places: Int, owner: Identifier) {
    state.withLock { state in (state.places, state.owner) = (places, owner) }
  }

  fileprivate var takenPlaces: Int {
    state.withLock { $0.reserved + $0.accepted.count + $0.reading }
  }

  fileprivate func begun() { state.withLock { $0.reading = 0 } }

  fileprivate func close() {
    state.withLock { $0.isClosed = true }
    ringer.yield()
  }

  /// Nil when none comes any more.
  fileprivate func next() async -> [Accepted]? {
    var rings = bell.makeAsyncIterator()
    while true {
      let (accepted, isOver) = state.withLock { state in
        defer { state.accepted = [] }
        state.reading += state.accepted.count
        return (state.accepted, state.isClosed && state.reserved == 0)
      }
      if !accepted.isEmpty { return accepted }
      if isOver { return nil }
      guard await rings.next() != nil else { return nil }
    }
  }
}

/// `RunStarts` for the worker that it starts runs with.
public struct PostgresEagerStarts: EagerStarts {
  let starts: RunStarts
  let store: PostgresRunStore

  public init(_ starts: RunStarts, store: PostgresRunStore) {
    self.starts = starts
    self.store = store
  }

  public func offer(_ places: Int, owner: Identifier) { starts.offer(places, owner: owner) }
  public var takenPlaces: Int { starts.takenPlaces }
  public func begun() { starts.begun() }
  public func close() { starts.close() }

  public func next() async throws -> [ClaimedRun]? {
    guard let accepted = await starts.next() else { return nil }
    return try await store.read(accepted)
  }
}
