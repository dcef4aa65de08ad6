/// § 5.8.1 Variable Uniqueness (graphql-js: UniqueVariableNamesRule).
enum UniqueVariableNamesRule {
  static func check(_ operation: OperationNode, in context: inout ValidationContext) {
    guard operation.variables.hasSeveral, context.rules.contains(.uniqueVariableNames),
      !operation.variables.hasFewDifferentNames
    else { return }
    for group in context.repeatedNames(of: operation.variables.lazy.map(\.name)) {
      context.report(
        .uniqueVariableNames, "There can be only one variable named \"$\(group[0])\".",
        atOffsets: group.map(\.start))
    }
  }
}
