/// Incremental delivery: Defer And Stream Directives Are Used On Valid Operations (graphql-js:
/// DeferStreamDirectiveOnValidOperationsRule).
///
/// In what a subscription reaches, the directives stand only with `if: false` or a variable.
enum DeferStreamDirectiveOnValidOperationsRule {
  /// Runs once the fragments that subscriptions reach are known.
  static func check(in context: inout ValidationContext) {
    guard context.rules.contains(.deferStreamDirectiveOnValidOperations) else { return }
    for (directive, definition) in context.incrementalDirectives {
      guard isSubscription(context.definitions[definition], in: context), !canBeOff(directive) else {
        continue
      }
      let isDefer = directive.name == "defer"
      context.report(
        .deferStreamDirectiveOnValidOperations,
        "\(isDefer ? "Defer" : "Stream") directive not supported on subscription operations. "
          + "Disable `@\(directive.name)` by setting the `if` argument to `false`.",
        at: directive.node)
    }
  }

  private static func isSubscription(
    _ definition: DefinitionRecord, in context: ValidationContext
  ) -> Bool {
    if let fragment = definition.fragment { return context.fragments[fragment].isUsedBySubscription }
    return definition.operation.operation == .subscription
  }

  private static func canBeOff(_ directive: DirectiveNode) -> Bool {
    guard let value = directive.arguments.first(where: { $0.name == "if" })?.value else { return false }
    return value.kind == .variable || (value.kind == .booleanValue && !value.isTrue)
  }
}
