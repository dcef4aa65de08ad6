extension SDLValidation {
  /// § 5.6.1: the arguments of directives have the types that their definitions demand.
  mutating func checkValuesOfCorrectType() {
    forEachDirective { validation, directive in
      guard let id = validation.directive(named: directive.node.name) else { return }
      for argument in directive.node.arguments {
        guard let definition = validation.schema.argument(named: argument.name, of: id) else { continue }
        let type = validation.schema[definition].type
        guard !LiteralValidation.accepts(argument.value, type: type, in: validation.schema) else { continue }
        let name = "Argument \"@\(directive.node.name)(\(argument.name):)\" has invalid value"
        LiteralValidation(schema: validation.schema, document: directive.document, subject: name)
          .check(argument.value, type: type, report: &validation.report)
      }
    }
  }
}
