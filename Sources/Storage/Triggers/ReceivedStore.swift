import Flows
import Postgres

/// What incoming webhooks have received: stored with its run in one statement, many of them in one commit.
public struct ReceivedStore: Sendable {
  let database: Database
  let starts: RunStarts?
  let firstTurns: FirstTurns?
  private let lastUse = LastUse()

  /// - Parameters:
  ///   - starts: those of the process's worker, if it has one.
  ///   - firstTurns: drives runs before they are stored, while that worker has room.
  public init(_ database: Database, starts: RunStarts? = nil, firstTurns: FirstTurns? = nil) {
    self.database = database
    self.starts = starts
    self.firstTurns = firstTurns
  }

  /// A trigger of webhooks or of an integration and what it starts, as it is now. Secrets are sealed.
  public struct Receiver: Sendable {
    public var key: TriggerReference
    public var revision: Int
    public var isEnabled: Bool
    public var config: JSONValue
    public var urlKey: [UInt8]
    /// Of an event of an integration.
    public var integrationID: Identifier?
    /// The current one first, then the former one while it is still accepted.
    public var secrets: [[UInt8]]
    public var flowID: Identifier
    public var flowStatus: String
    public var flowRevision: Int
    /// The published version, or that of the flow as it stands; nil when that was not stored yet.
    public var versionID: Identifier?
    /// The node that is to be started; nil for all.
    public var nodeID: Identifier?
    /// Whether the trigger names a node that the version has not.
    public var isNodeMissing = false
    /// The node whose output is the answer.
    public var answerNodeID: Identifier?

    /// Finds the nodes that are named by their keys.
    fileprivate mutating func name(_ nodes: [FlowNode], nodeKey: String?) {
      if let nodeKey {
        nodeID = nodes.first { $0.key == nodeKey && $0.kind == .trigger }?.id
        isNodeMissing = nodeID == nil
      }
      if let answerKey = config["answerNodeKey"]?.string {
        answerNodeID = nodes.first { $0.key == answerKey }?.id
      }
    }
  }

  /// Nil when there is no such trigger.
  public func receiver(_ key: TriggerReference) async throws -> Receiver? {
    let rows = try await database.query(
      ReceivedSQL.receiver, keyParameters(key.organizationID, [key.triggerID]))
    guard rows.rowCount == 1, let revision = rows.int(0, 0), let config = rows.jsonBytes(0, 2),
      let flow = rows.uuid(0, 6), let status = rows.string(0, 7), let flowRevision = rows.int(0, 8)
    else { return nil }
    var receiver = Receiver(
      key: key, revision: revision, isEnabled: rows.bool(0, 1) ?? false,
      config: try JSONValue(parsing: config), urlKey: rows.byteArray(0, 3) ?? [],
      secrets: [rows.byteArray(0, 4), rows.byteArray(0, 5)].compactMap { $0 }, flowID: flow.identifier,
      flowStatus: status, flowRevision: flowRevision, versionID: rows.uuid(0, 9)?.identifier)
    receiver.integrationID = rows.uuid(0, 12)?.identifier
    let nodeKey = rows.string(0, 10)
    if nodeKey != nil || receiver.config["answerNodeKey"]?.string != nil, let text = rows.jsonBytes(0, 11) {
      let version = try FlowVersion(decoding: JSONValue(parsing: text))
      receiver.name(version.graph.nodes, nodeKey: nodeKey)
    }
    return receiver
  }

  /// The same, with the version of the flow as it stands stored if there was none. Paused flows get none.
  public func readyReceiver(
    _ key: TriggerReference, newVersionID: @Sendable () -> Identifier
  ) async throws -> Receiver? {
    var found = try await receiver(key)
    for _ in 1...4 {
      guard let receiver = found, receiver.versionID == nil, receiver.flowStatus == "active" else { break }
      do {
        try await makeVersion(of: receiver.flowID, newID: newVersionID(), in: key.organizationID)
      } catch StorageError.revisionConflict {
        // Somebody edits the flow: look again.
      }
      found = try await self.receiver(key)
    }
    return found
  }

