// § 4.2.3 to § 4.2.5: the fields of `__Field`, `__InputValue` and `__EnumValue`.

enum FieldName: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.name, of: row.pointee.tables)
  }
}

enum FieldDescription: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.description, of: row.pointee.tables)
  }
}

enum FieldArguments: DerivedField {
  static func derive(
    _ row: UnsafePointer<FieldRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<InputValueRow>
  ) {
    children.append(row.pointee.tables, row.pointee.record.pointee.arguments, arguments)
  }
}

enum FieldType: DerivedField {
  static func derive(
    _ row: UnsafePointer<FieldRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(TypeRow(row.pointee.tables, row.pointee.record.pointee.type))
  }
}

enum FieldIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.record.pointee.isDeprecated)
  }
}

enum FieldDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<FieldRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.deprecationReason, of: row.pointee.tables)
  }
}

enum InputValueName: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.name, of: row.pointee.tables)
  }
}

enum InputValueDescription: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.description, of: row.pointee.tables)
  }
}

enum InputValueType: DerivedField {
  static func derive(
    _ row: UnsafePointer<InputValueRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(TypeRow(row.pointee.tables, row.pointee.record.pointee.type))
  }
}

enum InputValueDefaultValue: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.detail, of: row.pointee.tables)
  }
}

enum InputValueIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.record.pointee.isDeprecated)
  }
}

enum InputValueDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<InputValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.deprecationReason, of: row.pointee.tables)
  }
}

enum EnumValueName: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.name, of: row.pointee.tables)
  }
}

enum EnumValueDescription: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.description, of: row.pointee.tables)
  }
}

enum EnumValueIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.record.pointee.isDeprecated)
  }
}

enum EnumValueDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<EnumValueRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.deprecationReason, of: row.pointee.tables)
  }
}
