// Whether two fields have identical arguments (§ 5.3.2): the same names with the same values, in any order.

/// Compares two argument lists; object fields too may stand in any order.
///
/// Takes a step for each comparison of names or values; when none is left it answers true, and the caller
/// sees the budget exceeded. Nesting is the document's, which parsing bounds, and is followed without
/// recursion.
func haveSameArguments(
  _ left: SyntaxList<ArgumentNode>, _ right: SyntaxList<ArgumentNode>, stepsLeft: inout Int
) -> Bool {
  guard !left.isEmpty || !right.isEmpty else { return true }
  var comparison = ValueComparison(stepsLeft: stepsLeft)
  defer { stepsLeft = comparison.stepsLeft }
  guard comparison.pair(left, right, name: \.name, value: \.value) else { return false }
  return comparison.haveEqualPairs()
}

private struct ValueComparison {
  var stepsLeft: Int
  /// Values that must be equal.
  private var pending: [(ValueNode, ValueNode)] = []

  init(stepsLeft: Int) { self.stepsLeft = stepsLeft }

  mutating func haveEqualPairs() -> Bool {
    while let (left, right) = pending.popLast() {
      stepsLeft -= 1
      if stepsLeft < 0 { return true }
      guard areEqual(left, right) else { return false }
    }
    return true
  }

  /// Compares two values; those inside are left for later.
  private mutating func areEqual(_ left: ValueNode, _ right: ValueNode) -> Bool {
    guard left.kind == right.kind else { return false }
    switch left.kind {
    case .nullValue: return true
    case .booleanValue: return left.isTrue == right.isTrue
    case .stringValue:
      let (left, right) = (left.asString, right.asString)
      if left.isBlock == right.isBlock, left.raw == right.raw { return true }
      if !left.needsDecoding, !right.needsDecoding { return false }
      // A long string may be compared to each of thousands of others.
      stepsLeft -= Int(left.raw.length + right.raw.length) / 64
      return stepsLeft >= 0 ? left.value == right.value : true
    case .listValue: return pairItems(left, right)
    case .objectValue: return pair(left.fields, right.fields, name: \.name, value: \.value)
    default: return left.text == right.text
    }
  }

  private mutating func pairItems(_ left: ValueNode, _ right: ValueNode) -> Bool {
    var leftItems = left.items.makeIterator()
    var rightItems = right.items.makeIterator()
    while let item = leftItems.next() {
      stepsLeft -= 1
      guard let other = rightItems.next() else { return false }
      pending.append((item, other))
    }
    return rightItems.next() == nil
  }

  /// Pairs the values of two lists by name; false when a name stands in one list only.
  mutating func pair<Element: SyntaxView>(
    _ left: SyntaxList<Element>, _ right: SyntaxList<Element>,
    name: (Element) -> SyntaxName, value: (Element) -> ValueNode
  ) -> Bool {
    var parallel = right.makeIterator()
    var rightCount = 0
    var leftCount = 0
    for element in left {
      leftCount += 1
      stepsLeft -= 1
      if stepsLeft < 0 { return true }
      // Nearly always the order is the same.
      var match = parallel.next()
      if match != nil { rightCount += 1 }
      if match.map({ name($0) != name(element) }) ?? true {
        match = find(name(element), in: right, name: name)
      }
      guard let match else { return false }
      pending.append((value(element), value(match)))
    }
    while parallel.next() != nil { rightCount += 1 }
    return leftCount == rightCount
  }

  private mutating func find<Element: SyntaxView>(
    _ wanted: SyntaxName, in list: SyntaxList<Element>, name: (Element) -> SyntaxName
  ) -> Element? {
    for element in list {
      stepsLeft -= 1
      if name(element) == wanted { return element }
    }
    return nil
  }
}
