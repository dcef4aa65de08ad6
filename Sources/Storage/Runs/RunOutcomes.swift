import Flows
import Postgres
import Synchronization

/// Waits for the ends of runs, or of one of their nodes, for those who answer with them.
///
/// What this process stores of a run says itself how it ended. For runs that others drive hints say which to
/// look at; one statement looks at all of them. Behind the hints stands a poll. The lock protects the state.
public final class RunOutcomes: Sendable {
  /// How a run, or the node of it that was asked for, ended.
  public enum Outcome: Sendable, Equatable {
    /// What it gave, as JSON.
    case output(String)
    /// The run has ended, and the node has given nothing.
    case nothing
    /// `success`, `failure` or `cancelled`, with the error as JSON.
    case failed(error: String?)
  }

  private struct Waiter {
    var node: Identifier?
    var deadline: ContinuousClock.Instant
    var continuation: CheckedContinuation<Outcome?, Never>?
    var outcome: Outcome?
  }

  private struct State {
    var waiters: [RunReference: [UInt64: Waiter]] = [:]
    var changed: Set<RunReference> = []
    var nextID: UInt64 = 0
    var isLooking = false
    var isTicking = false
  }

  /// A place among those who wait; taken before the run is stored, so that nothing is missed.
  public struct Place: Sendable {
    fileprivate let run: RunReference
    fileprivate let id: UInt64
  }

  /// How long the hints are trusted.
  static let poll = Duration.milliseconds(500)
  /// How exactly deadlines are kept.
  static let tick = Duration.milliseconds(50)

  private let database: Database
  private let state = Mutex(State())

  public init(_ database: Database, hub: RunEventHub) {
    self.database = database
    hub.observe { [weak self] run in self?.hint(run) }
    hub.observeTransitions { [weak self] run, transition in self?.stored(transition, of: run) }
  }

  /// Begins to wait; `outcome(of:)` or `leave` must follow.
  public func take(_ run: RunReference, node: Identifier?, timeout: Duration) -> Place {
    let (place, mustTick) = state.withLock { state in
      state.nextID += 1
      state.waiters[run, default: [:]][state.nextID] = Waiter(node: node, deadline: .now + timeout)
      defer { state.isTicking = true }
      return (Place(run: run, id: state.nextID), !state.isTicking)
    }
    if mustTick { startTicking() }
    return place
  }

