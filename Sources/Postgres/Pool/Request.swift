/// One statement on its way: what to send, for whom, until when. Immutable; made on any thread, moved by the
/// loop.
final class Request: Sendable {
  /// What a failure means and which connection may take it.
  enum Kind: Sendable {
    /// A statement without effect; may share a connection and, within a group, a sync.
    case read
    /// A statement with an effect and a sync of its own, which commits it.
    case write
    /// Opens a transaction: needs a connection to itself, which is leased to it.
    case begin
    /// A statement inside a transaction.
    case leased
    /// COMMIT.
    case commit
    /// ROLLBACK.
    case rollback
    /// Several statements in one text, by the simple protocol, inside a transaction.
    case script
  }

  typealias Completion = @Sendable (Result<RowBatch, PostgresError>) -> Void

  let id: UInt64
  let kind: Kind
  let statement: Statement
  let parameters: Parameters
  /// The transaction that it belongs to.
  let lease: UInt64?
  let group: ReadGroup?
  /// Milliseconds that it may run, once sent.
  let deadlineMilliseconds: UInt64
  /// Only where someone observes durations: asking the clock is not free.
  let submittedAt: ContinuousClock.Instant?
  /// Called once, on the loop's thread.
  let completion: Completion

  init(
    id: UInt64, kind: Kind, _ call: StatementCall, lease: UInt64? = nil, group: ReadGroup? = nil,
    completion: @escaping Completion
  ) {
    self.id = id
    self.kind = kind
    statement = call.statement
    parameters = call.parameters
    deadlineMilliseconds = UInt64(call.deadline.wholeMilliseconds)
    submittedAt = call.isTimed ? .now : nil
    self.lease = lease
    self.group = group
    self.completion = completion
  }

  /// What the caller is told when the connection breaks while the request is under way.
  var errorWhenLost: PostgresError.Code {
    switch kind {
    case .write, .commit: .outcomeUnknown
    case .read, .begin, .leased, .rollback, .script: .connectionLost
    }
  }
}

/// A statement with its values and its deadline.
struct StatementCall: Sendable {
  var statement: Statement
  var parameters: Parameters
  var deadline: Duration
  var isTimed = false

  func with(_ parameters: Parameters) -> StatementCall {
    var call = self
    call.parameters = parameters
    return call
  }
}

/// Marks reads that stand or fall together, such as the reads of one level of one request. Reads of one group
/// that are sent next to each other share a sync; reads of different groups, or of none, never do.
public struct ReadGroup: Hashable, Sendable {
  let id: UInt64
}
