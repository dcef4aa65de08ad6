/// A row of introspection (§ 4): a schema's tables and an id in them, small and trivial, so that lists of
/// them cost nothing.
///
/// The tables are not retained: rows live no longer than the execution that holds the schema.
struct IntrospectionRow<Identifier: BitwiseCopyable & Sendable>: BitwiseCopyable, @unchecked Sendable {
  // @unchecked: the tables are immutable.
  let tables: UnsafePointer<IntrospectionTables>
  let id: Identifier

  init(_ tables: UnsafePointer<IntrospectionTables>, _ id: Identifier) {
    self.tables = tables
    self.id = id
  }
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

extension IntrospectionRow<FieldID> {
  var record: UnsafePointer<FieldRecord> { tables.pointee.fields + Int(id.rawValue) }
  var texts: UnsafePointer<JSONTexts> { tables.pointee.fieldTexts + Int(id.rawValue) }
}

extension IntrospectionRow<InputValueID> {
  var record: UnsafePointer<InputValueRecord> { tables.pointee.inputValues + Int(id.rawValue) }
  var texts: UnsafePointer<JSONTexts> { tables.pointee.inputValueTexts + Int(id.rawValue) }
}

extension IntrospectionRow<EnumValueID> {
  var record: UnsafePointer<EnumValueRecord> { tables.pointee.enumValues + Int(id.rawValue) }
  var texts: UnsafePointer<JSONTexts> { tables.pointee.enumValueTexts + Int(id.rawValue) }
}

extension IntrospectionRow<DirectiveID> {
  var record: UnsafePointer<DirectiveRecord> { tables.pointee.directives + Int(id.rawValue) }
  var texts: UnsafePointer<JSONTexts> { tables.pointee.directiveTexts + Int(id.rawValue) }
}

extension IntrospectionRow<TypeReference> {
  /// The named type's; nil for lists and non-null types.
  var record: UnsafePointer<TypeRecord>? {
    id.isNamed ? tables.pointee.types + Int(id.namedType.rawValue) : nil
  }

  var texts: UnsafePointer<JSONTexts>? {
    id.isNamed ? tables.pointee.typeTexts + Int(id.namedType.rawValue) : nil
  }
}

extension Arguments {
  /// `includeDeprecated: Boolean! = false`, the only argument of the fields that have it.
  var includesDeprecated: Bool { self[0]?.bool ?? false }
}
