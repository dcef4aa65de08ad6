import Connectors
import Flows
import Integrations
import Logging
import Secrets
import ServiceLifecycle
import Storage
import Synchronization

/// Asks services for what triggers wait for, in any process that works. The rows say which poll is due and
/// who makes it; what a poll finds, its runs and how far it has come are one transaction. One task in a
/// process, and one for each poll under way.
struct PollWorker: Sendable {
  /// Polls that a process makes at once.
  static let maximumPolls = 8
  /// How long a process sleeps: triggers may be added by another.
  static let pause = Duration.seconds(1)
  /// After that a poll goes on to no further page: the rest comes with the next one.
  static let patience = Duration.seconds(30)
  /// Between a poll that left something and the next one.
  static let restMilliseconds: Int64 = 5_000
  /// Between polls of a trigger that fails at most, unless its own time is longer.
  static let maximumBackoffMilliseconds: Int64 = 3_600_000
  /// Bytes of a run's input.
  static let maximumInput = 256 << 10

  let store: PollStore
  let received: ReceivedStore
  let accounts: ServiceAccounts
  let notifier: RunNotifier
  let identifiers: UUIDv7Generator
  let logger: Logger
  let leaseMilliseconds: Int64

  /// Works until the server stops; a poll under way is given up then, and made by another process.
  func run() async {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        let underWay = Counter()
        while !Task.isCancelled {
          let free = PollWorker.maximumPolls - underWay.value
          for claim in await claims(atMost: free) {
            underWay.add(1)
            group.addTask {
              await make(claim)
              underWay.add(-1)
            }
          }
          try? await Task.sleep(for: PollWorker.pause)
        }
        group.cancelAll()
      }
    }
  }

  private func claims(atMost free: Int) async -> [PollStore.Claim] {
    guard free > 0 else { return [] }
    do {
      return try await store.claim(limit: free, leaseMilliseconds: leaseMilliseconds)
    } catch {
      if !Task.isCancelled { logger.warning("Polls could not be taken", metadata: ["error": "\(error)"]) }
      return []
    }
  }

  /// Makes a poll while its lease is renewed.
  private func make(_ claim: PollStore.Claim) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await poll(claim) }
      group.addTask {
        while (try? await Task.sleep(for: .milliseconds(leaseMilliseconds / 3))) != nil {
          // What another one has taken is not stored, whether this one knows it or not.
          if (try? await store.renew(claim, leaseMilliseconds: leaseMilliseconds)) == false { return }
        }
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func poll(_ claim: PollStore.Claim) async {
    do {
      guard let event = IntegrationTrigger(claim.config) else {
        throw ConnectorFailure(.invalid, "The trigger was made by another version of the Studio.")
      }
      guard claim.isFlowActive else { return try await pass(claim, event) }
      let finding = try await ask(claim, event)
      try await settle(claim, event, finding)
    } catch let failure as ConnectorFailure where !Task.isCancelled {
      await note(failure, claim)
    } catch {
      if !Task.isCancelled { logger.warning("A poll could not be stored", metadata: ["error": "\(error)"]) }
      // Not by this task, which may be cancelled.
      await Task { try? await store.release(claim) }.value
    }
  }

  /// While the flow is not active, what happens is not made up for.
  private func pass(_ claim: PollStore.Claim, _ event: IntegrationTrigger) async throws {
    let finding = PollStore.Finding(
      items: [], remembered: [], shown: [], state: PollProgress().json,
      nextMilliseconds: Int64(event.intervalSeconds) * 1000)
    _ = try await settled(claim, finding, nil)
  }

  // MARK: Asking

  private func ask(
    _ claim: PollStore.Claim, _ event: IntegrationTrigger
  ) async throws -> PollRound.Finding {
    let limits = PollLimits(
      items: event.maximumItems, startsAtBeginning: event.startsAtBeginning, now: claim.now)
    guard let manifest = accounts.manifest(event.connector),
      var round = PollRound(
        event.trigger, of: manifest, settings: event.settings,
        progress: claim.state.map(PollProgress.init) ?? PollProgress(), limits: limits)
    else { throw ConnectorFailure(.invalid, "The connector does not offer this trigger any more.") }
    let account = AccountReference(claim.integrationID, in: claim.key.organizationID)
    let start = ContinuousClock.now
    var number = 0
    while let call = round.call, number == 0 || .now - start < PollWorker.patience {
      number += 1
      let key = "poll_\(claim.key.triggerID.text(.trigger))_\(claim.epoch)_\(number)"
      let output = try await accounts.perform(call, as: account, idempotencyKey: key)
      let known = try await store.known(try round.keys(of: output), of: claim.key)
      try round.take(output, known: known)
    }
    return round.finding
  }

  // MARK: Storing

  private func settle(
    _ claim: PollStore.Claim, _ event: IntegrationTrigger, _ found: PollRound.Finding
  ) async throws {
    let interval = Int64(event.intervalSeconds) * 1000
    var finding = PollStore.Finding(
      items: found.items.map { item(of: $0, claim, event) }, remembered: found.remembered,
      shown: found.shown, state: found.progress.json,
      nextMilliseconds: found.hasMore ? min(interval, PollWorker.restMilliseconds) : interval)
    finding.isPart = found.isPart
    // Trigger or flow may change meanwhile: it is looked at again as they are then.
    for _ in 1...5 {
      let receiver =
        finding.items.isEmpty
        ? nil
        : try await received.readyReceiver(claim.key) { [identifiers] in Identifier(identifiers.next()) }
      if receiver?.isNodeMissing == true {
        throw ConnectorFailure(.invalid, "The flow has no such trigger node any more.")
      }
      if try await settled(claim, finding, receiver) { return }
    }
    throw ConnectorFailure(.conflict, "The flow is being changed.")
  }

  /// False when the trigger or the flow is not as the receiver says.
  private func settled(
    _ claim: PollStore.Claim, _ finding: PollStore.Finding, _ receiver: ReceivedStore.Receiver?
  ) async throws -> Bool {
    do {
      for run in try await store.settle(claim, finding, receiver) { notifier.queued(run) }
      if claim.failures >= IntegrationTrigger.failuresUntilMarked {
        notifier.changed(in: claim.key.organizationID)
      }
      return true
    } catch PollStore.Refusal.superseded {
      return true
    } catch PollStore.Refusal.stale {
      return false
    }
  }

  private func item(
    of found: PollRound.Item, _ claim: PollStore.Claim, _ event: IntegrationTrigger
  ) -> PollStore.Finding.Item {
    var input = event.input(event: found.value, name: nil, integration: claim.integrationID).text()
    if input.utf8.count > PollWorker.maximumInput {
      let notice: JSONValue = [
        "error": .string("The event has more than \(PollWorker.maximumInput) bytes."),
        "id": .string(found.key),
      ]
      input = event.input(event: notice, name: nil, integration: claim.integrationID).text()
    }
    return PollStore.Finding.Item(
      key: found.key, deliveryID: Identifier(identifiers.next()), runID: Identifier(identifiers.next()),
      input: input)
  }

  // MARK: Failing

  private func note(_ failure: ConnectorFailure, _ claim: PollStore.Claim) async {
    let event = IntegrationTrigger(claim.config)
    let isLimited = failure.failureClass == .rateLimited
    let interval = Int64(event?.intervalSeconds ?? 300) * 1000
    var wait = isLimited ? interval : PollWorker.backoff(interval, failures: claim.failures)
    wait = max(wait, failure.retryAfterMilliseconds ?? 0)
    // The page that was next may be the one that is not there any more.
    let progress = claim.state.map(PollProgress.init)
    let state = progress?.page == nil || failure.isRetryable ? nil : progress?.atFirstPage.json
    do {
      try await store.fail(
        claim,
        PollStore.Failure(
          "\(failure.failureClass.rawValue): \(failure.message)", counts: !isLimited, state: state,
          nextMilliseconds: wait))
      if !isLimited, claim.failures + 1 == IntegrationTrigger.failuresUntilMarked {
        notifier.changed(in: claim.key.organizationID)
      }
    } catch {
      logger.warning("A failed poll could not be noted", metadata: ["error": "\(error)"])
    }
  }

  /// Twice as long after each failure.
  static func backoff(_ interval: Int64, failures: Int) -> Int64 {
    max(interval, min(maximumBackoffMilliseconds, interval << Int64(min(max(0, failures), 12))))
  }

  /// The mutex protects the count.
  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add(_ number: Int) { count.withLock { $0 += number } }
  }
}
