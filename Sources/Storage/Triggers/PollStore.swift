import Flows
import Postgres

/// Triggers that ask their services: which is due, how far each has come, and what was found. What a poll
/// found, its runs and how far it has come are one transaction; only who took the poll last commits it.
public struct PollStore: Sendable {
  /// Things that a trigger remembers, so that none starts a second run; the oldest are forgotten first, but
  /// none that the service still shows.
  public static let maximumRemembered = 10_000

  let database: Database

  public init(_ database: Database) { self.database = database }

  /// A poll that the caller may make until its lease ends. Another may then make it too; only one is stored.
  public struct Claim: Sendable {
    public var key: TriggerReference
    public var epoch: Int64
    public var config: JSONValue
    public var integrationID: Identifier
    /// How far the trigger has come; nil before its first poll.
    public var state: JSONValue?
    public var failures: Int
    /// Whether the flow takes runs.
    public var isFlowActive: Bool
    /// Postgres's time.
    public var now: Instant
  }

  /// What a poll has come to.
  public struct Finding: Sendable {
    /// Something that starts a run.
    public struct Item: Sendable {
      public var key: String
      public var deliveryID: Identifier
      public var runID: Identifier
      /// The run's input, JSON.
      public var input: String

      public init(key: String, deliveryID: Identifier, runID: Identifier, input: String) {
        self.key = key
        self.deliveryID = deliveryID
        self.runID = runID
        self.input = input
      }
    }

    public var items: [Item]
    /// The keys of what is remembered without a run.
    public var remembered: [String]
    /// Keys that the service shows: none of them is forgotten.
    public var shown: [String]
    /// Whether other polls show the rest of what the service has: what this one shows is kept for them too.
    public var isPart = false
    public var state: JSONValue
    public var nextMilliseconds: Int64

    public init(
      items: [Item], remembered: [String], shown: [String], state: JSONValue, nextMilliseconds: Int64
    ) {
      self.items = items
      self.remembered = remembered
      self.shown = shown
      self.state = state
      self.nextMilliseconds = nextMilliseconds
    }
  }

  /// A poll that has failed.
  public struct Failure: Sendable {
    /// For people, without secrets.
    public var message: String
    /// Whether it counts among the failures in a row; a limit that is used up does not.
    public var counts: Bool
    /// Where it has come to instead; nil leaves it.
    public var state: JSONValue?
    public var nextMilliseconds: Int64

    public init(_ message: String, counts: Bool, state: JSONValue?, nextMilliseconds: Int64) {
      self.message = message
      self.counts = counts
      self.state = state
      self.nextMilliseconds = nextMilliseconds
    }
  }

  /// Why a finding is not stored.
  public enum Refusal: Error, Sendable {
    /// Somebody else has taken the poll, or the trigger was changed.
    case superseded
    /// The trigger or its flow is not as the receiver says: read it again.
    case stale
  }

  /// Takes polls that are due and that nobody holds, the longest due first.
  public func claim(limit: Int, leaseMilliseconds: Int64) async throws -> [Claim] {
    let parameters = Parameters {
      $0.int4(Int32(clamping: limit))
      $0.int8(leaseMilliseconds)
    }
    let rows = try await database.execute(PollSQL.claim, parameters)
    return try (0..<rows.rowCount).compactMap { try Claim(rows, $0) }
  }

  /// Those of the keys that the trigger has found before.
  public func known(_ keys: [String], of key: TriggerReference) async throws -> Set<String> {
    let rows = try await database.query(PollSQL.known, PollStore.parameters(key, keys))
    return Set((0..<rows.rowCount).compactMap { rows.string($0, 0) })
  }

  /// Stores what a poll has found, starts its runs, and says when the next one is due.
  /// - Parameter receiver: the trigger and its flow as they are now; needed when there are items.
  /// - Returns: the runs.
  /// - Throws: `Refusal`; then nothing is stored.
  public func settle(
    _ claim: Claim, _ finding: Finding, _ receiver: ReceivedStore.Receiver?
  ) async throws -> [RunReference] {
    try await database.transaction { transaction in
      let state = PollStore.outcome(claim, finding.state, nil, finding.nextMilliseconds)
      guard try await transaction.execute(PollSQL.settle, state).rowCount == 1 else {
        throw Refusal.superseded
      }
      if finding.isPart {
        try await transaction.execute(PollSQL.touch, PollStore.parameters(claim.key, finding.shown.sorted()))
      }
      guard !finding.items.isEmpty || !finding.remembered.isEmpty else { return [] }
      // In one order for all, so that no two wait for one another.
      let keys = (finding.items.map(\.key) + finding.remembered).sorted()
      let rows = try await transaction.execute(PollSQL.remember, PollStore.parameters(claim.key, keys))
      let new = Set((0..<rows.rowCount).compactMap { rows.string($0, 0) })
      let runs = try await start(finding.items.filter { new.contains($0.key) }, receiver, transaction)
      try await transaction.execute(PollSQL.forget, PollStore.parameters(claim.key, finding.shown))
      return runs
    }
  }

