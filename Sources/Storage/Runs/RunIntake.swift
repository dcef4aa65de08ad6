import Flows
import Postgres
import Synchronization

/// Accepts runs: those of one flow that come while a transaction of that flow is under way wait for it, and
/// are then accepted together by one statement in one transaction.
///
/// A process has one. What belongs to a run's transaction, the audit log's row say, is stored in the same
/// one. Nobody is answered before the commit. The mutex protects what waits.
public final class RunIntake: Sendable {
  private struct Waiting: Sendable {
    let new: ExecutionStore.NewRun
    let companion: (any TransactionCompanion)?
    let answer: UnsafeContinuation<Result<Acceptance?, any Error>, Never>
  }

  private struct Flow: Hashable {
    let organization: Identifier
    let id: Identifier
  }

  /// Runs of one transaction at most.
  static let maximumRuns = 100
  /// Runs that wait at most, of all flows.
  static let maximumWaiting = 10_000

  private struct State {
    /// Flows with a transaction under way.
    var waiting: [Flow: [Waiting]] = [:]
    var count = 0
  }

  private let database: Database
  private let starts: RunStarts?
  private let state = Mutex(State())

  /// - Parameter starts: those of the process's worker, if it has one.
  public init(_ database: Database, starts: RunStarts? = nil) {
    self.database = database
    self.starts = starts
  }

  /// Accepts a run of a stored version. Nil when there is none, or no such flow that may run.
  func accept(_ new: ExecutionStore.NewRun) async throws -> Acceptance? {
    let flow = Flow(organization: new.run.organizationID, id: new.flowID)
    let companion = TransactionCompanions.current.flatMap { $0.isWaiting ? $0 : nil }
    return try await withUnsafeContinuation { answer in
      let waiting = Waiting(new: new, companion: companion, answer: answer)
      let isFirst = state.withLock { state -> Bool? in
        guard state.count < RunIntake.maximumWaiting else { return nil }
        state.count += 1
        defer { state.waiting[flow, default: []].append(waiting) }
        return state.waiting[flow] == nil
      }
      guard let isFirst else { return answer.resume(returning: .failure(PostgresError(.queueFull))) }
      // Not a child: nobody's cancellation or companion is that of the others.
      if isFirst { Task.detached { await self.work(flow) } }
    }.get()
  }

  /// Sends transactions of a flow until none of its runs waits.
  private func work(_ flow: Flow) async {
    while let batch = takeBatch(flow) {
      do {
        let accepted = try await store(batch)
        for waiting in batch { waiting.answer.resume(returning: .success(accepted[waiting.new.run.runID])) }
      } catch {
        await storeEach(batch, after: error)
      }
    }
  }

  /// Nil when none waits: the flow is forgotten.
  private func takeBatch(_ flow: Flow) -> [Waiting]? {
    state.withLock { state in
      guard let waiting = state.waiting[flow], !waiting.isEmpty else {
        state.waiting[flow] = nil
        return nil
      }
      let batch = Array(waiting.prefix(RunIntake.maximumRuns))
      state.waiting[flow]?.removeFirst(batch.count)
      state.count -= batch.count
      return batch
    }
  }

  /// The runs that were accepted, and how; those that this process's worker owns are on their way to it.
  private func store(_ batch: [Waiting]) async throws -> [Identifier: Acceptance] {
    let owner = starts?.reserve(batch.count)
    var started: [RunStarts.Accepted] = []
    defer { if owner != nil { starts?.settle(batch.count, started) } }
    let rows = try await store(batch, owner: owner)
    let inputs = Dictionary(
      batch.map { ($0.new.run.runID, $0.new) }, uniquingKeysWith: { first, _ in first })
    var accepted: [Identifier: Acceptance] = [:]
    // Where they cannot be read a run is not started at once: a heartbeat gives it back.
    let surroundings = rows.rowCount == 0 ? nil : try? RunSurroundings(rows, 0, column: 3)
    for row in 0..<rows.rowCount {
      guard let id = rows.uuid(row, 0)?.identifier, let version = rows.uuid(row, 1)?.identifier,
        let isStarted = rows.bool(row, 2), let new = inputs[id]
      else { continue }
      accepted[id] = isStarted ? .started : .queued
      guard isStarted, let surroundings else { continue }
      started.append(
        RunStarts.Accepted(
          run: new.run, versionID: version, input: new.input, triggerNodeID: new.triggerNodeID,
          surroundings: surroundings))
    }
    return accepted
  }

  /// The rows of `ExecutionSQL.enqueueMany`, committed.
  private func store(_ batch: [Waiting], owner: Identifier?) async throws -> RowBatch {
    let parameters = ExecutionStore.parameters(batch.map(\.new), owner: owner)
    guard batch.count > 1, batch.contains(where: { $0.companion != nil }) else {
      // One statement commits by itself, with the companion of its only run.
      return try await TransactionCompanions.$current.withValue(batch.first?.companion) {
        try await database.execute(ExecutionSQL.enqueueMany, parameters)
      }
    }
    let (rows, accepted) = try await database.transaction { transaction in
      for waiting in batch { waiting.companion?.begin(transaction) }
      let rows = try await transaction.execute(ExecutionSQL.enqueueMany, parameters)
      let accepted = Set((0..<rows.rowCount).compactMap { rows.uuid($0, 0)?.identifier })
      for waiting in batch where accepted.contains(waiting.new.run.runID) {
        try await waiting.companion?.end(transaction)
      }
      return (rows, accepted)
    }
    for waiting in batch where accepted.contains(waiting.new.run.runID) { waiting.companion?.commit() }
    return rows
  }

  /// What one of them brought to fail must not fail the others. What may have happened is not done again.
  private func storeEach(_ batch: [Waiting], after error: any Error) async {
    let isUndone = (error as? PostgresError)?.isUndone ?? true
    guard isUndone, batch.count > 1 else {
      for waiting in batch { waiting.answer.resume(returning: .failure(error)) }
      return
    }
    for waiting in batch {
      do {
        let accepted = try await store([waiting])
        waiting.answer.resume(returning: .success(accepted[waiting.new.run.runID]))
      } catch {
        waiting.answer.resume(returning: .failure(error))
      }
    }
  }
}
