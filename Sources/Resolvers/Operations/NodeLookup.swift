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
    try find([id], field: { _ in "id" }) { .objects($0, at: $1) }
  }

  func many(_ ids: [String]) throws -> Resolution {
    try find(ids, field: { "ids.\($0)" }) { .objects($0, at: $1).lists(counts: [ids.count]) }
  }

  private typealias Shape = @Sendable (_ groups: [Rows], _ positions: [RowPosition]) -> GraphQLEngine.Column

  /// - Parameter field: what the client calls the id at a position.
  private func find(
    _ texts: [String], field: (Int) -> String, _ shape: @escaping Shape
  ) throws -> Resolution {
    let reads = try reads(of: texts, field: field)
    let missing = [RowPosition](repeating: .null, count: texts.count)
    guard !reads.isEmpty else { return .ready(shape([], missing)) }
    let answers = Answers(count: reads.count)
    let cancellation = Cancellation()
    let ticket = Ticket { cancellation.cancel() }
    for (place, read) in reads.enumerated() {
      let handle = context.send(read.planned, of: read.owner, keys: read.keys.map(\.id)) { result in
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
  private func reads(of texts: [String], field: (Int) -> String) throws -> [TypedRead] {
    let viewer = try context.requireViewer()
    var keys: [IdentifierPrefix: [TypedRead.Key]] = [:]
    for (place, text) in texts.enumerated() {
      guard let (prefix, id) = try? TypeID.parse(text) else {
        throw ServiceError(
          .badUserInput, "\"\(text.prefix(64))\" is not an id of the Studio.", field: field(place))
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
      read(prefix, UserFields(), keys, viewer) { UserReads.rows($0, label: "user_by_id") }
    case .organization:
      // A key knows its own organization only, not the others of the user who created it.
      read(
        prefix, OrganizationFields(), keys.filter { viewer.apiKey == nil || $0.id == viewer.organizationID },
        viewer
      ) {
        OrganizationReads.rows($0, label: "organization_by_id")
      }
    case .integration: read(prefix, IntegrationFields(), keys, viewer)
    case .flow: read(prefix, FlowFields(), keys, viewer)
    case .flowVersion: read(prefix, VersionFields(), keys, viewer)
    case .node: read(prefix, NodeFields(), keys, viewer)
    case .connection: read(prefix, ConnectionFields(), keys, viewer)
    case .execution: read(prefix, ExecutionFields(), keys, viewer)
    case .nodeLog: read(prefix, NodeExecutionFields(), keys, viewer)
    case .workbench: read(prefix, WorkbenchFields(), keys, viewer)
    case .webhook: read(prefix, WebhookFields(), keys, viewer)
    case .webhookDelivery: read(prefix, WebhookDeliveryFields(), keys, viewer)
    case .session: viewer.apiKey == nil ? read(prefix, SessionFields(), keys, viewer) : nil
    case .membership: read(prefix, MembershipFields(), keys, viewer)
    case .invitation: viewer.role >= .admin ? read(prefix, InvitationFields(), keys, viewer) : nil
    case .auditEvent: viewer.mayReadAuditLog ? read(prefix, AuditEventFields(), keys, viewer) : nil
    case .apiKey: viewer.role >= .admin ? read(prefix, APIKeyFields(), keys, viewer) : nil
    case .trigger: read(prefix, TriggerFields(), keys, viewer)
    case .triggerDelivery: read(prefix, TriggerDeliveryFields(), keys, viewer)
    }
  }

  private func read<Table: TableType>(
    _ prefix: IdentifierPrefix, _ table: Table, _ keys: [TypedRead.Key], _ viewer: Viewer,
    _ statement: (([Table.Column]) -> Statement)? = nil
  ) -> TypedRead? {
    guard let type = call.schema.type(named: Table.typeName), let id = Table.Column(rawValue: "id") else {
      return nil
    }
    let planned = call.memo { PlannedReads() }.find(prefix) {
      table.plannedRead(call.selection, key: id, schema: call.schema) {
        statement?($0) ?? TableReads.rows(by: id, $0, label: "\(Table.noun)_by_id")
      }
    }
    return TypedRead(keys: keys, owner: Table.owner(viewer), type: type, planned: planned)
  }
}

/// The reads of a cached plan's field whose type only the ids tell; the lock protects them.
private final class PlannedReads: Sendable {
  private let known = Mutex<[IdentifierPrefix: PlannedRead]>([:])

  func find(_ prefix: IdentifierPrefix, _ build: () -> PlannedRead) -> PlannedRead {
    if let found = known.withLock({ $0[prefix] }) { return found }
    let made = build()
    known.withLock { $0[prefix] = made }
    return made
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

  /// Adds the rows that were found.
  func place(_ batch: RowBatch, _ groups: inout [Rows], _ positions: inout [RowPosition]) {
    for (key, row) in zip(keys, planned.places(of: keys.map(\.id), in: batch)) where row >= 0 {
      positions[key.place] = RowPosition(group: groups.count, row: row)
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
