extension TypeSystemValidation {
  /// § 3.13: directives and their arguments.
  mutating func checkDirectives() {
    for directive in schema.directives where directive.syntax.document > 0 && !report.isFull {
      checkName(directive.name, at: directive.syntax)
      for index in directive.arguments.indices {
        let argument = schema.inputValues[index]
        checkName(argument.name, at: argument.syntax)
        if !schema[argument.type.namedType].kind.isInput {
          report.add(
            "The type of \(schema.coordinate(of: argument, in: directive)) must be Input Type but got: "
              + "\(schema.string(of: argument.type)).",
            [place(of: argument.syntax)])
        }
        checkInputValue(argument, "argument") { $0.coordinate(of: argument, in: directive) }
      }
    }
  }
}
