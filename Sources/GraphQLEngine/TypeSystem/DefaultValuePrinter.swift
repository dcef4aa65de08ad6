extension Schema {
  /// A default value as SDL and introspection show it, coerced first as graphql-js 16 does (`astFromValue`
  /// behind `valueFromAST`): single items become lists, input objects are complete and in the order of
  /// their fields. Nil for one that cannot be coerced, which only a schema that was not validated has.
  public func printedDefaultValue(of id: InputValueID) -> String? {
    guard let literal = defaultValue(of: id) else { return nil }
    var printer = DefaultValuePrinter(schema: self)
    printer.print(literal, type: self[id].type, depth: 0)
    if printer.isRefused { return nil }
    // A default that unfolds without end in sight is shown as it is written.
    return printer.isExhausted ? literal.print() : printer.printer.text
  }
}

/// Writes one default value. Defaults within defaults unfold, so depth and length are bounded.
private struct DefaultValuePrinter {
  let schema: Schema
  var printer = Printer()
  private(set) var isExhausted = false
  /// Whether the value, or one in it, cannot be coerced.
  private(set) var isRefused = false

  private static let maximumDepth = 100
  private static let maximumBytes = 65_536

  init(schema: Schema) { self.schema = schema }

  mutating func print(_ value: ValueNode, type: TypeReference, depth: Int) {
    guard depth < Self.maximumDepth, printer.output.count < Self.maximumBytes else {
      isExhausted = true
      return
    }
    if value.kind == .nullValue {
      isRefused = isRefused || type.isNonNull
      return printer.write("null")
    }
    let type = type.nullable
    if type.isList {
      printList(value, item: type.wrapped, depth: depth)
    } else if schema[type.namedType].kind == .inputObject, value.kind == .objectValue {
      printObject(value, type: type.namedType, depth: depth)
    } else {
      printLeaf(value, type: type.namedType)
    }
  }

  private mutating func printList(_ value: ValueNode, item: TypeReference, depth: Int) {
    printer.write("[")
    if value.kind == .listValue {
      for (index, element) in value.items.enumerated() {
        if index > 0 { printer.write(", ") }
        print(element, type: item, depth: depth + 1)
      }
    } else {
      print(value, type: item, depth: depth + 1)
    }
    printer.write("]")
  }

  private mutating func printObject(_ value: ValueNode, type: TypeID, depth: Int) {
    var given: [InputValueID: ValueNode] = [:]
    for field in value.fields {
      if let id = schema.inputField(named: field.name, in: type) { given[id] = field.value }
    }
    var isFirst = true
    printer.write("{")
    for id in schema.inputFieldIDs(of: type) {
      guard let value = given[id] ?? schema.defaultValue(of: id) else {
        isRefused = isRefused || schema[id].isRequired
        continue
      }
      if !isFirst { printer.write(", ") }
      isFirst = false
      schema.symbols.withBytes(schema[id].name) { printer.output.append(contentsOf: $0) }
      printer.write(": ")
      print(value, type: schema[id].type, depth: depth + 1)
    }
    printer.write("}")
  }

  private mutating func printLeaf(_ value: ValueNode, type: TypeID) {
    isRefused = isRefused || !LiteralValidation.accepts(value, type: TypeReference(type), in: schema)
    switch value.kind {
    case .stringValue:
      var bytes: [UInt8] = []
      value.asString.appendValue(to: &bytes)
      if type == schema.wellKnown.id, isInteger(bytes) {
        printer.output.append(contentsOf: bytes)
      } else {
        printer.writeString(bytes)
      }
    case .intValue, .floatValue:
      printNumber(value, type: type)
    case .enumValue where schema[type].kind == .scalar:
      // A custom scalar sees the name as a string.
      printer.writeString(Array(value.text.bytes))
    default:
      printer.printValue(value)
    }
  }

  /// Numbers pass through a double, except for those of ID.
  private mutating func printNumber(_ value: ValueNode, type: TypeID) {
    let text = value.text.description
    guard type != schema.wellKnown.id, let number = Double(text), number.isFinite else {
      return printer.printValue(value)
    }
    var writer = JSONWriter(capacity: 32)
    writer.write(number == 0 ? 0 : number)
    printer.output.append(contentsOf: writer.text.utf8)
  }

  private func isInteger(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    guard let first = digits.first else { return false }
    return digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && (first != 0x30 || digits.count == 1)
  }
}
