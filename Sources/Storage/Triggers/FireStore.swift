import Flows
import Postgres

/// The instants at which schedules are due: rows, one for each schedule and instant, so that no instant is
/// fired twice whatever dies. An instant, its run and the next instant are one transaction.
public struct FireStore: Sendable {
  let database: Database
  /// Stands for Postgres's time in tests.
  private let fixedNow: Instant?

  public init(_ database: Database, now: Instant? = nil) {
    self.database = database
    fixedNow = now
  }

  /// A schedule's instant, and when it is fired.
  public struct Fire: Sendable, Equatable {
    public var at: Instant
    public var due: Instant

    public init(at: Instant, due: Instant) {
      self.at = at
      self.due = due
    }
  }

  /// An instant that is due, as the transaction that settles it sees it.
  public struct DueFire: Sendable {
    public var key: TriggerReference
    public var at: Instant
    public var now: Instant
    public var config: JSONValue
    public var nodeKey: String?
    public var flowID: Identifier
    /// Whether it waits because a run was not over; then it is not late.
    public var isQueued: Bool
    /// Whether flow and trigger are active.
    public var isActive: Bool
    /// Whether the flow has not the node at which runs of the trigger begin.
    public var isNodeMissing: Bool
  }

  /// What becomes of an instant.
  public struct Decision: Sendable {
    public enum Verdict: Sendable, Equatable {
      /// A run begins, if the overlap policy lets it.
      case fire(ScheduleTrigger.Overlap, input: JSONValue)
      /// It is too late for it, or nothing is there to begin with.
      case miss
      /// It does not count, as when the flow is not active.
      case forget
    }

    public var verdict: Verdict
    public var next: Fire?

    public init(_ verdict: Verdict, next: Fire?) {
      self.verdict = verdict
      self.next = next
    }
  }

  /// What became of it.
  public enum Settled: Sendable, Equatable {
    case fired(RunReference, cancelled: [RunReference])
    case skipped, missed, forgotten
    /// It waits for a run to end.
    case postponed
  }

  /// Takes the longest due instant that nobody else works at and settles it.
  /// - Parameter decide: says what becomes of it.
  /// - Returns: nil when nothing is due.
  /// - Throws: what `decide` throws or the database; then the instant is postponed by a minute, so that it
  ///   does not keep the others waiting.
  public func settleNext(
    runID: Identifier, _ decide: @Sendable (DueFire) throws -> Decision
  ) async throws -> Settled? {
    for _ in 1...3 {
      do {
        return try await settle(runID, decide)
      } catch let missing as MissingVersion {
        // The instant stays due.
        try await missing.store(in: database, newID: runID)
      }
    }
    return nil
  }

  /// What there is to do.
  public struct Agenda: Sendable, Equatable {
    /// Until the next instant is due, by Postgres's clock; nil when none waits.
    public var microsecondsUntilFire: Int64?
    /// Whether runs have ended that start others.
    public var hasFlowEvents: Bool
  }

  public func agenda() async throws -> Agenda {
    let rows = try await database.query(FireSQL.agenda)
    return Agenda(microsecondsUntilFire: rows.int8(0, 0), hasFlowEvents: rows.bool(0, 1) ?? false)
  }

  private func settle(
    _ runID: Identifier, _ decide: @Sendable (DueFire) throws -> Decision
  ) async throws -> Settled? {
    var taken: DueFire?
    do {
      return try await database.transaction { transaction in
        let now = Parameters { $0.timestamptz(microseconds: fixedNow?.microseconds) }
        let rows = try await transaction.execute(FireSQL.take, now)
        guard rows.rowCount == 1, let fire = try DueFire(rows) else { return nil }
        taken = fire
        let decision = try decide(fire)
        let settling = Settling(transaction: transaction, fire: fire, runID: runID)
        let settled = try await settling.settle(decision.verdict)
        // Behind one that waited the next one is there already.
        let isFollowed = fire.isQueued ? try await settling.hasNext() : false
        if !isFollowed { try await settling.insert(decision.next) }
        return settled
      }
    } catch let missing as MissingVersion {
      throw missing
    } catch {
      // It must not keep the others waiting.
      if let taken {
        let later = FireStore.postponement(taken, milliseconds: 60_000)
        _ = try? await database.execute(FireSQL.postpone, later)
      }
      throw error
    }
  }

