// What fragments add up to: cycles, and the size of operations once their spreads are replaced.

/// How far a depth-first search is with a fragment.
private struct FragmentSearchFrame {
  let fragment: Int
  /// The next of its spreads.
  var spread: Int
}

extension ValidationContext {
  /// Computes the size of each fragment and operation with all spreads followed, finds out whether fragments
  /// form a cycle, and refuses operations that are too large. Each fragment is measured once.
  mutating func measureFragments() {
    // 0 is unseen, 1 is on the path, 2 is done.
    var states = ScratchList<UInt8>(repeating: 0, count: fragments.count, in: arena)
    var path = ScratchList<FragmentSearchFrame>(in: arena)
    for fragment in fragments.indices where states[fragment] == 0 {
      measure(fragment, states: &states, path: &path)
    }
    for definition in definitions where definition.fragment == nil {
      let (fields, depth) = measure(definition)
      if fields > limits.fieldsAfterFragments {
        exceedsFragmentLimits = true
        reportExceeded(.fieldsAfterFragments, limit: limits.fieldsAfterFragments, at: definition.node)
      } else if depth > limits.depthAfterFragments {
        exceedsFragmentLimits = true
        reportExceeded(.depthAfterFragments, limit: limits.depthAfterFragments, at: definition.node)
      }
    }
  }

  /// Measures a fragment after all that it spreads.
  private mutating func measure(
    _ root: Int, states: inout ScratchList<UInt8>, path: inout ScratchList<FragmentSearchFrame>
  ) {
    path.append(FragmentSearchFrame(fragment: root, spread: firstSpread(of: root)))
    states[root] = 1
    while let frame = path.last {
      let definition = definitions[fragments[frame.fragment].definition]
      guard frame.spread < definition.spreads.upperBound else {
        let (fields, depth) = measure(definition)
        fragments[frame.fragment].fieldsAfterFragments = fields
        fragments[frame.fragment].depthAfterFragments = depth
        states[frame.fragment] = 2
        path.removeLast()
        continue
      }
      path[path.count - 1].spread += 1
      guard let target = spreads[frame.spread].fragment else { continue }
      if states[target] == 1 { hasFragmentCycle = true }
      guard states[target] == 0 else { continue }
      states[target] = 1
      path.append(FragmentSearchFrame(fragment: target, spread: firstSpread(of: target)))
    }
  }

  private func firstSpread(of fragment: Int) -> Int {
    definitions[fragments[fragment].definition].spreads.lowerBound
  }

  /// The fields and depth of a definition, from those of the fragments that it spreads.
  private func measure(_ definition: DefinitionRecord) -> (fields: Int, depth: Int) {
    // Sums stop growing far above any limit, before they could overflow.
    let ceiling = 1 << 40
    var fields = definition.fieldCount
    var depth = definition.depth
    for index in definition.spreads.indices {
      guard let target = spreads[index].fragment else { continue }
      fields = min(ceiling, fields + fragments[target].fieldsAfterFragments)
      depth = min(ceiling, max(depth, spreads[index].depth - 1 + fragments[target].depthAfterFragments))
    }
    return (fields, depth)
  }
}
