import Flows
import Postgres

/// What a service told one process of its limits, for all.
public struct ToldPace: Sendable, Equatable {
  /// Nothing is sent before.
  public var blockedUntil: Instant?
  /// What remained when an answer said so, and when that begins anew.
  public var remaining: Int?
  public var resetsAt: Instant?
  public var toldAt: Instant?

  public init(
    blockedUntil: Instant? = nil, remaining: Int? = nil, resetsAt: Instant? = nil, toldAt: Instant? = nil
  ) {
    self.blockedUntil = blockedUntil
    self.remaining = remaining
    self.resetsAt = resetsAt
    self.toldAt = toldAt
  }

  static let columns = "p.blocked_until, p.remaining, p.resets_at, p.told_at"
  /// The same where nobody asks for it.
  static let unknown = "NULL::timestamptz, NULL::integer, NULL::timestamptz, NULL::timestamptz"

  init(_ rows: RowBatch, _ row: Int, column: Int) {
    self.init(
      blockedUntil: rows.instant(row, column), remaining: rows.int(row, column + 1),
      resetsAt: rows.instant(row, column + 2), toldAt: rows.instant(row, column + 3))
  }
}

/// Calls of an account that one process may make, out of those that its service's documented limits leave to
/// all: until `endsAt`.
public struct CallShare: Sendable, Equatable {
  /// Asks for one.
  public struct Request: Sendable {
    /// Of each limit, in the order of the manifest.
    public var requests: [Int]
    public var seconds: [Int]
    /// Calls that are wanted.
    public var calls: Int
    /// What is left of the share before, which is given back; and its `starts`.
    public var unspent: Int
    public var starts: [Int64]

    public init(requests: [Int], seconds: [Int], calls: Int, unspent: Int = 0, starts: [Int64] = []) {
      self.requests = requests
      self.seconds = seconds
      self.calls = calls
      self.unspent = unspent
      self.starts = starts
    }
  }

  /// 0 when a limit is used up.
  public var calls: Int
  /// When the time of each limit began, in microseconds since 1970.
  public var starts: [Int64]
  /// The first time that ends.
  public var endsAt: Instant
  /// When the last of the limits that are used up begins anew; nil when none is.
  public var fullUntil: Instant?

  public init(calls: Int, starts: [Int64], endsAt: Instant, fullUntil: Instant? = nil) {
    self.calls = calls
    self.starts = starts
    self.endsAt = endsAt
    self.fullUntil = fullUntil
  }
}

// The limits of services, kept by all processes together.
extension IntegrationStore {
  /// Takes a share of an account's calls.
  ///
  /// - Returns: nil when the integration is gone.
  public func takeCalls(
    _ request: CallShare.Request, of id: Identifier, in organization: Identifier
  ) async throws -> CallShare? {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.int4s(request.requests.map { Int32(clamping: $0) })
      $0.int4s(request.seconds.map { Int32(clamping: $0) })
      $0.int4(Int32(clamping: request.calls))
      $0.int4(Int32(clamping: request.unspent))
      $0.int8s(request.starts)
    }
    // No part of what a person asked for: no event of the audit log goes with it.
    let rows = try await TransactionCompanions.$current.withValue(nil) {
      try await database.execute(IntegrationStore.takeShare, parameters)
    }
    guard let calls = rows.int(0, 0), let starts = rows.int8Array(0, 1), let end = rows.instant(0, 2) else {
      return nil
    }
    return CallShare(calls: calls, starts: starts, endsAt: end, fullUntil: rows.instant(0, 3))
  }

  /// Tells all processes what a service told this one. What remains is taken from the last who tells it.
  public func tell(_ told: ToldPace, of id: Identifier, in organization: Identifier) async throws {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(id.uuid)
      $0.timestamptz(microseconds: told.blockedUntil?.microseconds)
      $0.int4(told.remaining.map { Int32(clamping: $0) })
      $0.timestamptz(microseconds: told.resetsAt?.microseconds)
      $0.timestamptz(microseconds: told.toldAt?.microseconds)
    }
    _ = try await TransactionCompanions.$current.withValue(nil) {
      try await database.execute(IntegrationStore.tellPace, parameters)
    }
  }

  /// A process gets what it asks for, but beside the first call no more than a quarter of what is left, so
  /// that others find something too. A limit whose time is over begins anew with the first who asks then.
  private static let takeShare = Statement(
    "take_call_share",
    """
    INSERT INTO call_paces AS p (organization_id, integration_id, starts, counts, granted) \
    SELECT i.organization_id, i.id, s.* FROM integrations i \
    CROSS JOIN LATERAL (\(share(ofStarts: "NULL::bigint[]", counts: "NULL::integer[]"))) s \
    WHERE i.organization_id = $1 AND i.id = $2 \
    ON CONFLICT (organization_id, integration_id) DO UPDATE SET (starts, counts, granted) = (\
    \(share(ofStarts: "p.starts", counts: "p.counts"))) \
    RETURNING p.granted, p.starts, \
    (SELECT min(\(end)) FROM unnest(p.starts, $4) AS w (start, seconds)), \
    (SELECT max(\(end)) FROM unnest(p.starts, p.counts, $3, $4) AS w (start, count, requests, seconds) \
    WHERE p.granted = 0 AND w.count >= w.requests)
    """,
    [.uuid, .uuid, .int4Array, .int4Array, .int4, .int4, .int8Array])

  private static let end = "to_timestamp(w.start / 1000000.0) + w.seconds * interval '1 second'"

  /// What a row becomes by a request: `starts`, `counts` and `granted`.
  private static func share(ofStarts starts: String, counts: String) -> String {
    """
    SELECT array_agg(w.start ORDER BY w.place), array_agg(w.count + w.granted ORDER BY w.place), \
    min(w.granted) FROM (\
    SELECT w.*, greatest(0, least($5, greatest(1, min(w.requests - w.count) OVER () / 4), \
    min(w.requests - w.count) OVER ())) AS granted FROM (\
    SELECT l.place, l.requests, CASE WHEN t.goes_on THEN o.start ELSE t.now END AS start, \
    CASE WHEN t.goes_on THEN greatest(0, o.count - CASE WHEN o.start = m.start THEN $6 ELSE 0 END) \
    ELSE 0 END AS count \
    FROM unnest($3, $4) WITH ORDINALITY AS l (requests, seconds, place) \
    LEFT JOIN unnest(\(starts), \(counts)) WITH ORDINALITY AS o (start, count, place) ON o.place = l.place \
    LEFT JOIN unnest($7) WITH ORDINALITY AS m (start, place) ON m.place = l.place \
    CROSS JOIN LATERAL (SELECT n.now, o.start + l.seconds * 1000000::bigint > n.now IS TRUE AS goes_on \
    FROM (SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now) n) t) w) w
    """
  }

  private static let tellPace = Statement(
    "tell_call_pace",
    """
    INSERT INTO call_paces AS p (organization_id, integration_id, blocked_until, remaining, resets_at, told_at) \
    SELECT organization_id, id, $3, $4, $5, $6 FROM integrations WHERE organization_id = $1 AND id = $2 \
    ON CONFLICT (organization_id, integration_id) DO UPDATE SET \
    blocked_until = greatest(p.blocked_until, excluded.blocked_until), \
    remaining = coalesce(excluded.remaining, p.remaining), \
    resets_at = coalesce(excluded.resets_at, p.resets_at), told_at = coalesce(excluded.told_at, p.told_at)
    """,
    [.uuid, .uuid, .timestamptz, .int4, .timestamptz, .timestamptz])
}
