import Dates
import Testing

@Suite struct CivilDayTests {
  @Test(arguments: [(1970, 4), (1570, 4), (-30, 4)])
  func `days and their numbers are inverse to each other over four centuries`(from year: Int, weekday: Int) {
    var day = CivilDay(year: year, month: 1, day: 1)
    #expect(day.weekday == weekday)
    for _ in 0..<146_097 {
      let parts = day.parts
      guard CivilDay(year: parts.year, month: parts.month, day: parts.day) == day else {
        Issue.record("\(parts)")
        return
      }
      day = CivilDay(number: day.number + 1)
    }
    #expect(day.parts == (year + 400, 1, 1) && day.weekday == weekday)
  }

  @Test func `a day is counted from 1970, and holds its seconds`() {
    #expect(CivilDay(year: 1970, month: 1, day: 1).number == 0)
    for (second, number) in [(0, 0), (86_399, 0), (86_400, 1), (-1, -1), (-86_400, -1), (-86_401, -2)] {
      let day = CivilDay(ofSecond: Int64(second))
      #expect(day.number == number && day.firstSecond == number * 86_400)
    }
    #expect(CivilDay(number: 1) > CivilDay(number: 0))
  }

  @Test(arguments: [
    (0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 4, 31), (2026, 2, 29),
    (1900, 2, 29), (.min, .min, .min), (.max, .max, .max),
  ])
  func `a date that does not exist is none`(year: Int, month: Int, day: Int) {
    #expect(CivilDay(checkedYear: year, month: month, day: day) == nil)
  }

  @Test(arguments: [(1, 1, 1), (9999, 12, 31), (2000, 2, 29), (2024, 2, 29), (2026, 4, 30)])
  func `a date that exists is one`(year: Int, month: Int, day: Int) throws {
    #expect(try #require(CivilDay(checkedYear: year, month: month, day: day)).parts == (year, month, day))
  }
}

@Suite struct DateTextTests {
  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
  ])
  func `a date of HTTP is read`(text: String, seconds: Int64) {
    #expect(HTTPDate.seconds(text) == seconds)
    #expect(HTTPDate.seconds(text[...]) == seconds)
  }

  @Test(arguments: [
    "", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 08:49 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
  ])
  func `anything else is none`(text: String) {
    #expect(HTTPDate.seconds(text) == nil)
  }

  /// More is with the scalar `DateTime`, which reads by this.
  @Test func `a timestamp is read to the microsecond`() {
    #expect(RFC3339.microseconds("2026-11-21T10:30:00.123456789+01:00") == 1_795_253_400_123_456)
    #expect(RFC3339.microseconds("2026-11-21T10:30:00+0100") == nil)
  }
}
