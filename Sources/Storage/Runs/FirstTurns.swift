import Flows
import Postgres
import Synchronization

/// Drives runs before they are stored, or before their claims are, where a run is over with its first turn
/// ([decision 23], [decision 24]).
///
/// A process has one. The mutex protects what it remembers.
///
/// [decision 23]: ../../../docs/decisions/0023-stored-as-what-it-became.md
/// [decision 24]: ../../../docs/decisions/0024-claimed-and-ended.md
public final class FirstTurns: Sendable {
  /// Versions that are remembered to need more than a turn; all are forgotten beyond.
  private static let maximumKnown = 10_000

  private let database: Database
  private let clock: any RunClock
  private let limits: RunMachine.Limits
  /// Those of the process's worker as well.
  let versions = VersionCache()
  /// How long a process that stands still keeps runs from others.
  let lease: Duration
  /// Until then claims are stored before their runs are driven.
  private let carefulUntil: ContinuousClock.Instant
  private let observer: DriveObserver?
  /// Versions of which a run needed more: others of them are not tried.
  private let longer = Mutex<Set<Identifier>>([])

  /// - Parameters:
  ///   - clock: the time of what the runs do.
  ///   - limits: those of the worker.
  ///   - lease: the worker's.
  ///   - carefulFor: so long from now every claim is stored before its runs are driven; nil: for one lease.
  ///     What ends its worker as soon as it is driven is among the first that the next one claims, and that
  ///     one's death is counted.
  ///   - observer: told before a run is driven.
  public init(
    _ database: Database, clock: any RunClock, limits: RunMachine.Limits = WorkerSettings().limits,
    lease: Duration = .seconds(10), carefulFor: Duration? = nil, observer: DriveObserver? = nil
  ) {
    self.database = database
    self.clock = clock
    self.limits = limits
    self.lease = lease
    carefulUntil = .now + (carefulFor ?? lease)
    self.observer = observer
  }

  /// Whether claims need not be stored before their runs are driven.
  var endsClaimed: Bool { .now >= carefulUntil }

  /// The run's only transition, with the event of its acceptance; nil when it needs more, or its version
  /// cannot be read now: the queue is for those.
  func commit(of run: RunStarts.Accepted) async -> RunCommit? {
    guard mayEnd(run.versionID) else { return nil }
    let key = VersionCache.Key(organization: run.run.organizationID, id: run.versionID)
    guard
      let plan = try? await versions.read([key], from: database, database.makeReadGroup())[run.versionID]
    else { return nil }
    let now = clock.now()
    let snapshot = RunSnapshot(input: run.input.inStoredOrder(), triggerNodeID: run.triggerNodeID)
    guard var transition = transition(of: run.run, plan, snapshot, at: now) else { return nil }
    transition.events.insert(RunEvent(at: now, .queued), at: 0)
    return RunCommit(transition, under: RunClaim(run: run.run, epoch: 0), input: snapshot.input)
  }

  /// The only transition of a run that nobody has begun; nil when it needs more.
  func commit(of claimed: ClaimedRun) -> RunCommit? {
    transition(of: claimed.claim.run, claimed.plan, claimed.snapshot, at: clock.now()).map {
      RunCommit($0, under: claimed.claim, input: claimed.snapshot.input)
    }
  }

  private func transition(
    of run: RunReference, _ plan: RunPlan, _ snapshot: RunSnapshot, at now: Instant
  ) -> RunTransition? {
    observer?(snapshot)
    let transition = FirstTurn.transition(
      of: run, plan: plan, snapshot: snapshot, limits: limits, at: now)
    if transition == nil { needsMore(plan.version.id) }
    return transition
  }

  /// Whether runs of this version may be over with their first turn.
  func mayEnd(_ version: Identifier) -> Bool { !longer.withLock { $0.contains(version) } }

  /// Runs of this version are left to the worker.
  func needsMore(_ version: Identifier) {
    longer.withLock { longer in
      if longer.count >= FirstTurns.maximumKnown { longer = [] }
      longer.insert(version)
    }
  }
}
