/// A row of introspection (§ 4): a schema and an id in it, small and trivial, so that lists of them cost
/// nothing.
///
/// The schema is not retained: rows live no longer than the execution that holds the schema.
struct IntrospectionRow<Identifier: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
  private let unmanaged: Unmanaged<Schema>
  let id: Identifier

  init(_ schema: Schema, _ id: Identifier) {
    unmanaged = Unmanaged.passUnretained(schema)
    self.id = id
  }

  var schema: Schema { unmanaged.takeUnretainedValue() }
}

/// The schema itself needs no id.
struct WholeSchema: BitwiseCopyable, Sendable {}

/// § 4.2, one name for each introspection type.
typealias SchemaRow = IntrospectionRow<WholeSchema>
typealias TypeRow = IntrospectionRow<TypeReference>
typealias FieldRow = IntrospectionRow<FieldID>
typealias InputValueRow = IntrospectionRow<InputValueID>
typealias EnumValueRow = IntrospectionRow<EnumValueID>
typealias DirectiveRow = IntrospectionRow<DirectiveID>

extension JSONWriter {
  /// A name of the schema; names need no escaping (§ 2.1.9).
  mutating func write(name symbol: Symbol, of schema: Schema) {
    put(UInt8(ascii: "\""))
    schema.symbols.withBytes(symbol) { put($0) }
    put(UInt8(ascii: "\""))
  }

  /// A word without characters that need escaping.
  mutating func write(word: StaticString) {
    put(UInt8(ascii: "\""))
    put(word)
    put(UInt8(ascii: "\""))
  }

  /// The value of a string literal, straight from the source where it has no escapes.
  mutating func write(description node: StringNode?) {
    guard let node else { return writeNull() }
    guard node.needsDecoding else { return write(text: node.raw.bytes) }
    var value: [UInt8] = []
    node.appendValue(to: &value)
    value.withUnsafeBufferPointer { write(text: $0) }
  }

  mutating func write(optional text: String?) {
    guard let text else { return writeNull() }
    write(text)
  }
}

extension Arguments {
  /// `includeDeprecated: Boolean! = false`, the only argument of the fields that have it.
  var includesDeprecated: Bool { self[0]?.bool ?? false }
}
