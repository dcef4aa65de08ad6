/// § 5.5.2.1 Fragment Spread Target Defined (graphql-js: KnownFragmentNamesRule).
enum KnownFragmentNamesRule {
  /// Reports a spread of a fragment that the document does not define.
  static func report(_ spread: FragmentSpreadNode, in context: inout ValidationContext) {
    guard context.rules.contains(.knownFragmentNames) else { return }
    context.report(
      .knownFragmentNames, "Unknown fragment \"\(spread.name)\".", atOffsets: [spread.name.start])
  }
}
