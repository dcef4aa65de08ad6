/// § 5.8.4 All Variables Used (graphql-js: NoUnusedVariablesRule).
enum NoUnusedVariablesRule {
  /// Runs once the usages of an operation are resolved, all to the last variable of a name. Of two variables
  /// with a name, both count as used.
  static func check(_ operation: DefinitionRecord, in context: inout ValidationContext) {
    guard context.rules.contains(.noUnusedVariables) else { return }
    for index in operation.variables.indices where !context.variables[index].isUsed {
      let name = context.variables[index].name
      if let last = context.variable(named: name, in: operation), context.variables[last].isUsed { continue }
      let owner = operation.operation.name
      let place = owner.isEmpty ? "" : " in operation \"\(owner)\""
      context.report(
        .noUnusedVariables, "Variable \"$\(name)\" is never used\(place).",
        at: context.variables[index].node.node)
    }
  }
}
