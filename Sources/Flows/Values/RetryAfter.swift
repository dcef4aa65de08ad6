import Dates

/// The time of a `Retry-After` header (RFC 9110 § 10.2.3).
public enum RetryAfter {
  /// Milliseconds to wait from `now`: of seconds, however many digits they have, or of a date in the
  /// preferred form of RFC 9110 § 5.6.7, `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
  public static func milliseconds(_ text: String, now: Instant) -> Int64? {
    let text = text.trimmed
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return min(Int64(text) ?? .max, longestMilliseconds / 1000) * 1000
    }
    guard let seconds = HTTPDate.seconds(text) else { return nil }
    return Instant(microseconds: seconds * 1_000_000).microseconds(since: now) / 1000
  }

  /// 366 days.
  private static let longestMilliseconds: Int64 = 31_622_400_000
}

extension String {
  /// Without spaces at its ends.
  fileprivate var trimmed: String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
