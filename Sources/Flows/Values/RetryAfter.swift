/// The time of a `Retry-After` header (RFC 9110 § 10.2.3).
public enum RetryAfter {
  /// Milliseconds to wait from `now`: of seconds, however many digits they have, or of a date in the
  /// preferred form of RFC 9110 § 5.6.7, `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
  public static func milliseconds(_ text: String, now: Instant) -> Int64? {
    let text = text.trimmed
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return min(Int64(text) ?? .max, longestMilliseconds / 1000) * 1000
    }
    guard let date = instant(text) else { return nil }
    return date.microseconds(since: now) / 1000
  }

  /// 366 days.
  private static let longestMilliseconds: Int64 = 31_622_400_000

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func instant(_ text: String) -> Instant? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
      let day = Int64(words[1]), let month = months.firstIndex(of: String(words[2])),
      let year = Int64(words[3])
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int64($0) }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]),
      (0...60).contains(clock[2])
    else { return nil }
    return Instant(
      date: (year, Int64(month) + 1, day), secondOfDay: clock[0] * 3600 + clock[1] * 60 + clock[2])
  }
}

extension Instant {
  /// A second of a day of the proleptic Gregorian calendar in UTC; nil for a day that is none.
  init?(date: (year: Int64, month: Int64, day: Int64), secondOfDay: Int64) {
    guard (1...9999).contains(date.year), (1...12).contains(date.month) else { return nil }
    let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[Int(date.month) - 1]).contains(date.day) else { return nil }
    // Days from 1970-01-01 by years that begin in March.
    let year = date.month <= 2 ? date.year - 1 : date.year
    let fromMarch = (date.month + 9) % 12
    let days =
      year * 365 + year / 4 - year / 100 + year / 400 + (153 * fromMarch + 2) / 5 + date.day - 1 - 719_468
    self.init(microseconds: (days * 86_400 + secondOfDay) * 1_000_000)
  }

  /// RFC 3339, `2026-11-21T09:30:00.5+01:00`; nil for anything else.
  init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    func number(_ start: Int, _ count: Int) -> Int64? {
      guard start + count <= bytes.count else { return nil }
      var value: Int64 = 0
      for byte in bytes[start..<start + count] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      return value
    }
    func has(_ sign: Character, at place: Int) -> Bool {
      place < bytes.count && Character(UnicodeScalar(bytes[place])) == sign
    }
    guard let year = number(0, 4), has("-", at: 4), let month = number(5, 2), has("-", at: 7),
      let day = number(8, 2), has("T", at: 10) || has("t", at: 10) || has(" ", at: 10),
      let hour = number(11, 2), has(":", at: 13), let minute = number(14, 2), has(":", at: 16),
      let second = number(17, 2), hour <= 23, minute <= 59, second <= 60
    else { return nil }
    var place = 19
    var fraction: Int64 = 0
    if has(".", at: place) {
      place += 1
      let start = place
      var scale: Int64 = 100_000
      while let digit = number(place, 1) {
        fraction += digit * scale
        scale /= 10
        place += 1
      }
      guard place > start else { return nil }
    }
    var offset: Int64 = 0
    if has("Z", at: place) || has("z", at: place) {
      place += 1
    } else {
      guard has("+", at: place) || has("-", at: place), let hours = number(place + 1, 2),
        has(":", at: place + 3), let minutes = number(place + 4, 2), hours <= 23, minutes <= 59
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (has("+", at: place) ? 1 : -1)
      place += 6
    }
    guard place == bytes.count,
      let instant = Instant(
        date: (year, month, day), secondOfDay: hour * 3600 + minute * 60 + second - offset)
    else { return nil }
    self.init(microseconds: instant.microseconds + fraction)
  }
}

extension String {
  /// Without spaces at its ends.
  fileprivate var trimmed: String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
