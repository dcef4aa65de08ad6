/// The coerced arguments of one field (§ 6.4.1): by position in the schema, or by name.
///
/// An argument that was not given and has no default is absent, which is not the same as null.
public struct Arguments: Sendable {
  /// In the order of the field's definition; nil is absent.
  @usableFromInline let values: [InputValue?]
  /// The first argument's place in `schema.inputValues`.
  let range: TableRange
  let schema: Schema?

  init(values: [InputValue?], range: TableRange, schema: Schema) {
    self.values = values
    self.range = range
    self.schema = schema
  }

  /// No arguments.
  init() {
    values = []
    range = .empty
    schema = nil
  }

  /// Whether no argument has a value.
  public var isEmpty: Bool { values.allSatisfy { $0 == nil } }

  /// The argument at a position in the field's definition; nil when it is absent.
  @inlinable
  public subscript(position: Int) -> InputValue? {
    position < values.count ? values[position] : nil
  }

  /// The argument with a name; nil when it is absent.
  public subscript(name: String) -> InputValue? {
    guard let schema, let symbol = schema.symbols.symbol(name) else { return nil }
    for (position, index) in range.indices.enumerated() where schema.inputValues[index].name == symbol {
      return self[position]
    }
    return nil
  }

  /// All arguments that are present, as an input object.
  public var object: InputObject {
    var object = InputObject()
    guard let schema else { return object }
    for (position, index) in range.indices.enumerated() {
      if let value = self[position] { object.append(schema.name(schema.inputValues[index].name), value) }
    }
    return object
  }

  /// Reads an argument; an absent one reads as null, so optional types accept both.
  public func decode<Value: InputDecodable>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(InputMismatch) -> Value {
    try Value(input: self[name] ?? .null)
  }

  /// Reads the argument at a position.
  public func decode<Value: InputDecodable>(
    at position: Int, as type: Value.Type = Value.self
  ) throws(InputMismatch) -> Value {
    try Value(input: self[position] ?? .null)
  }

  /// The argument as an integer; nil when it is absent or something else.
  public func int(_ name: String) -> Int? { self[name]?.int }
  /// The argument as a number; nil when it is absent or something else.
  public func double(_ name: String) -> Double? { self[name]?.double }
  /// The argument as a string; nil when it is absent or something else.
  public func string(_ name: String) -> String? { self[name]?.string }
  /// The argument as a Boolean; nil when it is absent or something else.
  public func bool(_ name: String) -> Bool? { self[name]?.bool }
}
