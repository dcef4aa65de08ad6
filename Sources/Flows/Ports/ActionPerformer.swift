/// A side effect to be performed for a node, its templates already filled in.
public struct ActionRequest: Sendable, Equatable {
  public let run: RunReference
  public let nodeID: Identifier
  public let iteration: IterationPath
  public let nodeKey: String
  public let attempt: Int
  /// The attempt whose idempotency key this one has: its own, or an earlier one's that had no answer.
  public var keyAttempt: Int
  public let integrationID: Identifier?
  public let effect: ActionEffect
  /// An earlier owner began it, or an earlier attempt was cut off, and what became of that is not known: who
  /// knows that it must not happen twice refuses it with `UNKNOWN_OUTCOME`.
  public var mayHaveHappened = false

  public init(run: RunReference, node: FlowNode, attempt: Int, call: HTTPCall) {
    self.init(run: run, node: node, attempt: attempt, effect: .http(call))
  }

  public init(
    run: RunReference, node: FlowNode, iteration: IterationPath = .root, attempt: Int, effect: ActionEffect
  ) {
    self.run = run
    self.iteration = iteration
    nodeID = node.id
    nodeKey = node.key
    self.attempt = attempt
    keyAttempt = attempt
    integrationID = node.integrationID
    self.effect = effect
  }

  /// The HTTP call; nil when the effect is another.
  public var call: HTTPCall? { if case .http(let call) = effect { call } else { nil } }

  /// The same for every try of this attempt, and of those before it that had no answer, so that the other
  /// side can tell a repetition: to be sent as the `Idempotency-Key` header.
  public var idempotencyKey: String {
    let node = "\(run.runID.text(.execution)):\(nodeID.text(.node))"
    return iteration == .root ? "\(node):\(keyAttempt)" : "\(node):\(iteration.text):\(keyAttempt)"
  }

  public var address: NodeAddress { NodeAddress(nodeID, iteration) }
}

/// What is to be done outside.
public enum ActionEffect: Sendable, Equatable {
  case http(HTTPCall)
  /// With the account of the request's `integrationID`.
  case connector(ConnectorCall)
  /// Through the mail server of the request's `integrationID`, or the Studio's own.
  case email(EmailCall)
}

/// An operation of a connector and its input.
public struct ConnectorCall: Sendable, Equatable {
  public let operation: String
  public let input: JSONValue

  public init(operation: String, input: JSONValue) {
    self.operation = operation
    self.input = input
  }
}

/// An HTTP request as the world shall see it.
public struct HTTPCall: Sendable, Equatable {
  public struct Field: Sendable, Equatable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.
  public var method: String
  /// Absolute, http or https, not yet checked against the address guard.
  public var url: String
  public var headers: [Field]
  /// To be percent-encoded and added to the URL's query.
  public var query: [Field]
  /// A string is sent as it is, anything else as JSON; nil sends no body.
  public var body: JSONValue?
  public var timeoutMilliseconds: Int64

  public init(method: String, url: String, timeoutMilliseconds: Int64 = 30_000) {
    self.method = method
    self.url = url
    headers = []
    query = []
    body = nil
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

/// The answer to an HTTP request.
public struct HTTPAnswer: Sendable, Equatable {
  public let status: Int
  /// By lower-case name; repeated headers joined with ", ".
  public let headers: JSONObject
  /// Parsed when the content type is JSON, else text.
  public let body: JSONValue

  public init(status: Int, headers: JSONObject, body: JSONValue) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// How a side effect ended.
public enum ActionOutcome: Sendable, Equatable {
  /// There was an answer; whether its status is a success is decided by the node's config.
  case answered(HTTPAnswer)
  /// It succeeded, with this output.
  case completed(JSONValue)
  case failed(RunError)
  /// The other side refused it, and it is known how: the class decides about further attempts.
  case rejected(RunError, ErrorClass, retryAfterMilliseconds: Int64? = nil)
  /// The task was cancelled; whether the effect happened is not known.
  case cancelled
}

/// Performs side effects. Cancelling the calling task must end the effect soon, with `cancelled`.
public protocol ActionPerformer: Sendable {
  func perform(_ request: ActionRequest) async -> ActionOutcome
}
