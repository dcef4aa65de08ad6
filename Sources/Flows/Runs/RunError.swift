/// What went wrong in a node or a run, as it is stored and shown.
///
/// Never holds secrets, statements or stack traces.
public struct RunError: Error, Sendable, Equatable {
  /// A word for programs. The list is open: performers of actions add their own.
  public struct Code: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The node's config cannot be used.
    public static let configInvalid = Code(rawValue: "CONFIG_INVALID")
    /// An expression of the node, or the condition of one of its connections, failed.
    public static let expressionFailed = Code(rawValue: "EXPRESSION_FAILED")
    /// An expression used up its time.
    public static let expressionTimeout = Code(rawValue: "EXPRESSION_TIMEOUT")
    /// An expression used up its memory, or its result is too large.
    public static let expressionTooLarge = Code(rawValue: "EXPRESSION_TOO_LARGE")
    /// The answer's status is not among the expected ones.
    public static let unexpectedStatus = Code(rawValue: "UNEXPECTED_STATUS")
    /// The request could not be made or was not answered.
    public static let requestFailed = Code(rawValue: "REQUEST_FAILED")
    /// The request was not answered in time.
    public static let requestTimeout = Code(rawValue: "REQUEST_TIMEOUT")
    /// The address is one that flows may not call.
    public static let addressRefused = Code(rawValue: "ADDRESS_REFUSED")
    /// A node's input or output is over the bound.
    public static let payloadTooLarge = Code(rawValue: "PAYLOAD_TOO_LARGE")
    /// The run began more nodes than it may.
    public static let stepLimit = Code(rawValue: "STEP_LIMIT")
    /// The flow's graph cannot be executed.
    public static let flowInvalid = Code(rawValue: "FLOW_INVALID")
    /// The node was not done within its `timeoutMilliseconds`.
    public static let nodeTimeout = Code(rawValue: "NODE_TIMEOUT")
    /// What a node waited for did not happen in time.
    public static let waitTimeout = Code(rawValue: "WAIT_TIMEOUT")
    /// A loop's list has more elements than the loop may have iterations.
    public static let iterationLimit = Code(rawValue: "ITERATION_LIMIT")
    /// The flow that a node starts cannot be started.
    public static let flowUnavailable = Code(rawValue: "FLOW_UNAVAILABLE")
    /// The run that a node started failed or was cancelled.
    public static let childFailed = Code(rawValue: "CHILD_FAILED")
    /// A side effect was begun and interrupted; whether it happened is not known.
    public static let unknownOutcome = Code(rawValue: "UNKNOWN_OUTCOME")
    /// The run could not go on: its state cannot be read or stored, or it ended its workers again and again.
    public static let runAbandoned = Code(rawValue: "RUN_ABANDONED")
    /// Cancelled on request.
    public static let cancelled = Code(rawValue: "CANCELLED")
  }

  public let code: Code
  /// A sentence for people; names the node by its key where there is one.
  public let message: String
  /// The node whose failure this is, in an error of a run.
  public let nodeID: Identifier?

  public init(code: Code, message: String, nodeID: Identifier? = nil) {
    self.code = code
    self.message = message
    self.nodeID = nodeID
  }
}

extension RunError {
  /// `{"code", "message", "nodeId"?}`, as it is stored.
  public func encoded() -> JSONValue {
    var object: JSONObject = ["code": .string(code.rawValue), "message": .string(message)]
    if let nodeID { object["nodeId"] = .string(nodeID.text(.node)) }
    return .object(object)
  }

  /// The error that `encoded()` has written; nil for anything else.
  public init?(decoding value: JSONValue) {
    guard let code = value["code"]?.string, let message = value["message"]?.string else { return nil }
    let node = value["nodeId"]?.string.flatMap { try? TypeID.parse($0, as: .node) }
    self.init(code: Code(rawValue: code), message: message, nodeID: node)
  }
}
