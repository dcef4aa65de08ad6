// § 4.2.1: the fields of `__Schema`.

enum SchemaDescription: LeafField {
  static func write(_ row: UnsafePointer<SchemaRow>, _ out: inout JSONWriter) {
    out.write(optional: row.pointee.schema.description)
  }
}

enum SchemaTypes: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    let schema = row.pointee.schema
    for type in schema.typeOrder { children.append(TypeRow(schema, TypeReference(type))) }
  }
}

enum SchemaQueryType: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(row.pointee.schema, row.pointee.schema.queryType)
  }
}

enum SchemaMutationType: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(row.pointee.schema, row.pointee.schema.mutationType)
  }
}

enum SchemaSubscriptionType: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(row.pointee.schema, row.pointee.schema.subscriptionType)
  }
}

enum SchemaDirectives: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<DirectiveRow>
  ) {
    let schema = row.pointee.schema
    let includesDeprecated = arguments.includesDeprecated
    for id in schema.directiveOrder where includesDeprecated || !schema[id].isDeprecated {
      children.append(DirectiveRow(schema, id))
    }
  }
}

extension DerivedRows where Child == TypeRow {
  fileprivate mutating func append(_ schema: Schema, _ type: TypeID?) {
    if let type { append(TypeRow(schema, TypeReference(type))) }
  }
}
