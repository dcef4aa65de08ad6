import Flows
import Schedules
import Storage

/// What is wrong with a schedule; `field` is the part of it that is.
public struct ScheduleFault: Error, Sendable {
  public let field: String
  public let message: String
}

extension SchedulePlan {
  /// The plan of a trigger's schedule.
  /// - Throws: `ScheduleFault`.
  public init(_ trigger: ScheduleTrigger, of id: Identifier) throws(ScheduleFault) {
    let expression: CronExpression
    do {
      expression = try CronExpression(trigger.cron)
    } catch {
      throw ScheduleFault(field: "cron", message: error.description)
    }
    guard let zone = SystemZone(trigger.timeZone) else {
      throw ScheduleFault(
        field: "timeZone",
        message: "\"\(trigger.timeZone.prefix(64))\" is no time zone such as Europe/London, or UTC.")
    }
    guard let policy = DaylightSavingPolicy(rawValue: trigger.daylightSaving) else {
      throw ScheduleFault(field: "daylightSaving", message: "This policy is not known.")
    }
    guard let catchUp = CatchUp(rawValue: trigger.catchUp) else {
      throw ScheduleFault(field: "catchUp", message: "This policy is not known.")
    }
    self.init(FireTimes(expression, zone: zone, policy: policy))
    self.catchUp = catchUp
    windowSeconds = Int64(trigger.catchUpWindowSeconds)
    jitterSeconds = Int64(trigger.jitterSeconds)
    seed = id.high ^ id.low
  }

  /// An instant, and when it is fired.
  public func fire(at instant: Int64) -> FireStore.Fire {
    FireStore.Fire(
      at: Instant(microseconds: instant * 1_000_000), due: Instant(microseconds: due(instant)))
  }

  /// The first instant behind another; nil when there is none any more.
  public func fire(after instant: Int64) -> FireStore.Fire? {
    times.next(after: instant).map { fire(at: $0) }
  }
}
