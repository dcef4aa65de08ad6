// § 4.2.3 to § 4.2.5: the fields of `__Field`, `__InputValue` and `__EnumValue`.

enum FieldName: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(name: row.pointee.schema[row.pointee.id].name, of: row.pointee.schema)
  }
}

enum FieldDescription: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(description: row.pointee.schema.definition(of: row.pointee.id).descriptionNode)
  }
}

enum FieldArguments: DerivedField {
  static func derive(
    _ row: UnsafePointer<FieldRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<InputValueRow>
  ) {
    let schema = row.pointee.schema
    children.append(schema, schema[row.pointee.id].arguments, arguments)
  }
}

enum FieldType: DerivedField {
  static func derive(
    _ row: UnsafePointer<FieldRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    let schema = row.pointee.schema
    children.append(TypeRow(schema, schema[row.pointee.id].type))
  }
}

enum FieldIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.schema[row.pointee.id].isDeprecated)
  }
}

enum FieldDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(optional: row.pointee.schema.deprecationReason(of: row.pointee.id))
  }
}

enum InputValueName: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(name: row.pointee.schema[row.pointee.id].name, of: row.pointee.schema)
  }
}

enum InputValueDescription: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(description: row.pointee.schema.definition(of: row.pointee.id).descriptionNode)
  }
}

enum InputValueType: DerivedField {
  static func derive(
    _ row: UnsafePointer<InputValueRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    let schema = row.pointee.schema
    children.append(TypeRow(schema, schema[row.pointee.id].type))
  }
}

enum InputValueDefaultValue: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    let schema = row.pointee.schema
    guard schema[row.pointee.id].defaultValue != 0 else { return out.writeNull() }
    out.write(optional: schema.printedDefaultValue(of: row.pointee.id))
  }
}

enum InputValueIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.schema[row.pointee.id].isDeprecated)
  }
}

enum InputValueDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(optional: row.pointee.schema.deprecationReason(of: row.pointee.id))
  }
}

enum EnumValueName: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(name: row.pointee.schema[row.pointee.id].name, of: row.pointee.schema)
  }
}

enum EnumValueDescription: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(description: row.pointee.schema.definition(of: row.pointee.id).descriptionNode)
  }
}

enum EnumValueIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.schema[row.pointee.id].isDeprecated)
  }
}

enum EnumValueDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(optional: row.pointee.schema.deprecationReason(of: row.pointee.id))
  }
}
