/// § 5.7.3 Directives Are Unique per Location (graphql-js: UniqueDirectivesPerLocationRule).
///
/// A directive that is not repeatable stands at most once at a place.
enum UniqueDirectivesPerLocationRule {
  static func check(_ directives: SyntaxList<DirectiveNode>, in context: inout ValidationContext) {
    guard directives.hasSeveral, context.rules.contains(.uniqueDirectivesPerLocation) else { return }
    context.names.removeAll()
    var count = 0
    for directive in directives {
      count += 1
      guard count <= context.limits.directivesPerLocation else { return }
      guard let id = context.schema.directive(named: directive.name),
        !context.schema[id].isRepeatable,
        let first = context.names.insert(directive.name, value: directive.node.start)
      else { continue }
      context.report(
        "The directive \"@\(directive.name)\" can only be used once at this location.",
        atOffsets: [first, directive.node.start])
    }
  }
}
