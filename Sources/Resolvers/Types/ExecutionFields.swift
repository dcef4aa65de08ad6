import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// Resolvers of `ExecutionLog`.
struct ExecutionFields: ExecutionLogResolvers, TableType {
  static let typeName = "ExecutionLog"
  static let noun = "execution"

  func source(of leaf: ExecutionLogLeaf) -> LeafSource<ExecutionColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.execution))
    case .flowName: LeafSource(.flowName, .text)
    case .status: LeafSource(.status, Formats.executionStatus)
    case .input: LeafSource(.input, .jsonb)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .startTime: LeafSource(.startTime, .timestamptz)
    case .endTime: LeafSource(.endTime, .timestamptz)
    case .duration: LeafSource(.duration, .int4)
    case .result: LeafSource(.result, .jsonb)
    case .lastSequence: LeafSource(.lastSequence, .int4)
    }
  }

  func keys(of field: String) -> [ExecutionColumn] {
    switch field {
    case "flow": [.flowID]
    case "version": [.versionID]
    case "retryOf": [.retryOf]
    case "user": [.userID]
    case "error": [.error]
    default: [.id]
    }
  }

  var flow: FieldBinding { Loaders.flows(by: ExecutionColumn.flowID) }
  var version: FieldBinding { Loaders.versions(by: ExecutionColumn.versionID) }
  var retryOf: FieldBinding { Loaders.executions(by: ExecutionColumn.retryOf) }
  var user: FieldBinding { Loaders.users(by: ExecutionColumn.userID) }
  var error: FieldBinding { ErrorColumn.binding }
  var nodeExecutions: FieldBinding { NodeExecutionFields().children(of: .executionID, order: .order) }

  /// The conditions of a list of runs.
  static func filter(_ input: ExecutionLogFilter?) throws -> PageFilter<ExecutionColumn> {
    var filter = PageFilter<ExecutionColumn>()
    guard let input else { return filter }
    if let flow = input.flowId {
      let id = try InputID.parse(flow, .flow, field: "filter.flowId")
      filter.add(.equals(.flowID, .uuid)) { $0.uuid(id.uuid) }
    }
    if let status = input.status {
      let names = status.map { $0.rawValue.lowercased() }
      filter.add(.isAny(.status, of: .textArray)) { $0.texts(names) }
    }
    filter.addCreated(from: input.createdFrom, until: input.createdUntil)
    try filter.add(.isFoundByText, search: input.search)
    return filter
  }
}

extension PageFilter<ExecutionColumn> {
  /// A run's id has the instant at which a process accepted it, `created_at` that of the database or of the
  /// process: nearly the same.
  private static let skewMicroseconds: Int64 = 3_600_000_000

  fileprivate mutating func addCreated(from: DateTime?, until: DateTime?) {
    if let from {
      let (instant, id) = ListCondition<ExecutionColumn>.createdFrom
      let bound = Self.bound(from.microseconds, -Self.skewMicroseconds)
      add(instant) { $0.timestamptz(microseconds: from.microseconds) }
      add(id) { $0.uuid(bound.uuid) }
    }
    if let until {
      let (instant, id) = ListCondition<ExecutionColumn>.createdUntil
      let bound = Self.bound(until.microseconds, Self.skewMicroseconds)
      add(instant) { $0.timestamptz(microseconds: until.microseconds) }
      add(id) { $0.uuid(bound.uuid) }
    }
  }

  private static func bound(_ microseconds: Int64, _ skew: Int64) -> Identifier {
    let (sum, isOver) = microseconds.addingReportingOverflow(skew)
    return MetricsReads.bound(Instant(microseconds: isOver ? microseconds : sum))
  }
}

/// Resolvers of `NodeExecutionLog`.
struct NodeExecutionFields: NodeExecutionLogResolvers, TableType {
  static let typeName = "NodeExecutionLog"
  static let noun = "node_execution"

  func source(of leaf: NodeExecutionLogLeaf) -> LeafSource<NodeExecutionColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.nodeLog))
    case .nodeId: LeafSource(.nodeID, Formats.id(.node))
    case .nodeKey: LeafSource(.nodeKey, .text)
    case .iteration: LeafSource(.iterations, .jsonb)
    case .title: LeafSource(.title, .text)
    case .kind: LeafSource(.kind, Formats.nodeKind)
    case .status: LeafSource(.status, Formats.nodeExecutionStatus)
    case .attempt: LeafSource(.attempt, .int4)
    case .startTime: LeafSource(.startTime, .timestamptz)
    case .endTime: LeafSource(.endTime, .timestamptz)
    case .input: LeafSource(.input, .jsonb)
    case .output: LeafSource(.output, .jsonb)
    case .skipReason: LeafSource(.skipReason, .text)
    case .duration: LeafSource(.duration, .int4)
    }
  }

  func keys(of field: String) -> [NodeExecutionColumn] { field == "error" ? [.error] : [.nodeID] }

  var node: FieldBinding { Loaders.nodes(by: NodeExecutionColumn.nodeID) }
  var error: FieldBinding { ErrorColumn.binding }
}

/// The `error` column of runs and nodes as an object.
enum ErrorColumn {
  static let binding = FieldBinding.batch { call in
    let errors = try call.parents.json("error").map { value in
      value.flatMap { RunError(decoding: $0) }.map { ExecutionError($0) }
    }
    return .ready(.optionals(errors))
  }
}

extension ExecutionError {
  init(_ error: RunError) {
    self.init(
      message: error.message, code: error.code.rawValue, nodeId: error.nodeID?.text(.node))
  }
}
