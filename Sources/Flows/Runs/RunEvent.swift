/// Something that happened to a run, as a subscriber sees it. The store numbers the events of a run 1, 2, 3
/// … in the transaction that makes the change.
public struct RunEvent: Sendable, Equatable {
  public let at: Instant
  public let kind: Kind

  public init(at: Instant, _ kind: Kind) {
    self.at = at
    self.kind = kind
  }

  public enum Kind: Sendable, Equatable {
    /// The run is in the queue. Whoever makes the run writes it; the machine does not.
    case queued
    case started
    case nodeStarted(NodeStarted)
    /// A node failed and will be tried again.
    case nodeRetrying(NodeRetrying)
    case nodeFinished(NodeFinished)
    /// Nothing to do before this instant.
    case waiting(until: Instant)
    case logLine(LogLine)
    case finished(RunFinished)
  }

  public struct NodeStarted: Sendable, Equatable {
    public let node: Identifier
    public let iteration: IterationPath
    public let key: String
    public let attempt: Int
    public let input: JSONValue?

    public init(
      node: Identifier, iteration: IterationPath = .root, key: String, attempt: Int, input: JSONValue?
    ) {
      self.node = node
      self.iteration = iteration
      self.key = key
      self.attempt = attempt
      self.input = input
    }
  }

  public struct NodeRetrying: Sendable, Equatable {
    public let node: Identifier
    public let iteration: IterationPath
    public let key: String
    /// The attempt that will be made.
    public let attempt: Int
    public let retryAt: Instant
    public let error: RunError

    /// The next attempt of a row whose last one failed.
    public init(_ row: NodeRun, retryAt: Instant, error: RunError) {
      self.init(
        node: row.nodeID, iteration: row.iteration, key: row.key, attempt: row.attempt + 1,
        retryAt: retryAt, error: error)
    }

    init(
      node: Identifier, iteration: IterationPath, key: String, attempt: Int, retryAt: Instant, error: RunError
    ) {
      self.node = node
      self.iteration = iteration
      self.key = key
      self.attempt = attempt
      self.retryAt = retryAt
      self.error = error
    }
  }

  /// A node reached a final state, `skipped` and `cancelled` included.
  public struct NodeFinished: Sendable, Equatable {
    public let node: Identifier
    public let iteration: IterationPath
    public let key: String
    public let state: NodeState
    public let attempt: Int
    public let input: JSONValue?
    public let output: JSONValue?
    public let error: RunError?
    public let skipReason: SkipReason?
    public let durationMicroseconds: Int64?

    /// The event of a row that is final.
    public init(_ row: NodeRun) {
      node = row.nodeID
      iteration = row.iteration
      key = row.key
      state = row.state
      attempt = row.attempt
      input = row.input
      output = row.output
      error = row.error
      skipReason = row.skipReason
      durationMicroseconds = row.durationMicroseconds
    }
  }

  public enum LogLevel: String, Sendable, CaseIterable {
    case debug, info, warn, error
  }

  public struct LogLine: Sendable, Equatable {
    /// The node that wrote it and its key; nil for a line of the run itself.
    public let node: Identifier?
    public let iteration: IterationPath
    public let key: String?
    public let level: LogLevel
    public let message: String

    public init(
      node: Identifier?, iteration: IterationPath = .root, key: String? = nil, level: LogLevel,
      message: String
    ) {
      self.node = node
      self.iteration = iteration
      self.key = key
      self.level = level
      self.message = message
    }
  }

  public struct RunFinished: Sendable, Equatable {
    public let state: RunState
    public let output: JSONValue?
    public let error: RunError?

    public init(state: RunState, output: JSONValue?, error: RunError?) {
      self.state = state
      self.output = output
      self.error = error
    }
  }
}
