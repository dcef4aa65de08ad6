import Flows
import Postgres
import Synchronization

/// Gives the events of organizations their numbers: moves them from the outbox to the stream, in batches.
///
/// Any number of processes may do it at once: who numbers an organization's events has its row of
/// `organization_streams` locked. A process does so at once for organizations whose stream it watches, and
/// from time to time for all, so that without subscribers it costs next to nothing. The lock protects the
/// state.
final class EventSequencer: Sendable {
  private struct State {
    /// Organizations to look at, and what to tell when it is done.
    var waiting: [Identifier: [@Sendable () -> Void]] = [:]
    var isWorking = false
  }

  private let database: Database
  private let state = Mutex(State())

  init(_ database: Database) { self.database = database }

  /// An organization may have something in the outbox. `then` is called when it has been looked for, also
  /// when that failed.
  func wake(_ organization: Identifier, then: @escaping @Sendable () -> Void) {
    let mustStart = state.withLock { state in
      state.waiting[organization, default: []].append(then)
      defer { state.isWorking = true }
      return !state.isWorking
    }
    guard mustStart else { return }
    Task {
      while let (organization, thens) = next() {
        // When the database is away the next round or the poll does it.
        try? await sequence(organization)
        for then in thens { then() }
      }
    }
  }

  private func next() -> (Identifier, [@Sendable () -> Void])? {
    state.withLock { state in
      guard let first = state.waiting.popFirst() else {
        state.isWorking = false
        return nil
      }
      return (first.key, first.value)
    }
  }

  /// Numbers what waits in the outbox, of all organizations.
  func sequenceAll() async throws {
    let rows = try await database.query(StreamSQL.waiting)
    for row in 0..<rows.rowCount {
      if let organization = rows.uuid(row, 0) { try await sequence(organization.identifier) }
    }
  }

  /// Numbers what waits in the outbox of an organization, a batch in a transaction.
  func sequence(_ organization: Identifier) async throws {
    while try await moveBatch(organization) {}
  }

  /// Whether there may be more.
  private func moveBatch(_ organization: Identifier) async throws -> Bool {
    let key = Parameters { $0.uuid(organization.uuid) }
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.int4(Int32(StreamSQL.batch))
    }
    return try await database.transaction { transaction in
      if try await transaction.execute(StreamSQL.lock, key).rowCount == 0 {
        try await transaction.execute(StreamSQL.begin, key)
        guard try await transaction.execute(StreamSQL.lock, key).rowCount == 1 else {
          try await transaction.execute(StreamSQL.forget, key)
          return false
        }
      }
      let moved = try await transaction.execute(StreamSQL.move, parameters)
      return moved.int(0, 0) == StreamSQL.batch
    }
  }
}
