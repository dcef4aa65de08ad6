/// The directives that a client put at a field or at its operation, with coerced arguments (§ 3.13, § 6.4.1).
///
/// The engine gives `@skip`, `@include`, `@defer` and `@stream` their meaning; what all others mean is up to
/// resolvers and to `Wiring.directive`.
public struct AppliedDirectives: Sendable {
  let field: PlanField
  let context: PlanContext
  let variables: VariableValues

  /// The arguments of each application of a directive at the field; of a merged field at all its places, in
  /// the order of the document. Empty when it was not applied, or the schema does not define it.
  public func atField(_ name: String) throws(GraphQLError) -> [Arguments] {
    var found: [Arguments] = []
    for node in field.nodes { try collect(name, node.directives, &found) }
    return found
  }

  /// The same of the directives at the operation.
  public func atOperation(_ name: String) throws(GraphQLError) -> [Arguments] {
    var found: [Arguments] = []
    try collect(name, context.operation.directives, &found)
    return found
  }

  private func collect(
    _ name: String, _ directives: SyntaxList<DirectiveNode>, _ found: inout [Arguments]
  ) throws(GraphQLError) {
    guard let id = context.schema.directive(named: name) else { return }
    for directive in directives where context.schema.directive(named: directive.name) == id {
      found.append(try context.arguments(of: directive, id, variables))
    }
  }
}

extension PlanContext {
  fileprivate func arguments(
    of directive: DirectiveNode, _ id: DirectiveID, _ variables: VariableValues
  ) throws(GraphQLError) -> Arguments {
    var values: [InputValue?] = []
    for argument in schema.argumentIDs(of: id) {
      let name = schema[argument].name
      let literal = directive.arguments.first { schema.symbols.symbol($0.name) == name }?.value
      values.append(try self.argument(argument, literal, directive, values: variables))
    }
    return Arguments(values: values, range: schema[id].arguments, schema: schema)
  }
}
