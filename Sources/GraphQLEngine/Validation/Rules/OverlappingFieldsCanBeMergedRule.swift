/// § 5.3.2 Field Selection Merging (graphql-js: OverlappingFieldsCanBeMergedRule).
///
/// Fields of one response key must be the same field with the same arguments, unless their parents are
/// different object types, and their answers must have the same shape. Two passes:
///
/// 1. `FieldMergeCheck` decides, for each selection set, whether all its fields merge. It groups fields by
///    response key and compares each with one representative, so 10,000 repetitions of a field cost 10,000
///    steps.
/// 2. Only where it found a conflict, `FieldConflictSearch` compares pairs in graphql-js's order, for its
///    messages.
enum OverlappingFieldsCanBeMergedRule {
  static func check(in context: inout ValidationContext) {
    guard context.rules.contains(.overlappingFieldsCanBeMerged), !context.exceedsFragmentLimits else {
      return
    }
    // With cycles there is no finite set of merged fields; only pairs can be compared.
    guard !context.hasFragmentCycle else {
      report(Array(context.selectionSets), in: &context)
      return
    }
    var check = FieldMergeCheck(in: context)
    var conflicting: Set<Int> = []
    // Fragments last: most were checked by then as a part of the sets that spread them.
    for isFragment in [false, true] {
      for index in context.selectionSets.indices {
        let set = context.selectionSets[index]
        guard (set.fragment != nil) == isFragment else { continue }
        if check.findConflict(in: set, &context) { conflicting.insert(index) }
        if check.exceedsBudget {
          reportExceeded(at: set, in: &context)
          return
        }
      }
    }
    guard !conflicting.isEmpty else { return }
    // graphql-js reports a conflict in a fragment for the fragment; one in an inline fragment for the set
    // around too.
    let sets = context.selectionSets.indices.filter {
      conflicting.contains($0) || check.skips(context.selectionSets[$0])
    }
    report(sets.map { context.selectionSets[$0] }, in: &context)
  }

  private static func report(_ sets: [TypedSelectionSet], in context: inout ValidationContext) {
    let errorCount = context.errors.count
    var search = FieldConflictSearch(comparisons: context.limits.mergeComparisons)
    for set in sets {
      for conflict in search.conflicts(within: set, in: context) {
        context.report(
          .overlappingFieldsCanBeMerged,
          "Fields \"\(conflict.responseKey)\" conflict because \(conflict.reason). "
            + "Use different aliases on the fields to fetch both if this was intentional.",
          atOffsets: (conflict.left + conflict.right).map { context.node($0).start })
      }
      if context.errors.isFull { return }
      if search.exceedsBudget {
        reportExceeded(at: set, in: &context)
        return
      }
    }
    // The pairs that graphql-js remembers as compared can hide a conflict; it must not be accepted.
    guard context.errors.count == errorCount, !context.hasFragmentCycle, let set = sets.first else { return }
    context.report(
      .overlappingFieldsCanBeMerged, "Fields of this selection set conflict.", at: context.node(set.node))
  }

  private static func reportExceeded(at set: TypedSelectionSet, in context: inout ValidationContext) {
    context.reportExceeded(
      .mergeComparisons, limit: context.limits.mergeComparisons, at: context.node(set.node))
  }
}
