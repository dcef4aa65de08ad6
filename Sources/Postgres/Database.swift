import Logging
import Synchronization
import UVLoop

/// A pool of connections to one database: the way to Postgres for the whole process. Made once by the
/// composition root; safe on any thread. The connections live on a libuv loop of its own.
///
/// Reads of many callers share connections in pipeline mode; a write has a sync of its own; a transaction has
/// a connection to itself. See `docs/postgres.md`.
public final class Database: Sendable {
  /// The bounds in force.
  public let configuration: PostgresConfiguration
  let loop: UVLoop
  let context: PoolContext
  private let pool: Pool
  /// One connection with `synchronous_commit = off`, opened with the first notification.
  private let notifier: Pool
  private let counters = Counters()
  private let isObserved: Bool
  private let writeObserver: WriteObserver?
  private let identifiers = Atomic<UInt64>(1)

  /// Told of each statement that ended: its rows (returned or touched) and the time since it was submitted.
  /// Called on the loop's thread: it must not block.
  public typealias Observer = @Sendable (_ statement: Statement, _ rows: Int, _ duration: Duration) -> Void

  /// What became of a statement that may change something.
  public enum WriteMoment: String, Sendable {
    /// It is about to be sent.
    case before
    /// Its answer is here; nobody has seen it yet.
    case after
  }

  /// Told of each statement that may change something, COMMIT included; for tests that end the process there.
  public typealias WriteObserver = @Sendable (_ moment: WriteMoment, _ statement: Statement) -> Void

  /// Makes the pool; nothing happens before `start`.
  /// - Throws: `.invalidUse` if the connection string cannot be read.
  public init(
    _ configuration: PostgresConfiguration, logger: Logger = Logger(label: "postgres"),
    observer: Observer? = nil, writeObserver: WriteObserver? = nil
  ) throws(PostgresError) {
    self.configuration = configuration
    self.writeObserver = writeObserver
    let loop = UVLoop()
    self.loop = loop
    isObserved = observer != nil
    context = PoolContext(
      configuration: configuration, options: try configuration.connectionOptions(asynchronousCommit: false),
      logger: logger, counters: counters, observer: observer)
    pool = Pool(loop, context)
    notifier = Pool(loop, try context.forNotifications())
  }

  /// Starts the loop and begins to connect. Statements may be submitted at once: they wait for a connection.
  public func start() {
    loop.start()
    pool.open()
  }

  /// Takes no further statements, waits for what is under way and queued, at most until the deadline, then
  /// closes the connections and ends the loop. What still waits then fails with `.closed`, what is under way
  /// as if the connection had broken.
  public func shutdown(deadline: Duration = .seconds(5)) async {
    // What was never started has an inbox that nobody reads.
    loop.start()
    await pool.shutdown(deadline: deadline)
    await notifier.shutdown(deadline: .zero)
    await loop.stop()
  }

  /// Calls the body once, on the loop's thread, after so long at least and hardly two milliseconds more; at
  /// once when the database is shut down. It must not block. Cheaper than a sleeping task.
  public func after(milliseconds: UInt64, _ body: @escaping @Sendable () -> Void) {
    if !loop.execute(afterMilliseconds: milliseconds, body) { body() }
  }

  /// What has been done so far.
  public var statistics: DatabaseStatistics { counters.statistics }

  // MARK: Reads

  /// A mark for reads that may share a sync; see `ReadGroup`.
  public func makeReadGroup() -> ReadGroup { ReadGroup(id: nextIdentifier()) }

  /// Sends a statement without effect; the completion is called once, on the loop's thread, and must not
  /// block.
  /// - Returns: a handle that cancels it.
  @discardableResult
  public func read(
    _ statement: Statement, _ parameters: Parameters = .none, group: ReadGroup? = nil,
    deadline: Duration? = nil,
    completion: @escaping @Sendable (Result<RowBatch, PostgresError>) -> Void
  ) -> StatementHandle {
    submit(.read, call(statement, parameters, deadline), group: group, completion: completion)
  }

  /// Reads rows by their keys: `$1` of the statement is the owner, `$2` the keys. Equal reads of other
  /// callers may go with it as one statement, so the rows may be more than were asked for: each must tell its
  /// key. The completion is called once, on the loop's thread, and must not block.
  /// - Returns: a handle that cancels it.
  public func read(
    _ statement: Statement, of owner: UUIDValue, keys: [UUIDValue],
    completion: @escaping @Sendable (Result<RowBatch, PostgresError>) -> Void
  ) -> StatementHandle {
    let read = KeyedRead(
      id: nextIdentifier(), statement: statement, owner: owner, keys: keys, completion: completion)
    pool.read(read, call(statement, .none, nil))
    return StatementHandle(id: read.id, pool: pool)
  }

  /// Sends a statement without effect and waits for its rows. Cancelling the task cancels the statement.
  /// - Throws: `.server`, `.timeout`, `.queueFull`, `.unavailable`, `.connectionLost`, `.cancelled` or
  ///   `.closed`.
  public func query(
    _ statement: Statement, _ parameters: Parameters = .none, group: ReadGroup? = nil,
    deadline: Duration? = nil
  ) async throws(PostgresError) -> RowBatch {
    if let joined = JoinedTransaction.open(of: self) {
      return try await joined.transaction.execute(statement, parameters, deadline: deadline)
    }
    return try await run(.read, call(statement, parameters, deadline), group: group)
  }

