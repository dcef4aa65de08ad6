/// § 5.1.1 Executable Definitions (graphql-js: ExecutableDefinitionsRule).
///
/// A document for execution holds operations and fragments only.
enum ExecutableDefinitionsRule {
  static func check(_ definition: DefinitionNode, in context: inout ValidationContext) {
    guard context.rules.contains(.executableDefinitions) else { return }
    let name =
      switch definition.kind {
      case .schemaDefinition, .schemaExtension: "schema"
      case .directiveDefinition, .directiveExtension:
        "\"\(DirectiveDefinitionNode(definition.node).name)\""
      default: "\"\(TypeDefinitionNode(definition.node).name)\""
      }
    context.report(.executableDefinitions, "The \(name) definition is not executable.", at: definition.node)
  }
}
