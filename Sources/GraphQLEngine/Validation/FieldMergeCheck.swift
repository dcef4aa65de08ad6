/// Decides whether the fields of selection sets can be merged (§ 5.3.2 FieldsInSetCanMerge), without
/// comparing pairs.
///
/// Being mergeable is an equivalence: with the same name and arguments for fields whose parents may overlap,
/// and with the same shape for all. So each field of a group is compared with one representative only. What
/// the fields of a group select is merged to one set in turn and checked the same way, from a list of sets
/// still to be checked.
struct FieldMergeCheck {
  /// A field of a merged set; the fields of a response key are linked in the order in which they were found.
  private struct Entry {
    let field: UInt32
    let parent: TypeID?
    /// The next field of the group, or -1.
    var next: Int
    /// The last field of the group; kept up to date in its first field only.
    var last: Int
  }

  /// Selection sets whose fields are merged with each other.
  private struct MergedSet {
    let members: ScratchRange
    /// Whether the sets' parents exclude each other, so that only shapes count.
    let isExclusive: Bool
  }

  private var entries: ScratchList<Entry>
  /// The first entries of groups with several fields.
  private var groups: ScratchList<Int>
  private var members: ScratchList<TypedSelectionSet>
  private var pending: ScratchList<MergedSet>
  private var expansion: ScratchList<TypedSelection>
  private var keys: ResponseKeySet
  /// Fragments whose outermost fields were checked as a part of another set.
  private var isCovered: ScratchList<Bool>
  private var comparisonsLeft: Int

  /// Whether `ValidationLimits.mergeComparisons` is spent.
  var exceedsBudget: Bool { comparisonsLeft < 0 }

  init(in context: borrowing ValidationContext) {
    entries = ScratchList(in: context.arena)
    groups = ScratchList(in: context.arena)
    members = ScratchList(in: context.arena)
    pending = ScratchList(in: context.arena)
    expansion = ScratchList(in: context.arena)
    keys = ResponseKeySet(in: context.arena)
    isCovered = ScratchList(repeating: false, count: context.fragments.count, in: context.arena)
    comparisonsLeft = context.limits.mergeComparisons
  }

  /// Whether `findConflict` did not look at a set of its own, because its fields were checked with another
  /// set.
  func skips(_ set: TypedSelectionSet) -> Bool {
    set.isInlineFragment || set.fragment.map { isCovered[$0] } ?? false
  }

  /// Whether fields of `set` conflict, with each other or in what they select together.
  mutating func findConflict(in set: TypedSelectionSet, _ context: inout ValidationContext) -> Bool {
    guard !skips(set), mayRepeatKeys(set, &context) else { return false }
    pending.removeAll()
    members.removeAll()
    members.append(set)
    collect(ScratchRange(upperBound: 1), isFirst: true, &context)
    var merged = MergedSet(members: ScratchRange(upperBound: 1), isExclusive: false)
    while true {
      for group in groups where !merge(group, of: merged, in: context) { return true }
      guard let next = pending.popLast(), !exceedsBudget else { break }
      merged = next
      collect(merged.members, isFirst: false, &context)
    }
    return false
  }

  /// Whether a response key may occur twice among the fields of a set, fragments replaced. Where none does,
  /// there is nothing to merge; that answer takes from the budget what `collect` would take.
  private mutating func mayRepeatKeys(
    _ set: TypedSelectionSet, _ context: inout ValidationContext
  ) -> Bool {
    let budget = comparisonsLeft
    let first = SelectionSetNode(context.node(set.node)).selections.first
    guard first != 0 else { return false }
    let only = context.node(first)
    if only.kind == .field, only.next == 0 { return false }
    keys.removeAll()
    context.visit += 1
    expansion.removeAll()
    var rest = TypedSelection(node: first, type: nil, isFree: true)
    while true {
      guard rest.node != 0 else {
        guard let outer = expansion.popLast() else { return false }
        rest = outer
        continue
      }
      let selection = SelectionNode(context.node(rest.node))
      rest.node = selection.node.next
      if selection.kind == .field {
        if !rest.isFree { comparisonsLeft -= 1 }
        guard keys.insert(selection.asField.responseKey) else { break }
      } else if let inner = contents(of: selection, isFree: rest.isFree, isFirst: true, &context) {
        expansion.append(rest)
        rest = inner
      }
    }
    comparisonsLeft = budget
    return true
  }

  /// The selections of a fragment; nil for an unknown one, or one that was entered before.
  @inline(__always)
  private mutating func contents(
    of selection: SelectionNode, isFree: Bool, isFirst: Bool, _ context: inout ValidationContext
  ) -> TypedSelection? {
    guard selection.kind != .inlineFragment else {
      let first = selection.asInlineFragment.selectionSet.selections.first
      return TypedSelection(node: first, type: nil, isFree: isFree)
    }
    guard let index = context.fragment(named: selection.asFragmentSpread.name),
      context.fragments[index].visit != context.visit
    else { return nil }
    context.fragments[index].visit = context.visit
    if isFirst { isCovered[index] = true }
    comparisonsLeft -= 1
    let fragment = context.fragments[index]
    let first = fragment.node.selectionSet.selections.first
    return TypedSelection(node: first, type: fragment.type, isFree: false)
  }

