/// Bounds of the JavaScript sandbox. All have sensible defaults.
public struct SandboxConfiguration: Sendable {
  /// Where `studio-sandbox` lies; nil looks beside the running executable.
  public var binaryPath: String?
  /// Child processes, 1-8, and as many again, once they are needed, for expressions that take longer. Each
  /// evaluates one expression at a time.
  public var processes = 1
  /// Resident memory of a child above which it is killed, in bytes.
  public var memoryLimitBytes = 256 << 20
  /// Processor time of one expression, unless the caller gives another.
  public var defaultTimeout: Duration = .milliseconds(250)
  /// Longest processor time that a caller may ask for.
  public var maximumTimeout: Duration = .seconds(10)
  /// Longest JSON text of one result, in bytes.
  public var maximumResultBytes = 1 << 20
  /// Longest expression, in bytes.
  public var maximumExpressionBytes = 64 << 10
  /// All JSON texts of one scope together, in bytes.
  public var maximumScopeBytes = 8 << 20
  /// Expressions in one request.
  public var maximumExpressions = 256
  /// Requests that may wait in each lane; further ones fail with `.overloaded`.
  public var maximumQueued = 4096
  /// How long a request may wait before a child takes it.
  public var queueTimeout: Duration = .seconds(10)
  /// How long a new child may take until it is ready.
  public var startTimeout: Duration = .seconds(10)

  public init() {}
}

/// The values an expression may use, as JSON texts. What is nil is `undefined` in JavaScript.
public struct SandboxScope: Sendable, Equatable {
  public var input: String?
  public var output: String?
  /// By node key: `nodes.fetch.output.total`.
  public var nodes: String?
  public var run: String?
  public var flow: String?
  /// The organization's named values; never the process's environment.
  public var env: String?
  /// Of the innermost loop.
  public var item: String?
  public var index: String?
  /// By the key of every loop around.
  public var loops: String?

  public init(
    input: String? = nil, output: String? = nil, nodes: String? = nil, run: String? = nil,
    flow: String? = nil,
    env: String? = nil
  ) {
    self.input = input
    self.output = output
    self.nodes = nodes
    self.run = run
    self.flow = flow
    self.env = env
  }
}

/// Why an expression has no value. Messages may be shown to the flow's author; they hold no scope values of
/// others.
public enum SandboxError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Does not parse. Line and column count from 1, columns in UTF-16 units.
  case syntax(message: String, line: Int, column: Int)
  /// Threw. Line and column are nil when JavaScript does not tell.
  case thrown(message: String, line: Int?, column: Int?)
  /// Used up its processor time.
  case timedOut
  /// Made the child exceed its memory.
  case outOfMemory
  /// The JSON of the result is longer than allowed.
  case resultTooLarge(limitBytes: Int)
  /// The result has no JSON form (function, symbol, BigInt, promise, cycle).
  case notSerializable(message: String)
  /// A scope value is no JSON.
  case invalidScope(name: String)
  case expressionTooLarge(limitBytes: Int)
  case scopeTooLarge(limitBytes: Int)
  case tooManyExpressions(limit: Int)
  /// The queue is full, or the request waited too long.
  case overloaded
  /// The child died twice while it ran this request.
  case crashed
  /// No child can be started.
  case unavailable(reason: String)
  /// The calling task was cancelled.
  case cancelled
  /// The pool was shut down.
  case closed

  public var description: String {
    switch self {
    case .syntax(let message, let line, let column): "\(message) (line \(line), column \(column))"
    case .thrown(let message, let line?, let column?): "\(message) (line \(line), column \(column))"
    case .thrown(let message, _, _): message
    case .timedOut: "The expression took too long."
    case .outOfMemory: "The expression used too much memory."
    case .resultTooLarge(let limit): "The result of the expression is larger than \(limit) bytes."
    case .notSerializable(let message): "The result of the expression has no JSON form: \(message)"
    case .invalidScope(let name): "The value of \(name) is not valid JSON."
    case .expressionTooLarge(let limit): "The expression is longer than \(limit) bytes."
    case .scopeTooLarge(let limit): "The values for the expression are larger than \(limit) bytes."
    case .tooManyExpressions(let limit): "More than \(limit) expressions in one request."
    case .overloaded: "Too many expressions are waiting; try again."
    case .crashed: "The JavaScript process died while it ran this expression."
    case .unavailable(let reason): "JavaScript is not available: \(reason)"
    case .cancelled: "The evaluation was cancelled."
    case .closed: "The JavaScript sandbox is shut down."
    }
  }
}
