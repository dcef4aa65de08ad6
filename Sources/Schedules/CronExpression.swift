import Dates

/// When a schedule is due, by a wall clock: the five fields of POSIX and Vixie cron, or six with seconds
/// first.
///
/// `minute hour day-of-month month day-of-week`: numbers, `*`, ranges `1-5`, steps `*/10` and `1-9/2`, lists
/// with commas, names of months and weekdays; Sunday is 0 or 7. Where both days are restricted, either is
/// enough, as crontab(5) says. `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`,
/// `@hourly` stand for what they stand for there.
public struct CronExpression: Hashable, Sendable {
  /// At most so many characters.
  public static let maximumLength = 200

  var seconds: UInt64
  var minutes: UInt64
  var hours: UInt64
  var days: UInt64
  var months: UInt64
  /// Bits 0 to 6, Sunday first.
  var weekdays: UInt64
  /// Whether a day must match both fields, because at least one begins with a star.
  var needsBothDays: Bool
  /// Whether the minute or the hour begins with a star: such a schedule follows the passing of time, not the
  /// clock.
  var isWildcard: Bool

  /// - Throws: `CronSyntaxError`, which names the field, the place and what may stand there.
  public init(_ text: String) throws(CronSyntaxError) {
    var parser = try CronParser(text)
    self = try parser.expression()
  }

  init(
    seconds: UInt64, minutes: UInt64, hours: UInt64, days: UInt64, months: UInt64, weekdays: UInt64,
    needsBothDays: Bool, isWildcard: Bool
  ) {
    self.seconds = seconds
    self.minutes = minutes
    self.hours = hours
    self.days = days
    self.months = months
    self.weekdays = weekdays
    self.needsBothDays = needsBothDays
    self.isWildcard = isWildcard
  }

  // MARK: On a wall clock

  /// The first match at or after a time; nil when there is none up to `limit`.
  func firstMatch(from start: WallTime, until limit: WallTime) -> WallTime? {
    var day = start.day
    let parts = start.day.parts
    var (year, month, dayOfMonth) = parts
    // A time of the first day, or midnight of a later one.
    var from = (start.hour, start.minute, start.second)
    while day <= limit.day {
      guard months.has(month) else {
        (year, month, dayOfMonth) = month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1)
        day = CivilDay(year: year, month: month, day: 1)
        from = (0, 0, 0)
        continue
      }
      if matches(day, dayOfMonth), let time = firstTime(from: from) {
        let found = WallTime(day, hour: time.0, minute: time.1, second: time.2)
        return found <= limit ? found : nil
      }
      day = CivilDay(number: day.number + 1)
      (year, month, dayOfMonth) = day.parts
      from = (0, 0, 0)
    }
    return nil
  }

  private func matches(_ day: CivilDay, _ dayOfMonth: Int) -> Bool {
    let byMonth = days.has(dayOfMonth)
    let byWeek = weekdays.has(day.weekday)
    return needsBothDays ? byMonth && byWeek : byMonth || byWeek
  }

  /// The first time of a day at or after the one that is given.
  private func firstTime(from start: (Int, Int, Int)) -> (Int, Int, Int)? {
    guard let hour = hours.first(from: start.0) else { return nil }
    if hour > start.0 { return earliest(in: hour) }
    guard let minute = minutes.first(from: start.1) else { return nextHour(after: hour) }
    if minute > start.1 { return (hour, minute, seconds.first(from: 0) ?? 0) }
    if let second = seconds.first(from: start.2) { return (hour, minute, second) }
    guard let later = minutes.first(from: minute + 1) else { return nextHour(after: hour) }
    return (hour, later, seconds.first(from: 0) ?? 0)
  }

  private func nextHour(after hour: Int) -> (Int, Int, Int)? {
    hours.first(from: hour + 1).flatMap(earliest)
  }

  private func earliest(in hour: Int) -> (Int, Int, Int)? {
    (hour, minutes.first(from: 0) ?? 0, seconds.first(from: 0) ?? 0)
  }
}

extension UInt64 {
  func has(_ bit: Int) -> Bool { self & (1 << UInt64(bit)) != 0 }

  /// The lowest bit at or above a number.
  func first(from bit: Int) -> Int? {
    guard bit < 64 else { return nil }
    let rest = (self >> UInt64(bit)) << UInt64(bit)
    return rest == 0 ? nil : rest.trailingZeroBitCount
  }
}