  fileprivate static func key(_ fire: DueFire) -> Parameters {
    Parameters {
      $0.uuid(fire.key.organizationID.uuid)
      $0.uuid(fire.key.triggerID.uuid)
      $0.timestamptz(microseconds: fire.at.microseconds)
    }
  }

  fileprivate static func postponement(_ fire: DueFire, milliseconds: Int64) -> Parameters {
    var parameters = key(fire)
    parameters.int8(milliseconds)
    return parameters
  }

  /// One transaction's work at an instant.
  private struct Settling {
    let transaction: Transaction
    let fire: DueFire
    let runID: Identifier

    func settle(_ verdict: Decision.Verdict) async throws -> Settled {
      switch verdict {
      case .forget:
        try await transaction.execute(FireSQL.forget, key)
        return .forgotten
      case .miss:
        try await end("missed", run: nil)
        return .missed
      case .fire(let overlap, let input): return try await begin(overlap, input)
      }
    }

    private var key: Parameters { FireStore.key(fire) }

    private func begin(_ overlap: ScheduleTrigger.Overlap, _ input: JSONValue) async throws -> Settled {
      let open = overlap == .allow ? [] : try await openRuns()
      var cancelled: [RunReference] = []
      switch overlap {
      case .allow: break
      case .skip:
        guard open.isEmpty else {
          try await end("skipped", run: nil)
          return .skipped
        }
      case .queue:
        let place = try await transaction.query(FireSQL.place, key)
        let (before, waiting) = (place.int(0, 0) ?? 0, place.int(0, 1) ?? 0)
        guard open.isEmpty, before == 0 else {
          guard waiting <= ScheduleTrigger.maximumQueue else {
            try await end("skipped", run: nil)
            return .skipped
          }
          try await transaction.execute(FireSQL.postpone, FireStore.postponement(fire, milliseconds: 1000))
          return .postponed
        }
      case .cancel:
        for run in open {
          let key = keyParameters(run.organizationID, [run.runID])
          try await transaction.execute(ExecutionSQL.requestCancel, key)
        }
        cancelled = open
      }
      let run = RunReference(organizationID: fire.key.organizationID, runID: runID)
      let triggered = TriggeredRun(
        run: run, flowID: fire.flowID, nodeKey: fire.nodeKey, input: input.text())
      try await triggered.insert(transaction)
      try await end("fired", run: runID)
      return .fired(run, cancelled: cancelled)
    }

    /// Runs of this schedule that are not over.
    private func openRuns() async throws -> [RunReference] {
      let rows = try await transaction.execute(FireSQL.openRuns, key)
      return (0..<rows.rowCount).compactMap { row in
        rows.uuid(row, 0).map {
          RunReference(organizationID: fire.key.organizationID, runID: $0.identifier)
        }
      }
    }

    private func end(_ status: String, run: Identifier?) async throws {
      let parameters = Parameters {
        $0.uuid(fire.key.organizationID.uuid)
        $0.uuid(fire.key.triggerID.uuid)
        $0.timestamptz(microseconds: fire.at.microseconds)
        $0.text(status)
        $0.uuid(run?.uuid)
      }
      try await transaction.execute(FireSQL.end, parameters)
    }

    /// Whether there is an instant behind this one already.
    func hasNext() async throws -> Bool {
      try await transaction.query(FireSQL.hasNext, key).rowCount == 1
    }

    func insert(_ next: Fire?) async throws {
      try await FireStore.insert(next, of: fire.key, transaction)
    }
  }

  /// Stores the instant that is next; nil when there is none any more.
  static nonisolated(nonsending) func insert(
    _ next: Fire?, of key: TriggerReference, _ transaction: Transaction
  ) async throws {
    let parameters = Parameters {
      $0.uuid(key.organizationID.uuid)
      $0.uuid(key.triggerID.uuid)
      $0.timestamptz(microseconds: next?.at.microseconds)
      $0.timestamptz(microseconds: next?.due.microseconds)
    }
    try await transaction.execute(FireSQL.insert, parameters)
  }

