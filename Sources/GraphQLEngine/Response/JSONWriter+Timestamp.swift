extension JSONWriter {
  /// An instant in microseconds since 1970-01-01 as an RFC 3339 string in UTC with milliseconds; what lies
  /// below is cut off. Outside of the years 0 to 9999 the leaf fails.
  public mutating func write(timestamp microseconds: Int64) {
    let (shifted, overflow) = microseconds.subtractingReportingOverflow(JSONWriter.microsecondsTo2000)
    guard !overflow else { return fail("A time is out of range.") }
    write(timestampSince2000: shifted)
  }

  /// The same for microseconds since 2000-01-01, as Postgres counts them.
  mutating func write(timestampSince2000 value: Int64) {
    // Postgres stores infinity as the extremes.
    guard value != .max, value != .min else { return fail("A stored time is infinite.") }
    let secondsSinceEpoch = JSONWriter.floorDivide(value, 1_000_000)
    let milliseconds = Int((value - secondsSinceEpoch * 1_000_000) / 1000)
    let days = JSONWriter.floorDivide(secondsSinceEpoch, 86_400)
    let second = Int(secondsSinceEpoch - days * 86_400)
    let date = CivilDate(daysSince2000: Int(days))
    guard date.year >= 0, date.year <= 9999 else { return fail("A time is out of range.") }
    reserve(26)
    var end = self.end
    end[0] = 0x22
    end += 1
    JSONWriter.putDigits(&end, date.year, 4, then: 0x2D)
    JSONWriter.putDigits(&end, date.month, 2, then: 0x2D)
    JSONWriter.putDigits(&end, date.day, 2, then: 0x54)
    JSONWriter.putDigits(&end, second / 3600, 2, then: 0x3A)
    JSONWriter.putDigits(&end, second / 60 % 60, 2, then: 0x3A)
    JSONWriter.putDigits(&end, second % 60, 2, then: 0x2E)
    JSONWriter.putDigits(&end, milliseconds, 3, then: 0x5A)
    end[0] = 0x22
    self.end = end + 1
  }

  private static let microsecondsTo2000: Int64 = 946_684_800_000_000

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  private static func putDigits(
    _ end: inout UnsafeMutablePointer<UInt8>, _ value: Int, _ count: Int, then separator: UInt8
  ) {
    var rest = value
    var position = count - 1
    while position >= 0 {
      end[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      position -= 1
    }
    end[count] = separator
    end += count + 1
  }
}

/// A date of the proleptic Gregorian calendar.
private struct CivilDate {
  var year: Int
  var month: Int
  var day: Int

  /// Counts in eras of 400 years that start on 1 March, so that the leap day comes last.
  init(daysSince2000: Int) {
    let days = daysSince2000 + 730_425
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}
