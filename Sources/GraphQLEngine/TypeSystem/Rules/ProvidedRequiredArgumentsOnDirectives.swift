extension SDLValidation {
  /// § 5.4.3: a directive is given all arguments that it requires.
  mutating func checkProvidedRequiredArgumentsOnDirectives() {
    forEachDirective { validation, directive in
      guard let id = validation.directive(named: directive.node.name) else { return }
      let schema = validation.schema
      guard schema.argumentIDs(of: id).contains(where: { schema[$0].isRequired }) else { return }
      validation.marks.removeAll()
      for argument in directive.node.arguments {
        guard let name = schema.symbols.symbol(argument.name) else { continue }
        _ = validation.marks.insert(name, 0)
      }
      for argument in schema.argumentIDs(of: id) where schema[argument].isRequired {
        let record = schema[argument]
        guard validation.marks.value(record.name) == nil else { continue }
        let type = schema.string(of: record.type)
        validation.report.add(
          "Directive \"@\(directive.node.name)\" argument \"\(schema.name(record.name))\" of type "
            + "\"\(type)\" is "
            + "required, but it was not provided.", [directive.place])
      }
    }
  }
}
