import Dates
import Foundation
import Testing

@testable import Schedules

/// An instant of a text such as `2026-03-08T02:30:00-05:00`.
private func instant(_ text: String) throws -> Int64 {
  Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970)
}

private func times(
  _ expression: String, _ zone: String, _ policy: DaylightSavingPolicy, from: String, count: Int
) throws -> [String] {
  let zone = try #require(SystemZone(zone))
  let fires = FireTimes(try CronExpression(expression), zone: zone, policy: policy)
  return fires.next(count, after: try instant(from) - 1).map { instant in
    let offset = zone.offset(at: instant)
    let wall = Date(timeIntervalSince1970: TimeInterval(instant + offset)).formatted(.iso8601)
    let minutes = abs(offset) / 60
    let sign = offset < 0 ? "-" : "+"
    return wall.dropLast() + sign
      + [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}

/// A change of the clock and a time of day that it leaves out or repeats.
struct Change: Sendable, CustomTestStringConvertible {
  var zone: String
  var expression: String
  /// The day before the change, at this instant the search begins.
  var from: String
  var expected: [DaylightSavingPolicy: [String]]
  var testDescription: String { "\(zone) \(expression)" }
}

private let newYorkSpring = Change(
  zone: "America/New_York", expression: "30 2 * * *", from: "2026-03-07T12:00:00-05:00",
  expected: [
    .vixie: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"],
    .skip: ["2026-03-09T02:30:00-04:00", "2026-03-10T02:30:00-04:00"],
    .first: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"],
    .second: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"],
    .both: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"],
  ])
private let newYorkAutumn = Change(
  zone: "America/New_York", expression: "30 1 * * *", from: "2026-10-31T12:00:00-04:00",
  expected: [
    .vixie: ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"],
    .skip: ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"],
    .first: ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"],
    .second: ["2026-11-01T01:30:00-05:00", "2026-11-02T01:30:00-05:00"],
    .both: ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-02T01:30:00-05:00"],
  ])
private let londonSpring = Change(
  zone: "Europe/London", expression: "15 1 * * *", from: "2026-03-28T12:00:00+00:00",
  expected: [
    .vixie: ["2026-03-29T02:00:00+01:00", "2026-03-30T01:15:00+01:00"],
    .skip: ["2026-03-30T01:15:00+01:00"],
    .first: ["2026-03-29T02:00:00+01:00", "2026-03-30T01:15:00+01:00"],
    .second: ["2026-03-29T02:00:00+01:00", "2026-03-30T01:15:00+01:00"],
    .both: ["2026-03-29T02:00:00+01:00", "2026-03-30T01:15:00+01:00"],
  ])
private let londonAutumn = Change(
  zone: "Europe/London", expression: "15 1 * * *", from: "2026-10-24T12:00:00+01:00",
  expected: [
    .vixie: ["2026-10-25T01:15:00+01:00", "2026-10-26T01:15:00+00:00"],
    .skip: ["2026-10-25T01:15:00+01:00", "2026-10-26T01:15:00+00:00"],
    .first: ["2026-10-25T01:15:00+01:00", "2026-10-26T01:15:00+00:00"],
    .second: ["2026-10-25T01:15:00+00:00", "2026-10-26T01:15:00+00:00"],
    .both: ["2026-10-25T01:15:00+01:00", "2026-10-25T01:15:00+00:00", "2026-10-26T01:15:00+00:00"],
  ])
private let sydneySpring = Change(
  zone: "Australia/Sydney", expression: "0 2 * * *", from: "2026-10-03T12:00:00+10:00",
  expected: [
    .vixie: ["2026-10-04T03:00:00+11:00", "2026-10-05T02:00:00+11:00"],
    .skip: ["2026-10-05T02:00:00+11:00"],
    .first: ["2026-10-04T03:00:00+11:00", "2026-10-05T02:00:00+11:00"],
    .second: ["2026-10-04T03:00:00+11:00", "2026-10-05T02:00:00+11:00"],
    .both: ["2026-10-04T03:00:00+11:00", "2026-10-05T02:00:00+11:00"],
  ])
private let sydneyAutumn = Change(
  zone: "Australia/Sydney", expression: "0 2 * * *", from: "2026-04-04T12:00:00+11:00",
  expected: [
    .vixie: ["2026-04-05T02:00:00+11:00", "2026-04-06T02:00:00+10:00"],
    .skip: ["2026-04-05T02:00:00+11:00", "2026-04-06T02:00:00+10:00"],
    .first: ["2026-04-05T02:00:00+11:00", "2026-04-06T02:00:00+10:00"],
    .second: ["2026-04-05T02:00:00+10:00", "2026-04-06T02:00:00+10:00"],
    .both: ["2026-04-05T02:00:00+11:00", "2026-04-05T02:00:00+10:00", "2026-04-06T02:00:00+10:00"],
  ])
// Half an hour only, from 2:00 to 2:30 and back from 2:00 to 1:30.
private let lordHoweSpring = Change(
  zone: "Australia/Lord_Howe", expression: "10 2 * * *", from: "2026-10-03T12:00:00+10:30",
  expected: [
    .vixie: ["2026-10-04T02:30:00+11:00", "2026-10-05T02:10:00+11:00"],
    .skip: ["2026-10-05T02:10:00+11:00"],
    .first: ["2026-10-04T02:30:00+11:00", "2026-10-05T02:10:00+11:00"],
    .second: ["2026-10-04T02:30:00+11:00", "2026-10-05T02:10:00+11:00"],
    .both: ["2026-10-04T02:30:00+11:00", "2026-10-05T02:10:00+11:00"],
  ])
private let lordHoweAutumn = Change(
  zone: "Australia/Lord_Howe", expression: "45 1 * * *", from: "2026-04-04T12:00:00+11:00",
  expected: [
    .vixie: ["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"],
    .skip: ["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"],
    .first: ["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"],
    .second: ["2026-04-05T01:45:00+10:30", "2026-04-06T01:45:00+10:30"],
    .both: ["2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30", "2026-04-06T01:45:00+10:30"],
  ])
// Of times left out there are several: one, at the change. With a star the passing of time counts.
private let severalLeftOut = Change(
  zone: "America/New_York", expression: "0,20,40 2 * * *", from: "2026-03-07T12:00:00-05:00",
  expected: [
    .vixie: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:00:00-04:00"],
    .skip: ["2026-03-09T02:00:00-04:00"],
    .first: ["2026-03-08T03:00:00-04:00", "2026-03-09T02:00:00-04:00"],
  ])
private let starInSpring = Change(
  zone: "America/New_York", expression: "*/30 2,3 * * *", from: "2026-03-07T12:00:00-05:00",
  expected: [.vixie: ["2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00", "2026-03-09T02:00:00-04:00"]])
private let starInAutumn = Change(
  zone: "America/New_York", expression: "30 * * * *", from: "2026-11-01T00:00:00-04:00",
  expected: [
    .vixie: [
      "2026-11-01T00:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00",
      "2026-11-01T02:30:00-05:00",
    ],
    .skip: ["2026-11-01T00:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T02:30:00-05:00"],
    .second: ["2026-11-01T00:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-01T02:30:00-05:00"],
  ])

@Suite struct FireTimesTests {
  @Test(arguments: [
    newYorkSpring, newYorkAutumn, londonSpring, londonAutumn, sydneySpring, sydneyAutumn, lordHoweSpring,
    lordHoweAutumn, severalLeftOut, starInSpring, starInAutumn,
  ])
  func `a change of the clock is met as the policy says`(_ change: Change) throws {
    for (policy, expected) in change.expected {
      let found = try times(change.expression, change.zone, policy, from: change.from, count: expected.count)
      #expect(found == expected, "\(policy)")
    }
  }

  /// Five days around each change of a zone's clocks, minute by minute.
  @Test(arguments: [
    ("America/New_York", ["2026-03-06", "2026-10-30"]), ("Europe/London", ["2026-03-27", "2026-10-23"]),
    ("Australia/Sydney", ["2026-04-03", "2026-10-02"]),
    ("Australia/Lord_Howe", ["2026-04-03", "2026-10-02"]),
    ("Asia/Kolkata", ["2026-03-06"]), ("UTC", ["2026-03-06"]),
  ])
  func `every policy agrees with a walk minute by minute`(_ name: String, _ days: [String]) throws {
    let zone = try #require(SystemZone(name))
    for day in days {
      let start = try instant("\(day)T00:00:00Z")
      // The walk looks an hour back and ahead.
      let offsets = (-120..<5 * 1440 + 120).map { zone.offset(at: start + Int64($0) * 60) }
      for text in ["30 2 * * *", "45 1 * * 0", "*/45 1-3 * * *", "0 3 * * *"] {
        let expression = try CronExpression(text)
        for policy in DaylightSavingPolicy.allCases {
          let fires = FireTimes(expression, zone: zone, policy: policy)
          let walked = walk(expression, offsets, policy, from: start)
          #expect(fires.next(walked.count, after: start - 1) == walked, "\(text) \(policy) \(day)")
        }
      }
    }
  }

  /// The same by brute force: each minute asks whether its wall time is due, and whether the policy wants it.
  private func walk(
    _ expression: CronExpression, _ offsets: [Int64], _ policy: DaylightSavingPolicy, from start: Int64
  ) -> [Int64] {
    var found: [Int64] = []
    let followsTime = policy == .both || (policy == .vixie && expression.isWildcard)
    let leavesOut = policy == .skip || (policy == .vixie && expression.isWildcard)
    for minute in 0..<5 * 1440 {
      let instant = start + Int64(minute) * 60
      let offset = { (away: Int) in offsets[120 + minute + away] }
      let isMissed =
        !leavesOut && offset(0) > offset(-1)
        && stride(from: instant + offset(-1), to: instant + offset(0), by: 60).contains {
          isDue(expression, $0)
        }
      let isSecond = [30, 60].contains { offset(-$0) == offset(0) + Int64($0) * 60 }
      let isFirst = [30, 60].contains { offset($0) == offset(0) - Int64($0) * 60 }
      let isWanted = followsTime || (policy == .second ? !isFirst : !isSecond)
      if isMissed || (isDue(expression, instant + offset(0)) && isWanted) { found.append(instant) }
    }
    return found
  }

  private func isDue(_ expression: CronExpression, _ wall: Int64) -> Bool {
    let time = WallTime(seconds: wall)
    return expression.firstMatch(from: time, until: time) != nil
  }

  @Test func `a day that comes every eight years is found, after a century without it too`() throws {
    #expect(
      try times("0 0 29 2 *", "UTC", .vixie, from: "2097-01-01T00:00:00Z", count: 1) == [
        "2104-02-29T00:00:00+00:00"
      ])
  }

  @Test(arguments: [
    ("0 0 1 1 */7", [2034, 2040, 2045, 2051, 2062, 2068, 2073, 2079, 2090, 2096]),
    ("0 0 29 2 */7", [2032, 2060, 2088, 2128, 2156, 2184, 2224, 2252, 2280, 2320]),
  ])
  func `a date that must be a certain weekday is found after its longest gap`(
    _ text: String, _ years: [Int]
  ) throws {
    let zone = try #require(SystemZone("America/New_York"))
    let times = FireTimes(try CronExpression(text), zone: zone)
    let found = times.next(10, after: CivilDay(year: 2026, month: 11, day: 23).number * 86_400)
    #expect(found.map { CivilDay(number: ($0 - 5 * 3600) / 86_400).parts.year } == years)
  }

  @Test func `only zones of the database are taken`() {
    #expect(SystemZone("Europe/Berlin") != nil && SystemZone("UTC") != nil)
    for name in ["EST", "GMT+3", "", "Europe/Nowhere", "../etc/passwd", "Europe/"] {
      #expect(SystemZone(name) == nil)
    }
  }
}
