/// Where runs lie: the truth about them. Memory in tests, Postgres in `Storage`; one conformance suite
/// (`RunStoreSuite`) holds for both.
///
/// Safe to call from any task. All changes of a run demand the claim's epoch, so an owner that lost a run
/// changes nothing.
public protocol RunStore: Sendable {
  /// Takes or renews the owner's lease over all its runs, and says what it should know about them.
  ///
  /// - Parameters:
  ///   - owner: the process.
  ///   - leaseMilliseconds: from now, by the store's clock.
  ///   - held: the claims that the owner believes to hold.
  func heartbeat(
    owner: Identifier, leaseMilliseconds: Int64, held: [RunClaim]
  ) async throws -> Heartbeat

  /// Claims at most `limit` runs that have something to do and that no live owner holds: pending ones,
  /// waiting ones whose instant has come or whose cancellation is requested, and any that was released or
  /// whose owner's lease has expired. Each claim raises the run's epoch. An owner without a live lease gets
  /// nothing. What is over with its first turn (`FirstTurn`) a store may end with its claim.
  func claim(owner: Identifier, limit: Int) async throws -> ClaimBatch

  /// What has come for the waiting nodes of held runs, the oldest first. It is kept until a transition uses
  /// it; a signal that comes while its run is held keeps that from being parked.
  func signals(for claims: [RunClaim]) async throws -> [RunReference: [NodeSignal]]

  /// Ends what comes for nodes of a held run whose time to wait is over, before they fail of it: nothing is
  /// accepted for them from then on. Said again, it changes nothing more.
  /// - Returns: what had been accepted for the run before, the oldest first; nothing when the claim no longer
  ///   holds.
  func closeWaits(of nodes: [NodeAddress], under claim: RunClaim) async throws -> [NodeSignal]

  /// Takes a slot of its integration for each of these calls of a held run, before their intents are stored;
  /// a call that has one keeps it, and one whose integration has no limit needs none. A transition whose
  /// `endedCalls` name it frees it, the end of the run too.
  /// - Parameter calls: each with another address.
  /// - Returns: the calls that found none: they wait in line, and the signal `slotGiven` says when one is
  ///   theirs. A claim that no longer holds gets no slot, whatever is returned.
  func takeSlots(for calls: [CallSlot], under claim: RunClaim) async throws -> Set<NodeAddress>

  /// Stores transitions of different runs, each with its numbered events, in as few transactions as can be:
  /// each whole or not at all, under its own epoch and step. What becomes of one is no matter of the others,
  /// and nobody waits here for a run that somebody else has locked.
  ///
  /// When it throws, no outcome is known, and the same transitions may be sent again.
  /// - Parameter commits: at most one for a run.
  /// - Returns: a result for each, in their order.
  func commit(_ commits: [RunCommit]) async throws -> [CommitResult]

  /// Ends a run that nobody can drive: as a failure with the error, its open node rows cancelled, at the
  /// store's time. Does nothing when the claim no longer holds.
  func abandon(_ claim: RunClaim, _ error: RunError) async throws

  /// Gives a run back as it is, not to be claimed before `notBefore` unless its cancellation is requested;
  /// without it, it stands where it stood. Does nothing when the claim no longer holds.
  func release(_ claim: RunClaim, notBefore: Instant?) async throws
}

/// What a claim brought.
public struct ClaimBatch: Sendable {
  public let runs: [ClaimedRun]
  /// Runs of the same claim that were over with their first turn: they are stored as succeeded.
  public let ended: [RunReference]
  /// The next instant at which a waiting run comes due, if the store knows one.
  public let nextWakeAt: Instant?

  public init(runs: [ClaimedRun], ended: [RunReference] = [], nextWakeAt: Instant?) {
    self.runs = runs
    self.ended = ended
    self.nextWakeAt = nextWakeAt
  }

  /// Runs that it took from the queue.
  public var count: Int { runs.count + ended.count }
}

/// What a heartbeat says about the claims that the owner believes to hold.
public struct Heartbeat: Sendable, Equatable {
  /// Claims of runs whose cancellation somebody requested.
  public let cancelRequested: [RunClaim]
  /// Claims that no longer hold: another owner has the run, or it is released, final or gone.
  public let lost: [RunClaim]

  public init(cancelRequested: [RunClaim], lost: [RunClaim]) {
    self.cancelRequested = cancelRequested
    self.lost = lost
  }
}

/// A transition and the right to make it.
public struct RunCommit: Sendable, Equatable {
  public let transition: RunTransition
  public let claim: RunClaim
  /// The run's input as it is stored, where it is known: what of the transition is the same need not be sent.
  public let input: JSONValue?

  public init(_ transition: RunTransition, under claim: RunClaim, input: JSONValue? = nil) {
    self.transition = transition
    self.claim = claim
    self.input = input
  }
}

/// What became of a transition.
public enum CommitResult: Sendable, Equatable {
  /// It is stored, by this call or by an earlier one with the same step.
  case committed
  /// The epoch is another one, the run is final or gone: nothing was changed, and the caller must let the
  /// run go.
  case stale
  /// Whether it is stored is not known, or somebody else has the run locked: send it again, at last alone.
  case unsettled
  /// Its data can never be stored; the reason is for the log.
  case refused(reason: String)
}

extension RunStore {
  /// Stores one transition; waits for whoever has the run locked.
  public func commit(_ transition: RunTransition, under claim: RunClaim) async throws -> CommitResult {
    try await commit([RunCommit(transition, under: claim)]).first ?? .unsettled
  }
}
