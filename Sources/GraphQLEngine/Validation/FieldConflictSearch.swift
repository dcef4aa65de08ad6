/// Two fields, or two groups of fields, that cannot be merged.
struct FieldConflict {
  let responseKey: SyntaxName
  /// Why, as graphql-js words it.
  let reason: String
  /// Records of the first field, and of the fields below it that conflict.
  let left: [UInt32]
  /// Records of the second field, and of the fields below it.
  let right: [UInt32]
}

/// Finds conflicts pair by pair, in graphql-js's order, so that messages and locations are the same.
///
/// Only documents that are refused anyway, or whose fragments form cycles, come here. A pair of fragments, or
/// of a selection set and a fragment, is compared once; the comparisons have a budget, and their nesting a
/// bound.
struct FieldConflictSearch {
  /// Levels of selection sets that are compared; beyond, the budget counts as exceeded. 512 KiB of stack hold
  /// them.
  private static let maximumDepth = 100
  /// Bytes of a reason; what conflicts below a longer one is left out.
  private static let maximumReasonLength = 16_000
  /// Fields below each of two that conflict; further ones are left out.
  private static let maximumFields = 1_000

  private var fieldSets: [FieldSet] = []
  private var fieldSetOfSelectionSet: [UInt32: Int] = [:]
  private var comparedFragments = ComparedPairs()
  private var comparedFieldsAndFragments = ComparedPairs()
  private var comparisonsLeft: Int
  private var depth = 0

  init(comparisons: Int) { comparisonsLeft = comparisons }

  /// Whether comparisons were left out.
  var exceedsBudget: Bool { comparisonsLeft < 0 }

  /// The conflicts between the fields of a selection set and of the fragments that it spreads.
  mutating func conflicts(within set: TypedSelectionSet, in context: borrowing ValidationContext)
    -> [FieldConflict]
  {
    var found = FieldConflicts(capacity: context.errors.room)
    let fields = fieldSet(of: set, in: context)
    compareWithin(fields, &found, in: context)
    let fragments = fieldSets[fields].fragments
    for (index, fragment) in fragments.enumerated() where !exceedsBudget && !found.isFull {
      compare(fields, withFragment: fragment, isExclusive: false, &found, in: context)
      for other in fragments[(index + 1)...] where !exceedsBudget && !found.isFull {
        compareFragments(fragment, other, isExclusive: false, &found, in: context)
      }
    }
    return found.conflicts
  }

  // MARK: Sets of fields

  private mutating func compareWithin(
    _ fields: Int, _ found: inout FieldConflicts, in context: borrowing ValidationContext
  ) {
    for group in fieldSets[fields].groups where group.count > 1 {
      for left in group.indices {
        for right in group.indices[(left + 1)...] {
          guard !exceedsBudget, !found.isFull else { return }
          compareFields(group[left], group[right], isExclusive: false, &found, in: context)
        }
      }
    }
  }

  private mutating func compare(
    _ left: Int, _ right: Int, isExclusive: Bool, _ found: inout FieldConflicts,
    in context: borrowing ValidationContext
  ) {
    for group in fieldSets[left].groups {
      comparisonsLeft -= 1
      guard let other = fieldSets[right].group(named: group[0].node.responseKey) else { continue }
      for leftField in group {
        for rightField in fieldSets[right].groups[other] {
          guard !exceedsBudget, !found.isFull else { return }
          compareFields(leftField, rightField, isExclusive: isExclusive, &found, in: context)
        }
      }
    }
  }

  /// Compares a set of fields with a fragment and all fragments that this one spreads.
  private mutating func compare(
    _ fields: Int, withFragment root: Int, isExclusive: Bool, _ found: inout FieldConflicts,
    in context: borrowing ValidationContext
  ) {
    var pending = [root]
    while let fragment = pending.popLast(), !exceedsBudget, !found.isFull {
      comparisonsLeft -= 1
      guard comparedFieldsAndFragments.insert(fields, fragment, isExclusive: isExclusive) else { continue }
      let other = fieldSet(ofFragment: fragment, in: context)
      guard other != fields else { continue }
      compare(fields, other, isExclusive: isExclusive, &found, in: context)
      pending.append(contentsOf: fieldSets[other].fragments.reversed())
    }
  }

