/// Seconds of a wall clock since 1970-01-01T00:00:00 on that clock: what a calendar shows, without a zone.
struct WallTime: Hashable, Comparable, Sendable {
  var seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  init(_ day: CivilDay, hour: Int, minute: Int, second: Int) {
    seconds = day.number * 86_400 + Int64(hour * 3600 + minute * 60 + second)
  }

  static func < (left: WallTime, right: WallTime) -> Bool { left.seconds < right.seconds }

  var day: CivilDay { CivilDay(number: seconds.flooredQuotient(86_400)) }
  private var secondOfDay: Int { Int(seconds - day.number * 86_400) }
  var hour: Int { secondOfDay / 3600 }
  var minute: Int { secondOfDay % 3600 / 60 }
  var second: Int { secondOfDay % 60 }
}

/// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
struct CivilDay: Hashable, Sendable {
  var number: Int64

  init(number: Int64) { self.number = number }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
  init(year: Int, month: Int, day: Int) {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let era = shifted.flooredQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = era * 146_097 + dayOfEra - 719_468
  }

  /// The inverse, civil_from_days.
  var parts: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    let month = Int(monthIndex < 10 ? monthIndex + 3 : monthIndex - 9)
    return (Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, day)
  }

  /// 0 is Sunday.
  var weekday: Int { Int((number + 4) - (number + 4).flooredQuotient(7) * 7) }
}

extension Int64 {
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
