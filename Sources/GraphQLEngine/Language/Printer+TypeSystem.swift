// Printing of type system definitions and extensions (§ 3).

extension Printer {
  mutating func printTypeSystemDefinition(_ definition: DefinitionNode) {
    switch definition.kind {
    case .schemaDefinition, .schemaExtension: printSchema(SchemaDefinitionNode(definition.node))
    case .directiveDefinition: printDirectiveDefinition(DirectiveDefinitionNode(definition.node))
    case .directiveExtension:
      let directive = DirectiveDefinitionNode(definition.node)
      write("extend directive @")
      write(directive.name)
      printDirectives(directive.directives)
    default: printTypeDefinition(TypeDefinitionNode(definition.node))
    }
  }

  private mutating func printSchema(_ schema: SchemaDefinitionNode) {
    printDescription(schema.descriptionNode)
    write(schema.node.kind == .schemaExtension ? "extend schema" : "schema")
    printDirectives(schema.directives)
    guard !schema.operationTypes.isEmpty else { return }
    writeBlock(schema.operationTypes, open: " {", close: "}") { printer, type in
      printer.write(type.operation)
      printer.write(": ")
      printer.write(type.type.name)
    }
  }

  private mutating func printTypeDefinition(_ type: TypeDefinitionNode) {
    printDescription(type.descriptionNode)
    write(keyword(of: type.kind))
    write(" ")
    write(type.name)
    if !type.interfaces.isEmpty {
      write(" implements ")
      write(type.interfaces, separator: " & ") { $0.write($1.name) }
    }
    printDirectives(type.directives)
    printMembers(of: type)
  }

  private func keyword(of kind: SyntaxKind) -> StaticString {
    switch kind {
    case .scalarTypeDefinition: "scalar"
    case .objectTypeDefinition: "type"
    case .interfaceTypeDefinition: "interface"
    case .unionTypeDefinition: "union"
    case .enumTypeDefinition: "enum"
    case .inputObjectTypeDefinition: "input"
    case .scalarTypeExtension: "extend scalar"
    case .objectTypeExtension: "extend type"
    case .interfaceTypeExtension: "extend interface"
    case .unionTypeExtension: "extend union"
    case .enumTypeExtension: "extend enum"
    default: "extend input"
    }
  }

  private mutating func printMembers(of type: TypeDefinitionNode) {
    guard type.node.word(4) != 0 else { return }
    switch type.kind {
    case .objectTypeDefinition, .objectTypeExtension, .interfaceTypeDefinition, .interfaceTypeExtension:
      writeBlock(type.fields, open: " {", close: "}") { $0.printFieldDefinition($1) }
    case .unionTypeDefinition, .unionTypeExtension:
      write(" = ")
      write(type.memberTypes, separator: " | ") { $0.write($1.name) }
    case .enumTypeDefinition, .enumTypeExtension:
      writeBlock(type.enumValues, open: " {", close: "}") { printer, value in
        printer.printDescription(value.descriptionNode)
        printer.write(value.name)
        printer.printDirectives(value.directives)
      }
    default:
      writeBlock(type.inputFields, open: " {", close: "}") { $0.printInputValue($1) }
    }
  }

  private mutating func printFieldDefinition(_ field: FieldDefinitionNode) {
    printDescription(field.descriptionNode)
    write(field.name)
    printArgumentDefinitions(field.arguments)
    write(": ")
    printType(field.type)
    printDirectives(field.directives)
  }

  /// On one line, unless one of them needs several: a description or a block string does that.
  private mutating func printArgumentDefinitions(_ arguments: SyntaxList<InputValueDefinitionNode>) {
    guard !arguments.isEmpty else { return }
    let start = output.count
    write("(")
    write(arguments, separator: ", ") { $0.printInputValue($1) }
    write(")")
    guard output[start...].contains(0x0A) else { return }
    output.removeSubrange(start...)
    writeBlock(arguments, open: "(", close: ")") { $0.printInputValue($1) }
  }

  private mutating func printInputValue(_ value: InputValueDefinitionNode) {
    printDescription(value.descriptionNode)
    write(value.name)
    write(": ")
    printType(value.type)
    if let defaultValue = value.defaultValue {
      write(" = ")
      printValue(defaultValue)
    }
    printDirectives(value.directives)
  }

  private mutating func printDirectiveDefinition(_ directive: DirectiveDefinitionNode) {
    printDescription(directive.descriptionNode)
    write("directive @")
    write(directive.name)
    printArgumentDefinitions(directive.arguments)
    printDirectives(directive.directives)
    if directive.isRepeatable { write(" repeatable") }
    write(" on ")
    write(directive.locations, separator: " | ") { $0.write($1.name) }
  }
}
