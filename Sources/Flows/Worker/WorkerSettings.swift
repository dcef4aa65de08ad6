/// The bounds and rhythms of a worker.
public struct WorkerSettings: Sendable {
  /// Runs driven at once.
  public var maximumRuns = 200
  /// With so many runs a worker takes no more of those that its own process accepts before they are queued.
  public var maximumEagerRuns: Int { max(1, maximumRuns / 2) }
  /// Runs taken by one claim at most. As long as runs end at once it may be more than `maximumRuns`.
  public var claimBatch = 100
  /// How long a claim waits at most, while transitions are being stored, for more runs to come or for more
  /// room.
  public var claimFillMicroseconds: Int64 = 2_000
  /// How long the store keeps the process's runs for it after a heartbeat.
  public var leaseMilliseconds: Int64 = 15_000
  /// Between heartbeats; the longest that a cancellation waits when no signal came.
  public var heartbeatMilliseconds: Int64 = 3_000
  /// Between looks into the queue when no signal came.
  public var pollMilliseconds: Int64 = 1_000
  /// A delay that is shorter is waited for by the driver; for a longer one the run is given up until then.
  public var heldDelayMilliseconds: Int64 = 2_000
  /// What pure nodes did is stored at the latest after so long, so that subscribers see it.
  public var commitMilliseconds: Int64 = 100
  /// Transitions that are stored together at most.
  public var commitBatch = 100
  /// So many transitions that wait begin a second transaction beside one that is under way.
  public var commitFill = 24
  /// How long the last transitions of runs wait at most for those of others, where several ended together
  /// before; 0: not at all.
  public var companyMicroseconds: Int64 = 4_000
  /// Before transitions whose commit failed are sent again.
  public var retryMilliseconds: Int64 = 200
  /// Before a run is taken up again that found the sandbox unavailable.
  public var unavailableMilliseconds: Int64 = 1_000
  /// How long a stop waits for effects that are under way.
  public var stopGraceMilliseconds: Int64 = 1_000
  public var limits = RunMachine.Limits()

  public init() {}
}

/// Hears of a run that this process is about to drive, each time that it does, before anything of it is done.
public typealias DriveObserver = @Sendable (RunSnapshot) -> Void

/// What a worker talks to.
public struct WorkerPorts: Sendable {
  public let store: any RunStore
  public let evaluator: any ExpressionEvaluator
  public let performer: any ActionPerformer
  public let clock: any RunClock
  public let signals: any RunSignals
  /// What expressions see as `run.resumeUrls`.
  public var links: any ResumeLinks = NoResumeLinks()
  /// Runs that the worker's own process accepts for it; none where it only works.
  public var starts: any EagerStarts = NoEagerStarts()
  /// Told before a claimed run is driven: tests let a process die there.
  public var beforeDriving: DriveObserver?

  public init(
    store: any RunStore, evaluator: any ExpressionEvaluator, performer: any ActionPerformer,
    clock: any RunClock, signals: any RunSignals
  ) {
    self.store = store
    self.evaluator = evaluator
    self.performer = performer
    self.clock = clock
    self.signals = signals
  }
}

/// What a worker has to tell the log.
public enum WorkerNotice: Sendable {
  case heartbeatFailed(any Error)
  case claimFailed(any Error)
  /// So many transitions will be sent again while the lease holds.
  case commitFailed(count: Int, any Error)
  /// The run was ended, because its transition cannot be stored; the reason is the store's.
  case runAbandoned(RunReference, reason: String)
  case releaseFailed(RunReference, any Error)
  /// Slots for its calls will be asked for again while the lease holds.
  case slotsFailed(RunReference, any Error)
  /// What had come for its nodes before their time to wait was over will be asked for again.
  case signalsUnavailable(RunReference, any Error)
  case expressionsUnavailable(RunReference, ExpressionsUnavailable)
  /// Another owner has the run, or the lease could not be renewed in time.
  case runLost(RunReference)
  case runEnded(RunReference, RunState)
}
