import Flows
import Synchronization

/// Tells this process at once, and the others by the hub's port, that runs have changed. Called after the
/// commit.
///
/// What is said within a moment goes out together: the busier the process, the longer the moment, for each
/// message costs Postgres and all processes that listen the same, whatever it holds. A hint may be lost:
/// behind every listener stands a poll.
public final class RunNotifier: Sendable {
  private struct State {
    var waiting: Set<RunChannel.Hint> = []
    var isScheduled = false
    /// How long the next message waits for what is to go with it.
    var pauseMilliseconds: UInt64 = 1
  }

  /// Hints that wait to be sent at most; beyond that the others find out by their poll.
  static let maximumWaiting = 10_000
  /// A message waits as many milliseconds as the one before had hints, and no more than so many. Who sends
  /// one after the other waits for one.
  static let maximumPauseMilliseconds = 10

  private let hub: RunEventHub
  private let state = Mutex(State())

  public init(hub: RunEventHub) { self.hub = hub }

  /// A run was accepted: it has its first event and waits in the queue.
  public func queued(_ run: RunReference) { say([.queued, .events], run) }

  /// A run was accepted: it has its first event. Where it is started already, or over, nobody need look for
  /// it.
  public func accepted(_ run: RunReference, _ acceptance: Acceptance) {
    switch acceptance {
    case .queued: queued(run)
    case .started: changed(run)
    case .ended(let transition): stored(transition, of: run)
    }
  }

  /// A run is asked to stop.
  public func cancelRequested(_ run: RunReference) { say([.cancel], run) }

  /// A flow or an integration of an organization was changed.
  public func changed(in organization: Identifier) {
    say([.stream], RunReference(organizationID: organization, runID: Identifier(high: 0, low: 0)))
  }

  /// Something has come for a waiting node of a run; it may be due now.
  public func signalled(_ run: RunReference) { say([.signal], run) }

  /// A run has new events.
  func changed(_ run: RunReference) { say([.events], run) }

  /// A transition of a run was stored.
  func stored(_ transition: RunTransition, of run: RunReference) {
    hub.stored(transition, of: run)
    if !transition.events.isEmpty { changed(run) }
  }

  private func say(_ verbs: [RunChannel.Verb], _ run: RunReference) {
    let hints = verbs.map { RunChannel.Hint(verb: $0, run: run) }
    for hint in hints { hub.receive(hint) }
    let pause: UInt64? = state.withLock { state in
      guard state.waiting.count < RunNotifier.maximumWaiting else { return nil }
      state.waiting.formUnion(hints)
      defer { state.isScheduled = true }
      return state.isScheduled ? nil : state.pauseMilliseconds
    }
    guard let pause else { return }
    hub.database.after(milliseconds: pause) { [self] in
      Task { await send() }
    }
  }

  private func send() async {
    let hints = state.withLock { state in
      let hints = Array(state.waiting)
      let pause = min(max(hints.count, 1), RunNotifier.maximumPauseMilliseconds)
      state = State(pauseMilliseconds: UInt64(pause))
      return hints
    }
    await hub.hints.send(hints)
  }
}
