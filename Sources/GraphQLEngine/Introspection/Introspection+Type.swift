// § 4.2.2: the fields of `__Type`. A wrapped type answers `kind` and `ofType` only.

extension IntrospectionRow where Identifier == TypeReference {
  /// The named type; nil for lists and non-null types.
  var named: TypeRecord? { id.isNamed ? schema[id.namedType] : nil }
}

enum TypeKindName: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    let reference = row.pointee.id
    if reference.isNonNull { return out.put("\"NON_NULL\"") }
    if reference.isList { return out.put("\"LIST\"") }
    switch row.pointee.schema[reference.namedType].kind {
    case .scalar: out.put("\"SCALAR\"")
    case .object: out.put("\"OBJECT\"")
    case .interface: out.put("\"INTERFACE\"")
    case .union: out.put("\"UNION\"")
    case .enum: out.put("\"ENUM\"")
    case .inputObject: out.put("\"INPUT_OBJECT\"")
    }
  }
}

enum TypeName: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard let type = row.pointee.named else { return out.writeNull() }
    out.write(name: type.name, of: row.pointee.schema)
  }
}

enum TypeDescription: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard row.pointee.id.isNamed else { return out.writeNull() }
    out.write(description: row.pointee.schema.descriptionNode(of: row.pointee.id.namedType))
  }
}

enum TypeSpecifiedByURL: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard row.pointee.id.isNamed else { return out.writeNull() }
    out.write(optional: row.pointee.schema.specifiedByURL(of: row.pointee.id.namedType))
  }
}

enum TypeIsOneOf: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard let type = row.pointee.named, type.kind == .inputObject else { return out.writeNull() }
    out.write(type.isOneOf)
  }
}

enum TypeFields: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<FieldRow>
  ) {
    guard let type = row.pointee.named, type.kind == .object || type.kind == .interface else {
      return children.setNull()
    }
    let schema = row.pointee.schema
    let includesDeprecated = arguments.includesDeprecated
    for index in type.fields.indices where includesDeprecated || !schema.fields[index].isDeprecated {
      children.append(FieldRow(schema, FieldID(rawValue: UInt32(index))))
    }
  }
}

enum TypeInterfaces: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<TypeRow>
  ) {
    guard let type = row.pointee.named, type.kind == .object || type.kind == .interface else {
      return children.setNull()
    }
    children.append(row.pointee.schema, type.interfaces)
  }
}

enum TypePossibleTypes: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<TypeRow>
  ) {
    guard let type = row.pointee.named, type.kind.isAbstract else { return children.setNull() }
    children.append(row.pointee.schema, type.possibleTypes)
  }
}

enum TypeEnumValues: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<EnumValueRow>
  ) {
    guard let type = row.pointee.named, type.kind == .enum else { return children.setNull() }
    let schema = row.pointee.schema
    let includesDeprecated = arguments.includesDeprecated
    for index in type.enumValues.indices where includesDeprecated || !schema.enumValues[index].isDeprecated {
      children.append(EnumValueRow(schema, EnumValueID(rawValue: UInt32(index))))
    }
  }
}

enum TypeInputFields: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<InputValueRow>
  ) {
    guard let type = row.pointee.named, type.kind == .inputObject else { return children.setNull() }
    children.append(row.pointee.schema, type.inputFields, arguments)
  }
}

enum TypeOfType: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<TypeRow>
  ) {
    guard !row.pointee.id.isNamed else { return }
    children.append(TypeRow(row.pointee.schema, row.pointee.id.wrapped))
  }
}

extension DerivedRows where Child == TypeRow {
  fileprivate mutating func append(_ schema: Schema, _ range: TableRange) {
    for index in range.indices { append(TypeRow(schema, TypeReference(schema.typeLists[index]))) }
  }
}

extension DerivedRows where Child == InputValueRow {
  /// Arguments or input fields, without deprecated ones unless they are asked for.
  mutating func append(_ schema: Schema, _ range: TableRange, _ arguments: borrowing Arguments) {
    let includesDeprecated = arguments.includesDeprecated
    for index in range.indices where includesDeprecated || !schema.inputValues[index].isDeprecated {
      append(InputValueRow(schema, InputValueID(rawValue: UInt32(index))))
    }
  }
}
