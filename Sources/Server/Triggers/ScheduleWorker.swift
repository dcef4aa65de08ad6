import Flows
import Logging
import Postgres
import Resolvers
import Schedules
import Security
import ServiceLifecycle
import Storage

/// Fires schedules: settles what is due, in any process that works. Postgres's time says what that is; the
/// rows say that nobody else fires it. One task in a process.
struct ScheduleWorker: Sendable {
  /// How long a process sleeps at most: schedules may be added by another.
  static let maximumPause = Duration.seconds(1)
  /// Days that settled instants, and what webhooks received, are kept.
  static let retentionDays = 30

  let fires: FireStore
  let received: ReceivedStore
  let notifier: RunNotifier
  let identifiers: UUIDv7Generator
  let logger: Logger

  /// Works until the server stops; an instant that is being settled is settled to its end or not at all.
  func run() async {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await keepPruning() }
        while !Task.isCancelled {
          await settleAll()
          try? await Task.sleep(for: await pause())
        }
        group.cancelAll()
      }
    }
  }

  /// Settles until nothing is due.
  private func settleAll() async {
    while !Task.isCancelled {
      do {
        let run = Identifier(identifiers.next())
        guard let settled = try await fires.settleNext(runID: run, ScheduleWorker.decide) else { return }
        tell(settled)
      } catch {
        if !Task.isCancelled {
          logger.warning("Schedules could not be fired", metadata: ["error": "\(error)"])
        }
        return
      }
    }
  }

  private func tell(_ settled: FireStore.Settled) {
    switch settled {
    case .fired(let run, let cancelled):
      notifier.queued(run)
      for old in cancelled { notifier.cancelRequested(old) }
      logger.debug("A schedule was fired", metadata: ["run": "\(run.runID.text(.execution))"])
    case .missed: logger.notice("An instant of a schedule was missed")
    case .skipped: logger.info("An instant of a schedule was left out: a run before it is not over")
    case .forgotten, .postponed: break
    }
  }

  /// Until the next instant, or until another process may have added one.
  private func pause() async -> Duration {
    guard let next = try? await fires.untilNext() else { return ScheduleWorker.maximumPause }
    return min(ScheduleWorker.maximumPause, .microseconds(max(20_000, next)))
  }

  /// What becomes of an instant, by its schedule.
  @Sendable static func decide(_ fire: FireStore.DueFire) throws -> FireStore.Decision {
    guard let trigger = ScheduleTrigger(fire.config) else { throw Unreadable() }
    let plan = try SchedulePlan(trigger, of: fire.key.triggerID)
    let at = fire.at.microseconds / 1_000_000
    guard fire.isActive else {
      let now = fire.now.microseconds / 1_000_000
      return FireStore.Decision(.forget, next: plan.fire(after: max(at, now)))
    }
    let decision = plan.decide(at, now: fire.isQueued ? plan.due(at) : fire.now.microseconds)
    let next = decision.next.map { plan.fire(at: $0) }
    guard decision.isFired else { return FireStore.Decision(.miss, next: next) }
    let input: JSONValue = [
      "scheduledAt": .string(fire.at.description), "cron": .string(trigger.cron),
      "timeZone": .string(trigger.timeZone),
    ]
    return FireStore.Decision(.fire(trigger.overlap, input: input), next: next)
  }

  /// A schedule of another version of the program.
  private struct Unreadable: Error {}

  private func keepPruning() async {
    repeat {
      do {
        let count =
          try await fires.prune(days: ScheduleWorker.retentionDays)
          + received.prune(days: ScheduleWorker.retentionDays)
        if count > 0 {
          logger.info("Old deliveries and instants were deleted", metadata: ["count": "\(count)"])
        }
      } catch {
        if !Task.isCancelled { logger.warning("Old deliveries and instants could not be deleted") }
      }
    } while (try? await Task.sleep(for: .seconds(3600))) != nil
  }
}
