/// § 5.5.2.2 Fragment Spreads Must Not Form Cycles (graphql-js: NoFragmentCyclesRule).
enum NoFragmentCyclesRule {
  static func check(in context: inout ValidationContext) {
    // Cycles are measured among the definitions that spreads lead to; of a name that is defined twice,
    // graphql-js follows the first one too.
    guard context.hasFragmentCycle || context.hasRepeatedFragment,
      context.rules.contains(.noFragmentCycles)
    else { return }
    var search = FragmentCycleSearch(fragmentCount: context.fragments.count)
    for fragment in context.fragments.indices {
      guard let key = context.fragment(named: context.fragments[fragment].name) else { continue }
      search.search(from: fragment, key: key, in: &context)
      if context.errors.isFull { return }
    }
  }
}

/// A depth-first search that reports every spread that closes a cycle, in the order in which graphql-js finds
/// them.
private struct FragmentCycleSearch {
  private struct Frame {
    let key: Int
    let spreads: [SpreadRecord]
    var next = 0
  }

  /// By the number that spreads of the fragment's name lead to.
  private var isVisited: [Bool]
  /// Where on the path a fragment stands, or nil.
  private var pathIndex: [Int?]
  /// The spreads that lead from the root to the current fragment.
  private var path: [SpreadRecord] = []
  private var frames: [Frame] = []

  init(fragmentCount: Int) {
    isVisited = [Bool](repeating: false, count: fragmentCount)
    pathIndex = [Int?](repeating: nil, count: fragmentCount)
  }

  mutating func search(from root: Int, key: Int, in context: inout ValidationContext) {
    guard !isVisited[key] else { return }
    enter(root, key: key, in: context)
    while let frame = frames.last {
      guard frame.next < frame.spreads.count, !context.errors.isFull else {
        pathIndex[frame.key] = nil
        frames.removeLast()
        if !frames.isEmpty { path.removeLast() }
        continue
      }
      frames[frames.count - 1].next += 1
      let spread = frame.spreads[frame.next]
      guard let target = spread.fragment else { continue }
      if let start = pathIndex[target] {
        report(Array(path[start...]) + [spread], in: &context)
      } else if !isVisited[target] {
        path.append(spread)
        enter(target, key: target, in: context)
      }
    }
  }

  private mutating func enter(_ fragment: Int, key: Int, in context: ValidationContext) {
    isVisited[key] = true
    pathIndex[key] = path.count
    frames.append(Frame(key: key, spreads: spreads(of: fragment, in: context)))
  }

  /// A fragment's spreads: those of outer selection sets first, of sets at the same level the last set first.
  private func spreads(of fragment: Int, in context: ValidationContext) -> [SpreadRecord] {
    let definition = context.definitions[context.fragments[fragment].definition]
    let records = definition.spreads.indices.map { context.spreads[$0] }
    guard records.count > 1 else { return records }
    var byNode: [UInt32: SpreadRecord] = [:]
    for record in records { byNode[record.node.node.index] = record }
    var result: [SpreadRecord] = []
    var sets = [context.fragments[fragment].node.selectionSet]
    while let set = sets.popLast() {
      for selection in set.selections {
        switch selection.kind {
        case .field: if let inner = selection.asField.selectionSet { sets.append(inner) }
        case .inlineFragment: sets.append(selection.asInlineFragment.selectionSet)
        default: if let record = byNode[selection.node.index] { result.append(record) }
        }
      }
    }
    return result
  }

  private func report(_ cycle: [SpreadRecord], in context: inout ValidationContext) {
    guard let last = cycle.last else { return }
    let via = cycle.dropLast().map { "\"\($0.node.name)\"" }.joined(separator: ", ")
    context.report(
      .noFragmentCycles,
      "Cannot spread fragment \"\(last.node.name)\" within itself\(via.isEmpty ? "" : " via \(via)").",
      atOffsets: cycle.map(\.node.node.start))
  }
}