  /// Deletes instants that were settled so many days ago, a thousand at a time.
  /// - Returns: how many.
  @discardableResult
  public func prune(days: Int) async throws -> Int {
    let parameters = Parameters { $0.int4(Int32(clamping: days)) }
    var count = 0
    while true {
      let pruned = try await database.execute(FireSQL.prune, parameters).rowCount
      count += pruned
      if pruned < FireSQL.pruneBatch { return count }
    }
  }
}

extension FireStore.DueFire {
  /// A row of `FireSQL.take`.
  fileprivate init?(_ rows: RowBatch) throws {
    guard let organization = rows.uuid(0, 0), let trigger = rows.uuid(0, 1), let at = rows.instant(0, 2),
      let now = rows.instant(0, 3), let config = rows.jsonBytes(0, 4), let flow = rows.uuid(0, 6)
    else { return nil }
    key = TriggerReference(organizationID: organization.identifier, triggerID: trigger.identifier)
    self.at = at
    self.now = now
    self.config = try JSONValue(parsing: config)
    nodeKey = rows.string(0, 5)
    flowID = flow.identifier
    isQueued = rows.bool(0, 7) ?? false
    isActive = rows.bool(0, 8) ?? false
    isNodeMissing = rows.bool(0, 9) ?? false
  }
}

/// The statements of `FireStore`.
enum FireSQL {
  static let pruneBatch = 1000

  /// Locks the instant, its trigger and its flow, or leaves it to the next time: whoever changes one of those
  /// waits for this transaction, which waits for nobody.
  static let take = Statement(
    "take_fire",
    """
    SELECT r.organization_id, r.trigger_id, r.fire_at, coalesce($1, now()), t.config, t.node_key, t.flow_id, \
    r.is_queued, t.is_enabled AND f.status = 'active', t.node_key IS NOT NULL \
    AND \(FlowVersions.triggerNode(key: "t.node_key")) IS NULL FROM trigger_fires r \
    JOIN flow_triggers t ON t.organization_id = r.organization_id AND t.id = r.trigger_id \
    JOIN automation_flows f ON f.organization_id = t.organization_id AND f.id = t.flow_id \
    WHERE r.status = 'waiting' AND r.due_at <= coalesce($1, now()) ORDER BY r.due_at LIMIT 1 \
    FOR NO KEY UPDATE OF r, t, f SKIP LOCKED
    """,
    [.timestamptz])

  static let agenda = Statement(
    "trigger_agenda",
    """
    SELECT (extract(epoch FROM (SELECT min(due_at) FROM trigger_fires WHERE status = 'waiting') - now()) \
    * 1000000)::bigint, \
    EXISTS (SELECT 1 FROM trigger_events WHERE status = 'waiting' AND due_at <= now())
    """)

  static let postpone = Statement(
    "postpone_fire",
    """
    UPDATE trigger_fires SET due_at = greatest(due_at, now()) + $4 * interval '1 millisecond', \
    is_queued = true \
    WHERE organization_id = $1 AND trigger_id = $2 AND fire_at = $3
    """,
    [.uuid, .uuid, .timestamptz, .int8])

  static let forget = Statement(
    "forget_fire",
    """
    DELETE FROM trigger_fires WHERE organization_id = $1 AND trigger_id = $2 AND fire_at = $3
    """,
    [.uuid, .uuid, .timestamptz])

  static let end = Statement(
    "end_fire",
    """
    WITH fire AS (
      UPDATE trigger_fires SET status = $4, execution_id = $5, is_open = $5 IS NOT NULL, settled_at = now() \
    WHERE organization_id = $1 AND trigger_id = $2 AND fire_at = $3
    )
    UPDATE flow_triggers SET last_fired_at = now() \
    WHERE organization_id = $1 AND id = $2 AND $5::uuid IS NOT NULL
    """,
    [.uuid, .uuid, .timestamptz, .text, .uuid])

