import Flows
import Postgres

/// The run store on Postgres. Every change of a run demands its epoch and the number of its last step, in one
/// statement that also stores the node logs, the numbered events and the place in the queue.
public struct PostgresRunStore: RunStore {
  /// So many owners may die with a run that stays at the same step; then it is ended.
  static let maximumCrashes = 5

  let database: Database
  let notifier: RunNotifier?
  /// What this process knows of the queue.
  let turns = RunTurns()
  let versions: VersionCache
  /// Drives what is over at once while it is claimed; nil: nothing is.
  let firstTurns: FirstTurns?
  let limits = KnownLimits()
  let search = OrphanSearch()
  /// How long a claim may be the owner's without being among those that it says it holds.
  let strayPause: Duration

  public init(
    _ database: Database, notifier: RunNotifier? = nil, firstTurns: FirstTurns? = nil,
    strayPause: Duration = .seconds(10)
  ) {
    self.database = database
    self.notifier = notifier
    self.firstTurns = firstTurns
    versions = firstTurns?.versions ?? VersionCache()
    self.strayPause = strayPause
  }

  public func abandon(_ claim: RunClaim, _ error: RunError) async throws {
    let run = claim.run
    // One transaction: a parent that waits is told, and children that it waits for are cancelled, or it is
    // not over.
    let parent: Identifier?? = try await database.transaction { transaction in
      let places = try await transaction.execute(SignalSQL.lockWithParent, SignalSQL.key(run))
      let rows = try await transaction.execute(
        RunCommitSQL.abandon, PostgresRunStore.abandonment(claim, error))
      guard rows.rowCount == 1 else { return nil }
      try await transaction.execute(SignalSQL.tellParent, SignalSQL.key(run))
      try await cancelChildren(of: run, in: transaction)
      let locked = (0..<places.rowCount).compactMap { places.uuid($0, 0)?.identifier }
      return .some(locked.first { $0 != run.runID })
    }
    guard let parent else { return }
    notifier?.changed(run)
    if let parent {
      notifier?.signalled(RunReference(organizationID: run.organizationID, runID: parent))
    }
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
    let isEntangled = commits.map { $0.transition.isEntangled || freesSlots($0) }
    var plain = try await commitPlain(zip(commits, isEntangled).filter { !$1 }.map(\.0))[...]
    var results: [CommitResult] = []
    for (commit, isEntangled) in zip(commits, isEntangled) {
      if isEntangled {
        results.append(try await commitEntangled(RunCommitRows.Row(commit)))
      } else if let result = plain.popFirst() {
        results.append(result)
      }
    }
    for (commit, result) in zip(commits, results) where result == .committed {
      notifier?.stored(commit.transition, of: commit.claim.run)
    }
    return results
  }

  /// Those that change their own run only.
  private func commitPlain(_ commits: [RunCommit]) async throws -> [CommitResult] {
    var results: [CommitResult] = []
    for stretch in RunCommitRows.stretches(commits) {
      if let row = stretch.first, stretch.count == 1 {
        results.append(try await commit(row))
      } else {
        results += try await commit(stretch)
      }
    }
    return results
  }

  /// Several at once. When the server refuses the statement, because of one of them, each is sent alone.
  private func commit(_ rows: ArraySlice<RunCommitRows.Row>) async throws -> [CommitResult] {
    var stored: [Int: Stored]
    do {
      stored = PostgresRunStore.stored(
        try await database.execute(
          rows.allSatisfy(\.isFirst) ? RunCommitSQL.commitManyFirst : RunCommitSQL.commitMany,
          RunCommitRows.parameters(rows)))
    } catch {
      guard error.code == .server else { throw error }
      return await commitEach(rows)
    }
    await wakeLimited(after: stored, rows)
    if stored.count < rows.count {
      let looked = try await database.query(
        RunCommitSQL.look, RunCommitRows.lookParameters(rows, without: stored))
      stored.merge(PostgresRunStore.stored(looked)) { first, _ in first }
    }
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
    let statement = row.isFirst ? RunCommitSQL.commitOneFirst : RunCommitSQL.commitOne
    do {
      var result = CommitResult.unsettled
      // Manual § 13.2.1: a statement's snapshot is older than a change that it has waited for; a second one
      // sees that change.
      for _ in 1...2 where result == .unsettled {
        var stored = PostgresRunStore.stored(try await database.execute(statement, parameters))
        await wakeLimited(after: stored, [row])
        if stored.isEmpty {
          stored = PostgresRunStore.stored(
            try await database.query(RunCommitSQL.look, RunCommitRows.lookParameters([row], without: [:])))
        }
        result = PostgresRunStore.result(row.commit.transition, stored[1])
      }
      return result
    } catch {
      guard error.isAboutData else { throw error }
      return .refused(reason: "\(error)")
    }
  }

  /// What a statement says about a run: the stored step, and the answer's last column.
  struct Stored {
    let step: Int
    let flag: Bool
  }

  /// Where slots became free, those who wait for them are woken; should that fail, a sweep does it.
  func wakeLimited(after stored: [Int: Stored], _ rows: ArraySlice<RunCommitRows.Row>) async {
    let hasFreed = rows.enumerated().contains { place, row in
      stored[place + 1].map { $0.flag && $0.step == row.commit.transition.step } ?? false
    }
    if hasFreed { try? await wakeLimited() }
  }

  /// By the number of the run in the call.
  static func stored(_ answer: RowBatch) -> [Int: Stored] {
    var stored: [Int: Stored] = [:]
    for row in 0..<answer.rowCount {
      guard let number = answer.int(row, 0), let step = answer.int(row, 1) else { continue }
      stored[number] = Stored(step: step, flag: answer.bool(row, 2) ?? false)
    }
    return stored
  }

  static func result(_ transition: RunTransition, _ stored: Stored?) -> CommitResult {
    guard let stored else { return .stale }
    if stored.step == transition.step { return .committed }
    // It was locked, or changed since the statement began.
    return stored.step == transition.step - 1 && !stored.flag ? .unsettled : .stale
  }
}

extension PostgresError {
  /// The values themselves are refused, today and for ever (manual, appendix A): data exceptions, violated
  /// constraints, exceeded limits.
  var isAboutData: Bool {
    guard code == .server, let sqlState else { return false }
    return ["22", "23", "54"].contains(sqlState.prefix(2))
  }
}

extension RowBatch {
  func instant(_ row: Int, _ column: Int) -> Instant? {
    row < rowCount ? microseconds(row, column).map { Instant(microseconds: $0) } : nil
  }
}
