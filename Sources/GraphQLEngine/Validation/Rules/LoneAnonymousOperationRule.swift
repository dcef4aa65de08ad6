/// § 5.2.3.1 Lone Anonymous Operation (graphql-js: LoneAnonymousOperationRule).
enum LoneAnonymousOperationRule {
  static func check(_ operation: OperationNode, in context: inout ValidationContext) {
    guard context.operationCount > 1, operation.name.isEmpty,
      context.rules.contains(.loneAnonymousOperation)
    else { return }
    context.report(
      .loneAnonymousOperation, "This anonymous operation must be the only defined operation.",
      at: operation.node)
  }
}
