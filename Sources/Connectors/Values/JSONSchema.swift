import Flows

/// What is wrong with a value, and where.
public struct ValueProblem: Error, Equatable, Sendable {
  /// Keys and indices with dots between them; empty for the value itself.
  public let path: String
  /// Without the path: `is required`, `must be of type string`.
  public let message: String
}

/// A JSON Schema (2020-12) of the part that manifests use: `type`, `properties`, `required`,
/// `additionalProperties`, `items`, `enum`, `const`, `anyOf`, bounds of lengths, numbers and counts,
/// `pattern`; `title`, `description`, `default`, `examples`, `format`, `writeOnly` and `$schema` say
/// something to people. A value; any thread.
public struct JSONSchema: Sendable, Equatable {
  /// Schemas inside each other at most.
  static let maximumDepth = 16
  public let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  /// The names of the object's properties.
  var properties: [JSONObject.Member] { value["properties"]?.object?.members ?? [] }
  var required: [String] { value["required"]?.array?.compactMap(\.string) ?? [] }

  /// The first thing that is wrong with a value; nil when nothing is.
  public func problem(with value: JSONValue) -> ValueProblem? {
    JSONSchema.problem(value, self.value, "")
  }

  /// An object with the defaults of its missing properties, and without those that are null where the schema
  /// does not allow it: an expression without a value is null.
  public func completed(_ input: JSONValue) -> JSONValue {
    guard var object = input.object else { return input }
    for property in properties {
      if object[property.key] == .null, JSONSchema.problem(.null, property.value, "") != nil {
        object[property.key] = nil
      }
      if object[property.key] == nil, let standard = property.value["default"] {
        object[property.key] = standard
      }
    }
    return .object(object)
  }

  private static func problem(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> ValueProblem? {
    if let problem = typeProblem(value, schema, path) { return problem }
    if let choices = schema["enum"]?.array, !choices.contains(value) {
      return ValueProblem(path: path, message: "is none of the allowed values")
    }
    if let constant = schema["const"], constant != value {
      return ValueProblem(path: path, message: "is not the allowed value")
    }
    if let alternatives = schema["anyOf"]?.array,
      !alternatives.contains(where: { problem(value, $0, path) == nil })
    {
      return ValueProblem(path: path, message: "fits none of the alternatives")
    }
    switch value {
    case .string(let text): return textProblem(text, schema, path)
    case .integer, .number: return numberProblem(value, schema, path)
    case .array(let elements): return listProblem(elements, schema, path)
    case .object(let object): return objectProblem(object, schema, path)
    case .null, .bool: return nil
    }
  }

  private static func typeProblem(
    _ value: JSONValue, _ schema: JSONValue, _ path: String
  ) -> ValueProblem? {
    guard let type = schema["type"] else { return nil }
    let names = type.array?.compactMap(\.string) ?? [type.string ?? ""]
    if names.contains(where: { matches(value, $0) }) { return nil }
    return ValueProblem(path: path, message: "must be of type \(names.joined(separator: " or "))")
  }

  private static func matches(_ value: JSONValue, _ type: String) -> Bool {
    switch (type, value) {
    case ("string", .string), ("boolean", .bool), ("object", .object), ("array", .array), ("null", .null),
      ("number", .integer), ("number", .number):
      true
    case ("integer", _): value.integer != nil
    default: false
    }
  }

  private static func textProblem(_ text: String, _ schema: JSONValue, _ path: String) -> ValueProblem? {
    let shortest = bound(schema, "minLength") ?? 0
    let longest = bound(schema, "maxLength") ?? Int.max
    if text.unicodeScalars.count < shortest || text.unicodeScalars.count > longest {
      let message =
        longest == Int.max
        ? "must have at least \(shortest) characters" : "must have \(shortest) to \(longest) characters"
      return ValueProblem(path: path, message: message)
    }
    // Patterns come from checked manifests, so that they compile.
    if let pattern = schema["pattern"]?.string, let expression = try? Regex(pattern),
      text.firstMatch(of: expression) == nil
    {
      return ValueProblem(path: path, message: "does not have the expected form")
    }
    return nil
  }

  private static func numberProblem(
    _ value: JSONValue, _ schema: JSONValue, _ path: String
  ) -> ValueProblem? {
    guard let number = double(value) else { return nil }
    if let least = schema["minimum"].flatMap(double), number < least {
      return ValueProblem(path: path, message: "must be at least \(schema["minimum"]?.text() ?? "")")
    }
    if let greatest = schema["maximum"].flatMap(double), number > greatest {
      return ValueProblem(path: path, message: "must be at most \(schema["maximum"]?.text() ?? "")")
    }
    return nil
  }

  private static func listProblem(
    _ elements: [JSONValue], _ schema: JSONValue, _ path: String
  ) -> ValueProblem? {
    if elements.count < bound(schema, "minItems") ?? 0 {
      return ValueProblem(
        path: path, message: "must have at least \(bound(schema, "minItems") ?? 0) elements")
    }
    if let most = bound(schema, "maxItems"), elements.count > most {
      return ValueProblem(path: path, message: "must have at most \(most) elements")
    }
    guard let items = schema["items"] else { return nil }
    for (index, element) in elements.enumerated() {
      if let problem = problem(element, items, join(path, String(index))) { return problem }
    }
    return nil
  }

  private static func objectProblem(
    _ object: JSONObject, _ schema: JSONValue, _ path: String
  ) -> ValueProblem? {
    for key in schema["required"]?.array?.compactMap(\.string) ?? [] where object[key] == nil {
      return ValueProblem(path: join(path, key), message: "is required")
    }
    for member in object.members {
      let place = join(path, member.key)
      if let property = schema["properties"]?[member.key] {
        if let problem = problem(member.value, property, place) { return problem }
      } else if schema["additionalProperties"] == .bool(false) {
        return ValueProblem(path: place, message: "is unknown")
      } else if let other = schema["additionalProperties"], other.object != nil {
        if let problem = problem(member.value, other, place) { return problem }
      }
    }
    return nil
  }

  private static func bound(_ schema: JSONValue, _ key: String) -> Int? {
    schema[key]?.integer.map { Int(clamping: $0) }
  }

  private static func double(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }
}
