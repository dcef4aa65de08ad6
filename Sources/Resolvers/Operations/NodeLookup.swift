import Flows
import GraphQLEngine
import Postgres
import Storage

/// Finds objects of any type by their ids: one statement for each type among them.
struct NodeLookup: Sendable {
  let call: FieldCall
  let context: StudioContext

  func one(_ id: String) async throws -> GraphQLEngine.Column {
    let (groups, positions) = try await find([id])
    return .objects(groups, at: positions)
  }

  func many(_ ids: [String]) async throws -> GraphQLEngine.Column {
    let (groups, positions) = try await find(ids)
    return .objects(groups, at: positions).lists(counts: [ids.count])
  }

  private func find(_ texts: [String]) async throws -> ([Rows], [RowPosition]) {
    let viewer = try context.requireViewer()
    var keys: [IdentifierPrefix: [(place: Int, id: Identifier)]] = [:]
    for (place, text) in texts.enumerated() {
      do {
        let (prefix, id) = try TypeID.parse(text)
        keys[prefix, default: []].append((place, id))
      } catch {
        throw ServiceError(.badUserInput, "\"\(text.prefix(64))\" is not an id of the Studio.", field: "id")
      }
    }
    var groups: [Rows] = []
    var positions = [RowPosition](repeating: .null, count: texts.count)
    for (prefix, entries) in keys {
      guard let found = try await load(prefix, entries.map(\.id), viewer) else { continue }
      for entry in entries {
        if let row = found.rowByID[entry.id] {
          positions[entry.place] = RowPosition(group: groups.count, row: row)
        }
      }
      groups.append(found.rows)
    }
    return (groups, positions)
  }

  private struct Found {
    var rows: Rows
    var rowByID: [Identifier: Int]
  }

  /// Nil for types that are not nodes.
  private func load(_ prefix: IdentifierPrefix, _ ids: [Identifier], _ viewer: Viewer) async throws -> Found?
  {
    switch prefix {
    case .user:
      try await load(UserFields(), viewer.organizationID, ids) { UserReads.rows($0, label: "user_by_id") }
    case .organization:
      try await load(OrganizationFields(), viewer.userID, ids) {
        OrganizationReads.rows($0, label: "organization_by_id")
      }
    case .integration: try await load(IntegrationFields(), viewer, ids, by: .id)
    case .flow: try await load(FlowFields(), viewer, ids, by: .id)
    case .flowVersion: try await load(VersionFields(), viewer, ids, by: .id)
    case .node: try await load(NodeFields(), viewer, ids, by: .id)
    case .connection: try await load(ConnectionFields(), viewer, ids, by: .id)
    case .execution: try await load(ExecutionFields(), viewer, ids, by: .id)
    case .nodeLog: try await load(NodeExecutionFields(), viewer, ids, by: .id)
    case .trigger, .session: nil
    }
  }

  private func load<Table: TableType>(
    _ table: Table, _ viewer: Viewer, _ ids: [Identifier], by column: Table.Column
  ) async throws -> Found? {
    try await load(table, viewer.organizationID, ids) {
      TableReads.rows(by: column, $0, label: "\(Table.noun)_by_id")
    }
  }

  private func load<Table: TableType>(
    _ table: Table, _ owner: Identifier, _ ids: [Identifier], _ statement: ([Table.Column]) -> Statement
  ) async throws -> Found? {
    guard let type = call.schema.type(named: Table.typeName) else { return nil }
    let plan = table.plan([call.selection], schema: call.schema)
    let batch: RowBatch
    do {
      batch = try await context.services.database.query(
        statement(plan.columns), keyParameters(owner, ids), group: context.readGroup)
    } catch {
      throw ServiceError.showing(error, noun: Table.noun) ?? error
    }
    var rowByID: [Identifier: Int] = [:]
    for row in 0..<batch.rowCount {
      if let id = batch.uuid(row, plan.columns.count) { rowByID[id.identifier] = row }
    }
    return Found(rows: .table(RowTable(batch), layout: plan.layout).typed(type), rowByID: rowByID)
  }
}
