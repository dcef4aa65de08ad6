// Printing of schemas, byte for byte as graphql-js 16's `printSchema` (§ 3).

extension Schema {
  /// The schema as SDL without what is built in; the same text for the same definitions.
  public var sdl: String {
    var printer = SchemaPrinter(self)
    printer.printSchema()
    return printer.printer.text
  }
}

/// Writes the definitions of a schema into one buffer. Lives for one print.
struct SchemaPrinter {
  private let schema: Schema
  private(set) var printer = Printer()

  init(_ schema: Schema) { self.schema = schema }

  mutating func printSchema() {
    printSchemaDefinition()
    for id in schema.directiveOrder where !schema[id].isBuiltIn {
      beginDefinition()
      printDirective(id)
    }
    for id in schema.typeOrder where !schema[id].isBuiltIn {
      beginDefinition()
      printType(id)
    }
  }

  private mutating func beginDefinition() {
    if !printer.output.isEmpty { printer.write("\n\n") }
  }

  private mutating func write(_ symbol: Symbol) {
    schema.symbols.withBytes(symbol) { printer.output.append(contentsOf: $0) }
  }

  private mutating func write(_ text: String) { printer.output.append(contentsOf: text.utf8) }

  /// Left out when the schema has no description and the types with the default names, and only they, are
  /// the root types (§ 3.3: else "the schema definition must be included"). graphql-js does so from 17 on;
  /// 16 leaves it out where a type named `Mutation` is no root, which changes the schema.
  private mutating func printSchemaDefinition() {
    let roots: [(StaticString, TypeID?, String)] = [
      ("query", schema.queryType, "Query"), ("mutation", schema.mutationType, "Mutation"),
      ("subscription", schema.subscriptionType, "Subscription"),
    ]
    guard roots.contains(where: { $0.1 != nil }) else { return }
    let isCommon = roots.allSatisfy { _, type, name in type == schema.type(named: name) }
    guard schema.description != nil || !isCommon else { return }
    printDescription(schema.description)
    printer.write("schema {\n")
    for case (let operation, let type?, _) in roots {
      printer.write("  ")
      printer.write(operation)
      printer.write(": ")
      write(schema[type].name)
      printer.write("\n")
    }
    printer.write("}")
  }

  private mutating func printDirective(_ id: DirectiveID) {
    printDescription(schema.description(of: id))
    printer.write("directive @")
    write(schema[id].name)
    printArguments(schema[id].arguments)
    printDeprecated(schema.deprecationReason(of: id))
    if schema[id].isRepeatable { printer.write(" repeatable") }
    printer.write(" on ")
    printer.write(schema.definition(of: id).locations, separator: " | ") { $0.write($1.name) }
  }

  private mutating func printType(_ id: TypeID) {
    printDescription(schema.description(of: id))
    switch schema[id].kind {
    case .scalar: printScalar(id)
    case .object: printFieldsType(id, keyword: "type ")
    case .interface: printFieldsType(id, keyword: "interface ")
    case .union: printUnion(id)
    case .enum: printEnum(id)
    case .inputObject: printInputObject(id)
    }
  }

  private mutating func printScalar(_ id: TypeID) {
    printer.write("scalar ")
    write(schema[id].name)
    guard let url = schema.specifiedByURL(of: id) else { return }
    printer.write(" @specifiedBy(url: ")
    printer.writeString(Array(url.utf8))
    printer.write(")")
  }

  private mutating func printFieldsType(_ id: TypeID, keyword: StaticString) {
    printer.write(keyword)
    write(schema[id].name)
    printNames(schema.interfaces(of: id), prefix: " implements ", separator: " & ")
    let fields = schema[id].fields
    printBlock(fields) { writer, index in
      let id = FieldID(rawValue: UInt32(index))
      writer.printMemberDescription(writer.schema.description(of: id), isFirst: index == Int(fields.start))
      writer.write(writer.schema[id].name)
      writer.printArguments(writer.schema[id].arguments)
      writer.printer.write(": ")
      writer.write(writer.schema.string(of: writer.schema[id].type))
      writer.printDeprecated(writer.schema.deprecationReason(of: id))
    }
  }

  private mutating func printUnion(_ id: TypeID) {
    printer.write("union ")
    write(schema[id].name)
    printNames(schema.possibleTypes(of: id), prefix: " = ", separator: " | ")
  }

  private mutating func printNames(
    _ types: ArraySlice<TypeID>, prefix: StaticString, separator: StaticString
  ) {
    for (index, type) in types.enumerated() {
      printer.write(index == 0 ? prefix : separator)
      write(schema[type].name)
    }
  }