  /// The runs of a schedule that are in the queue yet; what is over is not looked at again.
  static let openRuns = Statement(
    "open_runs_of_trigger",
    """
    WITH open AS (
      SELECT r.fire_at, r.execution_id, q.execution_id IS NOT NULL AS is_open FROM trigger_fires r \
    LEFT JOIN execution_queue q ON q.organization_id = r.organization_id AND q.execution_id = r.execution_id \
    WHERE r.organization_id = $1 AND r.trigger_id = $2 AND r.is_open
    ), closed AS (
      UPDATE trigger_fires r SET is_open = false FROM open WHERE r.organization_id = $1 \
    AND r.trigger_id = $2 AND r.fire_at = open.fire_at AND NOT open.is_open AND r.fire_at <> $3
    )
    SELECT execution_id FROM open WHERE is_open
    """,
    [.uuid, .uuid, .timestamptz])

  /// How many instants of the schedule wait before this one, and how many wait at all.
  static let place = Statement(
    "place_of_fire",
    """
    SELECT count(*) FILTER (WHERE fire_at < $3), count(*) FROM trigger_fires WHERE organization_id = $1 \
    AND trigger_id = $2 AND status = 'waiting'
    """,
    [.uuid, .uuid, .timestamptz])

  static let hasNext = Statement(
    "has_next_fire",
    """
    SELECT 1 FROM trigger_fires WHERE organization_id = $1 AND trigger_id = $2 AND fire_at > $3 \
    AND (status = 'waiting' OR fire_at <= now() + interval '1 day') LIMIT 1
    """,
    [.uuid, .uuid, .timestamptz])

  /// The instant that is next, unless it was there before, and what the trigger shows of it.
  static let insert = Statement(
    "insert_fire",
    """
    WITH fire AS (
      INSERT INTO trigger_fires (organization_id, trigger_id, fire_at, due_at) \
    SELECT $1, $2, $3, $4 WHERE $3::timestamptz IS NOT NULL ON CONFLICT DO NOTHING
    )
    UPDATE flow_triggers SET next_fire_at = $3 WHERE organization_id = $1 AND id = $2
    """,
    [.uuid, .uuid, .timestamptz, .timestamptz])

  /// Now, and the last instant that was settled: the next one lies behind both.
  static let horizon = Statement(
    "fire_horizon",
    """
    SELECT greatest(now(), (SELECT max(fire_at) FROM trigger_fires WHERE organization_id = $1 \
    AND trigger_id = ANY($2) AND status <> 'waiting'))
    """,
    [.uuid, .uuidArray])

  /// What waits, and what was settled by a clock that was more than a day ahead: behind those nothing would
  /// be fired before their time has come. Those whose runs are not over stay: overlap is judged by them.
  static let clear = Statement(
    "clear_fires",
    """
    WITH gone AS (
      DELETE FROM trigger_fires f WHERE organization_id = $1 AND trigger_id = ANY($2) \
    AND (status = 'waiting' OR fire_at > now() + interval '1 day' AND NOT (is_open AND EXISTS (SELECT 1 \
    FROM execution_queue q WHERE q.organization_id = f.organization_id \
    AND q.execution_id = f.execution_id)))
    )
    UPDATE flow_triggers SET next_fire_at = NULL WHERE organization_id = $1 AND id = ANY($2)
    """,
    [.uuid, .uuidArray])

  /// Whether a run is over is known of the queue: `is_open` is only looked at where another run must wait.
  static let prune = Statement(
    "prune_fires",
    """
    DELETE FROM trigger_fires d USING (SELECT organization_id, trigger_id, fire_at FROM trigger_fires f \
    WHERE settled_at < now() - $1 * interval '1 day' AND NOT (is_open AND EXISTS (SELECT 1 \
    FROM execution_queue q WHERE q.organization_id = f.organization_id \
    AND q.execution_id = f.execution_id)) ORDER BY settled_at LIMIT \(pruneBatch)) old WHERE d.organization_id = old.organization_id \
    AND d.trigger_id = old.trigger_id AND d.fire_at = old.fire_at RETURNING d.fire_at
    """,
    [.int4])
}
