/// What is stored of a run: its row and its node rows. Enough to go on from there.
public struct RunSnapshot: Sendable, Equatable {
  public var state: RunState
  /// The payload that began the run.
  public var input: JSONValue
  /// The trigger node that began the run; nil lets every trigger of the flow fire.
  public var triggerNodeID: Identifier?
  /// Number of transitions committed so far: 0 for a run that is still in the queue.
  public var step: Int
  public var startedAt: Instant?
  public var finishedAt: Instant?
  public var output: JSONValue?
  public var error: RunError?
  /// One row for each node that was reached, and for each iteration in which it was, in any order.
  public var nodeRuns: [NodeRun]

  /// A run that nobody has begun.
  public init(input: JSONValue, triggerNodeID: Identifier? = nil) {
    state = .pending
    self.input = input
    self.triggerNodeID = triggerNodeID
    step = 0
    nodeRuns = []
  }

  /// The snapshot after `transition` has been stored on top of this one.
  public mutating func apply(_ transition: RunTransition) {
    state = transition.state
    step = transition.step
    startedAt = transition.startedAt
    finishedAt = transition.finishedAt
    output = transition.output
    error = transition.error
    var places = Dictionary(nodeRuns.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { $1 })
    for row in transition.nodeRuns {
      if let place = places[row.address] {
        nodeRuns[place] = row
      } else {
        places[row.address] = nodeRuns.count
        nodeRuns.append(row)
      }
    }
  }
}

/// The names that lead to a run: its organization and itself.
public struct RunReference: Sendable, Hashable {
  public let organizationID: Identifier
  public let runID: Identifier

  public init(organizationID: Identifier, runID: Identifier) {
    self.organizationID = organizationID
    self.runID = runID
  }
}

/// The right to change a run: it holds while the stored epoch is this one.
public struct RunClaim: Sendable, Hashable {
  public let run: RunReference
  /// Raised by every claim.
  public let epoch: Int64

  public init(run: RunReference, epoch: Int64) {
    self.run = run
    self.epoch = epoch
  }
}

/// A run that was claimed, with all that is needed to drive it.
public struct ClaimedRun: Sendable {
  public let claim: RunClaim
  public let plan: RunPlan
  public let snapshot: RunSnapshot
  /// The organization's named values, `env` in expressions.
  public let environment: JSONObject
  public let isCancelRequested: Bool
  /// What has come for its waiting nodes, the oldest first.
  public var signals: [NodeSignal]
  public let origin: RunOrigin
  /// Somebody waits for its end: who sent it, or another run for its slot.
  public var isAwaited = false

  public init(
    claim: RunClaim, plan: RunPlan, snapshot: RunSnapshot, environment: JSONObject,
    isCancelRequested: Bool, signals: [NodeSignal] = [], origin: RunOrigin = RunOrigin()
  ) {
    self.claim = claim
    self.plan = plan
    self.snapshot = snapshot
    self.environment = environment
    self.isCancelRequested = isCancelRequested
    self.signals = signals
    self.origin = origin
  }

  public var version: FlowVersion { plan.version }
}

/// One step of a run: stored as a whole, or not at all.
public struct RunTransition: Sendable, Equatable {
  /// The number of this transition in its run; the stored number must be one less. A transition that is
  /// sent again, because its answer was lost, is recognized by it.
  public var step: Int
  public var state: RunState
  public var startedAt: Instant?
  public var finishedAt: Instant?
  public var output: JSONValue?
  public var error: RunError?
  /// The node rows that are new or changed, whole; keyed by node and iteration.
  public var nodeRuns: [NodeRun]
  /// To be numbered in this order.
  public var events: [RunEvent]
  /// Signals that the machine has used, or that nobody waits for: to be deleted.
  public var consumedSignals: [Identifier]
  /// Runs to be queued together with this transition.
  public var children: [ChildRun]
  /// Runs that this one started and that are to be cancelled with it.
  public var cancelledChildren: [Identifier]
  /// In state `waiting` of a run whose cancellation it knows: its request no longer makes it due, only what
  /// comes for it.
  public var awaitsCancelledChildren: Bool
  /// Calls that are over, or given up, with the integrations of which they may have taken slots.
  public var endedCalls: [CallSlot]
  /// The run that waits for the end of this one, in its final transition.
  public var waitingParent: Identifier?
  /// When the run has something to do again, in state `waiting`; else nil.
  public var wakeAt: Instant?
  /// The owner gives the run up with this transition: it is final, or waits for long.
  public var releasesClaim: Bool

  public init(step: Int, state: RunState) {
    self.step = step
    self.state = state
    nodeRuns = []
    events = []
    consumedSignals = []
    children = []
    cancelledChildren = []
    awaitsCancelledChildren = false
    endedCalls = []
    releasesClaim = state.isFinal
  }

  /// Whether it changes more than its own run.
  public var isEntangled: Bool {
    !consumedSignals.isEmpty || !children.isEmpty || !cancelledChildren.isEmpty || waitingParent != nil
      || awaitsCancelledChildren
  }
}
