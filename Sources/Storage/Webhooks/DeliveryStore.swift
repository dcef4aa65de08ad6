import Flows
import Postgres

/// What is to be sent to webhooks: claimed under a lease, fenced by an epoch, recorded with its outcome.
///
/// A claim moves the delivery's instant behind the lease's end, so a process that dies loses it by itself and
/// another one sends it again, under the same id.
public struct DeliveryStore: Sendable {
  let database: Database

  public init(_ database: Database) { self.database = database }

  /// What happened to an attempt.
  public struct Outcome: Sendable, Equatable {
    public enum End: String, Sendable {
      case delivered, failed
      /// It is tried again later.
      case pending
    }

    /// What the attempt says about the webhook.
    public enum Verdict: String, Sendable {
      case works, fails, gone
      /// A test says nothing.
      case none
    }

    public var end: End
    public var verdict: Verdict
    /// Until the next attempt, for `pending`.
    public var delayMilliseconds: Int64 = 0
    public var responseStatus: Int?
    public var responseExcerpt: String?
    public var error: String?
    public var durationMilliseconds: Int?

    public init(_ end: End, _ verdict: Verdict) {
      self.end = end
      self.verdict = verdict
    }
  }

  /// Claims what is due and nobody holds, the oldest first; what belongs to a webhook that is switched off is
  /// cancelled on the way.
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - perWebhook: how many at most of one webhook.
  ///   - perOrganization: how many at most of one organization's webhooks together.
  ///   - busy: webhooks that are left out, because enough is being sent to them.
  ///   - busyOrganizations: those whose webhooks are left out for the same reason.
  public func claim(
    limit: Int, perWebhook: Int, perOrganization: Int, busy: [Identifier],
    busyOrganizations: [Identifier], leaseMilliseconds: Int64
  ) async throws -> [ClaimedDelivery] {
    let parameters = Parameters {
      $0.int4(Int32(clamping: limit))
      $0.uuids(busy.map(\.uuid))
      $0.int4(Int32(clamping: perWebhook))
      $0.int8(leaseMilliseconds)
      $0.uuids(busyOrganizations.map(\.uuid))
      $0.int4(Int32(clamping: perOrganization))
    }
    let rows = try await database.execute(DeliverySQL.claim, parameters)
    return (0..<rows.rowCount).compactMap { ClaimedDelivery(rows, $0) }
  }

  /// Stores the outcome of an attempt, and what it says about the webhook. Does nothing when the claim no
  /// longer holds.
  /// - Returns: whether it was stored.
  @discardableResult
  public func record(_ outcome: Outcome, of delivery: ClaimedDelivery) async throws -> Bool {
    let parameters = Parameters {
      $0.uuid(delivery.organizationID.uuid)
      $0.uuid(delivery.id.uuid)
      $0.int8(delivery.epoch)
      $0.text(outcome.end.rawValue)
      $0.int8(outcome.delayMilliseconds)
      $0.int4(outcome.responseStatus.map { Int32(clamping: $0) })
      $0.text(outcome.responseExcerpt)
      $0.text(outcome.error)
      $0.int4(outcome.durationMilliseconds.map { Int32(clamping: $0) })
      $0.text(outcome.verdict.rawValue)
      $0.text(delivery.url)
    }
    return try await database.execute(DeliverySQL.record, parameters).rowCount == 1
  }

  /// A test event for a webhook, already claimed by the caller. Should the caller die, it is sent by another.
  /// - Throws: `StorageError.notFound`.
  public func makeTest(
    of webhook: Identifier, id: Identifier, leaseMilliseconds: Int64, in organization: Identifier
  ) async throws -> ClaimedDelivery {
    let parameters = Parameters {
      $0.uuid(organization.uuid)
      $0.uuid(webhook.uuid)
      $0.uuid(id.uuid)
      $0.int8(leaseMilliseconds)
    }
    let rows = try await database.execute(DeliverySQL.insertTest, parameters)
    guard rows.rowCount == 1, let delivery = ClaimedDelivery(rows, 0) else { throw StorageError.notFound }
    return delivery
  }

  /// What became of the wish to send a delivery once more.
  public enum Redelivery: Sendable, Equatable {
    case queued
    /// It waits or is being sent already.
    case notOver
    case webhookIsOff
  }

  /// Makes a delivery that is over due again, with all its attempts before it.
  /// - Throws: `StorageError.notFound`.
  public func redeliver(_ id: Identifier, in organization: Identifier) async throws -> Redelivery {
    let rows = try await database.execute(DeliverySQL.redeliver, keyParameters(organization, [id]))
    guard rows.rowCount == 1, let isOver = rows.bool(0, 0), let isActive = rows.bool(0, 1) else {
      throw StorageError.notFound
    }
    if !isOver { return .notOver }
    return isActive ? .queued : .webhookIsOff
  }

  /// Deletes deliveries that were over so many days ago, a thousand at a time.
  /// - Returns: how many.
  @discardableResult
  public func prune(days: Int) async throws -> Int {
    let parameters = Parameters { $0.int4(Int32(clamping: days)) }
    var count = 0
    while true {
      let pruned = try await database.execute(DeliverySQL.prune, parameters).rowCount
      count += pruned
      if pruned < DeliverySQL.pruneBatch { return count }
    }
  }
}

/// A delivery that this process may send now, with what is needed for it.
public struct ClaimedDelivery: Sendable {
  public let organizationID: Identifier
  public let id: Identifier
  public let webhookID: Identifier
  /// Fences the outcome.
  public let epoch: Int64
  /// Which attempt of the schedule this is, from 1.
  public let attempt: Int
  public let isTest: Bool
  /// The body.
  public let payload: String
  public let url: String
  /// Sealed; the current one first, then the former one while it is still used.
  public let secrets: [[UInt8]]

  init?(_ rows: RowBatch, _ row: Int) {
    guard let organization = rows.uuid(row, 0), let id = rows.uuid(row, 1), let webhook = rows.uuid(row, 2),
      let epoch = rows.int8(row, 3), let attempt = rows.int(row, 4), let event = rows.string(row, 5),
      let payload = rows.jsonText(row, 6), let url = rows.string(row, 7), let secret = rows.byteArray(row, 8)
    else { return nil }
    organizationID = organization.identifier
    self.id = id.identifier
    webhookID = webhook.identifier
    self.epoch = epoch
    self.attempt = attempt
    isTest = event == "WEBHOOK_TEST"
    self.payload = payload
    self.url = url
    secrets = [secret] + (rows.byteArray(row, 9).map { [$0] } ?? [])
  }
}
