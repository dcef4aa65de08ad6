import Flows
import GraphQLEngine
import Postgres
import Schema
import Storage

/// Resolvers of `Query`.
struct QueryFields: QueryResolvers {
  func viewer(_ call: FieldCall) throws -> Resolution {
    .ready(.object(.swift([try call.studio.requireViewer()])))
  }

  func node(_ call: FieldCall, _ id: String) throws -> Resolution {
    try NodeLookup(call: call, context: call.studio).one(id)
  }

  func nodes(_ call: FieldCall, _ ids: [String]) throws -> Resolution {
    guard ids.count <= PageRequest.maximum else {
      throw ServiceError(.badUserInput, "ids may have \(PageRequest.maximum) entries at most.", field: "ids")
    }
    return try NodeLookup(call: call, context: call.studio).many(ids)
  }

  func sessions(_ call: FieldCall, _ arguments: QuerySessionsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    var filter = PageFilter<SessionColumn>()
    filter.add(.isNull(.revokedAt)) { $0.bool(true) }
    filter.add(.isAhead(.expiresAt)) { $0.bool(true) }
    return try SessionFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func organization(_ call: FieldCall) throws -> Resolution { try OrganizationFields().current(call) }

  func organizations(_ call: FieldCall) throws -> Resolution { try OrganizationFields().own(call) }

  func members(_ call: FieldCall, _ arguments: QueryMembersArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    let filter = try MembershipFields.filter(arguments.filter)
    return try MembershipFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func invitations(_ call: FieldCall, _ arguments: QueryInvitationsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    let filter = try InvitationFields.filter(arguments.filter)
    return try InvitationFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func auditLog(_ call: FieldCall, _ arguments: QueryAuditLogArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    let filter = try AuditEventFields.filter(arguments.filter)
    return try AuditEventFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func apiKeys(_ call: FieldCall, _ arguments: QueryApiKeysArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    let filter = try APIKeyFields.filter(arguments.filter)
    return try APIKeyFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func connectors(_ call: FieldCall, _ arguments: QueryConnectorsArguments) throws -> Resolution {
    let page = try call.studio.services.connectors.page(arguments, try PageRequest(arguments))
    return .ready(.object(.swift([page])))
  }

  func connector(_ call: FieldCall, _ type: String) throws -> Resolution {
    .ready(.optionals([try call.studio.services.connectors.connector(type: type)]))
  }

  func integrations(_ call: FieldCall, _ arguments: QueryIntegrationsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    var filter = PageFilter<IntegrationColumn>()
    if let type = arguments.filter?.type {
      try InputCheck.text(type, 0...200, field: "filter.type")
      filter.add(.equals(.type, .text)) { $0.text(type) }
    }
    if let category = arguments.filter?.category {
      filter.add(.equals(.category, .text)) { $0.text(category.rawValue.lowercased()) }
    }
    if let isConnected = arguments.filter?.isConnected {
      filter.add(.equals(.isConnected, .bool)) { $0.bool(isConnected) }
    }
    try filter.add(.contains(.name), search: arguments.filter?.search)
    filter.add(.createdAt, from: arguments.filter?.createdFrom, until: arguments.filter?.createdUntil)
    return try IntegrationFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func integration(_ call: FieldCall, _ id: String) throws -> Resolution {
    try IntegrationFields().one(call, try InputID.parse(id, .integration), by: .id)
  }

  func flows(_ call: FieldCall, _ arguments: QueryFlowsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    let filter = try FlowFields.filter(arguments.filter)
    return try FlowFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func flow(_ call: FieldCall, _ id: String) throws -> Resolution {
    try FlowFields().one(call, try InputID.parse(id, .flow), by: .id)
  }

  func executionLogs(_ call: FieldCall, _ arguments: QueryExecutionLogsArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    let filter = try ExecutionFields.filter(arguments.filter)
    return try ExecutionFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func eventCursor(_ call: FieldCall) throws -> Resolution {
    let context = try call.studio
    let organization = try context.requireViewer().organizationID
    let parameters = Parameters { $0.uuid(organization.uuid) }
    return read(StreamReads.end, parameters, in: context, noun: "organization") { table in
      let last = table.rowCount == 1 ? table.batch.int8(0, 0) : nil
      return .leaves([StreamCursor.text(Int(last ?? 0))])
    }
  }

  func executionLog(_ call: FieldCall, _ id: String) throws -> Resolution {
    try ExecutionFields().one(call, try InputID.parse(id, .execution), by: .id)
  }

  func workbenches(_ call: FieldCall, _ arguments: QueryWorkbenchesArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    var filter = PageFilter<WorkbenchColumn>()
    try filter.add(.contains(.name, or: .purpose), search: arguments.filter?.search)
    return try WorkbenchFields().page(call, request, filter, order: arguments.orderBy?.list)
  }

  func workbench(_ call: FieldCall, _ id: String) throws -> Resolution {
    try WorkbenchFields().one(call, try InputID.parse(id, .workbench), by: .id)
  }

  func webhooks(_ call: FieldCall, _ arguments: QueryWebhooksArguments) throws -> Resolution {
    let request = try PageRequest(arguments)
    return try WebhookFields().page(call, request, PageFilter(), order: arguments.orderBy?.list)
  }

  func webhook(_ call: FieldCall, _ id: String) throws -> Resolution {
    try WebhookFields().one(call, try InputID.parse(id, .webhook), by: .id)
  }

  func eventTypes(_ call: FieldCall) throws -> Resolution {
    let types = WebhookOperations.eventTypes
    return .ready(.objects(.swift(types)).lists(counts: [types.count]))
  }
}

extension TableType {
  /// Resolves a root field with the object of an id, or null.
  func one(_ call: FieldCall, _ id: Identifier, by column: Column) throws -> Resolution {
    let context = try call.studio
    let viewer = try context.requireViewer()
    let planned = call.memo {
      plannedRead(call.selection, key: column, schema: call.schema) {
        TableReads.rows(by: column, $0, label: "\(Self.noun)_by_id")
      }
    }
    return read(planned, of: Self.owner(viewer), keys: [id], in: context, noun: Self.noun) {
      .objects($0, at: $1)
    }
  }
}
