import Dates
import Flows

/// Reads how long a header asks to wait.
enum ResetTime {
  /// A day: whoever asks for more is not waited for any better.
  static let maximumWait: Int64 = 86_400_000

  /// Milliseconds from now, 0 to a day; nil for what cannot be read.
  static func wait(_ text: String, _ kind: RateLimits.ResetKind, _ nowMilliseconds: Int64) -> Int64? {
    let text = String(text.trimmingSpaces)
    let wait: Int64? =
      switch kind {
      case .seconds: milliseconds(text, factor: 1000)
      case .milliseconds: milliseconds(text, factor: 1)
      case .epoch: milliseconds(text, factor: 1000).map { $0 - nowMilliseconds }
      case .epochMilliseconds: milliseconds(text, factor: 1).map { $0 - nowMilliseconds }
      case .httpDate: HTTPDate.seconds(text).map { $0 * 1000 - nowMilliseconds }
      case .dateTime: dateTime(text).map { $0 - nowMilliseconds }
      case .duration: duration(text)
      }
    return wait.map { min(max(0, $0), maximumWait) }
  }

  /// Milliseconds since 1970 of an instant; nil for what cannot be read, and for kinds that are none.
  static func instant(_ text: String, _ kind: RateLimits.ResetKind) -> Int64? {
    switch kind {
    case .epoch: milliseconds(text, factor: 1000)
    case .epochMilliseconds: milliseconds(text, factor: 1)
    case .httpDate: HTTPDate.seconds(text).map { $0 * 1000 }
    case .dateTime: dateTime(text)
    case .seconds, .milliseconds, .duration: nil
    }
  }

  private static func milliseconds(_ text: String, factor: Double) -> Int64? {
    guard let number = Double(text), !number.isNaN else { return nil }
    return Int64((max(-1e14, min(number, 1e14)) * factor).rounded(.up))
  }

  /// `1h2m3.5s`, `120ms`.
  private static func duration(_ text: String) -> Int64? {
    let factors = ["ms": 1.0, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    var rest = text[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits), let factor = factors[String(unit)] else { return nil }
      total += number * factor
    }
    return total < 1e14 ? Int64(total.rounded(.up)) : nil
  }

  /// RFC 3339, in UTC or with an offset.
  static func dateTime(_ text: String) -> Int64? {
    guard let divider = text.firstIndex(where: { $0 == "T" || $0 == " " }) else { return nil }
    let date = text[..<divider].split(separator: "-").compactMap { Int($0) }
    let clock = text[text.index(after: divider)...]
    let offsetStart = clock.firstIndex { "Zz+-".contains($0) } ?? clock.endIndex
    guard date.count == 3, let day = CivilDay(checkedYear: date[0], month: date[1], day: date[2]),
      let time = time(clock[..<offsetStart])
    else { return nil }
    var offset: Int64 = 0
    let zone = clock[offsetStart...]
    if let sign = zone.first, "+-".contains(sign) {
      // `+01:00`, and `+0100` as some services write it.
      let digits = zone.dropFirst().filter { $0 != ":" }
      let parts = [digits.prefix(2), digits.dropFirst(2)].compactMap { Int64($0) }
      guard digits.count == 4, parts.count == 2 else { return nil }
      offset = (parts[0] * 60 + parts[1]) * 60_000 * (sign == "-" ? -1 : 1)
    }
    return day.firstSecond * 1000 + time - offset
  }

  private static func time(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":")
    guard parts.count == 3, let hours = Int64(parts[0]), (0...24).contains(hours),
      let minutes = Int64(parts[1]), (0...59).contains(minutes), let seconds = Double(parts[2]),
      (0..<62).contains(seconds)
    else { return nil }
    return (hours * 60 + minutes) * 60_000 + Int64(seconds * 1000)
  }
}

extension String {
  fileprivate var trimmingSpaces: Substring {
    let start = self.drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { start[...$0] } ?? ""
  }
}
