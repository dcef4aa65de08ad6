import GraphQLEngine

/// The `DateTime` scalar: microseconds since 1970-01-01T00:00:00Z, RFC 3339 on the wire.
public struct DateTime: Hashable, Sendable, InputDecodable, LeafValue {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// A coerced value is the text that `coercion` has checked.
  public init(input: InputValue) throws(InputMismatch) {
    guard let text = input.string, let value = DateTime(text) else {
      throw InputMismatch(expected: "DateTime")
    }
    self = value
  }

  /// RFC 3339 § 5.6: date, `T`, time with optional fraction, and `Z` or an offset. Years 0001 to 9999.
  public init?(_ text: String) {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.eat("-"), let month = reader.number(2), reader.eat("-"),
      let day = reader.number(2), reader.eat("T") || reader.eat("t") || reader.eat(" "),
      let hour = reader.number(2), reader.eat(":"), let minute = reader.number(2), reader.eat(":"),
      let second = reader.number(2), let fraction = reader.fraction(), let offset = reader.offsetMinutes(),
      reader.isAtEnd
    else { return nil }
    // A leap second (60) is read as the first moment of the next minute.
    guard year >= 1, (1...12).contains(month), day >= 1, day <= DateTime.days(in: month, of: year),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = DateTime.daysSinceEpoch(year, month, day)
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
    microseconds = Int64(seconds) * 1_000_000 + Int64(fraction)
  }

  public func write(to out: inout JSONWriter) { out.write(timestamp: microseconds) }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted by eras of 400 years that begin in
  /// March.
  private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
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
