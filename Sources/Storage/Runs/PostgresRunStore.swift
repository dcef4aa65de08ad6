import Flows
import Postgres

/// The run store on Postgres. Every change of a run demands its epoch and the number of its last step, in one
/// statement that also stores the node logs, the numbered events and the place in the queue.
public struct PostgresRunStore: RunStore {
  private let database: Database
  private let notifier: RunNotifier?

  public init(_ database: Database, notifier: RunNotifier? = nil) {
    self.database = database
    self.notifier = notifier
  }

  public func heartbeat(
    owner: Identifier, leaseMilliseconds: Int64, held: [RunClaim]
  ) async throws -> Heartbeat {
    let lease = Parameters {
      $0.uuid(owner.uuid)
      $0.int8(leaseMilliseconds)
    }
    try await database.execute(RunSQL.renewLease, lease)
    guard !held.isEmpty else { return Heartbeat(cancelRequested: [], lost: []) }
    let parameters = Parameters {
      $0.uuids(held.map(\.run.organizationID.uuid))
      $0.uuids(held.map(\.run.runID.uuid))
      $0.int8s(held.map(\.epoch))
      $0.uuid(owner.uuid)
    }
    let rows = try await database.query(RunSQL.heldRuns, parameters)
    var isCancelRequested: [RunReference: Bool] = [:]
    for row in 0..<rows.rowCount {
      if let run = rows.runReference(row) { isCancelRequested[run] = rows.bool(row, 2) ?? false }
    }
    return Heartbeat(
      cancelRequested: held.filter { isCancelRequested[$0.run] ?? false },
      lost: held.filter { isCancelRequested[$0.run] == nil })
  }

  public func claim(owner: Identifier, limit: Int) async throws -> ClaimBatch {
    let parameters = Parameters {
      $0.uuid(owner.uuid)
      $0.int4(Int32(clamping: limit))
    }
    return try await database.transaction { transaction in
      try await transaction.execute(RunSQL.reap)
      let runs = try await transaction.execute(RunSQL.claim, parameters)
      let wake = transaction.send(RunSQL.nextWake)
      guard runs.rowCount > 0 else {
        return ClaimBatch(runs: [], nextWakeAt: try await wake.value.instant(0, 0))
      }
      let keys = PostgresRunStore.keys(of: runs)
      let nodes = transaction.send(RunSQL.nodeRuns, keys.runs)
      let versions = transaction.send(RunSQL.versions, keys.runs)
      let environments = transaction.send(RunSQL.environments, keys.organizations)
      let reading = try RunRowReader(
        runs: runs, nodes: try await nodes.value, versions: try await versions.value,
        environments: try await environments.value
      ).read()
      for (claim, end) in reading.unreadable {
        try await transaction.execute(RunSQL.commit, RunRowWriter.parameters(end, under: claim))
      }
      return ClaimBatch(runs: reading.claimed, nextWakeAt: try await wake.value.instant(0, 0))
    }
  }

  /// The parameters of the statements that read what belongs to claimed runs.
  private static func keys(of runs: RowBatch) -> (runs: Parameters, organizations: Parameters) {
    let organizations = (0..<runs.rowCount).compactMap { runs.uuid($0, 0) }
    let keys = Parameters {
      $0.uuids(organizations)
      $0.uuids((0..<runs.rowCount).compactMap { runs.uuid($0, 1) })
    }
    return (keys, Parameters { $0.uuids(Set(organizations)) })
  }

  public func commit(_ transition: RunTransition, under claim: RunClaim) async throws -> CommitResult {
    let parameters = RunRowWriter.parameters(transition, under: claim)
    var step = try await storedStep(parameters)
    // Manual § 13.2.1: the statement's snapshot is older than a change that it has waited for. If that change
    // was this same transition, sent before over a connection that broke, only a new snapshot shows it.
    if step == transition.step - 1 { step = try await storedStep(parameters) }
    guard step == transition.step else { return .stale }
    if !transition.events.isEmpty { notifier?.changed(claim.run) }
    return .committed
  }

  /// Sends a commit; the answer is the step that is stored then, nil when the epoch does not hold.
  private func storedStep(_ parameters: Parameters) async throws -> Int? {
    let rows = try await database.execute(RunSQL.commit, parameters)
    return rows.rowCount == 1 ? rows.int(0, 0) : nil
  }

  public func release(_ claim: RunClaim, notBefore: Instant?) async throws {
    let parameters = Parameters {
      $0.uuid(claim.run.organizationID.uuid)
      $0.uuid(claim.run.runID.uuid)
      $0.int8(claim.epoch)
      $0.timestamptz(microseconds: notBefore?.microseconds)
    }
    try await database.execute(RunSQL.release, parameters)
  }
}

extension RowBatch {
  /// Organization and run in the first two columns.
  fileprivate func runReference(_ row: Int) -> RunReference? {
    guard let organization = uuid(row, 0), let run = uuid(row, 1) else { return nil }
    return RunReference(organizationID: organization.identifier, runID: run.identifier)
  }

  func instant(_ row: Int, _ column: Int) -> Instant? {
    row < rowCount ? microseconds(row, column).map { Instant(microseconds: $0) } : nil
  }
}
