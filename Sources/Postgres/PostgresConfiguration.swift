import CPostgres

/// Where the database is and which bounds hold. A value; made once by the composition root.
public struct PostgresConfiguration: Sendable {
  /// libpq's connection string: `key=value` pairs or a `postgresql://` URI (manual § 34.1.1). Holds the
  /// password.
  public var connectionInfo: String
  /// Shown in `pg_stat_activity`.
  public var applicationName = "studio"
  /// Connections of the pool; at least 1.
  public var poolSize = 8
  /// Statements and transactions that may wait for a connection; one more is refused with `.queueFull`.
  public var queueLimit = 4096
  /// Statements under way on one connection; more wait in the queue.
  public var pipelineDepth = 64
  /// Prepared statements kept per connection; the least recently used one goes.
  public var preparedStatementLimit = 512
  /// How long a statement or transaction waits for a connection before `.timeout` or `.unavailable`.
  public var acquireDeadline: Duration = .seconds(5)
  /// How long a statement may run; the server ends it (`statement_timeout`), and so do we.
  public var statementDeadline: Duration = .seconds(30)
  /// How long an attempt to connect may take.
  public var connectTimeout: Duration = .seconds(5)
  /// How long a transaction may lie idle before the server ends it.
  public var idleTransactionDeadline: Duration = .seconds(60)
  /// How long an overdue connection may stay silent after its statement's deadline before it is given up.
  public var silenceDeadline: Duration = .seconds(5)
  /// The first wait before a reconnect; it doubles with each failure, with jitter, up to `reconnectLimit`.
  public var reconnectBase: Duration = .milliseconds(50)
  /// The longest wait between two attempts to connect.
  public var reconnectLimit: Duration = .seconds(5)

  /// Checks that libpq understands the string.
  /// - Throws: `.invalidUse` with libpq's words (which do not contain the password).
  public init(connectionInfo: String) throws(PostgresError) {
    self.connectionInfo = connectionInfo
    _ = try ConnectionOptions(parsing: connectionInfo)
  }

  /// Transactions at once: a quarter of the connections, at least one where there are two, is left for reads.
  var leaseLimit: Int { max(1, poolSize - max(1, poolSize / 4)) }
}

/// libpq's keywords and values, as PQconnectStartParams takes them.
struct ConnectionOptions: Sendable {
  private(set) var values: [(keyword: String, value: String)] = []

  /// § 34.1 `PQconninfoParse`: "Returns parsed connection options from the provided connection string."
  init(parsing connectionInfo: String) throws(PostgresError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(connectionInfo, &message) else {
      defer { PQfreemem(message) }
      let words = message.map { String(cString: $0) } ?? "out of memory"
      throw PostgresError(.invalidUse, message: words)
    }
    defer { PQconninfoFree(options) }
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        values.append((String(cString: keyword), String(cString: value)))
      }
      option += 1
    }
  }

  /// Sets or replaces one keyword.
  mutating func set(_ keyword: String, _ value: String) {
    values.removeAll { $0.keyword == keyword }
    values.append((keyword, value))
  }

  /// Adds `-c name=value` to the options that the server reads when the session starts, so that the session
  /// settings cost no statement and a reconnect cannot forget them.
  mutating func addSessionSetting(_ name: String, _ value: String) {
    let present = values.first { $0.keyword == "options" }?.value
    let setting = "-c \(name)=\(value)"
    set("options", present.map { "\($0) \(setting)" } ?? setting)
  }
}

extension PostgresConfiguration {
  /// The keywords of a pool's session: UTC, deadlines on the server's side too, one plan per statement.
  func connectionOptions(asynchronousCommit: Bool) throws(PostgresError) -> ConnectionOptions {
    var options = try ConnectionOptions(parsing: connectionInfo)
    options.set("application_name", applicationName)
    options.set("client_encoding", "UTF8")
    options.addSessionSetting("TimeZone", "UTC")
    options.addSessionSetting("statement_timeout", String(statementDeadline.wholeMilliseconds))
    options.addSessionSetting(
      "idle_in_transaction_session_timeout", String(idleTransactionDeadline.wholeMilliseconds))
    // Statements are prepared once and walk an index whatever their parameters are: planning one anew for
    // each execution would cost twice what executing it does, and compiling one far more.
    options.addSessionSetting("plan_cache_mode", "force_generic_plan")
    options.addSessionSetting("jit", "off")
    if asynchronousCommit { options.addSessionSetting("synchronous_commit", "off") }
    return options
  }
}

extension Duration {
  /// Whole milliseconds, rounded up, at least zero.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let limit = Int64(Int32.max)
    if seconds >= limit / 1000 { return limit }
    return max(0, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
