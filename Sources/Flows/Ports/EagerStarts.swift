/// Runs that come to a worker claimed already: its own process has accepted them, and the statement that
/// stored them made the worker their owner. That saves them the way through the queue. (Temporal calls this
/// eager start.)
///
/// A run that comes so was accepted while the worker had room and nothing waited for it, so it overtakes
/// nobody. Safe to call from any task; `next` from one at a time.
public protocol EagerStarts: Sendable {
  /// How many runs more the owner would drive now; none at first.
  func offer(_ places: Int, owner: Identifier)

  /// Runs that were accepted and claimed, or will be: they have taken places of the offer.
  var takenPlaces: Int { get }

  /// Waits for the next accepted runs, and reads what belongs to them. They keep their places until
  /// `begun`. Nil when none comes any more: after `close`, or when the task is cancelled.
  /// - Throws: when they could not be read; the worker that holds them without driving them gives them back.
  func next() async throws -> [ClaimedRun]?

  /// The runs of the last `next` are driven, and need no place of the offer.
  func begun()

  /// Nothing more is accepted for the owner; what is on its way still comes.
  func close()
}

/// Every run goes through the queue.
public struct NoEagerStarts: EagerStarts {
  public init() {}
  public func offer(_ places: Int, owner: Identifier) {}
  public var takenPlaces: Int { 0 }
  public func next() async throws -> [ClaimedRun]? { nil }
  public func begun() {}
  public func close() {}
}
