extension TypeSystemValidation {
  /// § 3.6, § 3.7: a type implements the interfaces that it declares, and all that these implement.
  mutating func checkInterfaces(of id: TypeID) {
    let interfaces = schema[id].interfaces.indices
    guard !interfaces.isEmpty else { return }
    // Each interface is marked with the first place where it is declared.
    marks.removeAll()
    for slot in interfaces { _ = marks.insert(schema[schema.typeLists[slot]].name, slot) }
    for slot in interfaces where !report.isFull {
      let interface = schema.typeLists[slot]
      if schema[interface].kind != .interface {
        report.add(
          "Type \(schema.name(id)) must only implement Interface types, it cannot implement "
            + "\(schema.name(interface)).",
          implementsPlaces(of: id, interface))
      } else if interface == id {
        report.add(
          "Type \(schema.name(id)) cannot implement itself because it would create a circular reference.",
          implementsPlaces(of: id, interface))
      } else if marks.value(schema[interface].name) != slot {
        report.add(
          "Type \(schema.name(id)) can only implement \(schema.name(interface)) once.",
          implementsPlaces(of: id, interface))
      } else {
        checkAncestors(of: id, through: interface)
        checkImplementation(of: interface, by: id)
      }
    }
  }

  /// `marks` holds the interfaces that the type declares.
  private mutating func checkAncestors(of id: TypeID, through interface: TypeID) {
    guard spend(Int(schema[interface].interfaces.count)) else { return }
    for ancestor in schema.interfaces(of: interface) where marks.value(schema[ancestor].name) == nil {
      let places = implementsPlaces(of: interface, ancestor) + implementsPlaces(of: id, interface)
      if ancestor == id {
        report.add(
          "Type \(schema.name(id)) cannot implement \(schema.name(interface)) because it would create a "
            + "circular "
            + "reference.", places)
      } else {
        report.add(
          "Type \(schema.name(id)) must implement \(schema.name(ancestor)) because it is implemented by "
            + "\(schema.name(interface)).", places)
      }
    }
  }

  /// Takes from the budget of comparisons; the first time that it is exceeded is an error.
  private mutating func spend(_ count: Int) -> Bool {
    guard interfaceChecksLeft >= 0 else { return false }
    interfaceChecksLeft -= count + 1
    if interfaceChecksLeft < 0 {
      report.add(
        "Too many implementations of interfaces: more than \(Self.maximumInterfaceChecks) comparisons.", [])
    }
    return interfaceChecksLeft >= 0
  }

  /// § 3.6: IsValidImplementation.
  private mutating func checkImplementation(of interface: TypeID, by type: TypeID) {
    guard spend(Int(schema[interface].fields.count)) else { return }
    for index in schema[interface].fields.indices where !report.isFull {
      let expected = schema.fields[index]
      guard let found = schema.declaredField(named: expected.name, in: type) else {
        report.add(
          "Interface field \(schema.coordinate(of: expected)) expected but \(schema.name(type)) does not "
            + "provide it.",
          [place(of: expected.syntax)] + places(of: schema[type]))
        continue
      }
      checkField(schema[found], implements: expected)
    }
  }

  private mutating func checkField(_ field: FieldRecord, implements expected: FieldRecord) {
    if field.type != expected.type, !schema.isSubtype(field.type, of: expected.type) {
      report.add(
        "Interface field \(schema.coordinate(of: expected)) expects type "
          + "\(schema.string(of: expected.type)) but "
          + "\(schema.coordinate(of: field)) is type \(schema.string(of: field.type)).",
        [typePlace(of: expected), typePlace(of: field)])
    }
    for index in expected.arguments.indices {
      checkArgument(schema.inputValues[index], of: expected, isAcceptedBy: field)
    }
    for index in field.arguments.indices where schema.inputValues[index].isRequired {
      let argument = schema.inputValues[index]
      guard schema.inputValue(named: argument.name, in: expected.arguments) == nil else { continue }
      report.add(
        "Object field \(schema.coordinate(of: field)) includes required argument "
          + "\(schema.name(argument.name)) that is "
          + "missing from the Interface field \(schema.coordinate(of: expected)).",
        [place(of: argument.syntax), place(of: expected.syntax)])
    }
    if checksDeprecationOfImplementations, field.isDeprecated, !expected.isDeprecated {
      let node = FieldDefinitionNode(node(field.syntax)).directives.first { $0.name == "deprecated" }
      report.add(
        "Interface field \(schema.coordinate(of: expected)) is not deprecated, so implementation field "
          + "\(schema.coordinate(of: field)) must not be deprecated.",
        (node.map { [SDLPlace(field.syntax.document, node: $0.node)] } ?? []) + [typePlace(of: field)])
    }
  }

  private mutating func checkArgument(
    _ expected: InputValueRecord, of interfaceField: FieldRecord, isAcceptedBy field: FieldRecord
  ) {
    guard let id = schema.inputValue(named: expected.name, in: field.arguments) else {
      report.add(
        "Interface field argument \(schema.coordinate(of: expected, interfaceField)) expected but "
          + "\(schema.coordinate(of: field)) does not provide it.",
        [place(of: expected.syntax), place(of: field.syntax)])
      return
    }
    let found = schema[id]
    guard found.type != expected.type else { return }
    report.add(
      "Interface field argument \(schema.coordinate(of: expected, interfaceField)) expects type "
        + "\(schema.string(of: expected.type)) but \(schema.coordinate(of: found, field)) is type "
        + "\(schema.string(of: found.type)).", [typePlace(of: expected), typePlace(of: found)])
  }

  private func typePlace(of field: FieldRecord) -> SDLPlace {
    SDLPlace(field.syntax.document, node: FieldDefinitionNode(node(field.syntax)).type.node)
  }

  private func typePlace(of value: InputValueRecord) -> SDLPlace {
    SDLPlace(value.syntax.document, node: InputValueDefinitionNode(node(value.syntax)).type.node)
  }

  /// Where a type or its extensions name an interface after `implements`.
  private func implementsPlaces(of type: TypeID, _ interface: TypeID) -> [SDLPlace] {
    namePlaces(in: schema[type], of: interface) { TypeDefinitionNode($0).interfaces }
  }

  /// Where a list of names of a type and its extensions holds a name.
  func namePlaces(
    in type: TypeRecord, of named: TypeID, _ list: (SyntaxNode) -> SyntaxList<NamedTypeNode>
  ) -> [SDLPlace] {
    schema.sites[type.sites.indices].flatMap { position in
      list(node(position)).filter { schema.type(named: $0.name) == named }
        .map { SDLPlace(position.document, node: $0.node) }
    }
  }
}
