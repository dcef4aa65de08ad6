import Flows
import Postgres
import Synchronization

/// A node that is to be added to a flow.
public struct NewNode: Sendable {
  public var node: FlowNode
  public var flowID: Identifier
  /// The revision that the flow must have; nil when any will do.
  public var expectedRevision: Int?
  public var organizationID: Identifier

  public init(_ node: FlowNode, flow: Identifier, expectedRevision: Int?, in organization: Identifier) {
    self.node = node
    flowID = flow
    self.expectedRevision = expectedRevision
    organizationID = organization
  }
}

/// A node as it was stored: a row of a result that may have others.
public struct StoredNode: Sendable {
  /// All columns of `NodeColumn`.
  public let rows: RowBatch
  public let row: Int
}

/// Adds nodes to flows: those of one organization that come while a statement is under way wait for it, and
/// are then added together by one statement, which waits a moment for those who were just answered
/// ([decision 14]).
///
/// A process has one. Nobody is answered before the commit, a node that cannot be added hinders no other, and
/// no flow that somebody else is changing does: what is left out is done alone. The mutex protects what
/// waits.
///
/// [decision 14]: ../../../docs/decisions/0014-nodes-that-are-added-together-are-one-statement.md
public final class NodeIntake: Sendable {
  private struct Waiting: Sendable {
    let new: NewNode
    let trail: AuditTrail
    let audit: AuditRow
    let answer: UnsafeContinuation<Answer, Never>
  }

  /// Those of an organization.
  private struct Line {
    private(set) var waiting: [Waiting] = []
    private var isBusy = false
    /// For whom the next statement waits.
    private(set) var company = Company(limit: NodeIntake.maximumCompany)

    /// What becomes of somebody who comes: too many wait already, he waits, or the next statement goes.
    enum Place { case none, waits, goes }

    mutating func take(_ new: Waiting) -> Place {
      guard waiting.count < NodeIntake.maximumWaiting else { return .none }
      waiting.append(new)
      defer { isBusy = true }
      return !isBusy || company.isMet(by: waiting.count) ? .goes : .waits
    }

    /// After a statement: for as many as there are flows that nodes went to or are to go to, for each may
    /// have one of the next statement's.
    mutating func expectCompany(after batch: [Waiting]) -> Company.Wait? {
      let flows = Set(batch.map(\.new.flowID)).union(waiting.map(\.new.flowID))
      return company.expect(flows.count, waiting: waiting.count)
    }

    mutating func end(_ wait: Company.Wait) -> Bool { company.end(wait) }

    /// One node for each flow.
    mutating func takeBatch() -> [Waiting] {
      var flows: Set<Identifier> = []
      var batch: [Waiting] = []
      var rest: [Waiting] = []
      for each in waiting {
        if batch.count < NodeIntake.maximumNodes, flows.insert(each.new.flowID).inserted {
          batch.append(each)
        } else {
          rest.append(each)
        }
      }
      waiting = rest
      return batch
    }
  }

  private enum Answer: Sendable {
    case stored(StoredNode)
    /// Too many wait, or it was left out or undone: to be done by a statement of its own, which waits for
    /// locks.
    case alone
    case failed(PostgresError)
  }

  /// Nodes of one statement at most.
  static let maximumNodes = 64
  /// For so many a statement waits at most: half of those who add at once when many do. All of them in one
  /// statement would have the server and Postgres wait for one another.
  static let maximumCompany = 16
  /// Nodes of an organization that wait at most; more are sent alone.
  static let maximumWaiting = 1_000

  private let database: Database
  /// So long a statement waits for company.
  private let companyMilliseconds: UInt64
  /// Organizations with a statement under way, or one that waits for company.
  private let state = Mutex<[Identifier: Line]>([:])

  public init(_ database: Database, companyMilliseconds: UInt64 = Company.pauseMilliseconds) {
    self.database = database
    self.companyMilliseconds = companyMilliseconds
  }

  /// Those that wait for a statement of an organization, and for how many it waits.
  func count(in organization: Identifier) -> (waiting: Int, expected: Int) {
    state.withLock { state in
      guard let line = state[organization] else { return (0, 0) }
      return (line.waiting.count, line.company.expected ?? 0)
    }
  }

