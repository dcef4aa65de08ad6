extension SDLValidation {
  /// § 5.6.1: the arguments of directives have the types that their definitions demand.
  mutating func checkValuesOfCorrectType() {
    forEachDirective { validation, directive in
      // Values in operations may have variables, and nothing reads them here.
      guard !directive.site.location.isExecutable,
        let id = validation.directive(named: directive.node.name)
      else { return }
      for argument in directive.node.arguments {
        guard let definition = validation.schema.argument(named: argument.name, of: id) else { continue }
        validation.check(argument, of: directive, type: validation.schema[definition].type)
      }
    }
  }

  private mutating func check(_ argument: ArgumentNode, of directive: AppliedDirective, type: TypeReference) {
    let value = argument.value
    guard !LiteralValidation.accepts(value, type: type, in: schema) else { return }
    guard directive.node.name == "deprecated" || directive.node.name == "specifiedBy" else {
      let name = "Argument \"@\(directive.node.name)(\(argument.name):)\" has invalid value"
      return LiteralValidation(schema: schema, document: directive.document, subject: name)
        .check(value, type: type, report: &report)
    }
    // These two graphql-js reads when it builds a schema, and words what is wrong with them.
    let problem =
      value.kind == .nullValue
      ? "of non-null type \"\(schema.string(of: type))\" must not be null."
      : "has invalid value \(value.print())."
    report.add(
      "Argument \"\(argument.name)\" \(problem)", [SDLPlace(directive.document, node: value.node)])
  }
}
