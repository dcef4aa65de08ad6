/// Something from outside that a waiting node goes on with: a row that whoever resumes the run inserts, and
/// that the transition which used it deletes.
public struct NodeSignal: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The address for resuming was called; the payload is the request.
    case resume
    /// Somebody approved or rejected; the payload is `{approved, comment, decidedBy}`.
    case decision
    /// The run that the node started is over; the payload is `{state, output, error}`.
    case childEnded = "child_ended"
    /// The node's integration has a slot for its call; the payload is null.
    case slotGiven = "slot_given"
  }

  public let id: Identifier
  public let address: NodeAddress
  public let kind: Kind
  public let payload: JSONValue

  public init(id: Identifier, address: NodeAddress, kind: Kind, payload: JSONValue) {
    self.id = id
    self.address = address
    self.kind = kind
    self.payload = payload
  }
}

extension NodeSignal {
  /// What a node learns when the run that it wants cannot be started.
  public static func flowUnavailable(
    _ child: ChildRun, _ address: NodeAddress, _ message: String
  ) -> NodeSignal {
    let error = RunError(code: .flowUnavailable, message: message)
    return NodeSignal(
      id: child.id, address: address, kind: .childEnded,
      payload: [
        "executionId": .string(child.id.text(.execution)), "state": .string(RunState.failure.rawValue),
        "error": error.encoded(),
      ])
  }

  /// What a node learns when there is no trace of the run that it waits for.
  public static func childGone(_ child: Identifier, _ address: NodeAddress) -> NodeSignal {
    let error = RunError(code: .childFailed, message: "Nothing is known of the run any more.")
    return NodeSignal(
      id: child, address: address, kind: .childEnded,
      payload: [
        "executionId": .string(child.text(.execution)), "state": .string(RunState.failure.rawValue),
        "error": error.encoded(),
      ])
  }
}

/// A run to be queued in the transaction of the transition that asks for it.
public struct ChildRun: Sendable, Equatable {
  public enum Purpose: String, Sendable, CaseIterable {
    /// A node of the parent started it.
    case subflow
    /// The parent failed; runs of this kind never start another of it.
    case failure
  }

  /// Follows from the parent, so that the same transition always names the same run.
  public let id: Identifier
  public let flowID: Identifier
  public let input: JSONValue
  public let purpose: Purpose
  /// The node that goes on when the child has ended; nil when nobody waits for it.
  public let waiting: NodeAddress?
  /// Runs above it.
  public let depth: Int

  public init(
    id: Identifier, flowID: Identifier, input: JSONValue, purpose: Purpose, waiting: NodeAddress?, depth: Int
  ) {
    self.id = id
    self.flowID = flowID
    self.input = input
    self.purpose = purpose
    self.waiting = waiting
    self.depth = depth
  }
}

/// Where a run comes from, when another run started it.
public struct RunOrigin: Sendable, Equatable {
  /// 0 for a run that nobody's run started.
  public var depth: Int
  /// Started because another run failed.
  public var isForFailure: Bool
  /// The run that goes on when this one has ended.
  public var waiting: Identifier?

  public init(depth: Int = 0, isForFailure: Bool = false, waiting: Identifier? = nil) {
    self.depth = depth
    self.isForFailure = isForFailure
    self.waiting = waiting
  }

  /// Runs above a run, at most.
  public static let maximumDepth = 8
}
