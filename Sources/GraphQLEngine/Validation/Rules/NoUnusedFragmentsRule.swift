/// § 5.5.1.4 Fragments Must Be Used (graphql-js: NoUnusedFragmentsRule).
enum NoUnusedFragmentsRule {
  /// Runs once all operations' fragments are followed. Of two fragments with a name, both count as used.
  static func check(in context: inout ValidationContext) {
    guard context.rules.contains(.noUnusedFragments), !context.exceedsFragmentLimits else { return }
    for fragment in context.fragments where !fragment.isUsed {
      if let last = context.fragment(named: fragment.name), context.fragments[last].isUsed { continue }
      context.report(
        .noUnusedFragments, "Fragment \"\(fragment.name)\" is never used.", at: fragment.node.node)
    }
  }
}
