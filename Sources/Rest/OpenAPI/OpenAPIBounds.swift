import GraphQLEngine

/// The bounds of a value as the schema's descriptions tell them: "1 to 200 characters", "up to 2,000
/// characters", "at most 500", "1 to 100". The schema has no other place for them, and people read the same.
struct OpenAPIBounds: Equatable {
  private(set) var characters: ClosedRange<Int>?
  private(set) var entries: ClosedRange<Int>?
  private(set) var numbers: ClosedRange<Int>?

  init(_ description: String?) {
    guard let text = description else { return }
    if let match = text.firstMatch(of: /([\d,]+) to ([\d,]+) characters/) {
      characters = OpenAPIBounds.range(match.1, match.2)
    } else if let match = text.firstMatch(of: /(?i:up to|at most) ([\d,]+) characters/) {
      characters = OpenAPIBounds.range("0", match.1)
    }
    if let match = text.firstMatch(of: /(?i:at most) ([\d,]+)(?:[.,;]|$| in)/) {
      entries = OpenAPIBounds.range("0", match.1)
    } else if let match = text.firstMatch(of: /([\d,]+) to ([\d,]+) (?!characters|bytes)\w+/) {
      entries = OpenAPIBounds.range(match.1, match.2)
    }
    if let match = text.firstMatch(of: /([\d,]+) to ([\d,]+)(?:[.;]|$)/) {
      numbers = OpenAPIBounds.range(match.1, match.2)
    } else if text.contains(/\bfrom 0\b/) {
      numbers = 0...Int(Int32.max)
    }
  }

  private static func range(_ low: Substring, _ high: Substring) -> ClosedRange<Int>? {
    guard let low = Int(low.filter { $0 != "," }), let high = Int(high.filter { $0 != "," }), low <= high
    else {
      return nil
    }
    return low...high
  }

  /// Adds those that fit the type.
  func apply(to object: inout InputObject) {
    let type = object["type"].flatMap { $0.string ?? $0.list?.first?.string }
    switch type {
    case "string": OpenAPIBounds.add(characters, "minLength", "maxLength", to: &object)
    case "array": OpenAPIBounds.add(entries, "minItems", "maxItems", to: &object)
    case "integer":
      guard let numbers else { return }
      object.fields.removeAll { $0.name == "minimum" || $0.name == "maximum" }
      OpenAPIBounds.add(numbers, "minimum", "maximum", to: &object)
    default: break
    }
  }

  private static func add(
    _ range: ClosedRange<Int>?, _ low: String, _ high: String, to object: inout InputObject
  ) {
    guard let range else { return }
    if range.lowerBound != 0 || low == "minimum" { object.append(low, .int(range.lowerBound)) }
    object.append(high, .int(range.upperBound))
  }
}