  private mutating func printEnum(_ id: TypeID) {
    printer.write("enum ")
    write(schema[id].name)
    let values = schema[id].enumValues
    printBlock(values) { writer, index in
      let id = EnumValueID(rawValue: UInt32(index))
      writer.printMemberDescription(writer.schema.description(of: id), isFirst: index == Int(values.start))
      writer.write(writer.schema[id].name)
      writer.printDeprecated(writer.schema.deprecationReason(of: id))
    }
  }

  private mutating func printInputObject(_ id: TypeID) {
    printer.write("input ")
    write(schema[id].name)
    if schema[id].isOneOf { printer.write(" @oneOf") }
    let fields = schema[id].inputFields
    printBlock(fields) { writer, index in
      let id = InputValueID(rawValue: UInt32(index))
      writer.printMemberDescription(writer.schema.description(of: id), isFirst: index == Int(fields.start))
      writer.printInputValue(id)
    }
  }

  /// Members on lines of their own; nothing at all when there are none.
  private mutating func printBlock(_ members: TableRange, _ member: (inout SchemaPrinter, Int) -> Void) {
    guard !members.isEmpty else { return }
    printer.write(" {")
    printer.indentation += 1
    for index in members.indices {
      printer.writeLineFeed()
      member(&self, index)
    }
    printer.indentation -= 1
    printer.writeLineFeed()
    printer.write("}")
  }

  /// On one line, or on a line each where one has a description.
  private mutating func printArguments(_ arguments: TableRange) {
    guard !arguments.isEmpty else { return }
    let ids = arguments.indices.map { InputValueID(rawValue: UInt32($0)) }
    let isOneLine = ids.allSatisfy { schema.description(of: $0)?.isEmpty ?? true }
    printer.write("(")
    if !isOneLine { printer.indentation += 1 }
    for (index, id) in ids.enumerated() {
      if isOneLine {
        if index > 0 { printer.write(", ") }
      } else {
        printer.writeLineFeed()
        printMemberDescription(schema.description(of: id), isFirst: index == 0)
      }
      printInputValue(id)
    }
    if !isOneLine {
      printer.indentation -= 1
      printer.writeLineFeed()
    }
    printer.write(")")
  }

  private mutating func printInputValue(_ id: InputValueID) {
    write(schema[id].name)
    printer.write(": ")
    write(schema.string(of: schema[id].type))
    if let value = schema.printedDefaultValue(of: id) {
      printer.write(" = ")
      write(value)
    }
    printDeprecated(schema.deprecationReason(of: id))
  }

  private mutating func printDeprecated(_ reason: String?) {
    guard let reason else { return }
    printer.write(" @deprecated")
    guard reason != Schema.defaultDeprecationReason else { return }
    printer.write("(reason: ")
    printer.writeString(Array(reason.utf8))
    printer.write(")")
  }

  /// A member's description, behind an empty line unless it is the first.
  ///
  /// The line feed and the indentation of the member are written already.
  private mutating func printMemberDescription(_ description: String?, isFirst: Bool) {
    guard let description else { return }
    if !isFirst {
      printer.output.removeLast(2 * printer.indentation)
      printer.writeLineFeed()
    }
    printDescription(description)
  }

  private mutating func printDescription(_ description: String?) {
    guard let description else { return }
    let bytes = Array(description.utf8)
    if isPrintableAsBlockString(bytes) { printer.writeBlockString(bytes) } else { printer.writeString(bytes) }
    printer.writeLineFeed()
  }
}

/// Whether a block string can hold a text so that its value is the same (§ 2.10.4); as graphql-js decides it.
private func isPrintableAsBlockString(_ text: [UInt8]) -> Bool {
  guard !text.isEmpty else { return true }
  var isEmptyLine = true
  var hasIndentation = false
  var hasCommonIndentation = true
  var isBehindFirstLine = false
  for byte in text {
    switch byte {
    case 0x00...0x08, 0x0B...0x0F: return false
    case 0x0A:
      if isEmptyLine && !isBehindFirstLine { return false }
      isBehindFirstLine = true
      isEmptyLine = true
      hasIndentation = false
    case 0x09, 0x20: hasIndentation = hasIndentation || isEmptyLine
    default:
      hasCommonIndentation = hasCommonIndentation && hasIndentation
      isEmptyLine = false
    }
  }
  return !isEmptyLine && !(hasCommonIndentation && isBehindFirstLine)
}