  /// Compares two fragments, and each with all fragments that the other one spreads.
  private mutating func compareFragments(
    _ left: Int, _ right: Int, isExclusive: Bool, _ found: inout FieldConflicts,
    in context: borrowing ValidationContext
  ) {
    var pending = [(left, right)]
    while let (left, right) = pending.popLast(), !exceedsBudget, !found.isFull {
      comparisonsLeft -= 1
      guard left != right,
        comparedFragments.insert(min(left, right), max(left, right), isExclusive: isExclusive)
      else { continue }
      let leftFields = fieldSet(ofFragment: left, in: context)
      let rightFields = fieldSet(ofFragment: right, in: context)
      compare(leftFields, rightFields, isExclusive: isExclusive, &found, in: context)
      for inner in fieldSets[leftFields].fragments.reversed() { pending.append((inner, right)) }
      for inner in fieldSets[rightFields].fragments.reversed() { pending.append((left, inner)) }
    }
  }

  // MARK: Fields

  /// Compares two fields of one response key, and what they select.
  private mutating func compareFields(
    _ left: FieldInType, _ right: FieldInType, isExclusive: Bool, _ found: inout FieldConflicts,
    in context: borrowing ValidationContext
  ) {
    comparisonsLeft -= 1
    let areExclusive =
      isExclusive
      || (left.parent != right.parent && context.isObject(left.parent) && context.isObject(right.parent))
    if let reason = reason(left, right, isExclusive: areExclusive, in: context) {
      found.append(
        FieldConflict(
          responseKey: left.node.responseKey, reason: reason, left: [left.node.node.index],
          right: [right.node.node.index]))
      return
    }
    guard let leftSet = left.node.selectionSet, let rightSet = right.node.selectionSet else { return }
    guard depth < Self.maximumDepth else {
      comparisonsLeft = -1
      return
    }
    depth += 1
    let inner = compareSelections(
      TypedSelectionSet(node: leftSet.node.index, type: left.type?.namedType),
      TypedSelectionSet(node: rightSet.node.index, type: right.type?.namedType),
      isExclusive: areExclusive, in: context)
    depth -= 1
    if !inner.isEmpty { found.append(combine(inner, below: left, right)) }
  }

  /// Why two fields conflict, what they select apart.
  private mutating func reason(
    _ left: FieldInType, _ right: FieldInType, isExclusive: Bool, in context: borrowing ValidationContext
  ) -> String? {
    if !isExclusive {
      if left.node.name != right.node.name {
        return "\"\(left.node.name)\" and \"\(right.node.name)\" are different fields"
      }
      if !haveSameArguments(left.node.arguments, right.node.arguments, stepsLeft: &comparisonsLeft) {
        return "they have differing arguments"
      }
    }
    if !context.haveSameStream(left.node, right.node, stepsLeft: &comparisonsLeft) {
      return "they have differing stream directives"
    }
    if let leftType = left.type, let rightType = right.type,
      context.schema.haveConflictingShapes(leftType, rightType)
    {
      return "they return conflicting types \"\(context.schema.string(of: leftType))\" and "
        + "\"\(context.schema.string(of: rightType))\""
    }
    return nil
  }

  /// The conflicts between two selection sets, fragments included.
  private mutating func compareSelections(
    _ left: TypedSelectionSet, _ right: TypedSelectionSet, isExclusive: Bool,
    in context: borrowing ValidationContext
  ) -> [FieldConflict] {
    var found = FieldConflicts(capacity: context.limits.locationsPerError)
    let leftFields = fieldSet(of: left, in: context)
    let rightFields = fieldSet(of: right, in: context)
    compare(leftFields, rightFields, isExclusive: isExclusive, &found, in: context)
    for fragment in fieldSets[rightFields].fragments where !exceedsBudget {
      compare(leftFields, withFragment: fragment, isExclusive: isExclusive, &found, in: context)
    }
    for fragment in fieldSets[leftFields].fragments where !exceedsBudget {
      compare(rightFields, withFragment: fragment, isExclusive: isExclusive, &found, in: context)
    }
    for leftFragment in fieldSets[leftFields].fragments where !exceedsBudget {
      for rightFragment in fieldSets[rightFields].fragments where !exceedsBudget {
        compareFragments(leftFragment, rightFragment, isExclusive: isExclusive, &found, in: context)
      }
    }
    return found.conflicts
  }

