/// A moment in microseconds since 1970-01-01T00:00:00Z, without leap seconds, as Postgres counts them.
///
/// The domain never asks for the time: instants come in with events, from a `RunClock`.
public struct Instant: Hashable, Comparable, Sendable {
  /// Microseconds since the Unix epoch.
  public var microseconds: Int64

  @inlinable
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

  /// This instant moved by milliseconds; stays at the bounds of what can be represented.
  public func advanced(byMilliseconds milliseconds: Int64) -> Instant {
    let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    let step = overflow ? (milliseconds < 0 ? Int64.min : Int64.max) : product
    let (sum, overflowed) = microseconds.addingReportingOverflow(step)
    return Instant(microseconds: overflowed ? (step < 0 ? Int64.min : Int64.max) : sum)
  }

  /// Microseconds from `earlier` to this instant, never negative: a clock that was set back gives 0.
  public func microseconds(since earlier: Instant) -> Int64 {
    let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
    return overflow ? Int64.max : max(0, difference)
  }
}

extension Instant: CustomStringConvertible {
  /// RFC 3339 in UTC with milliseconds, `2026-11-21T09:30:00.000Z`.
  public var description: String {
    let microsecondsPerDay: Int64 = 86_400_000_000
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: microsecondsPerDay)
    let days = remainder < 0 ? quotient - 1 : quotient
    let timeOfDay = (remainder < 0 ? remainder + microsecondsPerDay : remainder) / 1000
    let (year, month, day) = Instant.civilDate(daysSinceEpoch: days)
    let seconds = timeOfDay / 1000
    return Instant.padded(year, 4) + "-" + Instant.padded(month, 2) + "-" + Instant.padded(day, 2)
      + "T" + Instant.padded(seconds / 3600, 2) + ":" + Instant.padded(seconds / 60 % 60, 2) + ":"
      + Instant.padded(seconds % 60, 2) + "." + Instant.padded(timeOfDay % 1000, 3) + "Z"
  }

  /// The proleptic Gregorian date, by eras of 400 years (146,097 days) that begin on the first of March.
  private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = daysSinceEpoch + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
