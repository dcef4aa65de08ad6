/// Timestamps of RFC 3339, `2026-11-21T09:30:00.5+01:00`.
public enum RFC3339 {
  /// Microseconds since 1970-01-01T00:00:00Z of a date, `T` (or `t`, or a space), a time with optional
  /// fraction, and `Z` or an offset (§ 5.6), of the years 0001 to 9999; nil for anything else.
  public static func microseconds(_ text: String) -> Int64? {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.eat("-"), let month = reader.number(2), reader.eat("-"),
      let dayOfMonth = reader.number(2), reader.eat("T") || reader.eat("t") || reader.eat(" "),
      let hour = reader.number(2), reader.eat(":"), let minute = reader.number(2), reader.eat(":"),
      let second = reader.number(2), let fraction = reader.fraction(), let offset = reader.offsetMinutes(),
      reader.isAtEnd
    else { return nil }
    // A leap second (60) is read as the first moment of the next minute.
    guard let day = CivilDay(checkedYear: year, month: month, day: dayOfMonth), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    let seconds = day.firstSecond + Int64((hour * 60 + minute - offset) * 60 + second)
    return seconds * 1_000_000 + Int64(fraction)
  }
}

/// Reads the fixed fields of a timestamp.
private struct DigitReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func eat(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Microseconds; 0 without a fraction. Further digits are dropped.
  mutating func fraction() -> Int? {
    guard eat(".") else { return 0 }
    var value = 0
    var count = 0
    while let digit = digit() {
      if count < 6 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 6)..<6 { value *= 10 }
    return value
  }

  mutating func offsetMinutes() -> Int? {
    if eat("Z") || eat("z") { return 0 }
    let sign: Int
    if eat("+") { sign = 1 } else if eat("-") { sign = -1 } else { return nil }
    guard let hours = number(2), eat(":"), let minutes = number(2), hours < 24, minutes < 60 else {
      return nil
    }
    return sign * (hours * 60 + minutes)
  }

  private mutating func digit() -> Int? {
    guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
    rest.removeFirst()
    return Int(first - 0x30)
  }
}
