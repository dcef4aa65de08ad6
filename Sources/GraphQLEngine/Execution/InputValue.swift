/// An input value, coerced or not: what variables, arguments and JSON bodies consist of (§ 3.12, § 6.4.1).
///
/// Also the row of dynamic objects, whose fields are the members of a JSON object.
public enum InputValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// The name of an enum value. JSON has no such thing: there it is a string until it is coerced.
  case enumValue(String)
  case list([InputValue])
  case object(InputObject)
}

/// The fields of an input object, in order; names are unique once coerced.
public struct InputObject: Hashable, Sendable {
  /// One entry of an object.
  public struct Field: Hashable, Sendable {
    /// The name of the entry.
    public var name: String
    /// The value of the entry.
    public var value: InputValue

    public init(name: String, value: InputValue) {
      self.name = name
      self.value = value
    }
  }

  /// The entries, in the order in which they were given.
  public var fields: [Field]

  public init(_ fields: [Field] = []) { self.fields = fields }

  /// The value of a field, or nil when it is absent, which is not the same as null.
  public subscript(name: String) -> InputValue? {
    for field in fields where field.name == name { return field.value }
    return nil
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { fields.isEmpty }

  /// Adds an entry behind the others; its name is not looked for.
  public mutating func append(_ name: String, _ value: InputValue) {
    fields.append(Field(name: name, value: value))
  }
}

extension InputValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .float(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: InputValue...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, InputValue)...) {
    self = .object(InputObject(elements.map { InputObject.Field(name: $0.0, value: $0.1) }))
  }
}

extension InputValue {
  /// Whether it is null.
  public var isNull: Bool { self == .null }

  /// The member of an object, or nil.
  public subscript(name: String) -> InputValue? {
    if case .object(let object) = self { return object[name] }
    return nil
  }

  /// The text of a string or the name of an enum value; nil for other values.
  public var string: String? {
    switch self {
    case .string(let text), .enumValue(let text): text
    default: nil
    }
  }

  /// The value of a whole number; nil for other values.
  public var int: Int? {
    if case .int(let value) = self { return value }
    return nil
  }

  /// An int counts as a float too.
  public var double: Double? {
    switch self {
    case .float(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }

  /// The value of a Boolean; nil for other values.
  public var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The items of a list; nil for other values.
  public var list: [InputValue]? {
    if case .list(let items) = self { return items }
    return nil
  }

  /// The entries of an object; nil for other values.
  public var object: InputObject? {
    if case .object(let object) = self { return object }
    return nil
  }
}

/// A Swift type that is read from a coerced input value. Generated input objects and enums conform.
///
/// Coercion has already checked the value against the schema, so a failure means that the Swift type and the
/// schema disagree; it is shown as an internal error.
public protocol InputDecodable: Sendable {
  init(input: InputValue) throws(InputMismatch)
}

/// The Swift type does not fit a coerced value.
public struct InputMismatch: Error, Sendable {
  /// The name of the Swift type that was asked for.
  public var expected: String
  public init(expected: String) { self.expected = expected }
}

extension Int: InputDecodable {
  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.int else { throw InputMismatch(expected: "Int") }
    self = value
  }
}

extension Double: InputDecodable {
  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.double else { throw InputMismatch(expected: "Double") }
    self = value
  }
}

extension String: InputDecodable {
  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.string else { throw InputMismatch(expected: "String") }
    self = value
  }
}

extension Bool: InputDecodable {
  public init(input: InputValue) throws(InputMismatch) {
    guard let value = input.bool else { throw InputMismatch(expected: "Bool") }
    self = value
  }
}

extension InputValue: InputDecodable {
  public init(input: InputValue) { self = input }
}

extension Optional: InputDecodable where Wrapped: InputDecodable {
  public init(input: InputValue) throws(InputMismatch) {
    if case .null = input { self = nil } else { self = try Wrapped(input: input) }
  }
}

extension Array: InputDecodable where Element: InputDecodable {
  public init(input: InputValue) throws(InputMismatch) {
    guard let items = input.list else { throw InputMismatch(expected: "Array") }
    var result: [Element] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try Element(input: item)) }
    self = result
  }
}

extension InputObject {
  /// Reads a field; an absent one reads as null, so optional types accept both.
  public func decode<Value: InputDecodable>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(InputMismatch) -> Value {
    try Value(input: self[name] ?? .null)
  }
}