  /// - Throws: `StorageError.notFound`, `.revisionConflict` when the flow was changed meanwhile.
  func makeVersion(of flow: Identifier, newID: Identifier, in organization: Identifier) async throws {
    guard let stored = try await FlowStore(database).load(flow, in: organization) else {
      throw StorageError.notFound
    }
    try await database.transaction { transaction in
      try await FlowVersions.lock(stored, in: organization, transaction)
      _ = try await FlowVersions.version(of: stored, newID: newID, in: organization, transaction)
    }
  }

  /// A request to be stored with its run.
  public struct Arrival: Sendable {
    public var receiver: Receiver
    public var version: Identifier
    public var deliveryID: Identifier
    public var runID: Identifier
    /// What two arrivals of the same delivery have in common; nil when nothing tells.
    public var deliveryKey: String?
    public var replayOf: Identifier?
    /// The run's input, as JSON.
    public let input: String
    /// The same, where the run may be started at once.
    public var value: JSONValue?
    public var address: String?
    /// Whether the sender waits for the run's end.
    public var isAwaited = false
    /// What the run became, where it has been driven before it is stored.
    var ended: RunCommitRows.Row?

    /// Whether the run has been driven: those that have and those that have not are stored by different
    /// statements.
    public var isDriven: Bool { ended != nil }

    /// Forgets what the run became: it goes through the queue.
    public mutating func leaveUndriven() { ended = nil }

    public init(
      receiver: Receiver, version: Identifier, deliveryID: Identifier, runID: Identifier, input: String
    ) {
      self.receiver = receiver
      self.version = version
      self.deliveryID = deliveryID
      self.runID = runID
      self.input = input
    }

    /// The run, if it may be claimed when it is stored.
    var startable: RunStarts.Accepted? {
      value.map {
        RunStarts.Accepted(
          run: RunReference(organizationID: receiver.key.organizationID, runID: runID), versionID: version,
          input: $0, triggerNodeID: receiver.nodeID, isAwaited: isAwaited)
      }
    }
  }

  /// What became of an arrival.
  public enum Outcome: Sendable, Equatable {
    /// Stored, and its run with it.
    case stored(Acceptance)
    /// It came before; its run.
    case duplicate(run: Identifier)
    /// The trigger or its flow is not as `receiver` found it: look again.
    case stale
    /// It comes twice at this very moment: ask again.
    case undecided
  }

  /// Stores arrivals in one statement and one commit. Outcomes are in the order of the arrivals.
  public func accept(_ arrivals: [Arrival]) async throws -> [Outcome] {
    let storing = storing(arrivals)
    do {
      return storing.read(try await database.execute(storing.statement, storing.parameters))
    } catch {
      storing.fail()
      throw error
    }
  }

  /// The same in a commit of its own, of no task. The completion is called once, on the thread of the
  /// database's loop, and must not block.
  public func accept(
    _ arrivals: [Arrival], completion: @escaping @Sendable (Result<[Outcome], PostgresError>) -> Void
  ) {
    let storing = storing(arrivals)
    database.write(storing.statement, storing.parameters) { result in
      switch result {
      case .success(let rows): completion(.success(storing.read(rows)))
      case .failure(let error):
        storing.fail()
        completion(.failure(error))
      }
    }
  }

  /// A statement that stores arrivals. What became of it has to be told, by `read` or `fail`.
  struct Storing: Sendable {
    let statement: Statement
    let parameters: Parameters
    let read: @Sendable (RowBatch) -> [Outcome]
    var fail: @Sendable () -> Void = {}
  }

