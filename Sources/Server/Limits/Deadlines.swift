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

  private struct State {
    /// By the tick at which they end.
    var watched: [Int: [UInt64: @Sendable () -> Void]] = [:]
    var nextID: UInt64 = 0
    var isTicking = false
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
      state.watched[due, default: [:]][watch.id] = giveUp
      defer { state.isTicking = true }
      return (watch, !state.isTicking)
    }
    if mustTick { Task { await tick() } }
    return watch
  }

  /// The execution has ended by itself.
  func forget(_ watch: Watch) {
    state.withLock { state in
      state.watched[watch.tick]?[watch.id] = nil
      if state.watched[watch.tick]?.isEmpty == true { state.watched[watch.tick] = nil }
    }
  }

  private func tick() async {
    while true {
      try? await Task.sleep(for: granularity)
      let now = Int((ContinuousClock.now - start) / granularity)
      let overdue: [@Sendable () -> Void]? = state.withLock { state in
        if state.watched.isEmpty {
          state.isTicking = false
          return nil
        }
        let ticks = state.watched.keys.filter { $0 <= now }
        return ticks.flatMap { state.watched.removeValue(forKey: $0).map { Array($0.values) } ?? [] }
      }
      guard let overdue else { return }
      for giveUp in overdue { giveUp() }
    }
  }
}
