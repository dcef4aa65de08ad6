extension TypeSystemValidation {
  /// § 3.13: directives and their arguments.
  mutating func checkDirectives() {
    for directive in schema.directives where directive.syntax.document > 0 && !report.isFull {
      checkName(directive.name, at: directive.syntax)
      for index in directive.arguments.indices {
        let argument = schema.inputValues[index]
        let name = "@\(schema.name(directive.name))(\(schema.name(argument.name)):)"
        checkName(argument.name, at: argument.syntax)
        if !schema[argument.type.namedType].kind.isInput {
          report.add(
            "The type of \(name) must be Input Type but got: \(schema.string(of: argument.type)).",
            [place(of: argument.syntax)])
        }
        checkDeprecation(of: argument, "argument", name)
        checkDefault(of: argument, name)
      }
    }
  }
}
