extension Schema {
  /// A default value in the form in which two schemas can be compared: as introspection shows it, with the
  /// fields of input objects in the natural order of their names (graphql-js: `sortValueNode`).
  func comparableDefaultValue(of id: InputValueID) -> String? {
    guard let text = printedDefaultValue(of: id) else { return nil }
    // Only objects have an order to undo. What nests too deeply to be read again is compared as it is.
    guard text.utf8.contains(UInt8(ascii: "{")),
      let document = try? Document.parseValue(Source(text), limits: .schema)
    else { return text }
    return withExtendedLifetime(document) {
      var printer = Printer()
      printer.printSorted(document.rootValue)
      return printer.text
    }
  }
}

extension Printer {
  /// Recursion follows the nesting that the parser bounds.
  fileprivate mutating func printSorted(_ value: ValueNode) {
    switch value.kind {
    case .listValue:
      write("[")
      write(value.items, separator: ", ") { $0.printSorted($1) }
      write("]")
    case .objectValue:
      write("{")
      let fields = value.fields.sorted { precedesNaturally($0.name.bytes, $1.name.bytes) }
      for (index, field) in fields.enumerated() {
        if index > 0 { write(", ") }
        write(field.name)
        write(": ")
        printSorted(field.value)
      }
      write("}")
    default: printValue(value)
    }
  }
}

/// Whether one name stands before another where runs of digits count as numbers (graphql-js:
/// `naturalCompare`).
private func precedesNaturally(
  _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
) -> Bool {
  func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  /// The end of the digits from `start`, and where they begin without leading zeros.
  func digits(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int> {
    var first = start
    while first < bytes.count, bytes[first] == 0x30 { first += 1 }
    var end = first
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return first..<end
  }
  var (leftIndex, rightIndex) = (0, 0)
  while leftIndex < left.count, rightIndex < right.count {
    let (leftByte, rightByte) = (left[leftIndex], right[rightIndex])
    if isDigit(leftByte), isDigit(rightByte) {
      let leftDigits = digits(left, from: leftIndex)
      let rightDigits = digits(right, from: rightIndex)
      if leftDigits.count != rightDigits.count { return leftDigits.count < rightDigits.count }
      for (first, second) in zip(left[leftDigits], right[rightDigits]) where first != second {
        return first < second
      }
      (leftIndex, rightIndex) = (leftDigits.upperBound, rightDigits.upperBound)
      continue
    }
    if leftByte != rightByte { return leftByte < rightByte }
    leftIndex += 1
    rightIndex += 1
  }
  return left.count < right.count
}
