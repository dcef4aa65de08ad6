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

/// A number that the loop's thread writes and any thread reads.
final class Counter: Sendable {
  private let number = Atomic<Int>(0)

  var value: Int { number.load(ordering: .relaxed) }

  /// On the loop's thread only: with a single writer no locked instruction is needed.
  func add(_ amount: Int) { set(value + amount) }
  func set(_ newValue: Int) { number.store(newValue, ordering: .relaxed) }
}

/// The counters behind `DatabaseStatistics`.
struct Counters: Sendable {
  let statements = Counter()
  let prepares = Counter()
  let evictions = Counter()
  let syncs = Counter()
  let flushes = Counter()
  let reconnects = Counter()
  let cancels = Counter()
  let inFlight = Counter()
  let waiting = Counter()

  var statistics: DatabaseStatistics {
    DatabaseStatistics(
      statements: statements.value, prepares: prepares.value, evictions: evictions.value, syncs: syncs.value,
      flushes: flushes.value, reconnects: reconnects.value, cancels: cancels.value,
      inFlight: inFlight.value, waiting: waiting.value)
  }
}
