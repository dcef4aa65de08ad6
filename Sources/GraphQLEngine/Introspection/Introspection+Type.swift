// § 4.2.2: the fields of `__Type`. A wrapped type answers `kind` and `ofType` only.

enum TypeKindName: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard let type = row.pointee.record else {
      return row.pointee.id.isNonNull ? out.put("\"NON_NULL\"") : out.put("\"LIST\"")
    }
    switch type.pointee.kind {
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
    guard let texts = row.pointee.texts else { return out.writeNull() }
    out.write(texts.pointee.name, of: row.pointee.tables)
  }
}

enum TypeDescription: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard let texts = row.pointee.texts else { return out.writeNull() }
    out.write(texts.pointee.description, of: row.pointee.tables)
  }
}

enum TypeSpecifiedByURL: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard let texts = row.pointee.texts else { return out.writeNull() }
    out.write(texts.pointee.detail, of: row.pointee.tables)
  }
}

enum TypeIsOneOf: LeafField {
  static func write(_ row: UnsafePointer<TypeRow>, _ out: inout JSONWriter) {
    guard let type = row.pointee.record, type.pointee.kind == .inputObject else { return out.writeNull() }
    out.write(type.pointee.isOneOf)
  }
}

enum TypeFields: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<FieldRow>
  ) {
    guard let type = row.pointee.record?.pointee, type.kind == .object || type.kind == .interface else {
      return children.setNull()
    }
    let includesDeprecated = arguments.includesDeprecated
    for index in type.fields.indices {
      let field = FieldRow(row.pointee.tables, FieldID(rawValue: UInt32(index)))
      if includesDeprecated || !field.record.pointee.isDeprecated { children.append(field) }
    }
  }
}

enum TypeInterfaces: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<TypeRow>
  ) {
    guard let type = row.pointee.record?.pointee, type.kind == .object || type.kind == .interface else {
      return children.setNull()
    }
    children.append(row.pointee.tables, type.interfaces)
  }
}

enum TypePossibleTypes: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<TypeRow>
  ) {
    guard let type = row.pointee.record?.pointee, type.kind.isAbstract else { return children.setNull() }
    children.append(row.pointee.tables, type.possibleTypes)
  }
}

enum TypeEnumValues: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<EnumValueRow>
  ) {
    guard let type = row.pointee.record?.pointee, type.kind == .enum else { return children.setNull() }
    let includesDeprecated = arguments.includesDeprecated
    for index in type.enumValues.indices {
      let value = EnumValueRow(row.pointee.tables, EnumValueID(rawValue: UInt32(index)))
      if includesDeprecated || !value.record.pointee.isDeprecated { children.append(value) }
    }
  }
}

enum TypeInputFields: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<InputValueRow>
  ) {
    guard let type = row.pointee.record?.pointee, type.kind == .inputObject else { return children.setNull() }
    children.append(row.pointee.tables, type.inputFields, arguments)
  }
}

enum TypeOfType: DerivedField {
  static func derive(
    _ row: UnsafePointer<TypeRow>, _ arguments: borrowing Arguments, into children: inout DerivedRows<TypeRow>
  ) {
    guard !row.pointee.id.isNamed else { return }
    children.append(TypeRow(row.pointee.tables, row.pointee.id.wrapped))
  }
}

extension DerivedRows where Child == TypeRow {
  fileprivate mutating func append(_ tables: UnsafePointer<IntrospectionTables>, _ range: TableRange) {
    for index in range.indices { append(TypeRow(tables, TypeReference(tables.pointee.typeLists[index]))) }
  }
}

extension DerivedRows where Child == InputValueRow {
  /// Arguments or input fields, without deprecated ones unless they are asked for.
  mutating func append(
    _ tables: UnsafePointer<IntrospectionTables>, _ range: TableRange, _ arguments: borrowing Arguments
  ) {
    if range.isEmpty { return }
    let includesDeprecated = arguments.includesDeprecated
    for index in range.indices {
      let value = InputValueRow(tables, InputValueID(rawValue: UInt32(index)))
      if includesDeprecated || !value.record.pointee.isDeprecated { append(value) }
    }
  }
}
