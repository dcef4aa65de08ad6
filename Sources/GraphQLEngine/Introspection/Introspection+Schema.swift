// § 4.2.1: the fields of `__Schema`.

enum SchemaDescription: LeafField {
  static func write(_ row: UnsafePointer<SchemaRow>, _ out: inout JSONWriter) {
    out.write(row.pointee.tables.pointee.description, of: row.pointee.tables)
  }
}

enum SchemaTypes: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    let tables = row.pointee.tables
    for type in tables.pointee.typeOrder { children.append(TypeRow(tables, TypeReference(type))) }
  }
}

enum SchemaQueryType: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(row.pointee.tables, row.pointee.tables.pointee.queryType)
  }
}

enum SchemaMutationType: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(row.pointee.tables, row.pointee.tables.pointee.mutationType)
  }
}

enum SchemaSubscriptionType: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<TypeRow>
  ) {
    children.append(row.pointee.tables, row.pointee.tables.pointee.subscriptionType)
  }
}

enum SchemaDirectives: DerivedField {
  static func derive(
    _ row: UnsafePointer<SchemaRow>, _ arguments: borrowing Arguments,
    into children: inout DerivedRows<DirectiveRow>
  ) {
    let tables = row.pointee.tables
    let includesDeprecated = arguments.includesDeprecated
    for id in tables.pointee.directiveOrder {
      let directive = DirectiveRow(tables, id)
      if includesDeprecated || !directive.record.pointee.isDeprecated { children.append(directive) }
    }
  }
}

extension DerivedRows where Child == TypeRow {
  fileprivate mutating func append(_ tables: UnsafePointer<IntrospectionTables>, _ type: TypeID?) {
    if let type { append(TypeRow(tables, TypeReference(type))) }
  }
}
