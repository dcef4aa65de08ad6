extension TypeSystemValidation {
  /// § 3.8: a union has one or more members, each an object type, each once.
  mutating func checkMembers(of id: TypeID) {
    let type = schema[id]
    let name = schema.name(type.name)
    if type.possibleTypes.isEmpty {
      report.add("Union type \(name) must define one or more member types.", places(of: type))
    }
    marks.removeAll()
    for member in schema.possibleTypes(of: id) where !report.isFull {
      let memberName = schema.name(member)
      if marks.insert(schema[member].name, 0) != nil {
        report.add(
          "Union type \(name) can only include type \(memberName) once.",
          namePlaces(in: type, of: member) { TypeDefinitionNode($0).memberTypes })
      } else if schema[member].kind != .object {
        report.add(
          "Union type \(name) can only include Object types, it cannot include \(memberName).",
          namePlaces(in: type, of: member) { TypeDefinitionNode($0).memberTypes })
      }
    }
  }

  /// § 3.9: an enum has one or more values.
  mutating func checkEnumValues(of id: TypeID) {
    let type = schema[id]
    if type.enumValues.isEmpty {
      report.add("Enum type \(schema.name(type.name)) must define one or more values.", places(of: type))
    }
    for index in type.enumValues.indices {
      checkName(schema.enumValues[index].name, at: schema.enumValues[index].syntax)
    }
  }

  /// § 3.10: an input object has one or more fields of input types; those of a oneOf input object are
  /// nullable and without default values (§ 3.10.1).
  mutating func checkInputFields(of id: TypeID) {
    let type = schema[id]
    if type.inputFields.isEmpty {
      report.add(
        "Input Object type \(schema.name(type.name)) must define one or more fields.", places(of: type))
    }
    checkExtensions(of: type)
    for index in type.inputFields.indices where !report.isFull {
      let field = schema.inputValues[index]
      checkName(field.name, at: field.syntax)
      if !schema[field.type.namedType].kind.isInput {
        report.add(
          "The type of \(schema.coordinate(of: field, in: type)) must be Input Type but got: "
            + "\(schema.string(of: field.type)).", [typePlace(field)])
      }
      checkInputValue(field, "input field") { $0.coordinate(of: field, in: type) }
      if type.isOneOf { checkOneOf(field, in: type) }
    }
  }

  /// § 3.10.2: "The @oneOf directive must not be provided by an Input Object type extension."
  private mutating func checkExtensions(of type: TypeRecord) {
    guard type.sites.count > 1 else { return }
    for position in schema.sites[type.sites.indices] where node(position).kind == .inputObjectTypeExtension {
      let directives = TypeDefinitionNode(node(position)).directives
      for directive in directives where directive.name == "oneOf" {
        report.add(
          "Extension of Input Object type \(schema.name(type.name)) must not provide \"@oneOf\".",
          [SDLPlace(position.document, node: directive.node)])
      }
    }
  }

  private mutating func checkOneOf(_ field: InputValueRecord, in type: TypeRecord) {
    let name = schema.coordinate(of: field, in: type)
    if field.type.isNonNull {
      report.add("OneOf input field \(name) must be nullable.", [typePlace(field)])
    }
    if field.defaultValue != 0 {
      report.add("OneOf input field \(name) cannot have a default value.", [place(of: field.syntax)])
    }
  }

  private func typePlace(_ field: InputValueRecord) -> SDLPlace {
    SDLPlace(field.syntax.document, node: InputValueDefinitionNode(node(field.syntax)).type.node)
  }
}
