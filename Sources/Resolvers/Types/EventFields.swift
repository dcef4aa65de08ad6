import Flows
import GraphQLEngine
import Schema
import Storage

/// The row of every type of `ExecutionEvent`.
struct EventRow: Sendable {
  var run: RunReference
  var event: NumberedEvent

  /// The name of the object type.
  var typeName: String {
    switch event.event.kind {
    case .queued: "ExecutionQueued"
    case .started: "ExecutionStarted"
    case .nodeStarted: "NodeStarted"
    case .nodeRetrying: "NodeRetrying"
    case .nodeFinished: "NodeFinished"
    case .waiting: "ExecutionWaiting"
    case .logLine: "ExecutionLogLine"
    case .finished: "ExecutionFinished"
    }
  }

  /// A cursor is the number of the event.
  static func cursor(_ sequence: Int) -> String { "event_\(sequence)" }

  static func sequence(after cursor: String?) throws -> Int {
    guard let cursor else { return 0 }
    guard let sequence = Int(cursor.dropFirst(6)), sequence >= 0, cursor == self.cursor(sequence) else {
      throw ServiceError(.badUserInput, "after is not a cursor that the Studio gave.", field: "after")
    }
    return sequence
  }

  var nodeID: Identifier? {
    switch event.event.kind {
    case .nodeStarted(let node): node.node
    case .nodeRetrying(let node): node.node
    case .nodeFinished(let node): node.node
    default: nil
    }
  }

  var nodeKey: String? {
    switch event.event.kind {
    case .nodeStarted(let node): node.key
    case .nodeRetrying(let node): node.key
    case .nodeFinished(let node): node.key
    case .logLine(let line): line.key
    default: nil
    }
  }

  var attempt: Int {
    switch event.event.kind {
    case .nodeStarted(let node): node.attempt
    case .nodeRetrying(let node): node.attempt
    case .nodeFinished(let node): node.attempt
    default: 0
    }
  }

  var input: JSONValue? {
    switch event.event.kind {
    case .nodeStarted(let node): node.input
    case .nodeFinished(let node): node.input
    default: nil
    }
  }

  var error: RunError? {
    switch event.event.kind {
    case .nodeRetrying(let node): node.error
    case .nodeFinished(let node): node.error
    case .finished(let run): run.error
    default: nil
    }
  }
}

/// Resolvers of every type of `ExecutionEvent`.
struct EventFields: ExecutionQueuedResolvers, ExecutionStartedResolvers, NodeStartedResolvers,
  NodeRetryingResolvers, ExecutionWaitingResolvers, ExecutionLogLineResolvers
{
  var sequence: FieldBinding { Self.sequence }
  var cursor: FieldBinding { Self.cursor }
  var at: FieldBinding { Self.at }
  var execution: FieldBinding { Self.execution }
  var nodeId: FieldBinding { Self.leaf { $0.nodeID?.text(.node) } }
  var nodeKey: FieldBinding { Self.nodeKey }
  var iteration: FieldBinding { Self.iteration }
  var attempt: FieldBinding { Self.leaf { $0.attempt } }
  var input: FieldBinding { Self.leaf { $0.input.map { RawJSON($0.encoded()) } } }
  var error: FieldBinding { Self.error }
  var until: FieldBinding {
    Self.leaf { row -> DateTime? in
      guard case .waiting(let until) = row.event.event.kind else { return nil }
      return DateTime(microseconds: until.microseconds)
    }
  }
  var message: FieldBinding {
    Self.leaf { row -> String? in
      guard case .logLine(let line) = row.event.event.kind else { return nil }
      return line.message
    }
  }

  /// A leaf computed for one event at a time; events come one by one, so a column is as good as a static
  /// function.
  static func leaf<Value: LeafValue>(_ value: @escaping @Sendable (EventRow) -> Value) -> FieldBinding {
    .batch { call in .ready(.leaves(try call.parents.rows(of: EventRow.self).map(value))) }
  }

  static let sequence = leaf { $0.event.sequence }
  static let cursor = leaf { EventRow.cursor($0.event.sequence) }
  static let at = leaf { DateTime(microseconds: $0.event.event.at.microseconds) }
  static let nodeKey = leaf { $0.nodeKey ?? "" }
  /// Null for what is in no loop.
  static let iteration = FieldBinding.batch { call in
    let paths = try call.parents.rows(of: EventRow.self).map { row in
      row.event.event.kind.iteration.flatMap { $0 == .root ? nil : $0.indices }
    }
    return .ready(.leaves(paths.flatMap { $0 ?? [] }).lists(counts: paths.map { $0?.count ?? -1 }))
  }
  static let execution = Loaders.binding(Loaders.executions) { (row: EventRow) in row.run.runID }
  static let error = FieldBinding.batch { call in
    .ready(.optionals(try call.parents.rows(of: EventRow.self).map { $0.error.map { ExecutionError($0) } }))
  }
}

