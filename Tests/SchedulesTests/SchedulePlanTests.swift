import Testing

@testable import Schedules

/// What becomes of instants that are late, and where the jitter moves them.
@Suite struct SchedulePlanTests {
  /// 2026-11-21T09:00:00Z.
  private static let nine: Int64 = 1_795_251_600
  private static let hour: Int64 = 3600

  private func plan(_ cron: String, _ catchUp: SchedulePlan.CatchUp, window: Int64 = 86_400) throws
    -> SchedulePlan
  {
    let zone = try #require(SystemZone("UTC"))
    var plan = SchedulePlan(FireTimes(try CronExpression(cron), zone: zone))
    plan.catchUp = catchUp
    plan.windowSeconds = window
    return plan
  }

  @Test(arguments: SchedulePlan.CatchUp.allCases)
  func `what is due now is fired, and the next instant follows it`(_ catchUp: SchedulePlan.CatchUp) throws {
    let plan = try plan("@hourly", catchUp)
    for late in [0, SchedulePlan.graceSeconds] {
      let decision = plan.decide(Self.nine, now: (Self.nine + late) * 1_000_000)
      #expect(decision == .init(isFired: true, next: Self.nine + Self.hour))
    }
  }

  @Test func `without catching up late instants are missed`() throws {
    let decision = try plan("@hourly", .none).decide(
      Self.nine, now: (Self.nine + 3 * Self.hour + 600) * 1_000_000)
    #expect(decision == .init(isFired: false, next: Self.nine + 4 * Self.hour))
  }

  @Test func `the last late instant is found and fired, whatever lies between`() throws {
    for cron in ["@hourly", "0 9,10,11 * * *", "*/7 * * * * *"] {
      let plan = try plan(cron, .last)
      let now = Self.nine + 3 * Self.hour + 600
      let decision = plan.decide(Self.nine, now: now * 1_000_000)
      let last = try #require(decision.next)
      #expect(!decision.isFired && last <= now)
      #expect(try #require(plan.times.next(after: last)) > now)
      #expect(plan.times.next(after: last - 1) == last)
      let second = plan.decide(last, now: now * 1_000_000)
      #expect(second == .init(isFired: true, next: plan.times.next(after: last)))
    }
  }

  @Test func `all late instants of the window are fired, one after the other`() throws {
    let plan = try plan("@hourly", .all, window: 2 * Self.hour)
    let now = (Self.nine + 5 * Self.hour + 1) * 1_000_000
    var fired: [Int64] = []
    var instant: Int64? = Self.nine
    while let at = instant, plan.due(at) <= now {
      let decision = plan.decide(at, now: now)
      if decision.isFired { fired.append((at - Self.nine) / Self.hour) }
      instant = decision.next
    }
    #expect(fired == [4, 5])
    #expect(instant == Self.nine + 6 * Self.hour)
  }

  @Test(arguments: SchedulePlan.CatchUp.allCases)
  func `jitter that is longer than the time between instants makes none of them late`(
    _ catchUp: SchedulePlan.CatchUp
  ) throws {
    var plan = try plan("* * * * *", catchUp)
    plan.jitterSeconds = 600
    var (instant, now) = (Self.nine, Self.nine * 1_000_000)
    for _ in 0..<100 {
      now = max(now, plan.due(instant))
      #expect(now <= (instant + 600) * 1_000_000)
      #expect(plan.decide(instant, now: now) == .init(isFired: true, next: instant + 60))
      instant += 60
    }
  }

  @Test(arguments: SchedulePlan.CatchUp.allCases)
  func `what its jitter still has time for is fired after a pause`(_ catchUp: SchedulePlan.CatchUp) throws {
    var plan = try plan("*/10 * * * *", catchUp)
    plan.jitterSeconds = 1800
    // Nobody worked for two hours: what was due up to half an hour before has time.
    let now = (Self.nine + 2 * Self.hour) * 1_000_000
    var (next, fired): (Int64?, [Int64]) = (Self.nine, [])
    while let instant = next, instant <= Self.nine + 2 * Self.hour {
      let decision = plan.decide(instant, now: now)
      if decision.isFired { fired.append((instant - Self.nine) / 60) }
      next = decision.next
    }
    let inTime: [Int64] = [90, 100, 110, 120]
    #expect(fired.suffix(4) == inTime[...])
    #expect(fired.count == (catchUp == .all ? 13 : 4))
  }

  @Test func `jitter is the same for an instant, differs between schedules and instants, and has its bound`()
    throws
  {
    var plan = try plan("@hourly", .none)
    #expect(plan.due(Self.nine) == Self.nine * 1_000_000)
    plan.jitterSeconds = 60
    plan.seed = 7
    let moves = (0..<200).map {
      plan.due(Self.nine + $0 * Self.hour) - (Self.nine + $0 * Self.hour) * 1_000_000
    }
    #expect(moves.allSatisfy { (0..<60_000_000).contains($0) } && Set(moves).count > 150)
    var other = plan
    other.seed = 8
    #expect(plan.due(Self.nine) == plan.due(Self.nine) && plan.due(Self.nine) != other.due(Self.nine))
  }
}
