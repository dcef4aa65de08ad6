import Flows
import Postgres

/// What the API writes about runs: it accepts them and asks them to stop. Everything else about a run is
/// written by its owner, through `PostgresRunStore`.
public struct ExecutionStore: Sendable {
  let database: Database
  private let intake: RunIntake?

  /// - Parameter intake: the process's, so that runs of a flow that come together are accepted together.
  public init(_ database: Database, intake: RunIntake? = nil) {
    self.database = database
    self.intake = intake
  }

  /// Which version of its flow a run executes.
  public enum VersionChoice: Sendable {
    /// The published version; while nothing was published, the flow as it stands. What triggers run.
    case current
    /// The flow as it stands, published or not.
    case draft
    /// The flow as the caller has loaded and checked it.
    case loaded(FlowStore.StoredFlow)
    /// A version that was stored before.
    case exactly(Identifier)
  }

  /// A run to be accepted.
  public struct NewRun: Sendable {
    public var run: RunReference
    public var flowID: Identifier
    public var version: VersionChoice
    public var userID: Identifier?
    public var input: JSONValue
    public var at: Instant
    /// The id of the version that is stored when the flow as it stands has none yet.
    public var versionID: Identifier
    /// The trigger that was fired; without one all of the flow's are.
    public var triggerNodeID: Identifier?
    /// The run that this one repeats.
    public var retryOf: Identifier?
    /// What the run begins with: node logs of the run that it repeats, see `RunSnapshot.forRetry`.
    public var nodeRuns: [NodeRun] = []
    /// Its place among the organization's runs; without one that of its flow.
    public var priority: RunPriority?

    public init(
      run: RunReference, flowID: Identifier, version: VersionChoice = .current, input: JSONValue, at: Instant
    ) {
      self.run = run
      self.flowID = flowID
      self.version = version
      self.input = input
      self.at = at
      versionID = run.runID
    }
  }

  /// Accepts a run: its version, the run, its first event and its place in the queue, or nothing. One
  /// statement, unless the version must be stored first.
  /// - Throws: `StorageError.notFound`, `.archived`; `UnrunnableFlow`; `.revisionConflict` when a flow that
  ///   the caller had loaded was changed since.
  @discardableResult
  public func enqueue(_ new: NewRun) async throws -> Acceptance {
    switch new.version {
    case .current: if let accepted = try await insert(new, version: nil) { return accepted }
    case .exactly(let version): if let accepted = try await insert(new, version: version) { return accepted }
    case .loaded(let flow):
      try await enqueue(new, flow)
      return .queued
    case .draft: break
    }
    try await enqueueStanding(new)
    return .queued
  }

  /// Stores a version of the flow as it stands when it has none, and accepts the run. A flow that is changed
  /// meanwhile is checked again, and cannot be changed until that is done.
  private func enqueueStanding(_ new: NewRun) async throws {
    let (flows, organization) = (FlowStore(database), new.run.organizationID)
    do {
      guard let flow = try await flows.load(new.flowID, in: organization) else {
        throw StorageError.notFound
      }
      try await enqueueChecked(new, flow)
    } catch StorageError.revisionConflict {
      try await flows.withLocked(new.flowID, in: organization) { try await enqueueChecked(new, $0) }
    }
  }

  private func enqueueChecked(_ new: NewRun, _ flow: FlowStore.StoredFlow) async throws {
    guard flow.status != "archived" else { throw StorageError.archived }
    // Here is a version that is gone.
    if case .exactly = new.version { throw StorageError.notFound }
    let problems = flow.graph.problems().filter { $0.severity == .error }
    guard problems.isEmpty else { throw UnrunnableFlow(graph: flow.graph, problems: problems) }
    try await enqueue(new, flow)
  }

  /// Accepts a run of a flow as it was loaded.
  private func enqueue(_ new: NewRun, _ flow: FlowStore.StoredFlow) async throws {
    let organization = new.run.organizationID
    try await database.transaction { transaction in
      try await FlowVersions.lock(flow, in: organization, transaction)
      let version = try await FlowVersions.version(
        of: flow, newID: new.versionID, in: organization, transaction)
      let rows = try await transaction.execute(ExecutionSQL.enqueue, parameters(new, version: version))
      guard rows.rowCount == 1 else { throw StorageError.archived }
    }
  }

