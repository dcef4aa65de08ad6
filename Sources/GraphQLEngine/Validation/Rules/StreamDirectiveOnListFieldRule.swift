/// Incremental delivery: Stream Directives Are Used On List Fields (graphql-js:
/// StreamDirectiveOnListFieldRule).
enum StreamDirectiveOnListFieldRule {
  static func check(
    _ directive: DirectiveNode, id: DirectiveID, at place: DirectivePlace,
    in context: inout ValidationContext
  ) {
    guard id == context.streamDirective, let field = place.field, let parent = place.parentType,
      context.rules.contains(.streamDirectiveOnListField)
    else { return }
    let record = context.schema[field]
    guard !record.type.nullable.isList else { return }
    context.report(
      .streamDirectiveOnListField,
      "Directive \"@stream\" cannot be used on non-list field "
        + "\"\(context.schema.name(parent)).\(context.schema.name(record.name))\".",
      at: directive.node)
  }
}
