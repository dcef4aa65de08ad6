/// What went wrong between us and Postgres: a code to act on, and details that are for the log only.
///
/// Thrown by every asynchronous function of this module. The message and the SQL of the server never belong
/// into an answer to a client; `description` therefore shows neither.
public struct PostgresError: Error, Sendable {
  /// The class of the failure: what a caller decides on.
  public enum Code: String, Sendable, Hashable {
    /// The server refused the statement; `sqlState` says why.
    case server
    /// The bounded queue for a connection was full; nothing was sent.
    case queueFull
    /// No connection came free in time, or the statement took longer than its deadline.
    case timeout
    /// The caller's task or handle was cancelled.
    case cancelled
    /// No connection to the server could be made before the deadline; nothing was sent.
    case unavailable
    /// The connection broke while the statement was under way; nothing of it was kept.
    case connectionLost
    /// The connection broke while a write or a COMMIT was under way: it may or may not have happened.
    case outcomeUnknown
    /// The transaction had failed before, so its COMMIT rolled back.
    case transactionAborted
    /// The pool, listener or transaction was closed before the call.
    case closed
    /// The caller asked for something that cannot be sent (a bad conninfo string, too many parameters).
    case invalidUse
    /// A migration was refused: a gap in the numbers, a changed text, a database newer than the program.
    case migration
  }

  /// The class of the failure.
  public let code: Code
  private let details: Details?

  /// The five-character SQLSTATE of the server (manual, appendix A), where the server spoke.
  public var sqlState: String? { details?.sqlState }
  /// The name of the violated constraint, where there is one (`PG_DIAG_CONSTRAINT_NAME`).
  public var constraint: String? { details?.constraint }
  /// The table that the error is about, where the server names it.
  public var table: String? { details?.table }
  /// For the log only: the server's or libpq's own words.
  public var message: String { details?.message ?? code.rawValue }
  /// The function of the server's source that raised the error (`PG_DIAG_SOURCE_FUNCTION`).
  var sourceFunction: String? { details?.sourceFunction }

  /// An error without word from the server.
  public init(_ code: Code, message: String? = nil) {
    self.code = code
    details = message.map { Details(message: $0) }
  }

  init(_ code: Code, details: Details) {
    self.code = code
    self.details = details
  }

  /// The same details under another code.
  func recoded(_ code: Code) -> PostgresError {
    guard let details else { return PostgresError(code) }
    return PostgresError(code, details: details)
  }

  /// What the server's error message carries; boxed, so that the error is two words wide.
  final class Details: Sendable {
    let sqlState: String?
    let constraint: String?
    let table: String?
    let message: String
    let sourceFunction: String?
    let isFatal: Bool

    init(
      message: String, sqlState: String? = nil, constraint: String? = nil, table: String? = nil,
      sourceFunction: String? = nil, isFatal: Bool = false
    ) {
      self.message = message
      self.sqlState = sqlState
      self.constraint = constraint
      self.table = table
      self.sourceFunction = sourceFunction
      self.isFatal = isFatal
    }
  }
}

extension PostgresError {
  /// A unique constraint or index was violated (23505); `constraint` names it.
  public var isUniqueViolation: Bool { sqlState == "23505" }
  /// A foreign key was violated (23503); `constraint` names it.
  public var isForeignKeyViolation: Bool { sqlState == "23503" }
  /// A check constraint was violated (23514); `constraint` names it.
  public var isCheckViolation: Bool { sqlState == "23514" }
  /// Two transactions could not be put in an order (40001), or waited for one another (40P01): run it again.
  public var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }
  /// The connection broke; the outcome of a write is unknown where `code` says so.
  public var isConnectionLost: Bool { code == .connectionLost || code == .outcomeUnknown }
  /// The server has undone the whole statement or transaction: it may be asked for again.
  public var isUndone: Bool { code == .server || code == .transactionAborted }
  /// The statement was cancelled by its caller.
  public var isCancelled: Bool { code == .cancelled }
  /// A deadline passed.
  public var isTimeout: Bool { code == .timeout }

  /// The server is about to close this connection, or it broke: the result is not about the statement.
  var endsConnection: Bool { details?.isFatal ?? false }
  /// The server cancelled the statement: by request, or because `statement_timeout` passed (57014).
  var isQueryCanceled: Bool { sqlState == "57014" }
}

extension PostgresError: Equatable, CustomStringConvertible {
  /// Equal in code and SQLSTATE and constraint; words do not count.
  public static func == (left: PostgresError, right: PostgresError) -> Bool {
    left.code == right.code && left.sqlState == right.sqlState && left.constraint == right.constraint
  }

  /// The code, SQLSTATE and constraint: safe to log anywhere, shows no SQL and no values.
  public var description: String {
    var text = "PostgresError(\(code.rawValue)"
    if let sqlState { text += ", \(sqlState)" }
    if let constraint { text += ", \(constraint)" }
    return text + ")"
  }
}
