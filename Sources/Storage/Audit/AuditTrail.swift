import Flows
import Postgres
import Synchronization

/// One event of the audit log while its mutation runs: who does what, from where, and to which object, which
/// the mutation notes when it knows it.
///
/// It is the companion of the transaction that makes the change, and stored with it. A mutation that made no
/// change in the database, or failed in a way that counts, stores it by itself. The lock protects what is
/// noted.
public final class AuditTrail: TransactionCompanion, Sendable {
  /// What is known before the mutation begins.
  public struct Event: Sendable {
    public var id: Identifier
    /// The name of the mutation.
    public var action: String
    public var apiKeyID: Identifier?
    /// The client's address.
    public var address: String?
    public var userAgent: String?
    public var requestID: String?

    public init(id: Identifier, action: String) {
      self.id = id
      self.action = action
    }
  }

  private struct State {
    var organizationID: Identifier?
    var userID: Identifier?
    var noun: IdentifierPrefix?
    var object: Identifier?
    /// Whether the mutation makes it.
    var isNew = false
    /// The object before the change, when it was there.
    var before: PendingRows?
    /// What is known when there is no object.
    var detail: String?
    var isCommitted = false
  }

  /// Where events lie that belong to no organization, such as a login with an unknown address.
  public static let nowhere = Identifier(high: 0, low: 0)

  private let event: Event
  private let state: Mutex<State>

  public init(_ event: Event, organization: Identifier?, user: Identifier?) {
    self.event = event
    state = Mutex(State(organizationID: organization, userID: user))
  }

  // MARK: Notes

  /// The object that the mutation is about.
  public func note(_ noun: IdentifierPrefix, _ object: Identifier, isNew: Bool) {
    state.withLock { state in
      state.isNew = isNew
      state.noun = noun
      state.object = object
    }
  }

  /// Whose log the event belongs to, when the request does not say it or says another one.
  public func note(organization: Identifier?, user: Identifier? = nil) {
    state.withLock { state in
      if let organization { state.organizationID = organization }
      if let user { state.userID = user }
    }
  }

  /// Whose log the event belongs to, as far as it is not known yet.
  public func supplement(organization: Identifier?, user: Identifier?) {
    state.withLock { state in
      state.organizationID = state.organizationID ?? organization
      state.userID = state.userID ?? user
    }
  }

  /// JSON that is shown after the change when there is no object.
  public func note(detail: String) { state.withLock { $0.detail = detail } }

  // MARK: Companion

  /// Not before it is known whose log it belongs to.
  public var isWaiting: Bool { state.withLock { !$0.isCommitted && $0.organizationID != nil } }

  public func begin(_ transaction: Transaction) {
    guard let (statement, key) = snapshot else { return }
    let pending = transaction.send(statement, key)
    state.withLock { $0.before = pending }
  }

  public nonisolated(nonsending) func end(_ transaction: Transaction) async throws {
    let pending = state.withLock { $0.before }
    let before = try await pending?.value
    // Not waited for: a failure shows at the commit.
    _ = transaction.send(statement, parameters(before: before, outcome: "success"))
  }

  /// There is nothing to tell.
  public func forget() { commit() }

  public func commit() { state.withLock { $0.isCommitted = true } }

  public func merged(with statement: Statement, _ parameters: Parameters) -> (Statement, Parameters)? {
    let state = state.withLock { $0 }
    guard state.isNew, let noun = state.noun, let object = state.object,
      let merged = AuditSQL.merged[statement]
    else { return nil }
    var parameters = parameters
    parameters.uuid(event.id.uuid)
    parameters.uuid(state.userID?.uuid)
    parameters.uuid(event.apiKeyID?.uuid)
    parameters.text(event.action)
    parameters.text("\(noun)")
    parameters.text(object.text(noun))
    parameters.text(event.address)
    parameters.text(event.userAgent)
    parameters.text(event.requestID)
    return (merged, parameters)
  }

  /// Whether the mutation was about something whose changes are in the organization's stream.
  public var concernsStream: Bool {
    switch state.withLock({ $0.noun }) {
    case .flow, .node, .connection, .integration: true
    default: false
    }
  }

  /// Stores the event outside of a change, unless it is stored.
  public func store(in database: Database, outcome: String = "success") async throws {
    guard !state.withLock({ $0.isCommitted }) else { return }
    // What was refused has changed nothing that had to be shown.
    let statement = outcome == "refused" ? AuditSQL.insert : statement
    try await database.execute(statement, parameters(before: nil, outcome: outcome))
    commit()
  }

  // MARK: Row

