import Synchronization

/// What a database has done since it was made; tests count statements with it.
public struct DatabaseStatistics: Sendable, Equatable {
  /// Statements sent for callers, BEGIN and COMMIT among them; one sent twice counts twice.
  public var statements = 0
  /// Statements prepared.
  public var prepares = 0
  /// Prepared statements given up for others.
  public var evictions = 0
  /// Syncs sent; each is a border that an error does not cross.
  public var syncs = 0
  /// Times that the loop handed a connection's output to the system after a batch.
  public var flushes = 0
  /// Connections made after the first of each place in the pool.
  public var reconnects = 0
  /// Requests that asked the server to stop a statement.
  public var cancels = 0
  /// Statements under way now.
  public var inFlight = 0
  /// Statements and transactions waiting for a connection now.
  public var waiting = 0
}

/// The counters: written by the loop's thread, read by any.
final class StatisticsBox: Sendable {
  private let state = Mutex(DatabaseStatistics())

  var value: DatabaseStatistics { state.withLock { $0 } }

  func update(_ body: (inout DatabaseStatistics) -> Void) {
    state.withLock { body(&$0) }
  }
}
