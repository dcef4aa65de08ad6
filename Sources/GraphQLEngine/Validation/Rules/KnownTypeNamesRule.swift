/// § 5.5.1.2 Fragment Spread Type Existence (graphql-js: KnownTypeNamesRule).
///
/// The types that fragments and variables name exist.
enum KnownTypeNamesRule {
  /// Checks a type condition, or the named type of a variable.
  static func check(_ condition: NamedTypeNode, in context: inout ValidationContext) {
    guard context.schema.type(named: condition.name) == nil else { return }
    report(condition.name, at: condition.node, in: &context)
  }

  @inline(never)
  private static func report(
    _ name: SyntaxName, at node: SyntaxNode, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.knownTypeNames) else { return }
    let suggestion = didYouMean(
      context.suggestions(for: name, among: context.schema.types.lazy.map(\.name)))
    context.report("Unknown type \"\(name)\".\(suggestion)", at: node)
  }
}
