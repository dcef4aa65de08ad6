import Flows
import Logging
import Postgres
import Storage
import Synchronization

/// Puts mutations into the audit log that were refused for lack of a role or a scope: so few of them that
/// nobody fills the disk by being refused.
///
/// One for a process, shared by all its requests; the lock protects the state. Events are stored beside the
/// requests, by one task at a time.
public final class RefusalLog: Sendable {
  /// How many events a process stores in a period; what is above is only counted.
  public struct Bounds: Sendable {
    public var perUser = 20
    public var perOrganization = 100
    public var period: Duration = .seconds(3600)
    /// Users and organizations that are counted at once.
    public var accounts = 20_000
    /// Events that wait to be stored.
    public var waiting = 500

    public init() {}
  }

  private enum Account: Hashable {
    case organization(Identifier)
    case user(Identifier, in: Identifier)
  }

  private struct Count {
    var since: ContinuousClock.Instant
    var stored = 0
    /// Refusals since the last event that was stored.
    var leftOut = 0
  }

  private struct State {
    var counts: [Account: Count] = [:]
    var waiting: [AuditTrail] = []
    var writer: Task<Void, Never>?
  }

  private let database: Database
  private let bounds: Bounds
  private let state = Mutex(State())

  public init(_ database: Database, _ bounds: Bounds = Bounds()) {
    self.database = database
    self.bounds = bounds
  }

  /// Notes what was refused to the viewer. The event is stored soon after.
  func note(_ trail: AuditTrail, of viewer: Viewer, _ logger: Logger, at now: ContinuousClock.Instant = .now)
  {
    state.withLock { state in
      guard state.waiting.count < bounds.waiting, let leftOut = admit(viewer, now, &state.counts) else {
        return
      }
      if leftOut > 0 { trail.note(detail: "{\"leftOut\":\(leftOut)}") }
      state.waiting.append(trail)
      // Detached: nothing of the request is for it, not even its transaction.
      if state.writer == nil { state.writer = Task.detached { await self.write(logger) } }
    }
  }

  /// Returns when everything that was noted is stored.
  public func settle() async {
    while let writer = state.withLock({ $0.writer }) { await writer.value }
  }

  /// How many were left out since the last one that was stored; nil when this one is left out too.
  private func admit(
    _ viewer: Viewer, _ now: ContinuousClock.Instant, _ counts: inout [Account: Count]
  ) -> Int? {
    let user = Account.user(viewer.userID, in: viewer.organizationID)
    let organization = Account.organization(viewer.organizationID)
    if counts.count + 2 > bounds.accounts {
      counts = counts.filter { now - $0.value.since < bounds.period }
      guard counts.count + 2 <= bounds.accounts else { return nil }
    }
    var own = current(counts[user], now)
    var all = current(counts[organization], now)
    let leftOut = own.leftOut
    let isStored = own.stored < bounds.perUser && all.stored < bounds.perOrganization
    own.stored += isStored ? 1 : 0
    all.stored += isStored ? 1 : 0
    own.leftOut = isStored ? 0 : leftOut + 1
    counts[user] = own
    counts[organization] = all
    return isStored ? leftOut : nil
  }

  /// The count of this period.
  private func current(_ count: Count?, _ now: ContinuousClock.Instant) -> Count {
    guard let count else { return Count(since: now) }
    return now - count.since < bounds.period ? count : Count(since: now, leftOut: count.leftOut)
  }

  private func write(_ logger: Logger) async {
    while let trail = next() {
      do {
        try await trail.store(in: database, outcome: "refused")
      } catch {
        logger.error("An event of the audit log could not be stored", metadata: ["error": "\(error)"])
      }
    }
  }

  /// The event that has waited longest; without one the writer is done.
  private func next() -> AuditTrail? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.writer = nil
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