  private func storing(_ arrivals: [Arrival]) -> Storing {
    let isNoted = lastUse.isDue(arrivals.map(\.receiver.key))
    if !arrivals.isEmpty, arrivals.allSatisfy(\.isDriven) { return storingDriven(arrivals, isNoted: isNoted) }
    let startable = arrivals.map(\.startable)
    let starts = startable.contains { $0 == nil } ? nil : starts
    guard let starts, let owner = starts.reserve(arrivals.count) else {
      return Storing(
        statement: ReceivedSQL.accept(isNoted: isNoted), parameters: ReceivedStore.parameters(arrivals)
      ) { ReceivedStore.read($0, of: arrivals).outcomes }
    }
    return Storing(
      statement: ReceivedSQL.accept(isNoted: isNoted),
      parameters: ReceivedStore.parameters(arrivals, owner: owner),
      read: { rows in
        let answer = ReceivedStore.read(rows, of: arrivals)
        let started = zip(startable, answer.outcomes).compactMap { run, outcome -> RunStarts.Accepted? in
          guard outcome == .stored(.started), var run, let found = answer.surroundings[run.run.organizationID]
          else { return nil }
          run.surroundings = found
          return run
        }
        starts.settle(arrivals.count, started)
        return answer.outcomes
      },
      fail: { starts.settle(arrivals.count, []) })
  }

  /// What the rows of `ReceivedSQL.accept` say: outcomes in the order of the arrivals, and surroundings by
  /// organization. A run without them is not started at once: a heartbeat gives it back.
  static func read(
    _ rows: RowBatch, of arrivals: [Arrival]
  ) -> (outcomes: [Outcome], surroundings: [Identifier: RunSurroundings]) {
    var outcomes = [Outcome](repeating: .stale, count: arrivals.count)
    var surroundings: [Identifier: RunSurroundings] = [:]
    for row in 0..<rows.rowCount {
      guard let number = rows.int8(row, 0), arrivals.indices.contains(Int(number) - 1) else { continue }
      let place = Int(number) - 1
      if rows.bool(row, 1) ?? false {
        outcomes[place] = .stored(rows.bool(row, 3) ?? false ? .started : .queued)
      } else if let run = rows.uuid(row, 2) {
        outcomes[place] = .duplicate(run: run.identifier)
      } else {
        outcomes[place] = .undecided
      }
      if let found = try? RunSurroundings(rows, row, column: 4) {
        surroundings[arrivals[place].receiver.key.organizationID] = found
      }
    }
    return (outcomes, surroundings)
  }

  static func parameters(_ arrivals: [Arrival], owner: Identifier? = nil) -> Parameters {
    Parameters {
      write(arrivals, &$0)
      $0.uuid(owner?.uuid)
    }
  }

  /// Twelve arrays.
  static func write(_ arrivals: [Arrival], _ parameters: inout Parameters) {
    parameters.uuids(arrivals.map(\.receiver.key.organizationID.uuid))
    parameters.uuids(arrivals.map(\.receiver.key.triggerID.uuid))
    parameters.int4s(arrivals.map { Int32(clamping: $0.receiver.revision) })
    parameters.int4s(arrivals.map { Int32(clamping: $0.receiver.flowRevision) })
    parameters.uuids(arrivals.map(\.version.uuid))
    parameters.uuids(arrivals.map { $0.receiver.nodeID?.uuid })
    parameters.uuids(arrivals.map(\.deliveryID.uuid))
    parameters.uuids(arrivals.map(\.runID.uuid))
    parameters.texts(arrivals.map(\.deliveryKey))
    parameters.uuids(arrivals.map { $0.replayOf?.uuid })
    parameters.jsonbs(arrivals.map(\.input))
    parameters.texts(arrivals.map(\.address))
  }

  /// What was received once, to be received again.
  public func request(
    _ delivery: Identifier, in organization: Identifier
  ) async throws -> (trigger: Identifier, input: String)? {
    let rows = try await database.query(ReceivedSQL.request, keyParameters(organization, [delivery]))
    guard rows.rowCount == 1, let trigger = rows.uuid(0, 0), let input = rows.jsonText(0, 1) else {
      return nil
    }
    return (trigger.identifier, input)
  }