  /// Adds a node behind all others of its flow.
  ///
  /// - Returns: nil where nothing was changed because the flow or the integration does not exist, or the flow
  ///   has another revision, is full or has the node's key already. `FlowStore.load` and `save` tell which.
  public nonisolated(nonsending) func add(_ new: NewNode) async throws -> StoredNode? {
    let organization = new.organizationID
    // What belongs to a transaction, or to no one's log, goes its own way.
    guard !database.isJoined, let trail = TransactionCompanions.current as? AuditTrail,
      let audit = trail.row(ofNew: .node, in: organization)
    else { return try await addAlone(new) }
    let answer = await withUnsafeContinuation { answer in
      submit(Waiting(new: new, trail: trail, audit: audit, answer: answer))
    }
    switch answer {
    case .stored(let node): return node
    case .alone: return try await addAlone(new)
    case .failed(let error): throw error
    }
  }

  private nonisolated(nonsending) func addAlone(_ new: NewNode) async throws -> StoredNode? {
    try await FlowStore(database).add(new).map { StoredNode(rows: $0, row: 0) }
  }

  /// At once when no statement of the organization is under way, or when all are there for whom the next one
  /// waits; with the next one otherwise.
  private func submit(_ waiting: Waiting) {
    let organization = waiting.new.organizationID
    switch state.withLock({ $0[organization, default: Line()].take(waiting) }) {
    case .none: waiting.answer.resume(returning: .alone)
    case .waits: break
    case .goes: next(organization)
    }
  }

  /// No statement is under way: sends one for all that wait.
  private func next(_ organization: Identifier) {
    guard let batch = takeBatch(organization) else { return }
    database.write(FlowSQL.addNodes, NodeIntake.parameters(batch, organization)) { [self] result in
      // The next statement first: the disk is not to wait for those who are answered.
      goOn(organization, after: batch)
      switch result {
      case .success(let rows): NodeIntake.answer(batch, rows)
      case .failure(let error):
        let answer = error.isUndone ? Answer.alone : .failed(error)
        for waiting in batch { waiting.answer.resume(returning: answer) }
      }
    }
  }

  /// A statement ended: the next one goes, or waits a moment for those who are being answered.
  private func goOn(_ organization: Identifier, after batch: [Waiting]) {
    let wait = state.withLock { $0[organization]?.expectCompany(after: batch) }
    guard let wait else { return next(organization) }
    database.after(milliseconds: companyMilliseconds) { [self] in
      if state.withLock({ $0[organization]?.end(wait) ?? false }) { next(organization) }
    }
  }

  /// Nil when none waits: the organization is forgotten.
  private func takeBatch(_ organization: Identifier) -> [Waiting]? {
    state.withLock { state in
      guard let batch = state[organization]?.takeBatch(), !batch.isEmpty else {
        state[organization] = nil
        return nil
      }
      return batch
    }
  }

  /// Those whose node is not among the rows do it alone, and learn there what is in the way.
  private static func answer(_ batch: [Waiting], _ rows: RowBatch) {
    var places: [UUIDValue: Int] = [:]
    for row in 0..<rows.rowCount { rows.uuid(row, idColumn).map { places[$0] = row } }
    for waiting in batch {
      guard let row = places[waiting.new.node.id.uuid] else {
        waiting.answer.resume(returning: .alone)
        continue
      }
      waiting.trail.commit()
      waiting.answer.resume(returning: .stored(StoredNode(rows: rows, row: row)))
    }
  }

  private static let idColumn = NodeColumn.allCases.firstIndex(of: .id) ?? 0

  private static func parameters(_ batch: [Waiting], _ organization: Identifier) -> Parameters {
    Parameters {
      $0.uuid(organization.uuid)
      $0.uuids(batch.map(\.new.flowID.uuid))
      $0.uuids(batch.map(\.new.node.id.uuid))
      $0.texts(batch.map(\.new.node.key))
      $0.texts(batch.map(\.new.node.title))
      $0.texts(batch.map(\.new.node.kind.rawValue))
      $0.texts(batch.map(\.new.node.detail))
      $0.uuids(batch.map { $0.new.node.integrationID?.uuid })
      $0.jsonbs(batch.map { $0.new.node.config.text() })
      $0.int4s(batch.map { $0.new.expectedRevision.map { Int32(clamping: $0) } })
      $0.uuids(batch.map(\.audit.event.id.uuid))
      $0.uuids(batch.map { $0.audit.user?.uuid })
      $0.uuids(batch.map { $0.audit.event.apiKeyID?.uuid })
      $0.texts(batch.map(\.audit.object))
      $0.texts(batch.map(\.audit.event.address))
      $0.texts(batch.map(\.audit.event.userAgent))
      $0.texts(batch.map(\.audit.event.requestID))
      $0.text(batch[0].audit.event.action)
    }
  }
}
