/// § 5.8.3 All Variable Uses Defined (graphql-js: NoUndefinedVariablesRule).
enum NoUndefinedVariablesRule {
  /// Reports a usage of a variable that an operation which reaches it does not define.
  static func report(
    _ usage: VariableUsage, in operation: OperationNode, in context: inout ValidationContext
  ) {
    guard context.rules.contains(.noUndefinedVariables) else { return }
    let place = operation.name.isEmpty ? "" : " by operation \"\(operation.name)\""
    context.report(
      .noUndefinedVariables, "Variable \"$\(ValueNode(usage.node).text)\" is not defined\(place).",
      at: usage.node, operation.node)
  }
}