  /// Accepts a run of a stored version, the current one without a `version`. Nil where there is none, no
  /// such flow, or the flow is archived.
  private func insert(_ new: NewRun, version: Identifier?) async throws -> Acceptance? {
    let parameters = parameters(new, version: version)
    guard !new.nodeRuns.isEmpty else {
      // A transaction that the caller has joined commits when the caller says so.
      if let intake, !database.isJoined { return try await intake.accept(new) }
      return try await database.execute(ExecutionSQL.enqueue, parameters).rowCount == 1 ? .queued : nil
    }
    // The node logs are the run's first step, stored before anybody can claim it.
    var kept = RunTransition(step: 1, state: .pending)
    kept.nodeRuns = new.nodeRuns
    let first = RunCommit(kept, under: RunClaim(run: new.run, epoch: 0))
    return try await database.transaction { transaction in
      guard try await transaction.execute(ExecutionSQL.enqueue, parameters).rowCount == 1 else {
        return nil
      }
      try await transaction.execute(
        RunCommitSQL.commitOne, RunCommitRows.parameters([RunCommitRows.Row(first)]))
      return .queued
    }
  }

  /// Asks a run to stop. False when it is over already.
  /// - Throws: `StorageError.notFound`.
  public func requestCancel(_ run: RunReference) async throws -> Bool {
    let key = keyParameters(run.organizationID, [run.runID])
    let rows = try await database.execute(ExecutionSQL.requestCancel, key)
    guard rows.rowCount == 1, let isOpen = rows.bool(0, 0) else { throw StorageError.notFound }
    return isOpen
  }

  /// Whether there is such a run in the organization.
  public func exists(_ run: RunReference) async throws -> Bool {
    let key = keyParameters(run.organizationID, [run.runID])
    return try await database.query(ExecutionSQL.exists, key).rowCount == 1
  }

  private func parameters(_ new: NewRun, version: Identifier?) -> Parameters {
    Parameters {
      $0.uuid(new.run.organizationID.uuid)
      $0.uuid(new.run.runID.uuid)
      $0.uuid(new.flowID.uuid)
      $0.uuid(version?.uuid)
      $0.uuid(new.userID?.uuid)
      $0.jsonb(new.input.text())
      $0.timestamptz(microseconds: new.at.microseconds)
      $0.uuid(new.triggerNodeID?.uuid)
      $0.uuid(new.retryOf?.uuid)
      $0.int2(new.priority?.rawValue)
    }
  }
}

extension ExecutionStore {
  /// The parameters of `ExecutionSQL.enqueueMany`: runs of one flow, and the worker that is to drive them.
  static func parameters(_ runs: [NewRun], owner: Identifier?) -> Parameters {
    Parameters {
      $0.uuid(runs.first?.run.organizationID.uuid)
      $0.uuid(runs.first?.flowID.uuid)
      $0.uuids(runs.map(\.run.runID.uuid))
      $0.uuids(runs.map { $0.version.stored?.uuid })
      $0.uuids(runs.map { $0.userID?.uuid })
      $0.jsonbs(runs.map { $0.input.text() })
      $0.timestamptzs(microseconds: runs.map(\.at.microseconds))
      $0.uuids(runs.map { $0.triggerNodeID?.uuid })
      $0.uuids(runs.map { $0.retryOf?.uuid })
      $0.int2s(runs.map { $0.priority?.rawValue })
      $0.uuid(owner?.uuid)
    }
  }
}

/// What becomes of a run that was accepted.
public enum Acceptance: Sendable, Equatable {
  /// It waits in the queue.
  case queued
  /// It is on its way to the worker of this process.
  case started
  /// It was over with its first turn, and is stored as what it became.
  case ended(RunTransition)
}

extension ExecutionStore.VersionChoice {
  /// The version that was named.
  fileprivate var stored: Identifier? {
    if case .exactly(let version) = self { version } else { nil }
  }
}

/// Which of an organization's runs are claimed first: one of a higher priority goes before those that have
/// been waiting for up to a minute longer for each step, so none waits for ever.
public enum RunPriority: Int16, Sendable, CaseIterable {
  case high = 0
  case normal = 1
  case low = 2
}

/// A flow that cannot run as it stands.
public struct UnrunnableFlow: Error, Sendable {
  public let graph: FlowGraph
  /// Those of severity `error`.
  public let problems: [FlowProblem]
}

