import Flows
import Postgres

/// Claims that end what is over with its first turn: it is locked, driven and stored as what it became in one
/// transaction, and no claim of it is ever written ([decision 24]).
///
/// [decision 24]: ../../../docs/decisions/0024-claimed-and-ended.md
extension PostgresRunStore {
  /// What was taken from the queue.
  struct Taken: Sendable {
    var runs: [ClaimedRun] = []
    var ended: [RunReference] = []

    var count: Int { runs.count + ended.count }
  }

  /// What a run that ends with its claim may add to a statement, in bytes; others are driven by the worker.
  private static let maximumEndedBytes = 64 << 10

  /// What was locked, and what becomes of it.
  private struct Locked: Sendable {
    let rows: RowBatch
    var ended: [RunCommitRows.Row] = []
    /// The claimed ones of the rest.
    var claimed: RowBatch?
    var hasFreedSlots = false
  }

  /// Remembers whether the next claim may find runs that are over at once.
  func noteEndable(_ runs: [ClaimedRun]) {
    guard let firstTurns else { return }
    turns.expectEnds(runs.contains { $0.snapshot.step == 0 && firstTurns.mayEnd($0.version.id) })
  }

  /// Claims, and ends what is over at once; nil when none of that is expected, or when the server refuses one
  /// of them, of which the worker finds out which it is.
  func claimAndEnd(_ due: DueRuns) async throws -> Taken? {
    guard let firstTurns, firstTurns.endsClaimed, turns.expectsEnds else { return nil }
    let locked: Locked
    do {
      locked = try await database.transaction { try await lockAndEnd(due, firstTurns, in: $0) }
    } catch let error as PostgresError where error.code == .server {
      turns.expectEnds(false)
      return nil
    }
    noteTurn(due, locked.rows)
    turns.expectEnds(!locked.ended.isEmpty)
    let ended = locked.ended.map(\.commit)
    for commit in ended { notifier?.stored(commit.transition, of: commit.claim.run) }
    if locked.hasFreedSlots { try? await wakeLimited() }
    var taken = Taken(ended: ended.map(\.claim.run))
    if let claimed = locked.claimed, claimed.rowCount > 0 { taken.runs = try await read(claimed) }
    return taken
  }

  private nonisolated(nonsending) func lockAndEnd(
    _ due: DueRuns, _ firstTurns: FirstTurns, in transaction: Transaction
  ) async throws -> Locked {
    var parameters = due.parameters
    parameters.text(String(Int(firstTurns.lease / .milliseconds(1))))
    var locked = Locked(rows: try await transaction.execute(RunQueueSQL.lockDue, parameters))
    let driven = try drive(locked.rows, firstTurns)
    if !driven.isEmpty {
      let stored = PostgresRunStore.stored(
        try await transaction.execute(RunCommitSQL.endLocked, RunCommitRows.parameters(driven[...])))
      locked.ended = driven.enumerated().filter { stored[$0.offset + 1] != nil }.map(\.element)
      locked.hasFreedSlots = stored.values.contains(where: \.flag)
    }
    let ended = Set(locked.ended.map(\.commit.claim.run.runID))
    let rest = (0..<locked.rows.rowCount).filter { row in
      locked.rows.uuid(row, 1).map { !ended.contains($0.identifier) } ?? false
    }
    if !rest.isEmpty {
      let parameters = Parameters {
        $0.uuid(due.owner.uuid)
        $0.uuids(rest.compactMap { locked.rows.uuid($0, 0) })
        $0.uuids(rest.compactMap { locked.rows.uuid($0, 1) })
      }
      locked.claimed = try await transaction.execute(RunQueueSQL.claimLocked, parameters)
    }
    return locked
  }

  /// Drives what may be over with its first turn: what nobody has begun or wants to end, what no other run
  /// waits for, and what need not wait for others.
  private func drive(_ rows: RowBatch, _ firstTurns: FirstTurns) throws -> [RunCommitRows.Row] {
    let surroundings = try PostgresRunStore.surroundings(of: rows)
    let versions = versions.kept(VersionCache.keys(of: rows))
    let reader = RunRowReader(runs: rows, nodes: nil, versions: versions, surroundings: surroundings)
    var (driven, bytes) = ([RunCommitRows.Row](), 0)
    for row in 0..<rows.rowCount where bytes < RunCommitRows.maximumBytes {
      // What somebody has claimed before may be what he died of: that is counted by a claim.
      guard rows.int(row, 2) == 0, rows.int(row, 7) == 0, rows.bool(row, 12) == false,
        rows.uuid(row, 18) == nil,
        let version = rows.uuid(row, 3).flatMap({ versions[$0.identifier] })?.version,
        firstTurns.mayEnd(version.id),
        let claimed = try? reader.claimedRun(row, [])
      else { continue }
      let limited = surroundings[claimed.claim.run.organizationID]?.limited ?? []
      guard limited.isDisjoint(with: [version.flowID, claimed.claim.run.organizationID]),
        let commit = firstTurns.commit(of: claimed)
      else { continue }
      let ended = RunCommitRows.Row(commit)
      guard ended.size <= PostgresRunStore.maximumEndedBytes else { continue }
      driven.append(ended)
      bytes += ended.size
    }
    return driven
  }
}
