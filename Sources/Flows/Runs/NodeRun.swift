/// One node's part in a run: a row of the node log.
///
/// The machine writes it, the store keeps it under (run, node, iteration), and the rows of a run together are
/// enough to take the run up again.
public struct NodeRun: Sendable, Equatable {
  /// The node log's own id.
  public let id: Identifier
  public let nodeID: Identifier
  /// The iteration of the loops around the node.
  public let iteration: IterationPath
  /// The node's key when the run executed it; survives the node.
  public let key: String
  /// The node's title when the run executed it; survives the node.
  public let title: String
  public let kind: NodeKind
  /// The node's place among the nodes of its version, from 0: node logs are listed in this order.
  public var order: Int
  public var state: NodeState
  /// 1 for the first attempt; 0 for a node that never began.
  public var attempt: Int
  /// What its incoming connections delivered.
  public var input: JSONValue?
  public var output: JSONValue?
  public var error: RunError?
  public var skipReason: SkipReason?
  public var startedAt: Instant?
  /// Set together with a final state; or with `running` when the outcome is known and only the conditions
  /// of the outgoing connections are not evaluated yet.
  public var finishedAt: Instant?
  /// When a delay ends, a wait is over at the latest, or the next attempt begins.
  public var wakeAt: Instant?
  /// The outgoing connections that delivered, in the order of the graph; meaningful in a final state.
  public var delivered: [Identifier]
  /// What the machine keeps for itself: the list of a loop, what a node waits for, counts of retries and the
  /// attempt whose key is used, whether a failure was handled.
  public var memo: JSONValue?

  /// A row with all its columns, as a store reads it.
  public init(
    id: Identifier, node: Identifier, key: String, title: String, kind: NodeKind, state: NodeState,
    iteration: IterationPath = .root
  ) {
    self.id = id
    nodeID = node
    self.iteration = iteration
    self.key = key
    self.title = title
    self.kind = kind
    self.state = state
    order = 0
    attempt = 0
    delivered = []
  }

  /// It failed, and its flow went on all the same: with the error as its output.
  public var isHandledFailure: Bool { state == .failure && memo?["handled"] != nil }

  /// The part of the memo that is about the attempts before this one.
  var memoOfAttempts: JSONValue? {
    let kept = ["retries", "key", "cut"].compactMap { key in
      memo?[key].map { JSONObject.Member(key: key, value: $0) }
    }
    return kept.isEmpty ? nil : .object(JSONObject(kept))
  }

  public var address: NodeAddress { NodeAddress(nodeID, iteration) }

  /// From start to end, nil while it is not over or when it never began.
  public var durationMicroseconds: Int64? {
    guard let startedAt, let finishedAt, state.isFinal else { return nil }
    return finishedAt.microseconds(since: startedAt)
  }
}
