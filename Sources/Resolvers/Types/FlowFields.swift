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
    case .runPriority: LeafSource(.runPriority, Formats.runPriority)
    case .maximumConcurrentRuns: LeafSource(.maximumConcurrentRuns, .int4)
    case .hasUnpublishedChanges: LeafSource(.hasUnpublishedChanges, .bool)
    case .lastExecutedAt: LeafSource(.lastExecuted, .timestamptz)
    case .createdAt: LeafSource(.createdAt, .timestamptz)
    case .updatedAt: LeafSource(.updatedAt, .timestamptz)
    }
  }

  func keys(of field: String) -> [FlowColumn] {
    switch field {
    case "creator": [.userID]
    case "publishedVersion": [.publishedVersionID]
    case "errorFlow": [.errorFlowID]
    default: [.id]
    }
  }

  var creator: FieldBinding { Loaders.users(by: FlowColumn.userID) }
  var errorFlow: FieldBinding { Loaders.flows(by: FlowColumn.errorFlowID) }
  var publishedVersion: FieldBinding { Loaders.versions(by: FlowColumn.publishedVersionID) }
  var nodes: FieldBinding { NodeFields().children(of: .flowID, order: .order) }
  var connections: FieldBinding { ConnectionFields().children(of: .flowID, order: .order) }

  var triggers: FieldBinding { TriggerFields().children(of: .flowID, order: .createdAt) }

  var failingTriggers: FieldBinding {
    TriggerFields().children(of: .flowID, order: .createdAt, isFailing: true)
  }

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
    if let isFailing = input?.hasFailingTriggers { filter.add(.hasFailingTriggers) { $0.bool(isFailing) } }
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

  func keys(of field: String) -> [FlowVersionColumn] {
    field == "difference" ? [.flowID, .definition] : [.flowID]
  }

  var flow: FieldBinding { Loaders.flows(by: FlowVersionColumn.flowID) }

  /// One statement for all versions of the level: it reads what they are compared with.
  func difference(_ call: FieldCall, _ to: String?) throws -> Resolution {
    let context = try call.studio
    let viewer = try context.requireViewer()
    let other = try to.map { try InputID.parse($0, .flowVersion, field: "to") }
    let flows = try call.parents.identifiers("flow_id")
    let versions = try call.parents.json("definition").map { document in
      document.flatMap { try? FlowVersion(decoding: $0) }
    }
    let keys = other.map { [$0] } ?? Array(Set(flows.compactMap { $0 }))
    let statement = other == nil ? FlowVersionReads.drafts : FlowVersionReads.versions
    let parameters = keyParameters(viewer.organizationID, keys)
    return read(statement, parameters, in: context, noun: VersionFields.noun) { table in
      var later: [Identifier: FlowDifference.State] = [:]
      for row in 0..<table.rowCount {
        guard let flow = table.batch.uuid(row, 0)?.identifier else { continue }
        later[flow] =
          other == nil
          ? FlowVersionReads.draft(table.batch, row)
          : FlowVersionReads.version(table.batch, row).map { FlowDifference.State($0) }
      }
      return .optionals(
        zip(flows, versions).map { flow, version -> FlowDifference? in
          guard let version, let later = flow.flatMap({ later[$0] }) else { return nil }
          return FlowDifference(from: FlowDifference.State(version), to: later)
        })
    }
  }
}

extension FlowDifference.State {
  fileprivate init(_ version: FlowVersion) {
    self.init(name: version.flowName, graph: version.graph, errorFlowID: version.errorFlowID)
  }
}