  /// Reads the object, when it is known.
  private var snapshot: (Statement, Parameters)? {
    let state = state.withLock { $0 }
    guard !state.isNew, let noun = state.noun, let object = state.object, let subject = AuditSubject.of(noun),
      let statement = AuditSQL.snapshots[noun],
      let owner = subject.owner == "user_id" ? state.userID : state.organizationID
    else { return nil }
    let key = Parameters {
      $0.uuid(owner.uuid)
      $0.uuid(object.uuid)
    }
    return (statement, key)
  }

  private var statement: Statement {
    state.withLock { $0.noun }.flatMap { AuditSQL.inserts[$0] } ?? AuditSQL.insert
  }

  private func parameters(before: RowBatch?, outcome: String) -> Parameters {
    let state = state.withLock { $0 }
    return Parameters {
      $0.uuid((state.organizationID ?? AuditTrail.nowhere).uuid)
      $0.uuid(event.id.uuid)
      $0.uuid(state.userID?.uuid)
      $0.uuid(event.apiKeyID?.uuid)
      $0.text(event.action)
      $0.text(outcome)
      $0.text(state.noun.map { "\($0)" })
      $0.text(state.object.flatMap { object in state.noun.map { object.text($0) } })
      if let before, before.rowCount == 1, let bytes = before.jsonBytes(0, 0) {
        $0.jsonb(bytes: bytes)
      } else {
        $0.null()
      }
      $0.jsonb(state.detail)
      $0.text(event.address)
      $0.text(event.userAgent)
      $0.text(event.requestID)
      $0.uuid(state.object?.uuid)
    }
  }
}

/// The statements of the audit log.
enum AuditSQL {
  /// An object as it is now, by noun. Parameters: owner, id.
  static let snapshots = byNoun { subject in
    Statement("audit_\(subject.table)", "SELECT \(subject.snapshot(owner: "$1", id: "$2"))", [.uuid, .uuid])
  }

  /// An event about an object, with the object as it is now, by noun.
  static let inserts = byNoun { insert($0) }

  /// An event that is about no object.
  static let insert = insert(nil)

  /// Insertions that are made often: with their event as one statement.
  static let merged: [Statement: Statement] = {
    var statements: [Statement: Statement] = [:]
    for insertion in [FlowSQL.addNodeParts] { statements[insertion.statement] = insertion.audited }
    return statements
  }()

  private static func byNoun(_ make: (AuditSubject) -> Statement) -> [IdentifierPrefix: Statement] {
    var statements: [IdentifierPrefix: Statement] = [:]
    for noun in IdentifierPrefix.allCases { statements[noun] = AuditSubject.of(noun).map(make) }
    return statements
  }

  private static func insert(_ subject: AuditSubject?) -> Statement {
    let owner = subject?.owner == "user_id" ? "$3" : "$1"
    let after = subject.map { "coalesce(\($0.snapshot(owner: owner, id: "$14")), $10)" } ?? "$10"
    let sql = """
      INSERT INTO audit_events (organization_id, id, user_id, api_key_id, action, outcome, object_type, \
      object_id, before, after, address, user_agent, request_id) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \(after), $11, $12, $13)
      """
    return Statement(
      "insert_audit_event", sql,
      [
        .uuid, .uuid, .uuid, .uuid, .text, .text, .text, .text, .jsonb, .jsonb, .text, .text, .text, .uuid,
      ])
  }
}

/// An insertion of one row in parts, so that more can be done with the row in the same statement.
struct Insertion: Sendable {
  let label: String
  let noun: IdentifierPrefix
  /// What stands behind WITH.
  let sources: String
  /// `INSERT INTO table AS t … SELECT …`
  let insert: String
  /// Of `t`, separated by commas.
  let columns: String
  let types: [PostgresType]

  /// Result: the columns.
  var statement: Statement { Statement(label, "WITH \(sources) \(insert) RETURNING \(columns)", types) }

  /// The same with the event that shows what was made, once it is known which secrets the row has. Further
  /// parameters: id, user, API key, action, noun, object, address, user agent, request.
  var audited: Statement? {
    guard let subject = AuditSubject.of(noun) else { return nil }
    let values = (1...9).map { "$\(types.count + $0)" }
    let sql = """
      WITH \(sources), made AS (\(insert) RETURNING \(columns), \(subject.columns) AS snapshot), \
      event AS (INSERT INTO audit_events (organization_id, outcome, after, id, user_id, api_key_id, action, \
      object_type, object_id, address, user_agent, request_id) \
      SELECT $1, 'success', snapshot, \(values.joined(separator: ", ")) FROM made) \
      SELECT \(columns) FROM made t
      """
    return Statement(
      label + "_audited", sql, types + [.uuid, .uuid, .uuid, .text, .text, .text, .text, .text, .text])
  }
}
