/// Refuses fields that return introspection types (graphql-js: NoSchemaIntrospectionCustomRule); not
/// specified.
enum NoSchemaIntrospectionCustomRule {
  @inline(__always)
  static func check(
    _ field: FieldNode, of type: TypeReference, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noSchemaIntrospectionCustom) else { return }
    let record = context.schema[type.namedType]
    // Scalars are built in too, but no introspection type is a scalar.
    guard record.isBuiltIn, record.kind != .scalar else { return }
    context.report(
      .noSchemaIntrospectionCustom,
      "GraphQL introspection has been disabled, but the requested query contained the field "
        + "\"\(field.name)\".",
      at: field.node)
  }
}
