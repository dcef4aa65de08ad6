import Flows

/// A store under test with the back doors that the suite needs: what other parts of the product do to runs.
///
/// Each check gets a fixture of its own whose store holds no run yet.
public protocol RunStoreFixture: Sendable {
  var store: any RunStore { get }

  /// The store's own time.
  func now() async throws -> Instant

  /// Queues a run of `version` with its `queued` event, number 1; the organization has the named values
  /// `environment`.
  func enqueue(_ version: FlowVersion, input: JSONValue, environment: JSONObject) async throws -> RunReference

  func requestCancel(_ run: RunReference) async throws

  /// Something comes for a node of a run.
  func signal(_ run: RunReference, _ signal: NodeSignal) async throws

  /// An integration of the organization of this run, with a limit of calls at once; the fixture may have
  /// to make it.
  func limitCalls(of integration: Identifier, to limit: Int?, for run: RunReference) async throws

  /// Makes the owner's lease one that ended a moment ago.
  func expireLease(of owner: Identifier) async throws

  func snapshot(of run: RunReference) async throws -> RunSnapshot

  /// All events of a run in the order of their numbers.
  func events(of run: RunReference) async throws -> [NumberedEvent]
}

/// An event as it is stored.
public struct NumberedEvent: Sendable, Equatable {
  public let sequence: Int64
  public let event: RunEvent

  public init(sequence: Int64, event: RunEvent) {
    self.sequence = sequence
    self.event = event
  }
}

/// A check of the suite failed.
public struct ConformanceFailure: Error, CustomStringConvertible {
  public let description: String
}

func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw ConformanceFailure(description: message()) }
}

func equal<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String) throws {
  try check(found == expected, "\(what): found \(found), expected \(expected)")
}
