/// § 5.5.1.2 Fragment Spread Type Existence (graphql-js: KnownTypeNamesRule).
///
/// The types that fragments and variables name exist.
enum KnownTypeNamesRule {
  /// Checks a type condition.
  static func check(_ condition: NamedTypeNode, in context: inout ValidationContext) {
    guard context.schema.type(named: condition.name) == nil else { return }
    report(condition.name, at: condition.node, in: &context)
  }

  /// Checks a variable's type; `resolved` is nil when it cannot be a type of the schema.
  static func check(
    _ type: TypeNode, resolved: TypeReference?, in context: inout ValidationContext
  ) {
    guard resolved == nil else { return }
    var named = type
    while named.kind != .namedType { named = named.wrapped }
    guard context.schema.type(named: named.name) == nil else { return }
    report(named.name, at: named.node, in: &context)
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
