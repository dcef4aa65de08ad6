import Flows
import GraphQLEngine
import Schema

/// Resolvers of `FlowDifference`.
struct FlowDifferenceFields: FlowDifferenceResolvers {
  var isEmpty: FieldBinding { differenceLeaf { (row: FlowDifference) in row.isEmpty } }
  var name: FieldBinding { field { $0.name } }
  var errorFlow: FieldBinding { field { $0.errorFlow } }
  var nodes: FieldBinding { differenceList { (row: FlowDifference) in row.nodes } }
  var connections: FieldBinding { differenceList { (row: FlowDifference) in row.connections } }

  private func field(
    _ value: @escaping @Sendable (FlowDifference) -> FlowDifference.Field?
  ) -> FieldBinding {
    .batch { call in
      let rows = try call.parents.rows(of: FlowDifference.self)
      return .ready(.optionals(rows.map { value($0).map { FieldDifference($0) } }))
    }
  }
}

/// Resolvers of `NodeDifference`.
struct NodeDifferenceFields: NodeDifferenceResolvers {
  typealias Row = FlowDifference.Node

  var kind: FieldBinding { differenceLeaf { (row: Row) in DifferenceKind(row.kind) } }
  var nodeId: FieldBinding { differenceLeaf { (row: Row) in row.id.text(.node) } }
  var key: FieldBinding { differenceLeaf { (row: Row) in row.key } }
  var fields: FieldBinding {
    differenceList { (row: Row) in row.fields.map { FieldDifference($0) } }
  }
}

/// Resolvers of `ConnectionDifference`.
struct ConnectionDifferenceFields: ConnectionDifferenceResolvers {
  typealias Row = FlowDifference.Connection

  var kind: FieldBinding { differenceLeaf { (row: Row) in DifferenceKind(row.kind) } }
  var connectionId: FieldBinding { differenceLeaf { (row: Row) in row.id.text(.connection) } }
  var from: FieldBinding { differenceLeaf { (row: Row) in row.from } }
  var to: FieldBinding { differenceLeaf { (row: Row) in row.to } }
  var fields: FieldBinding {
    differenceList { (row: Row) in row.fields.map { FieldDifference($0) } }
  }
}

extension FieldDifference {
  fileprivate init(_ field: FlowDifference.Field) {
    self.init(
      field: field.name, before: field.before.map { RawJSON($0.encoded()) },
      after: field.after.map { RawJSON($0.encoded()) })
  }
}

extension DifferenceKind {
  fileprivate init(_ kind: FlowDifference.Kind) {
    switch kind {
    case .added: self = .added
    case .removed: self = .removed
    case .changed: self = .changed
    }
  }
}

private func differenceLeaf<Row: Sendable, Value: LeafValue>(
  _ value: @escaping @Sendable (Row) -> Value
) -> FieldBinding {
  .batch { call in .ready(.leaves(try call.parents.rows(of: Row.self).map(value))) }
}

private func differenceList<Row: Sendable, Entry: Sendable>(
  _ entries: @escaping @Sendable (Row) -> [Entry]
) -> FieldBinding {
  .batch { call in
    let lists = try call.parents.rows(of: Row.self).map(entries)
    return .ready(.objects(.swift(lists.flatMap { $0 })).lists(counts: lists.map(\.count)))
  }
}
