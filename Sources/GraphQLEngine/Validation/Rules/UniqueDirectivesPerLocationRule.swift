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
      guard context.isRepeatable(directive.name) == false,
        let first = context.names.insert(directive.name, value: directive.node.start)
      else { continue }
      report(directive, after: first, in: &context)
    }
  }

  /// The same for one of several places that count as one; `seen` holds what stands at those before.
  static func check(
    _ directives: SyntaxList<DirectiveNode>, after seen: inout [SyntaxName: UInt32],
    in context: inout ValidationContext
  ) {
    guard context.rules.contains(.uniqueDirectivesPerLocation) else { return }
    for directive in directives.prefix(context.limits.directivesPerLocation) {
      guard context.isRepeatable(directive.name) == false else { continue }
      if let first = seen[directive.name] {
        report(directive, after: first, in: &context)
      } else {
        seen[directive.name] = directive.node.start
      }
    }
  }

  private static func report(
    _ directive: DirectiveNode, after first: UInt32, in context: inout ValidationContext
  ) {
    context.report(
      .uniqueDirectivesPerLocation,
      "The directive \"@\(directive.name)\" can only be used once at this location.",
      atOffsets: [first, directive.node.start])
  }
}
