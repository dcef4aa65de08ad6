import Flows
import GraphQLEngine
import Postgres
import Storage
import Synchronization

/// Finds objects of any type by their ids: one statement for each type among them, all sent at once.
struct NodeLookup: Sendable {
  let call: FieldCall
  let context: StudioContext

  func one(_ id: String) throws -> Resolution {
    try find([id]) { .objects($0, at: $1) }
  }

  func many(_ ids: [String]) throws -> Resolution {
    try find(ids) { .objects($0, at: $1).lists(counts: [ids.count]) }
  }

  private typealias Shape = @Sendable (_ groups: [Rows], _ positions: [RowPosition]) -> GraphQLEngine.Column

  private func find(_ texts: [String], _ shape: @escaping Shape) throws -> Resolution {
    let reads = try reads(of: texts)
    let missing = [RowPosition](repeating: .null, count: texts.count)
    guard !reads.isEmpty else { return .ready(shape([], missing)) }
    let answers = Answers(count: reads.count)
    let cancellation = Cancellation()
    let ticket = Ticket { cancellation.cancel() }
    for (place, read) in reads.enumerated() {
      let ended = context.trace?.sent(read.statement, read.parameters)
      let handle = context.services.database.read(
        read.statement, read.parameters, group: context.readGroup
      ) { result in
        ended?(result)
        guard let all = answers.add(result, at: place) else { return }
        do {
          var groups: [Rows] = []
          var positions = missing
          for (read, answer) in zip(reads, all) { read.place(try answer.get(), &groups, &positions) }
          ticket.fulfill(shape(groups, positions))
        } catch {
          ticket.fail(ServiceError.showing(error, noun: "object") ?? error)
        }
      }
      cancellation.add(handle)
    }
    return .pending(ticket)
  }

  /// The reads in the order of the prefixes, so that the same ids send the same statements.
  private func reads(of texts: [String]) throws -> [TypedRead] {
    let viewer = try context.requireViewer()
    var keys: [IdentifierPrefix: [TypedRead.Key]] = [:]
    for (place, text) in texts.enumerated() {
      guard let (prefix, id) = try? TypeID.parse(text) else {
        throw ServiceError(.badUserInput, "\"\(text.prefix(64))\" is not an id of the Studio.", field: "id")
      }
      keys[prefix, default: []].append(TypedRead.Key(place: place, id: id))
    }
    return IdentifierPrefix.allCases.compactMap { prefix in
      keys[prefix].flatMap { read(prefix, $0, viewer) }
    }
  }

  /// Nil for types that are not nodes.
  private func read(_ prefix: IdentifierPrefix, _ keys: [TypedRead.Key], _ viewer: Viewer) -> TypedRead? {
    switch prefix {
    case .user:
      read(UserFields(), keys, of: viewer.organizationID) { UserReads.rows($0, label: "user_by_id") }
    case .organization:
      // A key knows its own organization only, not the others of the user who created it.
      read(
        OrganizationFields(), keys.filter { viewer.apiKey == nil || $0.id == viewer.organizationID },
        of: viewer.userID
      ) {
        OrganizationReads.rows($0, label: "organization_by_id")
      }
    case .integration: read(IntegrationFields(), keys, viewer, by: .id)
    case .flow: read(FlowFields(), keys, viewer, by: .id)
    case .flowVersion: read(VersionFields(), keys, viewer, by: .id)
    case .node: read(NodeFields(), keys, viewer, by: .id)
    case .connection: read(ConnectionFields(), keys, viewer, by: .id)
    case .execution: read(ExecutionFields(), keys, viewer, by: .id)
    case .nodeLog: read(NodeExecutionFields(), keys, viewer, by: .id)
    case .workbench: read(WorkbenchFields(), keys, viewer, by: .id)
    case .webhook: read(WebhookFields(), keys, viewer, by: .id)
    case .webhookDelivery: read(WebhookDeliveryFields(), keys, viewer, by: .id)
    case .session: viewer.apiKey == nil ? read(SessionFields(), keys, viewer, by: .id) : nil
    case .membership: read(MembershipFields(), keys, viewer, by: .id)
    case .invitation: viewer.role >= .admin ? read(InvitationFields(), keys, viewer, by: .id) : nil
    case .auditEvent: viewer.mayReadAuditLog ? read(AuditEventFields(), keys, viewer, by: .id) : nil
    case .apiKey: viewer.role >= .admin ? read(APIKeyFields(), keys, viewer, by: .id) : nil
    case .trigger: nil
    }
  }

  private func read<Table: TableType>(
    _ table: Table, _ keys: [TypedRead.Key], _ viewer: Viewer, by column: Table.Column
  ) -> TypedRead? {
    read(table, keys, of: Table.owner(viewer)) {
      TableReads.rows(by: column, $0, label: "\(Table.noun)_by_id")
    }
  }

  private func read<Table: TableType>(
    _ table: Table, _ keys: [TypedRead.Key], of owner: Identifier,
    _ statement: ([Table.Column]) -> Statement
  ) -> TypedRead? {
    guard let type = call.schema.type(named: Table.typeName) else { return nil }
    let plan = table.plan([call.selection], schema: call.schema)
    let planned = PlannedRead(
      statement: statement(plan.columns), layout: plan.layout, width: plan.columns.count)
    return TypedRead(keys: keys, owner: owner, type: type, planned: planned)
  }
}

/// The read of the objects of one type, and the places that they have among all.
private struct TypedRead: Sendable {
  struct Key: Sendable {
    var place: Int
    var id: Identifier
  }

  var keys: [Key]
  /// The statement's `$1`.
  var owner: Identifier
  var type: GraphQLEngine.TypeID
  var planned: PlannedRead

  var statement: Statement { planned.statement }
  var parameters: Parameters { keyParameters(owner, keys.map(\.id)) }

  /// Adds the rows that were found.
  func place(_ batch: RowBatch, _ groups: inout [Rows], _ positions: inout [RowPosition]) {
    var rowByID: [Identifier: Int] = [:]
    for row in 0..<batch.rowCount {
      if let id = batch.uuid(row, planned.width) { rowByID[id.identifier] = row }
    }
    for key in keys {
      if let row = rowByID[key.id] { positions[key.place] = RowPosition(group: groups.count, row: row) }
    }
    groups.append(.table(RowTable(batch), layout: planned.layout).typed(type))
  }
}

/// Collects the answers to several reads; the lock protects them.
private final class Answers: Sendable {
  typealias Answer = Result<RowBatch, PostgresError>

  private let list: Mutex<[Answer?]>

  init(count: Int) { list = Mutex([Answer?](repeating: nil, count: count)) }

  /// All answers, with the last of them.
  func add(_ answer: Answer, at place: Int) -> [Answer]? {
    list.withLock { list in
      list[place] = answer
      let all = list.compactMap { $0 }
      return all.count == list.count ? all : nil
    }
  }
}
