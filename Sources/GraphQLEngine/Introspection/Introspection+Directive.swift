// § 4.2.6: the fields of `__Directive`; deprecation since the edition of September 2026.

enum DirectiveName: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(name: row.pointee.schema[row.pointee.id].name, of: row.pointee.schema)
  }
}

enum DirectiveDescription: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(description: row.pointee.schema.definition(of: row.pointee.id).descriptionNode)
  }
}

enum DirectiveIsRepeatable: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.schema[row.pointee.id].isRepeatable)
  }
}

/// Written as a whole, in the order of the definition.
enum DirectiveLocations: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    var isFirst = true
    out.put(UInt8(ascii: "["))
    for location in row.pointee.schema.definition(of: row.pointee.id).locations {
      if !isFirst { out.put(UInt8(ascii: ",")) }
      isFirst = false
      out.put(UInt8(ascii: "\""))
      out.put(location.name.bytes)
      out.put(UInt8(ascii: "\""))
    }
    out.put(UInt8(ascii: "]"))
  }
}

enum DirectiveArguments: DerivedField {
  static func derive(
    _ row: UnsafePointer<DirectiveRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<InputValueRow>
  ) {
    let schema = row.pointee.schema
    children.append(schema, schema[row.pointee.id].arguments, arguments)
  }
}

enum DirectiveIsDeprecated: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.schema[row.pointee.id].isDeprecated)
  }
}

enum DirectiveDeprecationReason: LeafField {
  static func write(_ row: UnsafePointer<DirectiveRow>, _ out: inout JSONWriter) {
    out.write(optional: row.pointee.schema.deprecationReason(of: row.pointee.id))
  }
}
