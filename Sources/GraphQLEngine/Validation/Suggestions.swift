// "Did you mean …": names of the schema that are close to a name of the document. Only reached to report
// errors, and bounded by `ValidationLimits.suggestionCells`.

extension ValidationContext {
  /// Names that are similar to `name`, the most similar first; none when suggestions are hidden.
  mutating func suggestions(for name: SyntaxName, among symbols: some Sequence<Symbol>) -> [String] {
    suggestions(for: name.description, among: symbols)
  }

  /// The same among names that are not the schema's.
  mutating func suggestions(for name: SyntaxName, amongNames names: [String]) -> [String] {
    guard !hidesSuggestions, name.length <= NameDistance.maximumLength else { return [] }
    var distance = NameDistance(from: Array(name.bytes))
    var found: [(name: String, distance: Int)] = []
    for var option in names where suggestionCellsLeft > 0 {
      suggestionCellsLeft -= 1
      let measured = option.withUTF8 { distance.measure(to: $0, cellsLeft: &suggestionCellsLeft) }
      if let measured { found.append((option, measured)) }
    }
    return inOrderOfSimilarity(found)
  }

  /// Names that are similar to `text`, the most similar first; none when suggestions are hidden.
  mutating func suggestions(for text: String, among symbols: some Sequence<Symbol>) -> [String] {
    guard !hidesSuggestions else { return [] }
    return schema.suggestions(for: text, among: symbols, cellsLeft: &suggestionCellsLeft)
  }
}

extension Schema {
  /// Names that are similar to `text`, the most similar first; `cellsLeft` bounds the work.
  func suggestions(
    for text: String, among symbols: some Sequence<Symbol>, cellsLeft: inout Int
  ) -> [String] {
    guard text.utf8.count <= NameDistance.maximumLength else { return [] }
    var distance = NameDistance(from: Array(text.utf8))
    var found: [(name: String, distance: Int)] = []
    for symbol in symbols where cellsLeft > 0 {
      let measured = self.symbols.withBytes(symbol) { bytes -> Int? in
        cellsLeft -= 1
        return distance.measure(to: bytes, cellsLeft: &cellsLeft)
      }
      if let measured { found.append((name(symbol), measured)) }
    }
    return inOrderOfSimilarity(found)
  }
}

/// The names with the smallest distance first; where it is equal, in natural order.
private func inOrderOfSimilarity(_ found: [(name: String, distance: Int)]) -> [String] {
  let sorted = found.sorted { left, right in
    left.distance != right.distance
      ? left.distance < right.distance : precedesNaturally(left.name, right.name)
  }
  return sorted.map(\.name)
}

/// The text for suggestions, as graphql-js words it: at most five, empty when there are none.
func didYouMean(_ suggestions: [String], _ kind: String = "") -> String {
  let quoted = suggestions.prefix(5).map { "\"\($0)\"" }
  guard let last = quoted.last else { return "" }
  let list =
    switch quoted.count {
    case 1: last
    case 2: "\(quoted[0]) or \(last)"
    default: quoted.dropLast().joined(separator: ", ") + ", or \(last)"
    }
  return " Did you mean \(kind.isEmpty ? "" : kind + " ")\(list)?"
}

/// Whether a name stands before another when runs of digits count as numbers.
func precedesNaturally(_ left: String, _ right: String) -> Bool {
  let left = Array(left.utf8)
  let right = Array(right.utf8)
  var leftIndex = 0
  var rightIndex = 0
  while leftIndex < left.count, rightIndex < right.count {
    if isDigit(left[leftIndex]), isDigit(right[rightIndex]) {
      let leftNumber = readNumber(left, &leftIndex)
      let rightNumber = readNumber(right, &rightIndex)
      if leftNumber != rightNumber { return leftNumber < rightNumber }
    } else {
      if left[leftIndex] != right[rightIndex] { return left[leftIndex] < right[rightIndex] }
      leftIndex += 1
      rightIndex += 1
    }
  }
  return left.count < right.count
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// The number at `index`; numbers too large to hold count as equal.
private func readNumber(_ text: [UInt8], _ index: inout Int) -> Double {
  var number = 0.0
  while index < text.count, isDigit(text[index]) {
    number = number * 10 + Double(text[index] - UInt8(ascii: "0"))
    index += 1
  }
  return number
}

/// The number of edits between a name and others: insert, delete, replace, swap neighbours; another case is
/// one edit.
struct NameDistance {
  /// Longer names get no suggestions.
  static let maximumLength = 100

  private let input: [UInt8]
  private let lowercased: [UInt8]
  private let threshold: Int
  /// The current row of the table and the two above it.
  private var rows: [[Int]]

  init(from input: [UInt8]) {
    self.input = input
    lowercased = input.map(lowercase)
    threshold = input.count * 2 / 5 + 1
    rows = [[Int]](repeating: [Int](repeating: 0, count: input.count + 1), count: 3)
  }

  /// The distance to an option, or nil when it is too far. Subtracts the cells that were computed.
  mutating func measure(to option: UnsafeBufferPointer<UInt8>, cellsLeft: inout Int) -> Int? {
    guard abs(option.count - input.count) <= threshold else { return nil }
    if option.elementsEqual(input) { return 0 }
    let option = option.map(lowercase)
    if option == lowercased { return 1 }
    for column in 0...input.count { rows[0][column] = column }
    for row in 1..<max(1, option.count + 1) {
      cellsLeft -= input.count
      guard fillRow(row, of: option) <= threshold else { return nil }
    }
    let distance = rows[option.count % 3][input.count]
    return distance <= threshold ? distance : nil
  }

  /// Fills a row of the table and returns its smallest cell.
  private mutating func fillRow(_ row: Int, of option: [UInt8]) -> Int {
    let above = (row + 2) % 3
    let current = row % 3
    rows[current][0] = row
    var smallest = row
    for column in stride(from: 1, through: input.count, by: 1) {
      let cost = option[row - 1] == lowercased[column - 1] ? 0 : 1
      var cell = min(
        rows[above][column] + 1, rows[current][column - 1] + 1, rows[above][column - 1] + cost)
      if row > 1, column > 1, option[row - 1] == lowercased[column - 2],
        option[row - 2] == lowercased[column - 1]
      {
        cell = min(cell, rows[(row + 1) % 3][column - 2] + 1)
      }
      rows[current][column] = cell
      smallest = min(smallest, cell)
    }
    return smallest
  }
}

private func lowercase(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

extension ValueNode {
  /// The value's canonical text for a message, cut where it is long.
  var literal: String {
    let text = print()
    return text.utf8.count <= 1_000 ? text : text.prefix(1_000) + "…"
  }
}