/// Resolvers of `NodeFinished`.
struct NodeFinishedFields: NodeFinishedResolvers {
  var sequence: FieldBinding { EventFields.sequence }
  var cursor: FieldBinding { EventFields.cursor }
  var at: FieldBinding { EventFields.at }
  var execution: FieldBinding { EventFields.execution }
  var nodeId: FieldBinding { EventFields.leaf { $0.nodeID?.text(.node) } }
  var nodeKey: FieldBinding { EventFields.nodeKey }
  var iteration: FieldBinding { EventFields.iteration }
  var attempt: FieldBinding { EventFields.leaf { $0.attempt } }
  var input: FieldBinding { EventFields.leaf { $0.input.map { RawJSON($0.encoded()) } } }
  var error: FieldBinding { EventFields.error }
  var status: FieldBinding { leaf { NodeExecutionStatus(rawValue: $0.state.rawValue.uppercased()) } }
  var output: FieldBinding { leaf { $0.output.map { RawJSON($0.encoded()) } } }
  var skipReason: FieldBinding { leaf { $0.skipReason?.rawValue } }
  var duration: FieldBinding { leaf { $0.durationMicroseconds.map { Int(clamping: $0 / 1000) } } }

  private func leaf<Value: LeafValue>(
    _ value: @escaping @Sendable (RunEvent.NodeFinished) -> Value?
  ) -> FieldBinding {
    EventFields.leaf { row -> Value? in
      guard case .nodeFinished(let event) = row.event.event.kind else { return nil }
      return value(event)
    }
  }
}

/// Resolvers of `ExecutionFinished`.
struct ExecutionFinishedFields: ExecutionFinishedResolvers {
  var sequence: FieldBinding { EventFields.sequence }
  var cursor: FieldBinding { EventFields.cursor }
  var at: FieldBinding { EventFields.at }
  var execution: FieldBinding { EventFields.execution }
  var error: FieldBinding { EventFields.error }
  var status: FieldBinding { leaf { ExecutionStatus(rawValue: $0.state.rawValue.uppercased()) } }
  var result: FieldBinding { leaf { $0.output.map { RawJSON($0.encoded()) } } }

  /// Loaded with the run: the event itself does not carry it.
  var duration: FieldBinding {
    .batch { call in
      let rows = try call.parents.rows(of: EventRow.self)
      let context = try call.studio
      let organization = try context.requireViewer().organizationID
      let runs = rows.map(\.run.runID)
      let statement = TableReads<ExecutionColumn>.rows(by: .id, [.duration], label: "execution_duration")
      return read(statement, keyParameters(organization, runs), in: context, noun: "execution") { table in
        var durations: [Identifier: Int] = [:]
        for row in 0..<table.rowCount {
          if let id = table.batch.uuid(row, 1) { durations[id.identifier] = table.batch.int(row, 0) }
        }
        return .leaves(runs.map { durations[$0] })
      }
    }
  }

  private func leaf<Value: LeafValue>(
    _ value: @escaping @Sendable (RunEvent.RunFinished) -> Value?
  ) -> FieldBinding {
    EventFields.leaf { row -> Value? in
      guard case .finished(let event) = row.event.event.kind else { return nil }
      return value(event)
    }
  }
}
