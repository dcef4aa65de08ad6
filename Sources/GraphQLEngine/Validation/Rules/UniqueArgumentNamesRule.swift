/// § 5.4.2 Argument Uniqueness (graphql-js: UniqueArgumentNamesRule).
enum UniqueArgumentNamesRule {
  @inline(__always)
  static func check(_ arguments: SyntaxList<ArgumentNode>, in context: inout ValidationContext) {
    guard arguments.hasSeveral, context.rules.contains(.uniqueArgumentNames) else { return }
    for group in context.repeatedNames(of: arguments.lazy.map(\.name)) {
      context.report(
        "There can be only one argument named \"\(group[0])\".", atOffsets: group.map(\.start))
    }
  }
}

extension SyntaxList {
  /// Whether the list has two elements or more.
  @inline(__always)
  var hasSeveral: Bool { first != 0 && tree[first &+ 2] != 0 }
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
