// Canonical printing, byte for byte as graphql-js 16's `print`. Recursion follows the nesting that the parser
// bounds.

extension Document {
  /// The document's canonical text.
  public func print() -> String {
    var printer = Printer()
    printer.printDocument(self)
    return printer.text
  }
}

extension ValueNode {
  /// The value's canonical text.
  public func print() -> String {
    var printer = Printer()
    printer.printValue(self)
    return printer.text
  }
}

extension TypeNode {
  /// The type reference's text, `[Name!]` for instance.
  public func print() -> String {
    var printer = Printer()
    printer.printType(self)
    return printer.text
  }
}

/// Writes nodes into one buffer. Lives for one call of `print`.
///
/// graphql-js prints inside out and indents finished texts; here the indentation is known beforehand and
/// stands behind every line feed, so the texts agree even inside block strings.
struct Printer {
  /// The printed UTF-8.
  var output: [UInt8] = []

  /// Levels of indentation, two spaces each.
  var indentation = 0

  var text: String { String(decoding: output, as: UTF8.self) }

  /// Argument lists of fields that would make a longer line are folded.
  static let lineLength = 80

  // MARK: Bytes

  mutating func write(_ text: StaticString) {
    output.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func write(_ name: SyntaxName) { output.append(contentsOf: name.bytes) }

  mutating func writeLineFeed() {
    output.append(0x0A)
    output.append(contentsOf: repeatElement(0x20, count: 2 * indentation))
  }

  /// Writes the items with a separator between them.
  mutating func write<Element>(
    _ list: SyntaxList<Element>, separator: StaticString, _ item: (inout Printer, Element) -> Void
  ) {
    var isFirst = true
    for element in list {
      if !isFirst { write(separator) }
      isFirst = false
      item(&self, element)
    }
  }

  /// Writes the items on lines of their own, indented, between two brackets.
  mutating func writeBlock<Element>(
    _ list: SyntaxList<Element>, open: StaticString, close: StaticString,
    _ item: (inout Printer, Element) -> Void
  ) {
    write(open)
    indentation += 1
    for element in list {
      writeLineFeed()
      item(&self, element)
    }
    indentation -= 1
    writeLineFeed()
    write(close)
  }

  // MARK: Documents (§ 2.3)

  mutating func printDocument(_ document: Document) {
    var isOpen = false
    write(document.definitions, separator: "\n\n") { printer, definition in
      printer.printDefinition(definition, behindOpenDefinition: isOpen)
      isOpen = definition.isOpen
    }
  }

  private mutating func printDefinition(_ definition: DefinitionNode, behindOpenDefinition: Bool) {
    switch definition.kind {
    case .operationDefinition:
      printOperation(OperationNode(definition.node), isShorthandAllowed: !behindOpenDefinition)
    case .fragmentDefinition: printFragment(FragmentDefinitionNode(definition.node))
    default: printTypeSystemDefinition(definition)
    }
  }

  /// A description on the lines before its definition.
  mutating func printDescription(_ description: StringNode?) {
    guard let description else { return }
    printString(description)
    writeLineFeed()
  }

  private mutating func printOperation(_ operation: OperationNode, isShorthandAllowed: Bool) {
    let isShorthand =
      isShorthandAllowed && operation.operation == .query && operation.name.isEmpty
      && operation.variables.isEmpty
      && operation.directives.isEmpty && operation.descriptionNode == nil
    if !isShorthand {
      printDescription(operation.descriptionNode)
      write(operation.operation)
      if !operation.name.isEmpty || !operation.variables.isEmpty { write(" ") }
      write(operation.name)
      printVariables(operation.variables)
      printDirectives(operation.directives)
      write(" ")
    }
    printSelectionSet(operation.selectionSet)
  }

  mutating func write(_ operation: OperationType) {
    switch operation {
    case .query: write("query")
    case .mutation: write("mutation")
    case .subscription: write("subscription")
    }
  }

  /// Descriptions put every variable on a line of its own, without indentation, as graphql-js has it.
  private mutating func printVariables(_ variables: SyntaxList<VariableDefinitionNode>) {
    guard !variables.isEmpty else { return }
    let start = output.count
    write("(")
    write(variables, separator: ", ") { $0.printVariableDefinition($1) }
    write(")")
    guard output[start...].contains(0x0A) else { return }
    output.removeSubrange(start...)
    write("(\n")
    write(variables, separator: "\n") { $0.printVariableDefinition($1) }
    write("\n)")
  }

  private mutating func printVariableDefinition(_ variable: VariableDefinitionNode) {
    printDescription(variable.descriptionNode)
    write("$")
    write(variable.name)
    write(": ")
    printType(variable.type)
    if let value = variable.defaultValue {
      write(" = ")
      printValue(value)
    }
    printDirectives(variable.directives)
  }

  private mutating func printFragment(_ fragment: FragmentDefinitionNode) {
    printDescription(fragment.descriptionNode)
    write("fragment ")
    write(fragment.name)
    write(" on ")
    write(fragment.typeCondition.name)
    printDirectives(fragment.directives)
    write(" ")
    printSelectionSet(fragment.selectionSet)
  }

  // MARK: Selections (§ 2.5)

  private mutating func printSelectionSet(_ set: SelectionSetNode) {
    guard !set.selections.isEmpty else { return write("{}") }
    writeBlock(set.selections, open: "{", close: "}") { $0.printSelection($1) }
  }

  private mutating func printSelection(_ selection: SelectionNode) {
    switch selection.kind {
    case .field: printField(selection.asField)
    case .fragmentSpread:
      write("...")
      write(selection.asFragmentSpread.name)
      printDirectives(selection.asFragmentSpread.directives)
    default:
      let fragment = selection.asInlineFragment
      write("...")
      if let type = fragment.typeCondition {
        write(" on ")
        write(type.name)
      }
      printDirectives(fragment.directives)
      write(" ")
      printSelectionSet(fragment.selectionSet)
    }
  }

  private mutating func printField(_ field: FieldNode) {
    let start = output.count
    if !field.alias.isEmpty {
      write(field.alias)
      write(": ")
    }
    write(field.name)
    let endOfName = output.count
    printArguments(field.arguments)
    if unindentedLength(from: start) > Printer.lineLength, !field.arguments.isEmpty {
      output.removeSubrange(endOfName...)
      writeBlock(field.arguments, open: "(", close: ")") { $0.printArgument($1) }
    }
    printDirectives(field.directives)
    if let selectionSet = field.selectionSet {
      write(" ")
      printSelectionSet(selectionSet)
    }
  }

  /// UTF-16 units of what was printed from `start` on, the indentation behind line feeds not counted.
  private func unindentedLength(from start: Int) -> Int {
    var length = 0
    for byte in output[start...] {
      if byte & 0xC0 != 0x80 { length += byte >= 0xF0 ? 2 : 1 }
      if byte == 0x0A { length -= 2 * indentation }
    }
    return length
  }

  mutating func printArguments(_ arguments: SyntaxList<ArgumentNode>) {
    guard !arguments.isEmpty else { return }
    write("(")
    write(arguments, separator: ", ") { $0.printArgument($1) }
    write(")")
  }

  private mutating func printArgument(_ argument: ArgumentNode) {
    write(argument.name)
    write(": ")
    printValue(argument.value)
  }

  /// Each directive behind a space.
  mutating func printDirectives(_ directives: SyntaxList<DirectiveNode>) {
    for directive in directives {
      write(" ")
      printDirective(directive)
    }
  }

  mutating func printDirective(_ directive: DirectiveNode) {
    write("@")
    write(directive.name)
    printArguments(directive.arguments)
  }
}

extension DefinitionNode {
  /// Whether a brace behind the definition would be read as its body. A query in shorthand must not follow
  /// it; graphql-js prints one all the same, and the text is another document.
  fileprivate var isOpen: Bool {
    switch kind {
    case .schemaExtension: SchemaDefinitionNode(node).operationTypes.isEmpty
    case .objectTypeDefinition, .objectTypeExtension, .interfaceTypeDefinition, .interfaceTypeExtension,
      .enumTypeDefinition, .enumTypeExtension, .inputObjectTypeDefinition, .inputObjectTypeExtension:
      node.word(4) == 0
    default: false
    }
  }
}
