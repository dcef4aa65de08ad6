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
/// are then added together by one statement ([decision 14]).
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

  private enum Answer: Sendable {
    case stored(StoredNode)
    /// Too many wait, or it was left out or undone: to be done by a statement of its own, which waits for
    /// locks.
    case alone
    case failed(PostgresError)
  }

  /// Nodes of one statement at most.
  static let maximumNodes = 64
  /// Nodes of an organization that wait at most; more are sent alone.
  static let maximumWaiting = 1_000

  private let database: Database
  /// Organizations with a statement under way, and what waits for its end.
  private let state = Mutex<[Identifier: [Waiting]]>([:])

  public init(_ database: Database) { self.database = database }

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

  /// At once when no statement of the organization is under way, with the next one otherwise.
  private func submit(_ waiting: Waiting) {
    let organization = waiting.new.organizationID
    let (isTaken, isIdle) = state.withLock { state in
      let others = state[organization]
      guard others.map({ $0.count < NodeIntake.maximumWaiting }) ?? true else { return (false, false) }
      state[organization, default: []].append(waiting)
      return (true, others == nil)
    }
    if !isTaken { waiting.answer.resume(returning: .alone) }
    if isIdle { next(organization) }
  }

  /// No statement is under way: sends one for all that wait, one node for each flow.
  private func next(_ organization: Identifier) {
    guard let batch = takeBatch(organization) else { return }
    database.write(FlowSQL.addNodes, NodeIntake.parameters(batch, organization)) { [self] result in
      // The next statement first: the disk is not to wait for those who are answered.
      next(organization)
      switch result {
      case .success(let rows): NodeIntake.answer(batch, rows)
      case .failure(let error):
        let answer = error.isUndone ? Answer.alone : .failed(error)
        for waiting in batch { waiting.answer.resume(returning: answer) }
      }
    }
  }

  /// Nil when none waits: the organization is forgotten.
  private func takeBatch(_ organization: Identifier) -> [Waiting]? {
    state.withLock { state in
      guard let waiting = state[organization], !waiting.isEmpty else {
        state[organization] = nil
        return nil
      }
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
      state[organization] = rest
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