/// The statements of `ExecutionStore`.
enum ExecutionSQL {
  static let exists = Statement(
    "run_exists", "SELECT 1 FROM execution_logs WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  /// Runs in the columns of `RunSQL.claim`, and their flow. Parameters: organizations, runs.
  static let stored = Statement(
    "stored_run",
    """
    SELECT e.organization_id, e.id, e.epoch, e.version_id, e.status, e.input, e.trigger_node_id, e.step, \
    e.start_time, e.end_time, e.result, e.error, e.cancel_requested_at IS NOT NULL, now(), e.flow_id \
    FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, id) \
    JOIN execution_logs e ON e.organization_id = k.organization_id AND e.id = k.id
    """,
    [.uuidArray, .uuidArray])

  /// The run, its first event, its place in the queue and the flow's time of last execution. No row where
  /// there is no such flow or version, or the flow is archived. Without `$4` the version is the published
  /// one, or while nothing was published that of the flow as it stands.
  static let enqueue = Statement(
    "enqueue_run",
    """
    WITH flow AS (
      UPDATE automation_flows f SET last_executed = $7 FROM flow_versions v \
    WHERE f.organization_id = $1 AND f.id = $3 AND f.status <> 'archived' \
    AND v.organization_id = $1 AND v.flow_id = $3 \
    AND v.id = coalesce($4, f.published_version_id, \(FlowVersions.standing)) \
    RETURNING f.id, f.name, v.id AS version_id, f.run_priority
    ), run AS (
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, user_id, status, \
    input, last_sequence, created_at, trigger_node_id, retry_of) \
    SELECT $1, $2, flow.id, flow.name, flow.version_id, $5, 'pending', $6, 1, $7, $8, $9 FROM flow
    ), event AS (
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at) \
    SELECT $1, $2, 1, 'queued', $7 FROM flow
    ), streamed AS (
      \(StreamSQL.outbox(accepted: "flow", organization: "$1", id: "$2", flow: "$3"))
    )
    INSERT INTO execution_queue (organization_id, execution_id, priority) \
    SELECT $1, $2, coalesce($10, flow.run_priority) FROM flow \
    RETURNING execution_id
    """,
    [.uuid, .uuid, .uuid, .uuid, .uuid, .jsonb, .timestamptz, .uuid, .uuid, .int2])

  /// The same for many runs of one flow, claimed for the worker `$11` while its lease holds. A row for each
  /// that is accepted: its id, its version and whether it is claimed.
  static let enqueueMany = Statement(
    "enqueue_runs",
    """
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::jsonb[], $7::timestamptz[], $8::uuid[], \
    $9::uuid[], $10::smallint[]) AS i (id, version_id, user_id, input, at, trigger_node_id, retry_of, \
    priority)
    ), flow AS (
      UPDATE automation_flows f SET last_executed = (SELECT max(at) FROM input) \
    WHERE f.organization_id = $1 AND f.id = $2 AND f.status <> 'archived' \
    RETURNING f.name, f.run_priority, coalesce(f.published_version_id, \(FlowVersions.standing)) AS version_id
    ), accepted AS MATERIALIZED (
      SELECT i.*, flow.name AS flow_name, flow.run_priority, v.id AS version FROM input i CROSS JOIN flow \
    JOIN flow_versions v ON v.organization_id = $1 AND v.id = coalesce(i.version_id, flow.version_id) \
    AND v.flow_id = $2
    ), run AS (
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, user_id, status, \
    input, last_sequence, created_at, trigger_node_id, retry_of) \
    SELECT $1, id, $2, flow_name, version, user_id, 'pending', input, 1, at, trigger_node_id, retry_of \
    FROM accepted
    ), event AS (
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at) \
    SELECT $1, id, 1, 'queued', at FROM accepted
    ), streamed AS (
      \(StreamSQL.outbox(accepted: "accepted", organization: "$1", id: "id", flow: "$2"))
    ), worker AS MATERIALIZED (
      \(RunQueueSQL.liveWorker("$11"))
    ), queue AS (
      INSERT INTO execution_queue (organization_id, execution_id, priority, owner, epoch) \
    SELECT $1, a.id, coalesce(a.priority, a.run_priority), worker.id, (worker.id IS NOT NULL)::int \
    FROM accepted a LEFT JOIN worker ON true
    )
    SELECT a.id, a.version, w.id IS NOT NULL, \
    \(RunSurroundings.columns(of: "$1", where: "w.id IS NOT NULL AND row_number() OVER () = 1")) \
    FROM accepted a LEFT JOIN worker w ON true
    """,
    [
      .uuid, .uuid, .uuidArray, .uuidArray, .uuidArray, .jsonbArray, .timestamptzArray, .uuidArray,
      .uuidArray, .int2Array, .uuid,
    ])

  /// A run that nobody drives is due at once, so that its cancellation does not wait for a delay to end. The
  /// place in the queue is locked before the run's row, as a claim does; a run without a place is over.
  static let requestCancel = Statement(
    "request_cancel",
    """
    WITH place AS (
      UPDATE execution_queue SET due_at = least(due_at, now()), waits_for = NULL \
    WHERE organization_id = $1 AND execution_id = ANY($2) RETURNING execution_id
    ), run AS (
      UPDATE execution_logs e SET cancel_requested_at = coalesce(e.cancel_requested_at, now()) FROM place \
    WHERE e.organization_id = $1 AND e.id = place.execution_id \
    AND e.status IN ('pending', 'running', 'waiting') RETURNING e.id
    )
    SELECT EXISTS (SELECT 1 FROM run) FROM execution_logs WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])
}
