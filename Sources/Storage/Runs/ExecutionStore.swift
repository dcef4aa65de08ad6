import Flows
import Postgres

/// What the API writes about runs: it accepts them and asks them to stop. Everything else about a run is
/// written by its owner, through `PostgresRunStore`.
public struct ExecutionStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A run to be accepted.
  public struct NewRun: Sendable {
    public var run: RunReference
    public var flow: FlowStore.StoredFlow
    public var userID: Identifier?
    public var input: JSONValue
    public var at: Instant
    /// The id of the version that is stored when the flow's revision has none yet.
    public var versionID: Identifier

    public init(
      run: RunReference, flow: FlowStore.StoredFlow, userID: Identifier?, input: JSONValue, at: Instant,
      versionID: Identifier
    ) {
      self.run = run
      self.flow = flow
      self.userID = userID
      self.input = input
      self.at = at
      self.versionID = versionID
    }
  }

  /// Accepts a run: the snapshot of the flow, the run, its first event and its place in the queue, or
  /// nothing.
  /// - Throws: `StorageError.notFound`; `.revisionConflict` when the flow was changed since it was loaded.
  public func enqueue(_ new: NewRun) async throws {
    let organization = new.run.organizationID
    try await database.transaction { transaction in
      try await FlowVersions.lock(new.flow, in: organization, transaction)
      let version = try await FlowVersions.version(
        of: new.flow, newID: new.versionID, in: organization, transaction)
      try await transaction.execute(ExecutionSQL.enqueue, parameters(new, version: version))
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

  private func parameters(_ new: NewRun, version: Identifier) -> Parameters {
    Parameters {
      $0.uuid(new.run.organizationID.uuid)
      $0.uuid(new.run.runID.uuid)
      $0.uuid(new.flow.id.uuid)
      $0.text(new.flow.name)
      $0.uuid(version.uuid)
      $0.uuid(new.userID?.uuid)
      $0.jsonb(new.input.text())
      $0.timestamptz(microseconds: new.at.microseconds)
    }
  }
}

/// The statements of `ExecutionStore`.
enum ExecutionSQL {
  static let exists = Statement(
    "run_exists", "SELECT 1 FROM execution_logs WHERE organization_id = $1 AND id = ANY($2)",
    [.uuid, .uuidArray])

  /// The run, its first event, its place in the queue and the flow's time of last execution.
  static let enqueue = Statement(
    "enqueue_run",
    """
    WITH run AS (
      INSERT INTO execution_logs (organization_id, id, flow_id, flow_name, version_id, user_id, status, \
    input, \
    last_sequence, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, 1, $8)
    ), event AS (
      INSERT INTO execution_events (organization_id, execution_id, sequence, kind, at) VALUES ($1, $2, 1, \
    'queued', $8)
    ), flow AS (
      UPDATE automation_flows SET last_executed = $8 WHERE organization_id = $1 AND id = $3
    )
    INSERT INTO execution_queue (organization_id, execution_id) VALUES ($1, $2)
    """,
    [.uuid, .uuid, .uuid, .text, .uuid, .uuid, .jsonb, .timestamptz])

  /// A run that nobody drives is due at once, so that its cancellation does not wait for a delay to end. The
  /// place in the queue is locked before the run's row, as a claim does; a run without a place is over.
  static let requestCancel = Statement(
    "request_cancel",
    """
    WITH place AS (
      UPDATE execution_queue SET due_at = least(due_at, now()) \
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
