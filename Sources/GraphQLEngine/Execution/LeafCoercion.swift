// Input coercion of leaves: scalars and enums (§ 3.5, § 3.9), with graphql-js's wording.

extension ExecutableSchema {
  /// Coerces a raw value of a variable, or a literal without its syntax, to a leaf type.
  func coerceLeaf(_ value: InputValue, to type: TypeID) throws(ScalarError) -> InputValue {
    if schema[type].kind == .enum { return try coerceEnum(value, to: type) }
    let known = schema.wellKnown
    switch type {
    case known.int: return try coerceInt(value)
    case known.float:
      guard let number = value.double, number.isFinite else {
        throw ScalarError("Float cannot represent non numeric value: \(value.inspected)")
      }
      return .float(number)
    case known.string:
      guard case .string = value else {
        throw ScalarError("String cannot represent a non string value: \(value.inspected)")
      }
      return value
    case known.boolean:
      guard case .bool = value else {
        throw ScalarError("Boolean cannot represent a non boolean value: \(value.inspected)")
      }
      return value
    case known.id:
      if case .string = value { return value }
      if case .int(let number) = value { return .string(String(number)) }
      if case .float(let number) = value, number == number.rounded(), number.magnitude < 1e21 {
        return .string(value.inspected)
      }
      throw ScalarError("ID cannot represent value: \(value.inspected)")
    default:
      guard let coercion = scalars[type] else { return value }
      return try coercion.input(value)
    }
  }

  private func coerceInt(_ value: InputValue) throws(ScalarError) -> InputValue {
    var number = value
    if case .float(let float) = value, float == float.rounded() {
      guard float.magnitude <= 2_147_483_648 else {
        throw ScalarError("Int cannot represent non 32-bit signed integer value: \(value.inspected)")
      }
      number = .int(Int(float))
    }
    guard case .int(let integer) = number else {
      throw ScalarError("Int cannot represent non-integer value: \(value.inspected)")
    }
    guard Int32(exactly: integer) != nil else {
      throw ScalarError("Int cannot represent non 32-bit signed integer value: \(value.inspected)")
    }
    return number
  }

  private func coerceEnum(_ value: InputValue, to type: TypeID) throws(ScalarError) -> InputValue {
    let name = schema.name(type)
    guard let text = value.string else {
      throw ScalarError("Enum \"\(name)\" cannot represent non-string value: \(value.inspected).")
    }
    guard schema.enumValue(named: text, in: type) != nil else {
      throw ScalarError("Value \"\(text.cut(toBytes: 1_000))\" does not exist in \"\(name)\" enum.")
    }
    return .enumValue(text)
  }
}

extension InputValue {
  /// The value as graphql-js's `inspect` shows it: two levels deep, ten items of a list; cut where it is
  /// long, for clients send long values and every error shows one.
  var inspected: String {
    var text = ""
    inspect(into: &text, depth: 0)
    return text
  }

  /// Bytes of an inspected value, and of a string in it.
  private static let inspectedLength = 1_000

  private func inspect(into text: inout String, depth: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .float(let value): text += InputValue.inspected(value)
    case .string(let string), .enumValue(let string): text += InputValue.inspected(string)
    case .list(let items):
      if items.isEmpty { return text += "[]" }
      if depth > 1 { return text += "[Array]" }
      text += "["
      for (index, item) in items.prefix(10).enumerated() {
        if index > 0 { text += ", " }
        item.inspect(into: &text, depth: depth + 1)
      }
      if items.count == 11 { text += ", ... 1 more item" }
      if items.count > 11 { text += ", ... \(items.count - 10) more items" }
      text += "]"
    case .object(let object):
      if object.isEmpty { return text += "{}" }
      if depth > 1 { return text += "[Object]" }
      inspect(object, into: &text, depth: depth)
    }
  }

  private func inspect(_ object: InputObject, into text: inout String, depth: Int) {
    text += "{ "
    for (index, field) in object.fields.enumerated() {
      if index > 0 { text += ", " }
      guard text.utf8.count < InputValue.inspectedLength else {
        text += "…"
        break
      }
      text += "\(field.name.cut(toBytes: InputValue.inspectedLength)): "
      field.value.inspect(into: &text, depth: depth + 1)
    }
    text += " }"
  }

  private static func inspected(_ value: Double) -> String {
    var writer = JSONWriter(capacity: 32)
    writer.write(value)
    return writer.outcome == .failure
      ? (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity") : writer.text
  }

  private static func inspected(_ string: String) -> String {
    var writer = JSONWriter(capacity: 64)
    writer.write(string.cut(toBytes: inspectedLength))
    return writer.text
  }
}

extension String {
  /// The text, or its beginning and an ellipsis where it is longer than `limit` bytes.
  func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(startIndex, offsetBy: limit)
    // Not within a character of several bytes.
    while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(self[..<end]) + "…"
  }
}
