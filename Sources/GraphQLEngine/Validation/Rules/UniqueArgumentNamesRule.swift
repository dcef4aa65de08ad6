/// § 5.4.2 Argument Uniqueness (graphql-js: UniqueArgumentNamesRule).
enum UniqueArgumentNamesRule {
  @inline(__always)
  static func check(_ arguments: SyntaxList<ArgumentNode>, in context: inout ValidationContext) {
    guard arguments.hasSeveral, context.rules.contains(.uniqueArgumentNames),
      !arguments.hasFewDifferentNames
    else { return }
    for group in context.repeatedNames(of: arguments.lazy.map(\.name)) {
      context.report(
        .uniqueArgumentNames, "There can be only one argument named \"\(group[0])\".",
        atOffsets: group.map(\.start))
    }
  }
}

extension SyntaxList {
  /// Whether the list has two elements or more.
  @inline(__always)
  var hasSeveral: Bool { first != 0 && tree[first &+ 2] != 0 }

  /// Whether the list is short and no name occurs twice. For elements whose record begins with their name:
  /// arguments, object fields, variable definitions.
  var hasFewDifferentNames: Bool {
    var count = 0
    for element in self {
      count += 1
      guard count <= 8 else { return false }
      let name = element.node.name(0)
      for earlier in self {
        if earlier.node.index == element.node.index { break }
        if earlier.node.name(0).equals(name) { return false }
      }
    }
    return true
  }
}

extension ValidationContext {
  /// Names that occur more than once, grouped, in the order of their first occurrence.
  mutating func repeatedNames(of sequence: some Sequence<SyntaxName>) -> [[SyntaxName]] {
    names.removeAll()
    var firsts: [SyntaxName] = []
    var groups: [UInt32: [SyntaxName]] = [:]
    for name in sequence {
      if let first = names.insert(name, value: UInt32(firsts.count)) {
        groups[first, default: [firsts[Int(first)]]].append(name)
      } else {
        firsts.append(name)
      }
    }
    return groups.isEmpty ? [] : groups.sorted { $0.key < $1.key }.map(\.value)
  }
}
