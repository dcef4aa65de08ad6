import Synchronization

/// Ends executions whose time is up, and with them their statements.
///
/// One task for all, which runs while there is something to watch; the lock protects what is watched. Adding
/// and removing is a look-up each, and nobody asks a clock between the levels of an execution.
final class Deadlines: Sendable {
  /// What `watch` gives and `forget` takes.
  struct Watch: Sendable {
    fileprivate let tick: Int
    fileprivate let id: UInt64
  }

  /// What ends at one tick; changed in place, for a dictionary within a dictionary would be taken out and
  /// put back for each request.
  private final class Group {
    var watched: [UInt64: @Sendable () -> Void] = [:]
  }

  private struct State {
    /// By the tick at which they end.
    var groups: [Int: Group] = [:]
    var nextID: UInt64 = 0
    var isTicking = false

    mutating func group(_ tick: Int) -> Group {
      if let known = groups[tick] { return known }
      let made = Group()
      groups[tick] = made
      return made
    }
  }

  private let timeout: Duration
  /// How exact a deadline is: a fiftieth, at most a quarter of a second.
  private let granularity: Duration
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(timeout: Duration) {
    self.timeout = timeout
    granularity = max(.milliseconds(5), min(.milliseconds(250), timeout / 50))
  }

  /// Calls `giveUp` when an execution's time is up; on any thread, and it returns soon.
  func watch(_ giveUp: @escaping @Sendable () -> Void) -> Watch {
    let end = ContinuousClock.now - start + timeout
    let due = Int(end / granularity) + 1
    let (watch, mustTick) = state.withLock { state in
      state.nextID += 1
      let watch = Watch(tick: due, id: state.nextID)
      state.group(due).watched[watch.id] = giveUp
      defer { state.isTicking = true }
      return (watch, !state.isTicking)
    }
    if mustTick { Task { await tick() } }
    return watch
  }

  /// The execution has ended by itself.
  func forget(_ watch: Watch) {
    state.withLock { state in
      guard let group = state.groups[watch.tick] else { return }
      group.watched[watch.id] = nil
      if group.watched.isEmpty { state.groups[watch.tick] = nil }
    }
  }

  private func tick() async {
    while true {
      try? await Task.sleep(for: granularity)
      let now = Int((ContinuousClock.now - start) / granularity)
      let overdue: [@Sendable () -> Void]? = state.withLock { state in
        if state.groups.isEmpty {
          state.isTicking = false
          return nil
        }
        let ticks = state.groups.keys.filter { $0 <= now }
        return ticks.flatMap { state.groups.removeValue(forKey: $0).map { Array($0.watched.values) } ?? [] }
      }
      guard let overdue else { return }
      for giveUp in overdue { giveUp() }
    }
  }
}
