/// § 5.5.1.3 Fragments on Object, Interface or Union Types (graphql-js: FragmentsOnCompositeTypesRule).
enum FragmentsOnCompositeTypesRule {
  /// Checks a fragment definition.
  static func check(_ fragment: FragmentRecord, in context: inout ValidationContext) {
    let condition = fragment.node.typeCondition
    guard fragment.type == nil, context.schema.type(named: condition.name) != nil,
      context.rules.contains(.fragmentsOnCompositeTypes)
    else { return }
    context.report(
      .fragmentsOnCompositeTypes,
      "Fragment \"\(fragment.name)\" cannot condition on non composite type \"\(condition.name)\".",
      at: condition.node)
  }

  /// Checks the condition of an inline fragment; `type` is the type that it names.
  static func check(
    _ condition: NamedTypeNode, type: TypeID?, in context: inout ValidationContext
  ) {
    guard let type, !context.schema[type].kind.isComposite,
      context.rules.contains(.fragmentsOnCompositeTypes)
    else { return }
    context.report(
      .fragmentsOnCompositeTypes, "Fragment cannot condition on non composite type \"\(condition.name)\".",
      at: condition.node)
  }
}
