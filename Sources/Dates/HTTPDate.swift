/// Dates of HTTP's headers in their preferred form (RFC 9110 § 5.6.7), `Sun, 06 Nov 1994 08:49:37 GMT`.
public enum HTTPDate {
  /// Seconds since 1970-01-01T00:00:00Z; nil for anything else.
  public static func seconds(_ text: some StringProtocol) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","), let dayOfMonth = Int(words[1]),
      let month = CivilDay.monthNames.firstIndex(of: String(words[2])), let year = Int(words[3]),
      let day = CivilDay(checkedYear: year, month: month + 1, day: dayOfMonth)
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int64($0) }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]),
      (0...60).contains(clock[2])
    else { return nil }
    return day.firstSecond + clock[0] * 3600 + clock[1] * 60 + clock[2]
  }
}
