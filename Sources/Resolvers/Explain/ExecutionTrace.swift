import GraphQLEngine
import Postgres
import Synchronization

/// What one execution did: its calls and the statements that they sent, as they happened. Made for an
/// operation that is explained; the others have none and pay nothing.
///
/// The engine tells of calls on its thread, the database of answers on its loop's; the lock protects both.
public final class ExecutionTrace: ExecutionTracer {
  /// A statement of a call.
  struct SentStatement: Sendable {
    var label: String
    var sql: String
    var parameters: [String]
    /// From the call until the rows were here; nil while they are not.
    var duration: Duration?
    var rows = 0
    var hasFailed = false
  }

  /// A call with the statements that it sent.
  struct Call: Sendable {
    var fields: [Int]
    var count: Int
    var statements: [SentStatement] = []
  }

  private struct State {
    var calls: [Call] = []
    var isCalling = false
  }

  private let state = Mutex(State())
  private let showsValues: Bool
  private let plan: PlanDescription
  private let start = ContinuousClock.now

  /// - Parameter showsValues: whether parameters are shown with their values, which may be private.
  public init(plan: PlanDescription, showsValues: Bool) {
    self.plan = plan
    self.showsValues = showsValues
  }

  public func willCall(_ call: TracedCall) {
    state.withLock { state in
      state.calls.append(Call(fields: call.fields, count: call.count))
      state.isCalling = true
    }
  }

  public func didCall() { state.withLock { $0.isCalling = false } }

  /// Notes a statement of the present call, or of none: what a mutation's change sends.
  /// - Returns: tells of its end.
  func sent(
    _ statement: Statement, _ parameters: Parameters
  ) -> @Sendable (Result<RowBatch, PostgresError>) -> Void {
    let sent = SentStatement(
      label: statement.label, sql: statement.sql,
      parameters: parameters.descriptions(types: statement.types, values: showsValues))
    let place = state.withLock { state in
      if !state.isCalling { state.calls.append(Call(fields: [], count: 0)) }
      let call = state.calls.count - 1
      state.calls[call].statements.append(sent)
      return (call: call, statement: state.calls[call].statements.count - 1)
    }
    let start = ContinuousClock.now
    return { [weak self] result in
      let duration = ContinuousClock.now - start
      self?.state.withLock { state in
        state.calls[place.call].statements[place.statement].duration = duration
        switch result {
        case .success(let rows): state.calls[place.call].statements[place.statement].rows = rows.rowCount
        case .failure: state.calls[place.call].statements[place.statement].hasFailed = true
        }
      }
    }
  }

  /// What was done so far.
  public var report: ExplainReport {
    ExplainReport(plan: plan, calls: state.withLock { $0.calls }, duration: ContinuousClock.now - start)
  }
}
