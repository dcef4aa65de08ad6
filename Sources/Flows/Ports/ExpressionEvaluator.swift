/// Expressions that are evaluated over the same scope.
public struct EvaluationRequest: Sendable, Equatable {
  /// JavaScript expressions, each evaluated for itself.
  public let expressions: [String]
  /// The names that they see: `input`, `output`, `nodes`, `run`, `flow`, `env`.
  public let scope: JSONObject

  public init(expressions: [String], scope: JSONObject) {
    self.expressions = expressions
    self.scope = scope
  }
}

/// Why an expression has no value.
public struct ExpressionFailure: Error, Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// It does not parse.
    case syntax
    /// It threw.
    case thrown
    /// It used up its time.
    case timeout
    /// It used up its memory, or its value is too large.
    case tooLarge
  }

  public let kind: Kind
  /// The engine's message, without a stack.
  public let message: String
  /// In the expression's text, from 1.
  public let line: Int?
  /// In the expression's text, from 1.
  public let column: Int?

  public init(kind: Kind, message: String, line: Int? = nil, column: Int? = nil) {
    self.kind = kind
    self.message = message
    self.line = line
    self.column = column
  }
}

/// The sandbox cannot be reached or is overloaded: nothing is known about the expressions; try again later.
public struct ExpressionsUnavailable: Error, Sendable, Equatable {
  /// For the log.
  public let message: String
  public init(message: String) { self.message = message }
}

/// Evaluates JavaScript expressions, bounded in time and memory, without access to anything but the scope.
public protocol ExpressionEvaluator: Sendable {
  /// The values of all expressions of all requests, in their order. `undefined` is null. All of them may be
  /// under way at once: it is for the caller to ask for a bounded number.
  func evaluate(
    _ requests: [EvaluationRequest]
  ) async throws(ExpressionsUnavailable) -> [[Result<JSONValue, ExpressionFailure>]]
}

/// Checks the syntax of JavaScript expressions when a flow is saved.
public protocol ExpressionChecker: Sendable {
  /// For each expression nil, or what is wrong with it (`kind` is `syntax`).
  func check(_ expressions: [String]) async throws(ExpressionsUnavailable) -> [ExpressionFailure?]
}