  /// The outcome, once the run is stored; nil when the time is up, the task is cancelled or the place given
  /// up.
  ///
  /// - Parameter isNew: whether the place was taken before the run was stored. Of another one the end may
  ///   have been told before anybody waited for it.
  public func outcome(of place: Place, isNew: Bool) async -> Outcome? {
    defer { leave(place) }
    if !isNew { hint(place.run) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Outcome?? = state.withLock { state in
          guard var waiter = state.waiters[place.run]?[place.id], !Task.isCancelled else { return .some(nil) }
          if let outcome = waiter.outcome { return outcome }
          waiter.continuation = continuation
          state.waiters[place.run]?[place.id] = waiter
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      giveUp(place)
    }
  }

  /// Ends the wait for an outcome: there is none.
  public func giveUp(_ place: Place) {
    let waiter = state.withLock { $0.waiters[place.run]?.removeValue(forKey: place.id) }
    waiter?.continuation?.resume(returning: nil)
  }

  /// Waits no longer.
  public func leave(_ place: Place) {
    state.withLock { state in
      _ = state.waiters[place.run]?.removeValue(forKey: place.id)
      if state.waiters[place.run]?.isEmpty ?? false { state.waiters[place.run] = nil }
    }
  }

  // MARK: Looking

  /// A transition of a run was stored by this process.
  private func stored(_ transition: RunTransition, of run: RunReference) {
    let nodes = state.withLock { state in state.waiters[run]?.mapValues(\.node) ?? [:] }
    for (id, node) in nodes {
      if let outcome = Outcome(transition, node: node) { tell(run, id, outcome) }
    }
  }

  private func hint(_ run: RunReference) {
    let mustLook = state.withLock { state in
      guard let waiters = state.waiters[run], waiters.values.contains(where: { $0.outcome == nil }) else {
        return false
      }
      state.changed.insert(run)
      defer { state.isLooking = true }
      return !state.isLooking
    }
    if mustLook { Task { await look() } }
  }

  /// Looks until nobody has asked for more meanwhile.
  private func look() async {
    while true {
      let runs = state.withLock { state -> [RunReference] in
        defer { state.changed = [] }
        if state.changed.isEmpty { state.isLooking = false }
        return Array(state.changed)
      }
      guard !runs.isEmpty else { return }
      await look(at: runs)
    }
  }

  private func look(at runs: [RunReference]) async {
    let asked = state.withLock { state in
      runs.flatMap { run in (state.waiters[run] ?? [:]).map { (run, $0.key, $0.value.node) } }
    }
    guard !asked.isEmpty else { return }
    let parameters = Parameters {
      $0.uuids(asked.map(\.0.organizationID.uuid))
      $0.uuids(asked.map(\.0.runID.uuid))
      $0.uuids(asked.map { $0.2?.uuid })
    }
    // When the database is away the next poll finds out.
    guard let rows = try? await database.query(RunOutcomes.ends, parameters) else { return }
    for row in 0..<rows.rowCount {
      guard let place = rows.int8(row, 0), asked.indices.contains(Int(place) - 1),
        let outcome = RunOutcomes.outcome(rows, row)
      else { continue }
      let (run, id, _) = asked[Int(place) - 1]
      tell(run, id, outcome)
    }
  }

  /// The first who tells it is believed: who looked at the run meanwhile has the same as Postgres writes it.
  private func tell(_ run: RunReference, _ id: UInt64, _ outcome: Outcome?) {
    let continuation = state.withLock { state -> CheckedContinuation<Outcome?, Never>? in
      guard let waiter = state.waiters[run]?[id], waiter.outcome == nil else { return nil }
      state.waiters[run]?[id]?.continuation = nil
      state.waiters[run]?[id]?.outcome = outcome
      return waiter.continuation
    }
    continuation?.resume(returning: outcome)
  }

  private static func outcome(_ rows: RowBatch, _ row: Int) -> Outcome? {
    guard let state = rows.string(row, 1).flatMap(RunState.init(rawValue:)) else { return nil }
    let isNode = rows.bool(row, 4) ?? false
    if isNode {
      if rows.string(row, 5) == "success" { return .output(rows.jsonText(row, 6) ?? "null") }
      guard state.isFinal else { return nil }
      return state == .success ? .nothing : .failed(error: rows.jsonText(row, 3))
    }
    guard state.isFinal else { return nil }
    return state == .success
      ? .output(rows.jsonText(row, 2) ?? "null") : .failed(error: rows.jsonText(row, 3))
  }

  // MARK: Time

  /// Ends waits whose time is up and polls, while somebody waits.
  private func startTicking() {
    Task { [weak self] in
      var lastPoll = ContinuousClock.now
      while let self, self.keepTicking() {
        try? await Task.sleep(for: RunOutcomes.tick)
        let now = ContinuousClock.now
        self.endOverdue(now)
        if now - lastPoll >= RunOutcomes.poll {
          lastPoll = now
          for run in self.state.withLock({ Array($0.waiters.keys) }) { self.hint(run) }
        }
      }
    }
  }

  private func keepTicking() -> Bool {
    state.withLock { state in
      if state.waiters.isEmpty { state.isTicking = false }
      return state.isTicking
    }
  }

  private func endOverdue(_ now: ContinuousClock.Instant) {
    let overdue = state.withLock { state in
      state.waiters.flatMap { run, waiters in
        waiters.filter { $0.value.deadline <= now && $0.value.continuation != nil }.map { (run, $0.key) }
      }
    }
    for (run, id) in overdue { tell(run, id, nil) }
  }

  /// Result: place, the run's status, result and error; whether a node is asked for, its status and output.
  private static let ends = Statement(
    "run_outcomes",
    """
    SELECT k.place, e.status, e.result, e.error, k.node_id IS NOT NULL, n.status, n.output \
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS k (organization_id, id, node_id, place) \
    JOIN execution_logs e ON e.organization_id = k.organization_id AND e.id = k.id \
    LEFT JOIN node_execution_logs n ON n.organization_id = k.organization_id AND n.execution_id = k.id \
    AND n.node_id = k.node_id \
    WHERE e.status IN ('success', 'failure', 'cancelled') OR n.status = 'success'
    """,
    [.uuidArray, .uuidArray, .uuidArray])
}

extension RunOutcomes.Outcome {
  /// What a transition says about the end of its run, or of one of its nodes; nil when it says nothing.
  fileprivate init?(_ transition: RunTransition, node: Identifier?) {
    if let node {
      guard let row = transition.nodeRuns.first(where: { $0.nodeID == node && $0.state == .success }) else {
        return nil
      }
      self = .output(row.output?.text() ?? "null")
      return
    }
    guard transition.state.isFinal else { return nil }
    self =
      transition.state == .success
      ? .output(transition.output?.text() ?? "null") : .failed(error: transition.error?.encoded().text())
  }
}
