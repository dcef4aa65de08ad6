/// Incremental delivery: Defer And Stream Directive Labels Are Unique (graphql-js:
/// DeferStreamDirectiveLabelRule).
///
/// A label is a string literal, and no other `@defer` or `@stream` of the document has the same.
enum DeferStreamDirectiveLabelRule {
  static func check(in context: inout ValidationContext) {
    guard !context.incrementalDirectives.isEmpty, context.rules.contains(.deferStreamDirectiveLabel)
    else { return }
    var known: [String: DirectiveNode] = [:]
    for (directive, _) in context.incrementalDirectives {
      let label = directive.arguments.first { $0.name == "label" }?.value
      guard let value = label, value.kind != .nullValue else { continue }
      guard value.kind == .stringValue else {
        context.report(
          .deferStreamDirectiveLabel, "Argument \"@\(directive.name)(label:)\" must be a static string.",
          at: directive.node)
        continue
      }
      if let first = known[value.asString.value] {
        context.report(
          .deferStreamDirectiveLabel,
          "Value for arguments \"defer(label:)\" and \"stream(label:)\" must be unique across all "
            + "Defer/Stream directive usages.",
          at: first.node, directive.node)
      } else {
        known[value.asString.value] = directive
      }
    }
  }
}
