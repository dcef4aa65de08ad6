// § 4.2.6: the fields of `__Directive`; deprecation since the edition of September 2026.

enum DirectiveName: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.name, of: row.pointee.tables)
  }
}

enum DirectiveDescription: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.description, of: row.pointee.tables)
  }
}

enum DirectiveIsRepeatable: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.record.pointee.isRepeatable)
  }
}

/// Written as a whole, in the order of the definition.
enum DirectiveLocations: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.detail, of: row.pointee.tables)
  }
}

enum DirectiveArguments: DerivedField {
  static func derive(
    _ row: UnsafePointer<DirectiveRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<InputValueRow>
  ) {
    children.append(row.pointee.tables, row.pointee.record.pointee.arguments, arguments)
  }
}

enum DirectiveIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.record.pointee.isDeprecated)
  }
}

enum DirectiveDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.texts.pointee.deprecationReason, of: row.pointee.tables)
  }
}
