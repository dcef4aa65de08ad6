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

  /// The row of a new object whose statement writes the events of several mutations; nil where the event is
  /// another one, or stored.
  func row(ofNew noun: IdentifierPrefix, in organization: Identifier) -> AuditRow? {
    let state = state.withLock { $0 }
    guard state.isNew, !state.isCommitted, state.noun == noun, let object = state.object,
      state.organizationID == organization
    else { return nil }
    return AuditRow(event: event, user: state.userID, object: object.text(noun))
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

/// What a statement for several mutations needs of each one's event.
struct AuditRow: Sendable {
  let event: AuditTrail.Event
  let user: Identifier?
  /// The object's id as clients know it.
  let object: String
}

/// The statements of the audit log.
enum AuditSQL {
  /// What may be shown of a row `t` of this noun, as JSON; `NULL` where nothing may.
  static func shown(_ noun: IdentifierPrefix) -> String { AuditSubject.of(noun)?.columns ?? "NULL::jsonb" }

  /// An object as it is now, by noun. Parameters: owner, id.
  static let snapshots = byNoun { subject in
    Statement("audit_\(subject.table)", "SELECT \(subject.snapshot(owner: "$1", id: "$2"))", [.uuid, .uuid])
  }

  /// An event about an object, with the object as it is now, by noun.
  static let inserts = byNoun { insert($0) }

  /// An event that is about no object.
  static let insert = insert(nil)

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
