/// Where a run stands: `pending → running ⇄ waiting → success | failure | cancelled`. Final states never
/// change.
public enum RunState: String, Sendable, CaseIterable, Hashable {
  /// In the queue; nobody has begun it.
  case pending
  /// An owner drives it, or did until it died.
  case running
  /// Nothing to do before an instant (`wakeAt`); nobody holds it.
  case waiting
  case success
  case failure
  case cancelled

  public var isFinal: Bool { self == .success || self == .failure || self == .cancelled }
}

/// Where a node of a run stands. `skipped`, `success`, `failure` and `cancelled` are final.
public enum NodeState: String, Sendable, CaseIterable, Hashable {
  /// Not reached yet; a pending node has no row.
  case pending
  /// Begun. A stored row in this state is an intent: its outcome is not known yet.
  case running
  /// Something that ends at `wakeAt`: a delay, a wait for something from outside, the pause before the next
  /// attempt.
  case waiting
  case success
  case failure
  case skipped
  case cancelled

  public var isFinal: Bool {
    switch self {
    case .pending, .running, .waiting: false
    case .success, .failure, .skipped, .cancelled: true
    }
  }
}

/// Why a node did not run.
public enum SkipReason: String, Sendable, CaseIterable, Hashable {
  /// None of its incoming connections delivered.
  case notReached = "NOT_REACHED"
  /// A trigger of the flow, but another one began this run.
  case otherTrigger = "OTHER_TRIGGER"
  /// Another node failed before this one could begin.
  case runFailed = "RUN_FAILED"
  /// Another node of the same iteration, or of the same loop, failed before this one could begin.
  case iterationFailed = "ITERATION_FAILED"
  /// The run was cancelled before this node could begin.
  case runCancelled = "RUN_CANCELLED"

  /// A sentence for people.
  public var text: String {
    switch self {
    case .notReached: "No incoming connection delivered."
    case .otherTrigger: "Another trigger started this run."
    case .runFailed: "The run failed before this node could start."
    case .iterationFailed: "The loop around this node failed before it could start."
    case .runCancelled: "The run was cancelled before this node could start."
    }
  }
}