  private nonisolated(nonsending) func start(
    _ items: [Finding.Item], _ receiver: ReceivedStore.Receiver?, _ transaction: Transaction
  ) async throws -> [RunReference] {
    guard !items.isEmpty else { return [] }
    guard let receiver, let version = receiver.versionID, !receiver.isNodeMissing else { throw Refusal.stale }
    let arrivals = items.map { item in
      var arrival = ReceivedStore.Arrival(
        receiver: receiver, version: version, deliveryID: item.deliveryID, runID: item.runID,
        input: item.input)
      arrival.deliveryKey = item.key
      return arrival
    }
    let rows = try await transaction.execute(
      ReceivedSQL.accept(isNoted: true), ReceivedStore.parameters(arrivals))
    let outcomes = ReceivedStore.read(rows, of: arrivals).outcomes
    return try zip(arrivals, outcomes).compactMap { arrival, outcome in
      switch outcome {
      case .stored:
        RunReference(organizationID: receiver.key.organizationID, runID: arrival.runID)
      case .duplicate: nil
      case .stale, .undecided: throw Refusal.stale
      }
    }
  }

  /// Stores that a poll has failed; false when somebody else has taken it.
  @discardableResult
  public func fail(_ claim: Claim, _ failure: Failure) async throws -> Bool {
    let message = String(failure.message.unicodeScalars.filter { $0 != "\0" }.prefix(500).map(Character.init))
    var parameters = PollStore.outcome(claim, failure.state, message, failure.nextMilliseconds)
    parameters.bool(failure.counts)
    return try await database.execute(PollSQL.fail, parameters).rowCount == 1
  }

  /// Keeps a poll for the caller; false when somebody else has taken it.
  public func renew(_ claim: Claim, leaseMilliseconds: Int64) async throws -> Bool {
    let parameters = Parameters {
      $0.uuid(claim.key.organizationID.uuid)
      $0.uuid(claim.key.triggerID.uuid)
      $0.int8(claim.epoch)
      $0.int8(leaseMilliseconds)
    }
    return try await database.execute(PollSQL.renew, parameters).rowCount == 1
  }

  /// Lets a poll that was not made be made by somebody else, now.
  public func release(_ claim: Claim) async throws {
    let parameters = Parameters {
      $0.uuid(claim.key.organizationID.uuid)
      $0.uuid(claim.key.triggerID.uuid)
      $0.int8(claim.epoch)
    }
    try await database.execute(PollSQL.release, parameters)
  }

  private static func parameters(_ key: TriggerReference, _ keys: [String]) -> Parameters {
    Parameters {
      $0.uuid(key.organizationID.uuid)
      $0.uuid(key.triggerID.uuid)
      $0.texts(keys)
    }
  }

  private static func outcome(
    _ claim: Claim, _ state: JSONValue?, _ error: String?, _ nextMilliseconds: Int64
  ) -> Parameters {
    Parameters {
      $0.uuid(claim.key.organizationID.uuid)
      $0.uuid(claim.key.triggerID.uuid)
      $0.int8(claim.epoch)
      $0.jsonb(state?.text())
      $0.text(error)
      $0.int8(nextMilliseconds)
    }
  }
}

extension PollStore.Claim {
  /// A row of `PollSQL.claim`.
  fileprivate init?(_ rows: RowBatch, _ row: Int) throws {
    guard let organization = rows.uuid(row, 0), let trigger = rows.uuid(row, 1),
      let epoch = rows.int8(row, 2), let config = rows.jsonBytes(row, 3),
      let integration = rows.uuid(row, 4), let now = rows.instant(row, 8)
    else { return nil }
    key = TriggerReference(organizationID: organization.identifier, triggerID: trigger.identifier)
    self.epoch = epoch
    self.config = try JSONValue(parsing: config)
    integrationID = integration.identifier
    state = try rows.jsonBytes(row, 5).map { try JSONValue(parsing: $0) }
    failures = rows.int(row, 6) ?? 0
    isFlowActive = rows.bool(row, 7) ?? false
    self.now = now
  }
}