  // MARK: Writes

  /// Sends one statement that commits by itself, and waits for the commit.
  ///
  /// A cancelled task asks the server to stop it and still waits for the truth: the rows if it was too late.
  /// - Throws: as `query`; `.outcomeUnknown` where the connection broke while it was under way.
  @discardableResult
  public func execute(
    _ statement: Statement, _ parameters: Parameters = .none, deadline: Duration? = nil
  ) async throws(PostgresError) -> RowBatch {
    if let companion = TransactionCompanions.waiting {
      return try await execute(statement, parameters, deadline: deadline, with: companion)
    }
    if let joined = JoinedTransaction.open(of: self) {
      return try await joined.transaction.execute(statement, parameters, deadline: deadline)
    }
    return try await run(.write, call(statement, parameters, deadline))
  }

  /// Sends one statement that commits by itself, of no task: no companion and no joined transaction is
  /// asked. The completion is called once, on the loop's thread, when it is committed or failed, and must not
  /// block.
  public func write(
    _ statement: Statement, _ parameters: Parameters,
    completion: @escaping @Sendable (Result<RowBatch, PostgresError>) -> Void
  ) {
    submit(.write, call(statement, parameters, nil), completion: completion)
  }

  /// Tells the listeners of a channel, without waiting for the disk: a hint that may be lost with the server.
  /// - Parameter payload: under 8,000 bytes (manual, NOTIFY).
  public func notify(channel: String, payload: String = "") async throws(PostgresError) {
    let parameters = Parameters {
      $0.text(channel)
      $0.text(payload)
    }
    _ = try await run(.write, call(Database.notifyStatement, parameters, nil), on: notifier)
  }

  private static let notifyStatement = Statement("notify", "SELECT pg_notify($1, $2)", [.text, .text])
}

/// Cancels one statement; holding it is not needed for the statement to go on.
public struct StatementHandle: Sendable {
  let id: UInt64
  let pool: Pool

  /// Drops the statement if it was not sent, and asks the server to stop it if it is being worked on. A
  /// read's completion is called with `.cancelled` at once.
  public func cancel() { pool.cancel(id) }
}

// MARK: - Submitting

extension Database {
  func nextIdentifier() -> UInt64 { identifiers.wrappingAdd(1, ordering: .relaxed).oldValue }

  func call(_ statement: Statement, _ parameters: Parameters, _ deadline: Duration?) -> StatementCall {
    StatementCall(
      statement: statement, parameters: parameters, deadline: deadline ?? configuration.statementDeadline,
      isTimed: isObserved)
  }

  @discardableResult
  func submit(
    _ kind: Request.Kind, _ call: StatementCall, group: ReadGroup? = nil, lease: UInt64? = nil,
    completion: @escaping Request.Completion
  ) -> StatementHandle {
    let completion = observed(kind, call.statement, completion)
    let request = Request(
      id: nextIdentifier(), kind: kind, call, lease: lease, group: group, completion: completion)
    pool.submit(request)
    return StatementHandle(id: request.id, pool: pool)
  }

  /// Tells the observer that a statement is about to be sent, and, through the completion, of its answer.
  private func observed(
    _ kind: Request.Kind, _ statement: Statement, _ completion: @escaping Request.Completion
  ) -> Request.Completion {
    guard let writeObserver, kind != .read else { return completion }
    writeObserver(.before, statement)
    return { outcome in
      writeObserver(.after, statement)
      completion(outcome)
    }
  }

  /// Submits and waits; cancelling the task cancels the request.
  func run(
    _ kind: Request.Kind, _ call: StatementCall, group: ReadGroup? = nil, lease: UInt64? = nil,
    on otherPool: Pool? = nil
  ) async throws(PostgresError) -> RowBatch {
    let target = otherPool ?? pool
    let id = nextIdentifier()
    let result = await withTaskCancellationHandler {
      await withUnsafeContinuation {
        (continuation: UnsafeContinuation<Result<RowBatch, PostgresError>, Never>) in
        if Task.isCancelled { return continuation.resume(returning: .failure(PostgresError(.cancelled))) }
        let completion = observed(kind, call.statement) { continuation.resume(returning: $0) }
        target.submit(
          Request(id: id, kind: kind, call, lease: lease, group: group, completion: completion))
        // The handler may have come between the question and the submission, and found nothing.
        if Task.isCancelled { target.cancel(id) }
      }
    } onCancel: {
      target.cancel(id)
    }
    return try result.get()
  }

  /// Submits and waits for the answer even if the task is cancelled: for COMMIT and ROLLBACK.
  func runUncancelled(
    _ kind: Request.Kind, _ call: StatementCall, lease: UInt64
  ) async throws(PostgresError) -> RowBatch {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<RowBatch, PostgresError>, Never>) in
      submit(kind, call, lease: lease) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  func release(lease: UInt64) { pool.release(lease) }
}
