import Dates
import Testing

@testable import Schedules

private func matches(_ text: String, from start: (Int, Int, Int), count: Int) throws -> [String] {
  let expression = try CronExpression(text)
  var from = WallTime(CivilDay(year: start.0, month: start.1, day: start.2), hour: 0, minute: 0, second: 0)
  let limit = WallTime(CivilDay(year: start.0 + 12, month: 1, day: 1), hour: 0, minute: 0, second: 0)
  var found: [String] = []
  while found.count < count, let match = expression.firstMatch(from: from, until: limit) {
    found.append(match.text)
    from = WallTime(seconds: match.seconds + 1)
  }
  return found
}

extension WallTime {
  fileprivate var text: String {
    let (year, month, day) = self.day.parts
    let parts = [month, day, hour, minute, second].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(year)-\(parts[0])-\(parts[1]) \(parts[2]):\(parts[3]):\(parts[4])"
  }
}

@Suite struct CronExpressionTests {
  @Test(arguments: [
    ("0 9 * * 1-5", ["2026-11-02 09:00:00", "2026-11-03 09:00:00"]),
    (
      "*/20 8-9 * * *",
      ["2026-11-01 08:00:00", "2026-11-01 08:20:00", "2026-11-01 08:40:00", "2026-11-01 09:00:00"]
    ),
    ("5,10 0 1 JAN,jul *", ["2027-01-01 00:05:00", "2027-01-01 00:10:00", "2027-07-01 00:05:00"]),
    ("0 0 29 2 *", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
    ("0 0 31 * *", ["2026-12-31 00:00:00", "2027-01-31 00:00:00", "2027-03-31 00:00:00"]),
    ("0 0 * * sun", ["2026-11-01 00:00:00", "2026-11-08 00:00:00"]),
    ("0 0 * * 7", ["2026-11-01 00:00:00", "2026-11-08 00:00:00"]),
    (
      "0 0 * * 5-7",
      ["2026-11-01 00:00:00", "2026-11-06 00:00:00", "2026-11-07 00:00:00", "2026-11-08 00:00:00"]
    ),
    // Either day is enough where both are restricted, and both are needed where one begins with a star.
    ("0 0 13 * 5", ["2026-11-06 00:00:00", "2026-11-13 00:00:00", "2026-11-20 00:00:00"]),
    ("0 0 */10 * 1", ["2026-12-21 00:00:00", "2027-01-11 00:00:00", "2027-02-01 00:00:00"]),
    ("30 0 0 1 * *", ["2026-11-01 00:00:30", "2026-12-01 00:00:30"]),
    ("*/30 59 23 * * *", ["2026-11-01 23:59:00", "2026-11-01 23:59:30", "2026-11-02 23:59:00"]),
    ("@yearly", ["2027-01-01 00:00:00"]),
    ("@Weekly", ["2026-11-01 00:00:00", "2026-11-08 00:00:00"]),
    ("@hourly", ["2026-11-01 00:00:00", "2026-11-01 01:00:00"]),
    (" 1-9/4   0 1 1 * ", ["2027-01-01 00:01:00", "2027-01-01 00:05:00", "2027-01-01 00:09:00"]),
  ])
  func `an expression is due when crontab(5) says so`(_ text: String, _ expected: [String]) throws {
    #expect(try matches(text, from: (2026, 11, 1), count: expected.count) == expected)
  }

  @Test(arguments: [
    ("* * * *", nil, "here are 4"),
    ("", nil, "here are 0"),
    ("60 * * * *", 1, "The minute must be 0 to 59, not 60."),
    ("0 24 * * *", 3, "The hour must be 0 to 23, not 24."),
    ("0 0 0 * *", 5, "The day of month must be 1 to 31, not 0."),
    ("0 0 * 13 *", 7, "The month must be 1 to 12, not 13."),
    ("0 0 * * 8", 9, "The day of week must be 0 to 7, not 8."),
    ("0 0 * foo *", 7, "\"foo\" is no month: a number or a name such as JAN is expected."),
    ("5-1 * * * *", 1, "ends before it begins"),
    ("1,,2 * * * *", 3, "\"\" is no minute"),
    ("*/0 * * * *", 1, "The step of the minute must be 1 to 59."),
    ("*/-1 * * * *", 1, "The step"),
    ("5/15 * * * *", 1, "write 5-59/15"),
    ("0 0 ? * *", 5, "? is a sign of Quartz: write *"),
    ("0 0 L * *", 5, "sign of Quartz"),
    ("0 0 15W * *", 5, "sign of Quartz"),
    ("0 0 * * 5#2", 9, "second Friday"),
    ("0 0 * * 5L", 9, "sign of Quartz"),
    ("~ * * * *", 1, "jitter"),
    ("@reboot", 1, "@reboot has no meaning here"),
    ("@never", 1, "It can be @yearly"),
    ("@daily 1", 1, "It can be"),
    ("0 0 31 2,4,6 *", 5, "None of the months has a day 31: it would never be due."),
    ("1 2 3 4 ٥", 9, "is no day of week"),
    ("99999999999999999999 * * * *", 1, "is no minute"),
    (String(repeating: "1,", count: 101), nil, "at most 200 characters"),
  ])
  func `what is wrong is told with its place`(_ text: String, _ column: Int?, _ message: String) {
    #expect { try CronExpression(text) } throws: { error in
      guard let error = error as? CronSyntaxError else { return false }
      return error.column == column && error.message.contains(message)
    }
  }
}
