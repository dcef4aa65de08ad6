import Flows

/// Which of two cursors is greater. Numbers, also those in texts, are compared as numbers, times as times,
/// and other texts as texts.
enum CursorOrder {
  static func isLess(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if let left = digits(left), let right = digits(right) {
      return left.count == right.count ? left < right : left.count < right.count
    }
    if let left = number(left), let right = number(right) { return left < right }
    let (one, other) = (Place.plainText(left) ?? "", Place.plainText(right) ?? "")
    if let first = ResetTime.dateTime(one), let second = ResetTime.dateTime(other), first != second {
      return first < second
    }
    return one < other
  }

  static func greatest(_ cursors: some Sequence<JSONValue>) -> JSONValue? { cursors.max(by: isLess) }

  /// A whole number that is not negative, of any length, without zeros in front.
  private static func digits(_ value: JSONValue) -> String? {
    guard let text = Place.plainText(value), !text.isEmpty,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return String(text.drop { $0 == "0" })
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    case .string(let text): Double(text)
    default: nil
    }
  }
}