  /// Deletes what was received so many days ago, a thousand at a time.
  /// - Returns: how many.
  @discardableResult
  public func prune(days: Int) async throws -> Int {
    let parameters = Parameters { $0.int4(Int32(clamping: days)) }
    var count = 0
    while true {
      let pruned = try await database.execute(ReceivedSQL.prune, parameters).rowCount
      count += pruned
      if pruned < ReceivedSQL.pruneBatch { return count }
    }
  }
}

/// A trigger of an organization.
public struct TriggerReference: Hashable, Sendable {
  public var organizationID: Identifier
  public var triggerID: Identifier

  public init(organizationID: Identifier, triggerID: Identifier) {
    self.organizationID = organizationID
    self.triggerID = triggerID
  }
}

/// The statements of `ReceivedStore`.
enum ReceivedSQL {
  static let pruneBatch = 1000

  static let receiver = Statement(
    "webhook_receiver",
    """
    SELECT t.revision, t.is_enabled, t.config, t.url_key, t.secret, \
    CASE WHEN t.old_secret_until > now() THEN t.old_secret END, t.flow_id, f.status, f.revision, v.id, \
    t.node_key, v.definition, t.integration_id FROM flow_triggers t \
    JOIN automation_flows f ON f.organization_id = t.organization_id AND f.id = t.flow_id \
    LEFT JOIN flow_versions v ON v.organization_id = f.organization_id \
    AND v.id = coalesce(f.published_version_id, \(FlowVersions.standing)) \
    WHERE t.organization_id = $1 AND t.id = ANY($2) AND t.kind IN ('webhook', 'integration')
    """,
    [.uuid, .uuidArray])

  /// Deliveries, runs, their first events and their places in the queue. Only what is still as the receiver
  /// was when it was read: trigger and flow are compared by their revisions.
  ///
  /// Times of last use are hints: they are written once a second at most, and left when the row is locked, so
  /// that no two commits wait for one another. Who has written them lately takes the statement that does not.
  /// Runs are claimed for the worker `$13` while its lease holds. Result: place, whether it was stored, else
  /// the run of the delivery that came before; whether the run is claimed.
  static func accept(isNoted: Bool) -> Statement { isNoted ? acceptNoted : acceptOnly }

  private static let acceptNoted = accept(hints)
  private static let acceptOnly = accept("")

  private static func accept(_ hints: String) -> Statement {
    Statement(
      "accept_deliveries",
      """
      WITH asked AS (
        \(asked)
      ), valid AS (
        SELECT a.*, \(validColumns) \(validRows)
      ), delivery AS (
        \(delivery(where: "true"))
      ), new AS (
        \(new)
      ), run AS (
        INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, trigger_node_id, \
      status, input, last_sequence) \
      SELECT organization_id, run_id, flow_id, flow_name, version_id, node_id, 'pending', input, 1 FROM new
      ), event AS (
        INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at) \
      SELECT organization_id, run_id, 1, 'queued', now() FROM new
      ), streamed AS (
        \(StreamSQL.outbox(accepted: "new", organization: "organization_id", id: "run_id", flow: "flow_id"))
      ), worker AS MATERIALIZED (
        \(RunQueueSQL.liveWorker("$13"))
      ), queue AS (
        INSERT INTO execution_queue (organization_id, execution_id, priority, owner, epoch) \
      SELECT n.organization_id, n.run_id, n.run_priority, worker.id, (worker.id IS NOT NULL)::int \
      FROM new n LEFT JOIN worker ON true
      )\(hints)
      SELECT v.place, n.place IS NOT NULL, d.execution_id, worker.id IS NOT NULL, \
      \(RunSurroundings.columns(
        of: "v.organization_id",
        where: "worker.id IS NOT NULL AND row_number() OVER (PARTITION BY v.organization_id) = 1")) \
      FROM valid v LEFT JOIN worker ON true LEFT JOIN new n ON n.place = v.place \(duplicate)
      """,
      arrivalTypes + [.uuid])
  }

  // MARK: The pieces of what accepts arrivals

