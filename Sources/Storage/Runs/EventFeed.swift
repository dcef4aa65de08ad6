import Synchronization

/// Something with a number in a stream that has no gaps.
public protocol Sequenced: Sendable {
  var sequence: Int { get }
}

/// Where a feed reads.
protocol FeedSource: Sendable {
  associatedtype Event: Sequenced

  /// Whether it may end; then it is asked when nothing more comes.
  static var canEnd: Bool { get }

  /// The number of the last event, and whether another may come; nil when there is no such stream.
  func end() async throws -> (last: Int, isOver: Bool)?

  /// The next events behind a number.
  func stretch(behind last: Int, limit: Int) async throws -> FeedStretch<Event>
}

/// Events as they were stored.
struct FeedStretch<Event: Sequenced> {
  var events: [Event] = []
  var sizes: [Int] = []
  /// The number of the last one, whether this program knows its kind or not.
  var tail: Int
  var rowCount = 0
  var hasUnknown = false
  /// Whether the last event ends the stream.
  var isLast = false
  /// Where the events begin when some behind the number that was asked for are not stored any more.
  var floor: Int?

  init(tail: Int) { self.tail = tail }
}

/// The newest events of a run, or of an organization, read once for everybody in this process who watches.
///
/// A window of what was read last; who is behind it reads for himself until he has caught up. Owned by the
/// hub while somebody watches. The lock protects the state; reads run in a task, one at a time.
final class EventFeed<Source: FeedSource>: Sendable {
  typealias Event = Source.Event

  /// What a reader finds behind the number that it has.
  enum Finding {
    case events(ArraySlice<Event>, upTo: Int)
    /// They are no longer in the window, which begins behind this number.
    case outside(Int)
    case over
    case nothing
  }

  fileprivate struct State {
    /// In order; all that lie behind `base` up to `tail`.
    var window: [Event] = []
    var sizes: [Int] = []
    var base = 0
    var tail = 0
    var hasBegun = false
    var isOver = false
    var isReading = false
    var mustReadAgain = false
    var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var nextID: UInt64 = 0

    /// Whether the caller is to read; a read under way is told to look once more.
    mutating func beginReading() -> Bool {
      mustReadAgain = isReading
      defer { isReading = true }
      return !isReading
    }
  }

  let source: Source
  private let budget: WindowBudget
  private let state: Mutex<State>

  init(_ source: Source, budget: WindowBudget) {
    self.source = source
    self.budget = budget
    state = Mutex(State())
  }

  deinit { budget.give(state.withLock { $0.sizes.reduce(0, +) }) }

  /// The number of the last event that was read, and whether another may come; nil before the first read.
  var position: (tail: Int, isOver: Bool)? {
    state.withLock { $0.hasBegun ? ($0.tail, $0.isOver) : nil }
  }

  func look(behind last: Int) -> Finding {
    state.withLock { state in
      guard state.hasBegun else { return .nothing }
      if last < state.base { return .outside(state.base) }
      if last < state.tail {
        let start = state.window.partitioningIndex { $0.sequence > last }
        return .events(state.window[start...], upTo: state.tail)
      }
      return state.isOver ? .over : .nothing
    }
  }

  /// Whether the feed has been read up to its end, goes on, and has nothing behind a number that is wanted.
  func isCurrent(behind last: Int, where isWanted: (Event) -> Bool) -> Bool {
    switch look(behind: last) {
    case .events(let events, _): !events.contains(where: isWanted) && position?.isOver == false
    case .nothing: position?.isOver == false
    case .outside, .over: false
    }
  }

  /// Returns as soon as there may be something behind a number. Throws when the task is cancelled, or the run
  /// cannot be read at all.
  func wait(behind last: Int) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (isFree, mustRead) = state.withLock { state in
          if Task.isCancelled || (state.hasBegun && (state.isOver || last < state.tail)) {
            return (true, false)
          }
          state.waiters[id] = continuation
          return (false, !state.hasBegun && state.beginReading())
        }
        if isFree { continuation.resume() }
        if mustRead { startReading() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
    try Task.checkCancellation()
  }

  /// The run has new events, or may have.
  func hint() {
    let mustRead = state.withLock { $0.isOver ? false : $0.beginReading() }
    if mustRead { startReading() }
  }
}

