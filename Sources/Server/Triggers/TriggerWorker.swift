import Flows
import Logging
import Postgres
import Resolvers
import Schedules
import Secrets
import ServiceLifecycle
import Storage

/// Fires schedules, and starts what waits for the ends of runs, in any process that works. Postgres's time
/// says what is due; the rows say that nobody else fires it. One task in a process.
struct TriggerWorker: Sendable {
  /// How long a process sleeps at most: schedules may be added by another.
  static let maximumPause = Duration.seconds(1)
  /// Days that settled instants, and what webhooks received, are kept.
  static let retentionDays = 30

  /// How long it sleeps at least, however many runs end.
  static let leastPause = Duration.milliseconds(50)

  let fires: FireStore
  let events: FlowEventStore
  let received: ReceivedStore
  let notifier: RunNotifier
  let identifiers: UUIDv7Generator
  let logger: Logger
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation

  init(
    database: Database, hub: RunEventHub, notifier: RunNotifier, identifiers: UUIDv7Generator, logger: Logger
  ) {
    fires = FireStore(database)
    events = FlowEventStore(database)
    received = ReceivedStore(database)
    self.notifier = notifier
    self.identifiers = identifiers
    self.logger = logger
    let (bell, ringer) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    (self.bell, self.ringer) = (bell, ringer)
    // The end of a run may have raised something.
    hub.observe { _ in ringer.yield() }
  }

  /// Works until the server stops; an instant that is being settled is settled to its end or not at all.
  func run() async {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        group.addTask { await keepPruning() }
        var rings = bell.makeAsyncIterator()
        while !Task.isCancelled {
          let timer = Task { [pause = await settleAll()] in
            if (try? await Task.sleep(for: pause)) != nil { ringer.yield() }
          }
          _ = await rings.next()
          timer.cancel()
          try? await Task.sleep(for: TriggerWorker.leastPause)
        }
        group.cancelAll()
      }
    }
  }

  /// Settles until nothing is due. Says how long to sleep: until the next instant, or until another process
  /// may have added one.
  private func settleAll() async -> Duration {
    do {
      var agenda = try await fires.agenda()
      while let next = agenda.microsecondsUntilFire, next <= 0, !Task.isCancelled {
        let run = Identifier(identifiers.next())
        // What another process holds is left to it.
        guard let settled = try await fires.settleNext(runID: run, TriggerWorker.decide) else { break }
        tell(settled)
        agenda = try await fires.agenda()
      }
      while agenda.hasFlowEvents, !Task.isCancelled {
        guard let settled = try await events.settleNext(runID: Identifier(identifiers.next())) else { break }
        tell(settled)
      }
      let next = agenda.microsecondsUntilFire.map { Duration.microseconds(max(0, $0)) }
      return min(TriggerWorker.maximumPause, next ?? TriggerWorker.maximumPause)
    } catch {
      if !Task.isCancelled { logger.warning("Triggers could not be fired", metadata: ["error": "\(error)"]) }
      return TriggerWorker.maximumPause
    }
  }

  private func tell(_ settled: FlowEventStore.Settled) {
    switch settled {
    case .fired(let run): notifier.queued(run)
    case .dropped: break
    case .tooDeep(let source):
      logger.notice(
        "Runs that start one another without an end were stopped",
        metadata: ["run": "\(source.runID.text(.execution))"])
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

  /// What becomes of an instant, by its schedule.
  @Sendable static func decide(_ fire: FireStore.DueFire) throws -> FireStore.Decision {
    guard let trigger = ScheduleTrigger(fire.config) else { throw Unreadable() }
    let plan = try SchedulePlan(trigger, of: fire.key.triggerID)
    let at = fire.at.microseconds / 1_000_000
    guard fire.isActive, !fire.isNodeMissing else {
      let now = fire.now.microseconds / 1_000_000
      return FireStore.Decision(fire.isActive ? .miss : .forget, next: plan.fire(after: max(at, now)))
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
          try await fires.prune(days: TriggerWorker.retentionDays)
          + received.prune(days: TriggerWorker.retentionDays)
          + events.prune(days: TriggerWorker.retentionDays)
        if count > 0 {
          logger.info("Old deliveries and instants were deleted", metadata: ["count": "\(count)"])
        }
      } catch {
        if !Task.isCancelled { logger.warning("Old deliveries and instants could not be deleted") }
      }
    } while (try? await Task.sleep(for: .seconds(3600))) != nil
  }
}
