import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// Resolvers of `AutomationFlow`.
struct FlowFields: AutomationFlowResolvers, TableType {
  static let typeName = "AutomationFlow"
  static let noun = "flow"

  func source(of leaf: AutomationFlowLeaf) -> LeafSource<FlowColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.flow))
    case .name: LeafSource(.name, .text)
    case .intention: LeafSource(.intention, .text)
    case .status: LeafSource(.status, Formats.flowStatus)
    case .revision: LeafSource(.revision, .int4)
    case .lastExecutedAt: LeafSource(.lastExecuted, .timestamptz)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [FlowColumn] { field == "creator" ? [.userID] : [.id] }

  var creator: FieldBinding { Loaders.users(by: FlowColumn.userID) }
  var nodes: FieldBinding { NodeFields().children(of: .flowID, order: .order) }
  var connections: FieldBinding { ConnectionFields().children(of: .flowID, order: .order) }

  var triggers: FieldBinding { TriggerFields().children(of: .flowID, order: .createdAt) }

  func versions(_ call: FieldCall, _ arguments: AutomationFlowVersionsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    return try VersionFields().pages(
      call, of: .flowID, request, PageFilter(), order: arguments.orderBy?.list)
  }

  func executionLogs(_ call: FieldCall, _ arguments: AutomationFlowExecutionLogsArguments) throws
    -> Resolution
  {
    let request = try PageRequest(arguments)
    let filter = try ExecutionFields.filter(arguments.filter)
    return try ExecutionFields().pages(
      call, of: .flowID, request, filter, order: arguments.orderBy?.list)
  }

  /// The conditions of a list of flows.
  static func filter(_ input: FlowFilter?) throws -> PageFilter<FlowColumn> {
    var filter = PageFilter<FlowColumn>()
    if let status = input?.status {
      filter.add(.equals(.status, .text)) { $0.text(status.rawValue.lowercased()) }
    }
    try filter.add(.contains(.name, or: .intention), search: input?.search)
    filter.add(.createdAt, from: input?.createdFrom, until: input?.createdUntil)
    return filter
  }
}

/// Resolvers of `FlowVersion`.
struct VersionFields: FlowVersionResolvers, TableType {
  static let typeName = "FlowVersion"
  static let noun = "version"

  func source(of leaf: FlowVersionLeaf) -> LeafSource<FlowVersionColumn> {
    switch leaf {
    case .id: LeafSource(.id, Formats.id(.flowVersion))
    case .number: LeafSource(.number, .int4)
    case .revision: LeafSource(.revision, .int4)
    case .definition: LeafSource(.definition, .jsonb)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [FlowVersionColumn] { [.flowID] }

  var flow: FieldBinding { Loaders.flows(by: FlowVersionColumn.flowID) }
}
