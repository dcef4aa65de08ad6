import Dates

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

extension Instant {
  /// RFC 3339, `2026-11-21T09:30:00.5+01:00`; nil for anything else.
  public init?(rfc3339 text: String) {
    guard let microseconds = RFC3339.microseconds(text) else { return nil }
    self.init(microseconds: microseconds)
  }
}

extension Instant {
  /// The day in UTC, and the microseconds since it began.
  public var dayAndTime: (day: CivilDay, microseconds: Int64) {
    let microsecondsPerDay: Int64 = 86_400_000_000
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: microsecondsPerDay)
    if remainder < 0 { return (CivilDay(number: quotient - 1), remainder + microsecondsPerDay) }
    return (CivilDay(number: quotient), remainder)
  }
}

extension Instant: CustomStringConvertible {
  /// RFC 3339 in UTC with milliseconds, `2026-11-21T09:30:00.000Z`.
  public var description: String {
    let (day, microseconds) = dayAndTime
    let date = day.parts
    let (seconds, milliseconds) = (Int(microseconds / 1_000_000), Int(microseconds / 1000 % 1000))
    return Instant.padded(date.year, 4) + "-" + Instant.padded(date.month, 2) + "-"
      + Instant.padded(date.day, 2) + "T" + Instant.padded(seconds / 3600, 2) + ":"
      + Instant.padded(seconds / 60 % 60, 2) + ":" + Instant.padded(seconds % 60, 2) + "."
      + Instant.padded(milliseconds, 3) + "Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
