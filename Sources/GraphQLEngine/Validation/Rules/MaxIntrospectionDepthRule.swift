/// Refuses introspection that nests the lists of `__Type` (graphql-js: MaxIntrospectionDepthRule);
/// recommended, not specified.
///
/// Each list of fields, interfaces, possible types or input fields multiplies the answer, so that a short
/// document could ask for gigabytes.
enum MaxIntrospectionDepthRule {
  static func check(in context: inout ValidationContext) {
    guard !context.introspectionFields.isEmpty, context.rules.contains(.maxIntrospectionDepth) else {
      return
    }
    var search = IntrospectionDepthSearch(in: context)
    for field in context.introspectionFields {
      guard let set = field.selectionSet else { continue }
      if search.lists(below: set, in: context) > context.limits.introspectionLists {
        context.report(.maxIntrospectionDepth, "Maximum introspection depth exceeded", at: field.node)
      }
    }
  }
}

/// Counts nested list fields below a selection set; each fragment is measured once, a spread within itself is
/// empty.
private struct IntrospectionDepthSearch {
  private struct Frame {
    var next: UInt32
    /// The list fields on the way from the root of the search, this set's field included.
    let depth: Int
    /// The fragment whose outermost set this is.
    let fragment: Int?
  }

  /// The nested lists of fragments; nil before they are measured, 0 while they are.
  private var lists: ScratchList<Int?>
  private var frames: ScratchList<Frame>
  /// The deepest place below the root and below each fragment that is being measured.
  private var deepest: ScratchList<Int>

  init(in context: borrowing ValidationContext) {
    lists = ScratchList(repeating: nil, count: context.fragments.count, in: context.arena)
    frames = ScratchList(in: context.arena, capacity: 32)
    deepest = ScratchList(in: context.arena)
  }

  mutating func lists(below set: SelectionSetNode, in context: borrowing ValidationContext) -> Int {
    frames.removeAll()
    frames.append(Frame(next: set.selections.first, depth: 0, fragment: nil))
    deepest.removeAll()
    deepest.append(0)
    while let frame = frames.last {
      guard frame.next != 0 else {
        leave(frame)
        continue
      }
      let selection = SelectionNode(context.node(frame.next))
      visit(selection, depth: frame.depth, in: context)
    }
    return deepest[0]
  }

  private mutating func leave(_ frame: Frame) {
    frames.removeLast()
    guard let fragment = frame.fragment, let depth = deepest.popLast() else { return }
    lists[fragment] = depth
    // The spread is visited again, now with the fragment's depth known.
  }

  private mutating func visit(_ selection: SelectionNode, depth: Int, in context: borrowing ValidationContext)
  {
    var inner: Frame?
    switch selection.kind {
    case .field:
      let field = selection.asField
      let innerDepth = depth + (isList(field.name) ? 1 : 0)
      raise(to: innerDepth)
      if let set = field.selectionSet {
        inner = Frame(next: set.selections.first, depth: innerDepth, fragment: nil)
      }
    case .inlineFragment:
      let set = selection.asInlineFragment.selectionSet
      inner = Frame(next: set.selections.first, depth: depth, fragment: nil)
    default:
      guard let fragment = context.fragment(named: selection.asFragmentSpread.name) else { break }
      guard let known = lists[fragment] else {
        lists[fragment] = 0
        deepest.append(0)
        let set = context.fragments[fragment].node.selectionSet
        // Not advanced: the spread is visited again once the fragment is measured.
        frames.append(Frame(next: set.selections.first, depth: 0, fragment: fragment))
        return
      }
      raise(to: depth + known)
    }
    frames[frames.count - 1].next = selection.node.next
    if let inner { frames.append(inner) }
  }

  private mutating func raise(to depth: Int) {
    deepest[deepest.count - 1] = max(deepest[deepest.count - 1], depth)
  }

  private func isList(_ name: SyntaxName) -> Bool {
    name == "fields" || name == "interfaces" || name == "possibleTypes" || name == "inputFields"
  }
}