  /// One conflict of two fields, from those of what they select.
  private func combine(
    _ inner: [FieldConflict], below left: FieldInType, _ right: FieldInType
  ) -> FieldConflict {
    var reason = ""
    for conflict in inner where reason.utf8.count < Self.maximumReasonLength {
      if !reason.isEmpty { reason += " and " }
      reason += "subfields \"\(conflict.responseKey)\" conflict because \(conflict.reason)"
    }
    return FieldConflict(
      responseKey: left.node.responseKey, reason: reason,
      left: [left.node.node.index] + inner.lazy.flatMap(\.left).prefix(Self.maximumFields),
      right: [right.node.node.index] + inner.lazy.flatMap(\.right).prefix(Self.maximumFields))
  }

  // MARK: Collecting

  private mutating func fieldSet(ofFragment fragment: Int, in context: borrowing ValidationContext) -> Int {
    let record = context.fragments[fragment]
    let set = TypedSelectionSet(node: record.node.selectionSet.node.index, type: record.type)
    return fieldSet(of: set, in: context)
  }

  private mutating func fieldSet(of set: TypedSelectionSet, in context: borrowing ValidationContext) -> Int {
    if let known = fieldSetOfSelectionSet[set.node] { return known }
    fieldSets.append(FieldSet(collecting: set, in: context))
    fieldSetOfSelectionSet[set.node] = fieldSets.count - 1
    return fieldSets.count - 1
  }
}

/// Conflicts up to a number; further ones are not looked for.
private struct FieldConflicts {
  let capacity: Int
  private(set) var conflicts: [FieldConflict] = []

  init(capacity: Int) { self.capacity = capacity }

  var isFull: Bool { conflicts.count >= capacity }

  mutating func append(_ conflict: FieldConflict) { conflicts.append(conflict) }
}

/// A field, the type it is selected on and its own type, where they are known.
private struct FieldInType {
  let node: FieldNode
  let parent: TypeID?
  let type: TypeReference?
}

/// The fields of a selection set by response key, inline fragments replaced, and the fragments that it
/// spreads.
private struct FieldSet {
  private(set) var groups: [[FieldInType]] = []
  private(set) var fragments: [Int] = []
  private var groupOfKey: [SyntaxName: Int] = [:]

  init(collecting set: TypedSelectionSet, in context: borrowing ValidationContext) {
    let first = SelectionSetNode(context.node(set.node)).selections.first
    var pending = [(node: first, type: set.type)]
    var isSpread: Set<Int> = []
    while let (index, type) = pending.popLast() {
      guard index != 0 else { continue }
      let selection = SelectionNode(context.node(index))
      pending.append((selection.node.next, type))
      switch selection.kind {
      case .field: insert(selection.asField, parent: type, in: context)
      case .inlineFragment:
        let fragment = selection.asInlineFragment
        let condition = fragment.typeCondition?.name
        let innerType = condition.map { context.compositeType(named: $0) } ?? type
        pending.append((fragment.selectionSet.selections.first, innerType))
      default:
        guard let fragment = context.fragment(named: selection.asFragmentSpread.name),
          isSpread.insert(fragment).inserted
        else { continue }
        fragments.append(fragment)
      }
    }
  }

  func group(named key: SyntaxName) -> Int? { groupOfKey[key] }

  private mutating func insert(_ node: FieldNode, parent: TypeID?, in context: borrowing ValidationContext) {
    let field = FieldInType(node: node, parent: parent, type: context.type(of: node, in: parent))
    if let group = groupOfKey[node.responseKey] {
      groups[group].append(field)
    } else {
      groupOfKey[node.responseKey] = groups.count
      groups.append([field])
    }
  }
}

/// Pairs that were compared. Compared as exclusive alone, a pair must be compared again when it is not.
private struct ComparedPairs {
  private var isExclusiveByPair: [UInt64: Bool] = [:]

  /// Enters a pair; false when it was compared before.
  mutating func insert(_ left: Int, _ right: Int, isExclusive: Bool) -> Bool {
    let key = UInt64(left) << 32 | UInt64(right)
    if let known = isExclusiveByPair[key], isExclusive || !known { return false }
    isExclusiveByPair[key] = isExclusive
    return true
  }
}
