extension TypeSystemValidation {
  /// § 3.6, § 3.7: the fields of object and interface types and their arguments.
  mutating func checkFields(of id: TypeID) {
    let type = schema[id]
    if type.fields.isEmpty {
      report.add("Type \(schema.name(type.name)) must define one or more fields.", places(of: type))
    }
    for index in type.fields.indices {
      let field = schema.fields[index]
      checkName(field.name, at: field.syntax)
      if !schema[field.type.namedType].kind.isOutput {
        let node = FieldDefinitionNode(node(field.syntax)).type.node
        report.add(
          "The type of \(schema.coordinate(of: field)) must be Output Type but got: "
            + "\(schema.string(of: field.type)).",
          [SDLPlace(field.syntax.document, node: node)])
      }
      for argument in field.arguments.indices { checkArgument(schema.inputValues[argument], of: field) }
    }
  }

  private mutating func checkArgument(_ argument: InputValueRecord, of field: FieldRecord) {
    checkName(argument.name, at: argument.syntax)
    if !schema[argument.type.namedType].kind.isInput {
      let node = InputValueDefinitionNode(node(argument.syntax)).type.node
      report.add(
        "The type of \(schema.coordinate(of: argument, field)) must be Input Type but got: "
          + "\(schema.string(of: argument.type)).", [SDLPlace(argument.syntax.document, node: node)])
    }
    checkInputValue(argument, "argument") { $0.coordinate(of: argument, field) }
  }
}