  // MARK: Collecting

  /// Fills `entries` with the fields of sets, fragments replaced, and `groups` with the repeated response
  /// keys.
  private mutating func collect(
    _ range: ScratchRange, isFirst: Bool, _ context: inout ValidationContext
  ) {
    entries.removeAll()
    groups.removeAll()
    expansion.removeAll()
    context.names.removeAll()
    context.visit += 1
    for member in range.indices {
      let set = SelectionSetNode(context.node(members[member].node))
      expansion.append(
        TypedSelection(node: set.selections.first, type: members[member].type, isFree: isFirst))
      while let selection = expansion.popLast() {
        collect(selection, isFirst: isFirst, &context)
      }
    }
  }

  /// Collects one selection and puts the rest of its set back.
  private mutating func collect(
    _ selection: TypedSelection, isFirst: Bool, _ context: inout ValidationContext
  ) {
    guard selection.node != 0 else { return }
    let node = SelectionNode(context.node(selection.node))
    let rest = TypedSelection(node: node.node.next, type: selection.type, isFree: selection.isFree)
    expansion.append(rest)
    guard node.kind != .field else {
      if !selection.isFree { comparisonsLeft -= 1 }
      insert(node.asField, parent: selection.type, &context)
      return
    }
    guard var inner = contents(of: node, isFree: selection.isFree, isFirst: isFirst, &context) else {
      return
    }
    if node.kind == .inlineFragment {
      let condition = node.asInlineFragment.typeCondition
      inner.type = condition.map { context.compositeType(named: $0.name) } ?? selection.type
    }
    expansion.append(inner)
  }

  private mutating func insert(
    _ field: FieldNode, parent: TypeID?, _ context: inout ValidationContext
  ) {
    let index = entries.count
    entries.append(Entry(field: field.node.index, parent: parent, next: -1, last: index))
    guard let known = context.names.insert(field.responseKey, value: UInt32(index)) else { return }
    let first = Int(known)
    let last = entries[first].last
    if last == first { groups.append(first) }
    entries[last].next = index
    entries[first].last = index
  }

  // MARK: Merging

  /// Compares the fields of a group and lists what they select for a later check; false when they conflict.
  private mutating func merge(_ group: Int, of set: MergedSet, in context: borrowing ValidationContext)
    -> Bool
  {
    if areAlikeLeaves(group, in: context) { return true }
    let parents = GroupByParent(entries: indices(of: group).map { ($0, entries[$0].parent) }, in: context)
    guard haveSameShape(parents.all, in: context) else { return false }
    if set.isExclusive {
      mergeSelections(of: parents.all, isExclusive: true, in: context)
      return true
    }
    if parents.runs.count <= 1 || !parents.others.isEmpty {
      // One parent, or one that may overlap all others: every field must be the same.
      guard areSame(parents.all, in: context) else { return false }
    } else {
      for run in parents.runs where !areSame(run, in: context) { return false }
    }
    guard parents.runs.count > 1 else {
      mergeSelections(of: parents.all, isExclusive: false, in: context)
      return true
    }
    for run in parents.runs {
      mergeSelections(of: run + parents.others, isExclusive: false, in: context)
    }
    mergeSelections(of: parents.all, isExclusive: true, in: context)
    return true
  }

  /// Whether the fields of a group are the same leaf without arguments and directives, of one type wherever
  /// they are selected: the most frequent group, for which the parents need not be looked at.
  private mutating func areAlikeLeaves(_ group: Int, in context: borrowing ValidationContext) -> Bool {
    let first = FieldNode(context.node(entries[group].field))
    let type = context.type(of: first, in: entries[group].parent)
    var count = 0
    var index = group
    while index >= 0 {
      let field = FieldNode(context.node(entries[index].field))
      guard field.selectionSet == nil, field.arguments.isEmpty, field.directives.isEmpty,
        field.name.equals(first.name), context.type(of: field, in: entries[index].parent) == type
      else { return false }
      count += 1
      index = entries[index].next
    }
    comparisonsLeft -= count
    return true
  }

  private mutating func indices(of group: Int) -> [Int] {
    var result: [Int] = []
    var index = group
    while index >= 0 {
      result.append(index)
      index = entries[index].next
    }
    comparisonsLeft -= result.count
    return result
  }

