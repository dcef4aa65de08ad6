import Flows
import Postgres
import Synchronization

/// Drives runs that this process accepts before they are stored, where a run is over with its first turn
/// ([decision 23]).
///
/// A process has one. The mutex protects what it remembers.
///
/// [decision 23]: ../../../docs/decisions/0023-stored-as-what-it-became.md
public final class FirstTurns: Sendable {
  /// Versions that are remembered to need more than a turn; all are forgotten beyond.
  private static let maximumKnown = 10_000

  private let database: Database
  private let clock: any RunClock
  private let limits: RunMachine.Limits
  private let versions = VersionCache()
  /// Versions of which a run needed more: others of them are not tried.
  private let longer = Mutex<Set<Identifier>>([])

  /// - Parameters:
  ///   - clock: the time of what the runs do.
  ///   - limits: those of the worker.
  public init(
    _ database: Database, clock: any RunClock, limits: RunMachine.Limits = WorkerSettings().limits
  ) {
    self.database = database
    self.clock = clock
    self.limits = limits
  }

  /// The run's only transition, with the event of its acceptance; nil when it needs more, or its version
  /// cannot be read now: the queue is for those.
  func commit(of run: RunStarts.Accepted) async -> RunCommit? {
    guard !longer.withLock({ $0.contains(run.versionID) }) else { return nil }
    let key = VersionCache.Key(organization: run.run.organizationID, id: run.versionID)
    guard
      let version = try? await versions.read([key], from: database, database.makeReadGroup())[run.versionID]
    else { return nil }
    let now = clock.now()
    let snapshot = RunSnapshot(input: run.input.inStoredOrder(), triggerNodeID: run.triggerNodeID)
    guard
      var transition = FirstTurn.transition(
        of: run.run, version: version, snapshot: snapshot, limits: limits, at: now)
    else {
      needsMore(run.versionID)
      return nil
    }
    transition.events.insert(RunEvent(at: now, .queued), at: 0)
    return RunCommit(transition, under: RunClaim(run: run.run, epoch: 0), input: snapshot.input)
  }

  /// Runs of this version are left to the worker.
  func needsMore(_ version: Identifier) {
    longer.withLock { longer in
      if longer.count >= FirstTurns.maximumKnown { longer = [] }
      longer.insert(version)
    }
  }
}
