// Printing of values, strings and type references (§ 2.10, § 2.12).

extension Printer {
  mutating func printValue(_ value: ValueNode) {
    switch value.kind {
    case .variable:
      write("$")
      write(value.text)
    case .stringValue: printString(value.asString)
    case .listValue:
      write("[")
      write(value.items, separator: ", ") { $0.printValue($1) }
      write("]")
    case .objectValue:
      write("{")
      write(value.fields, separator: ", ") { printer, field in
        printer.write(field.name)
        printer.write(": ")
        printer.printValue(field.value)
      }
      write("}")
    default: write(value.text)
    }
  }

  mutating func printType(_ type: TypeNode) {
    switch type.kind {
    case .listType:
      write("[")
      printType(type.wrapped)
      write("]")
    case .nonNullType:
      printType(type.wrapped)
      write("!")
    default: write(type.name)
    }
  }

  mutating func printString(_ string: StringNode) {
    var value: [UInt8] = []
    string.appendValue(to: &value)
    if string.isBlock {
      writeBlockString(value)
    } else {
      writeString(value)
    }
  }

  /// A `"string"`: quotes, backslashes and control characters are escaped.
  mutating func writeString(_ value: [UInt8]) {
    write("\"")
    var index = 0
    while index < value.count {
      let byte = value[index]
      index += 1
      switch byte {
      case 0x08: write("\\b")
      case 0x09: write("\\t")
      case 0x0A: write("\\n")
      case 0x0C: write("\\f")
      case 0x0D: write("\\r")
      case UInt8(ascii: "\""): write("\\\"")
      case UInt8(ascii: "\\"): write("\\\\")
      case 0x00...0x1F, 0x7F: writeUnicodeEscape(byte)
      case 0xC2 where index < value.count && value[index] < 0xA0:
        // U+0080 to U+009F are C2 80 to C2 9F.
        writeUnicodeEscape(value[index])
        index += 1
      default: output.append(byte)
      }
    }
    write("\"")
  }

  private mutating func writeUnicodeEscape(_ code: UInt8) {
    let digits = Array("0123456789ABCDEF".utf8)
    write("\\u00")
    output.append(digits[Int(code >> 4)])
    output.append(digits[Int(code & 15)])
  }

  /// A `"""block string"""`, on lines of its own where that reads better or is needed.
  ///
  /// The choice of line feeds follows graphql-js's `printBlockString`; none of them changes the value.
  mutating func writeBlockString(_ value: [UInt8]) {
    let shape = BlockStringLayout(of: value)
    write("\"\"\"")
    if shape.needsLeadingLineFeed { writeLineFeed() }
    var quotes = 0
    for byte in value {
      quotes = byte == UInt8(ascii: "\"") ? quotes + 1 : 0
      if byte == 0x0A {
        writeLineFeed()
        continue
      }
      output.append(byte)
      if quotes == 3 {
        output.removeLast(3)
        write("\\\"\"\"")
        quotes = 0
      }
    }
    if shape.needsTrailingLineFeed { writeLineFeed() }
    write("\"\"\"")
  }
}

/// Where a block string needs line feeds beside its quotes.
private struct BlockStringLayout {
  let needsLeadingLineFeed: Bool
  let needsTrailingLineFeed: Bool

  init(of value: [UInt8]) {
    let (isSingleLine, othersBeginBlank) = BlockStringLayout.lines(of: value)
    let endsWithTripleQuotes = BlockStringLayout.endsWithTripleQuotes(value)
    let endsWithQuote = value.last == UInt8(ascii: "\"") && !endsWithTripleQuotes
    let forcesLeading = !isSingleLine && othersBeginBlank
    let forcesTrailing = endsWithQuote || value.last == UInt8(ascii: "\\")
    let isLong = value.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) } > 70
    let takesSeveralLines =
      !isSingleLine || isLong || forcesTrailing || forcesLeading || endsWithTripleQuotes
    let beginsBlank = isSingleLine && value.first.map(isWhiteSpace) == true
    needsLeadingLineFeed = (takesSeveralLines && !beginsBlank) || forcesLeading
    needsTrailingLineFeed = takesSeveralLines || forcesTrailing
  }

  /// Whether there is one line only, and whether all others are empty or begin with white space.
  private static func lines(of value: [UInt8]) -> (isSingleLine: Bool, othersBeginBlank: Bool) {
    var isSingleLine = true
    var othersBeginBlank = true
    for (index, byte) in value.enumerated() where byte == 0x0A || byte == 0x0D {
      isSingleLine = false
      guard index + 1 < value.count else { continue }
      let next = value[index + 1]
      if !isWhiteSpace(next), next != 0x0A, next != 0x0D { othersBeginBlank = false }
    }
    return (isSingleLine, othersBeginBlank)
  }

  /// Whether the last quote closes a group of three, which is escaped.
  private static func endsWithTripleQuotes(_ value: [UInt8]) -> Bool {
    var quotes = 0
    for byte in value.reversed() {
      guard byte == UInt8(ascii: "\"") else { break }
      quotes += 1
    }
    return quotes > 0 && quotes % 3 == 0
  }
}
