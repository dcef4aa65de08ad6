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
      let error = RunError(
        code: .flowInvalid, message: "What is stored of the run or its flow cannot be read.")
      for claim in reading.unreadable {
        _ = transaction.send(RunCommitSQL.abandon, PostgresRunStore.abandonment(claim, error))
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

  public func abandon(_ claim: RunClaim, _ error: RunError) async throws {
    let rows = try await database.execute(
      RunCommitSQL.abandon, PostgresRunStore.abandonment(claim, error))
    if rows.rowCount == 1 { notifier?.changed(claim.run) }
  }

  /// The parameters of `RunCommitSQL.abandon`.
  private static func abandonment(_ claim: RunClaim, _ error: RunError) -> Parameters {
    let end = RunEvent.Kind.finished(RunEvent.RunFinished(state: .failure, output: nil, error: error))
    return Parameters {
      $0.uuid(claim.run.organizationID.uuid)
      $0.uuid(claim.run.runID.uuid)
      $0.int8(claim.epoch)
      $0.jsonb(error.encoded().text())
      $0.jsonb(end.payload().text())
    }
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

// Transitions.
extension PostgresRunStore {
  public func commit(_ commits: [RunCommit]) async throws -> [CommitResult] {
    var results: [CommitResult] = []
    for stretch in RunCommitRows.stretches(commits) {
      if let row = stretch.first, stretch.count == 1 {
        results.append(try await commit(row))
      } else {
        results += try await commit(stretch)
      }
    }
    for (commit, result) in zip(commits, results) where result == .committed {
      if !commit.transition.events.isEmpty { notifier?.changed(commit.claim.run) }
    }
    return results
  }

  /// Several at once. When the server refuses the statement, because of one of them, each is sent alone.
  private func commit(_ rows: ArraySlice<RunCommitRows.Row>) async throws -> [CommitResult] {
    let answer: RowBatch
    do {
      answer = try await database.execute(RunCommitSQL.commitMany, RunCommitRows.parameters(rows))
    } catch {
      guard error.code == .server else { throw error }
      return await commitEach(rows)
    }
    let stored = PostgresRunStore.stored(answer)
    return rows.enumerated().map { place, row in
      PostgresRunStore.result(row.commit.transition, stored[place + 1])
    }
  }

  private func commitEach(_ rows: ArraySlice<RunCommitRows.Row>) async -> [CommitResult] {
    let settled = await withTaskGroup(of: Settled.self) { group in
      for (place, row) in rows.enumerated() {
        group.addTask { Settled(place: place, result: (try? await commit(row)) ?? .unsettled) }
      }
      return await group.reduce(into: [Settled]()) { $0.append($1) }
    }
    return settled.sorted { $0.place < $1.place }.map(\.result)
  }

  /// What became of one of several.
  private struct Settled {
    let place: Int
    let result: CommitResult
  }

  /// One alone; waits for whoever has its run locked.
  private func commit(_ row: RunCommitRows.Row) async throws(PostgresError) -> CommitResult {
    let parameters = RunCommitRows.parameters([row])
    do {
      let answer = try await database.execute(RunCommitSQL.commitOne, parameters)
      let result = PostgresRunStore.result(row.commit.transition, PostgresRunStore.stored(answer)[1])
      if result != .unsettled { return result }
      // Manual § 13.2.1: the statement's snapshot is older than a change that it has waited for. If that
      // change was this same transition, sent before over a connection that broke, only a new one shows it.
      let second = try await database.execute(RunCommitSQL.commitOne, parameters)
      return PostgresRunStore.result(row.commit.transition, PostgresRunStore.stored(second)[1])
    } catch {
      guard error.isAboutData else { throw error }
      return .refused(reason: "\(error)")
    }
  }

  /// What a statement says about a run: the stored step, and whether the run was over before.
  private struct Stored {
    let step: Int
    let isOver: Bool
  }

  /// By the number of the run in the call.
  private static func stored(_ answer: RowBatch) -> [Int: Stored] {
    var stored: [Int: Stored] = [:]
    for row in 0..<answer.rowCount {
      guard let number = answer.int(row, 0), let step = answer.int(row, 1) else { continue }
      stored[number] = Stored(step: step, isOver: answer.bool(row, 2) ?? false)
    }
    return stored
  }

  private static func result(_ transition: RunTransition, _ stored: Stored?) -> CommitResult {
    guard let stored else { return .stale }
    if stored.step == transition.step { return .committed }
    // It was locked, or changed since the statement began.
    return stored.step == transition.step - 1 && !stored.isOver ? .unsettled : .stale
  }
}

extension PostgresError {
  /// The values themselves are refused, today and for ever (manual, appendix A): data exceptions, violated
  /// constraints, exceeded limits.
  fileprivate var isAboutData: Bool {
    guard code == .server, let sqlState else { return false }
    return ["22", "23", "54"].contains(sqlState.prefix(2))
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