  /// Whether fields have the same name and arguments as the first of them.
  private mutating func areSame(_ fields: [Int], in context: borrowing ValidationContext) -> Bool {
    let first = FieldNode(context.node(entries[fields[0]].field))
    for index in fields.dropFirst() where !exceedsBudget {
      comparisonsLeft -= 1
      let field = FieldNode(context.node(entries[index].field))
      guard first.name == field.name,
        haveSameArguments(first.arguments, field.arguments, stepsLeft: &comparisonsLeft)
      else { return false }
    }
    return true
  }

  /// § 5.3.2 SameResponseShape and SameStreamDirective for fields, below their selection sets.
  private mutating func haveSameShape(_ fields: [Int], in context: borrowing ValidationContext) -> Bool {
    let first = FieldNode(context.node(entries[fields[0]].field))
    var shape: TypeReference?
    for index in fields {
      let field = FieldNode(context.node(entries[index].field))
      if !context.haveSameStream(first, field, stepsLeft: &comparisonsLeft) { return false }
      guard let type = context.type(of: field, in: entries[index].parent) else { continue }
      guard let known = shape else {
        shape = type
        continue
      }
      if context.schema.haveConflictingShapes(known, type) { return false }
    }
    return true
  }

  /// Lists the selection sets of fields, to be merged with each other.
  private mutating func mergeSelections(
    of fields: [Int], isExclusive: Bool, in context: borrowing ValidationContext
  ) {
    let start = members.count
    for index in fields where !exceedsBudget {
      comparisonsLeft -= 1
      let field = FieldNode(context.node(entries[index].field))
      guard let set = field.selectionSet else { continue }
      let type = context.type(of: field, in: entries[index].parent)?.namedType
      members.append(TypedSelectionSet(node: set.node.index, type: type))
    }
    if members.count - start > 1 {
      let range = ScratchRange(lowerBound: start, upperBound: members.count)
      pending.append(MergedSet(members: range, isExclusive: isExclusive))
    } else {
      members.truncate(to: start)
    }
  }
}

/// The fields of a response key by the object type they are selected on.
private struct GroupByParent {
  let all: [Int]
  /// The fields of each object type.
  private(set) var runs: [[Int]] = []
  /// The fields whose parent is abstract or unknown, and may overlap the others.
  private(set) var others: [Int] = []

  init(entries: [(index: Int, parent: TypeID?)], in context: borrowing ValidationContext) {
    all = entries.map(\.index)
    var objects: [(index: Int, parent: UInt32)] = []
    for (index, parent) in entries {
      if let parent, context.isObject(parent) {
        objects.append((index, parent.rawValue))
      } else {
        others.append(index)
      }
    }
    objects.sort { $0.parent != $1.parent ? $0.parent < $1.parent : $0.index < $1.index }
    var last: UInt32?
    for (index, parent) in objects {
      if parent == last {
        runs[runs.count - 1].append(index)
      } else {
        runs.append([index])
        last = parent
      }
    }
  }
}

/// The rest of a selection set: its next selection, and the type it selects from.
private struct TypedSelection {
  var node: UInt32
  var type: TypeID?
  /// Whether its fields take nothing from the budget: the first look at a set's own fields is linear in the
  /// document.
  let isFree: Bool
}

extension ValidationContext {
  /// The composite type with a name.
  func compositeType(named name: SyntaxName) -> TypeID? {
    schema.type(named: name).flatMap { schema[$0].kind.isComposite ? $0 : nil }
  }

  @inline(__always)
  func isObject(_ type: TypeID?) -> Bool { type.map { schema[$0].kind == .object } ?? false }

  /// The type of a field selected on `parent`, when both are known.
  func type(of field: FieldNode, in parent: TypeID?) -> TypeReference? {
    guard let parent, let id = schema.field(named: field.name, in: parent) else { return nil }
    return schema[id].type
  }

  /// Whether two fields are streamed alike: both not, or both with the same arguments.
  func haveSameStream(_ left: FieldNode, _ right: FieldNode, stepsLeft: inout Int) -> Bool {
    guard streamDirective != nil, left != right else { return true }
    let leftStream = left.directives.first { $0.name == "stream" }
    let rightStream = right.directives.first { $0.name == "stream" }
    guard let leftStream, let rightStream else { return leftStream == nil && rightStream == nil }
    return haveSameArguments(leftStream.arguments, rightStream.arguments, stepsLeft: &stepsLeft)
  }
}

extension Schema {
  /// Whether values of two types cannot stand at the same place of a response: lists and non-nulls must
  /// agree, and leaves be of one type. Composite types are compared by what is selected from them (§ 5.3.2
  /// SameResponseShape).
  func haveConflictingShapes(_ left: TypeReference, _ right: TypeReference) -> Bool {
    if left == right { return false }
    let wrappers: UInt64 = 0xFF_FFFF_FFFF
    if left.rawValue & wrappers != right.rawValue & wrappers { return true }
    return self[left.namedType].kind.isLeaf || self[right.namedType].kind.isLeaf
  }
}