  static let arrivalTypes: [PostgresType] = [
    .uuidArray, .uuidArray, .int4Array, .int4Array, .uuidArray, .uuidArray, .uuidArray, .uuidArray,
    .textArray, .uuidArray, .jsonbArray, .textArray,
  ]

  /// A row for each arrival.
  static let asked = """
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::uuid[], $7::uuid[], \
    $8::uuid[], $9::text[], $10::uuid[], $11::jsonb[], $12::text[]) WITH ORDINALITY AS a (organization_id, \
    trigger_id, trigger_revision, flow_revision, version_id, node_id, delivery_id, run_id, delivery_key, \
    replay_of, input, address, place)
    """

  /// What is added to those whose trigger and flow are as the receiver was when it was read.
  static let validColumns = """
    f.id AS flow_id, f.name AS flow_name, f.run_priority, \
    t.last_fired_at IS NULL OR t.last_fired_at < now() - interval '1 second' AS is_quiet
    """

  static let validRows = """
    FROM asked a \
    JOIN flow_triggers t ON t.organization_id = a.organization_id AND t.id = a.trigger_id \
    AND t.revision = a.trigger_revision AND t.is_enabled \
    JOIN automation_flows f ON f.organization_id = t.organization_id AND f.id = t.flow_id \
    AND f.revision = a.flow_revision AND coalesce(f.published_version_id, a.version_id) = a.version_id \
    AND f.status = 'active'
    """

  /// Deliveries of what has not come before. The argument is SQL of this module.
  static func delivery(where condition: String) -> String {
    """
    INSERT INTO trigger_deliveries (organization_id, id, trigger_id, delivery_key, replay_of, execution_id, \
    request, address) SELECT organization_id, delivery_id, trigger_id, delivery_key, replay_of, run_id, \
    input, address FROM valid WHERE \(condition) ORDER BY delivery_key \
    ON CONFLICT (organization_id, trigger_id, delivery_key) WHERE delivery_key IS NOT NULL DO NOTHING \
    RETURNING organization_id, id
    """
  }

  /// What is stored by this call.
  static let new = """
    SELECT v.* FROM valid v JOIN delivery d ON d.organization_id = v.organization_id AND d.id = v.delivery_id
    """

  /// When flow and trigger were used last.
  static let hints = """
    , flow AS (
      \(flowHint)
    ), fired AS (
      \(triggerHint)
    )
    """

  private static let flowHint = """
    UPDATE automation_flows SET last_executed = now() WHERE ctid = ANY (ARRAY(\
    SELECT f.ctid FROM automation_flows f WHERE (f.organization_id, f.id) IN (\
    SELECT organization_id, flow_id FROM new WHERE is_quiet) FOR NO KEY UPDATE SKIP LOCKED))
    """

  private static let triggerHint = """
    UPDATE flow_triggers SET last_fired_at = now() WHERE ctid = ANY (ARRAY(\
    SELECT t.ctid FROM flow_triggers t WHERE (t.organization_id, t.id) IN (\
    SELECT organization_id, trigger_id FROM new WHERE is_quiet) FOR NO KEY UPDATE SKIP LOCKED))
    """

  /// What came before an arrival with the same key.
  static let duplicate = """
    LEFT JOIN trigger_deliveries d ON n.place IS NULL AND d.organization_id = v.organization_id \
    AND d.trigger_id = v.trigger_id AND d.delivery_key = v.delivery_key
    """

  static let request = Statement(
    "delivery_request",
    "SELECT trigger_id, request FROM trigger_deliveries WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  static let prune = Statement(
    "prune_received",
    """
    DELETE FROM trigger_deliveries d USING (SELECT organization_id, id FROM trigger_deliveries \
    WHERE received_at < now() - $1 * interval '1 day' ORDER BY received_at LIMIT \(pruneBatch)) old \
    WHERE d.organization_id = old.organization_id AND d.id = old.id RETURNING d.id
    """,
    [.int4])
}
