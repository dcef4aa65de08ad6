import Flows
import GraphQLEngine
import Schema
import Storage

/// The row of `ExecutionUpdate`.
struct ExecutionUpdateRow: Sendable {
  var sequence: Int
  var flowID: Identifier
  var event: EventRow

  init?(_ event: StreamEvent) {
    guard case .run(let run, let flow, let own) = event.kind else { return nil }
    sequence = event.sequence
    flowID = flow
    self.event = EventRow(run: run, event: own)
  }
}

/// Resolvers of `ExecutionUpdate`.
struct ExecutionUpdateFields: ExecutionUpdateResolvers {
  var cursor: FieldBinding {
    streamLeaf { (row: ExecutionUpdateRow) in StreamCursor.text(row.sequence) }
  }
  var flowId: FieldBinding { streamLeaf { (row: ExecutionUpdateRow) in row.flowID.text(.flow) } }
  var event: FieldBinding {
    .batch { call in
      let rows = try call.parents.rows(of: ExecutionUpdateRow.self).map(\.event)
      let groups = try rows.map { row in
        guard let type = call.schema.type(named: row.typeName) else {
          throw WiringFault(description: "The schema has no type \(row.typeName).")
        }
        return Rows.swift([row]).typed(type)
      }
      return .ready(.objects(groups, at: rows.indices.map { RowPosition(group: $0, row: 0) }))
    }
  }
}

/// The row of `FlowChange`.
struct FlowChangeRow: StreamChangeRow {
  var sequence: Int
  var at: Instant
  var flowID: Identifier
  var happening: StreamEvent.Happening
  var revision: Int

  init?(_ event: StreamEvent) {
    guard case .flow(let id, let happening, let revision) = event.kind else { return nil }
    sequence = event.sequence
    at = event.at
    flowID = id
    self.happening = happening
    self.revision = revision
  }
}

/// Resolvers of `FlowChange`.
struct FlowChangeFields: FlowChangeResolvers, StreamChangeFields {
  typealias Row = FlowChangeRow

  var flowId: FieldBinding { streamLeaf { (row: Row) in row.flowID.text(.flow) } }
  var revision: FieldBinding { streamLeaf { (row: Row) in row.revision } }
  var flow: FieldBinding { Loaders.binding(Loaders.flows) { (row: Row) in row.flowID } }
}

/// The row of `IntegrationStatusChange`.
struct IntegrationChangeRow: StreamChangeRow {
  var sequence: Int
  var at: Instant
  var integrationID: Identifier
  var happening: StreamEvent.Happening
  var isConnected: Bool

  init?(_ event: StreamEvent) {
    guard case .integration(let id, let happening, let isConnected) = event.kind else { return nil }
    sequence = event.sequence
    at = event.at
    integrationID = id
    self.happening = happening
    self.isConnected = isConnected
  }
}

/// Resolvers of `IntegrationStatusChange`.
struct IntegrationChangeFields: IntegrationStatusChangeResolvers, StreamChangeFields {
  typealias Row = IntegrationChangeRow

  var integrationId: FieldBinding {
    streamLeaf { (row: Row) in row.integrationID.text(.integration) }
  }
  var isConnected: FieldBinding { streamLeaf { (row: Row) in row.isConnected } }
  var integration: FieldBinding {
    Loaders.binding(Loaders.integrations) { (row: Row) in row.integrationID }
  }
}

/// An event of the stream that says what became of an object.
protocol StreamChangeRow: Sendable {
  var sequence: Int { get }
  var at: Instant { get }
  var happening: StreamEvent.Happening { get }
}

/// What all such events show.
protocol StreamChangeFields {
  associatedtype Row: StreamChangeRow
}

extension StreamChangeFields {
  var cursor: FieldBinding { streamLeaf { (row: Row) in StreamCursor.text(row.sequence) } }
  var at: FieldBinding { streamLeaf { (row: Row) in DateTime(microseconds: row.at.microseconds) } }
  var kind: FieldBinding { streamLeaf { (row: Row) in ChangeKind(rawValue: row.happening.rawValue) } }
}

/// Events come one by one, so a column is as good as a static function.
private func streamLeaf<Row: Sendable, Value: LeafValue>(
  _ value: @escaping @Sendable (Row) -> Value
) -> FieldBinding {
  .batch { call in .ready(.leaves(try call.parents.rows(of: Row.self).map(value))) }
}