/// The statements of `PollStore`.
enum PollSQL {
  /// What is locked is read once: a subquery that is joined might be read again, and lock more.
  static let claim = Statement(
    "claim_polls",
    """
    WITH due AS (
      SELECT organization_id, id FROM flow_triggers WHERE poll_due_at <= now() \
    AND (poll_lease_until IS NULL OR poll_lease_until <= now()) ORDER BY poll_due_at LIMIT $1 \
    FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE flow_triggers t SET poll_epoch = t.poll_epoch + 1, \
    poll_lease_until = now() + $2 * interval '1 millisecond' FROM due \
    WHERE t.organization_id = due.organization_id AND t.id = due.id \
    RETURNING t.organization_id, t.id, t.poll_epoch, t.config, t.integration_id, t.poll_state, \
    t.poll_failures, EXISTS (SELECT 1 FROM automation_flows f WHERE f.organization_id = t.organization_id \
    AND f.id = t.flow_id AND f.status = 'active'), now()
    """,
    [.int4, .int8])

  static let known = Statement(
    "known_items",
    """
    SELECT item_key FROM trigger_items WHERE organization_id = $1 AND trigger_id = $2 AND item_key = ANY($3)
    """,
    [.uuid, .uuid, .textArray])

  /// Only for whom the poll is; the row stays locked until the transaction's end. A flow whose trigger does
  /// not fail any more has changed.
  static let settle = Statement(
    "settle_poll",
    """
    WITH former AS (
      SELECT poll_failures FROM flow_triggers WHERE organization_id = $1 AND id = $2
    ), settled AS (
      UPDATE flow_triggers SET poll_state = $4, poll_error = $5, poll_failures = 0, last_polled_at = now(), \
    poll_lease_until = NULL, poll_due_at = now() + $6 * interval '1 millisecond' \
    WHERE organization_id = $1 AND id = $2 AND poll_epoch = $3 AND poll_due_at IS NOT NULL \
    RETURNING id, organization_id, flow_id
    ), streamed AS (
      \(StreamSQL.outbox(trigger: "settled", when: "(SELECT poll_failures >= \(marked) FROM former)"))
    )
    SELECT id FROM settled
    """,
    [.uuid, .uuid, .int8, .jsonb, .text, .int8])

  static let fail = Statement(
    "fail_poll",
    """
    WITH failed AS (
      UPDATE flow_triggers SET poll_state = coalesce($4, poll_state), poll_error = $5, \
    poll_failures = poll_failures + $7::int, last_polled_at = now(), \
    poll_lease_until = NULL, poll_due_at = now() + $6 * interval '1 millisecond' \
    WHERE organization_id = $1 AND id = $2 AND poll_epoch = $3 AND poll_due_at IS NOT NULL \
    RETURNING id, organization_id, flow_id, poll_failures
    ), streamed AS (
      \(StreamSQL.outbox(trigger: "failed", when: "$7 AND g.poll_failures = \(marked)"))
    )
    SELECT id FROM failed
    """,
    [.uuid, .uuid, .int8, .jsonb, .text, .int8, .bool])

  private static let marked = IntegrationTrigger.failuresUntilMarked

  static let renew = Statement(
    "renew_poll",
    """
    UPDATE flow_triggers SET poll_lease_until = now() + $4 * interval '1 millisecond' \
    WHERE organization_id = $1 AND id = $2 AND poll_epoch = $3 RETURNING id
    """,
    [.uuid, .uuid, .int8, .int8])

  static let release = Statement(
    "release_poll",
    """
    UPDATE flow_triggers SET poll_lease_until = NULL WHERE organization_id = $1 AND id = $2 AND poll_epoch = $3
    """,
    [.uuid, .uuid, .int8])

  static let remember = Statement(
    "remember_items",
    """
    INSERT INTO trigger_items (organization_id, trigger_id, item_key) SELECT $1, $2, unnest($3::text[]) \
    ON CONFLICT DO NOTHING RETURNING item_key
    """,
    [.uuid, .uuid, .textArray])

  /// What polls of one walk have seen is not the oldest: another one of them must not forget it.
  static let touch = Statement(
    "touch_items",
    """
    UPDATE trigger_items SET seen_at = now() WHERE organization_id = $1 AND trigger_id = $2 \
    AND item_key = ANY($3) AND seen_at < now() - interval '10 minutes'
    """,
    [.uuid, .uuid, .textArray])

  /// What is beyond the bound, but for what the service still shows.
  static let forget = Statement(
    "forget_items",
    """
    DELETE FROM trigger_items i WHERE i.organization_id = $1 AND i.trigger_id = $2 \
    AND i.seen_at < (SELECT seen_at FROM trigger_items WHERE organization_id = $1 AND trigger_id = $2 \
    ORDER BY seen_at DESC OFFSET \(PollStore.maximumRemembered) LIMIT 1) AND i.item_key <> ALL ($3)
    """,
    [.uuid, .uuid, .textArray])
}
