/// Something that is wrong with a flow's graph.
public struct FlowProblem: Sendable, Equatable {
  public enum Severity: Sendable, Equatable {
    /// The flow cannot run.
    case error
    /// The flow can run, but hardly as its author wishes.
    case warning
  }

  /// A word for programs.
  public enum Code: String, Sendable, CaseIterable {
    case tooManyNodes = "TOO_MANY_NODES"
    case tooManyConnections = "TOO_MANY_CONNECTIONS"
    case noTrigger = "NO_TRIGGER"
    case duplicateNode = "DUPLICATE_NODE"
    case duplicateKey = "DUPLICATE_KEY"
    case invalidKey = "INVALID_KEY"
    case invalidConfig = "INVALID_CONFIG"
    case unreachableNode = "UNREACHABLE_NODE"
    case unknownNode = "UNKNOWN_NODE"
    case duplicateConnection = "DUPLICATE_CONNECTION"
    case selfConnection = "SELF_CONNECTION"
    case connectionToTrigger = "CONNECTION_TO_TRIGGER"
    case cycle = "CYCLE"
    case noBranch = "NO_BRANCH"
    case severalDefaults = "SEVERAL_DEFAULTS"
    case invalidExpression = "INVALID_EXPRESSION"
    case invalidParent = "INVALID_PARENT"
    case nestedTooDeep = "NESTED_TOO_DEEP"
    case triggerInLoop = "TRIGGER_IN_LOOP"
    case crossingConnection = "CROSSING_CONNECTION"
    case emptyLoop = "EMPTY_LOOP"
    case noErrorBranch = "NO_ERROR_BRANCH"
    case unusedErrorBranch = "UNUSED_ERROR_BRANCH"
  }

  public let code: Code
  /// A sentence for people that names the node by its key.
  public let message: String
  public let nodeID: Identifier?
  public let connectionID: Identifier?
  /// The path of the wrong field inside the node or connection, `config.url`.
  public let field: String?

  /// Nodes that are never reached and branches that never deliver are warnings. All others are errors.
  public var severity: Severity {
    switch code {
    case .unreachableNode, .unusedErrorBranch: .warning
    default: .error
    }
  }

  public init(
    _ code: Code, _ message: String, node: Identifier? = nil, connection: Identifier? = nil,
    field: String? = nil
  ) {
    self.code = code
    self.message = message
    nodeID = node
    connectionID = connection
    self.field = field
  }
}
