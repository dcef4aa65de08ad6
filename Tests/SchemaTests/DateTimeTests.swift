import GraphQLEngine
import Schema
import Testing

/// The scalar `DateTime`: RFC 3339 in, RFC 3339 in UTC with milliseconds out.
@Suite struct DateTimeTests {
  static let vectors: [(text: String, microseconds: Int64, printed: String)] = [
    ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"),
    ("1970-01-01T00:00:00.000001Z", 1, "1970-01-01T00:00:00.000Z"),
    ("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999Z"),
    ("1969-12-31T23:59:59.999Z", -1000, "1969-12-31T23:59:59.999Z"),
    ("2026-11-21T09:30:00.000Z", 1_795_253_400_000_000, "2026-11-21T09:30:00.000Z"),
    ("2026-11-21t09:30:00z", 1_795_253_400_000_000, "2026-11-21T09:30:00.000Z"),
    ("2026-11-21 10:30:00+01:00", 1_795_253_400_000_000, "2026-11-21T09:30:00.000Z"),
    ("2026-11-21T04:00:00-05:30", 1_795_253_400_000_000, "2026-11-21T09:30:00.000Z"),
    ("2026-11-21T09:30:00.5Z", 1_795_253_400_500_000, "2026-11-21T09:30:00.500Z"),
    ("2026-11-21T09:30:00.123456789Z", 1_795_253_400_123_456, "2026-11-21T09:30:00.123Z"),
    ("2000-02-29T12:00:00Z", 951_825_600_000_000, "2000-02-29T12:00:00.000Z"),
    ("2024-02-29T23:59:59.999Z", 1_709_251_199_999_000, "2024-02-29T23:59:59.999Z"),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000_000, "2017-01-01T00:00:00.000Z"),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999_000, "9999-12-31T23:59:59.999Z"),
    ("1990-12-31T15:59:60-08:00", 662_688_000_000_000, "1991-01-01T00:00:00.000Z"),
  ]

  @Test(arguments: vectors)
  func `an instant is read and printed`(_ vector: (text: String, microseconds: Int64, printed: String)) throws
  {
    let value = try #require(DateTime(vector.text))
    #expect(value.microseconds == vector.microseconds)
    #expect(value.text == vector.printed)
    #expect(DateTime(value.text)?.text == value.text)
  }

  @Test(arguments: [
    "", "2026", "2026-11-21", "2026-11-21T09:30:00", "2026-11-21T09:30Z", "26-11-21T09:30:00Z",
    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100",
    "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z", "0000-01-01T00:00:00Z",
    "2026-01-01T00:00:00,5Z", "２026-01-01T00:00:00Z", "-2026-01-01T00:00:00Z", "+2026-01-01T00:00:00Z",
  ])
  func `what is no instant is refused`(_ text: String) {
    #expect(DateTime(text) == nil)
  }

  /// The printed form is fixed in width, so its order as text is the order in time.
  @Test func `printing goes forward day by day through all calendars' corners`() throws {
    var last = ""
    for day in stride(from: Int64(-719_162), through: 2_932_896, by: 97) {
      let value = DateTime(microseconds: day * 86_400_000_000 + 86_399_999_000)
      #expect(value.text > last)
      #expect(DateTime(value.text) == value)
      last = value.text
    }
  }

  @Test func `it writes itself as a JSON string`() {
    var writer = JSONWriter(capacity: 64)
    DateTime(microseconds: 1_795_253_400_500_000).write(to: &writer)
    #expect(writer.text == "\"2026-11-21T09:30:00.500Z\"")
  }
}

extension DateTime {
  /// What it writes, without the quotes.
  fileprivate var text: String {
    var writer = JSONWriter(capacity: 64)
    write(to: &writer)
    return String(writer.text.dropFirst().dropLast())
  }
}
