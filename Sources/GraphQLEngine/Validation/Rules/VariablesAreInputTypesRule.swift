/// § 5.8.2 Variables Are Input Types (graphql-js: VariablesAreInputTypesRule).
enum VariablesAreInputTypesRule {
  static func check(
    _ variable: VariableDefinitionNode, type: TypeReference?, in context: inout ValidationContext
  ) {
    guard let type, !context.schema[type.namedType].kind.isInput,
      context.rules.contains(.variablesAreInputTypes)
    else { return }
    context.report(
      .variablesAreInputTypes,
      "Variable \"$\(variable.name)\" cannot be non-input type \"\(context.schema.string(of: type))\".",
      at: variable.type.node)
  }
}
