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
      throw ScalarError("Value \"\(text)\" does not exist in \"\(name)\" enum.")
    }
    return .enumValue(text)
  }
}

extension InputValue {
  /// The value as graphql-js's `inspect` shows it: two levels deep, ten items of a list.
  var inspected: String { inspected(depth: 0) }

  private func inspected(depth: Int) -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return String(value)
    case .float(let value):
      var writer = JSONWriter(capacity: 32)
      writer.write(value)
      return writer.outcome == .failure
        ? (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity") : writer.text
    case .string(let text), .enumValue(let text):
      var writer = JSONWriter(capacity: 64)
      writer.write(text)
      return writer.text
    case .list(let items):
      if items.isEmpty { return "[]" }
      if depth > 2 { return "[Array]" }
      var shown = items.prefix(10).map { $0.inspected(depth: depth + 1) }
      if items.count == 11 { shown.append("... 1 more item") }
      if items.count > 11 { shown.append("... \(items.count - 10) more items") }
      return "[" + shown.joined(separator: ", ") + "]"
    case .object(let object):
      if object.isEmpty { return "{}" }
      if depth > 2 { return "[Object]" }
      let shown = object.fields.map { "\($0.name): \($0.value.inspected(depth: depth + 1))" }
      return "{ " + shown.joined(separator: ", ") + " }"
    }
  }
}
