import Flows
import Logging
import Resolvers
import ServiceLifecycle
import Storage

/// Sends what webhooks are to be told: claims what is due, a bounded number at once and a share of it for
/// each webhook and each organization, so that those that hang do not keep the others waiting.
///
/// A process has one; any number of processes share the deliveries. Deliveries that are under way when the
/// server stops are given back.
actor DeliveryWorker {
  struct Settings: Sendable {
    var concurrency = 64
    /// Nothing more is claimed for who has so many under way.
    var perWebhook = 8
    var perOrganization = 40
    /// Of one organization in one claim: with what is under way it leaves room for others.
    var organizationShare = 16
    var poll = Duration.milliseconds(500)
    /// Days that a delivery is kept after its end.
    var retentionDays = 30
  }

  private let store: DeliveryStore
  private let deliverer: any WebhookDeliverer
  private let settings: Settings
  private let logger: Logger
  /// By webhook.
  private var underWay: [Identifier: Int] = [:]
  private var underWayByOrganization: [Identifier: Int] = [:]
  private var count = 0
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation

  init(
    store: DeliveryStore, deliverer: any WebhookDeliverer, settings: Settings = Settings(), logger: Logger
  ) {
    self.store = store
    self.deliverer = deliverer
    self.settings = settings
    self.logger = logger
    (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Works until the server stops.
  nonisolated func run() async {
    await cancelWhenGracefulShutdown { await self.work() }
  }

  /// Works until the task is cancelled.
  func work() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.keepPruning() }
      var rings = bell.makeAsyncIterator()
      while !Task.isCancelled {
        if await claim(&group) { continue }
        let timer = Task { [ringer, poll = settings.poll] in
          if (try? await Task.sleep(for: poll)) != nil { ringer.yield() }
        }
        _ = await rings.next()
        timer.cancel()
      }
      group.cancelAll()
    }
  }

  /// Claims as much as there is room for; true when there may be more and room for it.
  private func claim(_ group: inout DiscardingTaskGroup) async -> Bool {
    let limit = settings.concurrency - count
    guard limit > 0 else { return false }
    do {
      let claimed = try await store.claim(
        limit: limit, perWebhook: settings.perWebhook, perOrganization: settings.organizationShare,
        busy: underWay.filter { $0.value >= settings.perWebhook }.map(\.key),
        busyOrganizations: underWayByOrganization.filter { $0.value >= settings.perOrganization }.map(\.key),
        leaseMilliseconds: deliverer.leaseMilliseconds)
      for delivery in claimed {
        count += 1
        underWay[delivery.webhookID, default: 0] += 1
        underWayByOrganization[delivery.organizationID, default: 0] += 1
        group.addTask {
          await self.deliverer.deliver(delivery)
          await self.ended(delivery)
        }
      }
      return claimed.count >= min(limit, settings.organizationShare)
    } catch {
      if !Task.isCancelled {
        logger.warning("Deliveries could not be claimed", metadata: ["error": "\(error)"])
      }
      return false
    }
  }

  private func ended(_ delivery: ClaimedDelivery) {
    count -= 1
    DeliveryWorker.leave(delivery.webhookID, of: &underWay)
    DeliveryWorker.leave(delivery.organizationID, of: &underWayByOrganization)
    ringer.yield()
  }

  private static func leave(_ id: Identifier, of counts: inout [Identifier: Int]) {
    let left = counts[id, default: 1] - 1
    counts[id] = left > 0 ? left : nil
  }

  private func keepPruning() async {
    repeat {
      do {
        let pruned = try await store.prune(days: settings.retentionDays)
        if pruned > 0 { logger.info("Old deliveries were deleted", metadata: ["count": "\(pruned)"]) }
      } catch {
        if !Task.isCancelled { logger.warning("Old deliveries could not be deleted") }
      }
    } while (try? await Task.sleep(for: .seconds(3600))) != nil
  }
}