// MARK: - Reading

extension EventFeed {
  /// Between two numbers there is nothing for this feed: somebody has looked for it.
  func skip(behind last: Int, to tail: Int) {
    state.withLock { state in
      guard state.hasBegun, !state.isReading, state.tail >= last else { return }
      state.tail = max(state.tail, tail)
    }
  }

  private func startReading() {
    Task { await readOn() }
  }

  /// Reads until nothing is left and nobody has asked for more meanwhile.
  private func readOn() async {
    do {
      var isAgain = true
      while isAgain {
        try await begin()
        let stretch = try await source.stretch(
          behind: state.withLock { $0.tail }, limit: FeedBounds.stretch)
        var isOver = stretch.isLast
        // A newer program may have ended the run with an event that this one does not know.
        if Source.canEnd, !isOver, stretch.rowCount == 0 || stretch.hasUnknown {
          let end = try await source.end()
          isOver = end.map { $0.isOver && $0.last <= stretch.tail } ?? true
        }
        isAgain = take(stretch, isOver: isOver)
      }
    } catch {
      fail(error)
    }
  }

  /// Finds out where the run stands, and begins there: what lies before it each reader reads for himself.
  private func begin() async throws {
    guard !state.withLock({ $0.hasBegun }) else { return }
    let end = try await source.end()
    state.withLock { state in
      state.tail = end?.last ?? 0
      state.base = state.tail
      state.isOver = end?.isOver ?? true
      state.hasBegun = true
    }
  }

  /// Keeps what was read and wakes those who wait; whether to read on.
  private func take(_ stretch: FeedStretch<Event>, isOver: Bool) -> Bool {
    let (waiters, isAgain) = state.withLock { state in
      if let floor = stretch.floor { drop(&state, to: floor) }
      state.window += stretch.events
      state.sizes += stretch.sizes
      state.tail = max(state.tail, stretch.tail)
      state.isOver = state.isOver || isOver
      budget.take(stretch.sizes.reduce(0, +))
      trim(&state)
      let isAgain = !state.isOver && (state.mustReadAgain || stretch.rowCount == FeedBounds.stretch)
      state.isReading = isAgain
      state.mustReadAgain = false
      defer { state.waiters = [:] }
      return (Array(state.waiters.values), isAgain)
    }
    for waiter in waiters { waiter.resume() }
    return isAgain
  }

  /// Drops the oldest events beyond the bounds.
  private func trim(_ state: inout State) {
    var bytes = state.sizes.reduce(0, +)
    var count = 0
    while count < state.window.count - 1,
      state.window.count - count > FeedBounds.windowEvents || bytes > FeedBounds.windowBytes
        || budget.isOverdrawn
    {
      bytes -= state.sizes[count]
      budget.give(state.sizes[count])
      state.base = state.window[count].sequence
      count += 1
    }
    state.window.removeFirst(count)
    state.sizes.removeFirst(count)
  }

  /// Events behind the window are gone: it begins anew. Who is behind it finds out by himself.
  private func drop(_ state: inout State, to floor: Int) {
    budget.give(state.sizes.reduce(0, +))
    state.window = []
    state.sizes = []
    state.base = floor
  }

  /// Who waits for the first read is told; who has something already waits on, for the hub asks again.
  private func fail(_ error: any Error) {
    let waiters = state.withLock { state in
      state.isReading = false
      state.mustReadAgain = false
      guard !state.hasBegun else { return [CheckedContinuation<Void, any Error>]() }
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(throwing: error) }
  }
}

/// The bounds of a feed.
enum FeedBounds {
  /// Events that a window holds at most.
  static let windowEvents = 256
  /// Bytes of stored events that a window holds at most.
  static let windowBytes = 1 << 20
  /// Events read at once.
  static let stretch = 64
}

/// The bytes of all windows of a process together.
final class WindowBudget: Sendable {
  /// Beyond it windows shrink to their newest event.
  static let bytes = 64 << 20

  private let used = Atomic<Int>(0)

  var isOverdrawn: Bool { used.load(ordering: .relaxed) > Self.bytes }

  func take(_ bytes: Int) { used.add(bytes, ordering: .relaxed) }
  func give(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}

extension Array {
  /// The first position whose element meets a condition that all behind it meet too.
  fileprivate func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
